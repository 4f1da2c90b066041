//! Reports of own channels: the state and owner that the last step left, and the vulnerabilities named so far.

use domain::model::report::{Report, ReportStep};
use rusqlite::{Connection, params};

use crate::records::error::Result;
use crate::records::sql::{execute, int, micros, word};

pub(super) fn received(connection: &Connection, seq: u64, report: &Report) -> Result<()> {
    let insert = "INSERT INTO report (id, channel, owner, state, aware, entry) VALUES (?1, ?2, ?3, 'received', ?4, ?5)";
    let row = params![int(report.id.0), word(&report.channel)?, report.owner, micros(report.aware), int(seq)];
    execute(connection, insert, row)?;
    vulnerabilities(connection, report.id.0, &report.mentions)
}

pub(super) fn moved(connection: &Connection, seq: u64, step: &ReportStep) -> Result<()> {
    let (id, state) = (int(step.report.0), word(&step.state)?);
    let insert = "INSERT INTO report_step (entry, report, state) VALUES (?1, ?2, ?3)";
    execute(connection, insert, params![int(seq), id, state])?;
    let update = "UPDATE report SET state = ?2, owner = coalesce(?3, owner), aware = coalesce(?4, aware) WHERE id = ?1";
    execute(connection, update, params![id, state, step.owner, step.aware.map(micros)])?;
    vulnerabilities(connection, step.report.0, &step.vulnerabilities)
}

fn vulnerabilities(connection: &Connection, report: u64, names: &[String]) -> Result<()> {
    let insert = "INSERT INTO report_vulnerability (vulnerability, report) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    names.iter().try_for_each(|name| execute(connection, insert, params![name, int(report)]).map(drop))
}
