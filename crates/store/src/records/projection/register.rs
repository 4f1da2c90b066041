//! The source register, its approvals, and reviews of gaps.

use domain::model::register::{GapReviewed, RegisterChange, SourceApproved, SourceRecord};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::gap;
use crate::records::error::Result;
use crate::records::sql::{execute, int, micros};

pub(super) fn recorded(connection: &Connection, seq: u64, at: Timestamp, record: &SourceRecord) -> Result<()> {
    let insert = "INSERT INTO source_record
        (entry, source, revision, change, at, every_hours, fresh_hours, data_fresh_hours)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    if matches!(record.change, RegisterChange::Retired { .. }) {
        gap::retired(connection, seq, at, &record.source)?;
    }
    let row = params![
        int(seq),
        record.source.0,
        record.revision,
        record.change.word(),
        micros(at),
        record.every_hours,
        record.fresh_hours,
        record.data_fresh_hours,
    ];
    execute(connection, insert, row).map(drop)
}

pub(super) fn approved(connection: &Connection, seq: u64, actor: &str, approved: &SourceApproved) -> Result<()> {
    let insert =
        "INSERT INTO source_approval (entry, source, revision, person, next_review) VALUES (?1, ?2, ?3, ?4, ?5)";
    let next_review = approved.next_review.to_string();
    execute(connection, insert, params![int(seq), approved.source.0, approved.revision, actor, next_review]).map(drop)
}

pub(super) fn gap_reviewed(connection: &Connection, seq: u64, reviewed: &GapReviewed) -> Result<()> {
    let insert = "INSERT INTO gap_review (entry, gap) VALUES (?1, ?2)";
    execute(connection, insert, [int(seq), int(reviewed.gap.0)]).map(drop)
}
