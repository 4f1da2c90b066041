//! Queries: the registry of sources, and what every fetch brought.

use domain::model::journal::{Event, Fetched, HeldAccepted, SourceEntry};
use domain::model::source::{FetchOutcome, SourceId};
use jiff::Timestamp;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::sql::{all, from_word, int, micros, word};

/// A source, in the configuration in force or in an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// As registered last.
    pub source: SourceEntry,
    /// Whether the configuration in force names it.
    pub configured: bool,
}

/// Which fetches to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FetchFilter {
    /// Of this source.
    pub source: Option<SourceId>,
    /// With this outcome.
    pub outcome: Option<FetchOutcome>,
    /// That ended not earlier than this.
    pub since: Option<Timestamp>,
    /// That ended earlier than this.
    pub until: Option<Timestamp>,
}

fn pick(event: Event) -> Option<Fetched> {
    match event {
        Event::Fetched(fetched) => Some(*fetched),
        _ => None,
    }
}

impl Records {
    /// Every source that was ever configured, by name.
    pub fn sources(&self) -> Result<Vec<SourceRow>> {
        let select = "SELECT id, family, url, why, every_hours, fresh_hours, shrink_percent, configured
            FROM source ORDER BY id";
        all(&self.connection, select, [], |row| {
            let source = SourceEntry {
                id: SourceId(row.get(0)?),
                family: from_word(row.get(1)?, "a family of sources")?,
                url: row.get(2)?,
                why: row.get(3)?,
                every_hours: row.get(4)?,
                fresh_hours: row.get(5)?,
                shrink_percent: row.get(6)?,
            };
            Ok(SourceRow { source, configured: row.get(7)? })
        })
    }

    /// The last fetch of a source, however it ended.
    pub fn last_fetch(&self, source: &SourceId) -> Result<Option<Recorded<Fetched>>> {
        let select = r#"SELECT e.body FROM "fetch" f JOIN entry e ON e.seq = f.entry
            WHERE f.source = ?1 ORDER BY f.entry DESC LIMIT 1"#;
        Ok(recorded(&self.connection, select, [&source.0], pick)?.pop())
    }

    /// The last fetch of a source that brought everything.
    pub fn last_good_fetch(&self, source: &SourceId) -> Result<Option<Recorded<Fetched>>> {
        let select = r#"SELECT e.body FROM "fetch" f JOIN entry e ON e.seq = f.entry
            WHERE f.source = ?1 AND f.outcome = 'ok' ORDER BY f.entry DESC LIMIT 1"#;
        Ok(recorded(&self.connection, select, [&source.0], pick)?.pop())
    }

    /// The last fetch of any source: its `knowledge` is the knowledge in force.
    pub fn newest_fetch(&self) -> Result<Option<Recorded<Fetched>>> {
        let select = r#"SELECT e.body FROM "fetch" f JOIN entry e ON e.seq = f.entry ORDER BY f.entry DESC LIMIT 1"#;
        Ok(recorded(&self.connection, select, [], pick)?.pop())
    }

    /// The last time a person accepted that a source shrank.
    pub fn last_held_acceptance(&self, source: &SourceId) -> Result<Option<Recorded<HeldAccepted>>> {
        let select = "SELECT e.body FROM held_acceptance h JOIN entry e ON e.seq = h.entry
            WHERE h.source = ?1 ORDER BY h.entry DESC LIMIT 1";
        let found = recorded(&self.connection, select, [&source.0], |event| match event {
            Event::HeldAccepted(accepted) => Some(accepted),
            _ => None,
        });
        Ok(found?.pop())
    }

    /// Fetches that a filter lets through, newest first, at most `limit`.
    pub fn fetches(&self, filter: &FetchFilter, limit: u64) -> Result<Vec<Recorded<Fetched>>> {
        let mut select = r#"SELECT e.body FROM "fetch" f JOIN entry e ON e.seq = f.entry WHERE 1 = 1"#.to_owned();
        let mut params: Vec<Value> = Vec::new();
        let mut and = |condition: &str, value: Option<Value>| {
            if let Some(value) = value {
                select.push_str(condition);
                params.push(value);
            }
        };
        and(" AND f.source = ?", filter.source.as_ref().map(|source| source.0.clone().into()));
        and(" AND f.outcome = ?", filter.outcome.as_ref().map(word).transpose()?.map(Into::into));
        and(" AND f.finished >= ?", filter.since.map(|at| micros(at).into()));
        and(" AND f.finished < ?", filter.until.map(|at| micros(at).into()));
        and(" ORDER BY f.entry DESC LIMIT ?", Some(int(limit).into()));
        recorded(&self.connection, &select, params_from_iter(params), pick)
    }
}
