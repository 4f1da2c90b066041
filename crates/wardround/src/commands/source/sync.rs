//! `sync`, `source sync`, `held`, `accept`: asking sources, and taking in what was held back.

use std::process::ExitCode;
use std::sync::atomic::Ordering;

use anyhow::{Result, bail, ensure};
use app::sync::{self, Options, Selection, SyncReport};
use domain::model::source::{FetchOutcome, SourceId};
use serde_json::json;

use super::moment;
use crate::cli;
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::progress::Progress;
use crate::{exit, interrupt, passphrase};

/// Asks sources, or takes documents from files.
pub(super) fn sync(context: &Context, names: &[String], all: bool, from: Option<&std::path::Path>) -> Result<ExitCode> {
    let Some(path) = from else { return ask(context, &selection(names, all), Options::WORKERS) };
    ensure!(
        names.len() == 1,
        "sync from a path: name exactly one source, as in `wardround source sync nvd --from FOLDER`"
    );
    let mut workspace = context.write()?;
    let mut progress = Progress::new(context.quiet);
    let mut hear = |source: &SourceId, done: u64, of: Option<u64>, what: &str| progress.hear(source, done, of, what);
    let report = sync::sync_files(&mut workspace, &SourceId(names[0].clone()), path, &mut hear)?;
    drop(progress);
    show(context, &[report])
}

/// Carries out `sync`.
pub(crate) fn sync_due(context: &Context, arguments: &cli::Sync) -> Result<ExitCode> {
    ask(context, &selection(&arguments.sources, arguments.all), arguments.workers)
}

fn selection(names: &[String], all: bool) -> Selection {
    match names {
        [] if all => Selection::All,
        [] => Selection::Due,
        names => Selection::Named(cli::sources(names)),
    }
}

fn ask(context: &Context, selection: &Selection, workers: usize) -> Result<ExitCode> {
    let options = Options { workers, stop: interrupt::flag()? };
    let mut workspace = context.write()?;
    let mut progress = Progress::new(context.quiet);
    let mut hear = |source: &SourceId, done: u64, of: Option<u64>, what: &str| progress.hear(source, done, of, what);
    let reports = sync::sync_with(&mut workspace, selection, &options, &mut hear)?;
    drop(progress);
    let code = show(context, &reports)?;
    if options.stop.load(Ordering::Relaxed) {
        bail!("finish the sync: it was interrupted; the next one goes on where it was");
    }
    Ok(code)
}

fn show(context: &Context, reports: &[SyncReport]) -> Result<ExitCode> {
    show_reports(context, reports)?;
    let good = reports.iter().all(|report| report.fetch.outcome == FetchOutcome::Ok);
    Ok(if good { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}

/// Shows what fetches brought.
pub(crate) fn show_reports(context: &Context, reports: &[SyncReport]) -> Result<()> {
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

/// Shows what a set that was held back lacks.
pub(super) fn held(context: &Context, source: &str) -> Result<()> {
    let workspace = context.write()?;
    let difference = sync::held::difference(&workspace, &SourceId(source.to_owned()))?;
    if context.format != Format::Table {
        return output::value(&difference, context.format);
    }
    for why in &difference.why {
        say(format!("{} {why}", output::notice("!")))?;
    }
    if let Some(stated) = difference.stated {
        say(format!("The provider states {stated} records; {} live ones are known.", difference.live))?;
    }
    if difference.gone.is_empty() {
        return say("Which records are gone is not known: the provider did not show all that it has.");
    }
    say(output::heading(&format!("{} of {} live records would be gone", difference.gone.len(), difference.live)))?;
    difference.gone.iter().try_for_each(|id| say(format!("  {id}")))
}

pub(super) fn accept(context: &Context, source: &str, reason: &str, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    sync::accept_held(&mut workspace, &SourceId(source.to_owned()), &actor.user.name, reason)?;
    say(format!("Accepted. The next `wardround source sync {source}` takes in what the source shows."))
}
