//! The knowledge: what all sources say, ready to be asked. Derived; can be deleted and rebuilt from the archive.
//!
//! A folder of immutable, memory-mapped segments and one small manifest, in the manner of a log-structured merge tree:
//!
//! | File | Holds |
//! |---|---|
//! | `CURRENT` | the generation: which files, which rows are dead, totals per source, digests |
//! | `N.index` | rows by record identity, postings by package key, names (ids and aliases), `Affected` blobs |
//! | `N.details` | the rest of each advisory |
//! | `N.epss` | EPSS scores |
//!
//! A commit writes one segment, marks the rows it replaces as dead and renames a new `CURRENT` into place. So each
//! current record has exactly one row that is not dead, the order of segments does not matter, and any of them can be
//! merged. Writers of different records work beside each other and commit one after the other. Readers keep the generation they opened: its files stay readable although they have been removed.
//!
//! An embedded store (redb, fjall, LMDB) would bring transactions we do not need, since a commit replaces whole
//! generations, and would cost a copy per read and a tree insertion per key where sorted tables are written in one pass.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::matching::Candidates;
use domain::model::advisory::Advisory;
use domain::model::raw::Digest;
use domain::model::source::SourceId;
use jiff::Timestamp;

mod builder;
mod candidates;
mod digest;
mod epss;
mod error;
mod held;
mod manifest;
mod map;
mod merge;
mod numbers;
mod record;
mod sections;
mod segment;
mod tables;
mod totals;
mod view;
mod writer;

pub use epss::{Epss, EpssEdition, EpssTable, KeptScore};
pub use error::{Damage, Error, Result};
pub use manifest::SourceTotals;
pub use record::{Encoded, encode, name_hash};
pub use writer::{Commit, Writer};

use manifest::Manifest;
use view::View;

/// One generation of the knowledge, opened for reading. Cheap to clone, can be shared between threads.
#[derive(Clone)]
pub struct Knowledge {
    view: Arc<View>,
}

/// What is known of a record without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Current {
    /// Digest of its bytes.
    pub revision: Digest,
    /// Whether it counts: neither rejected nor withdrawn nor gone.
    pub live: bool,
    /// Whether it was removed because its source no longer had it. If it is seen again it must be pushed, even with
    /// the same revision.
    pub gone: bool,
    /// When its provider last changed it.
    pub modified: Option<Timestamp>,
}

impl Knowledge {
    /// Opens the current generation in `folder`. Takes time for the manifest only, not for the records.
    ///
    /// # Errors
    /// [`Error::Absent`] when there is none; [`Error::Format`] and [`Error::Damaged`] when it must be rebuilt.
    pub fn open(folder: &Path) -> Result<Self> {
        Ok(Self { view: Arc::new(View::open(folder)?) })
    }

    /// Makes empty knowledge in `folder`, generation 0, and opens it.
    pub fn create(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|source| Error::writing(folder, source))?;
        if folder.join(manifest::CURRENT).exists() {
            return Err(Error::Exists { folder: folder.to_owned() });
        }
        Manifest::default().write(folder)?;
        Self::open(folder)
    }

    /// The number of this generation; each commit that changes anything counts one up.
    pub fn generation(&self) -> u64 {
        self.view.manifest.generation
    }

    /// Digest of what is current: source, id, revision and state of every record, and the EPSS scores. Equal after a
    /// rebuild in another order.
    pub fn digest(&self) -> Digest {
        self.view.digest
    }

    /// What is known of the record `id` of `source`; no blob is read.
    pub fn current(&self, source: &SourceId, id: &str) -> Option<Current> {
        let (_, row) = self.view.find(&record::identity(source, id))?;
        let (revision, modified) = (Digest(row.revision), row.modified());
        Some(Current { revision, live: row.is_live(), gone: row.is_gone(), modified })
    }

    /// Number of live records of a source.
    pub fn live(&self, source: &SourceId) -> u64 {
        self.sources().iter().filter(|totals| totals.source == *source).map(|totals| totals.live).sum()
    }

    /// Totals of every source that has records, sorted by source.
    pub fn sources(&self) -> &[SourceTotals] {
        &self.view.manifest.sources
    }

    /// Ids of all current records of a source, live or not, except those that are gone; in no particular order.
    pub fn ids(&self, source: &SourceId) -> impl Iterator<Item = String> {
        let rows = self.view.parts.iter().flat_map(|part| part.current().map(move |(_, row)| (part, row)));
        let ours = rows.filter(move |(part, row)| {
            let named = self.view.note(part.segment.source(row));
            !row.is_gone() && named.is_some_and(|(name, _)| name == source)
        });
        ours.filter_map(|(part, row)| self.view.note(part.segment.names_of(row)).map(|names| names.id.to_owned()))
    }

    /// Every current record, live or not, whose own id or alias is `id`, with everything it says; sorted by source and id.
    pub fn by_id(&self, id: &str) -> Vec<Advisory> {
        let rows = self.named(id).into_iter().filter_map(|record| candidates::row(&self.view, record));
        let mut found: Vec<_> = rows.filter_map(|(part, row)| self.view.note(part.segment.full(row))).collect();
        found.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
        found
    }

    /// The EPSS score of a CVE.
    pub fn epss(&self, cve: &str) -> Option<Epss> {
        self.view.scores.as_ref()?.of(cve)
    }

    /// The date that the EPSS score of a CVE is of: the current table's, unless its row there could not be read.
    pub fn epss_date(&self, cve: &str) -> Option<&str> {
        self.epss(cve)?;
        let edition = self.epss_edition()?;
        let kept = edition.kept.iter().find(|(kept, _)| kept == cve).map(|(_, date)| date);
        Some(kept.unwrap_or(&edition.date))
    }

    /// Which EPSS scores are current, if any.
    pub fn epss_edition(&self) -> Option<&EpssEdition> {
        self.view.manifest.epss.as_ref().map(|entry| &entry.edition)
    }

    /// Begins a new generation on top of this one, and removes what a writer left that was killed.
    ///
    /// Several may write at once in one process, each its own records: a commit goes on top of whatever the others have
    /// committed meanwhile, and is refused if one of them had a record that this one has, too.
    pub fn writer(&self) -> Result<Writer> {
        Writer::new(Arc::clone(&self.view))
    }

    /// Merges all segments into one as a new generation; returns its number. Digest and answers stay the same.
    pub fn compact(&self) -> Result<u64> {
        let all = |parts: &[view::Part]| (0..parts.len()).collect();
        self.writer()?.commit_merging(all).map(|commit| commit.generation)
    }

    /// Bytes of all files of this generation but the manifest.
    pub fn stored_bytes(&self) -> u64 {
        let segments: u64 = self.view.manifest.segments.iter().map(manifest::SegmentEntry::bytes).sum();
        segments + self.view.manifest.epss.as_ref().map_or(0, |epss| epss.bytes)
    }

    /// Compares every section of every file with its checksum; reads everything.
    pub fn verify(&self) -> Vec<Damage> {
        self.view.verify()
    }

    /// Damage that lookups through this view have met. Lookups skip what they cannot read, so an answer counts only if
    /// this is empty afterwards.
    pub fn damage(&self) -> Vec<Damage> {
        self.view.damage()
    }
}
