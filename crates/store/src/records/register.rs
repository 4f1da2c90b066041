//! Queries: the source register.

use domain::model::journal::Event;
use domain::model::register::{RegisterChange, SourceApproved, SourceRecord};
use domain::model::source::SourceId;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::sql::micros;

/// A source in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// The newest revision of its record.
    pub record: Recorded<SourceRecord>,
    /// The newest approval, of this or an earlier revision.
    pub approval: Option<Recorded<SourceApproved>>,
}

impl RegisterRow {
    /// Whether the source is monitored no longer.
    pub fn is_retired(&self) -> bool {
        matches!(self.record.value.change, RegisterChange::Retired { .. })
    }

    /// The approval of the newest revision, if it was approved.
    pub fn in_force(&self) -> Option<&Recorded<SourceApproved>> {
        self.approval.as_ref().filter(|approval| approval.value.revision == self.record.value.revision)
    }
}

fn record(event: Event) -> Option<SourceRecord> {
    match event {
        Event::SourceRecorded(record) => Some(*record),
        _ => None,
    }
}

fn approval(event: Event) -> Option<SourceApproved> {
    match event {
        Event::SourceApproved(approved) => Some(approved),
        _ => None,
    }
}

/// The newest revision of a source's record.
pub(super) fn newest(connection: &Connection, source: &SourceId) -> Result<Option<SourceRecord>> {
    let select = "SELECT e.body FROM source_record r JOIN entry e ON e.seq = r.entry
        WHERE r.source = ?1 ORDER BY r.revision DESC LIMIT 1";
    Ok(recorded(connection, select, [&source.0], record)?.pop().map(|recorded| recorded.value))
}

impl Records {
    /// Every source that was ever registered, by name; retired ones, too.
    pub fn register(&self) -> Result<Vec<RegisterRow>> {
        self.newest_records(i64::MAX)?
            .into_iter()
            .map(|record| {
                let approval = self.source_approvals(&record.value.source)?.pop();
                Ok(RegisterRow { record, approval })
            })
            .collect()
    }

    /// The newest revision of every record as they were at a moment, by name; retired ones, too.
    pub fn register_at(&self, at: Timestamp) -> Result<Vec<Recorded<SourceRecord>>> {
        self.newest_records(micros(at))
    }

    fn newest_records(&self, before: i64) -> Result<Vec<Recorded<SourceRecord>>> {
        let select = "SELECT e.body FROM source_record r JOIN entry e ON e.seq = r.entry
            WHERE r.revision = (SELECT max(revision) FROM source_record WHERE source = r.source AND at < ?1)
            ORDER BY r.source";
        recorded(&self.connection, select, params![before], record)
    }

    /// Every revision of a source's record, oldest first.
    pub fn source_records(&self, source: &SourceId) -> Result<Vec<Recorded<SourceRecord>>> {
        let select = "SELECT e.body FROM source_record r JOIN entry e ON e.seq = r.entry
            WHERE r.source = ?1 ORDER BY r.revision";
        recorded(&self.connection, select, [&source.0], record)
    }

    /// Every approval of a source's record, oldest first.
    pub fn source_approvals(&self, source: &SourceId) -> Result<Vec<Recorded<SourceApproved>>> {
        let select = "SELECT e.body FROM source_approval a JOIN entry e ON e.seq = a.entry
            WHERE a.source = ?1 ORDER BY a.entry";
        recorded(&self.connection, select, [&source.0], approval)
    }
}
