//! OSV's bucket (google.github.io/osv.dev/data): `ECOSYSTEM/all.zip`, then `ECOSYSTEM/modified_id.csv` and single records.
//!
//! The list says which records have changed, at or after the newest instant that is in. The archive is built now and then and
//! may be older than the list, so the list is read on from the newest record of the archive. Many changes, or fewer rows than
//! before, call for the archive again: it alone shows what is gone.

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
    /// Rows of the list.
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
            session.stated = Some(changes.rows.len() as u64);
            take_changes(&mut session, &mut cursor, ecosystem, &changes);
            cursor.rows = changes.rows.len() as u64;
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

fn take_changes(session: &mut Session<'_>, cursor: &mut Cursor, ecosystem: &str, changes: &Changes) {
    session.data_timestamp = changes.newest();
    let wanted = changes.since(cursor.newest, &cursor.at_newest);
    let many = wanted.len() + cursor.owed.len() > session.config.limits.single_requests;
    let fewer = (changes.rows.len() as u64) < cursor.rows;
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
