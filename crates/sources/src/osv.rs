//! OSV's bucket (google.github.io/osv.dev/data): `ECOSYSTEM/all.zip`, then `ECOSYSTEM/modified_id.csv` and single records.
//!
//! The list says which records have changed, at or after the newest instant that is in. The archive is built now and then and
//! may be older than the list, so the list is read on from the newest record of the archive. Many changes, or fewer rows than
//! before, call for the archive again: it alone shows what is gone.
//!
//! Every identifier of the list has to be held, and no other; one that is not is asked for, whenever it was modified. In the whole
//! bucket's list and tree an identifier stands below its ecosystem, and below each of them if it has several; in the archive
//! of all it stands alone. It is one record: its content names all of its packages.

mod changes;
mod checksum;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{ArchiveKind, Content, End};
use crate::session::{Known, Problem, Session};
use changes::{Changes, Row};

/// What stands for all ecosystems.
const ALL: &str = "all";

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// Everything modified before this instant is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<Timestamp>,
    /// Records modified exactly then that are in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    at_newest: Vec<String>,
    /// Distinct identifiers of the list.
    rows: u64,
    /// Records that are owed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owed: Vec<String>,
    /// The archive had unreadable records: it is asked for again.
    archive_again: bool,
    known: Known,
}

pub(crate) fn run(mut session: Session<'_>, ecosystem: Option<&str>) -> End {
    let ecosystem = ecosystem.unwrap_or(ALL);
    let list = match session.base().and_then(|base| address(&base, ecosystem, "modified_id.csv")) {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let conditional = if cursor.owed.is_empty() && !cursor.archive_again {
        cursor.known.of(&list, session.clock.now())
    } else {
        None
    };
    let request = session.archive(list.clone()).if_changed(conditional);
    match session.index(&request, &changes::read) {
        Ok(None) => session.stated = Some(cursor.rows),
        Ok(Some((changes, validators))) => {
            let ids = changes.ids();
            session.stated = Some(ids.len() as u64);
            take_changes(&mut session, &mut cursor, ecosystem, &changes, ids.len() as u64);
            if !session.owes() {
                complete(&mut session, &mut cursor, ecosystem, &changes, ids.len() as u64);
            }
            cursor.rows = ids.len() as u64;
            if session.owes() {
                cursor.known.forget(&list);
            } else {
                cursor.known.keep(&list, validators);
            }
        }
        Err(problem) => session.owe_document(&problem),
    }
    session.end(&cursor)
}

fn take_changes(session: &mut Session<'_>, cursor: &mut Cursor, ecosystem: &str, changes: &Changes, ids: u64) {
    session.data_timestamp = changes.newest();
    let wanted = changes.since(cursor.newest, &cursor.at_newest);
    let many = wanted.len() + cursor.owed.len() > session.config.limits.single_requests;
    let fewer = ids < cursor.rows;
    if cursor.newest.is_none() || many || fewer || cursor.archive_again {
        let Some(newest) = take_archive(session, cursor, ecosystem, changes) else { return };
        let rest = changes.after(newest);
        cursor.owed.clear();
        cursor.newest = Some(newest);
        cursor.at_newest = changes.at(newest);
        take_records(session, cursor, ecosystem, &rest);
    } else {
        take_records(session, cursor, ecosystem, &wanted);
    }
    if let Some(newest) = changes.newest().map(|newest| newest.min(session.clock.now()))
        && cursor.newest.is_none_or(|known| known <= newest)
    {
        cursor.newest = Some(newest);
        cursor.at_newest = changes.at(newest);
    }
}

/// Holds the list against what is held: asks for what lacks, and for the archive where something is held that is not listed.
fn complete(session: &mut Session<'_>, cursor: &mut Cursor, ecosystem: &str, changes: &Changes, ids: u64) {
    let lacking: Vec<&Row> = changes.rows.iter().filter(|row| session.holds(row.record()) == Some(false)).collect();
    if lacking.len() > session.config.limits.single_requests {
        session.owe(format!("{} records of the list are not held; the archive is read again.", lacking.len()));
        cursor.archive_again = true;
        return;
    }
    if !lacking.is_empty() {
        take_records(session, cursor, ecosystem, &lacking);
    }
    let Some(mut held) = session.held(None) else { return };
    if held > ids && !session.full_set && !session.owes() {
        // The archive alone shows what is gone.
        if take_archive(session, cursor, ecosystem, changes).is_none() {
            return;
        }
    }
    if session.full_set {
        // What the archive did not show is gone as soon as this fetch counts.
        held = held.min(ids);
    }
    session.check("identifiers in modified_id.csv", ids, held);
    if ecosystem == ALL {
        ecosystems(session, changes);
    }
}

/// Every ecosystem that the bucket names has to be in its list.
fn ecosystems(session: &mut Session<'_>, changes: &Changes) {
    let url = match session.base().and_then(|base| address(&base, ALL, "ecosystems.txt")) {
        Ok(url) => url,
        Err(sentence) => return session.owe(sentence),
    };
    let request = session.document(url);
    match session.index(&request, &changes::ecosystems) {
        Ok(Some((named, _))) => {
            let listed = changes.ecosystems();
            let missing: Vec<&str> = named.iter().map(String::as_str).filter(|name| !listed.contains(name)).collect();
            if missing.is_empty() {
                session.check("ecosystems in ecosystems.txt", named.len(), named.len());
            } else {
                session.check("ecosystems in ecosystems.txt", named.len(), named.len() - missing.len());
                session.owe(format!("No record is listed of: {}.", missing.join(", ")));
            }
        }
        Ok(None) => {}
        Err(problem) => session.owe_document(&problem),
    }
}

/// Takes the archive in. Returns up to when it certainly reaches.
fn take_archive(
    session: &mut Session<'_>,
    cursor: &mut Cursor,
    ecosystem: &str,
    changes: &Changes,
) -> Option<Timestamp> {
    let url = session.base().and_then(|base| address(&base, ecosystem, "all.zip"));
    let delivered = url.map_err(|sentence| session.owe(sentence)).ok().and_then(|url| {
        let request = session.archive(url);
        let content = Content::Archive(session.config.kind.format(), ArchiveKind::Zip);
        session
            .deliver(&request, content, &checksum::check)
            .map_err(|problem| session.owe_document(&problem))
            .ok()
            .flatten()
    })?;
    session.full_set = true;
    cursor.archive_again = delivered.taken.quarantined > 0;
    let listed = changes.newest()?;
    let now = session.clock.now();
    // A record from the future must not hide those that come until then.
    Some(delivered.taken.newest.unwrap_or(listed).min(listed).min(now))
}

/// Takes single records in: those of `rows`, and those that are owed.
fn take_records(session: &mut Session<'_>, cursor: &mut Cursor, ecosystem: &str, rows: &[&Row]) {
    let mut ids: Vec<String> = cursor.owed.drain(..).collect();
    ids.extend(rows.iter().map(|row| row.id.clone()));
    ids.sort();
    ids.dedup();
    for (done, id) in ids.iter().enumerate() {
        match take_record(session, ecosystem, id) {
            Ok(0) => {}
            Ok(_) => cursor.owed.push(id.clone()),
            Err(problem) => {
                session.owe(format!("{id}: {problem}."));
                cursor.owed.push(id.clone());
            }
        }
        session.progress(done + 1, Some(ids.len()), "records");
    }
}

/// Takes one record in; returns how many records were set aside.
fn take_record(session: &mut Session<'_>, ecosystem: &str, id: &str) -> Result<u64, Problem> {
    let url = session.base().and_then(|base| address(&base, ecosystem, &format!("{id}.json")));
    let url = url.map_err(|reason| Problem::Unusable { from: id.to_owned(), reason })?;
    let request = session.document(url);
    let content = Content::Document(session.config.kind.format());
    let delivered = session.deliver(&request, content, &checksum::check)?;
    Ok(delivered.map_or(0, |delivered| delivered.taken.quarantined))
}

/// The address of a file. In the list of all ecosystems (`all`) an identifier stands with its ecosystem, as in `npm/GHSA-…`.
fn address(base: &Url, ecosystem: &str, file: &str) -> Result<Url, String> {
    let mut url = base.clone();
    let mut segments =
        url.path_segments_mut().map_err(|()| format!("The address {base} cannot be the base of others."))?;
    segments.pop_if_empty();
    if ecosystem != "all" {
        segments.push(ecosystem);
    }
    segments.extend(file.split('/').filter(|part| !matches!(*part, "" | "." | "..")));
    drop(segments);
    Ok(url)
}

#[cfg(test)]
mod tests;
