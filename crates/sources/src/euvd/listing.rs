//! Paging through the search while it moves.

use std::collections::HashSet;

use domain::model::raw::Digest;
use domain::model::tlp::Tlp;
use domain::normalise::{Context, Format, split, translate};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use url::Url;

use super::{AGAIN, Cursor};
use crate::delivery::Content;
use crate::http::{Answer, Download, Request};
use crate::session::{Problem, Session, without_mark};

/// Most records of a page.
const PAGE: u64 = 100;
/// Another length: a second reading with other borders shows what slipped through the first one's.
const OTHER_PAGE: u64 = 97;
/// Pages that nothing new stands on before a listing is given up.
const PAGES_BEYOND: u64 = 3;

/// A search.
#[derive(Debug)]
pub(super) struct Listing<'u> {
    base: &'u Url,
    query: String,
    seen: HashSet<String>,
    /// As stated last.
    pub(super) total: u64,
    /// A record without a readable identifier was set aside: it can only be had with its page.
    pub(super) nameless: bool,
}

/// A page, as far as its reader needs it.
struct Page {
    ids: Vec<String>,
    total: u64,
}

impl<'u> Listing<'u> {
    pub(super) fn new(base: &'u Url, query: &str) -> Self {
        Self { base, query: query.to_owned(), seen: HashSet::new(), total: 0, nameless: false }
    }

    /// Distinct identifiers so far.
    pub(super) fn seen(&self) -> u64 {
        self.seen.len() as u64
    }

    /// Reads the listing from a page on, and once more with other pages when it shows fewer records than it states.
    ///
    /// # Errors
    /// A sentence; `page` is where to go on.
    pub(super) fn read(
        &mut self,
        page: &mut u64,
        session: &mut Session<'_>,
        cursor: &mut Cursor,
    ) -> Result<(), String> {
        let from_start = *page == 0;
        self.pages(PAGE, page, session, cursor)?;
        if from_start && self.seen() < self.total && !session.owes() {
            self.pages(OTHER_PAGE, &mut 0, session, cursor)?;
        }
        Ok(())
    }

    fn pages(
        &mut self,
        size: u64,
        number: &mut u64,
        session: &mut Session<'_>,
        cursor: &mut Cursor,
    ) -> Result<(), String> {
        let (first, mut stale) = (*number, 0);
        // A second reading ends where the first one did: what it shows is mostly known.
        let most = if size == PAGE { u64::MAX } else { self.total };
        loop {
            let page = self.page(size, *number, session, cursor).map_err(|problem| format!("{problem}."))?;
            let (shown, known) = (page.ids.len() as u64, self.seen());
            self.total = page.total;
            self.seen.extend(page.ids.into_iter().filter(|id| !id.is_empty()));
            *number += 1;
            session.progress(usize::try_from(*number * size).unwrap_or(0), usize::try_from(self.total).ok(), "records");
            stale = if self.seen() == known { stale + 1 } else { 0 };
            let is_behind = *number * size >= self.total;
            // A short page ends the listing, unless its total says that there is more. So does one without anything new,
            // when the total would have it ended, or when it is not the first of its kind.
            let ends = shown == 0
                || shown < size && is_behind
                || stale > 0 && is_behind && *number > first + 1
                || stale >= PAGES_BEYOND && size == PAGE
                || *number * size >= most;
            if ends {
                return Ok(());
            }
        }
    }

    /// The number of records.
    ///
    /// # Errors
    /// A sentence.
    pub(super) fn ask_total(&self, session: &mut Session<'_>) -> Result<u64, String> {
        let request = self.request(1, 0, session)?;
        match session.index(&request, &|bytes| look(bytes).map(|(page, _)| page.total)) {
            Ok(Some((total, _))) => Ok(total),
            Ok(None) => Err("EUVD did not state its total.".to_owned()),
            Err(problem) => Err(format!("{problem}.")),
        }
    }

