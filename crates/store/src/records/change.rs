//! Queries: what runs changed, and the candidates that wait for a person.

use domain::model::finding::{FindingId, Match};
use domain::model::product::ReleaseId;
use domain::model::raw::Digest;
use domain::model::run::RunId;
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::Records;
use super::error::Result;
use super::product::{release_id, release_row};
use super::sql::{all, from_json, int, micros, uint};

/// One change of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// The run.
    pub run: RunId,
    /// What happened, as in [`domain::model::journal::Change::kind`].
    pub kind: String,
    /// The finding; none if it is about a candidate.
    pub finding: Option<FindingId>,
    /// The release.
    pub release: ReleaseId,
    /// How people call the component.
    pub component_label: String,
    /// The vulnerability, as it is named now.
    pub vulnerability: String,
    /// What changed and why, as sentences.
    pub detail: Vec<String>,
}

/// A candidate: names agree, or a doubt remains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateRow {
    /// The release.
    pub release: ReleaseId,
    /// Identity of the component.
    pub component: Digest,
    /// How people call it.
    pub component_label: String,
    /// What matching says.
    pub matched: Match,
    /// Run in which it appeared first.
    pub first_run: RunId,
    /// Last run that changed it.
    pub last_run: RunId,
}

const COLUMNS: &str = "SELECT x.run, x.kind, x.finding, r.product, r.version,
    coalesce(f.component_label, c.label), coalesce(f.vulnerability, x.vulnerability), x.detail
    FROM change x LEFT JOIN finding f ON f.id = x.finding
    JOIN release r ON r.id = coalesce(f.release, x.release) JOIN component c ON c.id = coalesce(f.component, x.component)";

fn change_row(row: &Row<'_>) -> Result<ChangeRow> {
    Ok(ChangeRow {
        run: RunId(uint(row.get(0)?)),
        kind: row.get(1)?,
        finding: row.get::<_, Option<i64>>(2)?.map(|id| FindingId(uint(id))),
        release: release_id(row, 3)?,
        component_label: row.get(5)?,
        vulnerability: row.get(6)?,
        detail: from_json(&row.get::<_, String>(7)?, "a list of sentences")?,
    })
}

/// What each run changed about a finding, oldest first.
pub(super) fn changes_of(connection: &Connection, id: FindingId) -> Result<Vec<ChangeRow>> {
    let select = format!("{COLUMNS} WHERE x.finding = ?1 ORDER BY x.run, x.ordinal");
    all(connection, &select, [int(id.0)], change_row)
}

impl Records {
    /// What one run changed, in its own order.
    pub fn changes(&self, run: RunId) -> Result<Vec<ChangeRow>> {
        let select = format!("{COLUMNS} WHERE x.run = ?1 ORDER BY x.ordinal");
        all(&self.connection, &select, [int(run.0)], change_row)
    }

    /// What the runs changed that finished in `[start, end)`, in order.
    pub fn changes_between(&self, start: Timestamp, end: Timestamp) -> Result<Vec<ChangeRow>> {
        let select = format!(
            "{COLUMNS} WHERE x.run IN (SELECT id FROM run WHERE finished >= ?1 AND finished < ?2) ORDER BY x.run, x.ordinal"
        );
        all(&self.connection, &select, [micros(start), micros(end)], change_row)
    }

    /// The candidates that stand in a release, by component and vulnerability.
    pub fn candidates(&self, release: &ReleaseId) -> Result<Vec<CandidateRow>> {
        let select = "SELECT r.product, r.version, c.digest, k.component_label, k.body, k.first_run, k.last_run
            FROM candidate k JOIN release r ON r.id = k.release JOIN component c ON c.id = k.component
            WHERE k.release = ?1 AND k.present = 1 ORDER BY k.component_label, c.digest, k.vulnerability";
        all(&self.connection, select, [release_row(&self.connection, release)?], |row| {
            Ok(CandidateRow {
                release: release_id(row, 0)?,
                component: Digest(row.get(2)?),
                component_label: row.get(3)?,
                matched: from_json(&row.get::<_, String>(4)?, "a match")?,
                first_run: RunId(uint(row.get(5)?)),
                last_run: RunId(uint(row.get(6)?)),
            })
        })
    }
}
