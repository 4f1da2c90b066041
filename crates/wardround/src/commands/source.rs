//! `source list`, `sync`, `log`, `show`, `accept`.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use app::sync::{self, Selection, SyncReport, status};
use domain::model::journal::Event;
use domain::model::source::{FetchOutcome, SourceId, SourceState};
use serde_json::{Value, json};
use store::records::FetchFilter;

use crate::cli::{self, Source};
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::progress::Progress;
use crate::{exit, passphrase};

/// Carries out a verb.
pub(crate) fn source(context: &Context, verb: Source) -> Result<ExitCode> {
    match verb {
        Source::List => list(context),
        Source::Sync { sources, all, from } => sync(context, &sources, all, from.as_deref()),
        Source::Log { source, limit } => log(context, source, limit).map(|()| ExitCode::SUCCESS),
        Source::Show { entry } => show(context, entry).map(|()| ExitCode::SUCCESS),
        Source::Accept { source, reason, user } => accept(context, &source, &reason, &user).map(|()| ExitCode::SUCCESS),
    }
}

fn list(context: &Context) -> Result<ExitCode> {
    let workspace = context.read()?;
    let statuses = status::all(&workspace, workspace.now())?;
    let mut list = List::new(&["source", "family", "state", "live", "last success", "data from", "why"]);
    for status in &statuses {
        list.row([
            json!(status.source),
            json!(status.family),
            json!(status.state.word()),
            json!(status.live),
            moment(status.last_success),
            moment(status.data_timestamp),
            json!(status.why),
        ]);
    }
    list.show(context.format, "No source is configured.")?;
    let all_fresh = statuses.iter().all(|status| status.state == SourceState::Fresh);
    Ok(if all_fresh { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}

/// A time for tables and programs alike: RFC 3339 in UTC, to the second.
pub(super) fn moment(at: Option<jiff::Timestamp>) -> Value {
    at.map_or(Value::Null, |at| json!(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
}

fn sync(context: &Context, names: &[String], all: bool, from: Option<&std::path::Path>) -> Result<ExitCode> {
    let mut workspace = context.write()?;
    let mut progress = Progress::new(context.quiet);
    let mut hear = |source: &SourceId, done: u64, of: Option<u64>, what: &str| progress.hear(source, done, of, what);
    let reports = if let Some(path) = from {
        ensure!(
            names.len() == 1,
            "sync from a path: name exactly one source, as in `wardround source sync nvd --from FOLDER`"
        );
        vec![sync::sync_files(&mut workspace, &SourceId(names[0].clone()), path, &mut hear)?]
    } else {
        let selection = match names {
            [] if all => Selection::All,
            [] => Selection::Due,
            names => Selection::Named(cli::sources(names)),
        };
        sync::sync(&mut workspace, &selection, &mut hear)?
    };
    drop(progress);
    show_reports(context, &reports)?;
    let good = reports.iter().all(|report| report.fetch.outcome == FetchOutcome::Ok);
    Ok(if good { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}

/// Shows what fetches brought.
pub(super) fn show_reports(context: &Context, reports: &[SyncReport]) -> Result<()> {
    let mut list =
        List::new(&["source", "outcome", "new", "changed", "unchanged", "withdrawn", "quarantined", "live", "newest"]);
    for SyncReport { fetch, .. } in reports {
        let counts = &fetch.counts;
        list.row([
            json!(fetch.source),
            json!(fetch.outcome),
            json!(counts.new),
            json!(counts.changed),
            json!(counts.unchanged),
            json!(counts.withdrawn),
            json!(counts.quarantined),
            json!(fetch.live),
            moment(fetch.newest),
        ]);
    }
    list.show(context.format, "No source is due.")?;
    if context.format == Format::Table {
        for report in reports {
            for owed in &report.fetch.owed {
                say(format!("{} {}: {owed}", output::notice("!"), report.fetch.source))?;
            }
        }
    }
    Ok(())
}

fn log(context: &Context, source: Option<String>, limit: u64) -> Result<()> {
    let workspace = context.read()?;
    let filter = FetchFilter { source: source.map(SourceId), ..FetchFilter::default() };
    let mut list = List::new(&[
        "entry",
        "finished",
        "source",
        "outcome",
        "exchanges",
        "new",
        "changed",
        "withdrawn",
        "quarantined",
        "live",
        "owed",
    ]);
    for recorded in workspace.records.fetches(&filter, limit)? {
        let fetch = recorded.value.fetch;
        list.row([
            json!(recorded.seq),
            moment(Some(fetch.finished)),
            json!(fetch.source),
            json!(fetch.outcome),
            json!(fetch.exchanges.len()),
            json!(fetch.counts.new),
            json!(fetch.counts.changed),
            json!(fetch.counts.withdrawn),
            json!(fetch.counts.quarantined),
            json!(fetch.live),
            json!(fetch.owed.join(" ")),
        ]);
    }
    list.show(context.format, "Nothing has been fetched yet.")
}

fn show(context: &Context, entry: u64) -> Result<()> {
    let workspace = context.read()?;
    let Some(Event::Fetched(fetched)) = workspace.records.entry(entry)?.map(|entry| entry.event) else {
        anyhow::bail!("show the fetch of entry {entry}: that entry is no fetch; `wardround source log` lists them");
    };
    if context.format != Format::Table {
        return output::value(&fetched, context.format);
    }
    let fetch = &fetched.fetch;
    say(output::heading(&format!(
        "{}, {}",
        fetch.source,
        serde_json::to_value(fetch.outcome)?.as_str().unwrap_or_default()
    )))?;
    say(format!("from {} to {}", fetch.started, fetch.finished))?;
    let counts = &fetch.counts;
    say(format!(
        "{} seen: {} new, {} changed, {} unchanged, {} withdrawn, {} quarantined; {} live afterwards",
        counts.seen, counts.new, counts.changed, counts.unchanged, counts.withdrawn, counts.quarantined, fetch.live
    ))?;
    for owed in &fetch.owed {
        say(format!("{} {owed}", output::notice("owed:")))?;
    }
    say(output::heading("\nExchanges"))?;
    for exchange in &fetch.exchanges {
        let object = exchange.object.map_or_else(|| "nothing archived".to_owned(), |object| object.short());
        say(format!("  {} {} bytes  {}  {object}", exchange.status, exchange.bytes, exchange.from))?;
    }
    if !fetch.quarantined.is_empty() {
        say(output::heading("\nQuarantined"))?;
    }
    for record in &fetch.quarantined {
        let name = if record.id.is_empty() { "a record without readable id" } else { &record.id };
        say(format!(
            "  {name} at byte {} of {} {}: {}",
            record.raw.offset,
            record.raw.object.short(),
            record.raw.entry,
            record.reason
        ))?;
    }
    Ok(())
}

fn accept(context: &Context, source: &str, reason: &str, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    sync::accept_held(&mut workspace, &SourceId(source.to_owned()), &actor.user.name, reason)?;
    say(format!("Accepted. The next `wardround source sync {source}` takes in what the source shows."))
}
