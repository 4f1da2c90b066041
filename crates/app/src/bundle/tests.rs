//! Bundles between two workspaces of one maker: what is sound is taken in as it was fetched, and nothing else is at all.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::clock::FixedClock;
use domain::model::journal::Event;
use domain::model::source::{Fetch, FetchOutcome, SourceId};
use jiff::Timestamp;
use tempfile::TempDir;

use super::container::{Container, digest};
use super::manifest::Manifest;
use super::*;
use crate::assess::{self, Actor};
use crate::error::{Error, Result};
use crate::sync;
use crate::workspace::{NewWorkspace, Workspace};

const PASSPHRASE: &str = "correct horse battery";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// One side of the gap.
struct Side {
    workspace: Workspace,
    anna: Actor,
}

/// Both sides, and a folder for what passes between them.
struct Gap {
    folder: TempDir,
    outside: Side,
    inside: Side,
}

fn config(sources: &[(&str, &str)]) -> String {
    let head = "[organisation]\nname = \"Example Medical\"\ncontact = \"psirt@example.com\"\n\n[[product]]\nid = \"pump\"\nname = \"Pump\"\n\n[review]\nevery = \"1 month\"\nprocedure = \"SOP-042\"\n\n";
    let blocks = sources.iter().map(|(id, kind)| {
        let more = if *kind == "osv" { "ecosystem = \"npm\"\n" } else { "" };
        format!(
            "[[source]]\nid = \"{id}\"\nkind = \"{kind}\"\n{more}why = \"test\"\nevery = \"1 hour\"\nfresh = \"2 days\"\n\n"
        )
    });
    head.to_owned() + &blocks.collect::<String>()
}

const BOTH: [(&str, &str); 2] = [("osv:npm", "osv"), ("cisa-kev", "cisa-kev")];

impl Side {
    fn new(dir: &Path, sources: &[(&str, &str)], rehearsal: bool) -> Self {
        let clock = Arc::new(FixedClock(at("2024-01-01T08:00:00Z")));
        let config = config(sources);
        let new = NewWorkspace { organisation: "Example Medical", products: &[], config: Some(&config), rehearsal };
        let mut workspace = Workspace::create(dir, &new, clock).expect("a workspace");
        assess::add_user(&mut workspace, "anna", "Anna Berg", &["reviewer".to_owned()], PASSPHRASE).expect("a user");
        let anna = assess::authenticate(&workspace, "anna", PASSPHRASE).expect("anna");
        Self { workspace, anna }
    }

    fn clock(&mut self, now: &str) {
        self.workspace.set_clock(Arc::new(FixedClock(at(now)))).expect("a rehearsal");
    }

    fn fetch(&mut self, now: &str, source: &str, path: &Path) -> Fetch {
        self.clock(now);
        let source = SourceId(source.to_owned());
        sync::sync_files(&mut self.workspace, &source, path, &mut |_, _, _, _| {}).expect("a fetch").fetch
    }

    fn key(&self) -> PathBuf {
        self.workspace.dir.join("keys/journal.pub")
    }

    fn entries(&self) -> u64 {
        self.workspace.records.tree_size().expect("a journal")
    }

    fn live(&self, source: &str) -> u64 {
        self.workspace.knowledge.live(&SourceId(source.to_owned()))
    }

    fn last(&self, source: &str) -> Fetch {
        let last = self.workspace.records.last_fetch(&SourceId(source.to_owned())).expect("records");
        last.expect("a fetch").value.fetch
    }

    fn is_sound(&self) {
        let (records, archive) = (&self.workspace.records, &self.workspace.archive);
        let report = records.verify(archive, records.verifier_key(), &[]).expect("the journal is read");
        assert!(report.is_sound(), "{report:?}");
    }
}

impl Gap {
    fn new() -> Self {
        Self::with(&BOTH)
    }

