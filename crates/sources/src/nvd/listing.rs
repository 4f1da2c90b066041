//! Paging through a listing that moves.

use std::collections::HashSet;

use domain::normalise::{Format, Page, split};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::Content;
use crate::http::{Answer, Download, Request};
use crate::session::{Problem, Session, without_mark};

/// Most and default records of a page.
const PAGE: u64 = 2000;
/// Records that a page repeats of the one before.
const OVERLAP: u64 = 10;
/// How often a page that does not join on is looked for further back.
const STEPS_BACK: u32 = 3;

/// How far a listing has been read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// Position of the next page's first record.
    pub(super) next: u64,
    /// Distinct identifiers before it.
    seen: u64,
    /// The last identifiers before it: the next page has to repeat one.
    tail: Vec<String>,
}

/// Why reading ended before the end of the listing.
#[derive(Debug)]
pub(super) enum Stop {
    /// A page could not be had: goes on at [`Place`].
    Broken(String),
    /// Fewer records came than are stated: begins anew.
    Missing(String),
}

/// A listing of the API.
#[derive(Debug)]
pub(super) struct Listing {
    url: Url,
    /// NVD's own time at the first page of all.
    pub(super) their_time: Option<Timestamp>,
    /// The total as stated last.
    pub(super) total: Option<u64>,
    /// Positions of pages with unreadable records.
    pub(super) quarantined: Vec<u64>,
}

/// A page that was taken in.
struct Taken {
    page: Page,
    ids: Vec<String>,
    quarantined: u64,
}

impl Listing {
    pub(super) fn new(url: Url) -> Self {
        Self { url, their_time: None, total: None, quarantined: Vec::new() }
    }

    /// Reads the listing of `query` from `place` on, taking in page after page.
    pub(super) fn read(&mut self, query: &str, place: &mut Place, session: &mut Session<'_>) -> Result<(), Stop> {
        let mut seen: HashSet<String> = place.tail.iter().cloned().collect();
        let before = place.seen.saturating_sub(seen.len() as u64);
        let (mut most, mut steps, mut stepped) = (u64::MAX, 0, false);
        while place.next < most {
            let taken = self.page(query, place.next, session).map_err(|problem| Stop::Broken(format!("{problem}.")))?;
            most = if most == u64::MAX { taken.page.total } else { most.max(taken.page.total) };
            self.total = Some(taken.page.total);
            if taken.quarantined > 0 {
                self.quarantined.push(taken.page.start);
            }
            let joins = taken.page.start == 0 || taken.ids.first().is_none_or(|id| seen.contains(id));
            let (shown, known) = (taken.ids.len() as u64, seen.len());
            seen.extend(taken.ids.iter().filter(|id| !id.is_empty()).cloned());
            // Whatever the total says: a page with nothing new is the end, unless it was asked for to find the joint.
            if seen.len() == known && taken.quarantined == 0 && !std::mem::take(&mut stepped) && place.next > 0
                || shown == 0
            {
                break;
            }
            if !joins && steps < STEPS_BACK {
                (steps, stepped) = (steps + 1, true);
                place.next = place.next.saturating_sub(PAGE / 2);
                continue;
            }
            let end = place.next + shown;
            place.next = if end >= most { end } else { end.saturating_sub(OVERLAP).max(place.next + 1) };
            place.seen = before + seen.len() as u64;
            place.tail =
                taken.ids[taken.ids.len().saturating_sub(2 * usize::try_from(OVERLAP).unwrap_or(0))..].to_vec();
            session.progress(usize::try_from(end.min(most)).unwrap_or(0), usize::try_from(most).ok(), "records");
        }
        let (seen, total) = (before + seen.len() as u64, self.total.unwrap_or(0));
        if seen < total && self.quarantined.is_empty() {
            return Err(Stop::Missing(format!(
                "NVD states {total} records and showed {seen} while its list moved; the list is asked for again."
            )));
        }
        Ok(())
    }

