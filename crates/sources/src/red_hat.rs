//! Red Hat's CSAF trees (`…/data/csaf/v2/vex/`, `…/advisories/`): a daily archive, then changes and deletions.
//!
//! `archive_latest.txt` names the archive, `changes.csv` lists every document with its date, `deletions.csv` what was taken
//! away. The archive is read when nothing is known, or when more has changed than is polite to ask for one by one; then
//! single documents are read that changed since, and those that the archive lacks. What is listed no more, or deleted after
//! its last change, is taken back.
//!
//! Archive and single documents have digests and signatures beside them; the keys are in `provider-metadata.json` one folder
//! above the tree. An archive without a signature is taken by its digest, and that is owed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use domain::model::raw::Digest;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::csaf::directory;
use crate::csaf::directory::{below, dated};
use crate::csaf::document::{self, insist};
use crate::csaf::listing::{self, Entry, Listed, Part};
use crate::csaf::metadata::{self, Metadata};
use crate::csaf::trust::Trust;
use crate::delivery::{ArchiveKind, Content, End, Taken};
use crate::http::{Download, Reason, Validators};
use crate::session::{Problem, Session};
use crate::unpack::{self, Limits};

/// An archive is named by its day; documents that changed so long before that day's first moment are in it.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// The lists as they were read last.
    parts: Vec<Part>,
    known: Validators,
    /// Deletions as they were read last.
    #[serde(skip_serializing_if = "Option::is_none")]
    deletions: Option<Digest>,
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

/// A tree as it is listed.
struct Tree {
    base: Url,
    /// Documents that are there.
    listed: BTreeMap<Url, Entry>,
    /// What is known to be in, with its date; none: nothing is known.
    before: Option<BTreeMap<Url, String>>,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let base = match session.base().map(|base| metadata::List::directory(base, "").url) {
        Ok(base) => base,
        Err(sentence) => return session.end_with(sentence),
    };
    let before: Cursor = session.cursor();
    let mut cursor = before.clone();
    let Some(tree) = read_tree(&mut session, base, &before, &mut cursor) else {
        session.stated = Some(before.listed).filter(|listed| *listed > 0);
        return session.end(&before);
    };
    session.stated = Some(tree.listed.len() as u64);
    cursor.listed = tree.listed.len() as u64;
    take_tree(&mut session, &tree, &before, &mut cursor);
    session.end(&cursor)
}

