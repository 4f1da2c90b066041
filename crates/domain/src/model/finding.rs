//! A finding: a vulnerability, a component, a release, and the reasons why they meet.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::advisory::FixState;
use super::product::ReleaseId;
use super::raw::{Digest, RawRef};
use super::source::{Family, SourceId};
use super::tlp::Tlp;

/// Number of a finding, never reused. Written `F-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FindingId(pub u64);

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "F-{}", self.0)
    }
}

impl std::str::FromStr for FindingId {
    type Err = InvalidFindingId;

    fn from_str(text: &str) -> Result<Self, InvalidFindingId> {
        text.trim()
            .trim_start_matches(['F', 'f'])
            .trim_start_matches('-')
            .parse()
            .map(Self)
            .map_err(|_| InvalidFindingId(text.to_owned()))
    }
}

/// The text is no finding number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read {0:?} as a finding: F-NUMBER is needed, as in F-12")]
pub struct InvalidFindingId(pub String);

/// How sure the identity of the component is (R28). Only the first two make findings without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Free text names the component.
    Mention,
    /// Names agree, or the component's version is unknown; a person has to confirm.
    Candidate,
    /// Through a published relation (purl to CPE, binary to source package), or with a condition that was not evaluated.
    Derived,
    /// The same coordinates.
    Exact,
}

impl Confidence {
    /// The word used in tables and documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Candidate => "candidate",
            Self::Derived => "derived",
            Self::Exact => "exact",
        }
    }
}

/// Why one record applies to one component: everything needed to compute it again (R28).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// The source of the record.
    pub source: SourceId,
    /// Its family.
    pub family: Family,
    /// The record.
    pub record: String,
    /// Its revision: digest of its bytes.
    pub revision: Digest,
    /// Where its bytes lie.
    pub raw: RawRef,
    /// Place in the record.
    pub place: String,
    /// Key under which both were found: `npm|lodash`, `cpe|apache|log4j`.
    pub key: String,
    /// What the component was identified by: its purl, CPE or source package.
    pub identity: String,
    /// The component's version as compared; empty if unknown.
    pub version: String,
    /// The range or exact version that covers it, in words: `>= 2.13.0, < 2.15.0`.
    pub range: String,
    /// Name of the order in which versions were compared: `maven`, `deb`.
    pub order: String,
    /// Fix as this record states it.
    pub fix: FixStateText,
    /// How sure.
    pub confidence: Confidence,
    /// Matching rule that decided, `R4`.
    pub rule: String,
    /// Conditions not evaluated, and doubts (unparseable version, generic order), as sentences.
    pub notes: Vec<String>,
    /// Who may see the record.
    #[serde(default, skip_serializing_if = "is_clear")]
    pub tlp: Tlp,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_clear(tlp: &Tlp) -> bool {
    *tlp == Tlp::Clear
}

/// A fix state as text, so that reasons sort and print: `fixed in 2.15.0`, `no fix`, `will not fix`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FixStateText(pub String);

impl From<&FixState> for FixStateText {
    fn from(state: &FixState) -> Self {
        Self(match state {
            FixState::Fixed(version) => format!("fixed in {version}"),
            FixState::None => "no fix".to_owned(),
            FixState::WillNotFix => "will not fix".to_owned(),
            FixState::Deferred => "fix deferred".to_owned(),
            FixState::UnderInvestigation => "under investigation".to_owned(),
            FixState::NotAffected => "not affected".to_owned(),
            FixState::EndOfLife => "end of life".to_owned(),
            FixState::Unknown => "fix not stated".to_owned(),
        })
    }
}

/// What matching says about one component and one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// Primary name of the vulnerability: CVE if live, else GHSA, else native (R1).
    pub vulnerability: String,
    /// All names of the cluster, sorted.
    pub aliases: Vec<String>,
    /// At least one, sorted: strongest first, then by family, source, record and place.
    pub reasons: Vec<Reason>,
    /// Records of the same vulnerability that know this component and say it is not affected, sorted.
    pub dissent: Vec<Reason>,
    /// The strongest confidence of the reasons.
    pub confidence: Confidence,
    /// Highest base score of any live record of the cluster, in tenths, if any has a vector.
    pub score_tenths: Option<u8>,
    /// One line about the vulnerability, from the best record.
    pub title: String,
    /// In a known-exploited catalogue since this date.
    pub known_exploited: Option<String>,
    /// EPSS probability in millionths, if known.
    pub epss_millionths: Option<u32>,
}

impl Match {
    /// Who may be told that the vulnerability meets the component: the freest mark of the reasons that make it a finding by
    /// themselves. What a free record says is free, though a restricted one says it, too.
    pub fn tlp(&self) -> Tlp {
        let is_enough = |why: &&Reason| why.confidence >= Confidence::Derived.min(self.confidence);
        self.reasons.iter().filter(is_enough).map(|why| why.tlp).min().unwrap_or_default()
    }

    /// The strictest mark of everything in it: who may see all of it.
    pub fn strictest_tlp(&self) -> Tlp {
        self.reasons.iter().chain(&self.dissent).map(|why| why.tlp).max().unwrap_or_default()
    }

    /// The names that a reader who may see up to `limit` is told: without identifiers of records that are marked above it.
    pub fn names_up_to(&self, limit: Tlp) -> Vec<String> {
        let all = || self.reasons.iter().chain(&self.dissent);
        let is_free = |name: &String| all().any(|why| why.record == *name && why.tlp <= limit);
        let is_held_back = |name: &String| all().any(|why| why.record == *name && why.tlp > limit) && !is_free(name);
        self.aliases.iter().filter(|name| !is_held_back(name)).cloned().collect()
    }
}

/// A match in a release, with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its number.
    pub id: FindingId,
    /// The release.
    pub release: ReleaseId,
    /// The component's identity (digest of its canonical form) and how people call it (`log4j-core 2.14.1`).
    pub component: Digest,
    /// How people call it.
    pub component_label: String,
    /// What matching says, as of the last run that looked at it.
    pub matched: Match,
}

#[cfg(test)]
mod tests;