    fn with(inside: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let outside = Side::new(&folder.path().join("outside"), &BOTH, true);
        let inside = Side::new(&folder.path().join("inside"), inside, true);
        Self { folder, outside, inside }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A folder with npm advisories for these packages.
    fn advisories(&self, name: &str, packages: &[&str]) -> PathBuf {
        let folder = self.path(name);
        fs::create_dir_all(&folder).expect("a folder");
        for (number, package) in packages.iter().enumerate() {
            let id = format!("GHSA-2222-2222-{:04}", 2222 + number);
            let text = format!(
                r#"{{"id":"{id}","modified":"2024-01-01T00:00:00Z","summary":"s","details":"d","affected":[{{"package":{{"ecosystem":"npm","name":"{package}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}}]}}]}}]}}"#
            );
            fs::write(folder.join(format!("{id}.json")), text).expect("a file");
        }
        folder
    }

    /// The same as the complete set that the provider packs.
    fn complete(&self, name: &str, packages: &[&str]) -> PathBuf {
        let folder = self.advisories(&format!("{name}-loose"), packages);
        let path = self.path(name).join("all.zip");
        fs::create_dir_all(self.path(name)).expect("a folder");
        let mut zip = zip::ZipWriter::new(fs::File::create(&path).expect("a file"));
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("a file");
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(entry.file_name().to_string_lossy().as_ref(), options).expect("an entry");
            zip.write_all(&fs::read(entry.path()).expect("its bytes")).expect("written");
        }
        zip.finish().expect("the end");
        path
    }

    /// A catalogue of known exploited vulnerabilities with so many entries.
    fn catalogue(&self, name: &str, count: usize) -> PathBuf {
        let entry = |number: usize| {
            format!(
                r#"{{"cveID":"CVE-2023-{:04}","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2024-01-01","shortDescription":"s","requiredAction":"a","dueDate":"2024-02-01","notes":""}}"#,
                1_000 + number
            )
        };
        let entries: Vec<String> = (0..count).map(entry).collect();
        let text = format!(
            r#"{{"catalogVersion":"1","dateReleased":"2024-01-02T00:00:00Z","count":{count},"vulnerabilities":[{}]}}"#,
            entries.join(",")
        );
        let path = self.path(name);
        fs::write(&path, text).expect("a file");
        path
    }

    fn export(&mut self, now: &str, name: &str, after: After) -> PathBuf {
        self.outside.clock(now);
        let file = self.path(name);
        let new = NewExport { file: &file, after, sources: &[] };
        export(&mut self.outside.workspace, &new, "wardround", &mut |_, _| {}).expect("a bundle");
        file
    }

    fn import(&mut self, now: &str, file: &Path, allow_gap: Option<&str>) -> Result<Imported> {
        let key = self.outside.key();
        self.inside.clock(now);
        let new = NewImport { file, key: Some(&key), allow_gap };
        import(&mut self.inside.workspace, &self.inside.anna, &new, &mut |_, _, _, _| {})
    }

    /// Imports something that has to be refused, and returns why. Nothing may have changed.
    #[track_caller]
    fn refused(&mut self, now: &str, file: &Path) -> String {
        let before = (self.inside.entries(), self.inside.workspace.knowledge.digest());
        let error = self.import(now, file, None).expect_err("it must be refused");
        assert_eq!(before, (self.inside.entries(), self.inside.workspace.knowledge.digest()), "{error}");
        error.to_string()
    }
}

/// First fetches of both sources, exported.
fn first(gap: &mut Gap) -> PathBuf {
    let (advisories, catalogue) = (gap.advisories("npm-1", &["left", "right"]), gap.catalogue("kev-1.json", 3));
    gap.outside.fetch("2024-01-02T06:00:00Z", "osv:npm", &advisories);
    gap.outside.fetch("2024-01-02T06:10:00Z", "cisa-kev", &catalogue);
    gap.export("2024-01-02T07:00:00Z", "bundle-1.tar.zst", After::Nothing)
}

