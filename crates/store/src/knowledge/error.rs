//! Why knowledge could not be read or written.

use std::io;
use std::path::{Path, PathBuf};

/// What the knowledge could not do. The operating system's words are the `source`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none. It is never taken for empty knowledge, because that would answer "nothing applies".
    #[error("open the knowledge in {}: it has not been built", folder.display())]
    Absent {
        /// The folder.
        folder: PathBuf,
    },
    /// There is some already.
    #[error("create knowledge in {}: there is some already", folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// Another writer committed one of the same records since this one began.
    #[error("write knowledge in {}: generation {on_disk} changed records of generation {opened} that this one changes, too", folder.display())]
    Outdated {
        /// The folder.
        folder: PathBuf,
        /// The generation that the writer began on.
        opened: u64,
        /// The generation on the disk.
        on_disk: u64,
    },
    /// A file cannot be read.
    #[error("read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The disk is full.
    #[error("write {}: no space left on the disk", path.display())]
    NoSpace {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a program with another format: rebuild the knowledge.
    #[error("read {}: it has format {found}, this program reads format {known}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A file is not as it was written: rebuild the knowledge.
    #[error("read {0}")]
    Damaged(#[from] Damage),
    /// More than a segment can number.
    #[error("write {}: more than 4294967295 entries in one segment", path.display())]
    TooMany {
        /// The file.
        path: PathBuf,
    },
}

/// Where a file is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{}, section {section}: {reason}", path.display())]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// The section, `directory` for the file's own table of contents.
    pub section: &'static str,
    /// What is wrong.
    pub reason: String,
}

/// What the knowledge answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Damage {
    pub(super) fn new(path: &Path, section: &'static str, reason: impl Into<String>) -> Self {
        Self { path: path.to_owned(), section, reason: reason.into() }
    }
}

impl Error {
    pub(super) fn reading(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(super) fn writing(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace { path },
            _ => Self::Write { path, source },
        }
    }
}
