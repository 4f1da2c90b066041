//! What the use cases cannot do, each with the facts to act on it.

use std::path::PathBuf;

use crate::config::fault::ConfigFault;
use crate::people::PersonError;

/// Result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case could not be carried out. Messages fit "could not {…}".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration file is wrong.
    #[error(transparent)]
    Config(#[from] ConfigFault),
    /// A person may not do this.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// A rule of the records refuses it, or they cannot be read or written.
    #[error(transparent)]
    Records(#[from] store::records::Error),
    /// The archive cannot be read or written.
    #[error(transparent)]
    Archive(#[from] store::archive::Error),
    /// The knowledge cannot be read or written.
    #[error(transparent)]
    Knowledge(#[from] store::knowledge::Error),
    /// A file cannot be read or written.
    #[error("{doing} {}", path.display())]
    File {
        /// What was tried: `read`, `write`, `make the folder`.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The SBOM is not readable.
    #[error("read the SBOM {file}: {reason}")]
    Sbom {
        /// Which file.
        file: String,
        /// Place and reason.
        reason: String,
    },
    /// The period of a review is impossible.
    #[error(transparent)]
    Period(#[from] domain::review::period::InvalidPeriod),
    /// The pages of a record cannot be set.
    #[error(transparent)]
    Pages(#[from] typeset::SetError),
    /// Another program is at work on the workspace; in words.
    #[error("{0}")]
    Busy(String),
    /// Anything a user asked for that does not exist or does not fit, in words.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    /// A file error.
    pub(crate) fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }

    /// A refusal in words.
    pub(crate) fn refused(words: impl Into<String>) -> Self {
        Self::Refused(words.into())
    }
}

impl From<standards::canonical_json::Error> for Error {
    fn from(error: standards::canonical_json::Error) -> Self {
        Self::Refused(format!("write a record in canonical form: {error}"))
    }
}
