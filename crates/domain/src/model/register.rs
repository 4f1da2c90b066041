//! The source register: every source is a controlled record, with who approved it and when it is looked at again.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::source::{Family, SourceId};
use super::tlp::Tlp;

/// What the register says about a source: one revision of its controlled record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Its name.
    pub source: SourceId,
    /// Revision of this record, from 1.
    pub revision: u32,
    /// What happened.
    pub change: RegisterChange,
    /// Kind, as in configuration: `csaf`.
    pub kind: String,
    /// Its family.
    pub family: Family,
    /// Address, without secrets.
    pub url: String,
    /// Why it is monitored.
    pub why: String,
    /// Who is responsible for it.
    pub owner: String,
    /// Hours between fetches.
    pub every_hours: u32,
    /// Hours after which its data are stale.
    pub fresh_hours: u32,
    /// How completeness is judged, as a sentence: against which statement of the provider.
    pub completeness: String,
    /// Share of live records, in percent, that may vanish in one fetch before a person is asked.
    pub shrink_percent: u32,
    /// Mark of what carries none itself.
    pub tlp: Tlp,
}

/// What happened to a source's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum RegisterChange {
    /// The source is monitored from here on.
    Added,
    /// Its record changed.
    Changed {
        /// What, as sentences.
        what: Vec<String>,
    },
    /// It is monitored no longer.
    Retired {
        /// Why; empty where it was only taken out of the configuration.
        reason: String,
    },
}

/// A person approved a revision of a source's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceApproved {
    /// The source.
    pub source: SourceId,
    /// The revision that was approved.
    pub revision: u32,
    /// When the record is to be looked at again.
    pub next_review: Date,
    /// What the approver remarks; may be empty.
    pub remark: String,
}

/// Number of a gap: the journal's number of the entry that found it. Written `GAP-7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GapId(pub u64);

impl fmt::Display for GapId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GAP-{}", self.0)
    }
}

/// A person looked at a gap of a source and says what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapReviewed {
    /// The gap.
    pub gap: GapId,
    /// The source.
    pub source: SourceId,
    /// What was concluded: whether anything was missed, what was done.
    pub conclusion: String,
}
