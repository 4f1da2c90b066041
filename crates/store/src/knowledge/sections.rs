//! The file format of everything but `CURRENT`: named sections, then their directory, then a tail of fixed length.
//!
//! ```text
//! section … section | directory: (name, offset, length, XXH3) … | tail: directory's offset, count, format, XXH3, magic
//! ```
//!
//! Sections are streamed, so the directory stands at the end. Opening reads the tail and the directory, which must fit
//! the file exactly; a section's checksum is compared by [`Sections::verify`] only. Numbers are little-endian.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::error::{Damage, Error, Result};
use super::map::Map;

/// Version of all the formats below `knowledge/`. There is no migration: another version is rebuilt from the archive.
pub(super) const FORMAT: u32 = 2;

const MAGIC: [u8; 8] = *b"wrknow\r\n";

/// Names of the sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// `Affected` blobs, those of one record one after the other.
    Affected,
    /// Where each blob begins, and the end of the last.
    Offsets,
    /// [`super::tables::Row`], sorted by identity.
    Rows,
    /// [`super::tables::Posting`], sorted.
    Postings,
    /// [`super::tables::Name`], sorted.
    Names,
    /// Sources and families that rows refer to by number.
    Sources,
    /// Everything else of an advisory, in a file of its own.
    Details,
    /// [`super::tables::Score`], sorted.
    Scores,
}

impl Section {
    const ALL: [Self; 8] = [
        Self::Affected,
        Self::Offsets,
        Self::Rows,
        Self::Postings,
        Self::Names,
        Self::Sources,
        Self::Details,
        Self::Scores,
    ];

    /// As it stands in the directory and in errors.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Offsets => "offsets",
            Self::Rows => "rows",
            Self::Postings => "postings",
            Self::Names => "names",
            Self::Sources => "sources",
            Self::Details => "details",
            Self::Scores => "scores",
        }
    }

    fn code(self) -> [u8; 8] {
        let mut code = [0; 8];
        code[..self.name().len()].copy_from_slice(self.name().as_bytes());
        code
    }
}

#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Entry {
    name: [u8; 8],
    offset: U64,
    length: U64,
    checksum: U64,
}

#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Tail {
    directory: U64,
    count: U32,
    format: U32,
    checksum: U64,
    magic: [u8; 8],
}

const TAIL: usize = size_of::<Tail>();

/// A file being written. Dropped before [`SectionFile::finish`], it is removed.
pub(super) struct SectionFile {
    path: PathBuf,
    out: BufWriter<File>,
    at: u64,
    began: u64,
    hash: Xxh3,
    entries: Vec<Entry>,
    finished: bool,
}

impl SectionFile {
    /// Creates the file; an existing one is an error, for it may be mapped.
    pub(super) fn create(path: PathBuf) -> Result<Self> {
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = file.map_err(|source| Error::writing(&path, source))?;
        let out = BufWriter::with_capacity(1 << 18, file);
        Ok(Self { path, out, at: 0, began: 0, hash: Xxh3::new(), entries: Vec::new(), finished: false })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the section being written.
    pub(super) fn length(&self) -> u64 {
        self.at - self.began
    }

    /// Appends to the section being written.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.append(bytes)
    }

    /// Ends the section being written and gives it its name.
    pub(super) fn end(&mut self, section: Section) {
        let checksum = self.hash.digest();
        let (offset, length) = (self.began.into(), self.length().into());
        self.entries.push(Entry { name: section.code(), offset, length, checksum: checksum.into() });
        self.hash.reset();
        self.began = self.at;
    }

    /// Writes a whole section.
    pub(super) fn section(&mut self, section: Section, bytes: &[u8]) -> Result<()> {
        self.write(bytes)?;
        self.end(section);
        Ok(())
    }

    /// Writes directory and tail, makes the file durable and returns its length.
    pub(super) fn finish(mut self) -> Result<u64> {
        let entries = std::mem::take(&mut self.entries);
        let count = u32::try_from(entries.len()).expect("a file has a handful of sections");
        let (directory, checksum) = (self.at.into(), xxh3_64(entries.as_bytes()).into());
        let tail = Tail { directory, count: count.into(), format: FORMAT.into(), checksum, magic: MAGIC };
        self.append(entries.as_bytes())?;
        self.append(tail.as_bytes())?;
        let synced = self.out.flush().and_then(|()| self.out.get_ref().sync_data());
        synced.map_err(|source| Error::writing(&self.path, source))?;
        self.finished = true;
        Ok(self.at)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|source| Error::writing(&self.path, source))
    }
}

