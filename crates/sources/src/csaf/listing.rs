//! Lists of documents: a ROLIE feed (CSAF 2.0, 7.1.15; RFC 8322), or a directory's `index.txt` and `changes.csv` (7.1.12, 7.1.13).
//!
//! Their order is not relied on. CISA's directory has paths from its repository's root, unquoted and grouped by type.

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::may_lead_to;
use super::metadata::Metadata;
use crate::http::Validators;
use crate::session::{Problem, Session};
use crate::unpack;

/// A listed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) url: Url,
    /// Its date as listed, in the list's own words.
    pub(super) updated: String,
    /// Addresses of its digests; none where the list does not name them.
    pub(super) digests: Option<Vec<Url>>,
}

/// What a list says.
#[derive(Debug)]
pub(super) enum Listed {
    Unchanged,
    Entries { entries: Vec<Entry>, validators: Validators, updated: Option<Timestamp> },
}

/// Reads a list; a broken feed's directory in its stead.
pub(super) fn read(
    session: &mut Session<'_>,
    metadata: &Metadata,
    list: &Url,
    known: Option<&Validators>,
) -> Result<Listed, Problem> {
    if metadata.is_directory(list) {
        return directory(session, list, known);
    }
    let request = session.archive(list.clone()).if_changed(known);
    match session.index(&request, &|bytes| feed(bytes, list)) {
        Ok(None) => Ok(Listed::Unchanged),
        Ok(Some(((entries, updated), validators))) => Ok(Listed::Entries { entries, validators, updated }),
        Err(problem) => match metadata.directory_of(list) {
            Some(directory_url) => {
                session.owe(format!("{problem}; its directory was read instead."));
                directory(session, directory_url, None)
            }
            None => Err(problem),
        },
    }
}

/// Reads a ROLIE feed.
///
/// # Errors
/// A fragment: it is none, or leads where it may not.
pub(super) fn feed(bytes: &[u8], at: &Url) -> Result<(Vec<Entry>, Option<Timestamp>), String> {
    let raw: Raw = serde_json::from_slice(bytes).map_err(|error| format!("is no ROLIE feed: {error}"))?;
    let mut entries = Vec::new();
    for entry in raw.feed.entry {
        let (mut own, mut digests) = (entry.content.map(|content| content.src), Vec::new());
        for link in entry.link {
            match link.rel.as_str() {
                "self" => own = own.or(Some(link.href)),
                "hash" => digests.push(link.href),
                _ => {}
            }
        }
        let place = own.ok_or_else(|| format!("has an entry without an address: {:?}", entry.id))?;
        let digests = digests.iter().map(|digest| resolve(at, digest)).collect::<Result<_, _>>()?;
        entries.push(Entry { url: resolve(at, &place)?, updated: entry.updated, digests: Some(digests) });
    }
    if entries.is_empty() {
        Err("is an empty feed".to_owned())
    } else {
        Ok((entries, raw.feed.updated.and_then(|at| at.parse().ok())))
    }
}

fn resolve(at: &Url, link: &str) -> Result<Url, String> {
    let url = at.join(link).map_err(|error| format!("has an address that cannot be read: {link:?}: {error}"))?;
    if may_lead_to(at, &url) { Ok(url) } else { Err(format!("leads to {url} without TLS, which is refused")) }
}

fn directory(session: &mut Session<'_>, list: &Url, known: Option<&Validators>) -> Result<Listed, Problem> {
    let place = |name: &str| {
        list.join(name).map_err(|error| Problem::Unusable { from: list.to_string(), reason: error.to_string() })
    };
    let request = session.archive(place("changes.csv")?).if_changed(known);
    let Some((mut entries, validators)) = session.index(&request, &|bytes| changes(bytes, list))? else {
        return Ok(Listed::Unchanged);
    };
    let request = session.archive(place("index.txt")?);
    match session.index(&request, &|bytes| index(bytes, list)) {
        Ok(Some((indexed, _))) => {
            let dated: std::collections::HashSet<Url> = entries.iter().map(|entry| entry.url.clone()).collect();
            entries.extend(indexed.into_iter().filter(|entry| !dated.contains(&entry.url)));
        }
        Ok(None) => {}
        Err(problem) => session.owe_document(&problem),
    }
    let updated = entries.iter().filter_map(|entry| entry.updated.parse().ok()).max();
    Ok(Listed::Entries { entries, validators, updated })
}

/// Reads `changes.csv`: path and date, quoted or not.
pub(super) fn changes(bytes: &[u8], directory: &Url) -> Result<Vec<Entry>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no list of changes: it is no UTF-8".to_owned())?;
    let line = |line: &str| {
        let (path, date) =
            line.split_once(',').ok_or_else(|| format!("is no list of changes: {:?}", shortened(line)))?;
        let date = unquoted(date);
        date.parse::<Timestamp>().map_err(|_| format!("has a date that cannot be read: {:?}", shortened(date)))?;
        Ok(Entry { url: below(directory, unquoted(path))?, updated: date.to_owned(), digests: None })
    };
    listed(text.lines().filter(|text| !text.trim().is_empty()).map(line).collect())
}

/// Reads `index.txt`: a path on each line.
pub(super) fn index(bytes: &[u8], directory: &Url) -> Result<Vec<Entry>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no list of paths: it is no UTF-8".to_owned())?;
    let line = |line: &str| Ok(Entry { url: below(directory, line.trim())?, updated: String::new(), digests: None });
    listed(text.lines().filter(|text| !text.trim().is_empty()).map(line).collect())
}

fn listed(entries: Result<Vec<Entry>, String>) -> Result<Vec<Entry>, String> {
    entries.and_then(|entries| if entries.is_empty() { Err("is an empty list".to_owned()) } else { Ok(entries) })
}

/// A path below a directory. It may begin with the end of the directory's own path, as CISA's do.
fn below(directory: &Url, path: &str) -> Result<Url, String> {
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

#[derive(Deserialize)]
struct Raw {
    feed: RawFeed,
}

#[derive(Deserialize)]
struct RawFeed {
    #[serde(default)]
    updated: Option<String>,
    #[serde(default)]
    entry: Vec<RawEntry>,
}

#[derive(Deserialize)]
struct RawEntry {
    #[serde(default)]
    id: String,
    #[serde(default)]
    updated: String,
    #[serde(default)]
    content: Option<RawContent>,
    #[serde(default)]
    link: Vec<RawLink>,
}

#[derive(Deserialize)]
struct RawContent {
    src: String,
}

#[derive(Deserialize)]
struct RawLink {
    #[serde(default)]
    rel: String,
    href: String,
}
