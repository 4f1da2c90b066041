//! Projection of the report's entries.

use domain::model::report::{Report, ReportStep};
use rusqlite::Connection;

use crate::records::error::Result;

pub(super) fn received(connection: &Connection, seq: u64, value: &Report) -> Result<()> {
    let _ = (connection, seq, value);
    Ok(())
}

pub(super) fn moved(connection: &Connection, seq: u64, value: &ReportStep) -> Result<()> {
    let _ = (connection, seq, value);
    Ok(())
}
