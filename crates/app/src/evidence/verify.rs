//! Verifying a pack offline: nothing but the pack and the journal's public key, kept elsewhere.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::model::journal::{Entry, Event, User};
use domain::model::raw::Digest;
use domain::model::review::{Meaning, Signature};
use domain::review::record::ReviewRecord;
use standards::tlog::{self, Checkpoint, Hash, VerifierKey};

use super::pack::{FORMAT, Manifest, ProvenEntry};
use crate::error::{Error, Result};
use crate::people;

/// Largest file of a pack, and of all its files together: a hostile pack must not fill the memory.
const LARGEST_FILE: u64 = 512 << 20;
const LARGEST_PACK: u64 = 4 << 30;

/// What verifying found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What was checked and holds, as sentences.
    pub holds: Vec<String>,
    /// What does not hold, as sentences. Empty: the pack is sound.
    pub problems: Vec<String>,
    /// What a reader has to know, as sentences.
    pub notes: Vec<String>,
}

impl Verdict {
    /// Whether everything holds.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    fn check(&mut self, holds: bool, yes: String, no: impl FnOnce() -> String) {
        if holds { self.holds.push(yes) } else { self.problems.push(no()) }
    }
}

/// Verifies a pack with the journal's public key (`name+hash+base64`).
///
/// # Errors
/// The pack is no pack, or the key no key. Everything else is in the verdict.
pub fn verify(pack: &[u8], key: &str) -> Result<Verdict> {
    let key: VerifierKey =
        key.trim().parse().map_err(|error| Error::refused(format!("read the public key: {error}")))?;
    let mut files = unzip(pack)?;
    let manifest =
        files.remove("manifest.json").ok_or_else(|| Error::refused("verify the pack: it has no manifest.json"))?;
    let manifest: Manifest =
        serde_json::from_slice(&manifest).map_err(|error| Error::refused(format!("read manifest.json: {error}")))?;
    if manifest.format != FORMAT {
        return Err(Error::refused(format!(
            "verify the pack: its format is {:?}, this program reads {FORMAT:?}",
            manifest.format
        )));
    }
    let mut verdict = Verdict::default();
    check_files(&manifest, &files, &mut verdict);
    let record = check_record(&manifest, &files, &mut verdict);
    let entries = check_journal(&manifest, &files, &key, &mut verdict);
    if let Some(record) = record {
        check_signatures(&manifest, &record, &entries, &mut verdict);
        check_inputs(&record, &files, &mut verdict);
        check_sboms(&record, &files, &entries, &mut verdict);
        check_runs(&record, &entries, &mut verdict);
    }
    if manifest.rehearsal {
        verdict.notes.push("This pack comes from a rehearsal, whose clock may be set. It is no evidence.".to_owned());
    }
    Ok(verdict)
}

fn unzip(pack: &[u8]) -> Result<BTreeMap<String, Vec<u8>>> {
    let broken = |error: &dyn std::fmt::Display| Error::refused(format!("read the pack: {error}"));
    let mut zip = zip::ZipArchive::new(Cursor::new(pack)).map_err(|error| broken(&error))?;
    let mut files = BTreeMap::new();
    let mut total = 0;
    for index in 0..zip.len() {
        let file = zip.by_index(index).map_err(|error| broken(&error))?;
        let name = file.name().map_err(|error| broken(&error))?.into_owned();
        let mut bytes = Vec::new();
        let read = file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| broken(&error))? as u64;
        total += read;
        if read > LARGEST_FILE || total > LARGEST_PACK {
            return Err(broken(&format!("{name} is larger than any file of a pack")));
        }
        if files.insert(name.clone(), bytes).is_some() {
            return Err(broken(&format!("{name} is in it twice")));
        }
    }
    Ok(files)
}

