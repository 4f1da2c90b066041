//! Manual watches: a person who exists, a rhythm that can be counted, no first due day in the past, and no look after the
//! end.

use domain::model::journal::Entry;
use domain::model::watch::{Watch, WatchEnded, WatchId, WatchLooked};
use domain::monitor::watch::rhythm;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::{known_user, number, person, said};
use crate::records::error::Result;
use crate::records::refusal::Refusal;
use crate::records::watch;

pub(super) fn set(connection: &Connection, entry: &Entry, watch: &Watch) -> Result<()> {
    person(connection, &entry.actor, &entry.actor)?;
    let before = watch::current(connection, watch.id)?;
    match &before {
        Some(before) if before.ended => return Err(Refusal::WatchOver(watch.id).into()),
        Some(_) => {}
        None => number(connection, "a manual watch", watch.id.0, "SELECT max(id) FROM watch")?,
    }
    said(&watch.id, "a supplier", &watch.supplier)?;
    said(&watch.id, "a page", &watch.page)?;
    said(&watch.id, "a reason", &watch.why)?;
    known_user(connection, &watch.person)?;
    if rhythm(&watch.every).is_err() {
        return Err(Refusal::Rhythm { watch: watch.id, every: watch.every.clone() }.into());
    }
    let kept = before.is_some_and(|before| before.watch.first_due == watch.first_due);
    first_due(watch, kept, entry.at.to_zoned_datetime(TimeZone::UTC).date())
}

/// A day in the past would be overdue from its first moment. A change keeps the one it finds.
fn first_due(watch: &Watch, kept: bool, today: Date) -> Result<()> {
    if kept || watch.first_due >= today {
        return Ok(());
    }
    Err(Refusal::FirstDue { watch: watch.id, first_due: watch.first_due, today }.into())
}

pub(super) fn looked(connection: &Connection, entry: &Entry, looked: &WatchLooked) -> Result<()> {
    person(connection, &entry.actor, &entry.actor)?;
    going_on(connection, looked.watch)?;
    if looked.found { said(&looked.watch, "what was found", &looked.note) } else { Ok(()) }
}

pub(super) fn ended(connection: &Connection, entry: &Entry, ended: &WatchEnded) -> Result<()> {
    person(connection, &entry.actor, &entry.actor)?;
    going_on(connection, ended.watch)?;
    said(&ended.watch, "a reason to end it", &ended.reason)
}

fn going_on(connection: &Connection, id: WatchId) -> Result<()> {
    match watch::current(connection, id)? {
        None => Err(Refusal::UnknownWatch(id).into()),
        Some(current) if current.ended => Err(Refusal::WatchOver(id).into()),
        Some(_) => Ok(()),
    }
}
