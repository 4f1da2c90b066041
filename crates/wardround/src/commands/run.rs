//! `run`, `run list`, `run show`.

use anyhow::{Context as _, Result};
use app::pipeline;
use app::run::RunReport;
use domain::model::journal::Change;
use domain::model::run::{Run, RunId};
use domain::model::source::{Family, SourceId, SourceState};
use serde_json::json;

use crate::cli;
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::progress::Progress;

/// Carries out a run, or shows past ones.
pub(crate) fn run(context: &Context, arguments: cli::Run) -> Result<()> {
    match arguments.verb {
        Some(cli::RunVerb::List) => list(context),
        Some(cli::RunVerb::Show { run }) => show(context, &run),
        None => go(context, arguments.sync),
    }
}

fn go(context: &Context, sync: bool) -> Result<()> {
    let mut workspace = context.write()?;
    let report = if sync {
        let mut progress = Progress::new(context.quiet);
        let mut hear =
            |source: &SourceId, done: u64, of: Option<u64>, what: &str| progress.hear(source, done, of, what);
        let turn = pipeline::turn(&mut workspace, &mut hear)?;
        drop(progress);
        if context.format == Format::Table {
            super::source::show_reports(context, &turn.syncs)?;
            say("")?;
        }
        turn.run
    } else {
        app::run::run(&mut workspace)?
    };
    if context.format != Format::Table {
        return output::value(&report.run, context.format);
    }
    tell(&report)
}

fn tell(report: &RunReport) -> Result<()> {
    let run = &report.run;
    say(output::heading(&format!(
        "{}, {} of {} distinct components looked at",
        run.id, report.evaluated.0, report.evaluated.1
    )))?;
    outcomes(run)?;
    if report.changes.is_empty() {
        say("\nNothing changed.")?;
    } else {
        say(format!("\nChanges: {}", counts(run)))?;
        for change in report.changes.iter().take(30) {
            say(format!("  {}", told(change)))?;
        }
        if report.changes.len() > 30 {
            say(format!("  and {} more: wardround finding list", report.changes.len() - 30))?;
        }
    }
    Ok(())
}

fn counts(run: &Run) -> String {
    let words: Vec<String> =
        run.change_counts.iter().map(|(kind, count)| format!("{count} {}", kind.replace('_', " "))).collect();
    if words.is_empty() { "nothing changed".to_owned() } else { words.join(", ") }
}

/// One line on a change.
pub(crate) fn told(change: &Change) -> String {
    match change {
        Change::Appeared { finding } => format!(
            "{} {} in {} of {}",
            finding.id, finding.matched.vulnerability, finding.component_label, finding.release
        ),
        Change::Changed { finding, what } => {
            format!("{} {}: {}", finding.id, finding.matched.vulnerability, what.join("; "))
        }
        Change::Gone { finding, why } => format!("{finding} gone: {why}"),
        Change::Returned { finding } => {
            format!("{} {} is back in {}", finding.id, finding.matched.vulnerability, finding.release)
        }
        Change::Reopened { finding, reason, detail } => format!("{finding} reopened: {} ({detail})", reason.sentence()),
        Change::CandidateAppeared { release, component_label, matched, .. } => {
            format!("candidate {} for {component_label} of {release}", matched.vulnerability)
        }
        Change::CandidateGone { release, vulnerability, .. } => format!("candidate {vulnerability} of {release} gone"),
    }
}

/// What could and could not be assessed: nothing is skipped in silence.
fn outcomes(run: &Run) -> Result<()> {
    let mut list = List::new(&["release", "family", "matched", "no match", "not assessable", "source unavailable"]);
    for release in &run.releases {
        for family in Family::MATCHED {
            if let Some(totals) = release.totals.get(&family) {
                list.row([
                    json!(release.release),
                    json!(family),
                    json!(totals.matched),
                    json!(totals.assessed_no_match),
                    json!(totals.not_assessable),
                    json!(totals.source_unavailable),
                ]);
            }
        }
    }
    list.show(Format::Table, "No release has an SBOM.")?;
    for release in run.releases.iter().filter(|release| release.unidentified > 0) {
        say(format!(
            "{} {}: {} of {} components cannot be identified by any source (wardround component unidentified)",
            output::notice("!"),
            release.release,
            release.unidentified,
            release.components
        ))?;
    }
    for source in run.sources.iter().filter(|source| source.state != SourceState::Ok) {
        say(format!("{} {} is {}: {}", output::notice("!"), source.source, source.state.word(), source.why))?;
    }
    Ok(())
}

fn list(context: &Context) -> Result<()> {
    let workspace = context.read()?;
    let mut list = List::new(&["run", "finished", "releases", "matcher", "knowledge", "changes"]);
    for run in workspace.records.runs(100)? {
        let run = run.value;
        list.row([
            json!(run.id.to_string()),
            super::source::moment(Some(run.finished)),
            json!(run.releases.len()),
            json!(run.matcher),
            json!(run.knowledge.short()),
            json!(counts(&run)),
        ]);
    }
    list.show(context.format, "No run has taken place yet: wardround run")
}

fn show(context: &Context, number: &str) -> Result<()> {
    let workspace = context.read()?;
    let id = RunId(
        number
            .trim_start_matches("RUN-")
            .parse()
            .with_context(|| format!("read {number:?} as a run: a number is needed, as in RUN-7"))?,
    );
    let run = workspace.records.run(id)?.with_context(|| format!("find {id}: there is no such run"))?.value;
    if context.format != Format::Table {
        return output::value(&run, context.format);
    }
    say(output::heading(&format!("{id}, {}", run.finished)))?;
    outcomes(&run)?;
    say(format!("\nChanges: {}", counts(&run)))?;
    let changes: Vec<Change> = workspace.read_json(&run.changes)?;
    for change in &changes {
        say(format!("  {}", told(change)))?;
    }
    Ok(())
}
