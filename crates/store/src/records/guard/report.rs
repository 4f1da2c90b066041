//! Reports of own channels: one series of numbers, awareness never after the entry, nothing closed or reopened without a
//! reason, and an owner who exists.

use domain::model::journal::Entry;
use domain::model::product::ReleaseId;
use domain::model::report::{Report, ReportId, ReportState, ReportStep};
use domain::model::tlp::Tlp;
use jiff::Timestamp;
use rusqlite::Connection;

use super::{known_user, number, person, said};
use crate::records::error::Result;
use crate::records::refusal::Refusal;
use crate::records::{product, report};

pub(super) fn received(connection: &Connection, entry: &Entry, report: &Report) -> Result<()> {
    person(connection, &entry.actor, &entry.actor)?;
    number(connection, "a report", report.id.0, "SELECT max(id) FROM report")?;
    said(&report.id, "a title", &report.title)?;
    said(&report.id, "the one who reported it", &report.from)?;
    awareness(report.id, report.aware, entry.at)?;
    mark(report.id, report.tlp)?;
    known_user(connection, &report.owner)?;
    releases(connection, &report.releases)
}

pub(super) fn moved(connection: &Connection, entry: &Entry, step: &ReportStep) -> Result<()> {
    person(connection, &entry.actor, &entry.actor)?;
    let before = report::state(connection, step.report)?.ok_or(Refusal::UnknownReport(step.report))?;
    if step.note.trim().is_empty() {
        match (before, step.state) {
            (_, ReportState::Closed) => return Err(Refusal::CloseReason(step.report).into()),
            (ReportState::Closed, _) => return Err(Refusal::ReopenReason(step.report).into()),
            _ if step.aware.is_some() || step.tlp.is_some() => said(&step.report, "the reason of a correction", "")?,
            (before, after) if before == after && says_nothing(step) => said(&step.report, "a note", "")?,
            _ => {}
        }
    }
    if let Some(aware) = step.aware {
        awareness(step.report, aware, entry.at)?;
    }
    if let Some(tlp) = step.tlp {
        mark(step.report, tlp)?;
    }
    if let Some(owner) = &step.owner {
        known_user(connection, owner)?;
    }
    releases(connection, step.releases.as_deref().unwrap_or_default())
}

fn says_nothing(step: &ReportStep) -> bool {
    step.owner.is_none() && step.vulnerabilities.is_empty() && step.files.is_empty() && step.releases.is_none()
}

/// Nobody enters what he does not know yet.
fn awareness(report: ReportId, aware: Timestamp, entered: Timestamp) -> Result<()> {
    if aware > entered { Err(Refusal::AwareLater { report, aware, entered }.into()) } else { Ok(()) }
}

/// TLP:RED is for named recipients and stays out of a shared store.
fn mark(report: ReportId, tlp: Tlp) -> Result<()> {
    if tlp == Tlp::Red { Err(Refusal::Red(report.to_string()).into()) } else { Ok(()) }
}

fn releases(connection: &Connection, releases: &[ReleaseId]) -> Result<()> {
    releases.iter().try_for_each(|release| product::release_row(connection, release).map(drop))
}
