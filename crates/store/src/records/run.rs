//! Queries: monitoring runs.

use domain::model::journal::Event;
use domain::model::product::ReleaseId;
use domain::model::run::{Run, RunId};
use jiff::Timestamp;

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::guard::next_number;
use super::product::release_row;
use super::sql::{int, micros};

fn pick(event: Event) -> Option<Run> {
    match event {
        Event::RunFinished(run) => Some(*run),
        _ => None,
    }
}

impl Records {
    /// The last runs, newest first, at most `limit`.
    pub fn runs(&self, limit: u64) -> Result<Vec<Recorded<Run>>> {
        let select = "SELECT e.body FROM run r JOIN entry e ON e.seq = r.entry ORDER BY r.id DESC LIMIT ?1";
        recorded(&self.connection, select, [int(limit)], pick)
    }

    /// A run.
    pub fn run(&self, id: RunId) -> Result<Option<Recorded<Run>>> {
        let select = "SELECT e.body FROM run r JOIN entry e ON e.seq = r.entry WHERE r.id = ?1";
        Ok(recorded(&self.connection, select, [int(id.0)], pick)?.pop())
    }

    /// The runs that finished in `[start, end)`, oldest first.
    pub fn runs_between(&self, start: Timestamp, end: Timestamp) -> Result<Vec<Recorded<Run>>> {
        let select = "SELECT e.body FROM run r JOIN entry e ON e.seq = r.entry
            WHERE r.finished >= ?1 AND r.finished < ?2 ORDER BY r.id";
        recorded(&self.connection, select, [micros(start), micros(end)], pick)
    }

    /// The last run that looked at a release.
    pub fn last_run_of(&self, release: &ReleaseId) -> Result<Option<Recorded<Run>>> {
        let select = "SELECT e.body FROM run_release x JOIN run r ON r.id = x.run JOIN entry e ON e.seq = r.entry
            WHERE x.release = ?1 ORDER BY x.run DESC LIMIT 1";
        Ok(recorded(&self.connection, select, [release_row(&self.connection, release)?], pick)?.pop())
    }

    /// The number that the next run gets.
    pub fn next_run_id(&self) -> Result<RunId> {
        next_number(&self.connection, "SELECT max(id) FROM run").map(RunId)
    }
}
