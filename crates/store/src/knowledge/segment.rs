//! One immutable segment: `N.index` with tables and `Affected` blobs, `N.details` with the rest of each advisory.

use std::ops::Range;
use std::path::{Path, PathBuf};

use domain::model::advisory::{Advisory, Affected};
use domain::model::raw::Digest;
use domain::model::source::{Family, SourceId};
use zerocopy::little_endian::U64;

use super::error::{Damage, Result};
use super::manifest::SegmentEntry;
use super::record::{self, Names, Said};
use super::sections::{Section, Sections};
use super::tables::{self, Identity, Name, Posting, Row};

/// A segment, mapped.
pub(super) struct Segment {
    index: Sections,
    details: Sections,
    /// Sources and families that rows refer to by number.
    pub(super) sources: Vec<(SourceId, Family)>,
    rows: Range<usize>,
    offsets: Range<usize>,
    affected: Range<usize>,
    postings: Range<usize>,
    names: Range<usize>,
    detail: Range<usize>,
}

/// Path of a segment's index.
pub(super) fn index_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}.index"))
}

/// Path of a segment's details.
pub(super) fn details_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}.details"))
}

impl Segment {
    /// Opens a segment of a committed generation. Reads the directories and the sources, nothing else.
    pub(super) fn open(folder: &Path, entry: &SegmentEntry) -> Result<Self> {
        let index = Sections::open(index_path(folder, entry.number), entry.index_bytes)?;
        let details = Sections::open(details_path(folder, entry.number), entry.details_bytes)?;
        let sources = postcard::from_bytes(index.bytes(&index.range(Section::Sources)?));
        let sources = sources.map_err(|error| damage(&index, Section::Sources, &error))?;
        let rows = index.table_range::<Row>(Section::Rows)?;
        if rows.len() / size_of::<Row>() != entry.rows as usize {
            return Err(damage(&index, Section::Rows, "it has another number of rows than was committed").into());
        }
        Ok(Self {
            sources,
            rows,
            offsets: index.table_range::<U64>(Section::Offsets)?,
            affected: index.range(Section::Affected)?,
            postings: index.table_range::<Posting>(Section::Postings)?,
            names: index.table_range::<Name>(Section::Names)?,
            detail: details.range(Section::Details)?,
            index,
            details,
        })
    }

    pub(super) fn rows(&self) -> &[Row] {
        self.index.table(&self.rows)
    }

    pub(super) fn postings(&self) -> &[Posting] {
        self.index.table(&self.postings)
    }

    pub(super) fn names(&self) -> &[Name] {
        self.index.table(&self.names)
    }

    /// Where each `Affected` begins in [`Segment::affected_bytes`].
    pub(super) fn offsets(&self) -> &[U64] {
        self.index.table(&self.offsets)
    }

    /// The row of a record, dead or not.
    pub(super) fn find(&self, identity: &Identity) -> Option<u32> {
        tables::find(self.rows(), identity).and_then(|row| u32::try_from(row).ok())
    }

    pub(super) fn with_key(&self, key: u64) -> &[Posting] {
        tables::equal(self.postings(), key, |posting| posting.key.get())
    }

    pub(super) fn with_name(&self, name: u64) -> &[Name] {
        tables::equal(self.names(), name, |entry| entry.name.get())
    }

    /// Source and family of a row.
    pub(super) fn source(&self, row: &Row) -> Result<&(SourceId, Family), Damage> {
        let source = self.sources.get(usize::from(row.source.get()));
        source.ok_or_else(|| damage(&self.index, Section::Rows, "a row names a source that does not exist"))
    }

    /// The details blob of a row.
    pub(super) fn detail(&self, row: &Row) -> Result<&[u8], Damage> {
        let start = usize::try_from(row.detail.get()).ok();
        let range = start.and_then(|start| Some(start..start.checked_add(row.detail_length.get() as usize)?));
        let bytes = range.and_then(|range| self.details.bytes(&self.detail).get(range));
        bytes.ok_or_else(|| damage(&self.index, Section::Rows, "a row points outside the details"))
    }

    /// Id and aliases of a row.
    pub(super) fn names_of(&self, row: &Row) -> Result<Names<'_>, Damage> {
        Names::read(self.detail(row)?).map_err(|error| damage(&self.details, Section::Details, &error))
    }

    /// The advisory of a row, without its `affected` list.
    pub(super) fn advisory(&self, row: &Row) -> Result<Advisory, Damage> {
        let (source, family) = self.source(row)?.clone();
        let said = Said { source, family, revision: Digest(row.revision), gone: row.is_gone() };
        record::decode(self.detail(row)?, said).map_err(|error| damage(&self.details, Section::Details, &error))
    }

    /// The advisory of a row with everything.
    pub(super) fn full(&self, row: &Row) -> Result<Advisory, Damage> {
        Ok(Advisory { affected: self.affected_of(row)?, ..self.advisory(row)? })
    }

    /// Every `Affected` of a row.
    pub(super) fn affected_of(&self, row: &Row) -> Result<Vec<Affected>, Damage> {
        let first = row.affected.get();
        (first..first.saturating_add(row.affected_count.get())).map(|number| self.affected(number)).collect()
    }

    /// One `Affected` by its number in the offsets table.
    pub(super) fn affected(&self, number: u32) -> Result<Affected, Damage> {
        let bytes = self.affected_bytes(number, 1)?;
        record::decode_affected(bytes).map_err(|error| damage(&self.index, Section::Affected, &error))
    }

    /// The bytes of `count` blobs from number `first` on.
    pub(super) fn affected_bytes(&self, first: u32, count: u32) -> Result<&[u8], Damage> {
        let offset = |at: usize| usize::try_from(self.offsets().get(at)?.get()).ok();
        let (start, end) = (first as usize, (first as usize).saturating_add(count as usize));
        let range = offset(start).and_then(|start| Some(start..offset(end)?));
        let bytes = range.and_then(|range| self.index.bytes(&self.affected).get(range));
        bytes.ok_or_else(|| damage(&self.index, Section::Offsets, "an entry points outside the affected blobs"))
    }

    /// Compares every section with its checksum.
    pub(super) fn verify(&self) -> Vec<Damage> {
        [&self.index, &self.details].into_iter().flat_map(Sections::verify).collect()
    }
}

fn damage(file: &Sections, section: Section, reason: &(impl ToString + ?Sized)) -> Damage {
    Damage::new(file.path(), section.name(), reason.to_string())
}
