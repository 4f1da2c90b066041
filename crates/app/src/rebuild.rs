//! Rebuilding the knowledge from the archive: everything derived can be derived again, as of any moment.

use std::fs;
use std::path::Path;

use domain::model::raw::Digest;
use domain::model::source::{Fetch, FetchOutcome, SourceId};
use jiff::Timestamp;
use store::knowledge::Knowledge;
use store::records::FetchFilter;

use crate::error::{Error, Result};
use crate::ingest::Ingest;
use crate::sync::carried;
use crate::workspace::Workspace;

/// Hears how far the rebuild has come: fetches done, of how many, and the source at hand.
pub type Hear<'p> = dyn FnMut(u64, u64, &SourceId) + 'p;

/// What a rebuild found.
#[derive(Debug)]
pub struct Rebuilt {
    /// Fetches replayed.
    pub fetches: u64,
    /// Digest of the knowledge.
    pub digest: Digest,
    /// Digest that the journal states for the same moment.
    pub journal: Option<Digest>,
    /// Live records by source.
    pub live: Vec<(SourceId, u64)>,
}

impl Rebuilt {
    /// Whether the rebuilt knowledge is the one that the journal states.
    pub fn agrees(&self) -> bool {
        self.journal.is_none_or(|journal| journal == self.digest)
    }
}

/// Rebuilds the knowledge of a workspace and puts it in the place of the present one.
pub fn in_place(workspace: &mut Workspace, hear: &mut Hear<'_>) -> Result<Rebuilt> {
    let folder = workspace.dir.join("knowledge.rebuilding");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Error::file("remove", &folder))?;
    }
    let rebuilt = into(workspace, &folder, None, hear)?;
    let present = workspace.dir.join("knowledge");
    let aside = workspace.dir.join("knowledge.old");
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(Error::file("remove", &aside))?;
    }
    fs::rename(&present, &aside).map_err(Error::file("move", &present))?;
    fs::rename(&folder, &present).map_err(Error::file("move", &folder))?;
    workspace.knowledge = Knowledge::open(&present)?;
    fs::remove_dir_all(&aside).map_err(Error::file("remove", &aside))?;
    Ok(rebuilt)
}

/// Rebuilds the knowledge into a new folder: as of now, or as it was at a moment.
pub fn into(workspace: &Workspace, folder: &Path, as_of: Option<Timestamp>, hear: &mut Hear<'_>) -> Result<Rebuilt> {
    if folder.exists() {
        return Err(Error::refused(format!("rebuild into {}: it exists already", folder.display())));
    }
    let mut knowledge = Knowledge::create(folder)?;
    let mut fetches = workspace.records.fetches(&FetchFilter::default(), u64::from(u32::MAX))?;
    fetches.reverse();
    fetches.retain(|fetch| as_of.is_none_or(|moment| fetch.at <= moment));
    let total = fetches.len() as u64;
    for (done, fetch) in (1..).zip(&fetches) {
        hear(done, total, &fetch.value.fetch.source);
        if matches!(fetch.value.fetch.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete) {
            replay(workspace, &knowledge, &fetch.value.fetch)?;
            knowledge = Knowledge::open(folder)?;
        }
    }
    let live = knowledge.sources().iter().map(|source| (source.source.clone(), source.live)).collect();
    Ok(Rebuilt {
        fetches: total,
        digest: knowledge.digest(),
        journal: fetches.last().map(|fetch| fetch.value.knowledge),
        live,
    })
}

fn replay(workspace: &Workspace, knowledge: &Knowledge, fetch: &Fetch) -> Result<()> {
    let mut silent = |_: u64, _: Option<u64>, _: &str| {};
    let mut ingest = Ingest::begin(
        &workspace.archive,
        knowledge,
        fetch.source.clone(),
        fetch.family,
        fetch.tlp.unwrap_or_default(),
        &mut silent,
    )?;
    let format = format_of(workspace, fetch);
    for exchange in &fetch.exchanges {
        let (Some(object), Some(word)) = (exchange.object, exchange.carried.as_deref()) else { continue };
        let Some(content) = carried::content(word, format) else {
            return Err(Error::refused(format!(
                "rebuild from {}: the journal does not say what format {} is in",
                fetch.source, exchange.from
            )));
        };
        if matches!(content, sources::Content::Index) {
            continue;
        }
        let spool = crate::explain::spool(workspace, &object)?;
        // What was unusable when it came is unusable now, and counted then.
        let _ = ingest.take_archived(object, spool.path(), content, &exchange.from, exchange.tlp);
    }
    if fetch.full_set {
        let unseen = ingest.unseen();
        ingest.remove(&unseen)?;
    }
    ingest.remove(&fetch.retracted)?;
    ingest.commit()?;
    Ok(())
}

/// The format of documents whose record does not name it: from the configuration, or from the family of a retired source.
fn format_of(workspace: &Workspace, fetch: &Fetch) -> Option<domain::normalise::Format> {
    use domain::model::source::Family;
    use domain::normalise::Format;
    if let Some(source) = workspace.config.source(&fetch.source) {
        return Some(source.fetch.kind.format());
    }
    match fetch.family {
        Family::CveList => Some(Format::CveRecord),
        Family::Nvd => Some(Format::NvdPage),
        Family::Osv => Some(Format::Osv),
        Family::Csaf => Some(Format::Csaf),
        Family::Kev => Some(Format::Kev),
        Family::Epss => Some(Format::EpssCsv),
        Family::OsVendor | Family::National | Family::Bulletin => None,
    }
}
