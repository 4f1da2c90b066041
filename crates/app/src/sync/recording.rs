//! The end of a fetch: archive, knowledge and journal, in this order, one source after the other.

use domain::model::journal::{Event, Fetched};
use domain::model::source::{Fetch, FetchOutcome};
use store::knowledge::Knowledge;

use super::fetching::Received;
use super::{SyncReport, held};
use crate::PROGRAM;
use crate::error::Result;
use crate::run::pending;
use crate::workspace::Workspace;

/// Most identifiers listed of what is gone; the counts have them all.
const LISTED_GONE: usize = 100;

/// Makes what was received current and leaves the record of the fetch.
pub(super) fn record(workspace: &mut Workspace, received: Received) -> Result<SyncReport> {
    let Received { source, end, mut gone, .. } = received;
    let before = workspace.knowledge.digest();
    workspace.archive.sync()?;
    if let Some(writer) = received.writer {
        let commit = writer.commit()?;
        if commit.generation != workspace.knowledge.generation() {
            workspace.knowledge = Knowledge::open(&workspace.dir.join("knowledge"))?;
        }
        // No news costs no write.
        if commit.digest != before {
            pending::extend(workspace, before, &commit)?;
        }
    }
    let good = matches!(end.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete);
    gone.truncate(LISTED_GONE);
    let fetch = Fetch {
        source: source.fetch.id.clone(),
        family: source.fetch.kind.family(),
        started: received.started,
        finished: workspace.now(),
        exchanges: received.exchanges,
        counts: received.counts,
        live: held::live(&workspace.knowledge, &source),
        stated: end.stated,
        data_timestamp: end.data_timestamp,
        full_set: end.full_set,
        newest: received.newest,
        quarantined: received.quarantined,
        retracted: received.retracted,
        outcome: end.outcome,
        owed: end.owed,
        cursor: if good { end.cursor } else { received.cursor_before },
        checks: end.checks,
        limits: Some((source.every_hours, source.fresh_hours)),
        tlp: Some(source.fetch.tlp),
        origin: None,
        origin_entry: None,
        resumed: received.resumed,
        gone,
    };
    let fetched = Fetched { fetch: fetch.clone(), knowledge: workspace.knowledge.digest() };
    workspace.append(PROGRAM, Event::Fetched(Box::new(fetched)))?;
    if let Some(inflight) = received.inflight {
        inflight.remove(fetch.outcome == FetchOutcome::Ok);
    }
    Ok(SyncReport { fetch, warnings: received.warnings, bytes_read: received.bytes_read })
}
