//! Projection of the register's entries.

use domain::model::register::{GapReviewed, SourceApproved, SourceRecord};
use rusqlite::Connection;

use crate::records::error::Result;

pub(super) fn recorded(connection: &Connection, seq: u64, value: &SourceRecord) -> Result<()> {
    let _ = (connection, seq, value);
    Ok(())
}

pub(super) fn approved(connection: &Connection, seq: u64, value: &SourceApproved) -> Result<()> {
    let _ = (connection, seq, value);
    Ok(())
}

pub(super) fn gap_reviewed(connection: &Connection, seq: u64, value: &GapReviewed) -> Result<()> {
    let _ = (connection, seq, value);
    Ok(())
}
