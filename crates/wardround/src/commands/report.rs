//! `report add`, `list`, `show`, `move`, `close`.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use app::report::{self, NewReport, NewStep};
use domain::model::report::{ReportId, ReportState, ReportStep};
use domain::monitor::intake::Standing;
use jiff::Timestamp;
use serde_json::json;
use store::records::{FindingRow, Recorded, ReportRow};

use super::source::moment;
use crate::cli::report::{Add, Move, Report};
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::{exit, passphrase};

/// Carries out a verb.
pub(crate) fn report(context: &Context, verb: Report) -> Result<ExitCode> {
    match verb {
        Report::Add(arguments) => add(context, arguments).map(|()| ExitCode::SUCCESS),
        Report::List { open, overdue } => list(context, open, overdue),
        Report::Show { report } => show(context, report).map(|()| ExitCode::SUCCESS),
        Report::Move(arguments) => step(context, &arguments).map(|()| ExitCode::SUCCESS),
        Report::Close { report, reason, user } => {
            let new = NewStep { state: Some(ReportState::Closed), note: &reason, ..NewStep::default() };
            record(context, report, &new, &user).map(|()| ExitCode::SUCCESS)
        }
    }
}

fn add(context: &Context, arguments: Add) -> Result<()> {
    let text = match arguments.words.or(arguments.text).as_deref() {
        Some("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("read the report from standard input")?;
            text
        }
        text => text.unwrap_or_default().to_owned(),
    };
    let new = NewReport {
        channel: arguments.channel.into(),
        from: &arguments.from,
        title: &arguments.title,
        text: &text,
        aware: arguments.aware,
        owner: arguments.owner.as_deref(),
        tlp: arguments.tlp,
        releases: &arguments.releases,
        files: &arguments.files,
    };
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, &arguments.user, &passphrase::of(&arguments.user)?)?;
    let added = report::add(&mut workspace, &actor, &new)?;
    let mentions = if added.mentions.is_empty() {
        "It names no vulnerability.".to_owned()
    } else {
        format!("It names {}.", added.mentions.join(", "))
    };
    say(format!("{}, {}, known since {}, owner {}. {mentions}", added.id, added.tlp, minute(added.aware), added.owner))
}

fn list(context: &Context, open: bool, overdue: bool) -> Result<ExitCode> {
    let workspace = context.read()?;
    let now = workspace.now();
    let mut rows: Vec<(ReportRow, Standing)> =
        workspace.records.reports()?.into_iter().map(|row| (row.standing(), row)).map(|(a, b)| (b, a)).collect();
    let any_overdue = rows.iter().any(|(_, standing)| standing.overdue(now).is_some());
    rows.retain(|(_, standing)| (!open || standing.closed.is_none()) && (!overdue || standing.overdue(now).is_some()));
    rows.sort_by_key(|(row, standing)| {
        (standing.overdue(now).is_none(), standing.closed.is_some(), standing.aware, row.report.value.id)
    });
    let columns =
        ["report", "channel", "title", "state", "owner", "tlp", "aware since", "age", "without step", "overdue"];
    let mut list = List::new(&columns);
    for (row, standing) in &rows {
        let is_open = standing.closed.is_none();
        list.row([
            json!(row.report.value.id.to_string()),
            json!(row.report.value.channel.word()),
            json!(row.report.value.title),
            json!(standing.state.word()),
            json!(standing.owner),
            json!(standing.tlp.to_string()),
            moment(Some(standing.aware)),
            days(context.format, is_open.then(|| standing.age_days(now))),
            days(context.format, is_open.then(|| standing.silent_days(now))),
            json!(standing.overdue(now)),
        ]);
    }
    list.show(context.format, "No such report has been entered.")?;
    Ok(if any_overdue { exit::NEGATIVE.into() } else { ExitCode::SUCCESS })
}

/// Days: a number for programs, words for people; nothing for what is closed.
fn days(format: Format, days: Option<i64>) -> serde_json::Value {
    match (format, days) {
        (Format::Table, Some(1)) => json!("1 day"),
        (Format::Table, Some(days)) => json!(format!("{days} days")),
        (_, days) => json!(days),
    }
}

