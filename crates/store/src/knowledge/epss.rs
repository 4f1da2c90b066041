//! EPSS scores (FIRST): one table per day, replaced as a whole.

use std::ops::Range;
use std::path::{Path, PathBuf};

use domain::model::raw::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::xxh3_64;
use zerocopy::IntoBytes;

use super::error::{Damage, Result};
use super::manifest::EpssEntry;
use super::sections::{Section, SectionFile, Sections};
use super::tables::{Score, equal};

/// A day's scores, to be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EpssTable {
    /// Model version as stated: `v2025.03.14`.
    pub model: String,
    /// Date of the scores, `2026-11-25`, or a time stamp that begins so. Compared as text.
    pub date: String,
    /// CVE, probability and percentile, both in millionths.
    pub rows: Vec<(String, u32, u32)>,
    /// Rows of an earlier day: those of this day could not be read.
    pub kept: Vec<KeptScore>,
}

/// A score that an unreadable row of a later table did not replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptScore {
    /// The CVE.
    pub cve: String,
    /// The score.
    pub score: Epss,
    /// The date that it is of.
    pub date: String,
}

/// Which scores are current.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpssEdition {
    /// Model version.
    pub model: String,
    /// Date of the scores.
    pub date: String,
    /// Number of CVEs.
    pub rows: u64,
    /// CVEs whose score is of an earlier date, with that date, sorted.
    pub kept: Vec<(String, String)>,
}

/// The score of a CVE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epss {
    /// Probability of exploitation in the next 30 days, in millionths.
    pub probability: u32,
    /// Share of CVEs with the same or a lower probability, in millionths.
    pub percentile: u32,
}

/// The current scores, mapped.
pub(super) struct Scores {
    file: Sections,
    scores: Range<usize>,
}

impl Scores {
    pub(super) fn open(folder: &Path, entry: &EpssEntry) -> Result<Self> {
        let file = Sections::open(path(folder, entry.number), entry.bytes)?;
        Ok(Self { scores: file.table_range::<Score>(Section::Scores)?, file })
    }

    pub(super) fn of(&self, cve: &str) -> Option<Epss> {
        let score = equal(self.file.table::<Score>(&self.scores), cve_key(cve), |score| score.cve.get()).first()?;
        Some(Epss { probability: score.probability.get(), percentile: score.percentile.get() })
    }

    pub(super) fn verify(&self) -> Vec<Damage> {
        self.file.verify()
    }
}

/// Writes a table; of several rows for one CVE the last counts.
pub(super) fn write(folder: &Path, number: u64, table: &EpssTable) -> Result<EpssEntry> {
    let kept = table.kept.iter().map(|kept| score(&kept.cve, kept.score.probability, kept.score.percentile));
    let own = table.rows.iter().map(|(cve, probability, percentile)| score(cve, *probability, *percentile));
    let mut rows: Vec<_> = kept.chain(own).collect();
    rows.reverse();
    rows.sort_by_key(|score| score.cve.get());
    rows.dedup_by_key(|score| score.cve.get());
    let mut file = SectionFile::create(path(folder, number))?;
    file.section(Section::Scores, rows.as_bytes())?;
    let mut kept: Vec<_> = table.kept.iter().map(|kept| (kept.cve.clone(), kept.date.clone())).collect();
    kept.sort();
    let (model, date) = (table.model.clone(), table.date.clone());
    let edition = EpssEdition { model, date, rows: rows.len() as u64, kept };
    let digest = digest(&edition, rows.as_bytes());
    Ok(EpssEntry { number, bytes: file.finish()?, edition, digest })
}

fn score(cve: &str, probability: u32, percentile: u32) -> Score {
    Score { cve: cve_key(cve).into(), probability: probability.into(), percentile: percentile.into() }
}

fn digest(edition: &EpssEdition, rows: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    for text in [&edition.model, &edition.date] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    for text in edition.kept.iter().flat_map(|(cve, date)| [cve, date]) {
        hash.update(text.as_bytes());
    }
    hash.update(rows);
    Digest(hash.finalize().into())
}

fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}.epss"))
}

/// Year and number of a CVE as one number, without loss; any other text as a hash with the highest bit set.
fn cve_key(text: &str) -> u64 {
    packed(text).unwrap_or_else(|| xxh3_64(text.as_bytes()) | 1 << 63)
}

fn packed(text: &str) -> Option<u64> {
    let (year, number) = text.strip_prefix("CVE-")?.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // `CVE-2024-00001` is not the way to write `CVE-2024-0001`.
    let canonical = number.len() == 4 || (5..=14).contains(&number.len()) && !number.starts_with('0');
    let canonical = canonical && year.len() == 4 && digits(year) && digits(number);
    canonical.then(|| Some(year.parse::<u64>().ok()? << 48 | number.parse::<u64>().ok()?)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_texts_have_different_keys() {
        assert_eq!(cve_key("CVE-2021-44228"), (2021 << 48) + 44228);
        for other in
            ["CVE-2021-044228", "cve-2021-44228", "CVE-2021-44228 ", "CVE-2021-+4228", "CVE-2021-123456789012345"]
        {
            assert!(cve_key(other) >> 63 == 1, "{other}");
        }
    }
}
