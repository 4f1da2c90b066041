//! Queries: bundles of fetches from across an air gap, and how far each source of each origin has come.

use domain::model::journal::{BundleImported, Event};
use domain::model::source::SourceId;
use rusqlite::params;

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::sql::{exists, first, int, uint};

impl Records {
    /// Every bundle imported, oldest first.
    pub fn bundles(&self) -> Result<Vec<Recorded<BundleImported>>> {
        let select = "SELECT e.body FROM bundle b JOIN entry e ON e.seq = b.entry ORDER BY b.entry";
        recorded(&self.connection, select, [], |event| match event {
            Event::BundleImported(bundle) => Some(bundle),
            _ => None,
        })
    }

    /// The last entry of another journal (named by its verifier key) whose fetch of a source was imported.
    pub fn last_imported(&self, origin: &str, source: &SourceId) -> Result<Option<u64>> {
        let select = "SELECT max(origin_entry) FROM imported_fetch WHERE origin = ?1 AND source = ?2";
        let last = first(&self.connection, select, [origin, &source.0], |row| Ok(row.get::<_, Option<i64>>(0)?))?;
        Ok(last.flatten().map(uint))
    }

    /// The entry of the last fetch of a source before entry `before` of this journal.
    pub fn last_fetch_before(&self, source: &SourceId, before: u64) -> Result<Option<u64>> {
        let select = r#"SELECT max(entry) FROM "fetch" WHERE source = ?1 AND entry < ?2"#;
        let last =
            first(&self.connection, select, params![source.0, int(before)], |row| Ok(row.get::<_, Option<i64>>(0)?));
        Ok(last?.flatten().map(uint))
    }

    /// Whether the fetch of a source in an entry of another journal was imported.
    pub fn is_imported(&self, origin: &str, source: &SourceId, entry: u64) -> Result<bool> {
        let select = "SELECT 1 FROM imported_fetch WHERE origin = ?1 AND source = ?2 AND origin_entry = ?3";
        exists(&self.connection, select, params![origin, source.0, int(entry)])
    }

    /// Signs a text with the journal's key, and returns the signed note.
    ///
    /// The text must not be readable as a tree head: its first line is not the journal's name.
    ///
    /// # Errors
    /// The store was opened for reading, or the text cannot be part of a note.
    pub fn sign_note(&self, text: &str) -> Result<String> {
        let signer = self.signer.as_ref().ok_or(super::Error::ReadOnly)?;
        if text.lines().next() == Some(signer.name()) {
            return Err(super::Error::Inconsistent("a note that reads like a tree head was to be signed".to_owned()));
        }
        Ok(signer.sign(text)?)
    }
}
