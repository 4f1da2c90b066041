//! Projection of the watch's entries.

use domain::model::watch::{Watch, WatchEnded, WatchLooked};
use rusqlite::Connection;

use crate::records::error::Result;

pub(super) fn set(connection: &Connection, seq: u64, value: &Watch) -> Result<()> {
    let _ = (connection, seq, value);
    Ok(())
}

pub(super) fn looked(connection: &Connection, seq: u64, value: &WatchLooked) -> Result<()> {
    let _ = (connection, seq, value);
    Ok(())
}

pub(super) fn ended(connection: &Connection, seq: u64, value: &WatchEnded) -> Result<()> {
    let _ = (connection, seq, value);
    Ok(())
}
