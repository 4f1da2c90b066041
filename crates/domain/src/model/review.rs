//! A review: a recurring, scoped look at what the runs brought, which ends in signatures and a sealed record.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Number of a review, never reused. Written `REV-3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReviewId(pub u64);

impl fmt::Display for ReviewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "REV-{}", self.0)
    }
}

/// What a signature means (21 CFR 11.50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// "I performed this review."
    Reviewed,
    /// "I approve this record."
    Approved,
}

/// A signature bound to the digest of what was signed (21 CFR 11.70).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The signer's user name.
    pub user: String,
    /// The name printed on the record.
    pub printed_name: String,
    /// What the signature means.
    pub meaning: Meaning,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the signed record's canonical form.
    pub record: super::raw::Digest,
    /// Ed25519 signature, base64, over the statement's canonical form, by the key that the user's passphrase yields.
    pub ed25519: String,
}

/// Why a review takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// By the plan's rhythm.
    Scheduled,
    /// Because something happened: a KEV addition, a supplier's notice, an authority's request, a bulletin.
    OutOfCycle,
    /// Before a release.
    ReleaseGate,
    /// For a time that was missed.
    Backfill,
}

/// A review as opened: what it covers. Its period is half-open, `[period_start, period_end)`, and joins the previous one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its number.
    pub id: ReviewId,
    /// Name of the plan in force, and the digest of the configuration that holds it.
    pub plan: String,
    /// Revision of the plan: digest of the configuration in force.
    pub plan_revision: super::raw::Digest,
    /// Why it takes place.
    pub kind: Kind,
    /// What triggered it, for all but scheduled reviews.
    pub trigger: Option<String>,
    /// Products it covers, sorted.
    pub products: Vec<super::product::ProductId>,
    /// Beginning of the period, inclusive.
    pub period_start: Timestamp,
    /// End of the period, exclusive.
    pub period_end: Timestamp,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
}
