//! `knowledge status`, `list`, `show`, `epss`, `rebuild`.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use app::rebuild::{self, Rebuilt};
use domain::model::source::SourceId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::Knowledge;
use crate::context::Context;
use crate::exit;
use crate::output::{self, Format, List, say};
use crate::progress::Progress;

/// Carries out a verb.
pub(crate) fn knowledge(context: &Context, verb: Knowledge) -> Result<ExitCode> {
    match verb {
        Knowledge::Status => status(context).map(|()| ExitCode::SUCCESS),
        Knowledge::List { source } => list(context, &source).map(|()| ExitCode::SUCCESS),
        Knowledge::Show { id } => show(context, &id).map(|()| ExitCode::SUCCESS),
        Knowledge::Epss { cve, since } => epss(context, &cve, since).map(|()| ExitCode::SUCCESS),
        Knowledge::Rebuild { as_of, into } => rebuild(context, as_of, into.as_deref()),
    }
}

fn status(context: &Context) -> Result<()> {
    let workspace = context.read()?;
    let mut list = List::new(&["source", "family", "live", "records", "newest"]);
    for totals in workspace.knowledge.sources() {
        list.row([
            json!(totals.source),
            json!(totals.family),
            json!(totals.live),
            json!(totals.total),
            super::source::moment(totals.newest),
        ]);
    }
    list.show(context.format, "Nothing is known yet: wardround source sync --all")?;
    if context.format == Format::Table {
        if let Some(edition) = workspace.knowledge.epss_edition() {
            say(format!("EPSS of {}, model {}, {} CVEs", edition.date, edition.model, edition.rows))?;
        }
        say(format!("digest {}", workspace.knowledge.digest()))?;
    }
    Ok(())
}

fn list(context: &Context, source: &str) -> Result<()> {
    let workspace = context.read()?;
    let source = SourceId(source.to_owned());
    let live = |id: &String| workspace.knowledge.current(&source, id).is_some_and(|record| record.live);
    let mut ids: Vec<String> = workspace.knowledge.ids(&source).filter(live).collect();
    ids.sort();
    if context.format != Format::Table {
        return output::value(&ids, context.format);
    }
    ids.iter().try_for_each(say)
}

fn show(context: &Context, id: &str) -> Result<()> {
    let workspace = context.read()?;
    let advisories = workspace.knowledge.by_id(id);
    if context.format != Format::Table {
        return output::value(&advisories, context.format);
    }
    if advisories.is_empty() {
        return say(format!("No source has a record of {id}."));
    }
    for advisory in advisories {
        say(output::heading(&format!("{} · {}", advisory.source, advisory.id)))?;
        if !advisory.state.is_live() {
            say(output::notice(&format!("{:?}", advisory.state)))?;
        }
        say(&advisory.title)?;
        say(output::faint(&format!(
            "revision {}, changed {}; also {}",
            advisory.revision.short(),
            advisory.modified.map_or_else(|| "at an unknown time".to_owned(), |at| at.to_string()),
            if advisory.aliases.is_empty() { "nothing".to_owned() } else { advisory.aliases.join(", ") }
        )))?;
        for score in &advisory.scores {
            say(format!("  {}.{} {} by {}", score.tenths / 10, score.tenths % 10, score.vector, score.by))?;
        }
        for affected in advisory.affected.iter().take(20) {
            say(format!(
                "  {}: {:?}, {} ranges, {} versions by name",
                affected.place,
                affected.target,
                affected.rules.len(),
                affected.exact.len()
            ))?;
        }
        if advisory.affected.len() > 20 {
            say(format!("  and {} more statements", advisory.affected.len() - 20))?;
        }
        say("")?;
    }
    Ok(())
}

fn epss(context: &Context, cve: &str, since: Option<Date>) -> Result<()> {
    let workspace = context.read()?;
    let mut list = List::new(&["date", "model", "probability", "percentile"]);
    let mut unread = Vec::new();
    app::scores::history(&workspace, cve, since, &mut |point| {
        match point {
            Ok(point) => {
                let (probability, percentile) = point.score.map_or((None, None), |(score, rank)| (Some(score), rank));
                list.row([json!(point.date), json!(point.model), millionths(probability), millionths(percentile)]);
            }
            Err(reason) => unread.push(reason),
        }
        ControlFlow::Continue(())
    })?;
    list.show(context.format, "No table of scores is in the archive: wardround source sync epss")?;
    if context.format == Format::Table {
        for reason in unread {
            say(output::notice(&reason))?;
        }
    }
    Ok(())
}

/// A fraction; nothing where a table has no row for the CVE, or no such column.
fn millionths(value: Option<u32>) -> Value {
    value.map_or(Value::Null, |value| json!(f64::from(value) / 1_000_000.0))
}

fn rebuild(context: &Context, as_of: Option<Timestamp>, into: Option<&Path>) -> Result<ExitCode> {
    let mut progress = Progress::new(context.quiet);
    let mut hear = |done: u64, of: u64, source: &_| progress.hear(source, done, Some(of), "fetches replayed");
    let rebuilt = match into {
        Some(folder) => rebuild::into(&context.read()?, folder, as_of, &mut hear)?,
        None => rebuild::in_place(&mut context.write()?, &mut hear)?,
    };
    drop(progress);
    report(&rebuilt)?;
    Ok(if rebuilt.agrees() { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}

fn report(rebuilt: &Rebuilt) -> Result<()> {
    say(format!("{} fetches were replayed from the archive.", rebuilt.fetches))?;
    for (source, live) in &rebuilt.live {
        say(format!("  {source}: {live} live"))?;
    }
    match rebuilt.journal {
        _ if rebuilt.agrees() => {
            say(format!("{} The digest is the one that the journal states: {}", output::good("ok"), rebuilt.digest))
        }
        Some(journal) => say(format!(
            "{} The digest is {}, the journal states {journal}: this program reads some records otherwise.",
            output::bad("differs"),
            rebuilt.digest
        )),
        None => Ok(()),
    }
}
