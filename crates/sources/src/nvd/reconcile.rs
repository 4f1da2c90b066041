//! Counts what is held against NVD's own totals, and fetches what is lacking.
//!
//! `totalResults` counts rejected records too, and so do we. When less is held than is stated, the quarters of publication
//! are counted from the newest on until what lacks is found, and those quarters alone are read again. Once a week every year
//! is counted, some years at a fetch, because a record too few in one year and one too many in another look complete.

use std::cmp::Ordering;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::listing::{Listing, Place, Stop};
use super::{Cursor, OVERLAP, window};
use crate::session::Session;

/// The year of the oldest records.
const FIRST_YEAR: i16 = 1988;
const COUNTED_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Years counted at one fetch, with four requests each.
const YEARS_A_FETCH: i16 = 5;

/// What counting has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As much as is stated, or what lacks is owed and named; or nobody could count.
    Counted,
    /// More is held than is stated.
    Surplus,
}

/// Counts all of it, and years when their time has come.
pub(super) fn run(session: &mut Session<'_>, listing: &mut Listing, cursor: &mut Cursor, total: u64) -> Verdict {
    let Some(held) = session.held(None) else { return Verdict::Counted };
    let result = match held.cmp(&total) {
        Ordering::Greater => return Verdict::Surplus,
        Ordering::Less => seek(session, listing),
        Ordering::Equal => {
            session.check("totalResults", total, held);
            Ok(Verdict::Counted)
        }
    };
    let result = match result {
        Ok(Verdict::Counted) if !session.owes() && is_due(cursor, session.clock.now()) => {
            round(session, listing, cursor)
        }
        result => result,
    };
    result.unwrap_or_else(|sentence| {
        session.owe(sentence);
        Verdict::Counted
    })
}

fn is_due(cursor: &Cursor, now: Timestamp) -> bool {
    cursor.counted.is_none_or(|last| now.duration_since(last) >= COUNTED_EVERY)
}

/// Looks for what lacks, and reads it.
fn seek(session: &mut Session<'_>, listing: &mut Listing) -> Result<Verdict, String> {
    let now = session.clock.now();
    // Most often it was published while we asked.
    for query in window::queries(now - OVERLAP, now + OVERLAP) {
        read(session, listing, &query)?;
    }
    let total = listing.ask_total("", session)?;
    session.stated = Some(total);
    let mut year = year_of(now);
    while session.held(None).is_some_and(|held| held < total) && year >= FIRST_YEAR {
        if count(session, listing, year)? == Verdict::Surplus {
            return Ok(Verdict::Surplus);
        }
        year -= 1;
    }
    let held = session.held(None).unwrap_or(total);
    if held > total {
        return Ok(Verdict::Surplus);
    }
    session.check("totalResults", total, held);
    Ok(Verdict::Counted)
}

/// Counts some years of the weekly round.
fn round(session: &mut Session<'_>, listing: &mut Listing, cursor: &mut Cursor) -> Result<Verdict, String> {
    let now = session.clock.now();
    let from = cursor.counting.unwrap_or(year_of(now));
    let to = (from - YEARS_A_FETCH + 1).max(FIRST_YEAR);
    for year in (to..=from).rev() {
        if count(session, listing, year)? == Verdict::Surplus {
            return Ok(Verdict::Surplus);
        }
        cursor.counting = Some(year - 1);
    }
    if to == FIRST_YEAR {
        (cursor.counted, cursor.counting) = (Some(now), None);
    }
    Ok(Verdict::Counted)
}

/// Counts what was published in a year, and reads the quarters that lack something.
fn count(session: &mut Session<'_>, listing: &mut Listing, year: i16) -> Result<Verdict, String> {
    let (mut stated, mut held) = (0, 0);
    for (span, query) in window::quarters(year) {
        if span.0 > session.clock.now() {
            continue;
        }
        let total = listing.ask_total(&query, session)?;
        if session.held(Some(span)).is_some_and(|held| held < total) {
            read(session, listing, &query)?;
        }
        stated += total;
        held += session.held(Some(span)).unwrap_or(total);
    }
    if held > stated {
        session.remark(&format!("totalResults of {year}"), stated, format!("{held}, so the whole listing is read"));
        return Ok(Verdict::Surplus);
    }
    session.check(&format!("totalResults of {year}"), stated, held);
    Ok(Verdict::Counted)
}

/// Reads the listing of a query. Records that cannot be read are owed by whoever handed them over.
fn read(session: &mut Session<'_>, listing: &mut Listing, query: &str) -> Result<(), String> {
    let result = listing.read(query, &mut Place::default(), session);
    listing.quarantined.clear();
    result.map_err(|stop| match stop {
        Stop::Broken(sentence) | Stop::Missing(sentence) => sentence,
    })
}

fn year_of(at: Timestamp) -> i16 {
    TimeZone::UTC.to_datetime(at).year()
}
