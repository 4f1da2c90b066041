//! Own channels: what researchers, complaints, service, testers and suppliers report. One register, tracked to closure.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::product::ReleaseId;
use super::raw::Digest;
use super::tlp::Tlp;

/// Number of a report, 1, 2, 3 … Written `REP-7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReportId(pub u64);

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "REP-{}", self.0)
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

/// A report as it was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its number.
    pub id: ReportId,
    /// How it came.
    pub channel: Channel,
    /// Who reported it, as far as it may be recorded.
    pub from: String,
    /// One line.
    pub title: String,
    /// The report in words.
    pub text: String,
    /// When the maker became aware: clocks of reporting duties start here.
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

/// A step in dealing with a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportStep {
    /// The report.
    pub report: ReportId,
    /// Where it stands now. [`ReportState::Closed`] needs a reason in `note`.
    pub state: ReportState,
    /// What was done or found.
    pub note: String,
    /// Who has to see to it from here on; none: as before.
    pub owner: Option<String>,
    /// Vulnerabilities it turned out to be about, sorted.
    pub vulnerabilities: Vec<String>,
    /// Archived attachments with their names.
    pub files: Vec<(String, Digest)>,
}
