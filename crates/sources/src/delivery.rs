//! What passes between a source and whoever archives and takes in its documents: [`Sink`], [`Received`], [`End`].
//!
//! A source finds documents and hands over their bytes; it never reads what an advisory says. The sink archives the
//! bytes first and reads them afterwards, and tells the source what it found, so that the source can ask again.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::model::raw::Digest;
use domain::model::source::{Check, Exchange, FetchOutcome};
use domain::normalise::Format;
pub use domain::normalise::Page;
use jiff::Timestamp;

pub use crate::unpack::ArchiveKind;

/// Receives what a fetch brings.
pub trait Sink {
    /// Archives a document's bytes, then takes its records in.
    ///
    /// # Errors
    /// The document as a whole is unusable: truncated, another format, a count that disagrees. It is kept in the archive
    /// all the same, and the source asks for it again.
    fn take(&mut self, received: Received<'_>) -> Result<Taken, Unusable>;

    /// Keeps the record of an answer without content worth archiving: 304, a redirect, an error.
    fn note(&mut self, exchange: Exchange);

    /// Hears how far the fetch has come: `done` of `of`, counted in `what` (as in `advisories`).
    fn progress(&mut self, done: u64, of: Option<u64>, what: &str);

    /// How many records of the source are held, live or not, with what this fetch has brought: all of them, or those that
    /// their provider published from one instant to another, both included. None: the sink does not know.
    fn held(&mut self, published: Option<(Timestamp, Timestamp)>) -> Option<u64> {
        let _ = published;
        None
    }

    /// Whether a record of the source is held, live or not, with what this fetch has brought. None: the sink does not know.
    fn holds(&mut self, id: &str) -> Option<bool> {
        let _ = id;
        None
    }

    /// The bytes of a list or document that was handed over in this fetch or an earlier one; none if they are not at hand.
    fn recall(&mut self, object: &Digest) -> Option<Vec<u8>> {
        let _ = object;
        None
    }

    /// Hears that the provider took CSAF documents away, by their file names without folder (CSAF 2.0 section 5.1). Their
    /// records are gone when the fetch ends well. Returns the names under which no record is known.
    fn retract(&mut self, names: &BTreeSet<String>) -> Vec<String> {
        names.iter().cloned().collect()
    }

    /// When the fetch began, if it goes on where an earlier one was interrupted; none: it begins now.
    ///
    /// It is the fetch's present: windows end there, so that the same questions are asked again.
    fn began(&self) -> Option<Timestamp> {
        None
    }

    /// What the interrupted fetch received when it asked this, once for each time it asked.
    fn received_before(&mut self, _asked: &str) -> Option<Earlier> {
        None
    }

    /// Hears of an answer that was usable: should the fetch be interrupted, it need not be asked for again. Its bytes, if it
    /// has any, were handed over before.
    fn remember(&mut self, _answer: &Usable<'_>) {}

    /// Folder where the beginnings of archives may stay while the program does not run.
    fn beginnings(&self) -> Option<PathBuf> {
        None
    }
}

/// An answer of a fetch that was interrupted.
pub struct Earlier {
    /// As it was recorded.
    pub exchange: Exchange,
    /// Headers of the answer.
    pub headers: Vec<(String, String)>,
    /// Its bytes; none: unchanged (304).
    pub body: Option<Box<dyn Read>>,
}

/// An answer that was usable.
#[derive(Debug)]
pub struct Usable<'a> {
    /// What was asked.
    pub asked: &'a str,
    /// The exchange that brought it, without the object: the sink knows the digest.
    pub exchange: &'a Exchange,
    /// Headers of the answer.
    pub headers: Vec<(String, String)>,
}

/// A document as it came.
#[derive(Debug)]
pub struct Received<'a> {
    /// The exchange that brought it. Its `object` is none: the sink knows the digest.
    pub exchange: Exchange,
    /// A file with the bytes as received, transport encoding removed. It is gone after the call.
    pub body: &'a Path,
    /// What the bytes are.
    pub content: Content,
}

/// What handed-over bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// One document.
    Document(Format),
    /// A compressed document or an archive of documents, to be opened with [`crate::unpack`].
    Archive(Format, ArchiveKind),
    /// A list, a feed or metadata by which documents are found, or a document that must not be believed (its digest does not
    /// fit): archived, not translated.
    Index,
}

/// What the sink took in from one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Records read.
    pub records: u64,
    /// Records that could not be read and were set aside.
    pub quarantined: u64,
    /// Where in a listing the document stands, as it says itself.
    pub page: Option<Page>,
    /// The document's own time stamp.
    pub data_timestamp: Option<Timestamp>,
    /// The newest `modified` of its records.
    pub newest: Option<Timestamp>,
}

/// Why a document cannot be used at all, as a fragment that fits "the document …": `ends in the middle of a record`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

/// How a fetch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Never [`FetchOutcome::Held`]: whether a set shrank too much is for the caller to judge.
    pub outcome: FetchOutcome,
    /// What is owed or went wrong, as sentences.
    pub owed: Vec<String>,
    /// JSON from which the next fetch goes on. The one handed in where the outcome is [`FetchOutcome::Failed`].
    pub cursor: Option<String>,
    /// What the provider states as its total.
    pub stated: Option<u64>,
    /// When the provider says the data are from.
    pub data_timestamp: Option<Timestamp>,
    /// Every record of the source was shown: what was not shown is gone.
    pub full_set: bool,
    /// The provider's own statements against which completeness was judged.
    pub checks: Vec<Check>,
}
