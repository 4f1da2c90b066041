//! Where a report of one's own channels stands: what its steps add up to, how old it is, and whether it is left alone.
//!
//! Two limits, in full days of 24 hours since the receipt or the last step: a report that nobody has looked at for
//! [`TRIAGE_DAYS`], and one without any step for [`SILENT_DAYS`], is overdue. A closed one never is.

use jiff::Timestamp;

use crate::model::product::ReleaseId;
use crate::model::report::{Report, ReportState, ReportStep};
use crate::model::tlp::Tlp;

/// Days within which somebody has to look at a new report.
pub const TRIAGE_DAYS: i64 = 5;

/// Days within which something has to happen to an open report.
pub const SILENT_DAYS: i64 = 30;

/// A report at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: ReportState,
    /// Who has to see to it.
    pub owner: String,
    /// When the maker became aware, as corrected last.
    pub aware: Timestamp,
    /// Its mark.
    pub tlp: Tlp,
    /// Releases it is about, as far as known.
    pub releases: Vec<ReleaseId>,
    /// Vulnerabilities that its steps name, sorted: what it turned out to be about.
    pub vulnerabilities: Vec<String>,
    /// Its last step; the receipt if there was none.
    pub last_step: Timestamp,
    /// When it was closed, if it is.
    pub closed: Option<Timestamp>,
}

impl Standing {
    /// Where a report stands after those of its steps that were made before `until`; all of them if none is given.
    ///
    /// `received` is when it was entered; `steps` come in order, each with its time.
    pub fn of<'a>(
        report: &Report,
        received: Timestamp,
        steps: impl IntoIterator<Item = (Timestamp, &'a ReportStep)>,
        until: Option<Timestamp>,
    ) -> Self {
        let mut standing = Self {
            state: ReportState::Received,
            owner: report.owner.clone(),
            aware: report.aware,
            tlp: report.tlp,
            releases: report.releases.clone(),
            vulnerabilities: Vec::new(),
            last_step: received,
            closed: None,
        };
        for (at, step) in steps {
            if until.is_none_or(|until| at < until) {
                standing.take(at, step);
            }
        }
        standing
    }

    fn take(&mut self, at: Timestamp, step: &ReportStep) {
        self.closed = (step.state == ReportState::Closed).then(|| self.closed.unwrap_or(at));
        self.state = step.state;
        self.last_step = at;
        self.aware = step.aware.unwrap_or(self.aware);
        self.tlp = step.tlp.unwrap_or(self.tlp);
        if let Some(owner) = &step.owner {
            self.owner.clone_from(owner);
        }
        if let Some(releases) = &step.releases {
            self.releases.clone_from(releases);
        }
        self.vulnerabilities.extend(step.vulnerabilities.iter().cloned());
        self.vulnerabilities.sort();
        self.vulnerabilities.dedup();
    }

    /// Full days since the maker became aware.
    pub fn age_days(&self, now: Timestamp) -> i64 {
        full_days(self.aware, now)
    }

    /// Full days without a step.
    pub fn silent_days(&self, now: Timestamp) -> i64 {
        full_days(self.last_step, now)
    }

    /// Why the report is overdue, as a fragment; none if it is not.
    pub fn overdue(&self, now: Timestamp) -> Option<String> {
        let silent = self.silent_days(now);
        match self.state {
            ReportState::Closed => None,
            ReportState::Received if silent >= TRIAGE_DAYS => {
                Some(format!("nobody has looked at it for {silent} days"))
            }
            _ if silent >= SILENT_DAYS => Some(format!("no step for {silent} days")),
            _ => None,
        }
    }
}

fn full_days(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_hours().max(0) / 24
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::{Channel, ReportId};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn report() -> Report {
        Report {
            id: ReportId(1),
            channel: Channel::Researcher,
            from: "security researcher".to_owned(),
            title: "Default password of the service port".to_owned(),
            text: String::new(),
            aware: at("2024-03-01T10:00:00Z"),
            tlp: Tlp::Amber,
            owner: "anna".to_owned(),
            releases: Vec::new(),
            mentions: Vec::new(),
            files: Vec::new(),
        }
    }

    fn step(state: ReportState) -> ReportStep {
        ReportStep {
            report: ReportId(1),
            state,
            note: "n".to_owned(),
            owner: None,
            vulnerabilities: Vec::new(),
            files: Vec::new(),
            releases: None,
            aware: None,
            tlp: None,
        }
    }

    fn standing(steps: &[(&str, ReportStep)], until: Option<&str>) -> Standing {
        let steps: Vec<_> = steps.iter().map(|(time, step)| (at(time), step)).collect();
        Standing::of(&report(), at("2024-03-02T10:00:00Z"), steps, until.map(at))
    }

    #[test]
    fn a_report_that_nobody_looks_at_is_overdue_after_five_days() {
        let standing = standing(&[], None);
        assert_eq!(standing.overdue(at("2024-03-07T09:59:00Z")), None);
        assert_eq!(standing.overdue(at("2024-03-07T10:00:00Z")).as_deref(), Some("nobody has looked at it for 5 days"));
        assert_eq!(standing.age_days(at("2024-03-07T10:00:00Z")), 6, "age counts from awareness, not from the entry");
    }

    #[test]
    fn an_open_report_is_overdue_after_thirty_silent_days_and_a_closed_one_never() {
        let waiting = ("2024-03-03T10:00:00Z", step(ReportState::Waiting));
        let late = at("2024-04-02T10:00:00Z");
        assert!(standing(std::slice::from_ref(&waiting), None).overdue(late).is_some());
        let closed = ("2024-03-04T10:00:00Z", step(ReportState::Closed));
        assert_eq!(standing(&[waiting, closed], None).overdue(late), None);
    }

    #[test]
    fn steps_add_up_and_the_past_stays_as_it_was() {
        let mut correction = step(ReportState::InTriage);
        correction.aware = Some(at("2024-02-28T10:00:00Z"));
        correction.owner = Some("ben".to_owned());
        correction.vulnerabilities = vec!["CVE-2024-0001".to_owned()];
        let steps = [
            ("2024-03-03T10:00:00Z", correction),
            ("2024-03-05T10:00:00Z", step(ReportState::Closed)),
            ("2024-03-06T10:00:00Z", step(ReportState::InTriage)),
        ];
        let now = standing(&steps, None);
        assert_eq!((now.state, now.owner.as_str(), now.closed), (ReportState::InTriage, "ben", None));
        assert_eq!(now.aware, at("2024-02-28T10:00:00Z"));
        let then = standing(&steps, Some("2024-03-06T00:00:00Z"));
        assert_eq!((then.state, then.closed), (ReportState::Closed, Some(at("2024-03-05T10:00:00Z"))));
        let first = standing(&steps, Some("2024-03-03T00:00:00Z"));
        assert_eq!((first.state, first.owner.as_str()), (ReportState::Received, "anna"));
    }
}
