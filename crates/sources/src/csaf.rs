//! Any CSAF provider (CSAF 2.0 section 7): metadata, then ROLIE feeds or directories, then documents with digest and signature.
//!
//! | module | what it does |
//! |---|---|
//! | `discovery`, `aggregator`, `metadata` | whose documents there are, and where their lists lie |
//! | `listing`, `rolie`, `directory` | what is listed, now and last time |
//! | `trust`, `digest`, `document` | on what a document is believed; one document |
//! | `providers` | addresses of known providers |
//!
//! A document is asked for when its address was not listed before, when its date differs from the one listed before, or when
//! its last attempt failed. One whose address is gone from its list is taken back ([`Session::retract`]); where its file name
//! leads to no record, everything is read again, because only a whole set shows what is gone.
//!
//! An aggregator's list makes a source of several providers. What is wrong with one of them is owed and costs the others
//! nothing. Two providers' documents with one identifier are told apart by whoever takes records in, by their namespace.

mod aggregator;
mod digest;
pub(crate) mod directory;
mod discovery;
pub(crate) mod document;
pub(crate) mod listing;
pub(crate) mod metadata;
mod providers;
mod rolie;
pub(crate) mod trust;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::End;
use crate::http::{Request, Validators, same_host};
use crate::session::Session;
use aggregator::Aggregator;
use discovery::Found;
use domain::model::tlp::Tlp;
use listing::{Entry, Listed, Part, PartKind};
use metadata::{List, Metadata};
use trust::Trust;

pub use providers::CSAF_PROVIDERS;

/// Owed documents that are named one by one; more are counted.
const MOST_NAMED: usize = 100;

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// By the address of the provider's metadata.
    providers: BTreeMap<String, Memory>,
}

/// What is remembered of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Memory {
    /// By the list's address.
    lists: BTreeMap<String, ListMemory>,
    /// Documents listed.
    listed: u64,
    /// Addresses of documents that are listed and not in.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    owed: BTreeSet<Url>,
    /// Fingerprints of keys that count.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    keys: BTreeSet<String>,
    /// Documents were taken in without the signature that was promised.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unsigned: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct ListMemory {
    parts: Vec<Part>,
    known: Validators,
}

/// What one fetch finds out about all providers together.
#[derive(Default)]
struct Round {
    /// Every listed document was shown.
    whole: bool,
    /// File names of documents that are gone from a list.
    gone: BTreeSet<String>,
    /// File names of documents that are listed or owed.
    here: BTreeSet<String>,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let before: Cursor = session.cursor();
    let providers = match discovery::find(&mut session) {
        Ok(Found::Providers(providers)) => providers,
        Ok(Found::Aggregator(aggregator)) => of_aggregator(&mut session, &aggregator),
        Err(sentence) => return session.end_with(sentence),
    };
    if providers.is_empty() {
        return session.end(&before);
    }
    let (mut cursor, mut round) = take_all(&mut session, &providers, &before);
    let unknown = session.retract(&round.gone);
    if !unknown.is_empty() {
        // Their records go by other names: only a whole set shows which are gone.
        tracing::info!(source = %session.config.id, ?unknown, "documents are gone whose records are not found by file name");
        (cursor, round) = take_all(&mut session, &providers, &Cursor::default());
    }
    session.stated = Some(cursor.providers.values().map(|memory| memory.listed).sum());
    session.full_set = round.whole && !session.owes();
    session.end(&cursor)
}

/// The metadata of an aggregator's providers; of a mirror where a provider cannot be read, or publishes none itself.
fn of_aggregator(session: &mut Session<'_>, aggregator: &Aggregator) -> Vec<(Url, Metadata)> {
    if aggregator.unreadable > 0 {
        session.owe(format!("{} entries of the aggregator's list cannot be read.", aggregator.unreadable));
    }
    let mut found = Vec::new();
    for listed in &aggregator.providers {
        let mut problem = None;
        if !listed.is_publisher {
            match discovery::provider(session, &listed.url) {
                Ok(metadata) => {
                    found.push((listed.url.clone(), metadata));
                    continue;
                }
                Err(reason) => problem = Some(reason),
            }
        }
        let mirror = listed.mirrors.iter().find_map(|url| discovery::provider(session, url).ok());
        match (mirror, problem) {
            (Some(metadata), None) => found.push((listed.url.clone(), metadata)),
            (Some(metadata), Some(problem)) => {
                session.owe(format!("{problem}; its mirror was read instead."));
                found.push((listed.url.clone(), metadata));
            }
            (None, Some(problem)) => session.owe_document(&problem),
            (None, None) => session.owe(format!("No mirror of {} could be read.", listed.url)),
        }
    }
    session.checked("providers in the aggregator's list", aggregator.providers.len(), found.len());
    found
}

