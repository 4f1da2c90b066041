//! NVD's CVE API 2.0 (NVD, "Start here" and "Vulnerabilities"): the whole listing first, then windows of what was modified.
//!
//! The listing moves while one pages through it: records are added, change places, the total changes. So pages overlap by a
//! few records, a page is accepted only if it joins on to what was seen before, and a listing is complete only when as many
//! distinct identifiers have come as it states. The cursor moves after a page is in; a fetch that broke goes on there.
//!
//! Changes alone do not prove that nothing is missing. So what is held is counted against NVD's own totals: all of it at every
//! fetch, each year of publication once a week; see [`reconcile`].

mod listing;
mod reconcile;
mod window;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::delivery::End;
use crate::session::Session;
use listing::{Listing, Place};
use reconcile::Verdict;

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// The first pass through the whole listing, while it is not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_pass: Option<FirstPass>,
    /// Everything modified before this instant is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// Pages of the whole listing with records that could not be read: asked for again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    again: Vec<u64>,
    /// When every year was counted last, or the whole listing read.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<Timestamp>,
    /// The year that the present round of counting has come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    counting: Option<i16>,
}

/// A pass through the whole listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct FirstPass {
    /// NVD's time when it began: changes since then are asked for afterwards.
    began: Timestamp,
    place: Place,
}

/// How far a window reaches back before what is known to be in: clocks differ, and NVD's index lags.
const OVERLAP: SignedDuration = SignedDuration::from_hours(2);

pub(crate) fn run(mut session: Session<'_>) -> End {
    let url = match session.base() {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let mut listing = Listing::new(url);
    if cursor.since.is_none() || cursor.first_pass.is_some() {
        whole(&mut session, &mut listing, &mut cursor);
    } else {
        changes(&mut session, &mut listing, &mut cursor);
    }
    session.end(&cursor)
}

/// The whole listing, from where the last pass broke.
fn whole(session: &mut Session<'_>, listing: &mut Listing, cursor: &mut Cursor) {
    let now = session.clock.now();
    let mut pass = cursor.first_pass.take().unwrap_or_else(|| FirstPass { began: now, place: Place::default() });
    let from_start = pass.place.next == 0;
    let result = listing.read("", &mut pass.place, session);
    if from_start && let Some(theirs) = listing.their_time {
        pass.began = pass.began.min(theirs);
    }
    cursor.again.append(&mut listing.quarantined);
    session.stated = listing.total;
    match result {
        Ok(()) => {
            session.full_set = from_start && !session.owes();
            cursor.since = Some(pass.began);
            (cursor.counted, cursor.counting) = (Some(now), None);
        }
        Err(listing::Stop::Broken(sentence)) => {
            session.owe(sentence);
            cursor.first_pass = Some(pass);
        }
        Err(listing::Stop::Missing(sentence)) => {
            session.owe(sentence);
            cursor.again.clear();
            cursor.first_pass = Some(FirstPass { began: pass.began, place: Place::default() });
        }
    }
}

/// What was modified since, then the pages that are owed, then the total for comparison.
fn changes(session: &mut Session<'_>, listing: &mut Listing, cursor: &mut Cursor) {
    let now = session.clock.now();
    let since = cursor.since.unwrap_or(now);
    let mut complete = true;
    for query in window::queries(since - OVERLAP, now) {
        match listing.read(&query, &mut Place::default(), session) {
            Ok(()) => complete &= listing.quarantined.is_empty(),
            Err(listing::Stop::Broken(sentence) | listing::Stop::Missing(sentence)) => {
                session.owe(sentence);
                complete = false;
            }
        }
        listing.quarantined.clear();
        if !complete {
            break;
        }
    }
    if complete {
        cursor.since = Some(listing.their_time.map_or(now, |theirs| theirs.min(now)).max(since));
    }
    let again = std::mem::take(&mut cursor.again);
    cursor.again = again.into_iter().filter(|&start| !listing.page_is_whole(start, session)).collect();
    match listing.ask_total("", session) {
        Ok(total) => {
            session.stated = Some(total);
            if !session.owes() && reconcile::run(session, listing, cursor, total) == Verdict::Surplus {
                // Something is gone without a word: only the whole listing says what.
                whole(session, listing, cursor);
            }
        }
        Err(sentence) => session.owe(sentence),
    }
}

#[cfg(test)]
mod tests;
