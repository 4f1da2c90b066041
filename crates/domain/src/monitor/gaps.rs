//! The gap ledger: every time in which a source did not deliver, when that was found, and what closed it.
//!
//! A fetch is *good* when it ended well and its data are within their own limit. A gap opens with the first fetch that is not
//! good, or that comes later after the last good one than the limit allows; it closes with the first good one, or when the
//! source is retired. At most one gap of a source is open at a time. [`step`] looks at one fetch after the other in the order
//! of the journal: the same entries always give the same ledger.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Attempt, DataAge, Limits, data_age, hours, minute};
use crate::model::register::{GapId, Hours};
use crate::model::source::{FetchOutcome, SourceId};

/// What kind of gap, by what was found first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// No fetch ended well for longer than the limit: nobody asked, or the machine was down.
    Silent,
    /// A fetch failed.
    Failed,
    /// A fetch owed something.
    Incomplete,
    /// A fetch was held back for a person.
    Held,
    /// The provider answered, and its data were too old or dated in the future.
    OldData,
}

impl GapKind {
    /// The word used in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Silent => "no fetch",
            Self::Failed => "failed",
            Self::Incomplete => "incomplete",
            Self::Held => "held",
            Self::OldData => "old data",
        }
    }
}

/// How the fetch that closed a gap reaches back over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It showed every record of the source: nothing can be missing.
    FullSet,
    /// It had no place to go on from and asked for everything.
    FromStart,
    /// It went on from the place up to which earlier fetches had taken everything in.
    FromCursor,
    /// It went on from that place, and the provider had nothing newer.
    Unchanged,
    /// No fetch closed it: the source was retired.
    Retired,
}

impl Reach {
    /// How it reaches back, as a sentence fragment.
    pub fn words(self) -> &'static str {
        match self {
            Self::FullSet => "every record of the source was shown",
            Self::FromStart => "everything was asked for from the beginning",
            Self::FromCursor => "it went on from where the fetches before had ended",
            Self::Unchanged => "the provider had nothing newer than what was held",
            Self::Retired => "the source was retired",
        }
    }
}

/// What closed a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// Number of the journal entry.
    pub entry: u64,
    /// How it reaches back.
    pub reach: Reach,
    /// Statements of the provider that were checked and agreed.
    pub checks: u64,
}

impl Closing {
    /// What closed the gap and how far that reaches back, as a sentence.
    pub fn sentence(&self) -> String {
        let checks = match (self.reach, self.checks) {
            (Reach::Retired, _) => String::new(),
            (_, 0) => "; the provider states nothing to check it against".to_owned(),
            (_, 1) => "; 1 statement of the provider agrees".to_owned(),
            (_, checks) => format!("; {checks} statements of the provider agree"),
        };
        format!("Entry {} of {}: {}{checks}.", self.entry, minute(self.at), self.reach.words())
    }
}

/// A gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its number; none while no entry has found it, because nobody asked the source since.
    pub id: Option<GapId>,
    /// The source.
    pub source: SourceId,
    /// What kind.
    pub kind: GapKind,
    /// Since when: the last good fetch, or the moment at which the data passed their limit.
    pub from: Timestamp,
    /// When it was found.
    pub found: Timestamp,
    /// Why, as a sentence.
    pub cause: String,
    /// Fetches in it that were not good.
    pub attempts: u64,
    /// Hours without a good fetch that the source may have.
    pub limit_hours: u32,
    /// What closed it; none while it is open.
    pub closed: Option<Closing>,
}

impl Gap {
    /// How long it lasted, or lasts at `now`.
    pub fn length(&self, now: Timestamp) -> SignedDuration {
        self.closed.map_or(now, |closing| closing.at).duration_since(self.from)
    }

    /// Whether it lasted longer than the source's limit, so that data were not fresh in it. Data that are old by themselves
    /// are beyond their limit from the gap's first moment on.
    pub fn exceeds_limit(&self, now: Timestamp) -> bool {
        matches!(self.kind, GapKind::OldData | GapKind::Silent) || self.length(now) > hours(self.limit_hours)
    }
}

/// What is known about a source before a fetch is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Since when it is monitored, as far as the register knows.
    pub since: Option<Timestamp>,
    /// End of the last good fetch.
    pub good: Option<Timestamp>,
    /// Whether the last fetch left a place to go on from.
    pub cursor: bool,
    /// Its open gap.
    pub open: Option<GapId>,
}

/// What a fetch does to the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing: all is well.
    Nothing,
    /// A gap is found; it may be closed already.
    Found(Box<Gap>),
    /// The open gap goes on.
    GoesOn(GapId),
    /// The open gap is closed.
    Closes(GapId, Closing),
}

