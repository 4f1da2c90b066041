//! Bundles from across an air gap, and the fetches that they brought.

use domain::model::journal::{BundleImported, Fetched};
use rusqlite::{Connection, params};

use crate::records::error::Result;
use crate::records::sql::{execute, int, micros};

pub(super) fn imported(connection: &Connection, seq: u64, bundle: &BundleImported) -> Result<()> {
    let insert = "INSERT INTO bundle (entry, origin, manifest, exported, first_entry, last_entry, fetches)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (first, last) = bundle.entries;
    let row = params![
        int(seq),
        bundle.origin,
        bundle.manifest.0,
        micros(bundle.exported),
        int(first),
        int(last),
        int(bundle.fetches),
    ];
    execute(connection, insert, row).map(drop)
}

/// Notes which entry of the other journal a fetch was; a fetch of our own leaves nothing here.
pub(super) fn fetched(connection: &Connection, seq: u64, fetched: &Fetched) -> Result<()> {
    let fetch = &fetched.fetch;
    let (Some(origin), Some(entry)) = (&fetch.origin, fetch.origin_entry) else { return Ok(()) };
    let insert = "INSERT INTO imported_fetch (origin, source, origin_entry, entry) VALUES (?1, ?2, ?3, ?4)";
    execute(connection, insert, params![origin, fetch.source.0, int(entry), int(seq)]).map(drop)
}
