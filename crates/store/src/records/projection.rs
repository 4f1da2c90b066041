//! From journal entries to tables: the only code that writes them.
//!
//! [`apply`] is a pure function of the tables so far, the entry, and the archived objects that the entry names. The same
//! entries give the same rows, ids included, so verifying is doing it again and comparing. No clock and no chance here.

mod assessment;
mod bundle;
mod change;
mod configuration;
mod gap;
mod inventory;
mod monitoring;
mod register;
mod report;
mod review;
mod watch;

use domain::model::journal::{Entry, Event};
use rusqlite::Connection;

use super::blobs::Blobs;
use super::error::Result;

/// Version of the projection: raised whenever the same entries would give other rows.
pub(crate) const PROJECTION: i64 = 2;

/// Writes what `entry` says into the tables. The entry itself is there already.
pub(crate) fn apply(connection: &Connection, entry: &Entry, blobs: &dyn Blobs) -> Result<()> {
    let seq = entry.seq;
    match &entry.event {
        Event::WorkspaceCreated(_) => Ok(()),
        Event::Configured(configured) => configuration::configured(connection, seq, configured),
        Event::UserAdded(user) => configuration::user_added(connection, seq, user),
        Event::ReleaseAdded(added) => inventory::release_added(connection, seq, added),
        Event::SbomImported(sbom) => inventory::sbom_imported(connection, seq, sbom, blobs),
        Event::Fetched(fetched) => {
            monitoring::fetched(connection, seq, fetched).and_then(|()| bundle::fetched(connection, seq, fetched))
        }
        Event::HeldAccepted(accepted) => monitoring::held_accepted(connection, seq, accepted),
        Event::BulletinAdded(bulletin) => monitoring::bulletin_added(connection, seq, bulletin),
        Event::RunFinished(run) => monitoring::run_finished(connection, seq, run, blobs),
        Event::Assessed(assessment) => assessment::assessed(connection, seq, assessment),
        Event::AssessmentApproved(approved) => assessment::approved(connection, entry, approved),
        Event::ReviewOpened(review) => review::opened(connection, seq, review),
        Event::ReviewConcluded(concluded) => review::concluded(connection, seq, concluded),
        Event::ReviewSigned(signed) => review::signed(connection, seq, signed),
        Event::ReviewSealed(sealed) => review::sealed(connection, seq, sealed),
        Event::Exported(exported) => review::exported(connection, seq, exported),
        Event::SourceRecorded(record) => register::recorded(connection, seq, entry.at, record),
        Event::SourceApproved(approved) => register::approved(connection, seq, &entry.actor, approved),
        Event::GapReviewed(reviewed) => register::gap_reviewed(connection, seq, reviewed),
        Event::ReportReceived(report) => report::received(connection, seq, report),
        Event::ReportMoved(step) => report::moved(connection, seq, step),
        Event::WatchSet(watch) => watch::set(connection, seq, watch),
        Event::WatchLooked(looked) => watch::looked(connection, seq, looked),
        Event::WatchEnded(ended) => watch::ended(connection, seq, ended),
        Event::BundleImported(imported) => bundle::imported(connection, seq, imported),
    }
}