/// Whether a fetch is good: it ended well, and its data are within their limit.
pub fn is_good(limits: &Limits, attempt: &Attempt) -> bool {
    attempt.outcome == FetchOutcome::Ok && data_age(limits, attempt.at, attempt.data_timestamp) == DataAge::Fine
}

/// Looks at the next fetch of a source.
pub fn step(source: &SourceId, limits: &Limits, standing: &Standing, attempt: &Attempt) -> Step {
    let start = standing.good.or(standing.since);
    let silent = start.is_some_and(|start| attempt.at.duration_since(start) > hours(limits.fresh_hours));
    let good = is_good(limits, attempt);
    match (standing.open, good) {
        (Some(open), true) => Step::Closes(open, closing(standing, attempt)),
        (Some(open), false) => Step::GoesOn(open),
        (None, true) if !silent => Step::Nothing,
        (None, _) => {
            let (kind, from, cause) = finding(limits, start, silent, attempt);
            Step::Found(Box::new(Gap {
                id: Some(GapId(attempt.entry)),
                source: source.clone(),
                kind,
                from,
                found: attempt.at,
                cause,
                attempts: u64::from(!good),
                limit_hours: limits.fresh_hours,
                closed: good.then(|| closing(standing, attempt)),
            }))
        }
    }
}

/// What a fetch without an open gap before it finds: kind, beginning, cause.
fn finding(limits: &Limits, start: Option<Timestamp>, silent: bool, attempt: &Attempt) -> (GapKind, Timestamp, String) {
    let silence = start.filter(|_| silent).map(|start| silence(limits, start)).unwrap_or_default();
    let from = start.unwrap_or(attempt.at).min(attempt.at);
    let kind = match attempt.outcome {
        FetchOutcome::Failed => GapKind::Failed,
        FetchOutcome::Incomplete => GapKind::Incomplete,
        FetchOutcome::Held => GapKind::Held,
        FetchOutcome::Ok => match data_age(limits, attempt.at, attempt.data_timestamp) {
            DataAge::Fine => return (GapKind::Silent, from, silence),
            DataAge::Future => {
                let dated = attempt.data_timestamp.map(minute).unwrap_or_default();
                return (
                    GapKind::OldData,
                    from,
                    format!("{silence} The data were dated {dated}, in the future.").trim().to_owned(),
                );
            }
            DataAge::StaleSince(since) => {
                let dated = attempt.data_timestamp.map(minute).unwrap_or_default();
                let cause = format!("{silence} The provider answered with data of {dated}.").trim().to_owned();
                return (GapKind::OldData, if silent { since.min(from) } else { since }, cause);
            }
        },
    };
    (kind, from, format!("{silence} {}", attempt.owed).trim().to_owned())
}

fn silence(limits: &Limits, start: Timestamp) -> String {
    format!("No good fetch took place for longer than {} after {}.", Hours(limits.fresh_hours), minute(start))
}

fn closing(standing: &Standing, attempt: &Attempt) -> Closing {
    let reach = match (attempt.full_set, standing.cursor) {
        (true, _) => Reach::FullSet,
        (false, true) if attempt.counts.seen == 0 => Reach::Unchanged,
        (false, true) => Reach::FromCursor,
        (false, false) => Reach::FromStart,
    };
    Closing { at: attempt.at, entry: attempt.entry, reach, checks: attempt.checks.1 }
}

/// What retiring a source at `at` in entry `entry` does to the ledger.
pub fn retire(source: &SourceId, limits: &Limits, standing: &Standing, entry: u64, at: Timestamp) -> Step {
    let closing = Closing { at, entry, reach: Reach::Retired, checks: 0 };
    match (standing.open, pending(source, limits, standing, at)) {
        (Some(open), _) => Step::Closes(open, closing),
        (None, Some(gap)) => Step::Found(Box::new(Gap { id: Some(GapId(entry)), closed: Some(closing), ..gap })),
        (None, None) => Step::Nothing,
    }
}

/// The gap that no entry has found yet at `now`, because nobody asked the source for longer than its limit.
pub fn pending(source: &SourceId, limits: &Limits, standing: &Standing, now: Timestamp) -> Option<Gap> {
    let start = standing.good.or(standing.since)?;
    (standing.open.is_none() && now.duration_since(start) > hours(limits.fresh_hours)).then(|| Gap {
        id: None,
        source: source.clone(),
        kind: GapKind::Silent,
        from: start,
        found: now,
        cause: silence(limits, start),
        attempts: 0,
        limit_hours: limits.fresh_hours,
        closed: None,
    })
}

#[cfg(test)]
mod tests;
