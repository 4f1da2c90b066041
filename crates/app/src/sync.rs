//! Sync: ask sources, archive and take in what they answer, leave a record of each fetch.
//!
//! Order on disk: bytes are durable in the archive, then the knowledge is published, then the fetch is recorded with the
//! digest of that knowledge. A kill between the last two is found when the workspace is opened next and mended by a
//! rebuild from the archive (see [`crate::rebuild`]).

pub mod carried;
pub mod status;

use std::path::Path;
use std::time::Duration;

use domain::clock::Clock;
use domain::model::journal::{Event, Fetched, HeldAccepted};
use domain::model::source::{Counts, Exchange, Fetch, FetchOutcome, SourceId};
use jiff::{SignedDuration, Timestamp};
use sources::http::Settings;
use sources::{End, Http, Kind, SourceConfig};
use store::knowledge::Commit;

use crate::config::ConfiguredSource;
use crate::error::{Error, Result};
use crate::ingest::Ingest;
use crate::run::pending;
use crate::workspace::Workspace;
use crate::{PROGRAM, ingest};

/// Which sources to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Those whose rhythm says so.
    Due,
    /// All.
    All,
    /// These.
    Named(Vec<SourceId>),
}

/// Hears how far each source has come: source, done, of how many, of what.
pub type Progress<'p> = dyn FnMut(&SourceId, u64, Option<u64>, &str) + 'p;

/// One source asked.
#[derive(Debug, Clone)]
pub struct SyncReport {
    /// The record that was left.
    pub fetch: Fetch,
    /// What the translators could not take as it stands, counted.
    pub warnings: u64,
    /// Bytes of documents read, decompressed.
    pub bytes_read: u64,
}

/// Asks the selected sources over the network, one after the other, and records each fetch.
pub fn sync(workspace: &mut Workspace, selection: &Selection, progress: &mut Progress<'_>) -> Result<Vec<SyncReport>> {
    let selected = select(workspace, selection)?;
    let http = Http::new(settings()).map_err(|error| Error::refused(ingest::chain(&error)))?;
    let mut reports = Vec::new();
    for source in selected {
        let fetch = |config: &SourceConfig, cursor: Option<&str>, clock: &dyn Clock, sink: &mut Ingest<'_, '_>| {
            sources::fetch(config, cursor, &http, clock, sink)
        };
        reports.push(one(workspace, &source, &fetch, progress)?);
    }
    Ok(reports)
}

/// Takes a source's documents from a file or folder instead of the network.
pub fn sync_files(
    workspace: &mut Workspace,
    id: &SourceId,
    path: &Path,
    progress: &mut Progress<'_>,
) -> Result<SyncReport> {
    let source = select(workspace, &Selection::Named(vec![id.clone()]))?.remove(0);
    let fetch = |config: &SourceConfig, _: Option<&str>, clock: &dyn Clock, sink: &mut Ingest<'_, '_>| {
        sources::fetch_files(config, path, clock, sink)
    };
    one(workspace, &source, &fetch, progress)
}

/// Records that a person accepts a source's shrinking; its next fetch is taken in as it comes.
pub fn accept_held(workspace: &mut Workspace, id: &SourceId, actor: &str, reason: &str) -> Result<()> {
    let held = workspace.records.last_fetch(id)?;
    if held.is_none_or(|last| last.value.fetch.outcome != FetchOutcome::Held) {
        return Err(Error::refused(format!("accept {id}: its last fetch was not held back")));
    }
    if reason.trim().is_empty() {
        return Err(Error::refused(format!("accept {id}: a reason is needed")));
    }
    workspace.append(actor, Event::HeldAccepted(HeldAccepted { source: id.clone(), reason: reason.to_owned() }))?;
    Ok(())
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    // For tests against a loopback server that fails on purpose: nobody wants to wait minutes for a refusal.
    if let Some(milliseconds) = std::env::var("WARDROUND_BACK_OFF_MS").ok().and_then(|text| text.parse().ok()) {
        settings.back_off = Duration::from_millis(milliseconds);
    }
    settings
}