#[test]
fn an_import_is_as_good_a_record_as_a_fetch() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    let imported = gap.import("2024-01-03T09:00:00Z", &bundle, None).expect("a sound bundle");
    assert!(imported.changed && imported.holes.is_empty());
    assert_eq!(imported.sources.iter().map(|source| source.imported).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(gap.inside.workspace.knowledge.digest(), gap.outside.workspace.knowledge.digest());

    let (theirs, ours) = (gap.outside.last("osv:npm"), gap.inside.last("osv:npm"));
    assert_eq!((ours.started, ours.finished), (theirs.started, theirs.finished), "the origin's dates");
    assert_eq!((ours.counts, ours.live, ours.newest), (theirs.counts, theirs.live, theirs.newest));
    assert_eq!((ours.cursor, ours.data_timestamp), (theirs.cursor, theirs.data_timestamp));
    assert_eq!(ours.outcome, FetchOutcome::Ok);
    assert_eq!(ours.origin, Some(gap.outside.workspace.records.verifier_key().to_string()));
    assert!(ours.checks.iter().all(|check| check.agrees) && ours.checks.len() >= 2, "{:?}", ours.checks);
    gap.inside.is_sound();
    let rebuilt = crate::rebuild::in_place(&mut gap.inside.workspace, &mut |_, _, _| {}).expect("a rebuild");
    assert!(rebuilt.agrees(), "{rebuilt:?}");
    let status = |now: &str| {
        let statuses = sync::status::all(&gap.inside.workspace, at(now)).expect("a status");
        serde_json::to_value(statuses[0].state).expect("a word")
    };
    assert_ne!(status("2024-01-03T10:00:00Z"), "stale");
    assert_eq!(status("2024-01-05T10:00:00Z"), "stale", "age counts from the fetch, not from the import");
}

#[test]
fn the_same_bundle_twice_changes_nothing() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    gap.import("2024-01-03T09:00:00Z", &bundle, None).expect("a sound bundle");
    let before = gap.inside.entries();
    let again = gap.import("2024-01-03T10:00:00Z", &bundle, None).expect("a sound bundle");
    assert!(!again.changed);
    assert_eq!(again.sources.iter().map(|source| source.present).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(gap.inside.entries(), before);
}

#[test]
fn bundles_join_one_another_and_each_fetch_comes_once() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    gap.import("2024-01-03T09:00:00Z", &bundle, None).expect("a sound bundle");
    let advisories = gap.advisories("npm-2", &["left", "middle", "right"]);
    gap.outside.fetch("2024-01-04T06:00:00Z", "osv:npm", &advisories);
    let second = gap.export("2024-01-04T07:00:00Z", "bundle-2.tar.zst", After::Last);
    // An overlapping one, too: from an entry on, all over again.
    let overlapping = gap.export("2024-01-04T08:00:00Z", "bundle-2b.tar.zst", After::Entry(0));
    let imported = gap.import("2024-01-05T09:00:00Z", &second, None).expect("a sound bundle");
    assert_eq!(imported.sources.len(), 1, "nothing of a source that brought nothing");
    assert_eq!(gap.inside.workspace.knowledge.digest(), gap.outside.workspace.knowledge.digest());
    let again = gap.import("2024-01-05T10:00:00Z", &overlapping, None).expect("a sound bundle");
    assert!(!again.changed, "{again:?}");
    let after_file = After::Bundle(bundle);
    let catalogue = gap.catalogue("kev-2.json", 4);
    gap.outside.fetch("2024-01-06T06:00:00Z", "cisa-kev", &catalogue);
    let third = gap.export("2024-01-06T07:00:00Z", "bundle-3.tar.zst", after_file);
    let imported = gap.import("2024-01-07T09:00:00Z", &third, None).expect("a sound bundle");
    assert!(imported.changed);
    assert_eq!(gap.inside.workspace.knowledge.digest(), gap.outside.workspace.knowledge.digest());
    gap.inside.is_sound();
}

/// A fetch that shows only what is new: what a feed of changes does.
fn incremental(gap: &mut Gap, now: &str, name: &str, package: &str) {
    let folder = gap.advisories(name, &[package]);
    let text = fs::read_to_string(folder.join("GHSA-2222-2222-2222.json")).expect("the advisory");
    fs::remove_file(folder.join("GHSA-2222-2222-2222.json")).expect("removed");
    let id = format!("GHSA-3333-3333-{:04}", 3000 + package.len());
    let file = folder.join(format!("{id}.json"));
    fs::write(&file, text.replace("GHSA-2222-2222-2222", &id)).expect("a file");
    let fetch = gap.outside.fetch(now, "osv:npm", &file);
    assert!(!fetch.full_set, "a single record is no complete set");
}

