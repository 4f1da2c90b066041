//! Writes one segment: blobs go to the files at once, tables are kept in memory until [`Builder::finish`].

use std::collections::HashMap;
use std::path::Path;

use domain::model::source::{Family, SourceId};
use jiff::Timestamp;
use rayon::prelude::*;
use zerocopy::IntoBytes;
use zerocopy::little_endian::U64;

use super::error::{Error, Result};
use super::manifest::SegmentEntry;
use super::sections::{Section, SectionFile};
use super::segment::{details_path, index_path};
use super::tables::{Identity, Name, Posting, Row, RowState};

/// What a new row consists of, apart from what it is found by.
pub(super) struct NewRow<'a> {
    pub(super) source: &'a SourceId,
    pub(super) family: Family,
    pub(super) identity: Identity,
    pub(super) revision: [u8; 32],
    /// Code of a [`RowState`].
    pub(super) state: u8,
    pub(super) modified: Option<Timestamp>,
    pub(super) detail: &'a [u8],
    /// `Affected` blobs, one after the other.
    pub(super) affected: &'a [u8],
}

/// A segment being written. Dropped, its files are removed.
pub(super) struct Builder {
    number: u64,
    index: SectionFile,
    details: SectionFile,
    sources: Vec<(SourceId, Family)>,
    /// In the order of arrival; postings and names refer to it until the rows are sorted.
    rows: Vec<Row>,
    by_identity: HashMap<Identity, u32>,
    offsets: Vec<U64>,
    postings: Vec<Posting>,
    names: Vec<Name>,
}

/// State of a row that a later one of the same record replaced before the segment was finished.
const REPLACED: u8 = u8::MAX;

impl Builder {
    /// Begins segment `number` in `folder`.
    pub(super) fn create(folder: &Path, number: u64) -> Result<Self> {
        Ok(Self {
            number,
            index: SectionFile::create(index_path(folder, number))?,
            details: SectionFile::create(details_path(folder, number))?,
            sources: Vec::new(),
            rows: Vec::new(),
            by_identity: HashMap::new(),
            offsets: Vec::new(),
            postings: Vec::new(),
            names: Vec::new(),
        })
    }

    /// Adds a row whose `Affected` blobs end at `ends`, and returns its number of arrival. A row of the same record
    /// that came before is replaced.
    pub(super) fn row(&mut self, new: &NewRow<'_>, ends: impl Iterator<Item = usize>) -> Result<u32> {
        let number = self.number_of(self.rows.len())?;
        let mut row = Row::new(new.identity, new.revision, self.source(new.source, new.family)?, new.state);
        row.set_modified(new.modified);
        row.detail = self.details.length().into();
        row.detail_length = self.number_of(new.detail.len())?.into();
        row.affected = self.number_of(self.offsets.len())?.into();
        let (base, mut begin) = (self.index.length(), 0);
        for end in ends {
            self.offsets.push((base + begin as u64).into());
            begin = end;
        }
        row.affected_count = (self.number_of(self.offsets.len())? - row.affected.get()).into();
        self.details.write(new.detail)?;
        self.index.write(new.affected)?;
        self.rows.push(row);
        if let Some(old) = self.by_identity.insert(new.identity, number) {
            self.rows[old as usize].state = REPLACED;
        }
        Ok(number)
    }

    /// Lets row `row` be found by a key, at the `nth` of its `Affected`.
    pub(super) fn posting(&mut self, key: u64, row: u32, nth: u32) {
        let affected = self.rows[row as usize].affected.get() + nth;
        self.postings.push(Posting { key: key.into(), row: row.into(), affected: affected.into() });
    }

    /// Lets row `row` be found by a name.
    pub(super) fn name(&mut self, name: u64, row: u32) {
        self.names.push(Name { name: name.into(), row: row.into() });
    }

    /// Whether a record has arrived.
    pub(super) fn contains(&self, identity: &Identity) -> bool {
        self.by_identity.contains_key(identity)
    }

    /// Marks a record that has arrived as gone from its source; false if it was already.
    pub(super) fn mark_gone(&mut self, identity: &Identity) -> bool {
        let Some(row) = self.by_identity.get(identity) else { return false };
        let row = &mut self.rows[*row as usize];
        !row.is_gone() && {
            row.state = RowState::Gone.code();
            true
        }
    }

    /// Writes the tables and makes the segment durable.
    pub(super) fn finish(mut self) -> Result<SegmentEntry> {
        let (rows, places) = self.sorted_rows();
        self.place_postings(&rows, &places);
        self.place_names(&places);
        self.offsets.push(self.index.length().into());
        self.index.end(Section::Affected);
        self.index.section(Section::Offsets, self.offsets.as_bytes())?;
        self.index.section(Section::Rows, rows.as_bytes())?;
        self.index.section(Section::Postings, self.postings.as_bytes())?;
        self.index.section(Section::Names, self.names.as_bytes())?;
        let sources = postcard::to_allocvec(&self.sources).expect("a list in memory knows its length");
        self.index.section(Section::Sources, &sources)?;
        self.details.end(Section::Details);
        let count = u32::try_from(rows.len()).expect("every row got its number as u32");
        let (index_bytes, details_bytes) = (self.index.finish()?, self.details.finish()?);
        Ok(SegmentEntry { number: self.number, index_bytes, details_bytes, rows: count, dead: Vec::new() })
    }

    /// Rows by identity, and for each number of arrival the place in that order.
    fn sorted_rows(&self) -> (Vec<Row>, Vec<Option<u32>>) {
        let mut order: Vec<_> = (0_u32..).zip(&self.rows).filter(|(_, row)| row.state != REPLACED).collect();
        order.par_sort_unstable_by_key(|(_, row)| row.identity);
        let mut places = vec![None; self.rows.len()];
        for (place, (arrival, _)) in (0_u32..).zip(&order) {
            places[*arrival as usize] = Some(place);
        }
        (order.into_iter().map(|(_, row)| *row).collect(), places)
    }

    fn place_postings(&mut self, rows: &[Row], places: &[Option<u32>]) {
        self.postings.retain_mut(|posting| {
            let Some(place) = places[posting.row.get() as usize] else { return false };
            posting.row = place.into();
            rows[place as usize].is_live()
        });
        self.postings
            .par_sort_unstable_by_key(|posting| (posting.key.get(), posting.row.get(), posting.affected.get()));
        self.postings.dedup_by_key(|posting| (posting.key.get(), posting.affected.get()));
    }

    fn place_names(&mut self, places: &[Option<u32>]) {
        self.names.retain_mut(|name| {
            let Some(place) = places[name.row.get() as usize] else { return false };
            name.row = place.into();
            true
        });
        self.names.par_sort_unstable_by_key(|name| (name.name.get(), name.row.get()));
        self.names.dedup_by_key(|name| (name.name.get(), name.row.get()));
    }

    fn source(&mut self, source: &SourceId, family: Family) -> Result<u16> {
        let known = self.sources.iter().position(|(name, of)| name == source && *of == family);
        let number = known.unwrap_or_else(|| {
            self.sources.push((source.clone(), family));
            self.sources.len() - 1
        });
        u16::try_from(number).map_err(|_| self.too_many())
    }

    fn number_of(&self, count: usize) -> Result<u32> {
        u32::try_from(count).map_err(|_| self.too_many())
    }

    fn too_many(&self) -> Error {
        Error::TooMany { path: self.index.path().to_owned() }
    }
}
