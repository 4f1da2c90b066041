//! `source status`: how fresh and complete each source is, now or at the end of a past day.

use std::process::ExitCode;

use anyhow::Result;
use app::monitor::{self, SourceReport};
use domain::model::source::SourceState;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::{length, minute, moment};
use crate::context::Context;
use crate::exit;
use crate::output::{self, Format, List, say};

pub(super) fn status(context: &Context, on: Option<Date>) -> Result<ExitCode> {
    let workspace = context.read()?;
    let reports = match on {
        Some(day) => monitor::on(&workspace, day)?,
        None => monitor::reports(&workspace)?,
    };
    let empty = match on {
        Some(day) => format!("No source was in the register at the end of {day}."),
        None => "No source is configured: wardround source preset medical-device".to_owned(),
    };
    if context.format == Format::Table && !reports.is_empty() {
        table(&reports, workspace.now())?;
    } else {
        list(&reports).show(context.format, &empty)?;
    }
    let all_ok = reports.iter().all(|report| report.status.state == SourceState::Ok);
    Ok(if all_ok { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}

/// Everything, for programs.
fn list(reports: &[SourceReport]) -> List {
    let mut list = List::new(&[
        "source",
        "family",
        "state",
        "why",
        "usable",
        "last success",
        "age hours",
        "data from",
        "live",
        "stated",
        "checks",
        "owed",
        "owed count",
        "every hours",
        "fresh hours",
        "data fresh hours",
        "next due",
        "open gaps",
        "gap not yet found",
        "configured",
        "revision",
        "approved by",
        "next review",
    ]);
    for report in reports {
        let status = &report.status;
        let gaps: Vec<String> = report.open_gaps.iter().map(ToString::to_string).collect();
        list.row([
            json!(status.source),
            json!(status.family),
            json!(status.state.word()),
            json!(status.why),
            json!(status.usable || status.state == SourceState::Ok),
            moment(status.last_success),
            json!(report.age_hours),
            moment(status.data_timestamp),
            json!(status.live),
            json!(report.stated),
            json!(report.checks),
            json!(report.owed),
            json!(report.owed.len()),
            json!(report.limits.every_hours),
            json!(report.limits.fresh_hours),
            json!(report.limits.data_fresh_hours),
            moment(report.next_due),
            json!(gaps),
            json!(report.gap_not_yet_found),
            json!(report.configured),
            json!(report.revision),
            json!(report.approved_by),
            json!(report.next_review),
        ]);
    }
    list
}

fn table(reports: &[SourceReport], now: Timestamp) -> Result<()> {
    let mut list =
        List::new(&["source", "state", "last ok", "data from", "live", "checks", "next", "gaps", "approved"]);
    for report in reports {
        let status = &report.status;
        list.row([
            json!(status.source),
            json!(status.state.word()),
            json!(minute(status.last_success)),
            json!(minute(status.data_timestamp)),
            json!(status.live),
            json!(checks(report)),
            json!(next(report, now)),
            json!(open_gaps(report)),
            json!(if report.approved_by.is_some() { "yes" } else { "no" }),
        ]);
    }
    list.show(Format::Table, "")?;
    let count = |of: fn(&SourceReport) -> bool| reports.iter().filter(|report| of(report)).count();
    say(format!(
        "\n{} of {} sources are ok; {} with an open gap; {} records are not approved.",
        count(|report| report.status.state == SourceState::Ok),
        reports.len(),
        count(|report| !report.open_gaps.is_empty() || report.gap_not_yet_found),
        count(|report| report.approved_by.is_none()),
    ))?;
    for report in reports.iter().filter(|report| report.status.state != SourceState::Ok) {
        let status = &report.status;
        say(format!("{} {}: {}", output::notice("!"), status.source, status.state.word()))?;
        output::paragraph(4, &status.why)?;
    }
    Ok(())
}

/// Statements of the provider that agreed, of those checked; how many sentences are owed.
fn checks(report: &SourceReport) -> String {
    let agreed = report.checks.iter().filter(|check| check.agrees).count();
    match (report.checks.len(), report.owed.len()) {
        (0, 0) => "–".to_owned(),
        (0, owed) => format!("{owed} owed"),
        (checked, 0) => format!("{agreed}/{checked}"),
        (checked, owed) => format!("{agreed}/{checked}, {owed} owed"),
    }
}

fn next(report: &SourceReport, now: Timestamp) -> String {
    match report.next_due {
        None => "–".to_owned(),
        Some(due) if due > now => format!("in {}", length(due.duration_since(now))),
        Some(_) if report.status.last_success.is_none() => "now".to_owned(),
        Some(due) => match now.duration_since(due) {
            late if late.as_mins() == 0 => "now".to_owned(),
            late => format!("{} late", length(late)),
        },
    }
}

fn open_gaps(report: &SourceReport) -> String {
    let mut gaps: Vec<String> = report.open_gaps.iter().map(ToString::to_string).collect();
    if report.gap_not_yet_found {
        gaps.push("new".to_owned());
    }
    if gaps.is_empty() { "–".to_owned() } else { gaps.join(", ") }
}