#[test]
fn a_missing_bundle_is_named_and_what_is_owed_stays_owed_until_a_complete_set_comes() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    gap.import("2024-01-03T09:00:00Z", &bundle, None).expect("a sound bundle");
    incremental(&mut gap, "2024-01-04T06:00:00Z", "a", "lost");
    let lost = gap.export("2024-01-04T07:00:00Z", "lost.tar.zst", After::Last);
    incremental(&mut gap, "2024-01-05T06:00:00Z", "b", "found");
    let next = gap.export("2024-01-05T07:00:00Z", "next.tar.zst", After::Last);
    let why = gap.refused("2024-01-06T09:00:00Z", &next);
    assert!(why.contains("osv:npm after entry") && why.contains("--allow-gap"), "{why}");
    assert!(!why.contains("cisa-kev"), "{why}");

    let reason = Some("The medium of 4 January broke.");
    let imported = gap.import("2024-01-06T09:10:00Z", &next, reason).expect("with a reason");
    assert_eq!(imported.holes.len(), 1);
    let owing = gap.inside.last("osv:npm");
    assert_eq!(owing.outcome, FetchOutcome::Incomplete);
    assert!(owing.owed.iter().any(|owed| owed.contains("The medium of 4 January broke")), "{:?}", owing.owed);
    incremental(&mut gap, "2024-01-07T06:00:00Z", "c", "another");
    let third = gap.export("2024-01-07T07:00:00Z", "third.tar.zst", After::Last);
    gap.import("2024-01-07T09:00:00Z", &third, None).expect("it joins");
    assert_eq!(gap.inside.last("osv:npm").outcome, FetchOutcome::Incomplete, "what is missing is still missing");

    // What turns up late is not laid over what came after it.
    let too_late = gap.import("2024-01-07T10:00:00Z", &lost, None).expect("a sound bundle");
    assert!(!too_late.changed && too_late.sources[0].late.len() == 1, "{too_late:?}");

    let all = gap.complete("all", &["left", "right", "all"]);
    let full = gap.outside.fetch("2024-01-08T06:00:00Z", "osv:npm", &all);
    assert!(full.full_set || full.outcome == FetchOutcome::Held, "{full:?}");
    if full.outcome == FetchOutcome::Held {
        sync::accept_held(&mut gap.outside.workspace, &SourceId("osv:npm".to_owned()), "anna", "right")
            .expect("accepted");
        gap.outside.fetch("2024-01-08T06:10:00Z", "osv:npm", &all);
    }
    let fourth = gap.export("2024-01-08T07:00:00Z", "fourth.tar.zst", After::Last);
    gap.import("2024-01-08T09:00:00Z", &fourth, None).expect("it joins");
    if gap.inside.last("osv:npm").outcome == FetchOutcome::Held {
        sync::accept_held(&mut gap.inside.workspace, &SourceId("osv:npm".to_owned()), "anna", "right")
            .expect("accepted");
        gap.import("2024-01-08T10:00:00Z", &fourth, None).expect("it joins");
    }
    assert_eq!(gap.inside.last("osv:npm").outcome, FetchOutcome::Ok, "{:?}", gap.inside.last("osv:npm").owed);
    assert_eq!(gap.inside.live("osv:npm"), gap.outside.live("osv:npm"));
    gap.inside.is_sound();
}

#[test]
fn a_set_that_shrinks_is_held_back_here_too_until_somebody_here_accepts_it() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    gap.import("2024-01-03T09:00:00Z", &bundle, None).expect("a sound bundle");
    let small = gap.catalogue("kev-small.json", 1);
    let kev = SourceId("cisa-kev".to_owned());
    assert_eq!(gap.outside.fetch("2024-01-04T06:00:00Z", "cisa-kev", &small).outcome, FetchOutcome::Held);
    sync::accept_held(&mut gap.outside.workspace, &kev, "anna", "two were withdrawn").expect("accepted");
    assert_eq!(gap.outside.fetch("2024-01-04T06:30:00Z", "cisa-kev", &small).outcome, FetchOutcome::Ok);
    let second = gap.export("2024-01-04T07:00:00Z", "bundle-2.tar.zst", After::Last);

    let imported = gap.import("2024-01-05T09:00:00Z", &second, None).expect("a sound bundle");
    let last = imported.sources[0].last.clone().expect("a fetch");
    assert_eq!((last.outcome, last.origin_entry), (FetchOutcome::Held, None));
    assert_eq!(gap.inside.live("cisa-kev"), 3);
    sync::accept_held(&mut gap.inside.workspace, &kev, "anna", "two were withdrawn").expect("accepted");
    let again = gap.import("2024-01-05T10:00:00Z", &second, None).expect("a sound bundle");
    assert_eq!(again.sources[0].last.as_ref().map(|last| last.outcome), Some(FetchOutcome::Ok));
    assert_eq!(gap.inside.live("cisa-kev"), 1);
    assert_eq!(gap.inside.workspace.knowledge.digest(), gap.outside.workspace.knowledge.digest());
}

