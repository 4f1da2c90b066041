//! Paging through a listing that moves.

use std::collections::HashSet;

use domain::normalise::{Format, Page, split};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::Content;
use crate::http::{Answer, Download, Request};
use crate::session::{Problem, Session, without_mark};

/// Most notices of a page.
const PAGE: u64 = 20;
/// How often a page that does not join on is looked for further back.
const STEPS_BACK: u32 = 5;
/// Most pages that are read in a row; the listing has some five hundred.
const PAGES: usize = 5_000;
/// How many of the last notices are remembered.
pub(super) const TAIL: usize = 100;

/// Which notices come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Oldest,
    Newest,
}

/// How far a listing has been read.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    /// Position of the next page's first notice.
    next: u64,
    /// Notices seen so far: distinct ones, and those without a number.
    pub(super) seen: u64,
    /// The last of them, in order: the next page has to begin with one.
    pub(super) tail: Vec<String>,
    /// The total as stated last.
    pub(super) total: Option<u64>,
    /// Positions of pages with notices that could not be read.
    #[serde(skip)]
    pub(super) quarantined: Vec<u64>,
    /// Numbers in the order in which they were shown.
    #[serde(skip)]
    pub(super) order: Vec<String>,
    /// Notices without a number.
    #[serde(skip)]
    pub(super) unnamed: u64,
}

impl Place {
    pub(super) fn is_start(&self) -> bool {
        self.next == 0
    }
}

/// The listing of notices.
#[derive(Debug)]
pub(super) struct Listing {
    url: Url,
}

/// A page that was taken in.
struct Shown {
    page: Page,
    ids: Vec<String>,
    quarantined: u64,
}

impl Listing {
    pub(super) fn new(url: Url) -> Self {
        Self { url }
    }

    /// Reads from `place` on, taking in page after page, to the end or until a page shows only what is `known`.
    pub(super) fn read(
        &self,
        order: Order,
        place: &mut Place,
        known: &[String],
        session: &mut Session<'_>,
    ) -> Result<(), Problem> {
        let mut seen: HashSet<String> = place.tail.iter().cloned().collect();
        let known: HashSet<&String> = known.iter().collect();
        let mut steps = 0;
        for _ in 0..PAGES {
            let start = place.next;
            let shown = self.page(order, start, session)?;
            let first_is_known = shown.ids.first().is_none_or(|id| seen.contains(id));
            let fresh: Vec<String> =
                shown.ids.iter().filter(|id| !id.is_empty() && !seen.contains(*id)).cloned().collect();
            let fresh: Vec<String> = fresh.into_iter().filter(|id| seen.insert(id.clone())).collect();
            // A page may repeat its unreadable notices with the overlap; only the pages' own part counts.
            let unnamed = shown.ids.iter().skip(usize::from(start > 0)).filter(|id| id.is_empty()).count() as u64;
            place.total = Some(shown.page.total);
            if shown.quarantined > 0 && !place.quarantined.contains(&start) {
                place.quarantined.push(start);
            }
            let nothing_new = fresh.is_empty() && unnamed == 0;
            let only_known = order == Order::Newest && fresh.iter().all(|id| known.contains(id)) && unnamed == 0;
            place.seen += fresh.len() as u64 + unnamed;
            place.unnamed += unnamed;
            place.tail.extend(fresh.iter().cloned());
            let surplus = place.tail.len().saturating_sub(TAIL);
            place.tail.drain(..surplus);
            place.order.extend(fresh);
            let end = start + shown.ids.len() as u64;
            if start > 0 && !first_is_known && steps < STEPS_BACK {
                // Notices before this page have gone or moved: whatever slipped in between is looked for.
                steps += 1;
                place.next = start.saturating_sub(PAGE / 2);
                continue;
            }
            if steps == 0 && nothing_new && start > 0 || shown.ids.is_empty() || only_known || end >= shown.page.total {
                return Ok(());
            }
            steps = 0;
            place.next = end.saturating_sub(1).max(start + 1);
            session.progress(usize::try_from(end).unwrap_or(0), usize::try_from(shown.page.total).ok(), "notices");
        }
        Ok(())
    }

    /// Whether the page at `start`, from the oldest notice on, can now be read in full; what it holds is taken in.
    pub(super) fn page_is_whole(&self, start: u64, session: &mut Session<'_>) -> bool {
        match self.page(Order::Oldest, start, session) {
            Ok(shown) => shown.quarantined == 0,
            Err(problem) => {
                session.owe_document(&problem);
                false
            }
        }
    }

    /// Fetches a page and hands it over; asks again for one that is unusable or shorter than it should be.
    fn page(&self, order: Order, start: u64, session: &mut Session<'_>) -> Result<Shown, Problem> {
        let request = self.request(order, start, session);
        let mut attempt = 1;
        loop {
            let download = match session.get(&request)? {
                Answer::Body(download) => download,
                Answer::Unchanged(exchange) => {
                    let reason = "answered that nothing has changed, which was not asked".to_owned();
                    return Err(Problem::Unusable { from: exchange.from, reason });
                }
            };
            let result = match look(&download, start) {
                Ok((page, ids)) => session
                    .hand_over(&download, Content::Document(Format::UbuntuNotices))
                    .map(|taken| Shown { page, ids, quarantined: taken.quarantined }),
                Err(reason) => {
                    // Kept as evidence, and not taken in.
                    let _ = session.hand_over(&download, Content::Index);
                    Err(Problem::Unusable { from: download.exchange.from.clone(), reason })
                }
            };
            match result {
                Ok(shown) => return Ok(shown),
                Err(problem) if attempt >= session.config.limits.document_attempts => return Err(problem),
                Err(_) => session.http.wait_before_repeat(attempt),
            }
            attempt += 1;
        }
    }

    fn request(&self, order: Order, start: u64, session: &Session<'_>) -> Request {
        let mut url = self.url.clone();
        let order = if order == Order::Oldest { "oldest" } else { "newest" };
        url.query_pairs_mut()
            .append_pair("offset", &start.to_string())
            .append_pair("limit", &PAGE.to_string())
            .append_pair("order", order)
            .append_pair("show_hidden", "true");
        session.document(url)
    }
}

/// Position and numbers of a page. It has to be the one that was asked for, and as long as it should be.
fn look(download: &Download, start: u64) -> Result<(Page, Vec<String>), String> {
    let bytes = download.bytes().map_err(|error| format!("could not be read from the spool: {error}"))?;
    let mut ids = Vec::new();
    let statement = split(Format::UbuntuNotices, without_mark(&bytes), &mut |record| ids.push(record.id))
        .map_err(|fault| fault.to_string())?;
    let page = statement.page.ok_or_else(|| "does not state its place and total".to_owned())?;
    if page.start != start {
        return Err(format!("begins at {}, not at {start}", page.start));
    }
    let due = page.total.saturating_sub(start).min(PAGE);
    if (ids.len() as u64) < due {
        return Err(format!("holds {} notices of {due} that are due", ids.len()));
    }
    Ok((page, ids))
}
