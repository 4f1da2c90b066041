//! Writing a bundle: the fetches of a range of journal entries, with the very bytes that they brought.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::model::journal::{Entry, Event, Exported as ExportedEvent};
use domain::model::raw::Digest;
use domain::model::source::{Fetch, SourceId};
use domain::model::tlp::Tlp;
use standards::tlog::{Checkpoint, Hash};
use store::records::EntryFilter;

use super::container::{self, Container};
use super::manifest::{FORMAT, Manifest, Object, Previous, parse_signed_text, signed_text};
use crate::error::{Error, Result};
use crate::evidence::pack::ProvenEntry;
use crate::workspace::Workspace;

/// How exports of bundles are named in the journal.
const KIND: &str = "source_bundle";

/// Where a bundle begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// At the beginning of the journal.
    Nothing,
    /// At an entry.
    Entry(u64),
    /// Where the last exported bundle ended.
    Last,
    /// Where this bundle ended.
    Bundle(PathBuf),
}

/// What to export.
#[derive(Debug, Clone)]
pub struct NewExport<'a> {
    /// File to write; must not exist.
    pub file: &'a Path,
    /// Where it begins.
    pub after: After,
    /// Sources; all if empty.
    pub sources: &'a [SourceId],
}

/// A bundle as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// SHA-256 of its manifest.
    pub manifest: Digest,
    /// Entries looked through: from this one up to that one, exclusive.
    pub entries: (u64, u64),
    /// Fetches in it, by source.
    pub fetches: BTreeMap<SourceId, u64>,
    /// Objects in it.
    pub objects: u64,
    /// Bytes of the objects.
    pub bytes: u64,
    /// Its mark.
    pub tlp: Tlp,
}

/// Writes a bundle, and records that it left.
pub fn export(
    workspace: &mut Workspace,
    new: &NewExport<'_>,
    actor: &str,
    hear: &mut dyn FnMut(u64, u64),
) -> Result<Exported> {
    if new.file.exists() {
        return Err(Error::refused(format!("export to {}: the file exists already", new.file.display())));
    }
    let manifest = manifest(workspace, new)?;
    let bytes = standards::canonical_json::to_vec(&manifest)?;
    if bytes.len() as u64 > container::LARGEST_MANIFEST {
        return Err(Error::refused("export so many fetches at once: name fewer sources with --source"));
    }
    let digest = workspace.archive.put(&bytes)?;
    let signature = workspace.records.sign_note(&signed_text(workspace.records.verifier_key().name(), digest))?;
    let total = manifest.objects.len() as u64;
    container::write(new.file, &signature, &bytes, &manifest.objects, &workspace.archive, &mut |done| {
        hear(done, total);
    })?;
    let exported = ExportedEvent { kind: KIND.to_owned(), about: KIND.to_owned(), digest, tlp: manifest.tlp };
    workspace.append(actor, Event::Exported(exported))?;
    let mut fetches = BTreeMap::new();
    for entry in &manifest.fetches {
        if let Some(fetch) = serde_json::from_str::<Entry>(&entry.leaf).ok().and_then(fetch) {
            *fetches.entry(fetch.source).or_default() += 1;
        }
    }
    Ok(Exported {
        manifest: digest,
        entries: manifest.entries,
        fetches,
        objects: total,
        bytes: manifest.objects.iter().map(|object| object.bytes).sum(),
        tlp: manifest.tlp,
    })
}

fn manifest(workspace: &Workspace, new: &NewExport<'_>) -> Result<Manifest> {
    known(workspace, new.sources)?;
    let size = workspace.records.tree_size()?;
    let previous = previous(workspace, &new.after)?;
    let from = match (&new.after, &previous) {
        (After::Entry(from), _) => *from,
        (_, Some((_, manifest))) => manifest.entries.1,
        _ => 0,
    };
    let wanted = |fetch: &Fetch| new.sources.is_empty() || new.sources.contains(&fetch.source);
    let filter = EntryFilter { from: Some(from), kinds: vec!["fetched".to_owned()], ..EntryFilter::default() };
    let mut entries = Vec::new();
    for entry in workspace.records.entries(&filter)? {
        let seq = entry.seq;
        if let Some(fetch) = fetch(entry).filter(wanted) {
            entries.push((seq, fetch));
        }
    }
    if entries.is_empty() {
        return Err(Error::refused(format!("export a bundle: no source was fetched since journal entry {from}")));
    }
    let sources: BTreeSet<&SourceId> = entries.iter().map(|(_, fetch)| &fetch.source).collect();
    let before =
        sources.into_iter().map(|source| Ok((source.clone(), workspace.records.last_fetch_before(source, from)?)));
    let proven = entries.iter().map(|(seq, _)| proven(workspace, *seq, size));
    Ok(Manifest {
        format: FORMAT.to_owned(),
        origin: workspace.records.verifier_key().to_string(),
        organisation: workspace.config.organisation.clone(),
        rehearsal: workspace.rehearsal,
        version: crate::VERSION.to_owned(),
        exported: workspace.now(),
        tlp: entries.iter().map(|(_, fetch)| mark(fetch)).max().unwrap_or(Tlp::Clear),
        entries: (from, size),
        previous: previous.map(|(digest, before)| joined(workspace, digest, &before, size)).transpose()?,
        checkpoint: workspace.records.head()?.ok_or_else(|| Error::refused("export a bundle: the journal is empty"))?,
        before: before.collect::<Result<_>>()?,
        fetches: proven.collect::<Result<_>>()?,
        objects: objects(workspace, entries.iter().map(|(_, fetch)| fetch))?,
    })
}

