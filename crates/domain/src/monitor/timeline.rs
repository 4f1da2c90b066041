//! How a source was, day by day and hour by hour: so that a dead week is seen at a glance.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::Serialize;

use super::state::judge;
use super::{Attempt, Limits};
use crate::model::source::{Counts, FetchOutcome, SourceState};

/// One day of a source, in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Fetches that ended on it.
    pub fetches: u64,
    /// Of them not well.
    pub not_ok: u64,
    /// What they brought, summed.
    pub counts: Counts,
    /// Live records at its end.
    pub live: u64,
    /// State at its end, or now on the last day; none while the source was not monitored.
    pub state: Option<SourceState>,
    /// The worst state of its hours.
    pub worst: Option<SourceState>,
    /// Its hours; none for those that lie in the future or before the source was monitored.
    pub hours: Vec<Option<Hour>>,
}

/// One hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Hour {
    /// State at its end, or now.
    pub state: SourceState,
    /// Whether a fetch ended well in it.
    pub fetched: bool,
}

/// The days from `first` to `last`, both included.
///
/// `attempts` are all fetches that matter, in order of time: those of these days, and before them at least the last one and the
/// last good one. `since` is when the source was first monitored, where the register knows it.
pub fn days(
    limits: &Limits,
    since: Option<Timestamp>,
    attempts: &[Attempt],
    (first, last): (Date, Date),
    now: Timestamp,
) -> Vec<Day> {
    let since = since.into_iter().chain(attempts.first().map(|attempt| attempt.at)).min();
    let mut walk = Walk { limits, attempts, next: 0, last: None, good: None };
    let mut days = Vec::new();
    let mut date = first;
    while date <= last {
        let Some(start) = midnight(date) else { break };
        if start > now {
            break;
        }
        days.push(day(&mut walk, date, start, since, now));
        let Ok(next) = date.checked_add(1.day()) else { break };
        date = next;
    }
    days
}

/// Beginning of a day in UTC.
pub fn midnight(date: Date) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok()
}

fn day(walk: &mut Walk<'_>, date: Date, start: Timestamp, since: Option<Timestamp>, now: Timestamp) -> Day {
    walk.pass_until(start);
    let mut day = Day {
        date,
        fetches: 0,
        not_ok: 0,
        counts: Counts::default(),
        live: 0,
        state: None,
        worst: None,
        hours: Vec::with_capacity(24),
    };
    for hour in 1..=24 {
        let begins = start + SignedDuration::from_hours(hour - 1);
        let ends = start + SignedDuration::from_hours(hour);
        let passed = walk.pass_until(ends);
        for attempt in passed {
            day.fetches += 1;
            day.not_ok += u64::from(attempt.outcome != FetchOutcome::Ok);
            add(&mut day.counts, attempt);
        }
        let fetched = passed.iter().any(|attempt| attempt.outcome == FetchOutcome::Ok);
        let monitored = begins <= now && since.is_some_and(|since| since < ends);
        let hour = monitored.then(|| Hour { state: walk.state(ends.min(now)), fetched });
        day.state = hour.map(|hour| hour.state).or(day.state);
        day.worst = day.worst.max(hour.map(|hour| hour.state));
        day.hours.push(hour);
    }
    day.live = walk.last.map_or(0, |last| last.live);
    day
}

/// What was not taken in does not count as brought.
fn add(counts: &mut Counts, attempt: &Attempt) {
    if matches!(attempt.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete) {
        counts.seen += attempt.counts.seen;
        counts.new += attempt.counts.new;
        counts.changed += attempt.counts.changed;
        counts.unchanged += attempt.counts.unchanged;
        counts.withdrawn += attempt.counts.withdrawn;
        counts.quarantined += attempt.counts.quarantined;
    }
}

/// Goes through the attempts once.
struct Walk<'a> {
    limits: &'a Limits,
    attempts: &'a [Attempt],
    next: usize,
    last: Option<&'a Attempt>,
    good: Option<&'a Attempt>,
}

impl<'a> Walk<'a> {
    /// Passes the attempts that ended before `end`.
    fn pass_until(&mut self, end: Timestamp) -> &'a [Attempt] {
        let rest = &self.attempts[self.next..];
        let passed = &rest[..rest.iter().take_while(|attempt| attempt.at < end).count()];
        for attempt in passed {
            self.last = Some(attempt);
            if attempt.outcome == FetchOutcome::Ok {
                self.good = Some(attempt);
            }
        }
        self.next += passed.len();
        passed
    }

    fn state(&self, at: Timestamp) -> SourceState {
        judge(self.limits, at, self.last, self.good).state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { every_hours: 6, fresh_hours: 24, data_fresh_hours: None };

    fn attempt(at: &str, outcome: FetchOutcome) -> Attempt {
        Attempt {
            entry: 1,
            at: at.parse().expect("a timestamp"),
            outcome,
            owed: String::new(),
            data_timestamp: None,
            counts: Counts { seen: 3, new: 2, changed: 1, ..Counts::default() },
            live: 40,
            full_set: false,
            checks: (0, 0),
            leaves_cursor: false,
        }
    }

    fn range(first: &str, last: &str) -> (Date, Date) {
        (first.parse().expect("a day"), last.parse().expect("a day"))
    }

    #[test]
    fn a_dead_day_is_stale_hour_by_hour_and_counts_what_each_day_brought() {
        let attempts = [
            attempt("2022-03-01T06:00:00Z", FetchOutcome::Ok),
            attempt("2022-03-03T12:30:00Z", FetchOutcome::Failed),
            attempt("2022-03-03T13:30:00Z", FetchOutcome::Ok),
        ];
        let now = "2022-03-04T02:20:00Z".parse().expect("a timestamp");
        let days = days(&LIMITS, None, &attempts, range("2022-02-28", "2022-03-05"), now);
        let dates: Vec<String> = days.iter().map(|day| day.date.to_string()).collect();
        assert_eq!(dates, ["2022-02-28", "2022-03-01", "2022-03-02", "2022-03-03", "2022-03-04"]);
        assert_eq!(days[0].state, None, "it was not monitored yet");
        assert_eq!((days[1].fetches, days[1].counts.new, days[1].live), (1, 2, 40));
        assert_eq!(days[1].hours[5], None);
        assert_eq!(days[1].hours[6], Some(Hour { state: SourceState::Ok, fetched: true }));
        assert_eq!(days[2].hours[5].map(|hour| hour.state), Some(SourceState::Ok), "24 h old at 06:00 exactly");
        assert_eq!(days[2].hours[6].map(|hour| hour.state), Some(SourceState::Stale));
        assert_eq!(days[2].state, Some(SourceState::Stale));
        assert_eq!((days[3].state, days[3].worst), (Some(SourceState::Ok), Some(SourceState::Failed)));
        assert_eq!((days[3].fetches, days[3].not_ok, days[3].counts.new), (2, 1, 2), "a failed fetch brings nothing");
        assert_eq!(days[4].hours[2].map(|hour| hour.state), Some(SourceState::Ok));
        assert_eq!(days[4].hours[3], None, "that hour lies in the future");
    }
}
