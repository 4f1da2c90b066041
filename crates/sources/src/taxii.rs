//! A collection of a TAXII 2.1 server (OASIS, 10 June 2021).
//!
//! `url` is the server's discovery resource or an API root; the collection is found by its identifier, alias or title. Objects are
//! asked for with `added_after`, the largest date added of the last good poll, in every version, so that earlier editions are
//! archived, too. The collection's manifest then says whether what was ever read is what there is: the number of versions and a
//! sum over their names. Where they differ, the collection is read from its beginning, and what it no longer shows is gone.
//!
//! The cursor never stands behind an object that was not read: when a poll ends early it goes back to a date before the first of
//! them, and two polls may read the same object. Wrong credentials are tried once: accounts lock.

mod pages;
mod server;
mod tally;

use std::collections::HashSet;

use domain::normalise::Format;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{Content, End};
use crate::http::Download;
use crate::session::Session;
use pages::{Ended, Listing, Page};
use tally::Tally;

/// Manifests of so many versions are compared at every poll; larger ones when something came, and once in a while.
const SMALL: u64 = 1_000;

/// How long a comparison with a large manifest holds, and how long one waits before reading a whole collection again that does not
/// agree with its own manifest.
const HOLDS: SignedDuration = SignedDuration::from_hours(20);

/// Pages that are kept on the spool until all of them are there.
const SPOOLED: usize = 200;

/// Where the last poll ended.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// Where the collection was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    collection: Option<Url>,
    #[serde(flatten)]
    mark: Mark,
    /// When the manifest last agreed with what was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<Timestamp>,
    /// When the whole collection was last read because it did not agree with its manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_again: Option<Timestamp>,
}

/// A point of the collection up to which everything was read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Mark {
    /// Everything added until then, as the server wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    added_after: Option<String>,
    /// The versions read until then.
    tally: Tally,
}

/// What one reading of the objects brought.
#[derive(Default)]
struct Reading {
    /// One mark a page, after the one it began at.
    marks: Vec<Mark>,
    /// Date added of the first object that was not taken in, if the server says it.
    damaged: Option<Timestamp>,
    /// Whether anything was not taken in.
    is_damaged: bool,
    /// Versions that this reading showed.
    shown: HashSet<u64>,
    /// Versions that it showed and no earlier page of it had shown.
    fresh: usize,
}

pub(crate) fn run(mut session: Session<'_>, wanted: &str) -> End {
    let mut cursor: Cursor = session.cursor();
    let collection = match find(&mut session, &mut cursor, wanted) {
        Ok(collection) => collection,
        Err(sentence) => return session.end_with(sentence),
    };
    let is_first = cursor.mark.added_after.is_none();
    let listing = Listing::objects(&collection, cursor.mark.added_after.clone());
    let mut reading = Reading { marks: vec![cursor.mark.clone()], ..Reading::default() };
    let ended = pages::read(&mut session, listing, &mut |session, page| take(session, &mut reading, &page));
    if let Ended::Early(sentence) = &ended {
        session.owe(sentence.clone());
    }
    cursor.mark = reading.safe_mark(matches!(ended, Ended::Complete));
    if !session.owes() && cursor.is_due(reading.fresh, session.clock.now()) {
        compare(&mut session, &mut cursor, &collection, is_first.then_some(&reading));
    }
    session.end(&cursor)
}

/// Where the collection is: as last time, unless it is no longer there.
fn find(session: &mut Session<'_>, cursor: &mut Cursor, wanted: &str) -> Result<Url, String> {
    if let Some(known) = cursor.collection.take()
        && server::is_there(session, &known)?
    {
        cursor.collection = Some(known.clone());
        return Ok(known);
    }
    let found = server::collection(session, wanted)?;
    cursor.collection = Some(found.clone());
    Ok(found)
}

/// Takes a page in and remembers how far it reaches.
fn take(session: &mut Session<'_>, reading: &mut Reading, page: &Page) {
    let Some(download) = &page.download else { return reading.damage(page.first) };
    reading.count(page);
    if !hand_over(session, download, page.entries.is_empty()) {
        reading.damage(page.first);
    }
    session.progress(reading.shown.len(), None, "objects");
}

/// Whether all of a page could be taken in; what could not is owed.
fn hand_over(session: &mut Session<'_>, download: &Download, is_empty: bool) -> bool {
    let content = if is_empty { Content::Index } else { Content::Document(Format::Stix) };
    match session.hand_over(download, content) {
        Ok(taken) => taken.quarantined == 0,
        Err(problem) => {
            session.owe_document(&problem);
            false
        }
    }
}

impl Reading {
    /// Counts the versions of a page and sets a mark at its end.
    fn count(&mut self, page: &Page) {
        let mut mark = self.marks.last().cloned().unwrap_or_default();
        for entry in &page.entries {
            if self.shown.insert(entry.hash) {
                mark.tally.add(entry.hash);
                self.fresh += 1;
            }
        }
        if let Some(last) = &page.last {
            mark.added_after = Some(last.clone());
        }
        self.marks.push(mark);
    }

    fn damage(&mut self, first: Option<Timestamp>) {
        if !self.is_damaged {
            (self.is_damaged, self.damaged) = (true, first);
        }
    }