fn check_files(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>, verdict: &mut Verdict) {
    for (name, digest) in &manifest.files {
        match files.get(name) {
            None => verdict.problems.push(format!("{name} is missing.")),
            Some(bytes) if Digest::of(bytes) != *digest => {
                verdict.problems.push(format!("{name} was changed: its SHA-256 is not the manifest's."));
            }
            Some(_) => {}
        }
    }
    for name in files.keys().filter(|name| !manifest.files.contains_key(*name)) {
        verdict.problems.push(format!("{name} is not in the manifest."));
    }
    if verdict.is_sound() {
        verdict.holds.push(format!("All {} files have the manifest's digests.", manifest.files.len()));
    }
}

fn check_record(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>, verdict: &mut Verdict) -> Option<ReviewRecord> {
    let bytes = files.get("review/record.json")?;
    verdict.check(
        Digest::of(bytes) == manifest.record,
        format!("The record of {} is the one that the manifest names.", manifest.review),
        || "review/record.json is not the record that the manifest names.".to_owned(),
    );
    match serde_json::from_slice(bytes) {
        Ok(record) => Some(record),
        Err(error) => {
            verdict.problems.push(format!("review/record.json cannot be read: {error}."));
            None
        }
    }
}

/// Checks the signed head and every entry's inclusion; returns the entries that are proven.
fn check_journal(
    manifest: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    key: &VerifierKey,
    verdict: &mut Verdict,
) -> Vec<Entry> {
    let text =
        |name: &str| files.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let checkpoint = match Checkpoint::open(&text("journal/checkpoint"), key) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            verdict.problems.push(format!("The tree head is not signed by {}: {error}.", key.name()));
            return Vec::new();
        }
    };
    verdict.holds.push(format!("The tree head over {} journal entries is signed by {}.", checkpoint.size, key.name()));
    if manifest.journal_key != key.to_string() {
        verdict.problems.push("The manifest names another journal key than the one given.".to_owned());
    }
    let mut entries = Vec::new();
    for line in text("journal/entries.jsonl").lines() {
        match proven(line, &checkpoint) {
            Ok(entry) => entries.push(entry),
            Err(reason) => verdict.problems.push(reason),
        }
    }
    verdict.holds.push(format!("{} journal entries are proven to be in that tree.", entries.len()));
    entries
}

fn proven(line: &str, checkpoint: &Checkpoint) -> std::result::Result<Entry, String> {
    let proven: ProvenEntry =
        serde_json::from_str(line).map_err(|error| format!("A journal entry cannot be read: {error}."))?;
    let decode = |hash: &String| STANDARD.decode(hash).ok().and_then(|bytes| Hash::try_from(bytes.as_slice()).ok());
    let proof: Option<Vec<Hash>> = proven.proof.iter().map(decode).collect();
    let proof = proof.ok_or_else(|| format!("The proof of journal entry {} cannot be read.", proven.seq))?;
    let leaf = tlog::tree::leaf_hash(proven.leaf.as_bytes());
    tlog::proof::verify_inclusion(&leaf, proven.seq, checkpoint.size, &proof, &checkpoint.root)
        .map_err(|error| format!("Journal entry {} is not in the signed tree: {error}.", proven.seq))?;
    let entry: Entry = serde_json::from_str(&proven.leaf)
        .map_err(|error| format!("Journal entry {} cannot be read: {error}.", proven.seq))?;
    if entry.seq == proven.seq {
        Ok(entry)
    } else {
        Err(format!("Journal entry {} calls itself {}.", proven.seq, entry.seq))
    }
}

