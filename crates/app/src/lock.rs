//! One program at a time writes to a workspace, and whoever comes second is told who is there.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use domain::clock::Clock;

use crate::error::{Error, Result};
use crate::workspace::CONFIG_FILE;

/// The lock on a workspace, held until dropped. A killed program loses it.
#[derive(Debug)]
pub struct Lock {
    /// Closed, it is free.
    _file: File,
}

impl Lock {
    /// Takes the lock for writing.
    ///
    /// # Errors
    /// [`Error::Busy`], which names who holds it: number of the process and since when.
    pub fn take(dir: &Path, clock: &dyn Clock) -> Result<Self> {
        Self::take_named(dir, "workspace.lock", ("write to", "is writing to it"), clock)
    }

    /// Takes the lock of the one service of a workspace.
    ///
    /// # Errors
    /// As [`Lock::take`].
    pub fn serve(dir: &Path, clock: &dyn Clock) -> Result<Self> {
        Self::take_named(dir, "serve.lock", ("serve", "serves it"), clock)
    }

    fn take_named(dir: &Path, name: &str, (doing, does): (&str, &str), clock: &dyn Clock) -> Result<Self> {
        let path = dir.join(name);
        if !dir.join(CONFIG_FILE).exists() {
            return Err(Error::refused(format!(
                "open the workspace {}: there is none; make one with `wardround init`",
                dir.display()
            )));
        }
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).clone();
        let mut file = options.open(&path).map_err(Error::file("make", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Where the holder has not written its name yet, the message does without.
                let _ = file.take(200).read_to_string(&mut holder);
                let holder = holder.lines().next().map(|line| format!(" ({line})")).unwrap_or_default();
                let dir = dir.display();
                return Err(Error::Busy(format!("{doing} the workspace {dir}: another wardround{holder} {does}")));
            }
            Err(TryLockError::Error(source)) => return Err(Error::File { doing: "lock", path, source }),
        }
        let since = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ");
        let text = format!("process {} since {since}\n", std::process::id());
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes()));
        written.map_err(Error::file("write", &path))?;
        Ok(Self { _file: file })
    }
}
