//! Rules of the register's entries.

use domain::model::register::{GapReviewed, SourceApproved, SourceRecord};
use rusqlite::Connection;

use crate::records::error::Result;

pub(super) fn recorded(connection: &Connection, actor: &str, value: &SourceRecord) -> Result<()> {
    let _ = (connection, actor, value);
    Ok(())
}

pub(super) fn approved(connection: &Connection, actor: &str, value: &SourceApproved) -> Result<()> {
    let _ = (connection, actor, value);
    Ok(())
}

pub(super) fn gap_reviewed(connection: &Connection, actor: &str, value: &GapReviewed) -> Result<()> {
    let _ = (connection, actor, value);
    Ok(())
}
