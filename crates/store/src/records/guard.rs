//! What an entry must satisfy before it is appended: the rules that never bend.
//!
//! They are checked against the tables inside the appending transaction, so two writers cannot pass them together. What
//! depends on an archived object (findings and components that a run names) is checked where the object is read, in the
//! projection. Who may do what is not decided here; that a person acts in his own name is.

mod assessment;
mod bundle;
mod inventory;
mod register;
mod report;
mod review;
mod watch;

use domain::model::journal::{Entry, Event, User};
use rusqlite::Connection;

use super::error::Result;
use super::refusal::Refusal;
use super::sql::{first, uint};
use super::user;

/// Name under which the program itself makes entries.
const PROGRAM: &str = "wardround";

/// Refuses an entry that would bend a rule.
pub(super) fn check(connection: &Connection, entry: &Entry) -> Result<()> {
    first_entry(connection, entry)?;
    let seq = entry.seq;
    let actor = entry.actor.as_str();
    match &entry.event {
        Event::WorkspaceCreated(_) | Event::Configured(_) | Event::Fetched(_) | Event::Exported(_) => Ok(()),
        Event::UserAdded(added) => user_added(connection, added),
        Event::ReleaseAdded(added) => inventory::release_added(connection, &added.release),
        Event::SbomImported(sbom) => inventory::sbom_imported(connection, sbom),
        Event::HeldAccepted(accepted) => {
            person(connection, actor, actor)?;
            if accepted.reason.trim().is_empty() {
                return Err(Refusal::NoReason(accepted.source.0.clone()).into());
            }
            Ok(())
        }
        Event::BulletinAdded(bulletin) => {
            number(connection, "a bulletin", bulletin.number, "SELECT max(number) FROM bulletin")
        }
        Event::RunFinished(run) => number(connection, "a run", run.id.0, "SELECT max(id) FROM run"),
        Event::Assessed(assessment) => assessment::assessed(connection, actor, assessment),
        Event::AssessmentApproved(approved) => assessment::approved(connection, actor, approved),
        Event::ReviewOpened(opened) => review::opened(connection, actor, opened),
        Event::ReviewConcluded(concluded) => review::concluded(connection, actor, concluded),
        Event::ReviewSigned(signed) => review::signed(connection, actor, signed),
        Event::ReviewSealed(sealed) => review::sealed(connection, actor, sealed),
        Event::SourceRecorded(record) => register::recorded(connection, actor, record),
        Event::SourceApproved(approved) => register::approved(connection, entry, approved),
        Event::GapReviewed(reviewed) => register::gap_reviewed(connection, actor, reviewed),
        Event::ReportReceived(report) => report::received(connection, entry, report),
        Event::ReportMoved(step) => report::moved(connection, entry, step),
        Event::WatchSet(watch) => watch::set(connection, entry, watch),
        Event::WatchLooked(looked) => watch::looked(connection, entry, looked),
        Event::WatchEnded(ended) => watch::ended(connection, entry, ended),
        Event::BundleImported(imported) => bundle::imported(connection, actor, imported),
    }
    .inspect_err(|error| tracing::debug!(seq, kind = entry.event.kind(), %error, "refused a journal entry"))
}

/// Entry 0 creates the workspace, and no other does.
fn first_entry(connection: &Connection, entry: &Entry) -> Result<()> {
    match (&entry.event, entry.seq) {
        (Event::WorkspaceCreated(created), 0) => {
            let origin = first(connection, "SELECT origin FROM identity", [], |row| Ok(row.get::<_, String>(0)?))?;
            match origin {
                Some(needed) if needed != created.origin => {
                    Err(Refusal::Origin { given: created.origin.clone(), needed }.into())
                }
                _ => Ok(()),
            }
        }
        (Event::WorkspaceCreated(_), _) => Err(Refusal::AlreadyCreated.into()),
        (_, 0) => Err(Refusal::NotCreated.into()),
        _ => Ok(()),
    }
}

fn user_added(connection: &Connection, added: &User) -> Result<()> {
    if added.name.trim().is_empty() || added.name == PROGRAM {
        return Err(Refusal::InvalidUser(added.name.clone()).into());
    }
    if user::exists(connection, &added.name)? {
        return Err(Refusal::UserExists(added.name.clone()).into());
    }
    Ok(())
}

/// The acting person is a user and the one who makes the entry.
fn person(connection: &Connection, actor: &str, acting: &str) -> Result<()> {
    if actor != acting {
        return Err(Refusal::Actor { actor: actor.to_owned(), acting: acting.to_owned() }.into());
    }
    if !user::exists(connection, actor)? {
        return Err(Refusal::UnknownUser(actor.to_owned()).into());
    }
    Ok(())
}

/// A name stands for somebody who is a user.
fn known_user(connection: &Connection, name: &str) -> Result<()> {
    if user::exists(connection, name)? { Ok(()) } else { Err(Refusal::UnknownUser(name.to_owned()).into()) }
}

/// What has to be said is not blank.
fn said(of: &dyn std::fmt::Display, what: &'static str, text: &str) -> Result<()> {
    if text.trim().is_empty() { Err(Refusal::Unsaid { of: of.to_string(), what }.into()) } else { Ok(()) }
}

/// Numbers are given in order, from 1, and never again.
fn number(connection: &Connection, what: &'static str, given: u64, last: &str) -> Result<()> {
    let next = next_number(connection, last)?;
    if given == next { Ok(()) } else { Err(Refusal::Number { what, given, next }.into()) }
}

/// One more than what `last` selects.
pub(super) fn next_number(connection: &Connection, last: &str) -> Result<u64> {
    let last = first(connection, last, [], |row| Ok(row.get::<_, Option<i64>>(0)?))?.flatten();
    Ok(last.map_or(1, |last| uint(last) + 1))
}
