//! An assessment: a person's judgement on a finding, in VEX words, with history.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::finding::FindingId;

/// VEX status of a finding. Each variant holds exactly what must be said with it, so nothing is left to check later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Being looked at.
    UnderInvestigation,
    /// Affected; VEX asks for an action statement.
    Affected {
        /// What the maker does and what users should do.
        action: String,
    },
    /// Not affected; needs a justification, and a second person before it counts.
    NotAffected {
        /// Why.
        justification: Justification,
        /// Impact statement, in the maker's words.
        impact: Option<String>,
    },
    /// Fixed in this release.
    Fixed,
}

impl Status {
    /// The status as OpenVEX spells it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::UnderInvestigation => "under_investigation",
            Self::Affected { .. } => "affected",
            Self::NotAffected { .. } => "not_affected",
            Self::Fixed => "fixed",
        }
    }

    /// Whether a second person has to approve before the status counts.
    pub fn needs_second_person(&self) -> bool {
        matches!(self, Self::NotAffected { .. })
    }
}

/// OpenVEX's and CSAF's five labels for `not_affected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Justification {
    /// The component is not in the product.
    ComponentNotPresent,
    /// The component is, the vulnerable code is not.
    VulnerableCodeNotPresent,
    /// The code is never run.
    VulnerableCodeNotInExecutePath,
    /// An adversary cannot control it.
    VulnerableCodeCannotBeControlledByAdversary,
    /// Built-in mitigations that users cannot switch off.
    InlineMitigationsAlreadyExist,
}

impl Justification {
    /// All, in the specification's order.
    pub const ALL: [Self; 5] = [
        Self::ComponentNotPresent,
        Self::VulnerableCodeNotPresent,
        Self::VulnerableCodeNotInExecutePath,
        Self::VulnerableCodeCannotBeControlledByAdversary,
        Self::InlineMitigationsAlreadyExist,
    ];

    /// The label as OpenVEX spells it.
    pub fn word(self) -> &'static str {
        match self {
            Self::ComponentNotPresent => "component_not_present",
            Self::VulnerableCodeNotPresent => "vulnerable_code_not_present",
            Self::VulnerableCodeNotInExecutePath => "vulnerable_code_not_in_execute_path",
            Self::VulnerableCodeCannotBeControlledByAdversary => "vulnerable_code_cannot_be_controlled_by_adversary",
            Self::InlineMitigationsAlreadyExist => "inline_mitigations_already_exist",
        }
    }
}

/// One judgement. A later one supersedes it; it stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The finding.
    pub finding: FindingId,
    /// The judgement.
    pub status: Status,
    /// Why, in the person's words; never empty.
    pub rationale: String,
    /// Who judged.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The second person, where one is needed and has approved.
    pub approval: Option<Approval>,
}

/// The second person's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who; never the one who judged.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Why a decision was reopened by the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReopenReason {
    /// A known-exploited catalogue added the vulnerability.
    KnownExploited,
    /// Every record that supported the finding was withdrawn or rejected.
    Withdrawn,
    /// A record that supports it changed what it says about this component.
    AdvisoryChanged,
}

impl ReopenReason {
    /// As a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::KnownExploited => "the vulnerability was added to a known-exploited catalogue",
            Self::Withdrawn => "every record that supported the finding was withdrawn",
            Self::AdvisoryChanged => "a record that supports the finding changed what it says about this component",
        }
    }
}
