//! A monitoring run: which sources were asked, how fresh they were, and one of four outcomes for every component and family.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::product::ReleaseId;
use super::raw::Digest;
use super::source::{Family, SourceId, SourceState};

/// Number of a run, never reused. Written `RUN-7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub u64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RUN-{}", self.0)
    }
}

/// What a family of sources says about a component. Silence is evidence, not absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// At least one advisory of this family applies.
    Matched,
    /// Identified, data fresh, nothing applies.
    AssessedNoMatch,
    /// No identity this family understands.
    NotAssessable,
    /// The family was stale, failed or incomplete in this run.
    SourceUnavailable,
}

/// How many components of a release had which outcome, per family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OutcomeTotals {
    /// Components matched.
    pub matched: u64,
    /// Components looked up without a match.
    pub assessed_no_match: u64,
    /// Components this family cannot identify.
    pub not_assessable: u64,
    /// Components that could not be looked up because data were missing.
    pub source_unavailable: u64,
}

impl OutcomeTotals {
    /// Counts one more component.
    pub fn add(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Matched => &mut self.matched,
            Outcome::AssessedNoMatch => &mut self.assessed_no_match,
            Outcome::NotAssessable => &mut self.not_assessable,
            Outcome::SourceUnavailable => &mut self.source_unavailable,
        } += 1;
    }
}

/// A source as a run found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatus {
    /// The source.
    pub source: SourceId,
    /// Its family.
    pub family: Family,
    /// State at the time of the run.
    pub state: SourceState,
    /// Why it is not ok, as a sentence; empty when it is.
    pub why: String,
    /// Whether its data are complete and within their limits although the state is not ok: the last attempt failed, the one
    /// before did not. Then its silence about a component still means something.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub usable: bool,
    /// Last fetch that succeeded.
    pub last_success: Option<Timestamp>,
    /// The feed's own time stamp.
    pub data_timestamp: Option<Timestamp>,
    /// Live records.
    pub live: u64,
}

/// One release in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseOutcome {
    /// The release.
    pub release: ReleaseId,
    /// SBOM revision held against the knowledge.
    pub sbom_revision: u32,
    /// Digest of the SBOM's original bytes.
    pub sbom: Digest,
    /// Its format.
    pub sbom_format: String,
    /// Components in it.
    pub components: u64,
    /// Components no family could identify: on the identification queue or on manual watch.
    pub unidentified: u64,
    /// Totals per family.
    pub totals: BTreeMap<Family, OutcomeTotals>,
    /// Digest of the full matrix (components in order × families), which can be computed again.
    pub matrix: Digest,
}

/// The record a run leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// Version of the matcher.
    pub matcher: String,
    /// Digest of the knowledge it used.
    pub knowledge: Digest,
    /// Sources as it found them, sorted.
    pub sources: Vec<SourceStatus>,
    /// Releases it looked at, sorted.
    pub releases: Vec<ReleaseOutcome>,
    /// What changed among the findings: archived list (canonical JSON of `Vec<Change>`).
    pub changes: Digest,
    /// How many changes of each kind, for reading.
    pub change_counts: BTreeMap<String, u64>,
}
