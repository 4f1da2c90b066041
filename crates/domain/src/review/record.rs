//! The review record: the central record of IEC 81001-5-1 6.2.1, with everything that was considered.
//!
//! Its canonical JSON is archived; signatures bind to its digest. HTML and PDF are drawn from it and add nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::intake::{ReportEntry, WatchEntry};
use crate::assess::work::WorkState;
use crate::model::journal::Bulletin;
use crate::model::product::{ProductId, ReleaseId};
use crate::model::raw::Digest;
use crate::model::review::{Kind, ReviewId};
use crate::model::run::{OutcomeTotals, RunId};
use crate::model::source::{Counts, Family, SourceId, SourceState};
use crate::model::tlp::Tlp;

/// Format of the record; changed only by addition.
pub const FORMAT: &str = "wardround-review-record/1";

/// A review record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRecord {
    /// [`FORMAT`].
    pub format: String,
    /// The review.
    pub review: ReviewId,
    /// Made in a rehearsal: no evidence.
    pub rehearsal: bool,
    /// The maker.
    pub organisation: String,
    /// The plan in force.
    pub plan: Plan,
    /// Why it took place.
    pub kind: Kind,
    /// What triggered it, for all but scheduled reviews.
    pub trigger: Option<String>,
    /// Beginning of the period, inclusive.
    pub period_start: Timestamp,
    /// End of the period, exclusive.
    pub period_end: Timestamp,
    /// When the record was frozen.
    pub performed_at: Timestamp,
    /// Who performed it.
    pub reviewer: Person,
    /// The product releases covered, with their SBOMs.
    pub scope: Vec<ScopeEntry>,
    /// The monitoring runs of the period.
    pub runs: Vec<RunEntry>,
    /// The sources, how fresh and complete each was, and what each brought.
    pub sources: Vec<SourceEntry>,
    /// The information reviewed.
    pub items: Vec<Item>,
    /// Candidates: names agree, identity unproven.
    pub candidates: Vec<CandidateEntry>,
    /// Components that no source can identify.
    pub unidentified: Vec<UnidentifiedEntry>,
    /// Bulletins received.
    pub bulletins: Vec<Bulletin>,
    /// Reports of own channels: received, closed or reopened in the period, or open at its end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<ReportEntry>,
    /// What is said about own channels, also when there is nothing. Empty in records of before they belonged to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reports_statement: String,
    /// Suppliers watched by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watches: Vec<WatchEntry>,
    /// What is said about manual watches, also when there is nothing. Empty in records of before they belonged to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub watches_statement: String,
    /// Said when nothing applicable was found: what was considered.
    pub nil_statement: Option<String>,
    /// Missed rhythms, gaps of sources: written down, not hidden.
    pub deviations: Vec<Deviation>,
    /// The conclusion, in the reviewer's words.
    pub conclusion: String,
    /// Highest mark inside; steers export.
    pub tlp: Tlp,
    /// The program.
    pub tool: Tool,
    /// Journal size when the record was frozen: the audit trail up to here belongs to it.
    pub journal_size: u64,
}

/// The plan a review follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// Digest of the configuration that holds it.
    pub revision: Digest,
    /// Reference to the maker's procedure.
    pub procedure: String,
    /// Rhythm, in words.
    pub every: String,
}

/// A person in a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// User name.
    pub user: String,
    /// Printed name.
    pub printed_name: String,
    /// Roles at that time.
    pub roles: Vec<String>,
}

/// One release in scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeEntry {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub product_name: String,
    /// The release.
    pub release: ReleaseId,
    /// SBOM revision, digest and format; none when the release has no SBOM yet.
    pub sbom: Option<ScopeSbom>,
    /// Outcomes of the last run of the period, per family.
    pub outcomes: BTreeMap<Family, OutcomeTotals>,
}

/// The SBOM held against a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeSbom {
    /// Revision.
    pub revision: u32,
    /// Digest of the original bytes.
    pub digest: Digest,
    /// Format and version.
    pub format: String,
    /// Components in it.
    pub components: u64,
    /// Components no source can identify.
    pub unidentified: u64,
}

