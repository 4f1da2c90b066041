//! Queries: reports of own channels, each with everything that was done about it.

use domain::model::journal::Event;
use domain::model::report::{Report, ReportId, ReportState, ReportStep};
use domain::monitor::intake::Standing;
use jiff::Timestamp;
use rusqlite::{Connection, Params};

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::guard::next_number;
use super::sql::{first, from_word, int};

/// A report with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// As received.
    pub report: Recorded<Report>,
    /// What was done about it, oldest first.
    pub steps: Vec<Recorded<ReportStep>>,
}

impl ReportRow {
    /// Where it stands now.
    pub fn standing(&self) -> Standing {
        self.standing_at(None)
    }

    /// Where it stood after the steps made before `until`.
    pub fn standing_at(&self, until: Option<Timestamp>) -> Standing {
        let steps = self.steps.iter().map(|step| (step.at, &step.value));
        Standing::of(&self.report.value, self.report.at, steps, until)
    }
}

/// State of a report after its last step.
pub(super) fn state(connection: &Connection, id: ReportId) -> Result<Option<ReportState>> {
    let select = "SELECT state FROM report WHERE id = ?1";
    first(connection, select, [int(id.0)], |row| from_word(row.get(0)?, "the state of a report"))
}

impl Records {
    /// All reports, by number.
    pub fn reports(&self) -> Result<Vec<ReportRow>> {
        self.report_rows("SELECT e.body FROM report r JOIN entry e ON e.seq = r.entry ORDER BY r.id", [])
    }

    /// A report.
    pub fn report(&self, id: ReportId) -> Result<Option<ReportRow>> {
        let select = "SELECT e.body FROM report r JOIN entry e ON e.seq = r.entry WHERE r.id = ?1";
        Ok(self.report_rows(select, [int(id.0)])?.pop())
    }

    /// Reports that mention a vulnerability or turned out to be about it, by number. The name is as it was written there.
    pub fn reports_about(&self, vulnerability: &str) -> Result<Vec<ReportRow>> {
        let select = "SELECT e.body FROM report_vulnerability v JOIN report r ON r.id = v.report
            JOIN entry e ON e.seq = r.entry WHERE v.vulnerability = ?1 ORDER BY r.id";
        self.report_rows(select, [vulnerability])
    }

    /// The number that the next report gets.
    pub fn next_report_id(&self) -> Result<ReportId> {
        next_number(&self.connection, "SELECT max(id) FROM report").map(ReportId)
    }

    fn report_rows(&self, select: &str, params: impl Params) -> Result<Vec<ReportRow>> {
        let reports = recorded(&self.connection, select, params, |event| match event {
            Event::ReportReceived(report) => Some(*report),
            _ => None,
        })?;
        let row = |report: Recorded<Report>| Ok(ReportRow { steps: self.report_steps(report.value.id)?, report });
        reports.into_iter().map(row).collect()
    }

    fn report_steps(&self, id: ReportId) -> Result<Vec<Recorded<ReportStep>>> {
        let select =
            "SELECT e.body FROM report_step s JOIN entry e ON e.seq = s.entry WHERE s.report = ?1 ORDER BY s.entry";
        recorded(&self.connection, select, [int(id.0)], |event| match event {
            Event::ReportMoved(step) => Some(step),
            _ => None,
        })
    }
}
