//! Manual watches: the revision in force, every revision, every look.

use domain::model::watch::{Watch, WatchEnded, WatchLooked};
use rusqlite::{Connection, params};

use crate::records::error::Result;
use crate::records::sql::{execute, int};

pub(super) fn set(connection: &Connection, seq: u64, watch: &Watch) -> Result<()> {
    let (id, seq) = (int(watch.id.0), int(seq));
    let insert = "INSERT INTO watch (id, supplier, person, entry) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (id) DO UPDATE SET supplier = ?2, person = ?3, entry = ?4";
    execute(connection, insert, params![id, watch.supplier, watch.person, seq])?;
    execute(connection, "INSERT INTO watch_revision (entry, watch) VALUES (?1, ?2)", [seq, id]).map(drop)
}

pub(super) fn looked(connection: &Connection, seq: u64, looked: &WatchLooked) -> Result<()> {
    let insert = "INSERT INTO watch_look (entry, watch, found) VALUES (?1, ?2, ?3)";
    execute(connection, insert, params![int(seq), int(looked.watch.0), looked.found]).map(drop)
}

pub(super) fn ended(connection: &Connection, seq: u64, ended: &WatchEnded) -> Result<()> {
    execute(connection, "UPDATE watch SET ended = ?2 WHERE id = ?1", [int(ended.watch.0), int(seq)]).map(drop)
}