/// Takes in what is new at every provider.
fn take_all(session: &mut Session<'_>, providers: &[(Url, Metadata)], before: &Cursor) -> (Cursor, Round) {
    let mut cursor = Cursor::default();
    let mut round = Round { whole: true, ..Round::default() };
    for (url, metadata) in providers {
        let known = before.providers.get(url.as_str());
        let memory = take_provider(session, metadata, known, &mut round);
        cursor.providers.insert(url.to_string(), memory);
    }
    for (url, memory) in &before.providers {
        if !cursor.providers.contains_key(url) {
            // Its metadata could not be read: that is owed, and its documents stand.
            round.whole = false;
            cursor.providers.insert(url.clone(), memory.clone());
            for list in memory.lists.values() {
                let entries = listing::recall(session, &list.parts).unwrap_or_default();
                round.here.extend(entries.iter().map(|entry| entry.file_name().to_owned()));
            }
        }
    }
    let here = std::mem::take(&mut round.here);
    round.gone.retain(|name| !here.contains(name));
    (cursor, round)
}

/// A listed document with the mark of its list.
type Marked = (Entry, Option<Tlp>);

/// Takes in what is new at a provider.
fn take_provider(session: &mut Session<'_>, metadata: &Metadata, before: Option<&Memory>, round: &mut Round) -> Memory {
    let none = Memory::default();
    let before = before.unwrap_or(&none);
    let mut memory = Memory { keys: before.keys.clone(), ..Memory::default() };
    let credentials = &session.config;
    let with_credentials =
        credentials.api_key.is_some() || credentials.login.is_some() || credentials.tls.identity.is_some();
    if metadata.closed() > 0 && !with_credentials {
        session.checked(
            &format!("lists of {} above TLP:CLEAR", metadata.name),
            metadata.closed(),
            "not read: no credentials",
        );
    }
    let mut listed: BTreeMap<Url, Marked> = BTreeMap::new();
    let mut old: BTreeMap<Url, String> = BTreeMap::new();
    for list in metadata.lists(with_credentials) {
        let known = before.lists.get(list.url.as_str());
        let recalled = known.and_then(|known| listing::recall(session, &known.parts));
        let (entries, kept) = read_list(session, metadata, list, known, recalled.as_deref());
        round.whole &= entries.is_some() && kept.is_some();
        for entry in entries.or_else(|| recalled.clone()).unwrap_or_default() {
            listed.insert(entry.url.clone(), (entry, list.tlp));
        }
        old.extend(recalled.unwrap_or_default().into_iter().map(|entry| (entry.url, entry.updated)));
        memory.lists.extend(kept.or_else(|| known.cloned()).map(|kept| (list.url.to_string(), kept)));
    }
    for (url, list) in before.lists.iter().filter(|(url, _)| !memory.lists.contains_key(*url)) {
        // A list that the provider names no more: what only it had is gone.
        tracing::info!(source = %session.config.id, url, "a list is no longer named");
        let entries = listing::recall(session, &list.parts).unwrap_or_default();
        old.extend(entries.into_iter().map(|entry| (entry.url, entry.updated)));
    }
    take_documents(session, metadata, before, &listed, &old, &mut memory, round);
    memory.listed = listed.len() as u64;
    round.here.extend(listed.values().map(|(entry, _)| entry.file_name().to_owned()));
    round.here.extend(before.owed.iter().filter_map(|url| url.path().rsplit('/').next()).map(str::to_owned));
    let gone = old.keys().filter(|url| !listed.contains_key(*url));
    round.gone.extend(gone.filter_map(|url| url.path().rsplit('/').next()).map(str::to_owned));
    memory
}