#[test]
fn a_source_that_is_unknown_here_is_named_and_the_others_come() {
    let mut gap = Gap::with(&[("cisa-kev", "cisa-kev")]);
    let bundle = first(&mut gap);
    let imported = gap.import("2024-01-03T09:00:00Z", &bundle, None).expect("a sound bundle");
    let left_out: Vec<_> = imported.sources.iter().filter(|source| source.left_out.is_some()).collect();
    assert_eq!(left_out.len(), 1);
    assert_eq!(left_out[0].source.0, "osv:npm");
    assert_eq!(gap.inside.live("cisa-kev"), 3);
    gap.inside.is_sound();
}

#[test]
fn what_is_fetched_here_itself_is_taken_over_by_a_complete_set_only() {
    let mut gap = Gap::new();
    let own = gap.advisories("own", &["own"]);
    gap.inside.fetch("2024-01-02T05:00:00Z", "osv:npm", &own);
    let advisories = gap.complete("npm-1", &["left", "right"]);
    gap.outside.fetch("2024-01-02T06:00:00Z", "osv:npm", &advisories);
    let whole = gap.export("2024-01-02T07:00:00Z", "whole.tar.zst", After::Nothing);
    incremental(&mut gap, "2024-01-03T06:00:00Z", "b", "found");
    let part = gap.export("2024-01-03T07:00:00Z", "part.tar.zst", After::Last);
    let imported = gap.import("2024-01-04T09:00:00Z", &part, None).expect("a sound bundle");
    assert!(!imported.changed);
    let why = imported.sources[0].left_out.clone().expect("it is left out");
    assert!(why.contains("fetches of this workspace itself"), "{why}");
    gap.import("2024-01-04T10:00:00Z", &whole, None).expect("a sound bundle");
    gap.import("2024-01-04T11:00:00Z", &part, None).expect("a sound bundle");
    assert_eq!(gap.inside.live("osv:npm"), gap.outside.live("osv:npm"));
}

#[test]
fn keys_are_named_once_by_a_person_and_then_kept() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    let import_with = |side: &mut Side, key: Option<&Path>| {
        side.clock("2024-01-03T09:00:00Z");
        let new = NewImport { file: &bundle, key, allow_gap: None };
        import(&mut side.workspace, &side.anna, &new, &mut |_, _, _, _| {})
    };
    let why = import_with(&mut gap.inside, None).expect_err("no key is trusted yet").to_string();
    assert!(why.contains("no key of wardround/example-medical/"), "{why}");
    let other = Side::new(&gap.path("other"), &BOTH, true);
    let why = import_with(&mut gap.inside, Some(&other.key())).expect_err("another journal's key").to_string();
    assert!(why.contains("the key given is the one of"), "{why}");
    let why = import_with(&mut gap.outside, None).expect_err("its own bundle").to_string();
    assert!(why.contains("this workspace exported it"), "{why}");

    let key = gap.outside.key();
    import_with(&mut gap.inside, Some(&key)).expect("the right key");
    assert_eq!(fs::read_dir(gap.inside.workspace.dir.join("keys/trusted")).expect("a folder").count(), 1);
    import_with(&mut gap.inside, None).expect("the key is remembered");
    let entries = gap.inside.workspace.records.entry(gap.inside.entries() - 1).expect("records").expect("an entry");
    assert!(matches!(&entries.event, Event::BundleImported(_)) && entries.actor == "anna");

    // A key of the same name that is another one: who holds it cannot speak for the origin.
    let name = gap.outside.workspace.records.verifier_key().name().to_owned();
    let forged =
        standards::tlog::Signer::new(&name, ed25519_dalek::SigningKey::from_bytes(&[9; 32])).expect("a signer");
    let file = gap.path("forged.pub");
    fs::write(&file, forged.verifier().to_string()).expect("a file");
    let why = import_with(&mut gap.inside, Some(&file)).expect_err("another key").to_string();
    assert!(why.contains("as earlier imports say"), "{why}");
}

