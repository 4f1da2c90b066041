//! Everything there is to say about a source at a moment, now or past.

use domain::model::register::{GapId, SourceRecord};
use domain::model::run::SourceStatus;
use domain::model::source::{Check, SourceId};
use domain::monitor::gaps::{Gap, pending};
use domain::monitor::{Limits, timeline::midnight};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::Serialize;
use store::records::{FetchFilter, GapFilter, GapRow, Recorded, RegisterRow};

use crate::error::{Error, Result};
use crate::sync::status::{self, Judged};
use crate::workspace::Workspace;

/// A source at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// State, why, when it last succeeded, when its data are from, live records.
    #[serde(flatten)]
    pub status: SourceStatus,
    /// Hours since the last good fetch.
    pub age_hours: Option<i64>,
    /// The limits it is held against.
    pub limits: Limits,
    /// The provider's own total, as the last fetch saw it.
    pub stated: Option<u64>,
    /// The provider's statements that the last fetch checked.
    pub checks: Vec<Check>,
    /// Sentences on what the last fetch owes.
    pub owed: Vec<String>,
    /// When it is to be asked next; in the past if that is overdue. None for a past day.
    pub next_due: Option<Timestamp>,
    /// Open gaps by number.
    pub open_gaps: Vec<GapId>,
    /// Whether it is overdue beyond its limit and no fetch has found that yet.
    pub gap_not_yet_found: bool,
    /// Whether the configuration in force names it.
    pub configured: bool,
    /// Revision of its record in the register.
    pub revision: Option<u32>,
    /// Who approved that revision; none while it is not approved.
    pub approved_by: Option<String>,
    /// Day of the register's next review.
    pub next_review: Option<Date>,
}

/// Every source in the configuration, and those in the register that it lacks, sorted by name; as they are now.
pub fn reports(workspace: &Workspace) -> Result<Vec<SourceReport>> {
    let register = workspace.records.register()?;
    let now = workspace.now();
    let mut reports = Vec::new();
    for source in &workspace.config.sources {
        let row = register.iter().find(|row| row.record.value.source == source.fetch.id && !row.is_retired());
        reports.push(report(workspace, &Judged::from(source), row, now, None)?);
    }
    for row in register.iter().filter(|row| !row.is_retired()) {
        let record = &row.record.value;
        if workspace.config.source(&record.source).is_none() {
            let mut missing = report(workspace, &judged(record), Some(row), now, None)?;
            missing.configured = false;
            missing.next_due = None;
            let removed = "it is in the register, but not in wardround.toml: put it back or retire it";
            missing.status.why = format!("{removed}. {}", missing.status.why);
            reports.push(missing);
        }
    }
    reports.sort_by(|a, b| a.status.source.cmp(&b.status.source));
    Ok(reports)
}

/// Every source that was in the register at the end of a day (UTC; now, if that is earlier), as it was then. One that was
/// fetched before it was registered is held against the first revision of its record.
pub fn on(workspace: &Workspace, day: Date) -> Result<Vec<SourceReport>> {
    let end = day.checked_add(1.day()).ok().and_then(midnight);
    let end = end.ok_or_else(|| Error::refused(format!("look at {day}: it is outside of the calendar")))?;
    let moment = end.min(workspace.now());
    let mut reports = Vec::new();
    for recorded in known_at(workspace, moment)? {
        let approval = workspace.records.source_approvals(&recorded.value.source)?;
        let approval = approval.into_iter().rfind(|approval| approval.at < moment);
        let row = RegisterRow { record: recorded, approval };
        if !row.is_retired() {
            reports.push(report(workspace, &judged(&row.record.value), Some(&row), moment, Some(moment))?);
        }
    }
    Ok(reports)
}

fn known_at(workspace: &Workspace, moment: Timestamp) -> Result<Vec<Recorded<SourceRecord>>> {
    let mut known = workspace.records.register_at(moment)?;
    for row in workspace.records.register()? {
        let id = &row.record.value.source;
        if known.iter().all(|record| record.value.source != *id)
            && workspace.records.last_attempts(id, Some(moment))?.0.is_some()
        {
            known.extend(workspace.records.source_records(id)?.into_iter().next());
        }
    }
    known.sort_by(|a, b| a.value.source.cmp(&b.value.source));
    Ok(known)
}

fn judged(record: &SourceRecord) -> Judged {
    Judged { id: record.source.clone(), family: record.family, limits: limits(record) }
}

/// The limits that a record states.
pub(super) fn limits(record: &SourceRecord) -> Limits {
    Limits {
        every_hours: record.every_hours,
        fresh_hours: record.fresh_hours,
        data_fresh_hours: record.data_fresh_hours,
    }
}

fn report(
    workspace: &Workspace,
    source: &Judged,
    row: Option<&RegisterRow>,
    moment: Timestamp,
    before: Option<Timestamp>,
) -> Result<SourceReport> {
    let id = &source.id;
    let status = status::status(workspace, source, moment, before)?;
    let filter = FetchFilter { source: Some(id.clone()), until: before, ..FetchFilter::default() };
    let last = workspace.records.fetches(&filter, 1)?.pop().map(|recorded| recorded.value.fetch);
    let next_due = last.as_ref().map_or(moment, |last| match last.outcome {
        domain::model::source::FetchOutcome::Ok => {
            last.started + SignedDuration::from_hours(i64::from(source.limits.every_hours))
        }
        _ => moment,
    });
    let touching = Some((moment, moment + SignedDuration::from_secs(1)));
    let open = workspace.records.gaps(&GapFilter { source: Some(id.clone()), touching, ..GapFilter::default() })?;
    let standing = workspace.records.standing(id)?;
    let in_force = row.and_then(RegisterRow::in_force);
    Ok(SourceReport {
        age_hours: status.last_success.map(|at| moment.duration_since(at).as_hours()),
        limits: source.limits,
        stated: last.as_ref().and_then(|last| last.stated),
        checks: last.as_ref().map(|last| last.checks.clone()).unwrap_or_default(),
        owed: last.map(|last| last.owed).unwrap_or_default(),
        next_due: before.is_none().then_some(next_due),
        open_gaps: open.iter().filter(|row| row.gap.found < moment).filter_map(|row| row.gap.id).collect(),
        gap_not_yet_found: pending(id, &source.limits, &standing, moment).is_some(),
        configured: true,
        revision: row.map(|row| row.record.value.revision),
        approved_by: in_force.map(|approval| approval.actor.clone()),
        next_review: in_force.map(|approval| approval.value.next_review),
        status,
    })
}

/// The ledger of gaps: those of one source or all, only open ones where wanted, the ones that no fetch has found yet last.
pub fn gaps(workspace: &Workspace, source: Option<&SourceId>, open: bool) -> Result<Vec<GapRow>> {
    if let Some(source) = source {
        crate::register::row(workspace, source, "list the gaps of")?;
    }
    let filter = GapFilter { source: source.cloned(), open, touching: None };
    let mut rows = workspace.records.gaps(&filter)?;
    for row in workspace.records.register()?.iter().filter(|row| !row.is_retired()) {
        let record = &row.record.value;
        if source.is_none_or(|source| *source == record.source) {
            let standing = workspace.records.standing(&record.source)?;
            let pending: Option<Gap> = pending(&record.source, &limits(record), &standing, workspace.now());
            rows.extend(pending.map(|gap| GapRow { gap, reviews: Vec::new() }));
        }
    }
    Ok(rows)
}
