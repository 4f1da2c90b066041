//! One fetch in a thread of its own: network, archive, and a new segment of knowledge that nobody sees before it is recorded.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::clock::Clock;
use domain::model::raw::Quarantined;
use domain::model::source::{Counts, Exchange, FetchOutcome, SourceId};
use jiff::Timestamp;
use sources::{End, SourceConfig};
use store::archive::Archive;
use store::knowledge::{Knowledge, Writer};

use super::held;
use super::inflight::Inflight;
use crate::config::ConfiguredSource;
use crate::error::{Error, Result};
use crate::ingest::{Hear, Ingest};
use crate::workspace::Workspace;

/// What all fetches share.
pub(super) struct Common {
    pub(super) archive: Arc<Archive>,
    /// Folder of the knowledge.
    pub(super) knowledge: PathBuf,
    /// Folder of what is on its way.
    pub(super) inflight: PathBuf,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) turnstile: Turnstile,
    pub(super) stop: Arc<AtomicBool>,
}

impl Common {
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// One source to ask, and what has to be known of it.
pub(super) struct Job {
    source: ConfiguredSource,
    /// From where to go on.
    cursor: Option<String>,
    /// Whether a person accepted that it shrank.
    accepted: bool,
}

impl Job {
    pub(super) fn of(workspace: &Workspace, source: &ConfiguredSource) -> Result<Self> {
        let last = workspace.records.last_fetch(&source.fetch.id)?;
        let accepted = held::is_accepted(workspace, &source.fetch.id)?;
        Ok(Self { source: source.clone(), cursor: last.and_then(|last| last.value.fetch.cursor), accepted })
    }
}

/// What a thread tells.
pub(super) enum Message {
    /// How far a fetch has come.
    Progress { source: SourceId, done: u64, of: Option<u64>, what: String },
    /// A fetch has ended, one way or another, and is to be recorded.
    Ended(Box<Received>),
    /// A fetch was interrupted because the program is to stop.
    Abandoned(SourceId),
    /// The disk fails: nothing can be recorded.
    Broke(Error),
}

/// What a fetch left behind before it is recorded.
pub(super) struct Received {
    pub(super) source: ConfiguredSource,
    pub(super) started: Timestamp,
    pub(super) resumed: Option<Timestamp>,
    pub(super) cursor_before: Option<String>,
    pub(super) end: End,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) counts: Counts,
    pub(super) quarantined: Vec<Quarantined>,
    /// Records that the provider took away one by one.
    pub(super) retracted: Vec<String>,
    pub(super) newest: Option<Timestamp>,
    pub(super) warnings: u64,
    pub(super) bytes_read: u64,
    /// Live records that are gone from a full set, or would be.
    pub(super) gone: Vec<String>,
    /// What is to become current; none where nothing may.
    pub(super) writer: Option<Writer>,
    pub(super) inflight: Option<Inflight>,
}

/// How documents are asked for.
pub(super) type Ask<'f> = dyn Fn(&SourceConfig, Option<&str>, &dyn Clock, &mut Ingest<'_, '_>) -> End + 'f;

/// Carries out a job over the network, and says how it ended.
pub(super) fn carry_out(job: Job, common: &Common, ask: &Ask<'_>, tell: &SyncSender<Message>) -> Message {
    let id = job.source.fetch.id.clone();
    let mut told = None;
    let mut hear = |done: u64, of: Option<u64>, what: &str| {
        const EVERY: Duration = Duration::from_millis(100);
        if told.is_none_or(|at: Instant| at.elapsed() >= EVERY) || of == Some(done) {
            told = Some(Instant::now());
            // Whoever is too busy to hear of progress hears of later progress.
            let _ = tell.try_send(Message::Progress { source: id.clone(), done, of, what: what.to_owned() });
        }
    };
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let inflight = Inflight::begin(&job.source.fetch.id, job.cursor.as_deref(), common)?;
        fetch(job, common, Some(inflight), ask, &mut hear)
    }));
    match ended {
        Ok(Ok(received)) if common.is_stopped() && received.end.outcome != FetchOutcome::Ok => Message::Abandoned(id),
        Ok(Ok(received)) => Message::Ended(Box::new(received)),
        Ok(Err(error)) => Message::Broke(error),
        Err(_) => Message::Broke(Error::refused(format!("fetch {id}: the program met an error of its own"))),
    }
}

/// Asks one source and takes in what it brings.
pub(super) fn fetch(
    job: Job,
    common: &Common,
    inflight: Option<Inflight>,
    ask: &Ask<'_>,
    hear: &mut Hear<'_>,
) -> Result<Received> {
    let Job { source, cursor, accepted } = job;
    let config = &source.fetch;
    let knowledge = Knowledge::open(&common.knowledge)?;
    let started = inflight.as_ref().map_or_else(|| common.clock.now(), Inflight::began);
    let resumed = inflight.as_ref().and_then(Inflight::resumed);
    let mut ingest =
        Ingest::begin(&common.archive, &knowledge, config.id.clone(), config.kind.family(), config.tlp, hear)?;
    ingest.turnstile = Some(&common.turnstile);
    ingest.inflight = inflight;
    let mut end = ask(config, cursor.as_deref(), common.clock.as_ref(), &mut ingest);
    let mut retracted = std::mem::take(&mut ingest.retracted);
    end.checks.append(&mut ingest.checks);
    let mut gone = Vec::new();
    if end.outcome != FetchOutcome::Failed {
        if end.full_set {
            gone = ingest.unseen();
            gone.sort();
        }
        match held::shrinks(&knowledge, &source, &end, &ingest, gone.len() as u64) {
            Some(why) if !accepted => {
                retracted.clear();
                end.outcome = FetchOutcome::Held;
                end.owed.push(why);
            }
            _ => {
                ingest.remove(&gone)?;
                ingest.remove(&retracted)?;
            }
        }
    }
    let mut received = Received {
        started,
        resumed,
        cursor_before: cursor,
        exchanges: std::mem::take(&mut ingest.exchanges),
        counts: ingest.counts,
        quarantined: std::mem::take(&mut ingest.quarantined),
        retracted,
        newest: ingest.newest,
        warnings: ingest.warnings,
        bytes_read: ingest.bytes_read,
        gone,
        writer: None,
        inflight: ingest.inflight.take(),
        end,
        source,
    };
    if matches!(received.end.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete) {
        // What takes time is done here, beside other sources; what is left is a moment.
        received.writer = Some(ingest.finish()?);
    }
    Ok(received)
}

/// Lets as many through as there are cores: documents are read by no more at once, whatever the number of sources, and memory
/// stays bounded.
pub struct Turnstile {
    free: Mutex<usize>,
    changed: Condvar,
}

impl Default for Turnstile {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { free: Mutex::new(cores), changed: Condvar::new() }
    }
}

impl Turnstile {
    /// Waits until there is room, and takes it until the answer is dropped.
    pub fn pass(&self) -> Passed<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.changed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Passed(self)
    }
}

/// Room that was taken.
pub struct Passed<'t>(&'t Turnstile);

impl Drop for Passed<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.changed.notify_one();
    }
}

/// A path below a folder that belongs to a source: its name as far as it may stand in a path, and a hash where it may not.
pub(super) fn path_of(folder: &Path, id: &SourceId, ending: &str) -> PathBuf {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let plain: String = id.0.chars().map(allowed).take(80).collect();
    let hash = if plain == id.0 { String::new() } else { format!("-{:016x}", store::knowledge::name_hash(&id.0)) };
    folder.join(format!("{plain}{hash}{ending}"))
}
