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
    /// Which part of the provider's data is asked for: an ecosystem, releases, a collection; empty: all of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// Why it is monitored.
    pub why: String,
    /// Who is responsible for it.
    pub owner: String,
    /// Hours between fetches.
    pub every_hours: u32,
    /// Hours after the last good fetch from which its data are stale.
    pub fresh_hours: u32,
    /// Age in hours from which its data are stale by the provider's own time stamp; none where that is not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_fresh_hours: Option<u32>,
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
    /// It is monitored no longer. Only a person retires a source, with a reason.
    Retired {
        /// Why.
        reason: String,
    },
}

impl RegisterChange {
    /// The word used in tables.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed { .. } => "changed",
            Self::Retired { .. } => "retired",
        }
    }
}

impl SourceRecord {
    /// What differs between two revisions, as sentences; empty if nothing that is recorded does.
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut what = Vec::new();
        let mut differs = |name: &str, before: &dyn fmt::Display, after: &dyn fmt::Display| {
            let (before, after) = (before.to_string(), after.to_string());
            if before != after {
                what.push(sentence(name, &before, &after));
            }
        };
        differs("kind", &self.kind, &now.kind);
        differs("family", &self.family, &now.family);
        differs("address", &self.url, &now.url);
        differs("part asked for", &self.part, &now.part);
        differs("reason for monitoring", &self.why, &now.why);
        differs("owner", &self.owner, &now.owner);
        differs("rhythm", &Hours(self.every_hours), &Hours(now.every_hours));
        differs("freshness limit", &Hours(self.fresh_hours), &Hours(now.fresh_hours));
        differs("limit on the data's own date", &limit(self.data_fresh_hours), &limit(now.data_fresh_hours));
        differs("completeness rule", &self.completeness, &now.completeness);
        differs("limit of shrinking", &Percent(self.shrink_percent), &Percent(now.shrink_percent));
        differs("default mark", &self.tlp, &now.tlp);
        what
    }
}

fn sentence(name: &str, before: &str, after: &str) -> String {
    let before = before.trim_end_matches('.');
    let after = after.trim_end_matches('.');
    match (before.is_empty(), after.is_empty()) {
        (true, _) => format!("The {name} is now: {after}."),
        (_, true) => format!("The {name} is no longer stated; it was: {before}."),
        _ => format!("The {name} changed from {before} to {after}."),
    }
}

fn limit(hours: Option<u32>) -> String {
    hours.map(|hours| Hours(hours).to_string()).unwrap_or_default()
}

/// Hours as people say them: `6 h`, `2 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours(pub u32);

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            hours if hours >= 48 && hours % 24 == 0 => write!(f, "{} days", hours / 24),
            hours => write!(f, "{hours} h"),
        }
    }
}

struct Percent(u32);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> SourceRecord {
        SourceRecord {
            source: SourceId("nvd".to_owned()),
            revision: 1,
            change: RegisterChange::Added,
            kind: "nvd".to_owned(),
            family: Family::Nvd,
            url: "https://services.nvd.nist.gov/rest/json/cves/2.0".to_owned(),
            part: String::new(),
            why: "CPE applicability.".to_owned(),
            owner: String::new(),
            every_hours: 2,
            fresh_hours: 48,
            data_fresh_hours: None,
            completeness: "totalResults.".to_owned(),
            shrink_percent: 2,
            tlp: Tlp::Clear,
        }
    }

    #[test]
    fn differences_are_sentences_and_equal_records_have_none() {
        let now = SourceRecord { every_hours: 6, owner: "Anna Berg".to_owned(), fresh_hours: 72, ..record() };
        assert_eq!(
            record().differences(&now),
            [
                "The owner is now: Anna Berg.",
                "The rhythm changed from 2 h to 6 h.",
                "The freshness limit changed from 2 days to 3 days."
            ]
        );
        assert!(record().differences(&SourceRecord { revision: 9, ..record() }).is_empty());
    }
}