/// Reads the lists. None: they cannot be read, or are an older copy; that is owed.
fn read_tree(session: &mut Session<'_>, base: Url, before: &Cursor, cursor: &mut Cursor) -> Option<Tree> {
    let recalled = listing::recall(session, &before.parts);
    let now = session.clock.now();
    let known = Some(&before.known).filter(|known| recalled.is_some() && known.are_believed(now));
    let entries = match directory::read(session, &base, known) {
        Ok(Listed::Unchanged) => recalled.clone().unwrap_or_default(),
        Ok(Listed::Entries { entries, parts, validators }) => {
            if let Some(reason) = recalled.as_deref().and_then(|before| listing::is_older(&entries, before, now)) {
                session.owe(format!("{base} is an older copy: its list {reason}; it was not believed."));
                return None;
            }
            session.data_timestamp = entries.iter().filter_map(Entry::date).max();
            (cursor.parts, cursor.known) = (parts, validators);
            entries
        }
        Err(problem) => {
            session.owe_document(&problem);
            return None;
        }
    };
    let deleted = deletions(session, &base, cursor)?;
    let is_there = |entry: &Entry| match (deleted.get(&entry.url), entry.date()) {
        (Some(deleted), Some(changed)) => changed > *deleted,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let listed = entries.into_iter().filter(is_there).map(|entry| (entry.url.clone(), entry)).collect();
    let before =
        recalled.map(|entries| entries.into_iter().map(|entry| (entry.url, entry.updated)).collect::<BTreeMap<_, _>>());
    Some(Tree { base, listed, before })
}

/// What was deleted, and when. None: the list cannot be read; that is owed.
fn deletions(session: &mut Session<'_>, base: &Url, cursor: &mut Cursor) -> Option<BTreeMap<Url, Timestamp>> {
    let read = |bytes: &[u8]| {
        let lines = dated(bytes, "list of deletions")?;
        let deletion = |(path, date): (&str, &str)| {
            let date: Timestamp = date.parse().map_err(|_| format!("has a date that cannot be read: {date:?}"))?;
            Ok((below(base, path)?, date))
        };
        lines.into_iter().map(deletion).collect::<Result<BTreeMap<_, _>, String>>()
    };
    let url =
        base.join("deletions.csv").map_err(|error| session.owe(format!("{base} has no deletions: {error}."))).ok()?;
    let request = session.document(url);
    match session.list(&request, &read) {
        Ok(Some((deleted, _, object))) => {
            cursor.deletions = Some(object);
            Some(deleted)
        }
        Ok(None) => Some(BTreeMap::new()),
        // Nothing was deleted yet, or a mirror does not say: what is gone is gone from the list of changes, too.
        Err(problem) if cursor.deletions.is_none() && (problem.is_absence() || is_empty(&problem)) => {
            Some(BTreeMap::new())
        }
        Err(problem) => {
            session.owe_document(&problem);
            // What cannot be told from a deletion stands until it can.
            let bytes = cursor.deletions.and_then(|object| session.recall(&object))?;
            read(&bytes).ok()
        }
    }
}

fn is_empty(problem: &Problem) -> bool {
    matches!(problem, Problem::Failed(failure) if matches!(failure.reason, Reason::Empty))
}

/// Takes in what is new in a tree, and takes back what is gone from it.
fn take_tree(session: &mut Session<'_>, tree: &Tree, before: &Cursor, cursor: &mut Cursor) {
    let nothing = BTreeMap::new();
    let held = tree.before.as_ref().unwrap_or(&nothing);
    let is_in = |entry: &Entry| {
        let same = |known: &String| *known == entry.updated || entry.updated.is_empty();
        held.get(&entry.url).is_some_and(same) && !before.owed.contains(&entry.url)
    };
    let mut wanted: BTreeSet<Url> =
        tree.listed.values().filter(|entry| !is_in(entry)).map(|entry| entry.url.clone()).collect();
    let mut gone: BTreeSet<Url> = held.keys().filter(|url| !tree.listed.contains_key(*url)).cloned().collect();
    cursor.owed.clear();
    if wanted.is_empty() && gone.is_empty() && !before.unsigned {
        return;
    }
    let trust = trust(session, &tree.base, &mut cursor.keys);
    let again = before.unsigned && trust.needs_signature();
    let most = session.config.limits.single_requests;
    if tree.before.is_none() || wanted.len() > most || again {
        match take_archive(session, tree, &trust) {
            Ok(archive) => {
                let (archived, at) = (archive.holds, archive.until);
                if archive.quarantined > 0 {
                    // Which of its documents could not be read is not known here: it is read again.
                    cursor.parts.clear();
                }
                let since = |entry: &Entry| entry.date().is_none_or(|date| date >= at);
                let lacking = |entry: &Entry| !archived.contains(&entry.url) || since(entry);
                wanted = tree.listed.values().filter(|entry| lacking(entry)).map(|entry| entry.url.clone()).collect();
                gone.extend(archived.into_iter().filter(|url| !tree.listed.contains_key(url)));
                session.full_set = true;
            }
            Err(problem) => {
                session.owe_document(&problem);
                // Nothing is known of what is in: the next fetch begins anew.
                *cursor = Cursor { keys: cursor.keys.clone(), ..Cursor::default() };
                return;
            }
        }
    }
    cursor.unsigned = trust.unavailable().is_some();
    take_documents(session, tree, &trust, &wanted, cursor);
    let names = gone.iter().filter_map(|url| url.path().rsplit('/').next()).map(str::to_owned);
    let here: BTreeSet<&str> = tree.listed.values().map(Entry::file_name).collect();
    let unknown = session.retract(&names.filter(|name| !here.contains(name.as_str())).collect());
    if !unknown.is_empty() {
        tracing::warn!(source = %session.config.id, ?unknown, "documents are gone of which no record is known");
    }
    session.full_set &= !session.owes();
}

/// Takes single documents in.
fn take_documents(session: &mut Session<'_>, tree: &Tree, trust: &Trust, wanted: &BTreeSet<Url>, cursor: &mut Cursor) {
    let most = session.config.limits.single_requests;
    if wanted.len() > 2 * most {
        session.owe(format!("{} documents that {} lists are not in its archive.", wanted.len(), tree.base));
        cursor.parts.clear();
    }
    let asked: Vec<&Entry> = wanted.iter().filter_map(|url| tree.listed.get(url)).take(2 * most).collect();
    for (done, entry) in asked.iter().enumerate() {
        match document::take(session, trust, entry, None) {
            Ok(taken) if taken.quarantined == 0 => {}
            Ok(_) => _ = cursor.owed.insert(entry.url.clone()),
            Err(problem) => {
                session.owe_document(&problem);
                cursor.owed.insert(entry.url.clone());
            }
        }
        session.progress(done + 1, Some(asked.len()), "documents");
    }
    trust.tell(session, "Red Hat", asked.len() as u64);
    let missing = cursor.owed.len() + wanted.len().saturating_sub(asked.len());
    session.checked("documents that changes.csv lists", tree.listed.len(), tree.listed.len().saturating_sub(missing));
}

/// On what the tree's documents are believed. Its metadata lie one folder above.
fn trust(session: &mut Session<'_>, base: &Url, keys: &mut BTreeSet<String>) -> Trust {
    let url = base.join("../provider-metadata.json");
    let found = url.map_err(|error| Problem::Unusable { from: base.to_string(), reason: error.to_string() }).and_then(
        |url| -> Result<Option<Metadata>, Problem> {
            let request = session.document(url.clone());
            Ok(session.index(&request, &|bytes| metadata::parse(bytes, &url))?.map(|(metadata, _)| metadata))
        },
    );
    match found {
        Ok(Some(metadata)) => Trust::of(session, &metadata, keys),
        // A mirror without metadata, which never had any.
        Ok(None) => Trust::in_digests_only(),
        Err(problem) if problem.is_absence() && keys.is_empty() => Trust::in_digests_only(),
        Err(problem) => {
            session.owe_document(&problem);
            Trust::without_keys(keys)
        }
    }
}

/// An archive that is in.
struct Archive {
    /// Addresses of the documents in it.
    holds: BTreeSet<Url>,
    /// Documents that changed from then on are not certain to be in it.
    until: Timestamp,
    /// Records that could not be read.
    quarantined: u64,
}

/// Takes the archive in.
fn take_archive(session: &mut Session<'_>, tree: &Tree, trust: &Trust) -> Result<Archive, Problem> {
    let unusable = |from: &Url, reason: String| Problem::Unusable { from: from.to_string(), reason };
    let url = tree.base.join("archive_latest.txt").map_err(|error| unusable(&tree.base, error.to_string()))?;
    let request = session.document(url.clone());
    let Some(((name, day), _)) = session.index(&request, &latest)? else {
        return Err(unusable(&url, "answered that nothing has changed, which was not asked".to_owned()));
    };
    let url = tree.base.join(&name).map_err(|error| unusable(&tree.base, error.to_string()))?;
    let entry = Entry { url: url.clone(), updated: String::new(), digests: None, signature: None };
    let request = session.archive(url);
    let (holds, quarantined) = insist(session, &request, &mut |session, download| {
        if let Err(problem) = check_archive(session, trust, &entry, download) {
            // A sink that cannot archive says so with the next document, too.
            let _ = session.hand_over(download, Content::Index);
            return Err(problem);
        }
        let names = names(download, &tree.base)?;
        let content = Content::Archive(session.config.kind.format(), ArchiveKind::TarZst);
        let taken: Taken = session.hand_over(download, content)?;
        let read = taken.records.saturating_sub(taken.quarantined);
        session.checked(&format!("documents in {name}"), names.len(), read);
        Ok((names, taken.quarantined))
    })?;
    let midnight = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
    Ok(Archive { holds, until: midnight.checked_sub(MARGIN).unwrap_or(Timestamp::MIN), quarantined })
}

/// Checks an archive as a document is checked; one that has no signature is owed only.
fn check_archive(session: &mut Session<'_>, trust: &Trust, entry: &Entry, download: &Download) -> Result<(), Problem> {
    match document::check(session, trust, entry, download) {
        Err(Problem::Failed(failure)) if failure.is_absence() => {
            session.owe(format!("{} has no digest or signature: {failure}.", entry.url));
            Ok(())
        }
        Err(Problem::Unusable { from, reason }) if reason == "is not signed" => {
            session.owe(format!("{from} has no signature, and was taken in without."));
            Ok(())
        }
        checked => checked,
    }
}

/// The archive's name and day: `csaf_vex_2024-10-09.tar.zst`.
fn latest(bytes: &[u8]) -> Result<(String, Date), String> {
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
    let day = text.strip_suffix(".tar.zst").and_then(|stem| stem.get(stem.len().checked_sub(10)?..));
    let day = day.and_then(|day| day.parse().ok());
    let is_name =
        text.len() < 100 && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.'));
    match day {
        Some(day) if is_name => Ok((text.to_owned(), day)),
        _ => Err(format!("names no archive: {:?}", text.chars().take(80).collect::<String>())),
    }
}

/// The addresses of the documents in an archive.
fn names(download: &Download, base: &Url) -> Result<BTreeSet<Url>, Problem> {
    let mut found = BTreeSet::new();
    unpack::each_document(download.path(), ArchiveKind::TarZst, &Limits::default(), &mut |name, _| {
        if unpack::is_document(domain::normalise::Format::Csaf, name) {
            // Members are named as the tree's paths, or with its name in front.
            let path = name.trim_start_matches("./");
            let year = path.rmatch_indices('/').nth(1).map_or(path, |(slash, _)| &path[slash + 1..]);
            found.extend(below(base, year));
        }
        ControlFlow::Continue(())
    })
    .map_err(|error| Problem::Unusable { from: download.exchange.from.clone(), reason: error.to_string() })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_named_by_its_day() {
        let (name, day) = latest(b"csaf_vex_2024-10-09.tar.zst\n").unwrap();
        assert_eq!((name.as_str(), day.to_string().as_str()), ("csaf_vex_2024-10-09.tar.zst", "2024-10-09"));
        for other in
            ["", "<html>", "../csaf_vex_2024-10-09.tar.zst", "csaf_vex_2024-13-09.tar.zst", "x.tar.zst", "é.tar.zst"]
        {
            assert!(latest(other.as_bytes()).is_err(), "{other}");
        }
    }
}
