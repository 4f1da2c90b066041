//! Objects that were put but are not yet durable: files in `incoming/`, moved to their names by a sync.
//!
//! A file reaches its name only after its bytes are on the disk, so whatever bears a digest's name is whole, even after
//! a power failure. Each handle that stages holds a shared lock on `incoming/lock`; whoever gets it exclusively knows
//! that every other file in `incoming/` is left over from a process that died. A staged file is called
//! `DIGEST.ENDING.SUFFIX`, so that what a killed process had received whole can be staged again: [`Staging::recover`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::model::raw::Digest;
use rayon::prelude::*;
use tempfile::{NamedTempFile, TempPath};

use super::object::Form;
use super::{Error, Result};
use crate::folder;

/// Zstandard level. What is large comes compressed; what we compress is kept for ever, so the better ratio of 3 is
/// worth its time against 1.
const LEVEL: i32 = 3;

/// The staged objects of one handle.
pub(super) struct Staging {
    archive: PathBuf,
    incoming: PathBuf,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    lock: Option<File>,
    files: BTreeMap<Digest, (TempPath, Form)>,
}

impl Staging {
    /// Opens the staging folder of `archive` and removes what a dead process left in it.
    pub(super) fn open(archive: &Path) -> Result<Self> {
        let incoming = archive.join("incoming");
        fs::create_dir_all(&incoming).map_err(|source| Error::storing(&incoming, source))?;
        let staging = Self { archive: archive.to_owned(), incoming, held: Mutex::default() };
        staging.remove_leftovers();
        Ok(staging)
    }

    /// Where a staged object's bytes lie, and in which form.
    pub(super) fn find(&self, digest: &Digest) -> Option<(PathBuf, Form)> {
        self.held().files.get(digest).map(|(path, form)| (path.to_path_buf(), *form))
    }

    /// An empty file for an object that is on its way.
    pub(super) fn begin(&self, form: Form, size: Option<u64>) -> Result<Arriving> {
        self.hold_lock()?;
        let storing = |source| Error::storing(&self.incoming, source);
        let file = NamedTempFile::new_in(&self.incoming).map_err(storing)?;
        let (file, path) = file.into_parts();
        let bytes = match form {
            Form::Raw => Sink::Raw(BufWriter::with_capacity(1 << 17, file)),
            Form::Zstd => {
                let mut encoder = zstd::Encoder::new(file, LEVEL).map_err(storing)?;
                encoder.set_pledged_src_size(size).map_err(storing)?;
                Sink::Zstd(encoder)
            }
        };
        Ok(Arriving { path, form, bytes })
    }

    /// Takes in an object whose bytes are all there. A second copy of the same bytes is dropped.
    pub(super) fn accept(&self, digest: Digest, arrived: Arriving) -> Result<()> {
        let Arriving { path, form, bytes } = arrived;
        let finished = match bytes {
            Sink::Raw(mut out) => out.flush(),
            Sink::Zstd(encoder) => encoder.finish().map(drop),
        };
        let suffix = path.file_name().unwrap_or_default().to_string_lossy().trim_start_matches('.').to_owned();
        let named = self.incoming.join(format!("{digest}.{}.{suffix}", form.ending()));
        let renamed = finished.and_then(|()| fs::rename(&path, &named));
        renamed.map_err(|source| Error::storing(&form.path(&self.archive, &digest), source))?;
        let mut unnamed = path;
        unnamed.disable_cleanup(true);
        let path = TempPath::try_from_path(&named).map_err(|source| Error::storing(&named, source))?;
        self.held().files.entry(digest).or_insert((path, form));
        Ok(())
    }

    /// Stages again what a process that died had staged, as far as it is whole; removes the rest. Returns how many that are.
    pub(super) fn recover(&self) -> Result<u64> {
        let path = self.incoming.join(LOCK);
        let lock = lock_file(&path).map_err(|source| Error::storing(&path, source))?;
        if lock.try_lock().is_err() {
            return Ok(0);
        }
        let mut recovered = 0;
        for entry in fs::read_dir(&self.incoming).into_iter().flatten().flatten() {
            let path = entry.path();
            let Some((digest, form)) = staged(&path) else { continue };
            // Dropped, the file is removed: after a power failure its bytes may not have reached the disk.
            let Ok(file) = TempPath::try_from_path(&path) else { continue };
            if super::verify::drain(&path, form, digest).is_ok() {
                self.held().files.entry(digest).or_insert((file, form));
                recovered += 1;
            }
        }
        drop(lock);
        if recovered > 0 {
            self.hold_lock()?;
        }
        Ok(recovered)
    }

    /// Makes every staged object durable under its name. What failed stays staged.
    pub(super) fn sync(&self) -> Result<()> {
        let mut held = self.held();
        held.files.par_iter().try_for_each(|(_, (path, _))| {
            let file = OpenOptions::new().write(true).open(path);
            file.and_then(|file| file.sync_all()).map_err(|source| Error::storing(path, source))
        })?;
        let mut folders = BTreeSet::new();
        while let Some(entry) = held.files.first_entry() {
            let (path, form) = entry.get();
            let target = form.path(&self.archive, entry.key());
            let folder = target.parent().expect("an object's path has a folder").to_owned();
            let moved = fs::create_dir_all(&folder).and_then(|()| fs::rename(path, &target));
            moved.map_err(|source| Error::storing(&target, source))?;
            let (mut path, _) = entry.remove();
            // Its name is free: nothing is left there to remove.
            path.disable_cleanup(true);
            folders.insert(folder);
        }
        if !folders.is_empty() {
            folders.insert(self.archive.clone());
        }
        folders.par_iter().try_for_each(|path| folder::sync(path).map_err(|source| Error::storing(path, source)))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // The map is changed by single calls only, so it is whole even after a panic elsewhere.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold_lock(&self) -> Result<()> {
        let mut held = self.held();
        if held.lock.is_none() {
            let path = self.incoming.join(LOCK);
            let lock = lock_file(&path).and_then(|file| file.lock_shared().map(|()| file));
            held.lock = Some(lock.map_err(|source| Error::storing(&path, source))?);
        }
        Ok(())
    }

    /// Best effort: an archive on a read-only disk can still be read.
    fn remove_leftovers(&self) {
        let Ok(lock) = lock_file(&self.incoming.join(LOCK)) else { return };
        if lock.try_lock().is_err() {
            return;
        }
        for entry in fs::read_dir(&self.incoming).into_iter().flatten().flatten() {
            if entry.file_name() != LOCK && staged(&entry.path()).is_none() {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Digest and form of a file that was staged whole, by its name.
fn staged(path: &Path) -> Option<(Digest, Form)> {
    let mut parts = path.file_name()?.to_str()?.splitn(3, '.');
    let (digest, ending) = (parts.next()?.parse().ok()?, parts.next()?);
    parts.next()?;
    Some((digest, Form::ALL.into_iter().find(|form| form.ending() == ending)?))
}

/// Name of the lock file inside `incoming/`.
const LOCK: &str = "lock";

fn lock_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

/// An object that is being written. Dropped, its file is removed.
pub(super) struct Arriving {
    path: TempPath,
    form: Form,
    bytes: Sink,
}

enum Sink {
    Raw(BufWriter<File>),
    Zstd(zstd::Encoder<'static, File>),
}

impl Arriving {
    /// Appends original bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = match &mut self.bytes {
            Sink::Raw(out) => out.write_all(bytes),
            Sink::Zstd(encoder) => encoder.write_all(bytes),
        };
        written.map_err(|source| Error::storing(&self.path, source))
    }
}