/// Every source asked for was configured once.
fn known(workspace: &Workspace, sources: &[SourceId]) -> Result<()> {
    let rows = workspace.records.sources()?;
    let names: Vec<&str> = rows.iter().map(|row| row.source.id.0.as_str()).collect();
    match sources.iter().find(|source| !names.contains(&source.0.as_str())) {
        Some(unknown) => Err(Error::refused(format!(
            "export {unknown}: no source of that name{}",
            crate::config::fault::suggestion(&unknown.0, &names)
        ))),
        None => Ok(()),
    }
}

fn fetch(entry: Entry) -> Option<Fetch> {
    match entry.event {
        Event::Fetched(fetched) => Some(fetched.fetch),
        _ => None,
    }
}

/// Mark of what a fetch brought: its source's, or the strictest of the lists that led to documents.
fn mark(fetch: &Fetch) -> Tlp {
    let lists = fetch.exchanges.iter().filter_map(|exchange| exchange.tlp);
    lists.chain(fetch.tlp).max().unwrap_or(Tlp::Clear)
}

fn proven(workspace: &Workspace, seq: u64, size: u64) -> Result<ProvenEntry> {
    let leaf = workspace.records.leaf_data(seq)?;
    let leaf = leaf.ok_or_else(|| Error::refused(format!("export a bundle: journal entry {seq} is missing")))?;
    Ok(ProvenEntry { seq, leaf, proof: encoded(&workspace.records.inclusion_proof(seq, size)?) })
}

fn encoded(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| STANDARD.encode(hash)).collect()
}

/// What fetches brought, each object once. They are read once for their length, and checked while they are.
fn objects<'f>(workspace: &Workspace, fetches: impl Iterator<Item = &'f Fetch>) -> Result<Vec<Object>> {
    let mut seen = BTreeSet::new();
    let mut objects = Vec::new();
    for digest in fetches.flat_map(|fetch| &fetch.exchanges).filter_map(|exchange| exchange.object) {
        if seen.insert(digest) {
            let reader = workspace.archive.open_reader(&digest)?;
            let (_, bytes) = container::digest(reader).map_err(Error::file("read from", workspace.archive.folder()))?;
            objects.push(Object { digest, bytes });
        }
    }
    Ok(objects)
}

/// The bundle that this one follows, and the digest of its manifest.
fn previous(workspace: &Workspace, after: &After) -> Result<Option<(Digest, Manifest)>> {
    let (digest, manifest) = match after {
        After::Nothing | After::Entry(_) => return Ok(None),
        After::Last => {
            let last = workspace.records.exports(KIND)?.pop().ok_or_else(|| {
                Error::refused("export what came after the last bundle: none was exported yet; leave --after out")
            })?;
            (last.value.digest, workspace.read_json(&last.value.digest)?)
        }
        After::Bundle(path) => of_file(workspace, path)?,
    };
    if manifest.origin != workspace.records.verifier_key().to_string() {
        return Err(Error::refused("export what came after that bundle: another journal exported it"));
    }
    Ok(Some((digest, manifest)))
}

fn of_file(workspace: &Workspace, path: &Path) -> Result<(Digest, Manifest)> {
    let unusable =
        |why: &dyn std::fmt::Display| Error::refused(format!("export what came after {}: {why}", path.display()));
    Container::open(path)?.read(|head, _| {
        let text = workspace.records.verifier_key().open(&head.signature).map_err(|error| unusable(&error))?;
        let digest = Digest::of(&head.manifest);
        if parse_signed_text(text).is_none_or(|(_, signed)| signed != digest) {
            return Err(unusable(&"its manifest is not the signed one"));
        }
        let manifest = serde_json::from_slice(&head.manifest).map_err(|error| unusable(&error))?;
        Ok((digest, manifest))
    })
}

/// Proof that the journal still begins with what an earlier bundle's head covered.
fn joined(workspace: &Workspace, manifest: Digest, before: &Manifest, size: u64) -> Result<Previous> {
    let head = Checkpoint::open(&before.checkpoint, workspace.records.verifier_key());
    let head = head.map_err(|error| Error::refused(format!("export what came after the last bundle: {error}")))?;
    let proof = encoded(&workspace.records.consistency_proof(head.size, size)?);
    Ok(Previous { manifest, size: head.size, proof })
}