    /// Fetches a page and hands it over; asks again for one that is unusable, or shorter than it should be.
    fn page(
        &mut self,
        size: u64,
        number: u64,
        session: &mut Session<'_>,
        cursor: &mut Cursor,
    ) -> Result<Page, Problem> {
        let unusable = |from: &str, reason: String| Problem::Unusable { from: from.to_owned(), reason };
        let request = self.request(size, number, session).map_err(|reason| unusable(self.base.as_str(), reason))?;
        let mut attempt = 1;
        loop {
            let last = attempt >= session.config.limits.document_attempts;
            let download = match session.get(&request)? {
                Answer::Body(download) => download,
                Answer::Unchanged(exchange) => {
                    let reason = "answered that nothing has changed, which was not asked".to_owned();
                    return Err(unusable(&exchange.from, reason));
                }
            };
            let bytes = download.bytes();
            let looked = bytes.map_err(|error| format!("could not be read from the spool: {error}"));
            let looked = looked.and_then(|bytes| look(without_mark(&bytes)));
            let result = match looked {
                Ok((page, _)) if is_short(&page, size, number) && !last => {
                    Err(unusable(&download.exchange.from, "is shorter than its place in the list allows".to_owned()))
                }
                Ok((page, updates)) => self.hand_over(&download, updates, session, cursor).map(|()| page),
                Err(reason) => {
                    // The sink finds the same; it is asked so that the bytes are kept.
                    let _ = session.hand_over(&download, Content::Index);
                    Err(unusable(&download.exchange.from, reason))
                }
            };
            match result {
                Err(_) if !last => session.http.wait_before_repeat(attempt),
                result => return result,
            }
            attempt += 1;
        }
    }

    fn hand_over(
        &mut self,
        download: &Download,
        updates: Vec<Timestamp>,
        session: &mut Session<'_>,
        cursor: &mut Cursor,
    ) -> Result<(), Problem> {
        let taken = session.hand_over(download, Content::Document(Format::Euvd))?;
        let now = session.clock.now();
        cursor.newest = cursor.newest.max(updates.into_iter().filter(|at| *at <= now).max());
        if taken.quarantined > 0
            && let Ok(bytes) = download.bytes()
        {
            for id in unreadable(without_mark(&bytes)) {
                if id.is_empty() {
                    self.nameless = true;
                } else if cursor.again.len() < AGAIN && !cursor.again.contains(&id) {
                    cursor.again.push(id);
                }
            }
        }
        Ok(())
    }

    fn request(&self, size: u64, number: u64, session: &Session<'_>) -> Result<Request, String> {
        let filter = if self.query.is_empty() { String::new() } else { format!("{}&", self.query) };
        let mut request =
            session.document(address(self.base, "search", &format!("{filter}page={number}&size={size}"))?);
        request.accept = "application/json";
        Ok(request)
    }
}

/// The address of a part of the interface.
///
/// # Errors
/// A sentence: the base is none.
pub(super) fn address(base: &Url, name: &str, query: &str) -> Result<Url, String> {
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| format!("The address {base} cannot be the base of others."))?
        .pop_if_empty()
        .extend(["api", name]);
    url.set_query(Some(query));
    Ok(url)
}

/// A page in the middle of a listing has to be full.
fn is_short(page: &Page, size: u64, number: u64) -> bool {
    let shown = page.ids.len() as u64;
    shown < size && number * size + shown < page.total
}

/// What a page says about itself: its records, its total, and when its records were updated.
fn look(bytes: &[u8]) -> Result<(Page, Vec<Timestamp>), String> {
    let (mut ids, mut updates) = (Vec::new(), Vec::new());
    let statement = split(Format::Euvd, bytes, &mut |record| {
        updates.extend(updated(record.bytes));
        ids.push(record.id);
    })
    .map_err(|fault| format!("is no page of the search: {fault}"))?;
    let total = statement.stated_total.ok_or_else(|| "does not state its total".to_owned())?;
    Ok((Page { ids, total }, updates))
}

/// When a record was updated, in US English: `Aug 7, 2025, 7:05:08 PM`.
pub(super) fn updated(record: &[u8]) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Dated<'a> {
        #[serde(rename = "dateUpdated", borrow)]
        at: std::borrow::Cow<'a, str>,
    }
    let dated: Dated<'_> = serde_json::from_slice(record).ok()?;
    let text: String = dated.at.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
    let local = DateTime::strptime("%b %d, %Y, %I:%M:%S %p", text).ok()?;
    TimeZone::UTC.to_timestamp(local).ok()
}

/// The identifiers of a page's records that cannot be read.
fn unreadable(bytes: &[u8]) -> Vec<String> {
    let source = domain::model::source::SourceId(String::new());
    let family = domain::model::source::Family::National;
    let object = Digest([0; 32]);
    let context = Context { source: &source, family, object, entry: "", from: "", tlp: Tlp::Clear, document: bytes };
    let mut found = Vec::new();
    // The page was cut before.
    let _ = split(Format::Euvd, bytes, &mut |record| {
        if translate(Format::Euvd, &record, &context).is_err() {
            found.push(record.id);
        }
    });
    found
}