/// The parts of a bundle, to be put together again with a change.
struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    fn of(path: &Path) -> Self {
        let decoder = zstd::Decoder::new(fs::File::open(path).expect("a bundle")).expect("Zstandard");
        let mut tar = tar::Archive::new(decoder);
        let mut parts = Vec::new();
        for entry in tar.entries().expect("tar") {
            let mut entry = entry.expect("an entry");
            let name = entry.path().expect("a name").to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("its bytes");
            parts.push((name, bytes));
        }
        Self(parts)
    }

    fn write(&self, path: &Path) {
        let encoder = zstd::Encoder::new(fs::File::create(path).expect("a file"), 1).expect("Zstandard");
        let mut tar = tar::Builder::new(encoder.auto_finish());
        for (name, bytes) in &self.0 {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_entry_type(tar::EntryType::Regular);
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            tar.append(&header, bytes.as_slice()).expect("an entry");
        }
        tar.finish().expect("the end");
    }

    fn manifest(&self) -> Manifest {
        serde_json::from_slice(&self.0[1].1).expect("a manifest")
    }
}

#[test]
fn whatever_was_changed_in_a_bundle_it_is_refused_as_a_whole() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    let changed = gap.path("changed.tar.zst");
    let mut check = |what: &str, expected: &str, change: &dyn Fn(&mut Parts)| {
        let mut parts = Parts::of(&bundle);
        change(&mut parts);
        parts.write(&changed);
        let why = gap.refused("2024-01-03T09:00:00Z", &changed);
        assert!(why.contains(expected) && why.contains("nothing was imported"), "{what}: {why}");
    };
    check("a byte of an object", "was changed: its bytes have another digest", &|parts| parts.0[2].1[0] ^= 1);
    check("a longer object", "bytes, the manifest says", &|parts| parts.0[2].1.push(b' '));
    check("an object left out", "it ends before", &|parts| drop(parts.0.pop()));
    check("objects in another order", "is expected", &|parts| parts.0.swap(2, 3));
    check("something more", "which its manifest does not name", &|parts| {
        parts.0.push(("objects/more".to_owned(), Vec::new()));
    });
    check("a name that climbs", "is expected", &|parts| parts.0[2].0 = "../../escaped".to_owned());
    check("a byte of the manifest", "its manifest is not the one that was signed", &|parts| {
        let at = parts.0[1].1.len() / 2;
        parts.0[1].1[at] ^= 1;
    });
    check("a manifest that says another date", "its manifest is not the one that was signed", &|parts| {
        let mut manifest = parts.manifest();
        manifest.exported = at("2024-01-01T00:00:00Z");
        parts.0[1].1 = serde_json::to_vec(&manifest).expect("JSON");
    });
    check("a signature of somebody else", "", &|parts| {
        let name = String::from_utf8_lossy(&parts.0[0].1).lines().nth(1).expect("a name").to_owned();
        let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
        let text = manifest::signed_text(&name, domain::model::raw::Digest::of(&parts.0[1].1));
        let note = standards::tlog::Signer::new(&name, key).and_then(|signer| signer.sign(&text));
        parts.0[0].1 = note.expect("a note").into_bytes();
    });
    check("no signature", "its signature is not one of a bundle", &|parts| parts.0[0].1 = b"none".to_vec());
    assert!(!gap.path("escaped").exists() && !gap.folder.path().join("../escaped").exists());
}

#[test]
fn a_file_that_was_cut_or_flipped_anywhere_is_refused_and_harms_nothing() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    let bytes = fs::read(&bundle).expect("the bundle");
    let file = gap.path("damaged.tar.zst");
    for part in 0..40 {
        let place = bytes.len() * part / 40;
        fs::write(&file, &bytes[..place]).expect("a file");
        gap.refused("2024-01-03T09:00:00Z", &file);
        let mut flipped = bytes.clone();
        flipped[place] ^= 0x55;
        fs::write(&file, &flipped).expect("a file");
        let before = gap.inside.entries();
        // A flipped bit in what no reader looks at, the padding of the container, may pass; what was signed may not.
        if gap.import("2024-01-03T09:00:00Z", &file, None).is_ok() {
            let digests = |path: &Path| {
                Container::open(path)
                    .expect("a bundle")
                    .read(|head, _| Ok(digest(head.manifest.as_slice()).expect("bytes")))
            };
            assert_eq!(digests(&file).expect("a head"), digests(&bundle).expect("a head"));
            return;
        }
        assert_eq!(gap.inside.entries(), before);
    }
}

