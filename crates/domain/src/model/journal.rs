//! The journal's entries: everything the product ever observed or decided. Tables are a projection of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, ReopenReason};
use super::finding::{Finding, FindingId, Match};
use super::product::{Product, ReleaseId, SbomRevision};
use super::raw::Digest;
use super::register::{GapReviewed, SourceApproved, SourceRecord};
use super::report::{Report, ReportStep};
use super::review::{Review, ReviewId, Signature};
use super::run::Run;
use super::source::{Family, Fetch, SourceId};
use super::tlp::Tlp;
use super::watch::{Watch, WatchEnded, WatchLooked};

/// One journal entry as stored and hashed: who did what, when. Its canonical JSON is the leaf of the Merkle tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Position in the journal, from 0 without holes.
    pub seq: u64,
    /// When, by the product's clock.
    pub at: Timestamp,
    /// User name, or `wardround` for what the program observed.
    pub actor: String,
    /// What.
    pub event: Event,
}

/// What an entry records. New kinds are added at the end; old ones are never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The first entry.
    WorkspaceCreated(WorkspaceCreated),
    /// The configuration in force from here on.
    Configured(Configured),
    /// A person who may act and sign.
    UserAdded(User),
    /// A release of a product to be monitored.
    ReleaseAdded(ReleaseAdded),
    /// An SBOM held against a release.
    SbomImported(SbomRevision),
    /// A source was asked.
    Fetched(Box<Fetched>),
    /// A person accepted that a source shrank.
    HeldAccepted(HeldAccepted),
    /// A bulletin entered by hand or file.
    BulletinAdded(Bulletin),
    /// A monitoring run ended.
    RunFinished(Box<Run>),
    /// A finding was judged. For `not_affected` the approval follows.
    Assessed(Assessment),
    /// A second person approved the latest judgement of a finding.
    AssessmentApproved(AssessmentApproved),
    /// A review began.
    ReviewOpened(Review),
    /// A review's record was written and frozen; `record` names its archived canonical JSON.
    ReviewConcluded(ReviewConcluded),
    /// Somebody signed a review's record.
    ReviewSigned(ReviewSigned),
    /// A review's record is complete and closed.
    ReviewSealed(ReviewSealed),
    /// A document left the system.
    Exported(Exported),
    /// A source's controlled record was added, changed or retired.
    SourceRecorded(Box<SourceRecord>),
    /// A person approved a source's record.
    SourceApproved(SourceApproved),
    /// A person looked at a gap of a source.
    GapReviewed(GapReviewed),
    /// A report came by one of the maker's own channels.
    ReportReceived(Box<Report>),
    /// A report moved on.
    ReportMoved(ReportStep),
    /// A manual watch was set up or changed.
    WatchSet(Watch),
    /// A person looked at what is watched by hand.
    WatchLooked(WatchLooked),
    /// A manual watch ended.
    WatchEnded(WatchEnded),
    /// Fetches of another workspace came in a signed bundle, across an air gap.
    BundleImported(BundleImported),
}

impl Event {
    /// The kind, as in the entry's JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::WorkspaceCreated(_) => "workspace_created",
            Self::Configured(_) => "configured",
            Self::UserAdded(_) => "user_added",
            Self::ReleaseAdded(_) => "release_added",
            Self::SbomImported(_) => "sbom_imported",
            Self::Fetched(_) => "fetched",
            Self::HeldAccepted(_) => "held_accepted",
            Self::BulletinAdded(_) => "bulletin_added",
            Self::RunFinished(_) => "run_finished",
            Self::Assessed(_) => "assessed",
            Self::AssessmentApproved(_) => "assessment_approved",
            Self::ReviewOpened(_) => "review_opened",
            Self::ReviewConcluded(_) => "review_concluded",
            Self::ReviewSigned(_) => "review_signed",
            Self::ReviewSealed(_) => "review_sealed",
            Self::Exported(_) => "exported",
            Self::SourceRecorded(_) => "source_recorded",
            Self::SourceApproved(_) => "source_approved",
            Self::GapReviewed(_) => "gap_reviewed",
            Self::ReportReceived(_) => "report_received",
            Self::ReportMoved(_) => "report_moved",
            Self::WatchSet(_) => "watch_set",
            Self::WatchLooked(_) => "watch_looked",
            Self::WatchEnded(_) => "watch_ended",
            Self::BundleImported(_) => "bundle_imported",
        }
    }
}

/// Facts about a new workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceCreated {
    /// Name of the journal's signing key, as in its signed tree heads.
    pub origin: String,
    /// A rehearsal may set its clock; everything it produces says that it is no evidence.
    pub rehearsal: bool,
    /// Version of the program.
    pub version: String,
}

/// What a configuration file said when it came into force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configured {
    /// The archived file.
    pub file: Digest,
    /// The maker's name.
    pub organisation: String,
    /// Products, sorted.
    pub products: Vec<Product>,
    /// Sources in force, sorted.
    pub sources: Vec<SourceEntry>,
}

/// A source as registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEntry {
    /// Its name.
    pub id: SourceId,
    /// Its family.
    pub family: Family,
    /// Address, without secrets.
    pub url: String,
    /// Why it is monitored.
    pub why: String,
    /// Hours between fetches.
    pub every_hours: u32,
    /// Hours after which its data are stale.
    pub fresh_hours: u32,
    /// Share of live records, in percent, that may vanish in one fetch before a person is asked.
    pub shrink_percent: u32,
}

