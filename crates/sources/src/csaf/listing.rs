//! Lists of documents: a ROLIE feed, or a directory's lists in its stead; and the same lists as they were last time.
//!
//! A list as read leaves the digests of its parts ([`Part`]). With them the archived bytes are read again next time, so that
//! the cursor need not say what was listed.

use std::collections::BTreeMap;

use domain::model::raw::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::metadata::{List, Metadata};
use super::{asked, directory, rolie};
use crate::http::{Request, Validators};
use crate::session::{Problem, Session};

/// Most bytes of a list: ten times what the largest providers have.
const MOST_BYTES: u64 = 128 << 20;

/// A listed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) url: Url,
    /// Its date as listed, in the list's own words; empty where the list gives none.
    pub(crate) updated: String,
    /// Addresses of its digests; none where the list does not name them.
    pub(crate) digests: Option<Vec<Url>>,
    /// Address of its signature, where the list names it.
    pub(crate) signature: Option<Url>,
}

impl Entry {
    /// The date as an instant.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        self.updated.parse().ok()
    }

    /// The file's name, without folder.
    pub(crate) fn file_name(&self) -> &str {
        self.url.path().rsplit('/').next().unwrap_or_default()
    }
}

/// A list's file as archived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(super) kind: PartKind,
    /// What its paths are relative to.
    at: Url,
    object: Digest,
}

/// What a list's file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PartKind {
    Feed,
    Changes,
    Index,
}

impl Part {
    /// Asks for a list's file. None: unchanged.
    pub(super) fn ask(
        session: &mut Session<'_>,
        kind: PartKind,
        url: Url,
        at: &Url,
        known: Option<&Validators>,
    ) -> Result<Option<(Vec<Entry>, Validators, Self)>, Problem> {
        let request = limited(session, url).if_changed(known);
        let found = session.list(&request, &|bytes| kind.read(bytes, at))?;
        Ok(found.map(|(entries, validators, object)| (entries, validators, Self { kind, at: at.clone(), object })))
    }

    /// Reads the file again as it was. None: it is not at hand any more.
    fn recall(&self, session: &mut Session<'_>) -> Option<Vec<Entry>> {
        let bytes = session.recall(&self.object)?;
        self.kind.read(&bytes, &self.at).ok()
    }
}

impl PartKind {
    fn read(self, bytes: &[u8], at: &Url) -> Result<Vec<Entry>, String> {
        match self {
            Self::Feed => rolie::feed(bytes, at),
            Self::Changes => directory::changes(bytes, at),
            Self::Index => directory::index(bytes, at),
        }
    }
}

/// A request for a list.
pub(super) fn limited(session: &Session<'_>, url: Url) -> Request {
    let mut request = asked(session, url);
    request.limit_bytes = MOST_BYTES;
    request
}

/// What a list says.
#[derive(Debug)]
pub(crate) enum Listed {
    Unchanged,
    Entries { entries: Vec<Entry>, parts: Vec<Part>, validators: Validators },
}

/// Reads a list; a broken feed's directory in its stead.
pub(super) fn read(
    session: &mut Session<'_>,
    metadata: &Metadata,
    list: &List,
    known: Option<&Validators>,
) -> Result<Listed, Problem> {
    if list.is_directory {
        return directory::read(session, &list.url, known);
    }
    match Part::ask(session, PartKind::Feed, list.url.clone(), &list.url, known) {
        Ok(None) => Ok(Listed::Unchanged),
        Ok(Some((entries, validators, part))) => Ok(Listed::Entries { entries, parts: vec![part], validators }),
        Err(problem) => match metadata.directory_of(&list.url) {
            Some(directory) => {
                session.owe(format!("{problem}; its directory was read instead."));
                match directory::read(session, &directory.url, None)? {
                    // Not the feed's: it is asked for unconditionally until it is whole.
                    Listed::Entries { entries, parts, .. } => {
                        Ok(Listed::Entries { entries, parts, validators: Validators::default() })
                    }
                    Listed::Unchanged => Ok(Listed::Unchanged),
                }
            }
            None => Err(problem),
        },
    }
}

/// A list as it was last time. None: not known, or not at hand any more.
pub(crate) fn recall(session: &mut Session<'_>, parts: &[Part]) -> Option<Vec<Entry>> {
    if parts.is_empty() {
        return None;
    }
    let mut all = Vec::new();
    for part in parts {
        all.push(part.recall(session)?);
    }
    Some(merged(all))
}

/// Several files of one list: the first that gives a document's date says it.
pub(super) fn merged(files: Vec<Vec<Entry>>) -> Vec<Entry> {
    let mut found: BTreeMap<Url, Entry> = BTreeMap::new();
    for entry in files.into_iter().flatten() {
        match found.get_mut(&entry.url) {
            Some(known) if known.updated.is_empty() => *known = entry,
            // A document that stands twice in one list: the newer date is the one that counts.
            Some(known) if known.date() < entry.date() => *known = entry,
            Some(_) => {}
            None => {
                found.insert(entry.url.clone(), entry);
            }
        }
    }
    found.into_values().collect()
}

/// Whether a list is an older copy of what was read before, and why, as a fragment.
///
/// The newest date of a list does not go back while its provider publishes; a cache that stands still shows exactly that.
/// Dates that lay in the future may be corrected, and a list without dates tells nothing.
pub(crate) fn is_older(now: &[Entry], before: &[Entry], clock: Timestamp) -> Option<String> {
    let newest = |entries: &[Entry]| entries.iter().filter_map(Entry::date).filter(|date| *date <= clock).max();
    let (last, this) = (newest(before)?, newest(now));
    if this.is_some_and(|this| this >= last) || now.iter().any(|entry| entry.date().is_none()) {
        return None;
    }
    let this = this.map_or_else(|| "nothing".to_owned(), |this| this.to_string());
    Some(format!("ends with {this}, and the copy read before ended with {last}"))
}
