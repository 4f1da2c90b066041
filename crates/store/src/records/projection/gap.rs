//! The ledger of gaps, kept as fetches come: the rules are `domain::monitor::gaps`.

use domain::model::source::{Fetch, SourceId};
use domain::monitor::gaps::{self, Closing, Gap, Step};
use domain::monitor::{Attempt, Limits};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::records::error::Result;
use crate::records::gap::{limits, standing};
use crate::records::sql::{execute, int, micros, word};

/// Notes what a fetch does to the ledger; says whether it is a good one. Its own row is not there yet.
pub(super) fn fetched(connection: &Connection, seq: u64, fetch: &Fetch) -> Result<bool> {
    let attempt = Attempt::of(seq, fetch);
    let limits = in_force(connection, fetch)?;
    note(connection, gaps::step(&fetch.source, &limits, &standing(connection, &fetch.source)?, &attempt))?;
    Ok(gaps::is_good(&limits, &attempt))
}

/// Closes what is open, for nobody asks a retired source any more.
pub(super) fn retired(connection: &Connection, seq: u64, at: Timestamp, source: &SourceId) -> Result<()> {
    let Some(limits) = limits(connection, source)? else { return Ok(()) };
    note(connection, gaps::retire(source, &limits, &standing(connection, source)?, seq, at))
}

/// The limits by which a fetch is judged: as it states them, else as the register does.
fn in_force(connection: &Connection, fetch: &Fetch) -> Result<Limits> {
    // Without any limit on record nothing can be late.
    let none = Limits { every_hours: u32::MAX, fresh_hours: u32::MAX, data_fresh_hours: None };
    let limits = limits(connection, &fetch.source)?.unwrap_or(none);
    Ok(match fetch.limits {
        Some((every_hours, fresh_hours)) => Limits { every_hours, fresh_hours, ..limits },
        None => limits,
    })
}

fn note(connection: &Connection, step: Step) -> Result<()> {
    match step {
        Step::Nothing => Ok(()),
        Step::Found(gap) => found(connection, &gap),
        Step::GoesOn(gap) => {
            let update = "UPDATE source_gap SET attempts = attempts + 1 WHERE number = ?1";
            execute(connection, update, [int(gap.0)]).map(drop)
        }
        Step::Closes(gap, closing) => closes(connection, int(gap.0), &closing),
    }
}

fn found(connection: &Connection, gap: &Gap) -> Result<()> {
    let insert = "INSERT INTO source_gap (number, source, kind, start, found, cause, attempts, limit_hours)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let Some(number) = gap.id.map(|id| int(id.0)) else { return Ok(()) };
    let row = params![
        number,
        gap.source.0,
        word(&gap.kind)?,
        micros(gap.from),
        micros(gap.found),
        gap.cause,
        int(gap.attempts),
        gap.limit_hours,
    ];
    execute(connection, insert, row)?;
    gap.closed.as_ref().map_or(Ok(()), |closing| closes(connection, number, closing))
}

fn closes(connection: &Connection, number: i64, closing: &Closing) -> Result<()> {
    let update = "UPDATE source_gap SET closed = ?2, closing_entry = ?3, reach = ?4, checks = ?5 WHERE number = ?1";
    let row = params![number, micros(closing.at), int(closing.entry), word(&closing.reach)?, int(closing.checks)];
    execute(connection, update, row).map(drop)
}
