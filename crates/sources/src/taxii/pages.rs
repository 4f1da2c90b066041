//! Page after page of a collection's objects or of its manifest (TAXII 2.1 sections 3.4, 5.3 and 5.4).
//!
//! `next` repeats the question with all its other parameters; `more` without `next` goes on after the date of the page's last
//! object. A page that shows only what was shown before, or a token that was handed out before, ends the reading. A page that cannot
//! be read is asked for in smaller pieces until one object is left, and that one is owed.

use std::collections::HashSet;

use jiff::Timestamp;
use standards::taxii;
use url::Url;

use super::server;
use super::tally;
use crate::delivery::Content;
use crate::http::{Answer, Download, Reason};
use crate::session::{Problem, Session, without_mark};

/// Objects asked for at a time; servers may give fewer.
const LIMIT: usize = 1_000;

/// Most pages of one reading.
const MOST_PAGES: usize = 100_000;

/// Most objects that are stepped over in one reading.
const MOST_BROKEN: usize = 20;

/// Most objects in a row that are stepped over: more of them, and it is the server that is broken.
const MOST_IN_A_ROW: usize = 2;

/// Most small pages of one reading: what is left is asked for at the next poll.
const MOST_SMALL: usize = 80;

/// After so many good small pages larger ones are tried again.
const GOOD_SMALL: usize = 10;

/// Most pages in a row with nothing on them.
const MOST_EMPTY: usize = 50;

/// The listing that says what there is.
const MANIFEST: &str = "manifest";

/// What is asked for, page by page.
#[derive(Debug, Clone)]
pub(super) struct Listing {
    collection: Url,
    what: &'static str,
    added_after: Option<String>,
}

impl Listing {
    /// All versions of the objects added after a date.
    pub(super) fn objects(collection: &Url, added_after: Option<String>) -> Self {
        Self { collection: collection.clone(), what: "objects", added_after }
    }

    /// The manifest of all versions.
    pub(super) fn manifest(collection: &Url) -> Self {
        Self { collection: collection.clone(), what: MANIFEST, added_after: None }
    }

    fn url(&self, next: Option<&str>, limit: usize) -> Result<Url, String> {
        let mut url = server::join(&self.collection, self.what)?;
        let mut query = url.query_pairs_mut();
        query.append_pair("match[version]", "all").append_pair("limit", &limit.to_string());
        if let Some(after) = &self.added_after {
            query.append_pair("added_after", after);
        }
        if let Some(token) = next {
            query.append_pair("next", token);
        }
        drop(query);
        Ok(url)
    }
}

/// How a reading ended.
pub(super) enum Ended {
    /// Every page was read.
    Complete,
    /// It was given up: why, as a sentence.
    Early(String),
}

/// A page.
pub(super) struct Page {
    /// The bytes; none: they could not be had, which is owed.
    pub(super) download: Option<Download>,
    /// What stands on it.
    pub(super) entries: Vec<Entry>,
    /// Date added of its first entry.
    pub(super) first: Option<Timestamp>,
    /// Date added of its last entry, as written.
    pub(super) last: Option<String>,
    more: bool,
    next: Option<String>,
}

/// A version of an object.
pub(super) struct Entry {
    /// Identifier of the object.
    pub(super) id: String,
    /// Hash of the version's name.
    pub(super) hash: u64,
    /// Of a manifest: when it was added.
    pub(super) added: Option<Timestamp>,
    date_added: Option<String>,
}

/// Reads page after page and hands each to `each`.
pub(super) fn read(session: &mut Session<'_>, listing: Listing, each: &mut dyn FnMut(&mut Session<'_>, Page)) -> Ended {
    let mut walk = Walk {
        listing,
        next: None,
        reached: None,
        limit: LIMIT,
        broken: 0,
        in_a_row: 0,
        empty: 0,
        small: 0,
        streak: 0,
        tokens: HashSet::new(),
        shown: HashSet::new(),
    };
    for _ in 0..MOST_PAGES {
        match walk.page(session) {
            Ok(Some(page)) => match walk.step(session, page, each) {
                Step::On => {}
                Step::End(ended) => return ended,
            },
            Ok(None) => {}
            Err(sentence) => return Ended::Early(sentence),
        }
    }
    Ended::Early(format!("The collection goes on after {MOST_PAGES} pages."))
}

