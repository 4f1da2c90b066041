//! The records: the journal and the tables that follow from it, in one SQLite file, `records.db`.
//!
//! Everything observed or decided is appended as an entry ([`Records::append`]); in the same transaction it is projected
//! into tables and covered by a new signed tree head. An append that returns has reached the disk, and one that fails has
//! changed nothing. Queries read the tables and, where a fact is wanted whole, the entry that recorded it.
//!
//! | File | What |
//! |---|---|
//! | `guard/` | the rules that never bend, checked before an entry is appended |
//! | `projection/` | from entries to tables |
//! | `entry` `user` `product` `sbom` `component` `source` `register` `gap` `run` `change` `finding` `bulletin` `report` `watch` `bundle` `review` | one noun, its queries |
//!
//! One process writes (the workspace is locked by who opens it); any number may read.

mod blobs;
mod bulletin;
mod bundle;
mod change;
mod component;
mod entry;
pub(crate) mod error;
mod finding;
mod gap;
mod guard;
mod migration;
mod product;
pub(crate) mod projection;
pub(crate) mod refusal;
mod register;
mod report;
mod review;
mod run;
mod sbom;
mod source;
pub(crate) mod sql;
mod user;
mod watch;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use domain::model::journal::{Entry, Event};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};
use standards::tlog::{Signer, VerifierKey};

pub use blobs::Blobs;
pub use change::{CandidateRow, ChangeRow};
pub use component::ComponentUse;
pub use entry::{EntryFilter, Recorded};
pub use error::{Error, Result};
pub use finding::{FindingFilter, FindingHistory, FindingRow, KnownFinding, Reopening, name_hash};
pub use gap::{GapFilter, GapRow};
pub use product::{ProductRow, ReleaseRow};
pub use refusal::Refusal;
pub use register::RegisterRow;
pub use report::ReportRow;
pub use review::{ReviewRow, ReviewState};
pub use sbom::InventoryRow;
pub use source::{FetchFilter, SourceRow};
pub use watch::WatchRow;

use crate::journal::{self, Report};
use projection::PROJECTION;

/// Name of the file in a workspace's folder.
pub const FILE: &str = "records.db";

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open records store: a reader, or with its key the writer.
pub struct Records {
    connection: Connection,
    signer: Option<Signer>,
    verifier: VerifierKey,
}

/// What is to be appended; the journal gives it its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// When, by the product's clock.
    pub at: Timestamp,
    /// User name, or `wardround` for what the program observed.
    pub actor: String,
    /// What.
    pub event: Event,
}

impl Records {
    /// Makes a store in the folder `dir`, whose journal is named `origin` and signed by `key`.
    ///
    /// Its first entry has to be [`Event::WorkspaceCreated`]. What a killed attempt left behind is completed.
    ///
    /// # Errors
    /// There is a store already, or `origin` cannot be the name of a key.
    pub fn create(dir: &Path, key: &SigningKey, origin: &str) -> Result<Self> {
        let signer = Signer::new(origin, key.clone())?;
        let path = dir.join(FILE);
        let mut connection = Connection::open(&path)?;
        prepare(&connection)?;
        migration::migrate(&mut connection)?;
        let verifier = signer.verifier();
        let insert = "INSERT INTO identity (one, origin, verifier_key, projection) VALUES (1, ?1, ?2, ?3)
            ON CONFLICT (one) DO NOTHING";
        if sql::execute(&connection, insert, params![origin, verifier.to_string(), PROJECTION])? == 0 {
            return Err(Error::Exists { path });
        }
        Ok(Self { connection, signer: Some(signer), verifier })
    }

    /// Opens the store in the folder `dir` for reading.
    ///
    /// # Errors
    /// There is none, it was never finished, or a newer program made it.
    pub fn open(dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        if !path.is_file() {
            return Err(Error::Missing { path });
        }
        let flags = OpenFlags::default() & !OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = Connection::open_with_flags(&path, flags)?;
        prepare(&connection)?;
        migration::migrate(&mut connection)?;
        let key = "SELECT verifier_key FROM identity";
        let key = sql::first(&connection, key, [], |row| Ok(row.get::<_, String>(0)?))?.ok_or(Error::NoIdentity)?;
        Ok(Self { connection, signer: None, verifier: key.parse()? })
    }

    /// Opens the store in the folder `dir` for writing.
    ///
    /// # Errors
    /// As [`Records::open`]; `key` is not the one that signs this journal.
    pub fn open_signing(dir: &Path, key: &SigningKey) -> Result<Self> {
        let reader = Self::open(dir)?;
        let signer = Signer::new(reader.verifier.name(), key.clone())?;
        if signer.verifier() != reader.verifier {
            let (given, needed) = (signer.verifier().to_string(), reader.verifier.to_string());
            return Err(Error::WrongKey { given, needed });
        }
        Ok(Self { signer: Some(signer), ..reader })
    }

