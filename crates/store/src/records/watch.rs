//! Queries: manual watches, each with its revisions and looks.

use domain::model::journal::Event;
use domain::model::watch::{Watch, WatchEnded, WatchId, WatchLooked};
use domain::monitor::watch::{Schedule, Step, rhythm, schedule};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Params};

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::{Error, Result};
use super::guard::next_number;
use super::sql::{all, first, int};
use crate::journal;

/// A manual watch with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchRow {
    /// As set up and changed, oldest first; the last one is in force. There is at least one.
    pub revisions: Vec<Recorded<Watch>>,
    /// Every look, oldest first.
    pub looks: Vec<Recorded<WatchLooked>>,
    /// Its end, if it has ended.
    pub ended: Option<Recorded<WatchEnded>>,
}

impl WatchRow {
    /// The watch as it is now.
    pub fn watch(&self) -> &Watch {
        &self.revisions.last().expect("a row is made from at least one revision").value
    }

    /// Due days up to `today`, from what was recorded before `until` (everything if none is given). A watch that has ended
    /// has no due days after its end.
    pub fn schedule(&self, until: Option<Timestamp>, today: Date) -> Schedule {
        let counts = |at: Timestamp| until.is_none_or(|until| at < until);
        let mut steps: Vec<(u64, Step)> = Vec::new();
        for revision in self.revisions.iter().filter(|revision| counts(revision.at)) {
            // A guard let no other rhythm in.
            let Ok(every) = rhythm(&revision.value.every) else { continue };
            steps.push((revision.seq, Step::Set { on: day(revision.at), first_due: revision.value.first_due, every }));
        }
        let looks = self.looks.iter().filter(|look| counts(look.at));
        steps.extend(looks.map(|look| (look.seq, Step::Looked(day(look.at)))));
        steps.sort_by_key(|(seq, _)| *seq);
        let steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
        match self.ended.as_ref().filter(|ended| counts(ended.at)) {
            Some(ended) => Schedule { next: None, ..schedule(&steps, today.min(day(ended.at))) },
            None => schedule(&steps, today),
        }
    }
}

/// The day of a moment, in UTC.
fn day(at: Timestamp) -> Date {
    at.to_zoned_datetime(TimeZone::UTC).date()
}

/// What a rule has to know about a watch.
pub(super) struct Current {
    pub(super) watch: Watch,
    pub(super) ended: bool,
}

/// The revision in force.
pub(super) fn current(connection: &Connection, id: WatchId) -> Result<Option<Current>> {
    let select = "SELECT e.body, w.ended IS NOT NULL FROM watch w JOIN entry e ON e.seq = w.entry WHERE w.id = ?1";
    let found = first(connection, select, [int(id.0)], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let Some((body, ended)) = found else { return Ok(None) };
    let entry = journal::read(&body)?;
    match set(entry.event) {
        Some(watch) => Ok(Some(Current { watch, ended })),
        None => Err(Error::Inconsistent(format!("entry {} is of another kind", entry.seq))),
    }
}

fn set(event: Event) -> Option<Watch> {
    match event {
        Event::WatchSet(watch) => Some(watch),
        _ => None,
    }
}

impl Records {
    /// All manual watches, also those that have ended, by number.
    pub fn watches(&self) -> Result<Vec<WatchRow>> {
        let ids = all(&self.connection, "SELECT id FROM watch ORDER BY id", [], |row| Ok(row.get::<_, i64>(0)?))?;
        ids.into_iter().map(|id| self.watch_row(id)).collect()
    }

    /// A manual watch.
    pub fn watch(&self, id: WatchId) -> Result<Option<WatchRow>> {
        let row = self.watch_row(int(id.0))?;
        Ok((!row.revisions.is_empty()).then_some(row))
    }

    /// The number that the next manual watch gets.
    pub fn next_watch_id(&self) -> Result<WatchId> {
        next_number(&self.connection, "SELECT max(id) FROM watch").map(WatchId)
    }

    fn watch_row(&self, id: i64) -> Result<WatchRow> {
        let revisions = "SELECT e.body FROM watch_revision r JOIN entry e ON e.seq = r.entry WHERE r.watch = ?1
            ORDER BY r.entry";
        let looks =
            "SELECT e.body FROM watch_look l JOIN entry e ON e.seq = l.entry WHERE l.watch = ?1 ORDER BY l.entry";
        let ended = "SELECT e.body FROM watch w JOIN entry e ON e.seq = w.ended WHERE w.id = ?1";
        Ok(WatchRow {
            revisions: self.recorded_of(revisions, [id], set)?,
            looks: self.recorded_of(looks, [id], |event| match event {
                Event::WatchLooked(looked) => Some(looked),
                _ => None,
            })?,
            ended: self
                .recorded_of(ended, [id], |event| match event {
                    Event::WatchEnded(ended) => Some(ended),
                    _ => None,
                })?
                .pop(),
        })
    }

    fn recorded_of<T>(
        &self,
        select: &str,
        params: impl Params,
        pick: impl Fn(Event) -> Option<T>,
    ) -> Result<Vec<Recorded<T>>> {
        recorded(&self.connection, select, params, pick)
    }
}
