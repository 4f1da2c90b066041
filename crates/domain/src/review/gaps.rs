//! Gaps of a source: times longer than its freshness limit without a good fetch, and how each was closed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::source::FetchOutcome;

/// A time in which a source was not fresh.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Last good fetch before it.
    pub from: Timestamp,
    /// First good fetch after it; none while it is open.
    pub to: Option<Timestamp>,
    /// What the failed fetches in between said.
    pub why: String,
}

/// One fetch, as far as gaps are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it ended.
    pub at: Timestamp,
    /// How.
    pub outcome: FetchOutcome,
    /// What it owed.
    pub owed: String,
}

/// Finds the gaps that touch `[start, end)`, given all attempts up to `end` in order of time.
///
/// `fresh_hours` is the source's own limit. A source never fetched before `end` has one gap from `start` on.
pub fn gaps(attempts: &[Attempt], fresh_hours: u32, start: Timestamp, end: Timestamp) -> Vec<Gap> {
    let limit = SignedDuration::from_hours(i64::from(fresh_hours));
    let mut found = Vec::new();
    let mut last_good: Option<Timestamp> = None;
    let mut why = String::new();
    for attempt in attempts.iter().take_while(|attempt| attempt.at < end) {
        if attempt.outcome == FetchOutcome::Ok {
            let since = last_good.unwrap_or(start.min(attempt.at));
            if attempt.at.duration_since(since) > limit && attempt.at > start {
                found.push(Gap { from: since, to: Some(attempt.at), why: reason(&why) });
            }
            last_good = Some(attempt.at);
            why.clear();
        } else if why.is_empty() {
            why.clone_from(&attempt.owed);
        }
    }
    let since = last_good.unwrap_or(start);
    if end.duration_since(since) > limit {
        found.push(Gap { from: since, to: None, why: reason(&why) });
    }
    found
}

fn reason(why: &str) -> String {
    if why.is_empty() { "no fetch took place".to_owned() } else { why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> Timestamp {
        format!("2022-02-{day:02}T06:00:00Z").parse().expect("a timestamp")
    }

    fn attempt(day: u32, outcome: FetchOutcome) -> Attempt {
        let owed = if outcome == FetchOutcome::Ok { String::new() } else { "the server answered 503".to_owned() };
        Attempt { at: at(day), outcome, owed }
    }

    #[test]
    fn a_week_of_failures_is_one_gap_that_the_next_good_fetch_closes() {
        let attempts = [
            attempt(1, FetchOutcome::Ok),
            attempt(2, FetchOutcome::Failed),
            attempt(5, FetchOutcome::Failed),
            attempt(8, FetchOutcome::Ok),
            attempt(9, FetchOutcome::Ok),
        ];
        let found = gaps(&attempts, 48, at(1), at(10));
        assert_eq!(found, [Gap { from: at(1), to: Some(at(8)), why: "the server answered 503".to_owned() }]);
    }

    #[test]
    fn a_source_that_is_dead_at_the_end_has_an_open_gap() {
        let found = gaps(&[attempt(1, FetchOutcome::Ok), attempt(4, FetchOutcome::Failed)], 48, at(1), at(10));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to, None);
    }

    #[test]
    fn regular_fetches_leave_no_gap() {
        let attempts: Vec<_> = (1..10).map(|day| attempt(day, FetchOutcome::Ok)).collect();
        assert_eq!(gaps(&attempts, 48, at(1), at(10)), []);
    }
}
