//! `journal log`, `show`, `verify`, `head`, `key`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use store::records::EntryFilter;

use crate::cli::Journal;
use crate::context::Context;
use crate::exit;
use crate::output::{self, List, say};

/// Carries out a verb.
pub(crate) fn journal(context: &Context, verb: Journal) -> Result<ExitCode> {
    let workspace = context.read()?;
    match verb {
        Journal::Log { limit } => {
            let mut list = List::new(&["entry", "at", "actor", "event", "about"]);
            let filter = EntryFilter { newest_first: true, limit: Some(limit), ..EntryFilter::default() };
            for entry in workspace.records.entries(&filter)? {
                let about = about(&serde_json::to_value(&entry.event)?);
                list.row([
                    json!(entry.seq),
                    super::source::moment(Some(entry.at)),
                    json!(entry.actor),
                    json!(entry.event.kind()),
                    json!(about),
                ]);
            }
            list.show(context.format, "The journal is empty.")?;
        }
        Journal::Show { entry } => {
            let entry = workspace
                .records
                .entry(entry)?
                .with_context(|| format!("show entry {entry}: the journal has no such entry"))?;
            output::value(&entry, context.format)?;
        }
        Journal::Verify { key, kept } => return verify(&workspace, key, &kept),
        Journal::Head => say(workspace.records.head()?.unwrap_or_default().trim_end())?,
        Journal::Key => say(workspace.records.verifier_key())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What an entry is about, from the fields that name it.
fn about(event: &Value) -> String {
    let fields = [
        "release",
        "finding",
        "review",
        "report",
        "watch",
        "source",
        "number",
        "id",
        "name",
        "organisation",
        "about",
        "title",
        "supplier",
        "origin",
    ];
    let nested = event.get("fetch").unwrap_or(event);
    // Of a verifier key the name is enough.
    let word = |text: &str| {
        text.split_once('+').filter(|(_, key)| key.contains('+')).map_or(text, |(name, _)| name).to_owned()
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), word);
    let found: Vec<String> = fields
        .iter()
        .filter_map(|field| nested.get(field))
        .filter(|value| value.is_string() || value.is_number())
        .map(text)
        .collect();
    found.into_iter().take(2).collect::<Vec<_>>().join(" ")
}

fn verify(workspace: &app::Workspace, key: Option<PathBuf>, kept: &[PathBuf]) -> Result<ExitCode> {
    let path = key.unwrap_or_else(|| workspace.dir.join("keys/journal.pub"));
    let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let key = text.trim().parse().with_context(|| format!("read the public key {}", path.display()))?;
    let read = |path: &PathBuf| std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()));
    let kept: Vec<String> = kept.iter().map(read).collect::<Result<_>>()?;
    let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
    let report = workspace.records.verify(&workspace.archive, &key, &kept)?;
    say(format!(
        "{} entries, {} signed heads, {} heads kept elsewhere, {} archived objects, {} rows of {} tables compared by replay",
        report.entries, report.heads, report.kept_heads, report.blobs, report.rows, report.tables
    ))?;
    for problem in &report.problems {
        say(format!("{} {problem}", output::bad("problem")))?;
    }
    if report.is_sound() {
        say(output::good("The journal is sound, and the tables are what it says."))?;
        return Ok(ExitCode::SUCCESS);
    }
    say(output::bad(&format!("{} problems", report.problem_count)))?;
    Ok(exit::NEGATIVE.into())
}
