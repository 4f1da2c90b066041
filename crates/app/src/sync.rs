//! Sync: ask sources, archive and take in what they answer, leave a record of each fetch.
//!
//! | module | what it does |
//! |---|---|
//! | [`schedule`] | which sources are due, and when the next one is |
//! | [`fetching`] | one fetch in a thread of its own: network, archive, a new segment of knowledge that nobody sees yet |
//! | [`inflight`] | what a fetch has received, so that one that was killed goes on where it was |
//! | [`held`] | sets that shrank: what is gone, until a person accepts it |
//! | `recording` | the end of a fetch: knowledge and journal, one source after the other |
//! | [`status`] | how trustworthy each source's data are |
//! | [`carried`] | how archived objects carry their documents |
//!
//! Sources are asked beside each other, so that a slow one delays nobody; documents are read by as many as there are cores.
//! Readers see a source as it was before or as it is after, never in between.
//!
//! Order on disk: bytes are durable in the archive, then the knowledge is published, then the fetch is recorded with the
//! digest of that knowledge. A kill between the last two is found when the workspace is opened next and mended by a
//! rebuild from the archive (see [`crate::rebuild`]).

pub mod carried;
pub mod fetching;
pub mod held;
pub mod inflight;
mod recording;
pub mod schedule;
pub mod status;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use domain::clock::Clock;
use domain::model::journal::{Event, HeldAccepted};
use domain::model::source::{Fetch, FetchOutcome, SourceId};
use sources::http::Settings;
use sources::{Http, SourceConfig};

use crate::config::ConfiguredSource;
use crate::error::{Error, Result};
use crate::ingest::{self, Ingest};
use crate::workspace::Workspace;
use fetching::{Common, Job, Message, Received, Turnstile};

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

/// Hears how far each source has come: source, done, of how many, of what; of nothing when it has ended.
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

/// How sources are asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Sources asked at the same time, at most; at least 1.
    pub workers: usize,
    /// Once set, fetches end where they are and are not recorded: the next ones go on there.
    pub stop: Arc<AtomicBool>,
}

impl Options {
    /// As many sources at once as a small machine carries.
    pub const WORKERS: usize = 8;
}

impl Default for Options {
    fn default() -> Self {
        Self { workers: Self::WORKERS, stop: Arc::default() }
    }
}

/// How long a program that is to stop waits for its fetches to notice.
const GRACE: Duration = Duration::from_secs(10);

/// Asks the selected sources over the network and records each fetch when it ends.
pub fn sync(workspace: &mut Workspace, selection: &Selection, progress: &mut Progress<'_>) -> Result<Vec<SyncReport>> {
    sync_with(workspace, selection, &Options::default(), progress)
}

/// As [`sync`], with options. Reports come in the order of the configuration; an abandoned fetch has none.
pub fn sync_with(
    workspace: &mut Workspace,
    selection: &Selection,
    options: &Options,
    progress: &mut Progress<'_>,
) -> Result<Vec<SyncReport>> {
    let selected = select(workspace, selection)?;
    let http = Http::new(settings(options)).map_err(|error| Error::refused(ingest::chain(&error)))?;
    let common = Arc::new(common(workspace, options));
    let jobs = selected.iter().map(|source| Job::of(workspace, source)).collect::<Result<VecDeque<_>>>()?;
    let messages = start(jobs, &common, http, options.workers);
    let heard = hear(workspace, &messages, options, progress);
    // What interrupted fetches have received outlives this program, as it does after a kill.
    workspace.archive.sync()?;
    let mut reports = heard?;
    reports.sort_by_key(|report| selected.iter().position(|source| source.fetch.id == report.fetch.source));
    Ok(reports)
}

/// Begins to work through the jobs, some of them at a time.
fn start(jobs: VecDeque<Job>, common: &Arc<Common>, http: Http, workers: usize) -> Receiver<Message> {
    let (tell, messages) = sync_channel(64);
    let threads = workers.clamp(1, jobs.len().max(1));
    let (jobs, http) = (Arc::new(Mutex::new(jobs)), Arc::new(http));
    for _ in 0..threads {
        let (tell, jobs, http, common) = (tell.clone(), Arc::clone(&jobs), Arc::clone(&http), Arc::clone(common));
        thread::spawn(move || {
            let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let ask = |config: &SourceConfig, cursor: Option<&str>, clock: &dyn Clock, sink: &mut Ingest<'_, '_>| {
                sources::fetch(config, cursor, &http, clock, sink)
            };
            while let Some(job) = next().filter(|_| !common.is_stopped()) {
                // Nobody listens any more when recording has failed.
                if tell.send(fetching::carry_out(job, &common, &ask, &tell)).is_err() {
                    return;
                }
            }
        });
    }
    messages
}

/// Shows progress and records what ends, until everything has.
fn hear(
    workspace: &mut Workspace,
    messages: &Receiver<Message>,
    options: &Options,
    progress: &mut Progress<'_>,
) -> Result<Vec<SyncReport>> {
    let mut reports = Vec::new();
    let mut stopped: Option<Instant> = None;
    let fail = |error| {
        options.stop.store(true, Ordering::Relaxed);
        Err(error)
    };
    loop {
        match messages.recv_timeout(Duration::from_millis(100)) {
            Ok(Message::Progress { source, done, of, what }) => progress(&source, done, of, &what),
            Ok(Message::Ended(received)) => match recording::record(workspace, *received) {
                Ok(report) => {
                    progress(&report.fetch.source, 0, None, "");
                    reports.push(report);
                }
                Err(error) => return fail(error),
            },
            Ok(Message::Abandoned(source)) => {
                tracing::info!(%source, "the fetch was interrupted; the next one goes on where it was");
            }
            Ok(Message::Broke(error)) => return fail(error),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(reports),
        }
        if options.stop.load(Ordering::Relaxed) && stopped.get_or_insert_with(Instant::now).elapsed() > GRACE {
            // Whatever a fetch has received is kept; its thread ends with the program.
            return Ok(reports);
        }
    }
}

/// Takes a source's documents from a file or folder instead of the network.
pub fn sync_files(
    workspace: &mut Workspace,
    id: &SourceId,
    path: &Path,
    progress: &mut Progress<'_>,
) -> Result<SyncReport> {
    let source = select(workspace, &Selection::Named(vec![id.clone()]))?.remove(0);
    let common = common(workspace, &Options::default());
    let job = Job::of(workspace, &source)?;
    let ask = |config: &SourceConfig, _: Option<&str>, clock: &dyn Clock, sink: &mut Ingest<'_, '_>| {
        sources::fetch_files(config, path, clock, sink)
    };
    let mut hear = |done: u64, of: Option<u64>, what: &str| progress(id, done, of, what);
    let received: Received = fetching::fetch(job, &common, None, &ask, &mut hear)?;
    recording::record(workspace, received)
}

fn common(workspace: &Workspace, options: &Options) -> Common {
    Common {
        archive: Arc::clone(&workspace.archive),
        knowledge: workspace.dir.join("knowledge"),
        inflight: workspace.dir.join(inflight::FOLDER),
        clock: workspace.clock(),
        turnstile: Turnstile::default(),
        stop: Arc::clone(&options.stop),
    }
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

fn settings(options: &Options) -> Settings {
    let mut settings = Settings::default().until(Arc::clone(&options.stop));
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
                if schedule::is_due(workspace, source)? {
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