fn show(context: &Context, id: ReportId) -> Result<()> {
    let workspace = context.read()?;
    let row = report::find(&workspace, id)?;
    let portfolio = report::portfolio(&workspace, &row)?;
    let now = workspace.now();
    if context.format != Format::Table {
        return output::value(&as_json(&row, &portfolio, now), context.format);
    }
    let (report, standing) = (&row.report.value, row.standing());
    say(output::heading(&format!("{} {}", report.id, report.title)))?;
    say(format!("{}, {}, from {}", standing.tlp, report.channel.word(), report.from))?;
    let age = if standing.closed.is_some() { String::new() } else { format!(", {} days ago", standing.age_days(now)) };
    say(format!(
        "known since {}{age}; entered {} by {}",
        minute(standing.aware),
        minute(row.report.at),
        row.report.actor
    ))?;
    say(format!("state: {}; owner: {}", standing.state.word(), standing.owner))?;
    if let Some(why) = standing.overdue(now) {
        say(format!("{} {why}", output::notice("overdue:")))?;
    }
    let releases: Vec<String> = standing.releases.iter().map(ToString::to_string).collect();
    say(format!("releases: {}", if releases.is_empty() { "not known yet".to_owned() } else { releases.join(", ") }))?;
    if !report.text.is_empty() {
        say(format!("\n{}", report.text))?;
    }
    files(&report.files)?;
    say(output::heading("\nHistory"))?;
    say(format!("  {}  {}  received", minute(row.report.at), row.report.actor))?;
    row.steps.iter().try_for_each(told)?;
    say(output::heading("\nVulnerabilities it names"))?;
    if portfolio.is_empty() {
        say("  none")?;
    }
    portfolio.iter().try_for_each(|(name, findings)| known(name, findings))
}

/// A step, as a line of the history.
fn told(step: &Recorded<ReportStep>) -> Result<()> {
    let Recorded { at, actor, value, .. } = step;
    let mut words = value.state.word().to_owned();
    let mut add = |what: String| words = format!("{words}; {what}");
    value.owner.iter().for_each(|owner| add(format!("owner: {owner}")));
    if let Some(releases) = &value.releases {
        let releases: Vec<String> = releases.iter().map(ToString::to_string).collect();
        add(format!("about {}", releases.join(", ")));
    }
    if !value.vulnerabilities.is_empty() {
        add(format!("it is {}", value.vulnerabilities.join(", ")));
    }
    value.aware.iter().for_each(|aware| add(format!("known since {}, corrected", minute(*aware))));
    value.tlp.iter().for_each(|tlp| add(format!("mark {tlp}, corrected")));
    say(format!("  {}  {actor}  {words}", minute(*at)))?;
    if !value.note.is_empty() {
        say(format!("      {}", value.note))?;
    }
    files(&value.files)
}

fn files(files: &[(String, domain::model::raw::Digest)]) -> Result<()> {
    files
        .iter()
        .try_for_each(|(name, digest)| say(output::faint(&format!("      {name}, archived as {}", digest.short()))))
}

/// A vulnerability and where it is found.
fn known(name: &str, findings: &[FindingRow]) -> Result<()> {
    if findings.is_empty() {
        return say(format!("  {name}: no finding in any release"));
    }
    for row in findings {
        let state = row.state.word().replace('_', " ");
        say(format!("  {name}: {} {} in {}, {state}", row.id, row.component_label, row.release))?;
    }
    Ok(())
}

fn as_json(row: &ReportRow, portfolio: &[(String, Vec<FindingRow>)], now: Timestamp) -> serde_json::Value {
    let standing = row.standing();
    let steps: Vec<_> = row
        .steps
        .iter()
        .map(|step| json!({"entry": step.seq, "at": step.at, "by": step.actor, "step": step.value}))
        .collect();
    let vulnerabilities: Vec<_> = portfolio
        .iter()
        .map(|(name, findings)| {
            let findings: Vec<_> = findings
                .iter()
                .map(|row| {
                    json!({"finding": row.id.to_string(), "release": row.release, "component": row.component_label,
                        "state": row.state.word()})
                })
                .collect();
            json!({"vulnerability": name, "findings": findings})
        })
        .collect();
    json!({
        "report": row.report.value,
        "entry": row.report.seq,
        "entered": row.report.at,
        "by": row.report.actor,
        "state": standing.state.word(),
        "owner": standing.owner,
        "aware": standing.aware,
        "tlp": standing.tlp.to_string(),
        "releases": standing.releases,
        "closed": standing.closed,
        "age_days": standing.age_days(now),
        "days_without_step": standing.silent_days(now),
        "overdue": standing.overdue(now),
        "steps": steps,
        "vulnerabilities": vulnerabilities,
    })
}

fn step(context: &Context, arguments: &Move) -> Result<()> {
    let new = NewStep {
        state: arguments.state.map(Into::into),
        note: &arguments.note,
        owner: arguments.owner.as_deref(),
        vulnerabilities: &arguments.vulnerabilities,
        releases: &arguments.releases,
        files: &arguments.files,
        aware: arguments.aware,
        tlp: arguments.tlp,
    };
    record(context, arguments.report, &new, &arguments.user)
}

fn record(context: &Context, id: ReportId, new: &NewStep<'_>, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let standing = report::step(&mut workspace, &actor, id, new)?.standing();
    say(format!("{id} is {}; {} sees to it.", standing.state.word().replace('_', " "), standing.owner))
}

/// A time for people.
fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