    /// Appends an entry, projects it into the tables and signs a new tree head, in one transaction.
    ///
    /// `blobs` holds the archived objects that the event names; they must be durable already.
    ///
    /// # Errors
    /// A rule refuses the entry, an object is missing, or the disk is full. Nothing is changed then.
    pub fn append(&mut self, at: Timestamp, actor: &str, event: Event, blobs: &dyn Blobs) -> Result<Entry> {
        let entries = self.append_all(vec![NewEntry { at, actor: actor.to_owned(), event }], blobs)?;
        Ok(entries.into_iter().next().expect("one entry in, one out"))
    }

    /// Appends several entries in one transaction, with one tree head: all of them or none.
    ///
    /// # Errors
    /// As [`Records::append`].
    pub fn append_all(&mut self, new: Vec<NewEntry>, blobs: &dyn Blobs) -> Result<Vec<Entry>> {
        let signer = self.signer.as_ref().ok_or(Error::ReadOnly)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        check_projection(&transaction)?;
        let mut tree = journal::load(&transaction)?;
        let mut entries = Vec::with_capacity(new.len());
        for NewEntry { at, actor, event } in new {
            let entry = Entry { seq: tree.size(), at, actor, event };
            guard::check(&transaction, &entry)?;
            journal::write(&transaction, &mut tree, &entry)?;
            projection::apply(&transaction, &entry, blobs)?;
            entries.push(entry);
        }
        if !entries.is_empty() {
            journal::sign(&transaction, &tree, signer)?;
        }
        transaction.commit()?;
        Ok(entries)
    }

    /// The key that verifies this journal's tree heads, as the store itself says. Verify with a key kept elsewhere.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Builds the tables anew from the journal if another version of the program wrote them; says whether it did.
    ///
    /// # Errors
    /// An entry cannot be projected, or an archived object is missing. The old tables stay then.
    pub fn refresh(&mut self, blobs: &dyn Blobs) -> Result<bool> {
        if check_projection(&self.connection).is_ok() {
            return Ok(false);
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        journal::reproject(&transaction, blobs)?;
        sql::execute(&transaction, "UPDATE identity SET projection = ?1", [PROJECTION])?;
        transaction.commit()?;
        Ok(true)
    }

    /// Whether this version of the program wrote the tables; if not, they are empty or old until [`Records::refresh`].
    pub fn is_current(&self) -> bool {
        check_projection(&self.connection).is_ok()
    }

    /// The records as they were at a moment: the journal up to then, replayed apart. It can be read, not written.
    ///
    /// # Errors
    /// An entry cannot be replayed, or an archived object is missing.
    pub fn as_of(&self, at: Timestamp, blobs: &dyn Blobs) -> Result<Self> {
        self.as_of_size(journal::at_or_before(&self.connection, at)?, blobs)
    }

    /// The records as the first `size` entries left them. It can be read, not written.
    ///
    /// # Errors
    /// As [`Records::as_of`].
    pub fn as_of_size(&self, size: u64, blobs: &dyn Blobs) -> Result<Self> {
        let mut connection = scratch()?;
        journal::copy(&self.connection, &mut connection, size, blobs)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Self { connection, signer: None, verifier: self.verifier.clone() })
    }

    /// Checks everything: the hash of every entry, the tree, every signed head, the archived objects that entries name,
    /// and every table, by replaying the journal and comparing row by row.
    ///
    /// `key` should come from outside of the store, and so should `kept`: signed heads (notes) that somebody kept, with
    /// which a journal that was cut off at its end or rewritten as a whole is found.
    ///
    /// # Errors
    /// The file cannot be read at all. What is wrong in it is in the report.
    pub fn verify(&self, blobs: &dyn Blobs, key: &VerifierKey, kept: &[&str]) -> Result<Report> {
        journal::verify(&self.connection, blobs, key, kept)
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Records({}, {})", self.connection.path().unwrap_or_default(), self.verifier)
    }
}

/// An empty database with the program's tables, kept in memory as far as it fits.
pub(crate) fn scratch() -> Result<Connection> {
    let mut connection = Connection::open("")?;
    tune(&connection)?;
    migration::migrate(&mut connection)?;
    Ok(connection)
}

/// A commit is on the disk when it returns: with a write-ahead log, `FULL` syncs it every time.
fn prepare(connection: &Connection) -> Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    tune(connection)
}

fn tune(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}

fn check_projection(connection: &Connection) -> Result<()> {
    let found = sql::first(connection, "SELECT projection FROM identity", [], |row| Ok(row.get(0)?))?;
    match found.ok_or(Error::NoIdentity)? {
        PROJECTION => Ok(()),
        found => Err(Error::Projection { found, needed: PROJECTION }),
    }
}

#[cfg(test)]
mod tests;
