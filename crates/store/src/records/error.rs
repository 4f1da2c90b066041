//! Why records could not be read or written.

use std::path::PathBuf;

use domain::model::raw::Digest;
use standards::canonical_json;
use standards::tlog::{checkpoint, note};

use super::refusal::Refusal;

/// What the records answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the records could not do. Nothing is half done: a failed append leaves the journal and every table as they were.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A rule that never bends.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No store in the folder.
    #[error("find the records at {}: no such file", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A store is there already.
    #[error("create records at {}: there are some already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The store was never finished, or is none.
    #[error("read the records' identity: the file is no finished store")]
    NoIdentity,
    /// The key is not the one whose public half the store knows.
    #[error("sign tree heads as {given}: this journal is signed by {needed}")]
    WrongKey {
        /// Verifier key of the key given.
        given: String,
        /// Verifier key of the journal.
        needed: String,
    },
    /// Opened without a key, or as a view of the past.
    #[error("write to the journal: it was opened for reading only")]
    ReadOnly,
    /// A newer program made the store.
    #[error("open records with {found} migrations: this program knows {known}")]
    Newer {
        /// Migrations in the store.
        found: usize,
        /// Migrations in the program.
        known: usize,
    },
    /// A migration in the store is not the program's.
    #[error("open records: migration {number} in them is another than this program's {name}")]
    Migration {
        /// Its number.
        number: i64,
        /// Its name in the program.
        name: &'static str,
    },
    /// The tables were written by another version of the projection.
    #[error("use tables written by projection {found}: this program needs {needed}; build them anew from the journal")]
    Projection {
        /// Version in the store.
        found: i64,
        /// Version of the program.
        needed: i64,
    },
    /// The disk is full.
    #[error("write the records: the disk is full; nothing was changed")]
    DiskFull,
    /// Another process is writing.
    #[error("write the records: another process is writing to them")]
    Busy,
    /// The file is damaged.
    #[error("read the records: the file is damaged or no database")]
    Damaged(#[source] rusqlite::Error),
    /// Anything else that SQLite says.
    #[error("use the records database")]
    Database(#[source] rusqlite::Error),
    /// An archived object that an entry names cannot be read.
    #[error("read the archived object {digest}")]
    Blob {
        /// Its digest.
        digest: Digest,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An archived object is not what the entry says.
    #[error("read the archived object {digest} as {what}")]
    Content {
        /// Its digest.
        digest: Digest,
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        source: serde_json::Error,
    },
    /// The bytes of an archived object are others than its name says.
    #[error("use the archived object {digest}: its bytes have another digest")]
    WrongBytes {
        /// Its digest.
        digest: Digest,
    },
    /// A stored text cannot be read back.
    #[error("read a stored value as {what}")]
    Stored {
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        source: serde_json::Error,
    },
    /// Tables and journal do not fit together; `journal verify` says where.
    #[error("read the records: {0}; verify the journal")]
    Inconsistent(String),
    /// A value without canonical form.
    #[error(transparent)]
    Canonical(#[from] canonical_json::Error),
    /// A name or key that cannot sign.
    #[error(transparent)]
    Note(#[from] note::Error),
    /// A tree head that cannot be signed or read.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(error),
            _ => Self::Database(error),
        }
    }
}