fn check_signatures(manifest: &Manifest, record: &ReviewRecord, entries: &[Entry], verdict: &mut Verdict) {
    let users: BTreeMap<&str, &User> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::UserAdded(user) => Some((user.name.as_str(), user)),
            _ => None,
        })
        .collect();
    let signatures: Vec<&Signature> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::ReviewSigned(signed) if signed.review == record.review => Some(&signed.signature),
            _ => None,
        })
        .collect();
    for signature in &signatures {
        let genuine = signature.record == manifest.record
            && users.get(signature.user.as_str()).is_some_and(|user| people::is_signed_by(signature, user));
        let meaning = if signature.meaning == Meaning::Reviewed { "reviewed" } else { "approved" };
        verdict.check(
            genuine,
            format!(
                "Signed as {meaning} by {} at {}, bound to the record's digest.",
                signature.printed_name, signature.at
            ),
            || format!("The signature of {} is not genuine for this record.", signature.printed_name),
        );
    }
    let by = |meaning: Meaning| {
        signatures.iter().find(|signature| signature.meaning == meaning).map(|signature| &signature.user)
    };
    let two = matches!((by(Meaning::Reviewed), by(Meaning::Approved)), (Some(one), Some(other)) if one != other);
    verdict.check(two, "Performer and approver are two persons.".to_owned(), || {
        "The record lacks signatures of two persons, as reviewed and as approved.".to_owned()
    });
    let sealed = entries.iter().any(|entry| matches!(&entry.event, Event::ReviewSealed(sealed) if sealed.review == record.review && sealed.record == manifest.record));
    verdict.check(sealed, "The journal says that the record is sealed.".to_owned(), || {
        "The journal does not say that this record is sealed.".to_owned()
    });
}

/// Every record that an item names is there with the bytes whose digest begins as the item says.
fn check_inputs(record: &ReviewRecord, files: &BTreeMap<String, Vec<u8>>, verdict: &mut Verdict) {
    let digests: Vec<String> = files
        .iter()
        .filter(|(name, _)| name.starts_with("inputs/"))
        .map(|(_, bytes)| Digest::of(bytes).short())
        .collect();
    let mut named = 0;
    let mut missing = Vec::new();
    for item in record.items.iter().filter(|item| item.why != "gone") {
        for name in &item.records {
            let Some(revision) = name.rsplit_once('(').map(|(_, rest)| rest.trim_end_matches(')')) else { continue };
            named += 1;
            if !digests.iter().any(|digest| digest == revision) {
                missing.push(format!("{} in {}", name, item.finding));
            }
        }
    }
    verdict.check(
        missing.is_empty(),
        format!("The raw bytes behind all {named} advisory revisions that the items name are in the pack."),
        || {
            format!(
                "The raw bytes of {} advisory revisions are missing or changed: {}.",
                missing.len(),
                missing.join("; ")
            )
        },
    );
}

fn check_sboms(record: &ReviewRecord, files: &BTreeMap<String, Vec<u8>>, entries: &[Entry], verdict: &mut Verdict) {
    let present: Vec<Digest> =
        files.iter().filter(|(name, _)| name.starts_with("sbom/")).map(|(_, bytes)| Digest::of(bytes)).collect();
    let sboms: Vec<_> =
        record.scope.iter().filter_map(|entry| entry.sbom.as_ref().map(|sbom| (&entry.release, sbom))).collect();
    for (release, sbom) in &sboms {
        let journaled = entries
            .iter()
            .any(|entry| matches!(&entry.event, Event::SbomImported(known) if known.original == sbom.digest));
        if !present.contains(&sbom.digest) || !journaled {
            verdict.problems.push(format!("The SBOM of {release} is not the one that the record names."));
        }
    }
    verdict.holds.push(format!("{} SBOMs in scope are in the pack, as received.", sboms.len()));
}

fn check_runs(record: &ReviewRecord, entries: &[Entry], verdict: &mut Verdict) {
    for run in &record.runs {
        let journaled = entries.iter().any(|entry| matches!(&entry.event, Event::RunFinished(known) if known.id == run.run && known.knowledge == run.knowledge));
        if !journaled {
            verdict.problems.push(format!("{} is not in the journal as the record states it.", run.run));
        }
    }
    verdict.holds.push(format!(
        "{} monitoring runs of the period are in the journal as the record states them.",
        record.runs.len()
    ));
}
