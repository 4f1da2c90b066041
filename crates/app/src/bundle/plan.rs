//! What of a bundle is new here, source by source, and whether it joins what was imported before.

use std::collections::BTreeMap;

use domain::model::source::{Fetch, FetchOutcome, SourceId};
use store::records::FetchFilter;

use super::manifest::Carried;
use super::verify::Sound;
use crate::error::Result;
use crate::workspace::Workspace;

/// Fetches that have to be looked back over to find the last one that was taken in: failures come in rows.
const LOOK_BACK: u64 = 1_000;

/// What is to be done with the fetches of one source.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Entries of the other journal to be imported, in order.
    pub(super) new: Vec<u64>,
    /// Fetches that are here already.
    pub(super) present: u64,
    /// Entries that are older than what was imported last: too late.
    pub(super) late: Vec<u64>,
    /// Why the source is left out as a whole; none if it is not.
    pub(super) left_out: Option<String>,
    /// The entries that are missing before the first new one: after the last one imported, up to this one.
    pub(super) hole: Option<(Option<u64>, u64)>,
}

/// Plans every source of a bundle.
pub(super) fn plan(workspace: &Workspace, bundle: &Sound) -> Result<BTreeMap<SourceId, Plan>> {
    let mut sources: BTreeMap<SourceId, Vec<&Carried>> = BTreeMap::new();
    for carried in &bundle.fetches {
        sources.entry(carried.fetch.source.clone()).or_default().push(carried);
    }
    let plan = |(source, fetches): (SourceId, Vec<&Carried>)| {
        let before = bundle.manifest.before.get(&source).copied().flatten();
        Ok((source.clone(), one(workspace, &bundle.manifest.origin, &source, before, &fetches)?))
    };
    sources.into_iter().map(plan).collect()
}

fn one(
    workspace: &Workspace,
    origin: &str,
    source: &SourceId,
    before: Option<u64>,
    fetches: &[&Carried],
) -> Result<Plan> {
    let mut plan = Plan::default();
    let Some(configured) = workspace.config.source(source) else {
        plan.left_out = Some("this workspace has no source of that name".to_owned());
        return Ok(plan);
    };
    let family = configured.fetch.kind.family();
    if let Some(other) = fetches.iter().find(|carried| carried.fetch.family != family) {
        plan.left_out = Some(format!("it is of family {} there and {family} here", other.fetch.family));
        return Ok(plan);
    }
    let last = workspace.records.last_imported(origin, source)?;
    let mut joint = before;
    for carried in fetches {
        let seq = carried.entry.seq;
        if last.is_none_or(|last| seq > last) {
            plan.new.push(seq);
        } else {
            joint = Some(seq);
            if workspace.records.is_imported(origin, source, seq)? {
                plan.present += 1;
            } else {
                plan.late.push(seq);
            }
        }
    }
    let new = || fetches.iter().filter(|carried| plan.new.contains(&carried.entry.seq)).map(|carried| &carried.fetch);
    let whole = new().find(|fetch| is_good(fetch)).is_some_and(is_whole);
    if !plan.new.is_empty()
        && !whole
        && let Some(feed) = other_feed(workspace, origin, source)?
    {
        plan.new.clear();
        plan.left_out = Some(format!(
            "its records here come from {feed}; only a bundle whose first fetch of it is a complete set can take over"
        ));
        return Ok(plan);
    }
    // A first import may begin with a complete set: nothing from before it is needed.
    let begins = last.is_none() && whole;
    plan.hole = match joint {
        Some(joint) if !plan.new.is_empty() && !begins && last.is_none_or(|last| last < joint) => Some((last, joint)),
        _ => None,
    };
    Ok(plan)
}

/// Whether something of a fetch was taken in.
pub(super) fn is_good(fetch: &Fetch) -> bool {
    matches!(fetch.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete)
}

/// Whether a fetch needs nothing from before it.
pub(super) fn is_whole(fetch: &Fetch) -> bool {
    fetch.full_set && fetch.outcome == FetchOutcome::Ok
}

/// Who else fed this source last, if somebody did.
fn other_feed(workspace: &Workspace, origin: &str, source: &SourceId) -> Result<Option<String>> {
    let last = last_good(workspace, source)?;
    Ok(last.filter(|last| last.origin.as_deref() != Some(origin)).map(|last| match last.origin {
        Some(other) => format!("bundles of {}", other.split('+').next().unwrap_or_default()),
        None => "fetches of this workspace itself".to_owned(),
    }))
}

/// The last fetch of a source from which something was taken in.
pub(super) fn last_good(workspace: &Workspace, source: &SourceId) -> Result<Option<Fetch>> {
    let filter = FetchFilter { source: Some(source.clone()), ..FetchFilter::default() };
    let fetches = workspace.records.fetches(&filter, LOOK_BACK)?;
    Ok(fetches.into_iter().map(|recorded| recorded.value.fetch).find(is_good))
}