    /// Whether the page at `start` of the whole listing can now be read in full; what it holds is taken in.
    pub(super) fn page_is_whole(&mut self, start: u64, session: &mut Session<'_>) -> bool {
        match self.page("", start.saturating_sub(OVERLAP), session) {
            Ok(taken) => taken.quarantined == 0,
            Err(problem) => {
                session.owe_document(&problem);
                false
            }
        }
    }

    /// The number of records that `query` asks for; of all, when it is empty.
    ///
    /// # Errors
    /// A sentence.
    pub(super) fn ask_total(&mut self, query: &str, session: &mut Session<'_>) -> Result<u64, String> {
        let request = self.request(query, 0, 1, session);
        let read = |bytes: &[u8]| {
            let statement = split(Format::NvdPage, bytes, &mut |_| {}).map_err(|fault| fault.to_string())?;
            statement.stated_total.ok_or_else(|| "does not state its total".to_owned())
        };
        match session.index(&request, &read) {
            Ok(Some((total, _))) => Ok(total),
            Ok(None) => Err("NVD did not state its total.".to_owned()),
            Err(problem) => Err(format!("{problem}.")),
        }
    }

    /// Fetches a page and hands it over; asks again for one that is unusable or shorter than it should be.
    fn page(&mut self, query: &str, start: u64, session: &mut Session<'_>) -> Result<Taken, Problem> {
        let request = self.request(query, start, PAGE, session);
        let mut attempt = 1;
        loop {
            let last = attempt >= session.config.limits.document_attempts;
            let download = match session.get(&request)? {
                Answer::Body(download) => download,
                Answer::Unchanged(exchange) => {
                    let reason = "answered that nothing has changed, which was not asked".to_owned();
                    return Err(Problem::Unusable { from: exchange.from, reason });
                }
            };
            let result = match self.look(&download, start) {
                Ok(page) if is_short(&page.0, page.1.len()) && !last => Err(short(&download)),
                Ok((page, ids)) => session
                    .hand_over(&download, Content::Document(Format::NvdPage))
                    .map(|taken| Taken { page, ids, quarantined: taken.quarantined }),
                Err(reason) => {
                    // The sink finds the same; it is asked so that the bytes are kept.
                    let _ = session.hand_over(&download, Content::Index);
                    Err(Problem::Unusable { from: download.exchange.from.clone(), reason })
                }
            };
            match result {
                Err(_) if !last => session.http.wait_before_repeat(attempt),
                result => return result,
            }
            attempt += 1;
        }
    }

    /// What a page says about itself, and the identifiers on it.
    fn look(&mut self, download: &Download, start: u64) -> Result<(Page, Vec<String>), String> {
        let bytes = download.bytes().map_err(|error| format!("could not be read from the spool: {error}"))?;
        let mut ids = Vec::new();
        let statement = split(Format::NvdPage, without_mark(&bytes), &mut |record| ids.push(record.id))
            .map_err(|fault| format!("is no page of the API: {fault}"))?;
        self.their_time = self.their_time.or(statement.data_timestamp);
        let total = statement.stated_total.ok_or_else(|| "does not state its total".to_owned())?;
        let page = statement.page.unwrap_or(Page { start, len: ids.len() as u64, total });
        if page.start != start {
            return Err(format!("begins at record {} instead of {start}", page.start));
        }
        Ok((page, ids))
    }

    fn request(&self, query: &str, start: u64, size: u64, session: &Session<'_>) -> Request {
        let mut url = self.url.clone();
        let joined = if query.is_empty() { String::new() } else { format!("{query}&") };
        url.set_query(Some(&format!("{joined}resultsPerPage={size}&startIndex={start}")));
        let mut request = session.document(url);
        request.accept = "application/json";
        request.secret = session.config.api_key.clone().map(|key| ("apiKey", key));
        request
    }
}

/// A page in the middle of a listing has to be full.
fn is_short(page: &Page, shown: usize) -> bool {
    let shown = shown as u64;
    shown < PAGE && page.start + shown < page.total
}

fn short(download: &Download) -> Problem {
    Problem::Unusable {
        from: download.exchange.from.clone(),
        reason: "is shorter than its place in the list allows".to_owned(),
    }
}
