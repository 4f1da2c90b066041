//! One generation, opened: what every lookup reads.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::model::raw::Digest;
use rayon::prelude::*;

use super::digest;
use super::epss::Scores;
use super::error::{Damage, Error, Result};
use super::manifest::{Manifest, SegmentEntry};
use super::segment::Segment;
use super::tables::{Identity, Row};

/// A segment and what the generation says about it.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) entry: SegmentEntry,
    pub(super) segment: Arc<Segment>,
}

impl Part {
    pub(super) fn open(folder: &Path, entry: SegmentEntry) -> Result<Self> {
        Ok(Self { segment: Arc::new(Segment::open(folder, &entry)?), entry })
    }

    /// The row of a record, if it is not dead.
    pub(super) fn find(&self, identity: &Identity) -> Option<(u32, &Row)> {
        let number = self.segment.find(identity).filter(|row| !self.entry.is_dead(*row))?;
        Some((number, self.row(number)?))
    }

    pub(super) fn row(&self, number: u32) -> Option<&Row> {
        self.segment.rows().get(number as usize)
    }

    /// Rows that are not dead, with their numbers.
    pub(super) fn current(&self) -> impl Iterator<Item = (u32, &Row)> {
        (0_u32..).zip(self.segment.rows()).filter(|(number, _)| !self.entry.is_dead(*number))
    }
}

/// An opened generation.
pub(super) struct View {
    pub(super) folder: PathBuf,
    pub(super) manifest: Manifest,
    pub(super) parts: Vec<Part>,
    pub(super) scores: Option<Scores>,
    pub(super) digest: Digest,
    /// Damage that lookups met; they cannot return it.
    damage: Mutex<Vec<Damage>>,
}

impl View {
    /// Opens the current generation.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let mut manifest = Manifest::read(folder)?;
        loop {
            match Self::open_generation(folder, manifest.clone()) {
                Err(error) if is_gone(&error) => {
                    // A writer may have replaced the generation, and removed its files, since the manifest was read.
                    let newer = Manifest::read(folder)?;
                    if newer.generation == manifest.generation {
                        return Err(error);
                    }
                    manifest = newer;
                }
                answer => return answer,
            }
        }
    }

    fn open_generation(folder: &Path, manifest: Manifest) -> Result<Self> {
        let parts = manifest.segments.iter().map(|entry| Part::open(folder, entry.clone())).collect::<Result<_>>()?;
        let scores = manifest.epss.as_ref().map(|entry| Scores::open(folder, entry)).transpose()?;
        let digest = digest::total(&manifest.buckets, manifest.epss.as_ref().map(|epss| &epss.digest));
        Ok(Self { folder: folder.to_owned(), manifest, parts, scores, digest, damage: Mutex::default() })
    }

    /// The current row of a record.
    pub(super) fn find(&self, identity: &Identity) -> Option<(&Part, &Row)> {
        self.parts.iter().find_map(|part| part.find(identity).map(|(_, row)| (part, row)))
    }

    /// The value, or its absence after the damage was noted.
    pub(super) fn note<T>(&self, answer: Result<T, Damage>) -> Option<T> {
        answer.map_err(|damage| self.note_damage(damage)).ok()
    }

    fn note_damage(&self, damage: Damage) {
        // One is enough to distrust the knowledge; a hundred must not fill the memory.
        const KEPT: usize = 100;
        let mut kept = self.damage.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT && !kept.contains(&damage) {
            kept.push(damage);
        }
    }

    pub(super) fn damage(&self) -> Vec<Damage> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Compares every checksum.
    pub(super) fn verify(&self) -> Vec<Damage> {
        let mut damage: Vec<_> = self.parts.par_iter().flat_map_iter(|part| part.segment.verify()).collect();
        damage.extend(self.scores.iter().flat_map(Scores::verify));
        damage.sort();
        damage
    }
}

fn is_gone(error: &Error) -> bool {
    matches!(error, Error::Read { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
}
