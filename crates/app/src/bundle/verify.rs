//! A bundle as a whole: signature, proofs, dates, and the digest of every object, before anything of it is believed.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::model::journal::{Entry, Event};
use domain::model::raw::Digest;
use domain::model::source::SourceId;
use jiff::SignedDuration;
use standards::tlog::{Checkpoint, Hash, VerifierKey, proof, tree};

use super::container::{Container, broken, digest, refused};
use super::manifest::{Carried, FORMAT, Manifest, parse_signed_text};
use super::trust;
use crate::error::Result;
use crate::evidence::pack::ProvenEntry;
use crate::sync::Progress;
use crate::workspace::Workspace;

/// How far the other side's clock may be ahead of ours. Data from the future would look fresh for ever.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// A bundle that is sound.
pub(super) struct Sound {
    pub(super) key: VerifierKey,
    /// The manifest's own bytes, to be archived.
    pub(super) bytes: Vec<u8>,
    pub(super) manifest: Manifest,
    /// Its fetches, in the order of the other journal.
    pub(super) fetches: Vec<Carried>,
}

/// Reads a bundle to its end and verifies all of it.
pub(super) fn verify(
    workspace: &Workspace,
    path: &Path,
    given: Option<&Path>,
    progress: &mut Progress<'_>,
) -> Result<Sound> {
    Container::open(path)?.read(|head, objects| {
        let claimed = head.signature.split("\n\n").next().unwrap_or_default();
        let (name, _) = parse_signed_text(claimed).ok_or_else(|| refused("its signature is not one of a bundle"))?;
        let key = trust::key(workspace, name, given)?;
        let text = key.open(&head.signature).map_err(|error| refused(&format!("could not {error}")))?;
        if parse_signed_text(text) != Some((key.name(), Digest::of(&head.manifest))) {
            return Err(refused("its manifest is not the one that was signed"));
        }
        let manifest: Manifest = serde_json::from_slice(&head.manifest).map_err(|error| broken(&error))?;
        let fetches = check(workspace, &manifest, &key)?;
        let (whole, total) = (SourceId("bundle".to_owned()), manifest.objects.len() as u64);
        for (done, object) in (1..).zip(&manifest.objects) {
            let (found, _) = digest(objects.next(object)?).map_err(|error| broken(&error))?;
            if found != object.digest {
                return Err(refused(&format!("object {} was changed: its bytes have another digest", object.digest)));
            }
            progress(&whole, done, Some(total), "objects verified");
        }
        objects.end()?;
        Ok(Sound { key, bytes: head.manifest, manifest, fetches })
    })
}

/// Everything that the manifest says holds together.
fn check(workspace: &Workspace, manifest: &Manifest, key: &VerifierKey) -> Result<Vec<Carried>> {
    if manifest.format != FORMAT {
        return Err(refused(&format!("its format is {:?}, this program reads {FORMAT:?}", manifest.format)));
    }
    if manifest.origin != key.to_string() {
        return Err(refused("its manifest names another journal than its signature"));
    }
    if manifest.rehearsal && !workspace.rehearsal {
        return Err(refused("it comes from a rehearsal, whose clock may be set, and this workspace is none"));
    }
    if manifest.exported.duration_since(workspace.now()) > AHEAD {
        return Err(refused(&format!(
            "it was exported at {}, and here it is only {}: one of the clocks is wrong",
            manifest.exported,
            workspace.now()
        )));
    }
    let head = Checkpoint::open(&manifest.checkpoint, key).map_err(|error| refused(&format!("could not {error}")))?;
    if manifest.entries.1 > head.size || manifest.entries.0 > manifest.entries.1 {
        return Err(refused("its range of entries is not covered by its tree head"));
    }
    grown(workspace, manifest, &head, key)?;
    let mut fetches: Vec<Carried> = Vec::new();
    for proven in &manifest.fetches {
        let carried = entry(proven, &head)?;
        let seq = carried.entry.seq;
        let last = fetches.last().map(|last| last.entry.seq);
        if last.is_some_and(|last| seq <= last) || seq < manifest.entries.0 || seq >= manifest.entries.1 {
            return Err(refused(&format!("entry {seq} is out of its range or order")));
        }
        let fetch = &carried.fetch;
        if fetch.started > fetch.finished || fetch.finished > manifest.exported {
            return Err(refused(&format!("the fetch of {} in entry {seq} ended after the export", fetch.source)));
        }
        fetches.push(carried);
    }
    names_all(manifest, &fetches)?;
    Ok(fetches)
}

fn entry(proven: &ProvenEntry, head: &Checkpoint) -> Result<Carried> {
    let seq = proven.seq;
    let hashes = decoded(&proven.proof).ok_or_else(|| refused(&format!("the proof of entry {seq} is no proof")))?;
    let leaf = tree::leaf_hash(proven.leaf.as_bytes());
    proof::verify_inclusion(&leaf, seq, head.size, &hashes, &head.root)
        .map_err(|_| refused(&format!("entry {seq} is not in the journal whose head was signed")))?;
    let entry: Entry = serde_json::from_str(&proven.leaf).map_err(|error| broken(&error))?;
    match &entry.event {
        Event::Fetched(fetched) if entry.seq == seq => {
            let fetch = fetched.fetch.clone();
            Ok(Carried { entry, fetch })
        }
        _ => Err(refused(&format!("entry {seq} is no fetch"))),
    }
}

/// The other journal still begins with what its last bundle showed, if that one is known here.
fn grown(workspace: &Workspace, manifest: &Manifest, head: &Checkpoint, key: &VerifierKey) -> Result<()> {
    let Some(previous) = &manifest.previous else { return Ok(()) };
    let known = workspace.records.bundles()?.iter().any(|bundle| bundle.value.manifest == previous.manifest);
    if !known {
        return Ok(());
    }
    let before: Manifest = workspace.read_json(&previous.manifest)?;
    let rewritten = || refused("the other journal no longer begins as it did when its last bundle was exported");
    let before = Checkpoint::open(&before.checkpoint, key).map_err(|_| rewritten())?;
    let hashes = decoded(&previous.proof).ok_or_else(rewritten)?;
    if before.size != previous.size {
        return Err(rewritten());
    }
    proof::verify_consistency(before.size, &before.root, head.size, &head.root, &hashes).map_err(|_| rewritten())
}

fn decoded(proof: &[String]) -> Option<Vec<Hash>> {
    proof.iter().map(|hash| STANDARD.decode(hash).ok()?.try_into().ok()).collect()
}

/// The objects are those that the fetches name, each once; and what came before is said for every source.
fn names_all(manifest: &Manifest, fetches: &[Carried]) -> Result<()> {
    let exchanges = fetches.iter().flat_map(|carried| &carried.fetch.exchanges);
    let named: BTreeSet<Digest> = exchanges.filter_map(|exchange| exchange.object).collect();
    let listed: BTreeSet<Digest> = manifest.objects.iter().map(|object| object.digest).collect();
    if listed.len() != manifest.objects.len() || listed != named {
        return Err(refused("its objects are not those that its fetches name"));
    }
    let from = manifest.entries.0;
    let told = |carried: &Carried| {
        let before = manifest.before.get(&carried.fetch.source);
        before.is_some_and(|before| before.is_none_or(|before| before < from))
    };
    match fetches.iter().find(|carried| !told(carried)) {
        Some(carried) => Err(refused(&format!("it does not say what came before for {}", carried.fetch.source))),
        None => Ok(()),
    }
}
