//! Paging through Apollo's listing.

use std::collections::HashSet;

use domain::normalise::{Format, Page, split};
use jiff::Timestamp;
use url::Url;

use crate::delivery::Content;
use crate::http::{Answer, Download, Request};
use crate::session::{Problem, Session, without_mark};

/// Most errata of a page.
const PAGE: u64 = 100;
/// How often the whole listing is read until it is complete.
const PASSES: u32 = 2;
/// Most pages that are looked at for what is new, before the whole is read.
const NEW_PAGES: u64 = 5;

/// The listing.
#[derive(Debug)]
pub(super) struct Listing {
    url: Url,
    /// Errata of a page; what the server gives, if it gives fewer than are asked for.
    size: u64,
    seen: HashSet<String>,
    /// Records that could not be read: they count as shown, and are owed.
    unreadable: u64,
    /// The total as stated last.
    pub(super) total: u64,
    /// When the listing says that it was changed last.
    pub(super) changed_at: Option<Timestamp>,
    /// The errata of the first page.
    pub(super) first_page: Vec<String>,
}

/// A page as looked at.
struct Looked {
    page: Page,
    ids: Vec<String>,
    size: u64,
    changed_at: Option<Timestamp>,
}

impl Listing {
    pub(super) fn new(url: Url) -> Self {
        let (seen, first_page) = (HashSet::new(), Vec::new());
        Self { url, size: PAGE, seen, unreadable: 0, total: 0, changed_at: None, first_page }
    }

    /// How many records have been shown.
    pub(super) fn shown(&self) -> u64 {
        self.seen.len() as u64 + self.unreadable
    }

    /// Reads every page, and all of them once more if fewer errata came than the listing states afterwards.
    ///
    /// # Errors
    /// A sentence: a page could not be had.
    pub(super) fn whole(&mut self, session: &mut Session<'_>) -> Result<(), String> {
        for _ in 0..PASSES {
            self.pass(session)?;
            self.ask_total(session)?;
            if self.shown() >= self.total {
                break;
            }
        }
        Ok(())
    }

    fn pass(&mut self, session: &mut Session<'_>) -> Result<(), String> {
        self.unreadable = 0;
        let (mut number, mut pass) = (1, HashSet::new());
        loop {
            let looked = self.page(session, number)?;
            if number == 1 {
                self.first_page.clone_from(&looked.ids);
                // The server may give fewer on a page than are asked for.
                self.size = looked.size;
            }
            let known = pass.len();
            pass.extend(looked.ids.iter().filter(|id| !id.is_empty()).cloned());
            self.unreadable += looked.ids.iter().filter(|id| id.is_empty()).count() as u64;
            // Whatever the total says: a page without anything new is the end.
            let is_last = number.saturating_mul(self.size) >= looked.page.total;
            let has_new = pass.len() > known || looked.ids.iter().any(String::is_empty);
            session.progress(pass.len(), usize::try_from(looked.page.total).ok(), "errata");
            if is_last || !has_new {
                break;
            }
            number += 1;
        }
        self.seen.extend(pass);
        Ok(())
    }

    /// Reads the first pages for what is new since. Whether that is all: else the whole listing has to be read.
    ///
    /// # Errors
    /// A sentence: a page could not be had.
    pub(super) fn changes(
        &mut self,
        session: &mut Session<'_>,
        total: u64,
        changed_at: Option<Timestamp>,
        newest: &[String],
    ) -> Result<bool, String> {
        for number in 1..=NEW_PAGES {
            let looked = self.page(session, number)?;
            if number == 1 {
                self.first_page.clone_from(&looked.ids);
                if looked.size != self.size {
                    return Ok(false);
                }
                if looked.page.total == total && looked.changed_at == changed_at && looked.ids == newest {
                    return Ok(true);
                }
            }
            let reached = looked.ids.iter().any(|id| newest.first() == Some(id));
            self.seen.extend(looked.ids.into_iter().take_while(|id| newest.first() != Some(id)));
            if reached {
                return Ok(total.checked_add(self.seen.len() as u64) == Some(looked.page.total));
            }
            if number * self.size >= looked.page.total {
                break;
            }
        }
        Ok(false)
    }

    /// The number of errata in all, asked for after they have come.
    fn ask_total(&mut self, session: &mut Session<'_>) -> Result<(), String> {
        let request = self.request(session, 1, 1);
        let read = |bytes: &[u8]| {
            let statement = split(Format::RockyErrata, bytes, &mut |_| {}).map_err(|fault| fault.to_string())?;
            statement.stated_total.ok_or_else(|| "does not state its total".to_owned())
        };
        match session.index(&request, &read) {
            Ok(Some((total, _))) => self.total = total,
            Ok(None) => return Err("Apollo did not state its total.".to_owned()),
            Err(problem) => return Err(format!("{problem}.")),
        }
        Ok(())
    }

    /// Fetches a page and hands it over; asks again for one that is unusable or shorter than it should be.
    fn page(&mut self, session: &mut Session<'_>, number: u64) -> Result<Looked, String> {
        let request = self.request(session, number, self.size);
        let mut attempt = 1;
        loop {
            let last = attempt >= session.config.limits.document_attempts;
            let download = match session.get(&request).map_err(|failure| format!("{failure}."))? {
                Answer::Body(download) => download,
                Answer::Unchanged(exchange) => {
                    return Err(format!("{} answered that nothing has changed, which was not asked.", exchange.from));
                }
            };
            let unusable = |reason: String| Problem::Unusable { from: download.exchange.from.clone(), reason };
            let result = match look(&download, number) {
                Ok(looked) if is_short(&looked) && !last => {
                    Err(unusable("is shorter than its place in the list allows".to_owned()))
                }
                Ok(looked) => session.hand_over(&download, Content::Document(Format::RockyErrata)).map(|_| looked),
                Err(reason) => {
                    // The sink finds the same; it is asked so that the bytes are kept.
                    let _ = session.hand_over(&download, Content::Index);
                    Err(unusable(reason))
                }
            };
            match result {
                Ok(looked) => {
                    (self.total, self.changed_at) = (looked.page.total, looked.changed_at.or(self.changed_at));
                    return Ok(looked);
                }
                Err(problem) if last => return Err(format!("{problem}.")),
                Err(_) => session.http.wait_before_repeat(attempt),
            }
            attempt += 1;
        }
    }

    fn request(&self, session: &Session<'_>, number: u64, size: u64) -> Request {
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("page", &number.to_string())
            .append_pair("limit", &size.to_string())
            .append_pair("size", &size.to_string());
        let mut request = session.document(url);
        request.accept = "application/json";
        request
    }
}

/// What a page says about itself, and the identifiers on it.
fn look(download: &Download, number: u64) -> Result<Looked, String> {
    let bytes = download.bytes().map_err(|error| format!("could not be read from the spool: {error}"))?;
    let mut ids = Vec::new();
    let statement = split(Format::RockyErrata, without_mark(&bytes), &mut |record| ids.push(record.id))
        .map_err(|fault| format!("is no page of the API: {fault}"))?;
    let page = statement.page.ok_or_else(|| "does not say which page it is, or of how many errata".to_owned())?;
    if page.start != (number - 1).saturating_mul(page.len) || page.len == 0 {
        return Err(format!("is another page than number {number}, which was asked for"));
    }
    let size = page.len;
    Ok(Looked { page, ids, size, changed_at: statement.data_timestamp })
}

/// A page in the middle of a listing has to be full.
fn is_short(looked: &Looked) -> bool {
    let shown = looked.ids.len() as u64;
    shown < looked.size && looked.page.start + shown < looked.page.total
}
