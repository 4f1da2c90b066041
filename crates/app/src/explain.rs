//! Why a finding is one: the whole chain from the component to the record's own bytes.

use domain::matching::{self, Explanation, Policy};
use domain::model::finding::{FindingId, Reason};
use domain::model::raw::{Digest, RawRef};
use sources::unpack;
use store::records::FindingHistory;

use crate::error::{Error, Result};
use crate::sync::carried;
use crate::workspace::Workspace;

/// A finding, its history, and what every record of its vulnerability says about the component today.
#[derive(Debug)]
pub struct Explained {
    /// As recorded.
    pub history: FindingHistory,
    /// As the knowledge says now.
    pub now: Explanation,
}

/// Explains a finding.
pub fn explain(workspace: &Workspace, id: FindingId) -> Result<Explained> {
    let history = finding(workspace, id)?;
    let component = workspace
        .records
        .component(&history.row.component)?
        .ok_or_else(|| Error::refused(format!("explain {id}: its component is not in the records")))?;
    let now = matching::explain(&component, &history.row.vulnerability, &workspace.knowledge, &Policy::default());
    Ok(Explained { history, now })
}

/// A finding with its history, or a refusal that says it does not exist.
pub fn finding(workspace: &Workspace, id: FindingId) -> Result<FindingHistory> {
    workspace.records.finding(id)?.ok_or_else(|| Error::refused(format!("find {id}: there is no such finding")))
}

/// The very bytes of the record behind a reason, cut out of the archived object and checked against the revision.
pub fn record_bytes(workspace: &Workspace, reason: &Reason) -> Result<Vec<u8>> {
    let bytes = raw_bytes(workspace, &reason.raw, reason)?;
    if Digest::of(&bytes) == reason.revision {
        Ok(bytes)
    } else {
        Err(Error::refused(format!(
            "show {}: the archived bytes at {:?} are not revision {}",
            reason.record,
            reason.raw.entry,
            reason.revision.short()
        )))
    }
}

fn raw_bytes(workspace: &Workspace, raw: &RawRef, reason: &Reason) -> Result<Vec<u8>> {
    let broken = |error: &dyn std::error::Error| {
        Error::refused(format!("show {}: {}", reason.record, crate::ingest::chain(error)))
    };
    let document = match archive_kind(workspace, raw, reason)? {
        None => workspace.archive.read(&raw.object)?,
        Some(kind) => {
            let spool = spool(workspace, &raw.object)?;
            unpack::one_document(spool.path(), kind, &raw.entry).map_err(|error| broken(&error))?
        }
    };
    let start = usize::try_from(raw.offset).unwrap_or(usize::MAX);
    let end = start.saturating_add(usize::try_from(raw.length).unwrap_or(usize::MAX));
    document
        .get(start..end)
        .map(<[u8]>::to_vec)
        .ok_or_else(|| Error::refused(format!("show {}: its place lies outside of the document", reason.record)))
}

/// How the object that holds a record is packed, from the fetch that brought it.
fn archive_kind(workspace: &Workspace, raw: &RawRef, reason: &Reason) -> Result<Option<sources::ArchiveKind>> {
    let filter = store::records::FetchFilter { source: Some(reason.source.clone()), ..Default::default() };
    let fetches = workspace.records.fetches(&filter, u64::from(u32::MAX))?;
    let word = fetches
        .iter()
        .flat_map(|fetch| &fetch.value.fetch.exchanges)
        .find(|exchange| exchange.object == Some(raw.object))
        .and_then(|exchange| exchange.carried.clone());
    Ok(match word.and_then(|word| carried::content(&word, Some(domain::normalise::Format::Osv))) {
        Some(sources::Content::Archive(_, kind)) => Some(kind),
        _ => None,
    })
}

/// An archived object as a temporary file: unpacking needs to seek.
pub(crate) fn spool(workspace: &Workspace, object: &Digest) -> Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new_in(&workspace.dir).map_err(Error::file("write", &workspace.dir))?;
    let mut reader = workspace.archive.open_reader(object)?;
    std::io::copy(&mut reader, &mut file).map_err(Error::file("write", file.path().to_owned()))?;
    Ok(file)
}
