//! Sources: configured places we fetch from, and the record that each fetch leaves.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::raw::{Digest, Quarantined};
use super::tlp::Tlp;

/// Name of a configured source: `cve-list`, `nvd`, `cisa-kev`, `cisa-csaf`, `osv:npm`, `epss`, `debian`, `alpine:v3.18`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A kind of knowledge an auditor names. The outcome of a run is stated per component and family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// CVE list v5: CNA and CISA-ADP containers.
    CveList,
    /// NIST's National Vulnerability Database.
    Nvd,
    /// OSV ecosystems: GitHub, RustSec, PyPA, Go and others.
    Osv,
    /// The distributions' own trackers: Debian, Alpine, and their OSV exports.
    OsVendor,
    /// CSAF advisories, CISA's ICS and ICS-Medical first.
    Csaf,
    /// CISA's known exploited vulnerabilities. Speaks of CVEs, not of components.
    Kev,
    /// FIRST's exploit prediction scores. Speaks of CVEs, not of components.
    Epss,
    /// National and regional databases: ENISA's EUVD, GCVE's numbering authorities.
    National,
    /// Bulletins of information sharing centres: mentions, never matches.
    Bulletin,
}

impl Family {
    /// The families whose records name components, in the order in which they are shown.
    pub const MATCHED: [Self; 5] = [Self::OsVendor, Self::Osv, Self::CveList, Self::Nvd, Self::Csaf];

    /// The name used in configuration, tables and documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::CveList => "cve-list",
            Self::Nvd => "nvd",
            Self::Osv => "osv",
            Self::OsVendor => "os-vendor",
            Self::Csaf => "csaf",
            Self::Kev => "kev",
            Self::Epss => "epss",
            Self::National => "national",
            Self::Bulletin => "bulletin",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a fetch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchOutcome {
    /// Everything the provider states was received and taken in.
    Ok,
    /// Nothing was taken in; earlier records stand and the cursor has not moved.
    Failed,
    /// Something was taken in, something is owed and named in `owed`.
    Incomplete,
    /// Well-formed, but so much smaller than before that a person has to accept it first.
    Held,
}

/// How many records a fetch brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Records the source showed in this fetch.
    pub seen: u64,
    /// Never seen before.
    pub new: u64,
    /// Seen before with other bytes.
    pub changed: u64,
    /// Seen before with the same bytes.
    pub unchanged: u64,
    /// Rejected or withdrawn by their publisher, or gone from a full set, for the first time in this fetch.
    pub withdrawn: u64,
    /// Unreadable: kept aside with place and reason.
    pub quarantined: u64,
}

/// One HTTP exchange or file read of a fetch: what was asked, what came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// URL (without secrets) or file path asked for.
    pub from: String,
    /// When the answer was complete.
    pub at: Timestamp,
    /// HTTP status; 0 for a file.
    pub status: u16,
    /// `ETag` of the answer, if any.
    pub etag: Option<String>,
    /// `Last-Modified` of the answer, if any.
    pub last_modified: Option<String>,
    /// Bytes received.
    pub bytes: u64,
    /// The archived object; none for an answer without content (304).
    pub object: Option<Digest>,
    /// What the object is: `index` (a list by which documents are found), `document`, or the way documents are packed in it
    /// (`zip`, `gz`, `tar.zst` …); none for an answer without content. With it the knowledge is rebuilt from the archive.
    pub carried: Option<String>,
    /// The mark of the list that led to the object: what it holds is marked no lower.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
}

/// The record that every fetch leaves, successful or not. It is a journal entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// The source asked.
    pub source: SourceId,
    /// Its family.
    pub family: Family,
    /// When the fetch began and ended.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// The exchanges, in order.
    pub exchanges: Vec<Exchange>,
    /// What came.
    pub counts: Counts,
    /// Number of live records of this source after the fetch.
    pub live: u64,
    /// What the provider itself states as its total, where it does.
    pub stated: Option<u64>,
    /// The feed's own time stamp: when the provider says the data are from.
    pub data_timestamp: Option<Timestamp>,
    /// Whether every record of the source was shown, so that what was not shown is gone.
    pub full_set: bool,
    /// Newest `modified` of any record seen.
    pub newest: Option<Timestamp>,
    /// Records set aside.
    pub quarantined: Vec<Quarantined>,
    /// Identifiers of records that the provider took away one by one, where not every record was shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retracted: Vec<String>,
    /// How it ended.
    pub outcome: FetchOutcome,
    /// What is owed or went wrong, as sentences; empty when all is well.
    pub owed: Vec<String>,
    /// Where the next fetch goes on; opaque to everyone but the source.
    pub cursor: Option<String>,
    /// The provider's own statements against which completeness was judged; empty where it makes none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Hours between fetches and hours until stale, as they were in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<(u32, u32)>,
    /// Mark of what carried none itself, as it was in force: with it the knowledge is rebuilt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
    /// The journal (verifier key) in which this fetch was first recorded, where it came in a bundle across an air gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Number of the entry in that journal, by which one bundle joins the next. None for a fetch of our own, and where a
    /// bundle's fetch was held back here, so that it can be imported once a person accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_entry: Option<u64>,
    /// When it went on after an interruption, the last time: exchanges of before that moment were received by then and not
    /// asked for again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed: Option<Timestamp>,
    /// Live records that were gone from its full set, sorted, at most a hundred; of a fetch that was held, those that would be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
}

/// A statement of a provider about its own data, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What is stated, as in `totalResults`, `sha256 in nvdcve-2.0-2024.meta`, `rows of modified_id.csv`.
    pub what: String,
    /// The provider's statement.
    pub stated: String,
    /// What was found here.
    pub found: String,
    /// Whether they agree.
    pub agrees: bool,
}

/// How trustworthy a source's data were at a moment; `crate::monitor::state` judges it. Nothing is `ok` by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Fetched within its limit, complete against the provider's own statement. Early entries say `fresh`.
    #[serde(alias = "fresh")]
    Ok,
    /// The last good fetch, or the data themselves, are older than the source's limit.
    Stale,
    /// Something is owed.
    Incomplete,
    /// Shrunk, waiting for a person.
    Held,
    /// The last fetch failed.
    Failed,
    /// Never fetched, or a clock is wrong.
    Unknown,
}

impl SourceState {
    /// The word used in tables and documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Stale => "stale",
            Self::Incomplete => "incomplete",
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}