/// A person who may act and sign. The passphrase yields an Ed25519 key; only its public half is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Short name.
    pub name: String,
    /// Name printed on records.
    pub printed_name: String,
    /// Roles, sorted: `reviewer`, `approver`, `risk_manager`, `administrator`.
    pub roles: Vec<String>,
    /// Ed25519 public key, base64.
    pub public_key: String,
    /// Salt of the key derivation, base64.
    pub salt: String,
    /// Argon2id parameters: memory in KiB, passes, lanes.
    pub argon2: (u32, u32, u32),
}

/// A release to be monitored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseAdded {
    /// The release.
    pub release: ReleaseId,
}

/// A fetch and the knowledge after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// What was asked and what came.
    pub fetch: Fetch,
    /// Digest of the knowledge after it was taken in.
    pub knowledge: Digest,
}

/// A person accepted a held source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAccepted {
    /// The source.
    pub source: SourceId,
    /// Why that is right.
    pub reason: String,
}

/// A bulletin of a sharing centre, a supplier's letter, a researcher's report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// Number, 1, 2, 3 … Written `B-1`.
    pub number: u64,
    /// The archived file.
    pub file: Digest,
    /// Its name.
    pub file_name: String,
    /// Who published it.
    pub provider: String,
    /// Its title or first line.
    pub title: String,
    /// Its mark; travels with everything derived.
    pub tlp: Tlp,
    /// When it became known here (awareness).
    pub received: Timestamp,
    /// Vulnerabilities named in it, sorted: mentions, never matches.
    pub mentions: Vec<String>,
    /// Archived files that belong to it, with their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<(String, Digest)>,
}

/// A second person's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentApproved {
    /// The finding.
    pub finding: FindingId,
    /// Who approved.
    pub by: String,
}

/// A review's frozen record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewConcluded {
    /// The review.
    pub review: ReviewId,
    /// SHA-256 of the record's canonical JSON, which is archived.
    pub record: Digest,
    /// Highest mark inside.
    pub tlp: Tlp,
}

/// A signature on a review's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewSigned {
    /// The review.
    pub review: ReviewId,
    /// The signature.
    pub signature: Signature,
}

/// A review is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewSealed {
    /// The review.
    pub review: ReviewId,
    /// The record that was signed.
    pub record: Digest,
}

/// A document that left the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// `openvex`, `cyclonedx_vex`, `evidence_pack`.
    pub kind: String,
    /// What it is about: a release, a review.
    pub about: String,
    /// SHA-256 of what was written.
    pub digest: Digest,
    /// Its mark.
    pub tlp: Tlp,
}

/// A bundle of another workspace's fetches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleImported {
    /// SHA-256 of the bundle's manifest, which is archived.
    pub manifest: Digest,
    /// The journal it comes from, as its verifier key.
    pub origin: String,
    /// When it was exported, by the exporting workspace's clock.
    pub exported: Timestamp,
    /// Entries of the other journal whose fetches it brought: first and last.
    pub entries: (u64, u64),
    /// Fetches it brought.
    pub fetches: u64,
    /// Fetches of the other journal that were never imported, and why a person went on without them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<BundleHole>,
}

/// Fetches of a source that no bundle brought: one was lost, and a person went on without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleHole {
    /// The source.
    pub source: SourceId,
    /// The last entry of the other journal that was imported for it; none if there was none.
    pub last: Option<u64>,
    /// The last of the missing entries.
    pub missing: u64,
    /// Why the import went on.
    pub reason: String,
}

/// What a run changed about one finding. Archived as a list; the run's entry holds its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A vulnerability meets a component of a release for the first time.
    Appeared {
        /// The finding, with its new number.
        finding: Box<Finding>,
    },
    /// What is known about a finding changed (ranges, fix, score, exploitation, sources).
    Changed {
        /// The finding as it is now.
        finding: Box<Finding>,
        /// What changed, as sentences.
        what: Vec<String>,
    },
    /// A finding no longer holds. It stays readable with all its decisions.
    Gone {
        /// Which.
        finding: FindingId,
        /// Why, as a sentence.
        why: String,
    },
    /// A finding that was gone holds again.
    Returned {
        /// The finding as it is now.
        finding: Box<Finding>,
    },
    /// A closed decision was reopened because its ground moved.
    Reopened {
        /// Which.
        finding: FindingId,
        /// The rule.
        reason: ReopenReason,
        /// The facts, as a sentence.
        detail: String,
    },
    /// Names agree, or a doubt remains: for a person to confirm.
    CandidateAppeared {
        /// The release.
        release: ReleaseId,
        /// The component.
        component: Digest,
        /// How people call it.
        component_label: String,
        /// What matching says.
        matched: Box<Match>,
    },
    /// A candidate no longer holds.
    CandidateGone {
        /// The release.
        release: ReleaseId,
        /// The component.
        component: Digest,
        /// The vulnerability.
        vulnerability: String,
    },
}

impl Change {
    /// The kind, as counted in a run's record.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Appeared { .. } => "appeared",
            Self::Changed { .. } => "changed",
            Self::Gone { .. } => "gone",
            Self::Returned { .. } => "returned",
            Self::Reopened { .. } => "reopened",
            Self::CandidateAppeared { .. } => "candidate_appeared",
            Self::CandidateGone { .. } => "candidate_gone",
        }
    }
}
