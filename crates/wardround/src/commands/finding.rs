//! `finding list`, `show`, `explain`, `assess`, `approve`, `candidates`.

use anyhow::Result;
use app::evidence::page::{moment, score};
use app::{assess, explain};
use domain::assess::work::WorkState;
use domain::model::assessment::{Justification, Status};
use domain::model::finding::{FindingId, Reason};
use serde_json::{Value, json};
use store::records::{FindingFilter, FindingHistory, FindingRow};

use crate::cli::{self, Finding};
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::passphrase;

/// Carries out a verb.
pub(crate) fn finding(context: &Context, verb: Finding) -> Result<()> {
    match verb {
        Finding::List(arguments) => list(context, arguments),
        Finding::Show { finding } => show(context, finding),
        Finding::Explain { finding, raw } => explain(context, finding, raw),
        Finding::Assess(arguments) => judge(context, &arguments),
        Finding::Approve { findings, user } => approve(context, &findings, &user),
        Finding::Candidates => candidates(context),
    }
}

fn list(context: &Context, arguments: cli::FindingList) -> Result<()> {
    let workspace = context.read()?;
    let mut states: Vec<WorkState> = arguments.states.into_iter().map(state).collect();
    if states.is_empty() {
        states = WorkState::ALL.into_iter().filter(|state| *state != WorkState::Gone).collect();
    }
    let filter = FindingFilter {
        release: arguments.release,
        product: arguments.product,
        states,
        vulnerability: arguments.vulnerability,
        min_score_tenths: arguments.min_score.map(tenths),
        known_exploited: arguments.known_exploited,
        ..FindingFilter::default()
    };
    let mut list = List::new(&[
        "finding",
        "state",
        "score",
        "known exploited",
        "epss",
        "vulnerability",
        "component",
        "release",
        "title",
    ]);
    for row in workspace.records.findings(&filter)? {
        let epss =
            workspace.knowledge.epss(&row.vulnerability).map_or(row.epss_millionths, |epss| Some(epss.probability));
        list.row(columns(&row, epss, context.format));
    }
    list.show(context.format, "No finding.")?;
    if context.format == Format::Table && list.len() > 0 {
        say(output::faint(&format!("{} findings. Why one is one: wardround finding explain F-NUMBER", list.len())))?;
    }
    Ok(())
}

fn columns(row: &FindingRow, epss: Option<u32>, format: Format) -> [Value; 9] {
    let table = format == Format::Table;
    [
        json!(row.id.to_string()),
        json!(row.state.word()),
        if table {
            json!(score(row.score_tenths))
        } else {
            json!(row.score_tenths.map(|tenths| f64::from(tenths) / 10.0))
        },
        json!(row.known_exploited),
        epss.map_or(Value::Null, |millionths| json!(format!("{:.1} %", f64::from(millionths) / 10_000.0))),
        json!(row.vulnerability),
        json!(row.component_label),
        json!(row.release),
        json!(if table { row.title.chars().take(60).collect::<String>() } else { row.title.clone() }),
    ]
}

/// A score in tenths; what a person types is rounded.
pub(super) fn tenths(score: f64) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100")]
    {
        (score * 10.0).round().clamp(0.0, 100.0) as u8
    }
}

fn state(state: cli::State) -> WorkState {
    match state {
        cli::State::Reopened => WorkState::Reopened,
        cli::State::New => WorkState::New,
        cli::State::AwaitingApproval => WorkState::AwaitingApproval,
        cli::State::UnderInvestigation => WorkState::UnderInvestigation,
        cli::State::Affected => WorkState::Affected,
        cli::State::NotAffected => WorkState::NotAffected,
        cli::State::Fixed => WorkState::Fixed,
        cli::State::Gone => WorkState::Gone,
    }
}

fn show(context: &Context, id: FindingId) -> Result<()> {
    let workspace = context.read()?;
    let history = explain::finding(&workspace, id)?;
    if context.format != Format::Table {
        return output::value(&document(&history), context.format);
    }
    head(&history)?;
    say(output::heading("\nHistory"))?;
    for change in &history.changes {
        say(format!("  {}: {} {}", change.run, change.kind.replace('_', " "), change.detail.join("; ")))?;
    }
    for reopening in &history.reopenings {
        say(format!("  {}: reopened, {} ({})", moment(reopening.at), reopening.reason.sentence(), reopening.detail))?;
    }
    for assessment in &history.assessments {
        let judged = &assessment.value;
        say(format!("  {}: {} by {}: {}", moment(judged.at), judged.status.word(), judged.by, judged.rationale))?;
        if let Some(approval) = &judged.approval {
            say(format!("  {}: approved by {}", moment(approval.at), approval.by))?;
        }
    }
    Ok(())
}

fn document(history: &FindingHistory) -> Value {
    json!({
        "finding": history.row.id.to_string(),
        "state": history.row.state.word(),
        "release": history.row.release,
        "component": history.row.component_label,
        "match": history.matched,
        "assessments": history.assessments.iter().map(|assessment| &assessment.value).collect::<Vec<_>>(),
        "reopenings": history.reopenings.iter().map(|reopening| json!({"at": reopening.at, "reason": reopening.reason, "detail": reopening.detail})).collect::<Vec<_>>(),
    })
}

