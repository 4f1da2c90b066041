//! Numbers of files that writers of this process are writing, so that several can write beside each other.
//!
//! A file bears its final name from the beginning. Until a commit names it in `CURRENT`, only its number here keeps another
//! writer from removing it as a stray; numbers of a killed process are gone with it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

#[derive(Default)]
struct InUse {
    last: u64,
    numbers: BTreeSet<u64>,
}

static FOLDERS: LazyLock<Mutex<HashMap<PathBuf, InUse>>> = LazyLock::new(Mutex::default);

static COMMITTING: Mutex<()> = Mutex::new(());

/// Held while a generation is read, replaced or cleaned up: one at a time.
pub(super) fn one_at_a_time() -> MutexGuard<'static, ()> {
    COMMITTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Numbers that one writer has taken; free again when dropped.
pub(super) struct Numbers {
    folder: PathBuf,
    taken: BTreeSet<u64>,
}

impl Numbers {
    /// None taken yet.
    pub(super) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), taken: BTreeSet::new() }
    }

    /// A number above `last` that nobody has.
    pub(super) fn take(&mut self, last: u64) -> u64 {
        let mut folders = folders();
        let in_use = folders.entry(self.folder.clone()).or_default();
        in_use.last = in_use.last.max(last) + 1;
        in_use.numbers.insert(in_use.last);
        self.taken.insert(in_use.last);
        in_use.last
    }

    /// The largest that was taken.
    pub(super) fn largest(&self) -> Option<u64> {
        self.taken.last().copied()
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        if let Some(in_use) = folders().get_mut(&self.folder) {
            in_use.numbers.retain(|number| !self.taken.contains(number));
        }
    }
}

/// Whether a writer of this process is writing a file of that number.
pub(super) fn is_in_use(folder: &Path, number: u64) -> bool {
    folders().get(folder).is_some_and(|in_use| in_use.numbers.contains(&number))
}

fn folders() -> MutexGuard<'static, HashMap<PathBuf, InUse>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}
