//! Own channels: what researchers, complaints, service, testers and suppliers report. One register, tracked to closure.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::product::ReleaseId;
use super::raw::Digest;
use super::tlp::Tlp;

/// Number of a report, 1, 2, 3 …, whatever the channel. Written `REP-7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReportId(pub u64);

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "REP-{}", self.0)
    }
}

/// The text is no number of a report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read {0:?} as the number of a report: REP-7 or 7 is needed")]
pub struct InvalidReportId(pub String);

impl FromStr for ReportId {
    type Err = InvalidReportId;

    fn from_str(text: &str) -> Result<Self, InvalidReportId> {
        let digits = text.trim().trim_start_matches("REP-").trim_start_matches("rep-");
        digits.parse().map(Self).map_err(|_| InvalidReportId(text.to_owned()))
    }
}

/// The way by which a report came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A security researcher, through coordinated disclosure.
    Researcher,
    /// A complaint of a customer or user.
    Complaint,
    /// Our own service in the field.
    Service,
    /// A tester: our own or one we hired.
    Tester,
    /// A supplier of a component.
    Supplier,
    /// An authority or a CERT.
    Authority,
    /// Our own development.
    Internal,
}

impl Channel {
    /// The word used in tables and documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Researcher => "researcher",
            Self::Complaint => "complaint",
            Self::Service => "service",
            Self::Tester => "tester",
            Self::Supplier => "supplier",
            Self::Authority => "authority",
            Self::Internal => "internal",
        }
    }
}

/// A report as it was received. It is never changed; what is learnt later is a [`ReportStep`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its number.
    pub id: ReportId,
    /// How it came.
    pub channel: Channel,
    /// Who reported it, as far as it may be recorded: a role is enough where a name would be personal data.
    pub from: String,
    /// One line.
    pub title: String,
    /// The report in words.
    pub text: String,
    /// When the maker became aware: clocks of reporting duties start here. Never later than the entry.
    pub aware: Timestamp,
    /// Its mark.
    pub tlp: Tlp,
    /// Who has to see to it.
    pub owner: String,
    /// Releases it is about, as far as known, sorted.
    pub releases: Vec<ReleaseId>,
    /// Vulnerabilities named in it, sorted: mentions, never matches.
    pub mentions: Vec<String>,
    /// Archived attachments with their names.
    pub files: Vec<(String, Digest)>,
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// Nobody has looked at it yet.
    Received,
    /// It is being looked at.
    InTriage,
    /// It is a vulnerability of ours and is being dealt with.
    Confirmed,
    /// It waits for somebody outside.
    Waiting,
    /// It is done.
    Closed,
}

impl ReportState {
    /// The word used in tables and documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InTriage => "in_triage",
            Self::Confirmed => "confirmed",
            Self::Waiting => "waiting",
            Self::Closed => "closed",
        }
    }
}

/// A step in dealing with a report. States may follow one another in any order; every step stays on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportStep {
    /// The report.
    pub report: ReportId,
    /// Where it stands now. Closing and reopening need a reason in `note`.
    pub state: ReportState,
    /// What was done or found. Needed where nothing but the note would be new, and for corrections.
    pub note: String,
    /// Who has to see to it from here on; none: as before.
    pub owner: Option<String>,
    /// Vulnerabilities it turned out to be about, sorted.
    pub vulnerabilities: Vec<String>,
    /// Archived attachments with their names.
    pub files: Vec<(String, Digest)>,
    /// The releases it turned out to be about, sorted; none: as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub releases: Option<Vec<ReleaseId>>,
    /// The awareness time, corrected; none: as before. What was recorded first stays readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aware: Option<Timestamp>,
    /// The mark, corrected, with its sender's consent where it is lowered; none: as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
}