fn head(history: &FindingHistory) -> Result<()> {
    let row = &history.row;
    say(output::heading(&format!("{} · {} in {} of {}", row.id, row.vulnerability, row.component_label, row.release)))?;
    say(&row.title)?;
    let exploited = row
        .known_exploited
        .as_ref()
        .map(|since| format!(", {}", output::bad(&format!("known exploited since {since}"))))
        .unwrap_or_default();
    say(format!("{}, {}{exploited}", row.state.word().replace('_', " "), score(row.score_tenths)))?;
    if let Some(why) = &row.gone_why {
        say(format!("gone: {why}"))?;
    }
    say(output::faint(&format!("names: {}", history.matched.aliases.join(", "))))
}

fn explain(context: &Context, id: FindingId, raw: bool) -> Result<()> {
    let workspace = context.read()?;
    let explained = explain::explain(&workspace, id)?;
    if context.format != Format::Table {
        let mut value = document(&explained.history);
        value["now"] = serde_json::to_value(&explained.now)?;
        return output::value(&value, context.format);
    }
    head(&explained.history)?;
    say(output::heading("\nWhy"))?;
    for reason in &explained.history.matched.reasons {
        tell(reason)?;
        if raw {
            let bytes = explain::record_bytes(&workspace, reason)?;
            say(output::faint(&String::from_utf8_lossy(&bytes)))?;
        }
    }
    if !explained.history.matched.dissent.is_empty() {
        say(output::heading("\nWho says otherwise"))?;
        for reason in &explained.history.matched.dissent {
            tell(reason)?;
        }
    }
    say(output::heading("\nWhat the knowledge says today"))?;
    say(&explained.now)
}

fn tell(reason: &Reason) -> Result<()> {
    let version = if reason.version.is_empty() { "version unknown" } else { &reason.version };
    say(format!(
        "  {} says {} is affected: {}",
        output::heading(&format!("{} {}", reason.source, reason.record)),
        reason.key,
        reason.range
    ))?;
    say(format!("    component   {}", reason.identity))?;
    say(format!("    compared    {version} against {} by {} order", reason.range, reason.order))?;
    say(format!("    fix         {}", reason.fix.0))?;
    say(format!("    confidence  {}, rule {}", reason.confidence.word(), reason.rule))?;
    say(output::faint(&format!("    record      revision {} at {}", reason.revision.short(), reason.place)))?;
    for note in &reason.notes {
        say(format!("    note        {note}"))?;
    }
    Ok(())
}

fn judge(context: &Context, arguments: &cli::Assess) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = assess::authenticate(&workspace, &arguments.user, &passphrase::of(&arguments.user)?)?;
    for finding in &arguments.findings {
        let assessment = assess::judge(&mut workspace, &actor, *finding, status(arguments), &arguments.rationale)?;
        let waits =
            if assessment.status.needs_second_person() { "; it counts once a second person approves it" } else { "" };
        say(format!("{finding}: {}{waits}", assessment.status.word()))?;
    }
    Ok(())
}

fn status(arguments: &cli::Assess) -> Status {
    match arguments.status {
        cli::Status::UnderInvestigation => Status::UnderInvestigation,
        cli::Status::Affected => Status::Affected { action: arguments.action.clone().unwrap_or_default() },
        cli::Status::NotAffected => Status::NotAffected {
            justification: justification(
                arguments.justification.unwrap_or(cli::Justification::VulnerableCodeNotInExecutePath),
            ),
            impact: arguments.impact.clone(),
        },
        cli::Status::Fixed => Status::Fixed,
    }
}

fn justification(justification: cli::Justification) -> Justification {
    match justification {
        cli::Justification::ComponentNotPresent => Justification::ComponentNotPresent,
        cli::Justification::VulnerableCodeNotPresent => Justification::VulnerableCodeNotPresent,
        cli::Justification::VulnerableCodeNotInExecutePath => Justification::VulnerableCodeNotInExecutePath,
        cli::Justification::VulnerableCodeCannotBeControlledByAdversary => {
            Justification::VulnerableCodeCannotBeControlledByAdversary
        }
        cli::Justification::InlineMitigationsAlreadyExist => Justification::InlineMitigationsAlreadyExist,
    }
}

fn approve(context: &Context, findings: &[FindingId], user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    for finding in findings {
        assess::approve(&mut workspace, &actor, *finding)?;
        say(format!("{finding}: approved by {user}"))?;
    }
    Ok(())
}

fn candidates(context: &Context) -> Result<()> {
    let workspace = context.read()?;
    let mut list = List::new(&["release", "component", "vulnerability", "confidence", "score", "why"]);
    for row in workspace.records.releases(None)? {
        for candidate in workspace.records.candidates(&row.release)? {
            let why = candidate.matched.reasons.first().map(|reason| {
                let notes = reason.notes.join("; ");
                format!(
                    "{} {}: {}{}",
                    reason.source,
                    reason.record,
                    reason.range,
                    if notes.is_empty() { String::new() } else { format!("; {notes}") }
                )
            });
            list.row([
                json!(candidate.release),
                json!(candidate.component_label),
                json!(candidate.matched.vulnerability),
                json!(candidate.matched.confidence.word()),
                json!(score(candidate.matched.score_tenths)),
                json!(why),
            ]);
        }
    }
    list.show(context.format, "No candidate.")
}