/// What comes after a page.
enum Step {
    On,
    End(Ended),
}

/// A reading in progress.
struct Walk {
    listing: Listing,
    next: Option<String>,
    /// Date added of the last object read, as written.
    reached: Option<String>,
    limit: usize,
    broken: usize,
    in_a_row: usize,
    empty: usize,
    /// Small pages so far.
    small: usize,
    /// Good small pages in a row.
    streak: usize,
    tokens: HashSet<String>,
    shown: HashSet<u64>,
}

impl Walk {
    /// The next page; none: it could not be read and is to be asked for in smaller pieces.
    fn page(&mut self, session: &mut Session<'_>) -> Result<Option<Page>, String> {
        let url = self.listing.url(self.next.as_deref(), self.limit)?;
        let problem = match ask(session, &url)? {
            Ok(page) => {
                self.in_a_row = 0;
                return Ok(Some(page));
            }
            Err(problem) => problem,
        };
        (self.next, self.streak) = (None, 0);
        self.listing.added_after = self.reached.clone().or_else(|| self.listing.added_after.take());
        if self.limit > 1 {
            self.limit = (self.limit / 10).max(1);
            return Ok(None);
        }
        (self.broken, self.in_a_row) = (self.broken + 1, self.in_a_row + 1);
        let page = if self.broken > MOST_BROKEN || self.in_a_row > MOST_IN_A_ROW {
            None
        } else {
            self.stepped_over(session, &problem)
        };
        self.limit = LIMIT;
        page.map(Some).ok_or_else(|| server::words(&problem))
    }

    /// The object that cannot be read, by what the manifest says of it. It is owed.
    fn stepped_over(&self, session: &mut Session<'_>, problem: &Problem) -> Option<Page> {
        if self.listing.what == MANIFEST {
            return None;
        }
        let manifest = Listing { what: MANIFEST, ..self.listing.clone() };
        let mut page = ask(session, &manifest.url(None, 1).ok()?).ok()?.ok()?;
        page.entries.truncate(1);
        let entry = page.entries.first()?;
        session.owe(format!("{}: {problem}.", entry.id));
        (page.first, page.last) = (entry.added, entry.date_added.clone());
        page.last.as_ref()?;
        (page.download, page.more, page.next) = (None, true, None);
        Some(page)
    }

    /// Hands a page on and says how to go on after it.
    fn step(&mut self, session: &mut Session<'_>, page: Page, each: &mut dyn FnMut(&mut Session<'_>, Page)) -> Step {
        let early = |reason: &str, told: &str| Step::End(Ended::Early(format!("{told} {reason}.")));
        let told = page.download.as_ref().map(|download| download.exchange.from.clone()).unwrap_or_default();
        let (more, token, last) = (page.more, page.next.clone(), page.last.clone());
        let fresh = page.entries.iter().filter(|entry| self.shown.insert(entry.hash)).count();
        let is_empty = page.entries.is_empty();
        if fresh > 0 || is_empty {
            each(session, page);
        }
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        let moved = last.is_some() && last != self.reached;
        self.reached = last.or_else(|| self.reached.take());
        if !more {
            return Step::End(Ended::Complete);
        }
        if fresh == 0 && !is_empty || self.empty > MOST_EMPTY {
            return early("says that there is more and shows nothing new: a page loop", &told);
        }
        if self.limit < LIMIT {
            (self.small, self.streak) = (self.small + 1, self.streak + 1);
            if self.small >= MOST_SMALL {
                return early("could be read in small pieces only; the rest is asked for next time", &told);
            }
            if self.streak >= GOOD_SMALL && moved {
                // A larger page is another question, so it goes on by date.
                (self.limit, self.streak) = (self.limit * 10, 0);
                (self.next, self.listing.added_after) = (None, self.reached.clone());
                return Step::On;
            }
        }
        match token {
            Some(token) if self.tokens.contains(&token) => {
                return early("hands out a page token for the second time: a page loop", &told);
            }
            Some(token) => {
                self.tokens.insert(token.clone());
                self.next = Some(token);
            }
            None if moved => (self.next, self.listing.added_after) = (None, self.reached.clone()),
            None => return early("says that there is more, and not how to go on", &told),
        }
        Step::On
    }
}