impl Drop for SectionFile {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file being read where it lies.
pub(super) struct Sections {
    path: PathBuf,
    map: Map,
    parts: Vec<(Section, Range<usize>, u64)>,
}

impl Sections {
    /// Opens a file that was `length` bytes long when it was committed.
    pub(super) fn open(path: PathBuf, length: u64) -> Result<Self> {
        let map = Map::open(&path).map_err(|source| Error::reading(&path, source))?;
        if map.len() as u64 != length {
            let reason = format!("the file is {} bytes long instead of {length}", map.len());
            return Err(Damage::new(&path, "directory", reason).into());
        }
        let parts = directory(&path, &map)?;
        Ok(Self { path, map, parts })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where a section lies in the file; pass it to [`Sections::bytes`].
    pub(super) fn range(&self, section: Section) -> Result<Range<usize>> {
        let part = self.parts.iter().find(|(found, ..)| *found == section);
        let part = part.ok_or_else(|| Damage::new(&self.path, section.name(), "it is missing"))?;
        Ok(part.1.clone())
    }

    /// Like [`Sections::range`], for a table of `T`.
    pub(super) fn table_range<T>(&self, section: Section) -> Result<Range<usize>> {
        let range = self.range(section)?;
        if range.len() % size_of::<T>() == 0 {
            return Ok(range);
        }
        Err(Damage::new(&self.path, section.name(), "its length is not a whole number of entries").into())
    }

    /// Bytes of a range of this file.
    pub(super) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        self.map.get(range.clone()).unwrap_or_default()
    }

    /// Entries of a range from [`Sections::table_range`].
    pub(super) fn table<T: FromBytes + Immutable + KnownLayout + Unaligned>(&self, range: &Range<usize>) -> &[T] {
        <[T]>::ref_from_bytes(self.bytes(range)).unwrap_or_default()
    }

    /// Compares every section with its checksum.
    pub(super) fn verify(&self) -> Vec<Damage> {
        let differs = |(_, range, checksum): &&(Section, Range<usize>, u64)| xxh3_64(self.bytes(range)) != *checksum;
        let damaged = self.parts.iter().filter(differs);
        damaged.map(|(section, ..)| Damage::new(&self.path, section.name(), "its checksum differs")).collect()
    }
}

fn directory(path: &Path, bytes: &[u8]) -> Result<Vec<(Section, Range<usize>, u64)>> {
    let damage = |reason: &str| Error::from(Damage::new(path, "directory", reason));
    let (body, tail) = bytes.split_at_checked(bytes.len().wrapping_sub(TAIL)).ok_or_else(|| damage("it is cut off"))?;
    let tail = Tail::read_from_bytes(tail).map_err(|_| damage("it is cut off"))?;
    if tail.magic != MAGIC {
        return Err(damage("this is no file of the knowledge, or its end is damaged"));
    }
    if tail.format.get() != FORMAT {
        return Err(Error::Format { path: path.to_owned(), found: tail.format.get(), known: FORMAT });
    }
    let start = usize::try_from(tail.directory.get()).ok();
    let entries = start.and_then(|start| body.get(start..)).ok_or_else(|| damage("it lies outside the file"))?;
    if xxh3_64(entries) != tail.checksum.get() {
        return Err(damage("its checksum differs"));
    }
    let entries = <[Entry]>::ref_from_bytes(entries).map_err(|_| damage("it is cut off"))?;
    if entries.len() != tail.count.get() as usize {
        return Err(damage("it has another number of entries than it states"));
    }
    entries
        .iter()
        .map(|entry| part(entry, body.len()).ok_or_else(|| damage("a section lies outside the file")))
        .collect()
}

fn part(entry: &Entry, limit: usize) -> Option<(Section, Range<usize>, u64)> {
    let section = Section::ALL.into_iter().find(|section| section.code() == entry.name)?;
    let start = usize::try_from(entry.offset.get()).ok()?;
    let end = start.checked_add(usize::try_from(entry.length.get()).ok()?)?;
    (end <= limit).then_some((section, start..end, entry.checksum.get()))
}

#[cfg(test)]
mod tests;
