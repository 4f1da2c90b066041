//! `CURRENT`: what the newest generation consists of. Replaced as a whole by a rename, so a crash leaves the old one.
//!
//! ```text
//! magic (8) | format (u32) | XXH3 of the rest (u64) | postcard
//! ```

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use domain::model::raw::Digest;
use domain::model::source::{Family, SourceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::error::{Damage, Error, Result};
use super::sections::FORMAT;
use crate::folder;

/// Name of the file.
pub(super) const CURRENT: &str = "CURRENT";

const MAGIC: [u8; 8] = *b"wrcurr\r\n";
const HEAD: usize = 20;

/// A generation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Its number.
    pub(super) generation: u64,
    /// The number that the next file gets.
    pub(super) next_file: u64,
    /// Segments. Each current record has exactly one row in all of them that is not dead.
    pub(super) segments: Vec<SegmentEntry>,
    /// EPSS scores.
    pub(super) epss: Option<EpssEntry>,
    /// Totals, sorted by source and family.
    pub(super) sources: Vec<SourceTotals>,
    /// Digests of the buckets, see `super::digest`.
    pub(super) buckets: Vec<Digest>,
}

/// A segment of a generation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SegmentEntry {
    pub(super) number: u64,
    pub(super) index_bytes: u64,
    pub(super) details_bytes: u64,
    pub(super) rows: u32,
    /// One bit per row that a newer segment has replaced; empty if there is none.
    pub(super) dead: Vec<u64>,
}

impl SegmentEntry {
    pub(super) fn is_dead(&self, row: u32) -> bool {
        self.dead.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub(super) fn kill(&mut self, row: u32) {
        self.dead.resize((self.rows as usize).div_ceil(64), 0);
        if let Some(word) = self.dead.get_mut(row as usize / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// Rows that are not dead.
    pub(super) fn current(&self) -> u32 {
        self.rows - self.dead.iter().map(|word| word.count_ones()).sum::<u32>().min(self.rows)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.index_bytes + self.details_bytes
    }
}

/// The EPSS scores of a generation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct EpssEntry {
    pub(super) number: u64,
    pub(super) bytes: u64,
    pub(super) edition: super::EpssEdition,
    pub(super) digest: Digest,
}

/// How many records of a source there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceTotals {
    /// The source.
    pub source: SourceId,
    /// The family its records belong to.
    pub family: Family,
    /// Current records that are live.
    pub live: u64,
    /// All current records, live or not.
    pub total: u64,
    /// Newest `modified` of a current record.
    pub newest: Option<Timestamp>,
}

impl Manifest {
    /// Reads the current generation of `folder`.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(CURRENT);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::Absent { folder: folder.to_owned() });
            }
            Err(source) => return Err(Error::reading(&path, source)),
        };
        Self::parse(&path, &bytes)
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self> {
        let damage = |reason: &str| Error::from(Damage::new(path, "manifest", reason));
        let (head, body) = bytes.split_at_checked(HEAD).ok_or_else(|| damage("it is cut off"))?;
        if head[..8] != MAGIC {
            return Err(damage("this is no manifest of the knowledge"));
        }
        let found = u32::from_le_bytes(std::array::from_fn(|at| head[8 + at]));
        if found != FORMAT {
            return Err(Error::Format { path: path.to_owned(), found, known: FORMAT });
        }
        if xxh3_64(body) != u64::from_le_bytes(std::array::from_fn(|at| head[12 + at])) {
            return Err(damage("its checksum differs"));
        }
        postcard::from_bytes(body).map_err(|error| damage(&error.to_string()))
    }

    /// Makes this the current generation of `folder`.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let body = postcard::to_allocvec(self).expect("lists in memory know their lengths");
        let (path, temporary) = (folder.join(CURRENT), folder.join("CURRENT.tmp"));
        let write = || {
            let mut file = File::create(&temporary)?;
            file.write_all(&MAGIC)?;
            file.write_all(&FORMAT.to_le_bytes())?;
            file.write_all(&xxh3_64(&body).to_le_bytes())?;
            file.write_all(&body)?;
            file.sync_all()?;
            // The names of the files it speaks of must be durable before its own is.
            folder::sync(folder)?;
            fs::rename(&temporary, &path)?;
            folder::sync(folder)
        };
        write().map_err(|source| Error::writing(&path, source))
    }

    /// Whether a file name in the folder belongs to this generation.
    pub(super) fn names(&self, file: &str) -> bool {
        let number = file.split_once('.').and_then(|(number, _)| number.parse::<u64>().ok());
        let kept = |number| {
            let segment = self.segments.iter().any(|segment| segment.number == number);
            segment || self.epss.as_ref().is_some_and(|epss| epss.number == number)
        };
        file == CURRENT || number.is_some_and(kept)
    }
}
