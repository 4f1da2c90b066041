//! Monitoring of the sources themselves: how old and how complete their data are, and what happened to every gap.
//!
//! | module | question |
//! |---|---|
//! | [`state`] | how trustworthy are a source's data at a moment? |
//! | [`gaps`] | when was that not so, how was it found, and what closed it? |
//! | [`timeline`] | how was it, day by day? |
//! | [`coverage`] | which suppliers, and which components, does no source speak about? |
//! | [`watch`] | what is looked at by hand: when is it due, and who answered? |
//! | [`intake`] | where does a report of an own channel stand? |
//!
//! Everything here follows from the fetches on record: [`Attempt`] is what counts of one. Nothing is in order by default, and
//! that a server answered is not in order.

pub mod coverage;
pub mod gaps;
pub mod intake;
pub mod state;
pub mod timeline;
pub mod watch;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::source::{Counts, Fetch, FetchOutcome};

/// How far a provider's clock may be ahead before its data count as dated in the future. Dates without a time of day and other
/// time zones stay below it.
const AHEAD: SignedDuration = SignedDuration::from_hours(26);

/// Sentences of a fetch that are told one by one; more are counted.
const TOLD: usize = 2;

/// The limits a source is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Hours between fetches.
    pub every_hours: u32,
    /// Hours after the last good fetch from which its data are stale.
    pub fresh_hours: u32,
    /// Age in hours from which the data are stale by the provider's own time stamp; none where that is not judged.
    pub data_fresh_hours: Option<u32>,
}

/// What counts of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Number of its journal entry.
    pub entry: u64,
    /// When it ended.
    pub at: Timestamp,
    /// How.
    pub outcome: FetchOutcome,
    /// Why it did not end well, told in short; empty when it did.
    pub owed: String,
    /// When the provider says the data are from.
    pub data_timestamp: Option<Timestamp>,
    /// What came.
    pub counts: Counts,
    /// Live records afterwards.
    pub live: u64,
    /// Whether every record of the source was shown.
    pub full_set: bool,
    /// Statements of the provider that were checked, and how many of them agreed.
    pub checks: (u64, u64),
    /// Whether it left a place from which the next fetch goes on.
    pub leaves_cursor: bool,
}

impl Attempt {
    /// What counts of the fetch in entry `entry`.
    pub fn of(entry: u64, fetch: &Fetch) -> Self {
        Self {
            entry,
            at: fetch.finished,
            outcome: fetch.outcome,
            owed: told(&fetch.owed),
            data_timestamp: fetch.data_timestamp,
            counts: fetch.counts,
            live: fetch.live,
            full_set: fetch.full_set,
            checks: (fetch.checks.len() as u64, fetch.checks.iter().filter(|check| check.agrees).count() as u64),
            leaves_cursor: fetch.cursor.is_some(),
        }
    }
}

/// Sentences in short: the first ones, and how many more there are.
pub fn told(sentences: &[String]) -> String {
    let text = sentences.iter().take(TOLD).map(|sentence| sentence.trim()).collect::<Vec<_>>().join(" ");
    match sentences.len().checked_sub(TOLD) {
        Some(more) if more > 0 => format!("{text} And {more} more."),
        _ => text,
    }
}

/// What is wrong with the date of the data, if anything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DataAge {
    /// They are within their limit, or have none.
    Fine,
    /// They are beyond their limit since this moment.
    StaleSince(Timestamp),
    /// They are dated in the future, so that their age says nothing.
    Future,
}

fn data_age(limits: &Limits, now: Timestamp, data_timestamp: Option<Timestamp>) -> DataAge {
    let (Some(hours), Some(from)) = (limits.data_fresh_hours, data_timestamp) else { return DataAge::Fine };
    if from.duration_since(now) > AHEAD {
        return DataAge::Future;
    }
    match from.checked_add(SignedDuration::from_hours(i64::from(hours))) {
        Ok(until) if now > until => DataAge::StaleSince(until),
        _ => DataAge::Fine,
    }
}

fn hours(hours: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(hours))
}

/// A moment as sentences tell it.
fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
