//! Sets that shrank by more than their limit: held back until a person accepts them.
//!
//! A second copy of the same shrunken set confirms nothing: it is compared with what stands, as the first was.

use domain::model::source::{Fetch, FetchOutcome, SourceId};
use jiff::Timestamp;
use serde::Serialize;
use sources::{Content, End, Kind};
use store::knowledge::Knowledge;
use store::records::FetchFilter;

use super::carried;
use crate::config::ConfiguredSource;
use crate::error::{Error, Result};
use crate::ingest::Ingest;
use crate::workspace::Workspace;

/// Says why a fetch has to be held back, if it lacks more of the source's live records than its limit allows.
pub(crate) fn shrinks(
    knowledge: &Knowledge,
    source: &ConfiguredSource,
    end: &End,
    ingest: &Ingest<'_, '_>,
    unseen: u64,
) -> Option<String> {
    let before = live(knowledge, source);
    let missing = match (end.full_set, end.stated, &source.fetch.kind) {
        (_, _, Kind::Epss) => {
            before.saturating_sub(ingest.counts.seen.max(if ingest.counts.seen == 0 { before } else { 0 }))
        }
        (true, _, _) => unseen,
        (false, Some(stated), _) => before.saturating_sub(stated),
        (false, None, _) => 0,
    };
    let allowed = u64::from(source.shrink_percent) * before / 100;
    let (id, percent) = (&source.fetch.id, source.shrink_percent);
    (missing > allowed).then(|| {
        format!(
            "{missing} of {before} live records are gone, more than the limit of {percent} %: `wardround source held {id}` \
             shows which; accept that with `wardround source accept {id}`, if it is right"
        )
    })
}

/// Whether a person accepted the shrinking, and nothing has been taken in since: an attempt that failed uses no acceptance up.
pub(crate) fn is_accepted(workspace: &Workspace, id: &SourceId) -> Result<bool> {
    let Some(accepted) = workspace.records.last_held_acceptance(id)? else { return Ok(false) };
    let filter = FetchFilter { source: Some(id.clone()), ..FetchFilter::default() };
    let fetches = workspace.records.fetches(&filter, LOOKED_AT)?;
    let mut since = fetches.iter().take_while(|fetch| fetch.seq > accepted.seq);
    Ok(fetches.last().is_some_and(|oldest| oldest.seq < accepted.seq)
        && since.all(|fetch| fetch.value.fetch.outcome == FetchOutcome::Failed))
}

/// An acceptance that so many fetches have failed after is none any more.
const LOOKED_AT: u64 = 50;

/// Live records of a source: advisories, or rows of the score table.
pub(crate) fn live(knowledge: &Knowledge, source: &ConfiguredSource) -> u64 {
    match source.fetch.kind {
        Kind::Epss => knowledge.epss_edition().map_or(0, |table| table.rows),
        _ => knowledge.live(&source.fetch.id),
    }
}

/// What a person has to look at before a shrunken set is accepted.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// When the set was received.
    pub received: Timestamp,
    /// Why it was held back, as sentences.
    pub why: Vec<String>,
    /// Live records now.
    pub live: u64,
    /// What the provider states as its total.
    pub stated: Option<u64>,
    /// Records that would be gone, sorted; none where the provider states only their number.
    pub gone: Vec<String>,
}

/// The difference between what stands and the set that was held back, read again from the archive. Changes nothing.
pub fn difference(workspace: &Workspace, id: &SourceId) -> Result<Difference> {
    let source = workspace
        .config
        .source(id)
        .ok_or_else(|| Error::refused(format!("show what {id} lacks: no source of that name is configured")))?;
    let last = workspace.records.last_fetch(id)?.map(|last| last.value.fetch);
    let Some(fetch) = last.filter(|last| last.outcome == FetchOutcome::Held) else {
        return Err(Error::refused(format!("show what {id} lacks: its last fetch was not held back")));
    };
    let gone = if fetch.full_set { unseen(workspace, &fetch)? } else { Vec::new() };
    Ok(Difference {
        received: fetch.finished,
        why: fetch.owed,
        live: live(&workspace.knowledge, source),
        stated: fetch.stated,
        gone,
    })
}

fn unseen(workspace: &Workspace, fetch: &Fetch) -> Result<Vec<String>> {
    let mut silent = |_: u64, _: Option<u64>, _: &str| {};
    let tlp = fetch.tlp.unwrap_or_default();
    let (archive, knowledge) = (&workspace.archive, &workspace.knowledge);
    let mut ingest = Ingest::begin(archive, knowledge, fetch.source.clone(), fetch.family, tlp, &mut silent)?;
    for exchange in &fetch.exchanges {
        let (Some(object), Some(words)) = (exchange.object, exchange.carried.as_deref()) else { continue };
        if let Some(content) = carried::content(words, None).filter(|content| *content != Content::Index) {
            let spool = crate::explain::spool(workspace, &object)?;
            // What was unusable when it came is unusable now, and was left out then.
            let _ = ingest.take_archived(object, spool.path(), content, &exchange.from, exchange.tlp);
        }
    }
    let mut gone = ingest.unseen();
    gone.sort();
    Ok(gone)
}