fn select(workspace: &Workspace, selection: &Selection) -> Result<Vec<ConfiguredSource>> {
    let all = workspace.config.sources.iter();
    match selection {
        Selection::All => Ok(all.cloned().collect()),
        Selection::Due => {
            let mut due = Vec::new();
            for source in all {
                if is_due(workspace, source)? {
                    due.push(source.clone());
                }
            }
            Ok(due)
        }
        Selection::Named(ids) => ids
            .iter()
            .map(|id| {
                let known: Vec<&str> =
                    workspace.config.sources.iter().map(|source| source.fetch.id.0.as_str()).collect();
                workspace.config.source(id).cloned().ok_or_else(|| {
                    Error::refused(format!(
                        "sync {id}: no source of that name{}",
                        crate::config::fault::suggestion(&id.0, &known)
                    ))
                })
            })
            .collect(),
    }
}

/// A source is due when its last good fetch is as old as its rhythm, or its last fetch was not good.
fn is_due(workspace: &Workspace, source: &ConfiguredSource) -> Result<bool> {
    let Some(last) = workspace.records.last_fetch(&source.fetch.id)? else { return Ok(true) };
    let rhythm = SignedDuration::from_hours(i64::from(source.every_hours));
    Ok(last.value.fetch.outcome != FetchOutcome::Ok
        || workspace.now().duration_since(last.value.fetch.started) >= rhythm)
}

type Ask<'f> = dyn Fn(&SourceConfig, Option<&str>, &dyn Clock, &mut Ingest<'_, '_>) -> End + 'f;

/// What a fetch left behind before it is recorded.
struct Taken {
    end: End,
    exchanges: Vec<Exchange>,
    counts: Counts,
    quarantined: Vec<domain::model::raw::Quarantined>,
    retracted: Vec<String>,
    newest: Option<Timestamp>,
    warnings: u64,
    bytes_read: u64,
    commit: Option<Commit>,
}

fn one(
    workspace: &mut Workspace,
    source: &ConfiguredSource,
    ask: &Ask<'_>,
    progress: &mut Progress<'_>,
) -> Result<SyncReport> {
    let id = &source.fetch.id;
    let started = workspace.now();
    let cursor = last_cursor(workspace, id)?;
    let knowledge_before = workspace.knowledge.digest();
    let taken = take(workspace, source, cursor.as_deref(), ask, progress)?;
    workspace.archive.sync()?;
    if let Some(commit) = &taken.commit {
        workspace.knowledge = store::knowledge::Knowledge::open(&workspace.dir.join("knowledge"))?;
        pending::extend(workspace, knowledge_before, commit)?;
    }
    let good = matches!(taken.end.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete);
    let fetch = Fetch {
        source: id.clone(),
        family: source.fetch.kind.family(),
        started,
        finished: workspace.now(),
        exchanges: taken.exchanges,
        counts: taken.counts,
        live: live(workspace, source),
        stated: taken.end.stated,
        data_timestamp: taken.end.data_timestamp,
        full_set: taken.end.full_set && good,
        newest: taken.newest,
        quarantined: taken.quarantined,
        retracted: taken.retracted,
        outcome: taken.end.outcome,
        owed: taken.end.owed,
        cursor: if good { taken.end.cursor } else { cursor },
        checks: taken.end.checks,
        limits: Some((source.every_hours, source.fresh_hours)),
        tlp: Some(source.fetch.tlp),
        origin: None,
        origin_entry: None,
        resumed: None,
        gone: Vec::new(),
    };
    let fetched = Fetched { fetch: fetch.clone(), knowledge: workspace.knowledge.digest() };
    workspace.append(PROGRAM, Event::Fetched(Box::new(fetched)))?;
    Ok(SyncReport { fetch, warnings: taken.warnings, bytes_read: taken.bytes_read })
}

