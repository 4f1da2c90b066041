//! `report`: arguments of its verbs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use domain::model::product::ReleaseId;
use domain::model::report::{self, ReportId};
use domain::model::tlp::Tlp;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// `report`.
#[derive(Debug, Subcommand)]
pub(crate) enum Report {
    /// Enter a report. It is never changed afterwards; what is learnt later is a step.
    Add(Add),
    /// Reports with their age since awareness, overdue ones first. Exits with 1 if one is overdue.
    List {
        /// Only those that are not closed.
        #[arg(long)]
        open: bool,
        /// Only those that nobody has looked at for 5 days, and open ones without a step for 30 days.
        #[arg(long)]
        overdue: bool,
    },
    /// A report with its history, and the findings of the vulnerabilities it names.
    Show {
        /// REP-NUMBER.
        report: ReportId,
    },
    /// Record a step: another state, what was found, a correction. Reopens a closed report, with a reason.
    Move(Move),
    /// Close a report.
    Close {
        /// REP-NUMBER.
        report: ReportId,
        /// Why it is done.
        #[arg(long)]
        reason: String,
        /// Who closes it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
}

/// `report add`.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The report in words; `-` reads standard input.
    pub(crate) words: Option<String>,
    /// How it came.
    #[arg(long, value_enum)]
    pub(crate) channel: Channel,
    /// Who reported it. A role is enough: record no more of a person than you need.
    #[arg(long)]
    pub(crate) from: String,
    /// One line.
    #[arg(long)]
    pub(crate) title: String,
    /// The same as the report in words.
    #[arg(long, value_name = "TEXT", conflicts_with = "words")]
    pub(crate) text: Option<String>,
    /// When you became aware: a time (RFC 3339) or a day, which counts from its beginning in UTC. Now if absent.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) aware: Option<Timestamp>,
    /// Who has to see to it; the one who enters it if absent.
    #[arg(long, value_name = "USER")]
    pub(crate) owner: Option<String>,
    /// Its mark; the strictest one that it states, else AMBER.
    #[arg(long)]
    pub(crate) tlp: Option<Tlp>,
    /// A release it is about, PRODUCT@VERSION. May be given several times.
    #[arg(long = "release", value_name = "RELEASE")]
    pub(crate) releases: Vec<ReleaseId>,
    /// An attachment. May be given several times.
    #[arg(long = "file", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Who enters it.
    #[arg(long = "as", value_name = "USER")]
    pub(crate) user: String,
}

/// `report move`.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// REP-NUMBER.
    pub(crate) report: ReportId,
    /// Where it stands now; as before if absent.
    #[arg(long, value_enum)]
    pub(crate) state: Option<State>,
    /// What was done or found; the reason where it is reopened or corrected.
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// Who has to see to it from here on.
    #[arg(long, value_name = "USER")]
    pub(crate) owner: Option<String>,
    /// A vulnerability it turned out to be about. May be given several times.
    #[arg(long = "vulnerability", value_name = "ID")]
    pub(crate) vulnerabilities: Vec<String>,
    /// The releases it turned out to be about, PRODUCT@VERSION. May be given several times.
    #[arg(long = "release", value_name = "RELEASE")]
    pub(crate) releases: Vec<ReleaseId>,
    /// An attachment. May be given several times.
    #[arg(long = "file", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The awareness time, corrected; needs --note.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) aware: Option<Timestamp>,
    /// The mark, corrected; needs --note.
    #[arg(long)]
    pub(crate) tlp: Option<Tlp>,
    /// Who records it.
    #[arg(long = "as", value_name = "USER")]
    pub(crate) user: String,
}

/// A time, or the beginning of a day in UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(day) = text.parse::<Date>()
        && !text.contains(['T', 't', ' '])
    {
        return day.to_zoned_datetime(TimeZone::UTC).map(|day| day.timestamp()).map_err(|error| error.to_string());
    }
    text.parse().map_err(|_| "a time with its zone (2024-03-01T09:30:00Z) or a day (2024-03-01) is needed".to_owned())
}

/// Channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Channel {
    /// A security researcher, through coordinated disclosure.
    Researcher,
    /// A complaint of a customer or user.
    Complaint,
    /// Your own service in the field.
    Service,
    /// A tester, your own or one you hired.
    Tester,
    /// A supplier of a component.
    Supplier,
    /// An authority or a CERT.
    Authority,
    /// Your own development.
    Internal,
}

impl From<Channel> for report::Channel {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Researcher => Self::Researcher,
            Channel::Complaint => Self::Complaint,
            Channel::Service => Self::Service,
            Channel::Tester => Self::Tester,
            Channel::Supplier => Self::Supplier,
            Channel::Authority => Self::Authority,
            Channel::Internal => Self::Internal,
        }
    }
}

/// States of a report, as words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum State {
    /// Nobody has looked at it yet.
    Received,
    /// It is being looked at.
    InTriage,
    /// It is a vulnerability of yours and is being dealt with.
    Confirmed,
    /// It waits for somebody outside.
    Waiting,
    /// It is done; needs --note.
    Closed,
}

impl From<State> for report::ReportState {
    fn from(state: State) -> Self {
        match state {
            State::Received => Self::Received,
            State::InTriage => Self::InTriage,
            State::Confirmed => Self::Confirmed,
            State::Waiting => Self::Waiting,
            State::Closed => Self::Closed,
        }
    }
}
