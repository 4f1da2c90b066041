//! A directory's lists: `changes.csv` (CSAF 2.0, 7.1.13) with dates, `index.txt` (7.1.12) with paths.
//!
//! Their order is not relied on. CISA's have paths from its repository's root, unquoted and grouped by type.

use jiff::Timestamp;
use url::Url;

use super::listing::{Entry, Listed, Part, PartKind, merged};
use crate::http::Validators;
use crate::session::{Problem, Session};
use crate::unpack;

/// Reads both lists. One of them is enough; that the other is broken is owed.
pub(crate) fn read(session: &mut Session<'_>, list: &Url, known: Option<&Validators>) -> Result<Listed, Problem> {
    let place = |name: &str| {
        list.join(name).map_err(|error| Problem::Unusable { from: list.to_string(), reason: error.to_string() })
    };
    let changes = match Part::ask(session, PartKind::Changes, place("changes.csv")?, list, known) {
        Ok(None) => return Ok(Listed::Unchanged),
        Ok(Some(changes)) => Ok(changes),
        Err(problem) => Err(problem),
    };
    let index = Part::ask(session, PartKind::Index, place("index.txt")?, list, None);
    match (changes, index) {
        (Ok((dated, validators, part)), Ok(Some((indexed, _, second)))) => {
            session.check(&format!("index.txt of {list}"), indexed.len(), dated.len());
            Ok(Listed::Entries { entries: merged(vec![dated, indexed]), parts: vec![part, second], validators })
        }
        (Ok((entries, validators, part)), index) => {
            if let Err(problem) = index {
                session.owe(format!("{problem}; only changes.csv was read."));
            }
            Ok(Listed::Entries { entries, parts: vec![part], validators })
        }
        (Err(problem), Ok(Some((entries, _, part)))) => {
            session.owe(format!("{problem}; its index.txt was read instead, which gives no dates."));
            Ok(Listed::Entries { entries, parts: vec![part], validators: Validators::default() })
        }
        (Err(problem), _) => Err(problem),
    }
}

/// Reads `changes.csv`: path and date, quoted or not.
pub(super) fn changes(bytes: &[u8], directory: &Url) -> Result<Vec<Entry>, String> {
    let entries = dated(bytes, "list of changes")?.into_iter().map(|(path, date)| {
        Ok(Entry { url: below(directory, path)?, updated: date.to_owned(), digests: None, signature: None })
    });
    listed(entries.collect())
}

/// The lines of a list of paths and dates.
///
/// # Errors
/// A fragment: a line is none.
pub(crate) fn dated<'b>(bytes: &'b [u8], what: &str) -> Result<Vec<(&'b str, &'b str)>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("is no {what}: it is no UTF-8"))?;
    let line = |line: &'b str| {
        let mut cells = line.split(',');
        let (Some(path), Some(date)) = (cells.next(), cells.next()) else {
            return Err(format!("is no {what}: {:?}", shortened(line)));
        };
        let date = unquoted(date);
        date.parse::<Timestamp>().map_err(|_| format!("has a date that cannot be read: {:?}", shortened(date)))?;
        Ok((unquoted(path), date))
    };
    text.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

/// Reads `index.txt`: a path on each line.
pub(super) fn index(bytes: &[u8], directory: &Url) -> Result<Vec<Entry>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no list of paths: it is no UTF-8".to_owned())?;
    let line = |line: &str| {
        let url = below(directory, line.trim())?;
        Ok(Entry { url, updated: String::new(), digests: None, signature: None })
    };
    listed(text.lines().filter(|text| !text.trim().is_empty()).map(line).collect())
}

fn listed(entries: Result<Vec<Entry>, String>) -> Result<Vec<Entry>, String> {
    let entries = entries?;
    if entries.is_empty() { Err("is an empty list".to_owned()) } else { Ok(merged(vec![entries])) }
}

/// A path below a directory. It may begin with the end of the directory's own path, as CISA's do.
pub(crate) fn below(directory: &Url, path: &str) -> Result<Url, String> {
    let refused = || format!("has a path that is none: {:?}", shortened(path));
    let mut own = directory.path().trim_matches('/');
    let path = loop {
        if own.is_empty() {
            break path;
        }
        if let Some(rest) = path.strip_prefix(own).and_then(|rest| rest.strip_prefix('/')) {
            break rest;
        }
        own = own.split_once('/').map_or("", |(_, rest)| rest);
    };
    let climbs = path.split('/').any(|part| part == "..") || path.starts_with('/') || path.contains([':', '\\', '<']);
    if climbs || !unpack::has_ending(path, "json") {
        return Err(refused());
    }
    directory.join(path).map_err(|_| refused())
}

fn unquoted(cell: &str) -> &str {
    cell.trim().trim_matches('"')
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