/// Reads a list: what it names, and what to remember of it. Nothing where it is broken or an older copy; that is owed.
fn read_list(
    session: &mut Session<'_>,
    metadata: &Metadata,
    list: &List,
    known: Option<&ListMemory>,
    recalled: Option<&[Entry]>,
) -> (Option<Vec<Entry>>, Option<ListMemory>) {
    let now = session.clock.now();
    let validators = known.map(|known| &known.known).filter(|known| recalled.is_some() && known.are_believed(now));
    match listing::read(session, metadata, list, validators) {
        Ok(Listed::Unchanged) => (recalled.map(<[Entry]>::to_vec), known.cloned()),
        Ok(Listed::Entries { mut entries, mut parts, validators }) => {
            if let Some(reason) = recalled.and_then(|recalled| listing::is_older(&entries, recalled, now)) {
                session.owe(format!("{} is an older copy: it {reason}; it was not believed.", list.url));
                return (None, None);
            }
            let newest = entries.iter().filter_map(Entry::date).max();
            session.data_timestamp = session.data_timestamp.max(newest);
            if let (Some(recalled), Some(known)) = (recalled, known)
                && parts.iter().all(|part| part.kind == PartKind::Index)
            {
                // Without dates of its own it keeps those that are known, until the dated list is back.
                let dates: BTreeMap<&Url, &str> =
                    recalled.iter().map(|entry| (&entry.url, entry.updated.as_str())).collect();
                for entry in &mut entries {
                    entry.updated = dates.get(&entry.url).map_or_else(String::new, |date| (*date).to_owned());
                }
                parts.splice(0..0, known.parts.iter().filter(|part| part.kind != PartKind::Index).cloned());
            }
            (Some(entries), Some(ListMemory { parts, known: validators }))
        }
        Err(problem) => {
            session.owe_document(&problem);
            (None, None)
        }
    }
}

/// Takes in the documents that are new, changed or owed.
fn take_documents(
    session: &mut Session<'_>,
    metadata: &Metadata,
    before: &Memory,
    listed: &BTreeMap<Url, Marked>,
    old: &BTreeMap<Url, String>,
    memory: &mut Memory,
    round: &mut Round,
) {
    let is_in = |entry: &Entry| {
        let same = |known: &String| *known == entry.updated || entry.updated.is_empty();
        old.get(&entry.url).is_some_and(same) && !before.owed.contains(&entry.url)
    };
    let mut wanted: Vec<&Marked> = listed.values().filter(|(entry, _)| !is_in(entry)).collect();
    if wanted.is_empty() && !before.unsigned {
        round.whole &= listed.is_empty();
        return;
    }
    let trust = Trust::of(session, metadata, &mut memory.keys);
    if before.unsigned && trust.needs_signature() {
        // What was taken in without a signature is read again, now that it can be checked.
        wanted = listed.values().collect();
    }
    memory.unsigned = trust.unavailable().is_some();
    let mut asked = 0;
    for (entry, tlp) in &wanted {
        match document::take(session, &trust, entry, *tlp) {
            Ok(taken) if taken.quarantined == 0 => {}
            Ok(_) => _ = memory.owed.insert(entry.url.clone()),
            Err(problem) => {
                if memory.owed.len() < MOST_NAMED {
                    session.owe_document(&problem);
                }
                memory.owed.insert(entry.url.clone());
            }
        }
        asked += 1;
        session.progress(asked, Some(wanted.len()), "documents");
    }
    round.whole &= wanted.len() == listed.len();
    if memory.owed.len() > MOST_NAMED {
        session.owe(format!("{} more documents of {} are owed.", memory.owed.len() - MOST_NAMED, metadata.name));
    }
    trust.tell(session, &metadata.name, asked as u64);
    session.checked(
        &format!("documents that {} lists", metadata.name),
        listed.len(),
        listed.len().saturating_sub(memory.owed.len()),
    );
}

/// A request for a document, list or key, with the source's token where it stays at the source's own host.
fn asked(session: &Session<'_>, url: Url) -> Request {
    let own_host = session.base().is_ok_and(|base| same_host(&base, &url));
    let mut request = session.document(url);
    if own_host {
        request.secret = session.config.api_key.as_ref().map(|token| ("authorization", token.bearer()));
    }
    request
}

/// Whether a list may lead to `url`: anywhere with TLS, else only to its own host.
fn may_lead_to(list: &Url, url: &Url) -> bool {
    url.scheme() == "https" || url.scheme() == "http" && same_host(list, url)
}

#[cfg(test)]
mod tests;
