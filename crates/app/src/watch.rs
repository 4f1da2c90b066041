//! Manual watch: a page, a person and a rhythm for suppliers that have no feed; due and overdue like a review.
//!
//! When a look is due is counted in [`domain::monitor::watch`]: on a calendar grid that no look moves.

use std::path::Path;

use domain::model::journal::Event;
use domain::model::watch::{Watch, WatchEnded, WatchId, WatchLooked};
use domain::monitor::watch::{self, Schedule, rhythm};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::records::WatchRow;

use crate::assess::Actor;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// What is said about a watch when it is set up.
#[derive(Debug, Clone)]
pub struct NewWatch<'a> {
    /// The supplier, as SBOMs name it, or the component's name.
    pub supplier: &'a str,
    /// Components it covers besides all of the supplier's.
    pub components: &'a [String],
    /// What to look at.
    pub page: &'a str,
    /// User who looks; the one who sets it up if none.
    pub person: Option<&'a str>,
    /// Rhythm: `1 month`.
    pub every: &'a str,
    /// First day on which a look is due; today if none.
    pub first_due: Option<Date>,
    /// Why by hand.
    pub why: &'a str,
}

/// What changes about a watch. What is none stays as it was.
#[derive(Debug, Clone, Default)]
pub struct WatchChange<'a> {
    /// The supplier.
    pub supplier: Option<&'a str>,
    /// The components.
    pub components: Option<&'a [String]>,
    /// What to look at.
    pub page: Option<&'a str>,
    /// User who looks.
    pub person: Option<&'a str>,
    /// Rhythm. Without a first due day, the next look is due when it would have been, or one new rhythm from today if that
    /// is sooner.
    pub every: Option<&'a str>,
    /// First due day of a new count.
    pub first_due: Option<Date>,
    /// Why by hand.
    pub why: Option<&'a str>,
}

/// A watch and when it is due.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The watch with its history.
    pub row: WatchRow,
    /// Its due days up to today.
    pub schedule: Schedule,
    /// `overdue by 3 days`, `due in 12 days`, `ended`.
    pub standing: String,
    /// Whether a look is overdue.
    pub overdue: bool,
}

/// Sets up a watch.
pub fn add(workspace: &mut Workspace, actor: &Actor, new: &NewWatch<'_>) -> Result<Watch> {
    rhythm(new.every).map_err(|error| Error::refused(error.to_string()))?;
    let watch = Watch {
        id: workspace.records.next_watch_id()?,
        supplier: new.supplier.trim().to_owned(),
        components: sorted(new.components),
        page: new.page.trim().to_owned(),
        person: new.person.unwrap_or(&actor.user.name).to_owned(),
        every: new.every.trim().to_owned(),
        first_due: new.first_due.unwrap_or_else(|| day(workspace.now())),
        why: new.why.trim().to_owned(),
    };
    workspace.append(&actor.user.name, Event::WatchSet(watch.clone()))?;
    Ok(watch)
}

/// Changes a watch. A change of rhythm hides no missed day: what had passed unanswered stays missed.
pub fn change(workspace: &mut Workspace, actor: &Actor, id: WatchId, new: &WatchChange<'_>) -> Result<Watch> {
    let row = find(workspace, id)?;
    let before = row.watch().clone();
    let text = |new: Option<&str>, before: String| new.map_or(before, |new| new.trim().to_owned());
    let first_due = match (new.first_due, new.every) {
        (Some(day), _) => day,
        (None, Some(every)) if every.trim() != before.every => next_count(workspace, &row, every)?,
        (None, _) => before.first_due,
    };
    let watch = Watch {
        id,
        supplier: text(new.supplier, before.supplier.clone()),
        components: new.components.map_or_else(|| before.components.clone(), sorted),
        page: text(new.page, before.page.clone()),
        person: text(new.person, before.person.clone()),
        every: text(new.every, before.every.clone()),
        first_due,
        why: text(new.why, before.why.clone()),
    };
    if watch == before {
        return Err(Error::refused(format!("change {id}: nothing would be different")));
    }
    workspace.append(&actor.user.name, Event::WatchSet(watch.clone()))?;
    Ok(watch)
}

/// First due day of a new rhythm: when the next look was due anyway, or one rhythm from today if that is sooner.
fn next_count(workspace: &Workspace, row: &WatchRow, every: &str) -> Result<Date> {
    let today = day(workspace.now());
    let span = rhythm(every).map_err(|error| Error::refused(error.to_string()))?;
    let soon = today.checked_add(span).unwrap_or(today);
    Ok(row.schedule(None, today).next.map_or(soon, |next| next.min(soon)).max(today))
}

/// Records that a person looked, and returns the watch as it stands after it.
pub fn look(
    workspace: &mut Workspace,
    actor: &Actor,
    id: WatchId,
    found: bool,
    note: &str,
    copy: Option<&Path>,
) -> Result<Listed> {
    find(workspace, id)?;
    let copy = copy.map(|path| crate::report::archive(workspace, path)).transpose()?;
    let copy = copy.map(|(name, digest, _)| (name, digest));
    let looked = WatchLooked { watch: id, found, note: note.trim().to_owned(), copy };
    workspace.append(&actor.user.name, Event::WatchLooked(looked))?;
    Ok(listed(find(workspace, id)?, day(workspace.now())))
}

/// Ends a watch.
pub fn end(workspace: &mut Workspace, actor: &Actor, id: WatchId, reason: &str) -> Result<()> {
    let ended = WatchEnded { watch: id, reason: reason.trim().to_owned() };
    workspace.append(&actor.user.name, Event::WatchEnded(ended))?;
    Ok(())
}

/// A watch, or a refusal that says it does not exist.
pub fn find(workspace: &Workspace, id: WatchId) -> Result<WatchRow> {
    workspace.records.watch(id)?.ok_or_else(|| Error::refused(format!("find {id}: there is no such manual watch")))
}

/// All watches: overdue ones first, the longest overdue at the top, then by due day; those that have ended last.
pub fn list(workspace: &Workspace) -> Result<Vec<Listed>> {
    let today = day(workspace.now());
    let mut all: Vec<Listed> = workspace.records.watches()?.into_iter().map(|row| listed(row, today)).collect();
    all.sort_by_key(|listed| {
        (listed.row.ended.is_some(), listed.schedule.next.unwrap_or(Date::MAX), listed.row.watch().id)
    });
    Ok(all)
}

fn listed(row: WatchRow, today: Date) -> Listed {
    let schedule = row.schedule(None, today);
    let (standing, overdue) = match schedule.next {
        _ if row.ended.is_some() => ("ended".to_owned(), false),
        Some(next) => (watch::standing(next, today), next < today),
        None => ("never due again".to_owned(), false),
    };
    Listed { row, schedule, standing, overdue }
}

/// The day of a moment, in UTC.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned_datetime(TimeZone::UTC).date()
}

fn sorted(list: &[String]) -> Vec<String> {
    let mut list: Vec<String> =
        list.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    list.sort();
    list.dedup();
    list
}