/// Asks for a page. The outer error ends the reading, the inner one may be over with a smaller page.
fn ask(session: &mut Session<'_>, url: &Url) -> Result<Result<Page, Problem>, String> {
    let request = server::request(session, url.clone());
    let mut attempt = 1;
    loop {
        let download = match session.get(&request) {
            Ok(Answer::Body(download)) => download,
            Ok(Answer::Unchanged(_)) => {
                return Err(format!("{url} answered that nothing has changed, which was not asked."));
            }
            Err(failure) if matches!(failure.reason, Reason::TooLarge { .. }) => return Ok(Err(failure.into())),
            Err(failure) => return Err(server::words(&failure.into())),
        };
        let Some(reason) = unreadable(&download) else { return Ok(Ok(page(download))) };
        // Kept as evidence. A sink that cannot archive says so with the next document, too.
        let _ = session.hand_over(&download, Content::Index);
        if attempt >= session.config.limits.document_attempts {
            return Ok(Err(Problem::Unusable { from: download.exchange.from.clone(), reason }));
        }
        session.http.wait_before_repeat(attempt);
        attempt += 1;
    }
}

/// Why a page cannot be read.
fn unreadable(download: &Download) -> Option<String> {
    let bytes = match download.bytes() {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("could not be read from the spool: {error}")),
    };
    serde_json::from_slice::<taxii::Page<'_>>(without_mark(&bytes)).err().map(|_| server::not_json())
}

/// What stands on a page that can be read.
fn page(download: Download) -> Page {
    let bytes = download.bytes().unwrap_or_default();
    let read: taxii::Page<'_> = serde_json::from_slice(without_mark(&bytes)).unwrap_or_default();
    let header = |name: &str| download.header(name).next().map(|text| text.trim().to_owned());
    let (first, last) = (header(taxii::DATE_ADDED_FIRST), header(taxii::DATE_ADDED_LAST));
    let entries: Vec<Entry> = read
        .objects
        .values()
        .filter(|(_, listed)| !listed.id.as_str().is_empty())
        .map(|(_, listed)| Entry {
            id: listed.id.as_str().to_owned(),
            hash: tally::hash(listed.id.as_str(), listed.version()),
            added: listed.date_added.as_str().parse().ok(),
            date_added: listed.date_added.value().map(ToString::to_string),
        })
        .collect();
    let more = read.more.value().copied().unwrap_or(false);
    let next = read.next.value().map(ToString::to_string).filter(|token| !token.is_empty());
    Page {
        entries,
        first: first.and_then(|text| text.parse().ok()),
        last: last.filter(|text| text.parse::<Timestamp>().is_ok()),
        more,
        next,
        download: Some(download),
    }
}

#[cfg(test)]
pub(super) fn entry(id: &str, version: &str) -> Entry {
    Entry { id: id.to_owned(), hash: tally::hash(id, version), added: None, date_added: None }
}

#[cfg(test)]
pub(super) fn of(entries: Vec<Entry>, first: &str, last: &str) -> Page {
    let (first, last) = (first.parse().ok(), Some(last.to_owned()));
    Page { download: None, entries, first, last, more: false, next: None }
}
