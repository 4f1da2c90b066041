//! The evidence pack: one ZIP with a review's record, its signatures, its raw inputs, and the proofs that the journal holds them.
//!
//! | Path | Holds |
//! |---|---|
//! | `manifest.json` | every other file with its SHA-256; the journal's key name; what the pack is about |
//! | `review/record.json` | the record as signed: canonical JSON |
//! | `review/record.html`, `.pdf` | the same, drawn |
//! | `vex/RELEASE.openvex.json`, `.cdx.json` | what the maker says about each finding |
//! | `sbom/RELEASE-rN.*` | the SBOMs in scope, as received |
//! | `inputs/RECORD.json` | the very bytes of every advisory that supports an item |
//! | `journal/entries.jsonl` | the entries that the record rests on, each with its inclusion proof |
//! | `journal/checkpoint` | the signed tree head (C2SP tlog-checkpoint) |
//!
//! `wardround evidence verify` needs the pack and the journal's public key, nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::assess::work::WorkState;
use domain::model::finding::FindingId;
use domain::model::journal::{Event, Exported};
use domain::model::raw::Digest;
use domain::model::review::ReviewId;
use domain::model::tlp::Tlp;
use domain::review::record::ReviewRecord;
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;

use super::{documents, vex};
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// Format of the pack; changed only by addition.
pub const FORMAT: &str = "wardround-evidence-pack/1";

/// What the pack says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The review.
    pub review: ReviewId,
    /// Made in a rehearsal: no evidence.
    pub rehearsal: bool,
    /// The maker.
    pub organisation: String,
    /// Digest of the record that was signed.
    pub record: Digest,
    /// Highest mark inside.
    pub tlp: Tlp,
    /// Verifier key of the journal, for comparison with the one kept elsewhere.
    pub journal_key: String,
    /// Every other file, with its SHA-256.
    pub files: BTreeMap<String, Digest>,
}

/// A journal entry with the proof that the signed tree holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenEntry {
    /// Position in the journal.
    pub seq: u64,
    /// The entry's canonical JSON, the leaf of the tree.
    pub leaf: String,
    /// Hashes from the leaf's sibling up to the root, base64 (RFC 6962, 2.1.1).
    pub proof: Vec<String>,
}

/// A pack as written.
#[derive(Debug)]
pub struct Pack {
    /// The ZIP's bytes.
    pub bytes: Vec<u8>,
    /// Files in it.
    pub files: usize,
    /// Advisories whose raw bytes are in it.
    pub inputs: usize,
    /// Journal entries in it.
    pub entries: usize,
}

/// Writes the pack of a sealed review, and records that it left.
pub fn export(workspace: &mut Workspace, id: ReviewId, actor: &str) -> Result<Pack> {
    let (pack, tlp) = write(workspace, id)?;
    let exported =
        Exported { kind: "evidence_pack".to_owned(), about: id.to_string(), digest: Digest::of(&pack.bytes), tlp };
    workspace.append(actor, Event::Exported(exported))?;
    Ok(pack)
}

fn write(workspace: &Workspace, id: ReviewId) -> Result<(Pack, Tlp)> {
    let row = crate::review::find(workspace, id)?;
    if row.state.word() != "sealed" {
        return Err(Error::refused(format!("pack {id}: it is {}; only a sealed review is evidence", row.state.word())));
    }
    let documents = documents::documents(workspace, id)?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let record = &documents.record;
    if record.tlp == Tlp::Red {
        return Err(Error::refused(format!("pack {id}: it rests on records marked TLP:RED, which are never exported")));
    }
    files.insert("review/record.json".to_owned(), documents.json);
    files.insert("review/record.html".to_owned(), documents.html.into_bytes());
    files.insert("review/record.pdf".to_owned(), documents.pdf);
    add_releases(workspace, record, &mut files)?;
    let (inputs, findings) = add_inputs(workspace, record, &mut files)?;
    let entries = entries(workspace, id, record, &findings)?;
    let lines: Vec<String> =
        entries.iter().map(serde_json::to_string).collect::<std::result::Result<_, _>>().map_err(unwritable)?;
    files.insert("journal/entries.jsonl".to_owned(), (lines.join("\n") + "\n").into_bytes());
    let head =
        workspace.records.head()?.ok_or_else(|| Error::refused("write a pack: the journal has no signed head"))?;
    files.insert("journal/checkpoint".to_owned(), head.into_bytes());
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        review: id,
        rehearsal: workspace.rehearsal,
        organisation: workspace.config.organisation.clone(),
        record: documents.digest,
        tlp: record.tlp,
        journal_key: workspace.records.verifier_key().to_string(),
        files: files.iter().map(|(name, bytes)| (name.clone(), Digest::of(bytes))).collect(),
    };
    let count = files.len() + 1;
    let bytes = zipped(&manifest, &files)?;
    Ok((Pack { bytes, files: count, inputs, entries: entries.len() }, record.tlp))
}

fn unwritable(error: impl std::fmt::Display) -> Error {
    Error::refused(format!("write a pack: {error}"))
}

