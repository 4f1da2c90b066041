//! Queries: bulletins, and documents that left the system.

use domain::model::journal::{Bulletin, Event, Exported};
use jiff::Timestamp;

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::guard::next_number;
use super::sql::{int, micros};

fn pick(event: Event) -> Option<Bulletin> {
    match event {
        Event::BulletinAdded(bulletin) => Some(bulletin),
        _ => None,
    }
}

impl Records {
    /// The bulletins received in `[start, end)`, by number.
    pub fn bulletins_between(&self, start: Timestamp, end: Timestamp) -> Result<Vec<Recorded<Bulletin>>> {
        let select = "SELECT e.body FROM bulletin b JOIN entry e ON e.seq = b.entry
            WHERE b.received >= ?1 AND b.received < ?2 ORDER BY b.number";
        recorded(&self.connection, select, [micros(start), micros(end)], pick)
    }

    /// All bulletins, newest first, at most `limit`.
    pub fn bulletins(&self, limit: u64) -> Result<Vec<Recorded<Bulletin>>> {
        let select = "SELECT e.body FROM bulletin b JOIN entry e ON e.seq = b.entry ORDER BY b.number DESC LIMIT ?1";
        recorded(&self.connection, select, [int(limit)], pick)
    }

    /// A bulletin.
    pub fn bulletin(&self, number: u64) -> Result<Option<Recorded<Bulletin>>> {
        let select = "SELECT e.body FROM bulletin b JOIN entry e ON e.seq = b.entry WHERE b.number = ?1";
        Ok(recorded(&self.connection, select, [int(number)], pick)?.pop())
    }

    /// The number that the next bulletin gets.
    pub fn next_bulletin_number(&self) -> Result<u64> {
        next_number(&self.connection, "SELECT max(number) FROM bulletin")
    }

    /// What left the system about something (a release, a review), oldest first.
    pub fn exports(&self, about: &str) -> Result<Vec<Recorded<Exported>>> {
        let select = "SELECT e.body FROM export x JOIN entry e ON e.seq = x.entry WHERE x.about = ?1 ORDER BY x.entry";
        recorded(&self.connection, select, [about], |event| match event {
            Event::Exported(exported) => Some(exported),
            _ => None,
        })
    }
}
