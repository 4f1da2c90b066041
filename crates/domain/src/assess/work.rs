//! The state of the work on a finding, computed from its judgements and from what the program reopened.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::assessment::{Assessment, Status};

/// Where the work on a finding stands. Ordered by how much it needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkState {
    /// Closed once, and its ground moved.
    Reopened,
    /// Nobody has judged it yet.
    New,
    /// Judged `not_affected`; a second person has not approved yet.
    AwaitingApproval,
    /// Somebody is looking.
    UnderInvestigation,
    /// Affected: there is an action.
    Affected,
    /// Not affected, approved.
    NotAffected,
    /// Fixed in this release.
    Fixed,
    /// Holds no longer; its history stays.
    Gone,
}

impl WorkState {
    /// All, in order.
    pub const ALL: [Self; 8] = [
        Self::Reopened,
        Self::New,
        Self::AwaitingApproval,
        Self::UnderInvestigation,
        Self::Affected,
        Self::NotAffected,
        Self::Fixed,
        Self::Gone,
    ];

    /// The word used in tables, filters and documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reopened => "reopened",
            Self::New => "new",
            Self::AwaitingApproval => "awaiting_approval",
            Self::UnderInvestigation => "under_investigation",
            Self::Affected => "affected",
            Self::NotAffected => "not_affected",
            Self::Fixed => "fixed",
            Self::Gone => "gone",
        }
    }

    /// Whether the finding still needs a decision before a review can conclude.
    pub fn needs_decision(self) -> bool {
        matches!(self, Self::Reopened | Self::New | Self::AwaitingApproval)
    }

    /// Whether a decision stands that a reopen rule can reopen.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::NotAffected | Self::Fixed | Self::Affected)
    }

    /// The state that follows from whether the finding holds, its latest judgement, and the time of its latest reopening.
    pub fn of(present: bool, latest: Option<&Assessment>, reopened_at: Option<Timestamp>) -> Self {
        if !present {
            return Self::Gone;
        }
        let Some(assessment) = latest else { return Self::New };
        if reopened_at.is_some_and(|at| at >= assessment.at) {
            return Self::Reopened;
        }
        match (&assessment.status, &assessment.approval) {
            (Status::UnderInvestigation, _) => Self::UnderInvestigation,
            (Status::Affected { .. }, _) => Self::Affected,
            (Status::NotAffected { .. }, None) => Self::AwaitingApproval,
            (Status::NotAffected { .. }, Some(_)) => Self::NotAffected,
            (Status::Fixed, _) => Self::Fixed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assessment::{Approval, Justification};
    use crate::model::finding::FindingId;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn not_affected(approved: bool) -> Assessment {
        Assessment {
            finding: FindingId(1),
            status: Status::NotAffected { justification: Justification::VulnerableCodeNotInExecutePath, impact: None },
            rationale: "JNDI lookups are compiled out of our build.".to_owned(),
            by: "anna".to_owned(),
            at: at("2021-12-13T09:00:00Z"),
            approval: approved.then(|| Approval { by: "ben".to_owned(), at: at("2021-12-13T10:00:00Z") }),
        }
    }

    #[test]
    fn not_affected_counts_only_with_a_second_person() {
        assert_eq!(WorkState::of(true, Some(&not_affected(false)), None), WorkState::AwaitingApproval);
        assert_eq!(WorkState::of(true, Some(&not_affected(true)), None), WorkState::NotAffected);
    }

    #[test]
    fn a_reopening_after_the_decision_reopens_it_and_one_before_does_not() {
        let decision = not_affected(true);
        assert_eq!(WorkState::of(true, Some(&decision), Some(at("2022-01-02T00:00:00Z"))), WorkState::Reopened);
        assert_eq!(WorkState::of(true, Some(&decision), Some(at("2021-12-01T00:00:00Z"))), WorkState::NotAffected);
    }

    #[test]
    fn a_finding_that_holds_no_longer_is_gone_whatever_was_decided() {
        assert_eq!(WorkState::of(false, Some(&not_affected(true)), None), WorkState::Gone);
    }
}
