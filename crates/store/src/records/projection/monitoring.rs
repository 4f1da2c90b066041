//! Fetches, bulletins and runs.

use std::collections::BTreeMap;

use domain::model::journal::{Bulletin, Change, Fetched, HeldAccepted};
use domain::model::run::{ReleaseOutcome, Run};
use domain::monitor::Attempt;
use rusqlite::{Connection, params};

use super::change::Changes;
use super::gap;
use crate::records::blobs::{Blobs, read_json};
use crate::records::error::Result;
use crate::records::product;
use crate::records::refusal::Refusal;
use crate::records::sql::{execute, int, micros, word};

pub(super) fn fetched(connection: &Connection, seq: u64, fetched: &Fetched) -> Result<()> {
    let insert = r#"INSERT INTO "fetch"
        (entry, source, finished, outcome, good, live, stated, data_timestamp, newest, cursor, full_set, seen, new, changed,
            unchanged, withdrawn, quarantined, checks, checks_agreed, owed, knowledge)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"#;
    let fetch = &fetched.fetch;
    let good = gap::fetched(connection, seq, fetch)?;
    let Attempt { owed, checks, counts, .. } = Attempt::of(seq, fetch);
    let row = params![
        int(seq),
        fetch.source.0,
        micros(fetch.finished),
        word(&fetch.outcome)?,
        good,
        int(fetch.live),
        fetch.stated.map(int),
        fetch.data_timestamp.map(micros),
        fetch.newest.map(micros),
        fetch.cursor,
        fetch.full_set,
        int(counts.seen),
        int(counts.new),
        int(counts.changed),
        int(counts.unchanged),
        int(counts.withdrawn),
        int(counts.quarantined),
        int(checks.0),
        int(checks.1),
        owed,
        fetched.knowledge.0,
    ];
    execute(connection, insert, row).map(drop)
}

pub(super) fn held_accepted(connection: &Connection, seq: u64, accepted: &HeldAccepted) -> Result<()> {
    let insert = "INSERT INTO held_acceptance (entry, source, reason) VALUES (?1, ?2, ?3)";
    execute(connection, insert, params![int(seq), accepted.source.0, accepted.reason]).map(drop)
}

pub(super) fn bulletin_added(connection: &Connection, seq: u64, bulletin: &Bulletin) -> Result<()> {
    let insert = "INSERT INTO bulletin (number, file, provider, title, tlp, received, entry)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let row = params![
        int(bulletin.number),
        bulletin.file.0,
        bulletin.provider,
        bulletin.title,
        bulletin.tlp.label(),
        micros(bulletin.received),
        int(seq),
    ];
    execute(connection, insert, row).map(drop)
}

pub(super) fn run_finished(connection: &Connection, seq: u64, run: &Run, blobs: &dyn Blobs) -> Result<()> {
    let insert = "INSERT INTO run (id, started, finished, matcher, knowledge, changes, entry)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let id = int(run.id.0);
    let (started, finished) = (micros(run.started), micros(run.finished));
    execute(connection, insert, params![id, started, finished, run.matcher, run.knowledge.0, run.changes.0, int(seq)])?;
    run.releases.iter().try_for_each(|outcome| release(connection, id, outcome))?;
    let list: Vec<Change> = read_json(blobs, run.changes, "a list of changes")?;
    check_counts(run, &list)?;
    Changes::new(connection, seq, id).apply(list)
}

fn release(connection: &Connection, run: i64, outcome: &ReleaseOutcome) -> Result<()> {
    let insert = "INSERT INTO run_release (release, run, sbom_revision, components, unidentified)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    let release = product::release_row(connection, &outcome.release)?;
    let (components, unidentified) = (int(outcome.components), int(outcome.unidentified));
    execute(connection, insert, params![release, run, outcome.sbom_revision, components, unidentified]).map(drop)
}

/// What the entry says to those who read it must be what its list holds.
fn check_counts(run: &Run, list: &[Change]) -> Result<(), Refusal> {
    let mut counted: BTreeMap<&str, u64> = run.change_counts.keys().map(|kind| (kind.as_str(), 0)).collect();
    for change in list {
        *counted.entry(change.kind()).or_default() += 1;
    }
    for (kind, counted) in counted {
        let stated = run.change_counts.get(kind).copied().unwrap_or(0);
        if stated != counted {
            return Err(Refusal::Count { what: format!("changes of kind {kind}"), stated, counted });
        }
    }
    Ok(())
}
