//! Rules of the report's entries.

use domain::model::report::{Report, ReportStep};
use rusqlite::Connection;

use crate::records::error::Result;

pub(super) fn received(connection: &Connection, actor: &str, value: &Report) -> Result<()> {
    let _ = (connection, actor, value);
    Ok(())
}

pub(super) fn moved(connection: &Connection, actor: &str, value: &ReportStep) -> Result<()> {
    let _ = (connection, actor, value);
    Ok(())
}
