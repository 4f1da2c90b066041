//! The service: a loop in the foreground that asks due sources, and holds every release against the knowledge when it changed.
//!
//! It holds the workspace only while it works, so that people can judge and sign in between; a lock of its own keeps a second
//! service away. What it does is in the journal; what it says is for the log.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::clock::Clock;
use domain::model::source::{FetchOutcome, SourceId};
use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Result};
use crate::lock::Lock;
use crate::sync::{self, Options, Selection, SyncReport, schedule};
use crate::workspace::Workspace;

/// Longest time without a look at what is due: the configuration may have changed, or the machine slept.
const LONGEST_REST: Duration = Duration::from_mins(1);

/// How soon the service notices that it is to stop.
const STEP: Duration = Duration::from_millis(100);

/// A turn that lies further back than this is worth a word: the machine slept, or the turn took long.
const LONG_AGO: SignedDuration = SignedDuration::from_mins(10);

/// A service of one workspace.
pub struct Service {
    /// The workspace's folder.
    pub dir: PathBuf,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Once set, the service ends: fetches end where they are and go on there next time.
    pub stop: Arc<AtomicBool>,
    /// Sources asked at the same time, at most.
    pub workers: usize,
}

/// What one turn did.
#[derive(Debug, Default)]
pub struct Turn {
    /// Sources that were asked.
    pub syncs: Vec<SyncReport>,
    /// Whether a monitoring run took place.
    pub run: bool,
}

impl Service {
    /// Works until it is to stop, or for one turn. Returns the last turn.
    pub fn run(&self, once: bool) -> Result<Turn> {
        let _alone = Lock::serve(&self.dir, self.clock.as_ref())?;
        tracing::info!(workspace = %self.dir.display(), "the service has begun");
        loop {
            let began = self.clock.now();
            let turn = match self.turn() {
                Ok(turn) => turn,
                // A person is at work: it is their turn.
                Err(Error::Busy(who)) if !once => {
                    tracing::info!("nothing is asked now: could not {who}");
                    Turn::default()
                }
                Err(error) => return Err(error),
            };
            if once || self.is_stopped() {
                tracing::info!("the service has ended");
                return Ok(turn);
            }
            self.rest(began)?;
        }
    }

    /// Asks what is due; holds every release against the knowledge when it changed.
    fn turn(&self) -> Result<Turn> {
        let workspace = Workspace::open_reading(&self.dir, Arc::clone(&self.clock))?;
        let (due, run) = (due(&workspace)?, owes_run(&workspace)?);
        drop(workspace);
        let mut turn = Turn::default();
        if due.is_empty() && !run {
            return Ok(turn);
        }
        let mut workspace = Workspace::open(&self.dir, Arc::clone(&self.clock))?;
        if !due.is_empty() {
            tracing::info!(sources = due.len(), "asking sources that are due");
            let options = Options { workers: self.workers, stop: Arc::clone(&self.stop) };
            turn.syncs = sync::sync_with(&mut workspace, &Selection::Named(due), &options, &mut |_, _, _, _| {})?;
            turn.syncs.iter().for_each(tell);
        }
        if !self.is_stopped() && owes_run(&workspace)? {
            let report = crate::run::run(&mut workspace)?;
            turn.run = true;
            tracing::info!(run = %report.run.id, changes = report.changes.len(), "the monitoring run has ended");
        }
        Ok(turn)
    }

    /// Waits until something is due, a minute at most.
    fn rest(&self, began: Timestamp) -> Result<()> {
        let workspace = Workspace::open_reading(&self.dir, Arc::clone(&self.clock))?;
        let next = schedule::next_of_all(&workspace)?;
        drop(workspace);
        let until = next.and_then(|next| Duration::try_from(next.duration_since(self.clock.now())).ok());
        let mut left = until.unwrap_or(LONGEST_REST).clamp(Duration::from_secs(1), LONGEST_REST);
        while !left.is_zero() && !self.is_stopped() {
            std::thread::sleep(left.min(STEP));
            left = left.saturating_sub(STEP);
        }
        let past = self.clock.now().duration_since(began);
        if past > LONG_AGO && !self.is_stopped() {
            tracing::warn!(
                minutes = past.as_mins(),
                "the last turn began long ago: it took long, or the machine slept"
            );
        }
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Sources that are due. Tells of those that should have been asked long ago.
fn due(workspace: &Workspace) -> Result<Vec<SourceId>> {
    let mut due = Vec::new();
    for source in &workspace.config.sources {
        let at = schedule::due_at(workspace, source)?;
        let late = at.map(|at| workspace.now().duration_since(at));
        if late.is_some_and(|late| late.is_negative()) {
            continue;
        }
        let rhythm = SignedDuration::from_hours(i64::from(source.every_hours));
        if let Some(late) = late.filter(|late| *late >= rhythm) {
            tracing::warn!(source = %source.fetch.id, hours = late.as_hours(), "a run was missed and is made good now");
        }
        due.push(source.fetch.id.clone());
    }
    Ok(due)
}

/// Whether the knowledge is another than the one that the last run looked at.
fn owes_run(workspace: &Workspace) -> Result<bool> {
    let last = workspace.records.runs(1)?.pop().map(|run| run.value.knowledge);
    Ok(last != Some(workspace.knowledge.digest()) && workspace.records.newest_fetch()?.is_some())
}

fn tell(report: &SyncReport) {
    let fetch = &report.fetch;
    let (source, counts, live) = (&fetch.source, &fetch.counts, fetch.live);
    if fetch.outcome == FetchOutcome::Ok {
        tracing::info!(%source, new = counts.new, changed = counts.changed, live, "the fetch has ended well");
    } else {
        tracing::warn!(%source, outcome = ?fetch.outcome, owed = fetch.owed.join(" "), "the fetch did not end well");
    }
}