    /// The last mark before which everything was read. Objects may share a date, so a mark counts only if its date is
    /// earlier than that of the first object that may be missing.
    fn safe_mark(&self, is_complete: bool) -> Mark {
        let date = |mark: &Mark| mark.added_after.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
        let last = self.marks.last().cloned().unwrap_or_default();
        if is_complete && !self.is_damaged {
            return last;
        }
        let limit = if self.is_damaged { self.damaged } else { date(&last) };
        let is_safe = |mark: &&Mark| limit.is_some_and(|limit| date(mark).is_some_and(|date| date < limit));
        let begin = self.marks.first().cloned().unwrap_or_default();
        self.marks.iter().rev().find(is_safe).cloned().unwrap_or(begin)
    }
}

impl Cursor {
    /// Whether the manifest is to be looked at.
    fn is_due(&self, fresh: usize, now: Timestamp) -> bool {
        fresh > 0 || self.mark.tally.count() <= SMALL || self.compared.is_none_or(|at| now.duration_since(at) >= HOLDS)
    }
}

/// Compares what was ever read with the collection's manifest; reads the whole collection where they differ.
fn compare(session: &mut Session<'_>, cursor: &mut Cursor, collection: &Url, whole: Option<&Reading>) {
    let now = session.clock.now();
    let manifest = match Manifest::read(session, collection, cursor.mark.added_after.as_deref()) {
        Ok(manifest) => manifest,
        Err(sentence) => return session.owe(sentence),
    };
    cursor.compared = None;
    session.stated = Some(manifest.ids.len() as u64);
    if manifest.tally == cursor.mark.tally {
        session.check("The manifest (versions of objects)", manifest.tally.count(), cursor.mark.tally.count());
        session.full_set = whole.is_some();
        cursor.compared = Some(now);
        return;
    }
    let tried = cursor.read_again.is_some_and(|at| now.duration_since(at) < HOLDS);
    if let Some(reading) = whole {
        return manifest.owe_difference(session, reading);
    }
    if tried {
        return session.owe(format!(
            "The manifest lists {} versions of objects, and {} were read; the whole collection was read again less than a day ago.",
            manifest.tally.count(),
            cursor.mark.tally.count()
        ));
    }
    read_again(session, cursor, collection, &manifest);
}

/// Reads the collection from its beginning. Its pages are taken in together: half of them would show old editions as the latest.
fn read_again(session: &mut Session<'_>, cursor: &mut Cursor, collection: &Url, manifest: &Manifest) {
    let mut reading = Reading { marks: vec![Mark::default()], ..Reading::default() };
    let mut spooled: Vec<(Download, bool)> = Vec::new();
    let ended = pages::read(session, Listing::objects(collection, None), &mut |session, page| {
        let Some(_) = &page.download else { return reading.damage(page.first) };
        reading.count(&page);
        let is_empty = page.entries.is_empty();
        spooled.extend(page.download.map(|download| (download, is_empty)));
        if spooled.len() > SPOOLED {
            for (download, is_empty) in spooled.drain(..) {
                reading.is_damaged |= !hand_over(session, &download, is_empty);
            }
        }
    });
    if let Ended::Early(sentence) = ended {
        return session.owe(sentence);
    }
    for (download, is_empty) in spooled {
        reading.is_damaged |= !hand_over(session, &download, is_empty);
    }
    if session.owes() || reading.is_damaged {
        return;
    }
    cursor.read_again = Some(session.clock.now());
    cursor.mark = reading.marks.last().cloned().unwrap_or_default();
    if manifest.tally == cursor.mark.tally {
        session.check("The manifest (versions of objects)", manifest.tally.count(), cursor.mark.tally.count());
        session.full_set = true;
        cursor.compared = cursor.read_again;
    } else {
        manifest.owe_difference(session, &reading);
    }
}

/// What the collection says that it holds.
#[derive(Default)]
struct Manifest {
    tally: Tally,
    /// Identifiers of the objects.
    ids: HashSet<String>,
    /// Versions with the identifiers of their objects.
    versions: Vec<(u64, String)>,
}

impl Manifest {
    /// Reads it up to the date `until`: what was added later comes with the next poll.
    fn read(session: &mut Session<'_>, collection: &Url, until: Option<&str>) -> Result<Self, String> {
        let until: Option<Timestamp> = until.and_then(|text| text.parse().ok());
        let mut found = Self::default();
        let mut shown = HashSet::new();
        let ended = pages::read(session, Listing::manifest(collection), &mut |session, page| {
            for entry in page.entries {
                let is_later = until.zip(entry.added).is_some_and(|(until, added)| added > until);
                if !is_later && shown.insert(entry.hash) {
                    found.tally.add(entry.hash);
                    found.ids.insert(entry.id.clone());
                    found.versions.push((entry.hash, entry.id));
                }
            }
            if let Some(download) = page.download {
                hand_over(session, &download, true);
            }
        });
        match ended {
            Ended::Complete => Ok(found),
            Ended::Early(sentence) => Err(sentence),
        }
    }

    /// Names what the manifest lists and the collection does not show, and the other way round.
    fn owe_difference(&self, session: &mut Session<'_>, reading: &Reading) {
        let missing: Vec<&str> = self
            .versions
            .iter()
            .filter(|(hash, _)| !reading.shown.contains(hash))
            .map(|(_, id)| id.as_str())
            .take(5)
            .collect();
        let what = "The manifest (versions of objects)";
        if self.tally.count() == reading.shown.len() as u64 {
            session.owe(format!("{what} names other versions than the collection shows: {}.", missing.join(", ")));
        } else {
            session.check(what, self.tally.count(), reading.shown.len());
            if !missing.is_empty() {
                session.owe(format!("Listed and not shown: {}.", missing.join(", ")));
            }
        }
    }
}

#[cfg(test)]
mod tests;
