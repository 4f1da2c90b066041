//! What came in by hand, as the review record states it: reports of own channels, and suppliers watched by hand.
//!
//! Nothing is left to silence: when no report came and no look was due, [`reports_statement`] and [`watches_statement`] say
//! so. A due day belongs to the period in which it ends (UTC), so that periods that join count each day once.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::tlp::Tlp;
use crate::monitor::watch::Due;

/// A report that was received, closed or reopened in the period, or is open at its end. Who sent it and what it says in full
/// is not part of a record that others read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEntry {
    /// Its number, `REP-7`.
    pub report: String,
    /// What happened in the period: `received`, `reopened`, `closed`; empty if it was open throughout.
    pub happened: Vec<String>,
    /// The channel, as a word.
    pub channel: String,
    /// One line.
    pub title: String,
    /// Its mark.
    pub tlp: Tlp,
    /// When the maker became aware.
    pub aware: Timestamp,
    /// When it was entered.
    pub received: Timestamp,
    /// State at the end of the period.
    pub state: String,
    /// Who has to see to it.
    pub owner: String,
    /// What it turned out to be about, sorted.
    pub vulnerabilities: Vec<String>,
    /// When it was closed, if it was closed at the end of the period.
    pub closed: Option<Timestamp>,
    /// The reason with which it was closed.
    pub outcome: Option<String>,
    /// Why it is overdue at the end of the period; none if it is not.
    pub overdue: Option<String>,
}

/// A supplier watched by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchEntry {
    /// Its number, `WATCH-3`.
    pub watch: String,
    /// The supplier.
    pub supplier: String,
    /// Components covered besides all of the supplier's.
    pub components: Vec<String>,
    /// What is looked at.
    pub page: String,
    /// Who looks.
    pub person: String,
    /// The rhythm.
    pub every: String,
    /// Due days of the period, and earlier ones that were answered in it or are still unanswered.
    pub dues: Vec<Due>,
    /// Looks of the period.
    pub looks: Vec<LookEntry>,
    /// The next due day at the end of the period; none once the watch has ended.
    pub next: Option<Date>,
    /// Days by which it is overdue at the end of the period.
    pub overdue_days: i64,
    /// Why it ended, if it did.
    pub ended: Option<String>,
}

/// A look at what is watched by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookEntry {
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub by: String,
    /// Whether anything new was found.
    pub found: bool,
    /// What was seen.
    pub note: String,
}

/// What is said about own channels.
pub fn reports_statement(reports: &[ReportEntry]) -> String {
    let happened = |word: &str| reports.iter().filter(|report| report.happened.iter().any(|what| what == word)).count();
    let open = reports.iter().filter(|report| report.closed.is_none()).count();
    if reports.is_empty() {
        return "No report came by an own channel in the period, and none is open.".to_owned();
    }
    let overdue = reports.iter().filter(|report| report.overdue.is_some()).count();
    format!(
        "{} received in the period, {} closed; {} open at its end, {overdue} of them overdue.",
        counted(happened("received"), "report"),
        happened("closed"),
        open
    )
}

/// What is said about manual watches.
pub fn watches_statement(watches: &[WatchEntry]) -> String {
    if watches.is_empty() {
        return "No supplier is watched by hand.".to_owned();
    }
    let dues: Vec<&Due> = watches.iter().flat_map(|watch| &watch.dues).collect();
    let suppliers = counted(watches.len(), "supplier");
    if dues.is_empty() {
        return format!("{suppliers} watched by hand. No look was due in the period.");
    }
    let missed = dues.iter().filter(|due| due.looked.is_none()).count();
    let late = dues.iter().filter(|due| due.looked.is_some_and(|looked| looked > due.day)).count();
    let found = watches.iter().flat_map(|watch| &watch.looks).filter(|look| look.found).count();
    format!(
        "{suppliers} watched by hand. {} due: {} done in time, {late} late, {missed} not done. {}",
        counted(dues.len(), "look"),
        dues.len() - late - missed,
        news(found)
    )
}

fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn news(found: usize) -> String {
    match found {
        0 => "Nothing new was found.".to_owned(),
        1 => "Something new was found once.".to_owned(),
        found => format!("Something new was found {found} times."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn nothing_is_left_to_silence() {
        assert_eq!(reports_statement(&[]), "No report came by an own channel in the period, and none is open.");
        assert_eq!(watches_statement(&[]), "No supplier is watched by hand.");
    }

    #[test]
    fn looks_are_counted_as_in_time_late_and_not_done() {
        let due = |due: &str, looked: Option<&str>| Due { day: day(due), looked: looked.map(day) };
        let watch = WatchEntry {
            watch: "WATCH-1".to_owned(),
            supplier: "SEGGER".to_owned(),
            components: Vec::new(),
            page: "https://example.com/news".to_owned(),
            person: "ben".to_owned(),
            every: "1 week".to_owned(),
            dues: vec![
                due("2024-01-03", Some("2024-01-02")),
                due("2024-01-10", Some("2024-01-12")),
                due("2024-01-17", None),
            ],
            looks: Vec::new(),
            next: Some(day("2024-01-17")),
            overdue_days: 3,
            ended: None,
        };
        assert_eq!(
            watches_statement(&[watch]),
            "1 supplier watched by hand. 3 looks due: 1 done in time, 1 late, 1 not done. Nothing new was found."
        );
    }
}
