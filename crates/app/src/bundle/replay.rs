//! One fetch of a bundle once more: its documents taken in as they were there, with its dates and our own counts.

use domain::model::journal::{Event, Fetched};
use domain::model::source::{Check, Fetch, FetchOutcome};
use sources::{Content, End};
use store::knowledge::{Commit, Knowledge};

use super::manifest::Carried;
use super::plan::{is_good, is_whole, last_good};
use crate::PROGRAM;
use crate::config::ConfiguredSource;
use crate::error::{Error, Result};
use crate::ingest::Ingest;
use crate::run::pending;
use crate::sync::{carried, held};
use crate::workspace::Workspace;

/// What a check of completeness across bundles is called.
const HOLE: &str = "every fetch of the origin was imported";

/// Identifiers of vanished records listed in a record.
const LISTED_GONE: usize = 100;

/// Takes in one fetch and records it. Returns the record.
///
/// `missing` says which fetches are missing before it, as a sentence, where that was found just now.
pub(super) fn replay(
    workspace: &mut Workspace,
    source: &ConfiguredSource,
    origin: &str,
    bundled: &Carried,
    missing: Option<String>,
) -> Result<Fetch> {
    let theirs = &bundled.fetch;
    let mut fetch = Fetch {
        origin: Some(origin.to_owned()),
        origin_entry: Some(bundled.entry.seq),
        limits: Some((source.every_hours, source.fresh_hours)),
        tlp: theirs.tlp.max(Some(source.fetch.tlp)),
        ..theirs.clone()
    };
    if is_good(theirs) {
        let missing = if is_whole(theirs) { None } else { missing.or(open_hole(workspace, source)?) };
        let before = workspace.knowledge.digest();
        let commit = take(workspace, source, &mut fetch)?;
        workspace.archive.sync()?;
        if let Some(commit) = commit {
            workspace.knowledge = Knowledge::open(&workspace.dir.join("knowledge"))?;
            pending::extend(workspace, before, &commit)?;
        }
        fetch.live = held::live(&workspace.knowledge, source);
        if fetch.outcome != FetchOutcome::Held {
            judge(&mut fetch, theirs, missing);
        }
    } else {
        fetch.live = held::live(&workspace.knowledge, source);
    }
    let fetched = Fetched { fetch: fetch.clone(), knowledge: workspace.knowledge.digest() };
    workspace.append(PROGRAM, Event::Fetched(Box::new(fetched)))?;
    Ok(fetch)
}

/// Takes the documents in. A set that shrinks here by more than the limit is held back here, too.
fn take(workspace: &Workspace, source: &ConfiguredSource, fetch: &mut Fetch) -> Result<Option<Commit>> {
    let mut silent = |_: u64, _: Option<u64>, _: &str| {};
    let mut ingest = Ingest::begin(
        &workspace.archive,
        &workspace.knowledge,
        fetch.source.clone(),
        fetch.family,
        fetch.tlp.unwrap_or_default(),
        &mut silent,
    )?;
    for exchange in &fetch.exchanges {
        let (Some(object), Some(word)) = (exchange.object, exchange.carried.as_deref()) else { continue };
        let Some(content) = carried::content(word, Some(source.fetch.kind.format())) else {
            return Err(Error::refused(format!(
                "import {}: {} came as {word:?}, which this version cannot read",
                fetch.source, exchange.from
            )));
        };
        if matches!(content, Content::Index) {
            continue;
        }
        let spool = crate::explain::spool(workspace, &object)?;
        // What was unusable there is unusable here; that both saw the same is judged by the counts.
        let _ = ingest.take_archived(object, spool.path(), content, &exchange.from, exchange.tlp);
    }
    let unseen = if fetch.full_set { ingest.unseen() } else { Vec::new() };
    let end = End {
        outcome: fetch.outcome,
        owed: Vec::new(),
        cursor: None,
        stated: fetch.stated,
        data_timestamp: fetch.data_timestamp,
        full_set: fetch.full_set,
        checks: Vec::new(),
    };
    let shrinks = held::shrinks(&workspace.knowledge, source, &end, &ingest, unseen.len() as u64);
    let held = if held::is_accepted(workspace, &source.fetch.id)? { None } else { shrinks };
    fetch.gone = unseen.iter().take(LISTED_GONE).cloned().collect();
    fetch.gone.sort();
    if held.is_none() {
        ingest.remove(&unseen)?;
        ingest.remove(&fetch.retracted)?;
    }
    fetch.counts = ingest.counts;
    fetch.newest = ingest.newest;
    fetch.quarantined = std::mem::take(&mut ingest.quarantined);
    if let Some(why) = held {
        fetch.outcome = FetchOutcome::Held;
        fetch.owed.push(format!("{why}, and import the bundle again"));
        fetch.full_set = false;
        fetch.retracted.clear();
        fetch.origin_entry = None;
        return Ok(None);
    }
    Ok(Some(ingest.commit()?))
}

/// Holds what was found here against what the origin recorded. Nothing that is owed is good.
fn judge(fetch: &mut Fetch, theirs: &Fetch, missing: Option<String>) {
    let (seen, live) = (fetch.counts.seen, fetch.live);
    compare(fetch, "records that the origin saw in this fetch", theirs.counts.seen, seen);
    if let Some(missing) = missing {
        fetch.checks.push(Check {
            what: HOLE.to_owned(),
            stated: "yes".to_owned(),
            found: missing.clone(),
            agrees: false,
        });
        fetch.owed.push(missing);
    } else {
        compare(fetch, "live records at the origin afterwards", theirs.live, live);
    }
    if fetch.outcome == FetchOutcome::Ok && !fetch.owed.is_empty() {
        fetch.outcome = FetchOutcome::Incomplete;
    }
}

fn compare(fetch: &mut Fetch, what: &str, stated: u64, found: u64) {
    let agrees = stated == found;
    fetch.checks.push(Check { what: what.to_owned(), stated: stated.to_string(), found: found.to_string(), agrees });
    if !agrees {
        fetch.owed.push(format!("There are {stated} {what}, and {found} here."));
    }
}

/// Fetches that are still missing: a hole stays until a complete set comes.
fn open_hole(workspace: &Workspace, source: &ConfiguredSource) -> Result<Option<String>> {
    let last = last_good(workspace, &source.fetch.id)?;
    let check = last.and_then(|last| last.checks.into_iter().find(|check| check.what == HOLE && !check.agrees));
    Ok(check.map(|check| check.found))
}