#[test]
fn a_bomb_is_refused_before_it_grows() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    let file = gap.path("bomb.tar.zst");
    let bomb = |name: &str, stated: u64, kind: tar::EntryType| {
        let encoder = zstd::Encoder::new(fs::File::create(&file).expect("a file"), 1).expect("Zstandard");
        let mut tar = tar::Builder::new(encoder.auto_finish());
        let mut header = tar::Header::new_gnu();
        header.set_path(name).expect("a name");
        header.set_size(stated);
        header.set_entry_type(kind);
        header.set_cksum();
        tar.append(&header, std::io::repeat(0).take(8 << 20)).expect("zeros");
    };
    bomb("signature", 1 << 40, tar::EntryType::Regular);
    assert!(gap.refused("2024-01-03T09:00:00Z", &file).contains("the limit is 65536"));
    // A long name that would be taken into memory.
    bomb("././@LongLink", 1 << 40, tar::EntryType::GNULongName);
    assert!(gap.refused("2024-01-03T09:00:00Z", &file).contains("signature is expected"));
    bomb("signature", 10, tar::EntryType::Symlink);
    gap.refused("2024-01-03T09:00:00Z", &file);
    fs::write(&file, b"no bundle at all").expect("a file");
    gap.refused("2024-01-03T09:00:00Z", &file);
    gap.import("2024-01-03T09:00:00Z", &bundle, None).expect("the true one is still taken in");
}

#[test]
fn bundles_of_rehearsals_and_of_the_future_are_refused() {
    let mut gap = Gap::new();
    let bundle = first(&mut gap);
    let why = gap.refused("2024-01-02T05:00:00Z", &bundle);
    assert!(why.contains("one of the clocks is wrong"), "{why}");
    let mut real = Side::new(&gap.path("real"), &BOTH, false);
    let key = gap.outside.key();
    let new = NewImport { file: &bundle, key: Some(&key), allow_gap: None };
    let why = import(&mut real.workspace, &real.anna, &new, &mut |_, _, _, _| {}).expect_err("a rehearsal").to_string();
    assert!(why.contains("it comes from a rehearsal"), "{why}");
}

#[test]
fn an_export_without_news_or_over_a_file_is_refused() {
    let mut gap = Gap::new();
    let export_to = |gap: &mut Gap, name: &str, after: After, sources: &[SourceId]| -> Result<Exported, Error> {
        let file = gap.path(name);
        export(&mut gap.outside.workspace, &NewExport { file: &file, after, sources }, "wardround", &mut |_, _| {})
    };
    let why = export_to(&mut gap, "a", After::Nothing, &[]).expect_err("nothing yet").to_string();
    assert!(why.contains("no source was fetched since journal entry 0"), "{why}");
    let why = export_to(&mut gap, "a", After::Last, &[]).expect_err("none yet").to_string();
    assert!(why.contains("none was exported yet"), "{why}");
    let bundle = first(&mut gap);
    let name = bundle.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(
        export_to(&mut gap, &name, After::Nothing, &[]).expect_err("it exists").to_string().contains("exists already")
    );
    let why = export_to(&mut gap, "b", After::Last, &[]).expect_err("nothing new").to_string();
    assert!(why.contains("no source was fetched since"), "{why}");
    assert!(!gap.path("b").exists(), "nothing half-written is left");
    let unknown = [SourceId("cisa-kef".to_owned())];
    let why = export_to(&mut gap, "c", After::Nothing, &unknown).expect_err("unknown").to_string();
    assert!(why.contains("cisa-kev"), "it says what was meant: {why}");
    let kev = [SourceId("cisa-kev".to_owned())];
    let exported = export_to(&mut gap, "d", After::Nothing, &kev).expect("a bundle");
    assert_eq!(exported.fetches.keys().cloned().collect::<Vec<_>>(), kev);
}
