//! Queries: journal entries, tree heads and proofs; and what other queries return, a fact with the entry that recorded it.

use domain::model::journal::{Entry, Event};
use jiff::Timestamp;
use rusqlite::{Connection, Params, params_from_iter};
use standards::tlog::{Hash, proof, tree};

use super::Records;
use super::error::{Error, Result};
use super::sql::{all, int, micros};
use crate::journal;

/// A fact, and the journal entry that recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<T> {
    /// Number of the entry.
    pub seq: u64,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub actor: String,
    /// The fact.
    pub value: T,
}

/// Which entries to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// From this number on.
    pub from: Option<u64>,
    /// Up to this number, exclusive.
    pub to: Option<u64>,
    /// Not earlier than this.
    pub since: Option<Timestamp>,
    /// Earlier than this.
    pub until: Option<Timestamp>,
    /// Of one of these kinds, as in [`Event::kind`]; every kind if empty.
    pub kinds: Vec<String>,
    /// By this user.
    pub actor: Option<String>,
    /// The last ones first.
    pub newest_first: bool,
    /// At most so many.
    pub limit: Option<u64>,
}

/// The facts in entries whose bodies `sql` selects in its first column; `pick` takes them out of their events.
pub(super) fn recorded<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    pick: impl Fn(Event) -> Option<T>,
) -> Result<Vec<Recorded<T>>> {
    all(connection, sql, params, |row| {
        let entry = journal::read(&row.get::<_, String>(0)?)?;
        let Entry { seq, at, actor, event } = entry;
        let value = pick(event).ok_or_else(|| Error::Inconsistent(format!("entry {seq} is of another kind")))?;
        Ok(Recorded { seq, at, actor, value })
    })
}

impl Records {
    /// Number of entries.
    pub fn tree_size(&self) -> Result<u64> {
        journal::size(&self.connection)
    }

    /// The newest signed tree head, a C2SP note; none in an empty journal.
    pub fn head(&self) -> Result<Option<String>> {
        journal::latest(&self.connection)
    }

    /// The entry with a number.
    pub fn entry(&self, seq: u64) -> Result<Option<Entry>> {
        self.leaf_data(seq)?.map(|body| journal::read(&body)).transpose()
    }

    /// The data of an entry's leaf: its canonical JSON, to be hashed with [`tree::leaf_hash`].
    pub fn leaf_data(&self, seq: u64) -> Result<Option<String>> {
        journal::leaf_data(&self.connection, seq)
    }

    /// Entries that a filter lets through, in order.
    pub fn entries(&self, filter: &EntryFilter) -> Result<Vec<Entry>> {
        let (sql, params) = filter.query();
        all(&self.connection, &sql, params_from_iter(params), |row| journal::read(&row.get::<_, String>(0)?))
    }

    /// Proof that entry `seq` is in the journal of the first `size` entries; see [`proof::verify_inclusion`].
    ///
    /// # Errors
    /// The journal is smaller than `size`, or has no such entry.
    pub fn inclusion_proof(&self, seq: u64, size: u64) -> Result<Vec<Hash>> {
        self.within(size)?;
        if seq >= size {
            return Err(Error::Inconsistent(format!("entry {seq} is not among the first {size}")));
        }
        proof::inclusion(&journal::Log(&self.connection), seq, size)
    }

    /// Proof that the journal of the first `new` entries begins with the first `old`; see [`proof::verify_consistency`].
    ///
    /// # Errors
    /// The journal is smaller than `new`.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>> {
        self.within(new)?;
        proof::consistency(&journal::Log(&self.connection), old, new)
    }

    /// Root of the tree over the first `size` entries.
    ///
    /// # Errors
    /// The journal is smaller than `size`.
    pub fn root(&self, size: u64) -> Result<Hash> {
        self.within(size)?;
        Ok(tree::Tree::load(&journal::Log(&self.connection), size)?.root())
    }

    fn within(&self, size: u64) -> Result<()> {
        let has = self.tree_size()?;
        if size > has {
            return Err(Error::Inconsistent(format!("{size} entries were asked for, the journal has {has}")));
        }
        Ok(())
    }
}

impl EntryFilter {
    fn query(&self) -> (String, Vec<rusqlite::types::Value>) {
        let mut sql = "SELECT body FROM entry WHERE 1 = 1".to_owned();
        let mut params: Vec<rusqlite::types::Value> = Vec::new();
        let mut and = |condition: &str, value: Option<rusqlite::types::Value>| {
            if let Some(value) = value {
                sql.push_str(condition);
                params.push(value);
            }
        };
        and(" AND seq >= ?", self.from.map(|seq| int(seq).into()));
        and(" AND seq < ?", self.to.map(|seq| int(seq).into()));
        and(" AND at >= ?", self.since.map(|at| micros(at).into()));
        and(" AND at < ?", self.until.map(|at| micros(at).into()));
        and(" AND actor = ?", self.actor.clone().map(Into::into));
        if !self.kinds.is_empty() {
            let places = vec!["?"; self.kinds.len()].join(", ");
            sql.push_str(" AND kind IN (");
            sql.push_str(&places);
            sql.push(')');
            params.extend(self.kinds.iter().cloned().map(Into::into));
        }
        sql.push_str(if self.newest_first { " ORDER BY seq DESC" } else { " ORDER BY seq" });
        if let Some(limit) = self.limit {
            sql.push_str(" LIMIT ?");
            params.push(int(limit).into());
        }
        (sql, params)
    }
}
