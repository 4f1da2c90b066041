//! Any CSAF provider (CSAF 2.0 section 7): provider metadata, then ROLIE feeds or directories, then documents with digests.
//!
//! A document is asked for when its address was not listed before, when its date differs from the one listed before, or when
//! its last attempt failed. When an address is gone from a list, the whole list is read again, because only that shows what a
//! provider has withdrawn without a word.
//!
//! Digests (7.1.18) are checked before a document is believed. OpenPGP signatures (7.1.19) are not checked yet.

mod digest;
mod listing;
mod marks;
mod metadata;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{Content, End};
use crate::session::{Known, Problem, Session};
use listing::{Entry, Listed};
use marks::Marks;
use metadata::Metadata;

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// What was listed and is in, by the list's address.
    trees: BTreeMap<String, Marks>,
    known: Known,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let metadata = match metadata::find(&mut session) {
        Ok(metadata) => metadata,
        Err(sentence) => return session.end_with(sentence),
    };
    let before: Cursor = session.cursor();
    let mut cursor = Cursor { known: before.known.clone(), ..Cursor::default() };
    let mut whole = true;
    for list in metadata.lists() {
        let marks = before.trees.get(list.as_str());
        let is_complete = marks.is_some_and(Marks::is_complete);
        let known = before.known.of(&list, session.clock.now()).filter(|_| is_complete);
        match listing::read(&mut session, &metadata, &list, known) {
            Ok(Listed::Unchanged) => {
                whole = false;
                cursor.trees.extend(marks.map(|marks| (list.to_string(), marks.clone())));
            }
            Ok(Listed::Entries { entries, validators, updated }) => {
                session.data_timestamp = session.data_timestamp.max(updated);
                let (now, all) = take_tree(&mut session, &metadata, &entries, marks);
                whole &= all;
                if now.is_complete() {
                    cursor.known.keep(&list, validators);
                } else {
                    cursor.known.forget(&list);
                }
                cursor.trees.insert(list.to_string(), now);
            }
            Err(problem) => {
                session.owe_document(&problem);
                whole = false;
                cursor.trees.extend(marks.map(|marks| (list.to_string(), marks.clone())));
            }
        }
    }
    session.stated = Some(cursor.trees.values().map(Marks::listed).sum());
    session.full_set = whole && !session.owes();
    session.end(&cursor)
}

/// Takes in what is new in a list. Returns what is in now, and whether every document was shown.
fn take_tree(
    session: &mut Session<'_>,
    metadata: &Metadata,
    entries: &[Entry],
    before: Option<&Marks>,
) -> (Marks, bool) {
    let none = Marks::default();
    let before = before.unwrap_or(&none);
    let all = before.lacks_any_of(entries);
    let wanted: Vec<&Entry> = entries.iter().filter(|entry| all || !before.holds(entry)).collect();
    let mut failed = Vec::new();
    for (done, entry) in wanted.iter().enumerate() {
        match take_document(session, metadata, entry) {
            Ok(0) => {}
            Ok(_) => failed.push(&entry.url),
            Err(problem) => {
                session.owe_document(&problem);
                failed.push(&entry.url);
            }
        }
        session.progress(done + 1, Some(wanted.len()), "documents");
    }
    (Marks::of(entries, |entry| !failed.contains(&&entry.url)), wanted.len() == entries.len())
}

/// Takes one document in; returns how many records were set aside.
fn take_document(session: &mut Session<'_>, metadata: &Metadata, entry: &Entry) -> Result<u64, Problem> {
    let digest = digest::of(session, metadata, entry)?;
    let request = session.document(entry.url.clone());
    let content = Content::Document(session.config.kind.format());
    let delivered = session
        .deliver(&request, content, &|download| digest.as_ref().map_or(Ok(()), |digest| digest.check(download)))?;
    Ok(delivered.map_or(0, |delivered| delivered.taken.quarantined))
}

/// Whether a list may lead to `url`: anywhere with TLS, else only to its own host.
fn may_lead_to(list: &Url, url: &Url) -> bool {
    let own = (list.scheme(), list.host(), list.port_or_known_default())
        == (url.scheme(), url.host(), url.port_or_known_default());
    url.scheme() == "https" || own && url.scheme() == "http"
}

#[cfg(test)]
mod tests;