fn take(
    workspace: &Workspace,
    source: &ConfiguredSource,
    cursor: Option<&str>,
    ask: &Ask<'_>,
    progress: &mut Progress<'_>,
) -> Result<Taken> {
    let id = &source.fetch.id;
    let mut hear = |done: u64, of: Option<u64>, what: &str| progress(id, done, of, what);
    let family = source.fetch.kind.family();
    let tlp = source.fetch.tlp;
    let mut ingest = Ingest::begin(&workspace.archive, &workspace.knowledge, id.clone(), family, tlp, &mut hear)?;
    let mut end = ask(&source.fetch, cursor, workspace.clock().as_ref(), &mut ingest);
    let mut retracted = std::mem::take(&mut ingest.retracted);
    if end.outcome != FetchOutcome::Failed {
        let unseen = if end.full_set { ingest.unseen() } else { Vec::new() };
        match shrinks(workspace, source, &end, &ingest, unseen.len() as u64)? {
            Some(why) => {
                retracted.clear();
                end.outcome = FetchOutcome::Held;
                end.owed.push(why);
            }
            None => {
                ingest.remove(&unseen)?;
                ingest.remove(&retracted)?;
            }
        }
    }
    let mut taken = Taken {
        exchanges: std::mem::take(&mut ingest.exchanges),
        counts: ingest.counts,
        quarantined: std::mem::take(&mut ingest.quarantined),
        retracted,
        newest: ingest.newest,
        warnings: ingest.warnings,
        bytes_read: ingest.bytes_read,
        end,
        commit: None,
    };
    if matches!(taken.end.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete) {
        taken.commit = Some(ingest.commit()?);
    }
    Ok(taken)
}

/// Says why a fetch has to be held back, if it lacks more of the source's live records than its limit allows.
pub(crate) fn shrinks(
    workspace: &Workspace,
    source: &ConfiguredSource,
    end: &End,
    ingest: &Ingest<'_, '_>,
    unseen: u64,
) -> Result<Option<String>> {
    let before = live(workspace, source);
    let missing = match (end.full_set, end.stated, &source.fetch.kind) {
        (_, _, Kind::Epss) => {
            before.saturating_sub(ingest.counts.seen.max(if ingest.counts.seen == 0 { before } else { 0 }))
        }
        (true, _, _) => unseen,
        (false, Some(stated), _) => before.saturating_sub(stated),
        (false, None, _) => 0,
    };
    let allowed = u64::from(source.shrink_percent) * before / 100;
    if missing <= allowed || is_accepted(workspace, &source.fetch.id)? {
        return Ok(None);
    }
    Ok(Some(format!(
        "{missing} of {before} live records are gone, more than the limit of {} %; accept that with `wardround source accept {}`, if it is right",
        source.shrink_percent, source.fetch.id
    )))
}

/// Whether a person accepted the shrinking after the last fetch was held.
fn is_accepted(workspace: &Workspace, id: &SourceId) -> Result<bool> {
    let last = workspace.records.last_fetch(id)?;
    let accepted = workspace.records.last_held_acceptance(id)?;
    Ok(matches!((last, accepted), (Some(last), Some(accepted)) if accepted.seq > last.seq))
}

/// Live records of a source: advisories, or rows of the score table.
pub(crate) fn live(workspace: &Workspace, source: &ConfiguredSource) -> u64 {
    match source.fetch.kind {
        Kind::Epss => workspace.knowledge.epss_edition().map_or(0, |table| table.rows),
        _ => workspace.knowledge.live(&source.fetch.id),
    }
}

fn last_cursor(workspace: &Workspace, id: &SourceId) -> Result<Option<String>> {
    Ok(workspace.records.last_fetch(id)?.and_then(|last| last.value.fetch.cursor))
}
