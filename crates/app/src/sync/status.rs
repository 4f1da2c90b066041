//! How trustworthy each source's data are at a moment: [`domain::monitor::state`] judges, here are its fetches.

use domain::model::run::SourceStatus;
use domain::model::source::{SourceId, SourceState};
use domain::monitor::state::judge;
use jiff::Timestamp;

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
    status(workspace, &Judged::from(source), now, None)
}

/// The state that one source had at a past moment: only fetches that ended before it count.
pub fn at(workspace: &Workspace, source: &ConfiguredSource, moment: Timestamp) -> Result<SourceStatus> {
    status(workspace, &Judged::from(source), moment, Some(moment))
}

/// What a state is judged by, from the configuration in force or from the register as it was.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    /// The source.
    pub(crate) id: SourceId,
    /// Its family.
    pub(crate) family: domain::model::source::Family,
    /// Its limits.
    pub(crate) limits: domain::monitor::Limits,
}

impl From<&ConfiguredSource> for Judged {
    fn from(source: &ConfiguredSource) -> Self {
        Self { id: source.fetch.id.clone(), family: source.fetch.kind.family(), limits: source.limits() }
    }
}

/// The state at `now`, by the fetches that ended before `before`; by all of them if none is given.
pub(crate) fn status(
    workspace: &Workspace,
    source: &Judged,
    now: Timestamp,
    before: Option<Timestamp>,
) -> Result<SourceStatus> {
    let (last, good) = workspace.records.last_attempts(&source.id, before)?;
    let judgement = judge(&source.limits, now, last.as_ref(), good.as_ref());
    Ok(SourceStatus {
        source: source.id.clone(),
        family: source.family,
        state: judgement.state,
        why: judgement.why,
        usable: judgement.usable && judgement.state != SourceState::Ok,
        last_success: good.as_ref().map(|good| good.at),
        data_timestamp: good.as_ref().and_then(|good| good.data_timestamp),
        live: last.map_or(0, |last| last.live),
    })
}
