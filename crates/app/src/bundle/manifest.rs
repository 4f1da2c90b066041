//! What a bundle says about itself. Its canonical JSON is digested, and the digest signed by the exporting journal's key.

use std::collections::BTreeMap;

use domain::model::journal::Entry;
use domain::model::raw::Digest;
use domain::model::source::SourceId;
use domain::model::tlp::Tlp;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::evidence::pack::ProvenEntry;

/// Format of a bundle; changed only by addition.
pub const FORMAT: &str = "wardround-source-bundle/1";

/// First line of the signed text: no tree head begins so.
const SIGNED: &str = "wardround/source-bundle/1";

/// What a bundle says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Verifier key of the exporting journal.
    pub origin: String,
    /// The maker.
    pub organisation: String,
    /// Made in a rehearsal: no evidence.
    pub rehearsal: bool,
    /// Version of the exporting program.
    pub version: String,
    /// When it was exported, by the exporting workspace's clock.
    pub exported: Timestamp,
    /// Highest mark of its sources.
    pub tlp: Tlp,
    /// Entries of the exporting journal that were looked through for fetches: from this one up to that one, exclusive.
    pub entries: (u64, u64),
    /// The bundle after which this one was made; none where it was made from a number.
    pub previous: Option<Previous>,
    /// Signed head of the exporting journal (C2SP tlog-checkpoint).
    pub checkpoint: String,
    /// The last fetch before `entries` of every source with fetches in it, by which a missing bundle is noticed; none where
    /// there was none.
    pub before: BTreeMap<SourceId, Option<u64>>,
    /// The fetches: journal entries, each with the proof that the signed head covers it.
    pub fetches: Vec<ProvenEntry>,
    /// The bytes they brought, in the order of the file.
    pub objects: Vec<Object>,
}

/// The bundle before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// SHA-256 of its manifest.
    pub manifest: Digest,
    /// Entries under its signed head.
    pub size: u64,
    /// Proof that the journal still begins with these entries, base64 (RFC 6962, 2.1.2).
    pub proof: Vec<String>,
}

/// An archived object in the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Its SHA-256.
    pub digest: Digest,
    /// Its length.
    pub bytes: u64,
}

/// The text that is signed for a manifest: what it is, the journal's name, the manifest's digest.
pub(super) fn signed_text(journal: &str, manifest: Digest) -> String {
    format!("{SIGNED}\n{journal}\n{manifest}\n")
}

/// The journal's name and the manifest's digest in a signed text. Nothing is verified yet.
pub(super) fn parse_signed_text(text: &str) -> Option<(&str, Digest)> {
    let mut lines = text.lines();
    let (kind, journal, digest) = (lines.next()?, lines.next()?, lines.next()?);
    (kind == SIGNED).then_some((journal, digest.parse().ok()?))
}

/// A fetch of a bundle: its entry in the exporting journal.
#[derive(Debug, Clone)]
pub(super) struct Carried {
    /// The entry. Its event is a fetch.
    pub(super) entry: Entry,
    /// The fetch in it.
    pub(super) fetch: domain::model::source::Fetch,
}
