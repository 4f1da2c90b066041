//! `source sync`, `accept`: asking sources, and taking in what was held back.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use app::sync::{self, Selection, SyncReport};
use domain::model::source::{FetchOutcome, SourceId};
use serde_json::json;

use super::moment;
use crate::cli;
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::progress::Progress;
use crate::{exit, passphrase};

pub(super) fn sync(context: &Context, names: &[String], all: bool, from: Option<&std::path::Path>) -> Result<ExitCode> {
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

pub(super) fn accept(context: &Context, source: &str, reason: &str, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    sync::accept_held(&mut workspace, &SourceId(source.to_owned()), &actor.user.name, reason)?;
    say(format!("Accepted. The next `wardround source sync {source}` takes in what the source shows."))
}
