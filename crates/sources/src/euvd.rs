//! ENISA's EUVD (euvd.enisa.europa.eu/apidoc): the search, a hundred records at a time.
//!
//! The whole listing comes first, then what was updated since, by day and with a day's overlap. The interface tells nothing of
//! records that are gone, and the listing moves while it is paged. So after every fetch what is held is counted against the search's own total.
//! Where they differ, and once a week, the whole listing is read; it is thousands of requests, and a total that never fits
//! does not bring it on more than once a day.

mod listing;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{Content, End};
use crate::http::{Failure, Reason};
use crate::session::{Problem, Session};
use listing::{Listing, address};

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// A pass through the whole listing that broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pass: Option<Pass>,
    /// Everything updated before this instant is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// When the whole listing was read last.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<Timestamp>,
    /// Whole passes, one after the other, that left a difference between what is held and what is stated.
    differed: u32,
    /// Newest update seen: how old the data are.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<Timestamp>,
    /// Records that could not be read: asked for one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    again: Vec<String>,
}

/// A pass through the whole listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Pass {
    began: Timestamp,
    /// The next page.
    page: u64,
}

/// Updates are asked for by day, in a time zone that is not stated.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);
const WHOLE_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// After some passes in vain, the next one waits so long.
const WAIT_AFTER_DIFFERENCES: SignedDuration = SignedDuration::from_hours(20);
const DIFFERENCES: u32 = 3;
/// Records that are asked for one by one.
const AGAIN: usize = 1_000;

pub(crate) fn run(mut session: Session<'_>) -> End {
    let base = match session.base() {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let now = session.clock.now();
    let age = cursor.whole.map_or(SignedDuration::MAX, |last| now.duration_since(last));
    again(&mut session, &base, &mut cursor);
    if cursor.since.is_none() || cursor.pass.is_some() || age >= WHOLE_EVERY {
        whole(&mut session, &base, &mut cursor);
    } else {
        changes(&mut session, &base, &mut cursor);
        let may_be_read = cursor.differed < DIFFERENCES || age >= WAIT_AFTER_DIFFERENCES;
        if !session.owes() && !agrees(&mut session, &base, may_be_read) {
            whole(&mut session, &base, &mut cursor);
        }
    }
    session.data_timestamp = cursor.newest;
    session.end(&cursor)
}

/// The whole listing, from where the last pass broke.
fn whole(session: &mut Session<'_>, base: &Url, cursor: &mut Cursor) {
    let now = session.clock.now();
    let mut pass = cursor.pass.take().unwrap_or(Pass { began: now, page: 0 });
    let from_start = pass.page == 0;
    let mut listing = Listing::new(base, "");
    if let Err(sentence) = listing.read(&mut pass.page, session, cursor) {
        session.owe(sentence);
        cursor.pass = Some(pass);
        return;
    }
    session.stated = Some(listing.total);
    cursor.since = Some(pass.began);
    let mut found = listing.seen();
    if !from_start {
        found = session.held(None).unwrap_or(listing.total);
    } else if found > listing.total {
        // Records came while we read.
        session.remark("total of the search", listing.total, found);
        found = listing.total;
    }
    let differs = found != listing.total;
    session.check("total of the search", listing.total, found);
    session.full_set = from_start && !session.owes();
    cursor.differed = if differs { cursor.differed + 1 } else { 0 };
    cursor.whole = Some(now);
}

/// What was updated since.
fn changes(session: &mut Session<'_>, base: &Url, cursor: &mut Cursor) {
    let now = session.clock.now();
    let from = cursor.since.unwrap_or(now).min(now) - OVERLAP;
    let mut listing = Listing::new(base, &format!("fromUpdatedDate={}", from.strftime("%Y-%m-%d")));
    match listing.read(&mut 0, session, cursor) {
        Ok(()) if listing.seen() < listing.total => session.owe(format!(
            "EUVD states {} updates since {} and showed {} while its list moved.",
            listing.total,
            from.strftime("%Y-%m-%d"),
            listing.seen()
        )),
        Ok(()) if listing.nameless => {}
        Ok(()) => cursor.since = Some(now),
        Err(sentence) => session.owe(sentence),
    }
}

/// Counts what is held against the search's total. A difference is owed, unless `goes_on`: then the whole listing tells.
fn agrees(session: &mut Session<'_>, base: &Url, goes_on: bool) -> bool {
    let total = match Listing::new(base, "").ask_total(session) {
        Ok(total) => total,
        Err(sentence) => {
            session.owe(sentence);
            return true;
        }
    };
    session.stated = Some(total);
    let Some(held) = session.held(None) else { return true };
    if held == total || !goes_on {
        session.check("total of the search", total, held);
        return true;
    }
    session.remark("total of the search", total, format!("{held}, so the whole listing is read"));
    false
}

/// Asks for the records that could not be read, one by one.
fn again(session: &mut Session<'_>, base: &Url, cursor: &mut Cursor) {
    for id in std::mem::take(&mut cursor.again) {
        let content = Content::Document(session.config.kind.format());
        let delivered = address(base, "enisaid", &format!("id={id}"))
            .map(|url| session.document(url))
            .map(|request| session.deliver(&request, content, &|_| Ok(())));
        match delivered {
            Ok(Ok(Some(delivered))) if delivered.taken.quarantined == 0 => {}
            // The interface answers 204 where it has no such record: it is gone.
            Ok(Err(problem)) if is_no_content(&problem) || problem.is_absence() => {}
            Ok(Err(problem)) => {
                session.owe(format!("{id}: {problem}."));
                cursor.again.push(id);
            }
            Err(sentence) => session.owe(sentence),
            Ok(Ok(_)) => cursor.again.push(id),
        }
    }
}

fn is_no_content(problem: &Problem) -> bool {
    let Problem::Failed(Failure { reason: Reason::Status { status, .. }, .. }) = problem else { return false };
    status.as_u16() == 204
}

#[cfg(test)]
mod tests;
