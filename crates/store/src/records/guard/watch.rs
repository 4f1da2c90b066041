//! Rules of the watch's entries.

use domain::model::watch::{Watch, WatchEnded, WatchLooked};
use rusqlite::Connection;

use crate::records::error::Result;

pub(super) fn set(connection: &Connection, actor: &str, value: &Watch) -> Result<()> {
    let _ = (connection, actor, value);
    Ok(())
}

pub(super) fn looked(connection: &Connection, actor: &str, value: &WatchLooked) -> Result<()> {
    let _ = (connection, actor, value);
    Ok(())
}

pub(super) fn ended(connection: &Connection, actor: &str, value: &WatchEnded) -> Result<()> {
    let _ = (connection, actor, value);
    Ok(())
}
