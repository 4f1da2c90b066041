//! When a source is due: its rhythm after a good fetch, sooner after one that was not, later by a little so that not everybody
//! asks at the full hour.
//!
//! A missed run needs no rule of its own: after a rest of any length a source is due at once, and once.

use std::num::NonZeroU32;

use domain::model::source::{Fetch, FetchOutcome, SourceId};
use jiff::{SignedDuration, Timestamp};
use store::records::FetchFilter;

use super::held;
use crate::config::ConfiguredSource;
use crate::error::Result;
use crate::workspace::Workspace;

/// Wait before a source is asked again that failed once; doubled for each further failure, up to its rhythm.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// Failures beyond so many do not make the wait longer: it has reached any rhythm by then.
const COUNTED: u64 = 16;

/// Whether a source is due.
pub fn is_due(workspace: &Workspace, source: &ConfiguredSource) -> Result<bool> {
    Ok(due_at(workspace, source)?.is_none_or(|at| at <= workspace.now()))
}

/// When a source is due; none: at once, because it was never asked or a person accepted what was held.
pub fn due_at(workspace: &Workspace, source: &ConfiguredSource) -> Result<Option<Timestamp>> {
    let id = &source.fetch.id;
    let filter = FetchFilter { source: Some(id.clone()), ..FetchFilter::default() };
    let Some(last) = workspace.records.last_fetch(id)?.map(|fetch| fetch.value.fetch) else { return Ok(None) };
    // A clock that was set back must not silence a source.
    let held = last.outcome == FetchOutcome::Held;
    if last.started > workspace.now() || held && held::is_accepted(workspace, id)? {
        return Ok(None);
    }
    let rhythm = SignedDuration::from_hours(i64::from(source.every_hours));
    if !is_failure(&last) {
        return Ok(Some(next(id, last.started, rhythm, None)));
    }
    let fetches = workspace.records.fetches(&filter, COUNTED)?;
    let failures = fetches.iter().take_while(|fetch| is_failure(&fetch.value.fetch)).count();
    let failures = u32::try_from(failures).ok().and_then(NonZeroU32::new);
    Ok(Some(next(id, last.finished, rhythm, failures)))
}

fn is_failure(fetch: &Fetch) -> bool {
    matches!(fetch.outcome, FetchOutcome::Failed | FetchOutcome::Incomplete)
}

/// When to ask again after a fetch: `from` is its start if it was good, else its end; `failures` how many in a row were not.
pub fn next(source: &SourceId, from: Timestamp, rhythm: SignedDuration, failures: Option<NonZeroU32>) -> Timestamp {
    let wait = failures.map_or(rhythm, |failures| {
        let doubled = 1 << (failures.get() - 1).min(16);
        FIRST_WAIT.checked_mul(doubled).unwrap_or(rhythm).min(rhythm)
    });
    from.checked_add(wait + jitter(source, from, wait)).unwrap_or(Timestamp::MAX)
}

/// Up to a tenth of the wait, by source and moment: the same whenever it is asked for.
fn jitter(source: &SourceId, from: Timestamp, wait: SignedDuration) -> SignedDuration {
    let slot = store::knowledge::name_hash(&format!("{source} {}", from.as_second()));
    let tenth = u64::try_from(wait.as_secs() / 10).unwrap_or(0);
    SignedDuration::from_secs(i64::try_from(slot % (tenth + 1)).unwrap_or(0))
}

/// The next moment at which a source is due; none where one is due at once or none is configured.
pub fn next_of_all(workspace: &Workspace) -> Result<Option<Timestamp>> {
    let mut soonest: Option<Timestamp> = None;
    for source in &workspace.config.sources {
        let Some(at) = due_at(workspace, source)? else { return Ok(None) };
        soonest = Some(soonest.map_or(at, |soonest| soonest.min(at)));
    }
    Ok(soonest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(id: &str, rhythm: SignedDuration, failures: u32) -> SignedDuration {
        let from: Timestamp = "2024-10-09T06:00:00Z".parse().unwrap();
        next(&SourceId(id.to_owned()), from, rhythm, NonZeroU32::new(failures)).duration_since(from)
    }

    #[test]
    fn a_source_is_due_a_rhythm_later_and_at_most_a_tenth_of_it_more() {
        let rhythm = SignedDuration::from_hours(2);
        let waits: Vec<SignedDuration> = (0..200).map(|n| wait(&format!("osv:{n}"), rhythm, 0)).collect();
        assert!(waits.iter().all(|wait| *wait >= rhythm && *wait <= rhythm + SignedDuration::from_mins(12)));
        let spread = *waits.iter().max().unwrap() - *waits.iter().min().unwrap();
        assert!(spread > SignedDuration::from_mins(10), "not everybody at once: {spread:?}");
        assert_eq!(wait("nvd", rhythm, 0), wait("nvd", rhythm, 0), "the same whenever it is asked for");
    }

    #[test]
    fn failures_are_asked_again_soon_then_ever_later_up_to_the_rhythm() {
        let rhythm = SignedDuration::from_hours(2);
        for (failures, minutes) in [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 120), (40, 120)] {
            let least = SignedDuration::from_mins(minutes);
            let wait = wait("nvd", rhythm, failures);
            assert!(wait >= least && wait <= least + least / 10, "{failures}: {wait:?}");
        }
    }
}
