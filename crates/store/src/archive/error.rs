//! Why bytes could not be stored or read back.

use std::io;
use std::path::{Path, PathBuf};

use domain::model::raw::Digest;

/// What the archive could not do. Every variant names the path; the operating system's words are the `source`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full. Nothing half-written is left.
    #[error("store {}: no space left on the disk", path.display())]
    NoSpace {
        /// Where it was to be stored.
        path: PathBuf,
    },
    /// Writing failed for another reason.
    #[error("store {}", path.display())]
    Store {
        /// Where it was to be stored.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What was to be stored, or is stored, cannot be read.
    #[error("read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// No object of that digest is stored.
    #[error("read {digest} from {}: it is missing", archive.display())]
    Missing {
        /// The folder of the archive.
        archive: PathBuf,
        /// The digest asked for.
        digest: Digest,
    },
    /// The stored bytes are not the ones that were put in.
    #[error("read {}: its bytes do not match its name, their digest is {found}", path.display())]
    Mismatch {
        /// The stored file.
        path: PathBuf,
        /// The digest its bytes have now.
        found: Digest,
    },
    /// The stored file cannot be decompressed.
    #[error("read {}: it does not match its name, decompression fails", path.display())]
    Undecodable {
        /// The stored file.
        path: PathBuf,
        /// What the decompressor said.
        source: io::Error,
    },
}

impl Error {
    /// A failed write to `path`.
    pub(super) fn storing(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace { path },
            _ => Self::Store { path, source },
        }
    }

    /// A failed read of `path`; errors of our own that travelled through [`io::Read`] come back as they were.
    pub(super) fn reading(path: &Path, source: io::Error) -> Self {
        source.downcast::<Self>().unwrap_or_else(|source| Self::Read { path: path.to_owned(), source })
    }
}
