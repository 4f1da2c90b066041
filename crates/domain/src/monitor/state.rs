//! How trustworthy a source's data are at a moment.
//!
//! | state | when |
//! |---|---|
//! | `ok` | the last fetch ended well, not longer ago than the limit, and the data are within theirs |
//! | `stale` | the last good fetch, or the data by the provider's own time stamp, are older than the limit; or the data are dated in the future |
//! | `incomplete` | the last fetch owes something |
//! | `held` | the last fetch showed so much less that a person has to accept it |
//! | `failed` | the last attempt failed, even while earlier data are still within the limit |
//! | `unknown` | nothing was ever fetched, or a clock is wrong |
//!
//! A single failed attempt makes a source `failed` and not useless: [`Judgement::usable`] says whether earlier data are still
//! within their limits, so that their silence about a component means something.

use jiff::{SignedDuration, Timestamp};

use super::{Attempt, DataAge, Limits, data_age, hours, minute};
use crate::model::register::Hours;
use crate::model::source::{FetchOutcome, SourceState};

/// How far our own clock may seem to run backwards before its readings are not believed.
const BACKWARDS: SignedDuration = SignedDuration::from_mins(5);

/// The state of a source and its ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The state.
    pub state: SourceState,
    /// Why, as a sentence fragment; empty when the state is `ok`.
    pub why: String,
    /// Whether its data are complete and within their limits, so that their silence means something.
    pub usable: bool,
}

/// The state at `now`, by the last fetch and the last one that ended well.
pub fn judge(limits: &Limits, now: Timestamp, last: Option<&Attempt>, good: Option<&Attempt>) -> Judgement {
    let Some(last) = last else { return bad(SourceState::Unknown, "no fetch is on record".to_owned()) };
    match last.outcome {
        FetchOutcome::Held => bad(SourceState::Held, last.owed.clone()),
        FetchOutcome::Incomplete => bad(SourceState::Incomplete, last.owed.clone()),
        FetchOutcome::Ok => age(limits, now, last),
        FetchOutcome::Failed => failed(limits, now, last, good),
    }
}

fn bad(state: SourceState, why: String) -> Judgement {
    Judgement { state, why, usable: false }
}

/// The state that the age of a good fetch gives.
fn age(limits: &Limits, now: Timestamp, good: &Attempt) -> Judgement {
    if good.at.duration_since(now) > BACKWARDS {
        let why =
            format!("the last good fetch is dated {}, after now: a clock was wrong, then or now", minute(good.at));
        return bad(SourceState::Unknown, why);
    }
    if now.duration_since(good.at) > hours(limits.fresh_hours) {
        let why = format!("no good fetch since {}; the limit is {}", minute(good.at), Hours(limits.fresh_hours));
        return bad(SourceState::Stale, why);
    }
    let from = good.data_timestamp.map(minute).unwrap_or_default();
    match data_age(limits, now, good.data_timestamp) {
        DataAge::Fine => Judgement { state: SourceState::Ok, why: String::new(), usable: true },
        DataAge::StaleSince(since) => {
            bad(SourceState::Stale, format!("it answers, but its data are from {from}: stale since {}", minute(since)))
        }
        DataAge::Future => {
            bad(SourceState::Stale, format!("its data are dated {from}, in the future: their age cannot be judged"))
        }
    }
}

fn failed(limits: &Limits, now: Timestamp, last: &Attempt, good: Option<&Attempt>) -> Judgement {
    let said = last.owed.trim_end_matches('.');
    let Some(good) = good else { return bad(SourceState::Failed, format!("{said}; it never succeeded")) };
    let before = age(limits, now, good);
    let why = if before.usable {
        format!("{said}; the data of {} are still within the limit", minute(good.at))
    } else {
        format!("{said}; {}", before.why)
    };
    Judgement { state: SourceState::Failed, why, usable: before.usable }
}

#[cfg(test)]
mod tests;
