//! How trustworthy each source's data are at a moment. Nothing is fresh by default; "it answered" is not fresh.

use domain::model::run::SourceStatus;
use domain::model::source::{Fetch, FetchOutcome, SourceState};
use jiff::{SignedDuration, Timestamp};
use store::records::FetchFilter;

use crate::config::ConfiguredSource;
use crate::error::Result;
use crate::workspace::Workspace;

/// The state of every configured source, sorted by name.
pub fn all(workspace: &Workspace, now: Timestamp) -> Result<Vec<SourceStatus>> {
    let mut statuses = Vec::new();
    for source in &workspace.config.sources {
        statuses.push(of(workspace, source, now)?);
    }
    statuses.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(statuses)
}

/// The state of one source as its fetches up to now left it.
pub fn of(workspace: &Workspace, source: &ConfiguredSource, now: Timestamp) -> Result<SourceStatus> {
    let id = &source.fetch.id;
    let last = workspace.records.last_fetch(id)?.map(|recorded| recorded.value.fetch);
    let good = workspace.records.last_good_fetch(id)?.map(|recorded| recorded.value.fetch);
    Ok(judge(source, now, last.as_ref(), good.as_ref()))
}

/// The state that one source had at a past moment: only fetches that ended before it count.
pub fn at(workspace: &Workspace, source: &ConfiguredSource, moment: Timestamp) -> Result<SourceStatus> {
    let until = FetchFilter { source: Some(source.fetch.id.clone()), until: Some(moment), ..FetchFilter::default() };
    let newest = |filter: &FetchFilter| -> Result<Option<Fetch>> {
        Ok(workspace.records.fetches(filter, 1)?.pop().map(|recorded| recorded.value.fetch))
    };
    let last = newest(&until)?;
    let good = newest(&FetchFilter { outcome: Some(FetchOutcome::Ok), ..until })?;
    Ok(judge(source, moment, last.as_ref(), good.as_ref()))
}

fn judge(source: &ConfiguredSource, now: Timestamp, last: Option<&Fetch>, good: Option<&Fetch>) -> SourceStatus {
    let id = &source.fetch.id;
    let owed = last.map(|fetch| fetch.owed.join(" ")).unwrap_or_default();
    let limit = SignedDuration::from_hours(i64::from(source.fresh_hours));
    let old = good.is_none_or(|fetch| now.duration_since(fetch.finished) > limit);
    let data_timestamp = good.and_then(|fetch| fetch.data_timestamp);
    let behind = data_timestamp
        .zip(source.fetch.kind.facts().data_fresh_hours)
        .is_some_and(|(from, hours)| now.duration_since(from) > SignedDuration::from_hours(i64::from(hours)));
    let (state, why) = match last.map(|fetch| fetch.outcome) {
        None => (SourceState::Unknown, "no fetch is on record".to_owned()),
        Some(FetchOutcome::Held) => (SourceState::Held, owed),
        Some(FetchOutcome::Incomplete) => (SourceState::Incomplete, owed),
        Some(FetchOutcome::Failed) if old => (SourceState::Failed, owed),
        _ if old => (SourceState::Stale, format!("no good fetch within {} h", source.fresh_hours)),
        _ if behind => {
            let from = data_timestamp.map(|from| from.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
            (SourceState::Stale, format!("it answers, but its data are from {from}"))
        }
        Some(FetchOutcome::Failed) => (SourceState::Fresh, format!("the last attempt failed: {owed}")),
        Some(FetchOutcome::Ok) => (SourceState::Fresh, String::new()),
    };
    SourceStatus {
        source: id.clone(),
        family: source.fetch.kind.family(),
        state,
        why,
        last_success: good.map(|fetch| fetch.finished),
        data_timestamp,
        live: last.map_or(0, |fetch| fetch.live),
    }
}
