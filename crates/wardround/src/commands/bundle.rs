//! `source bundle export`, `import`.

use std::process::ExitCode;

use anyhow::Result;
use app::bundle::{self, Imported, NewExport, NewImport, SourceImport};
use domain::model::source::{FetchOutcome, SourceId};
use serde_json::{Value, json};

use super::source::moment;
use crate::cli::bundle::{Bundle, after};
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::progress::Progress;
use crate::{exit, passphrase};

/// Carries out a verb.
pub(crate) fn bundle(context: &Context, verb: Bundle) -> Result<ExitCode> {
    match verb {
        Bundle::Export { file, since, after: last, sources } => {
            let sources = crate::cli::sources(&sources);
            let new = NewExport { file: &file, after: after(since, last), sources: &sources };
            export(context, &new).map(|()| ExitCode::SUCCESS)
        }
        Bundle::Import { file, key, allow_gap, user } => {
            let new = NewImport { file: &file, key: key.as_deref(), allow_gap: allow_gap.as_deref() };
            import(context, &new, &user)
        }
    }
}

fn export(context: &Context, new: &NewExport<'_>) -> Result<()> {
    let mut workspace = context.write()?;
    let mut progress = Progress::new(context.quiet);
    let name = SourceId("bundle".to_owned());
    let exported = bundle::export(&mut workspace, new, app::PROGRAM, &mut |done, total| {
        progress.hear(&name, done, Some(total), "objects");
    })?;
    drop(progress);
    if context.format != Format::Table {
        let (first, end) = exported.entries;
        let value = json!({
            "file": new.file,
            "manifest": exported.manifest,
            "first_entry": first,
            "last_entry": end.saturating_sub(1),
            "fetches": exported.fetches,
            "objects": exported.objects,
            "bytes": exported.bytes,
            "tlp": exported.tlp,
        });
        return output::value(&value, context.format);
    }
    let fetches: u64 = exported.fetches.values().sum();
    say(format!(
        "{}: {} of {} from journal entries {} to {}, {} with {} bytes, {}.",
        new.file.display(),
        counted(fetches, "fetch", "fetches"),
        counted(exported.fetches.len() as u64, "source", "sources"),
        exported.entries.0,
        exported.entries.1.saturating_sub(1),
        counted(exported.objects, "object", "objects"),
        exported.bytes,
        exported.tlp,
    ))?;
    let key = context.dir.join("keys/journal.pub");
    say(output::faint(&format!(
        "The other side imports it with `wardround source bundle import`; the first time it needs {}, by another way than the bundle.",
        key.display()
    )))
}

fn import(context: &Context, new: &NewImport<'_>, user: &str) -> Result<ExitCode> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let mut progress = Progress::new(context.quiet);
    let imported = bundle::import(&mut workspace, &actor, new, &mut |source, done, of, what| {
        progress.hear(source, done, of, what);
    })?;
    drop(progress);
    show(context, &imported)?;
    let good = |source: &SourceImport| source.last.as_ref().is_none_or(|last| last.outcome == FetchOutcome::Ok);
    Ok(if imported.sources.iter().all(good) { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}

fn show(context: &Context, imported: &Imported) -> Result<()> {
    let mut table = List::new(&[
        "source",
        "imported",
        "present",
        "outcome",
        "new",
        "changed",
        "withdrawn",
        "live",
        "fetched until",
    ]);
    for source in &imported.sources {
        let last = source.last.as_ref();
        table.row([
            json!(source.source),
            json!(source.imported),
            json!(source.present),
            source.left_out.as_ref().map_or_else(|| json!(last.map(|last| last.outcome)), |_| json!("left out")),
            last.map_or(Value::Null, |_| json!(source.brought.new)),
            last.map_or(Value::Null, |_| json!(source.brought.changed)),
            last.map_or(Value::Null, |_| json!(source.brought.withdrawn)),
            json!(last.map(|last| last.live)),
            moment(last.map(|last| last.finished)),
        ]);
    }
    if context.format != Format::Table {
        return table.show(context.format, "");
    }
    say(format!(
        "Bundle of {} ({}), exported {}: signature, proofs and all digests hold.",
        imported.origin,
        imported.organisation,
        imported.exported.strftime("%Y-%m-%d %H:%M UTC")
    ))?;
    table.show(context.format, "")?;
    imported.sources.iter().try_for_each(notes)?;
    for hole in &imported.holes {
        say(format!(
            "{} {}: fetches up to entry {} of the other journal stay missing: {}",
            output::notice("!"),
            hole.source,
            hole.missing,
            hole.reason
        ))?;
    }
    if imported.changed { Ok(()) } else { say("Everything in it was here already; nothing was changed.") }
}

fn notes(source: &SourceImport) -> Result<()> {
    let note = |words: String| say(format!("{} {}: {words}", output::notice("!"), source.source));
    if let Some(why) = &source.left_out {
        note(format!("left out: {why}"))?;
    }
    if !source.late.is_empty() {
        let late: Vec<String> = source.late.iter().map(ToString::to_string).collect();
        note(format!("came too late, later fetches were imported before: entries {}", late.join(", ")))?;
    }
    let Some(last) = &source.last else { return Ok(()) };
    last.owed.iter().try_for_each(|owed| note(owed.clone()))
}

fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