fn add_releases(workspace: &Workspace, record: &ReviewRecord, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in &record.scope {
        let name = file_name(&entry.release.to_string());
        for (format, ending) in [(vex::Format::OpenVex, "openvex.json"), (vex::Format::CycloneDx, "cdx.json")] {
            if format == vex::Format::OpenVex && !has_findings(workspace, &entry.release)? {
                continue;
            }
            let document = vex::write(workspace, &entry.release, format, Tlp::AmberStrict)?;
            files.insert(format!("vex/{name}.{ending}"), document.bytes);
        }
        if let Some(sbom) = &entry.sbom {
            let ending = if sbom.format.ends_with("XML") {
                "xml"
            } else if sbom.format.ends_with("JSON") {
                "json"
            } else {
                "txt"
            };
            files.insert(format!("sbom/{name}-r{}.{ending}", sbom.revision), workspace.archive.read(&sbom.digest)?);
        }
    }
    Ok(())
}

/// Whether there is anything to say: OpenVEX knows no empty document.
fn has_findings(workspace: &Workspace, release: &domain::model::product::ReleaseId) -> Result<bool> {
    let filter = store::records::FindingFilter { release: Some(release.clone()), ..Default::default() };
    Ok(workspace.records.findings(&filter)?.iter().any(|row| row.state != WorkState::Gone))
}

/// The bytes of every record that supports an item, and the findings they belong to.
fn add_inputs(
    workspace: &Workspace,
    record: &ReviewRecord,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(usize, BTreeSet<FindingId>)> {
    let mut findings = BTreeSet::new();
    let mut inputs = 0;
    for item in &record.items {
        let Ok(id) = item.finding.parse::<FindingId>() else { continue };
        findings.insert(id);
        let Some(history) = workspace.records.finding(id)? else { continue };
        for reason in &history.matched.reasons {
            let name = format!(
                "inputs/{}-{}-{}.json",
                file_name(&reason.source.0),
                file_name(&reason.record),
                reason.revision.short()
            );
            if let std::collections::btree_map::Entry::Vacant(place) = files.entry(name) {
                place.insert(crate::explain::record_bytes(workspace, reason)?);
                inputs += 1;
            }
        }
    }
    Ok((inputs, findings))
}

/// The entries that a review rests on: the workspace, people, its SBOMs, runs and fetches, judgements, and its own steps.
fn entries(
    workspace: &Workspace,
    id: ReviewId,
    record: &ReviewRecord,
    findings: &BTreeSet<FindingId>,
) -> Result<Vec<ProvenEntry>> {
    let size = workspace.records.tree_size()?;
    let mut proven = Vec::new();
    for entry in workspace.records.entries(&store::records::EntryFilter::default())? {
        if !belongs(&entry.event, id, record, findings, entry.at) {
            continue;
        }
        let leaf = workspace
            .records
            .leaf_data(entry.seq)?
            .ok_or_else(|| Error::refused(format!("write a pack: journal entry {} is missing", entry.seq)))?;
        let proof =
            workspace.records.inclusion_proof(entry.seq, size)?.iter().map(|hash| STANDARD.encode(hash)).collect();
        proven.push(ProvenEntry { seq: entry.seq, leaf, proof });
    }
    Ok(proven)
}

fn belongs(
    event: &Event,
    id: ReviewId,
    record: &ReviewRecord,
    findings: &BTreeSet<FindingId>,
    at: jiff::Timestamp,
) -> bool {
    let in_period = at >= record.period_start && at < record.period_end;
    match event {
        Event::WorkspaceCreated(_) | Event::UserAdded(_) => true,
        Event::Configured(configured) => configured.file == record.tool.configuration,
        Event::SbomImported(sbom) => {
            record.scope.iter().any(|entry| entry.sbom.as_ref().is_some_and(|known| known.digest == sbom.original))
        }
        Event::Fetched(_)
        | Event::RunFinished(_)
        | Event::HeldAccepted(_)
        | Event::SourceRecorded(_)
        | Event::SourceApproved(_)
        | Event::GapReviewed(_)
        | Event::BundleImported(_)
        | Event::WatchSet(_)
        | Event::WatchLooked(_)
        | Event::WatchEnded(_) => in_period,
        Event::BulletinAdded(bulletin) => record.bulletins.iter().any(|known| known.number == bulletin.number),
        Event::Assessed(assessment) => findings.contains(&assessment.finding),
        Event::AssessmentApproved(approved) => findings.contains(&approved.finding),
        Event::ReviewOpened(review) => review.id == id,
        Event::ReviewConcluded(concluded) => concluded.review == id,
        Event::ReviewSigned(signed) => signed.review == id,
        Event::ReviewSealed(sealed) => sealed.review == id,
        Event::ReleaseAdded(added) => record.scope.iter().any(|entry| entry.release == added.release),
        // Reports may hold what their senders and the persons in them do not want passed on.
        Event::Exported(_) | Event::ReportReceived(_) | Event::ReportMoved(_) => false,
    }
}

fn file_name(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '@') { c } else { '_' })
        .collect()
}

/// A ZIP without times of its own, entries in order of their names: the same content gives the same bytes.
fn zipped(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let manifest = serde_json::to_vec_pretty(manifest).map_err(unwritable)?;
    let all =
        std::iter::once(("manifest.json", &manifest)).chain(files.iter().map(|(name, bytes)| (name.as_str(), bytes)));
    for (name, bytes) in all {
        zip.start_file(name, options).map_err(unwritable)?;
        zip.write_all(bytes).map_err(unwritable)?;
    }
    Ok(zip.finish().map_err(unwritable)?.into_inner())
}