/// One monitoring run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEntry {
    /// Its number.
    pub run: RunId,
    /// When it ended.
    pub finished: Timestamp,
    /// Knowledge it used.
    pub knowledge: Digest,
    /// Matcher version.
    pub matcher: String,
    /// Changes by kind.
    pub changes: BTreeMap<String, u64>,
}

/// One source over the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEntry {
    /// The source.
    pub source: SourceId,
    /// Its family.
    pub family: Family,
    /// Its address.
    pub url: String,
    /// Revision of its record in the register at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_revision: Option<u32>,
    /// Fetches in the period.
    pub fetches: u64,
    /// Of them not good.
    pub not_good: u64,
    /// Last good fetch before the period's end.
    pub last_success: Option<Timestamp>,
    /// The feed's own time stamp then.
    pub data_timestamp: Option<Timestamp>,
    /// State at the end.
    pub state: SourceState,
    /// Why it is not ok; empty when it is.
    pub why: String,
    /// Sum of what its fetches brought.
    pub counts: Counts,
    /// Live records at the end.
    pub live: u64,
    /// Gaps that touch the period.
    pub gaps: Vec<GapEntry>,
}

/// A time in which a source did not deliver within its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapEntry {
    /// Its number, `GAP-7`; none while no fetch has found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
    /// Last good fetch before it, or the moment at which the data passed their limit.
    pub from: Timestamp,
    /// What closed it; none while it is open at the period's end.
    pub to: Option<Timestamp>,
    /// Why.
    pub why: String,
    /// How the fetch that closed it reaches back over it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub closed_by: String,
    /// What a person concluded about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub conclusion: String,
    /// Who.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reviewed_by: String,
}

/// One finding considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The finding, `F-12`.
    pub finding: String,
    /// Why it is on the agenda: `new`, `changed`, `reopened`, `gone`, `open`, `decided`.
    pub why: String,
    /// Primary name.
    pub vulnerability: String,
    /// All names.
    pub aliases: Vec<String>,
    /// One line.
    pub title: String,
    /// The release.
    pub release: ReleaseId,
    /// The component, as people call it.
    pub component: String,
    /// Sources and record revisions that support it: `osv:Maven GHSA-… (3f2a…)`.
    pub records: Vec<String>,
    /// How it was matched, in words: `pkg:maven/… 2.14.1 in >= 2.13.0, < 2.15.0 by maven order`.
    pub matched_by: String,
    /// How sure the identity is.
    pub confidence: String,
    /// Highest base score, in tenths.
    pub score_tenths: Option<u8>,
    /// Known exploited since.
    pub known_exploited: Option<String>,
    /// State of the work at the end of the review.
    pub state: WorkState,
    /// VEX status, if judged.
    pub status: Option<String>,
    /// Justification of `not_affected`.
    pub justification: Option<String>,
    /// Rationale, in the person's words.
    pub rationale: Option<String>,
    /// Who judged.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Who approved.
    pub approved_by: Option<String>,
    /// What happened in the period, as sentences.
    pub events: Vec<String>,
}

/// A candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateEntry {
    /// The release.
    pub release: ReleaseId,
    /// The component.
    pub component: String,
    /// The vulnerability.
    pub vulnerability: String,
    /// Why it is only a candidate.
    pub why: String,
}

/// A component that no source can identify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnidentifiedEntry {
    /// The release.
    pub release: ReleaseId,
    /// The component.
    pub component: String,
    /// Its supplier, if stated.
    pub supplier: Option<String>,
}

/// Something that did not go as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation {
    /// What.
    pub what: String,
    /// What it means for the period.
    pub impact: String,
    /// What was done about it.
    pub correction: String,
}

/// The program and its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `wardround`.
    pub name: String,
    /// Version.
    pub version: String,
    /// Digest of the configuration in force.
    pub configuration: Digest,
    /// Matcher version.
    pub matcher: String,
}
