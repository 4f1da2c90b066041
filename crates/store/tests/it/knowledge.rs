//! The knowledge answers from what is current, whatever order, segments and accidents it went through.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use domain::index::package_key::{PackageKey, keys_of_target};
use domain::matching::Candidates;
use domain::model::advisory::{Advisory, Affected, FixState, Rule, Standing, State, Target};
use domain::model::advisory::{Bound, Exploitation, Reference, Score};
use domain::model::raw::{Digest, RawRef};
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use proptest::prelude::*;
use standards::versions::Scheme;
use store::knowledge::{Current, Epss, EpssTable, Error, KeptScore, Knowledge, name_hash};

fn source(name: &str) -> SourceId {
    SourceId(name.to_owned())
}

fn npm(name: &str) -> Target {
    Target::Package { ecosystem: "npm".to_owned(), name: name.to_owned(), qualifiers: Vec::new() }
}

fn key(target: &Target) -> PackageKey {
    keys_of_target(target).remove(0)
}

fn affected(target: Target, fixed: &str) -> Affected {
    let upper = Some(Bound { version: fixed.to_owned(), inclusive: false });
    Affected {
        target,
        default: Standing::Unaffected,
        rules: vec![Rule {
            scheme: Scheme::Semver,
            lower: None,
            upper,
            standing: Standing::Affected,
            changes: Vec::new(),
            fixed: Some(fixed.to_owned()),
        }],
        exact: vec!["4.17.20".to_owned()],
        fix: FixState::Fixed(fixed.to_owned()),
        conditions: Vec::new(),
        place: "affected[0]".to_owned(),
    }
}

/// A record of `osv:npm`, revision `revision`.
fn advisory(id: &str, revision: u32, packages: &[&str]) -> Advisory {
    Advisory {
        source: source("osv:npm"),
        family: Family::Osv,
        id: id.to_owned(),
        revision: Digest::of(format!("{id} {revision}").as_bytes()),
        raw: RawRef { object: Digest::of(b"all.zip"), entry: format!("{id}.json"), offset: 0, length: 1200 },
        aliases: Vec::new(),
        related: vec!["CVE-2020-8203".to_owned()],
        state: State::Live,
        published: Some("2021-02-15T13:15:12Z".parse().unwrap()),
        modified: Some(format!("2024-04-17T18:39:{:02}.338Z", revision % 60).parse().unwrap()),
        title: "Command injection in lodash".to_owned(),
        description: "Versions before 4.17.21 allow command injection through the template function.".to_owned(),
        scores: vec![Score {
            by: "snyk".to_owned(),
            vector: "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H".to_owned(),
            tenths: 72,
        }],
        weaknesses: vec!["CWE-94".to_owned()],
        references: vec![Reference { url: "https://example.org/fix".to_owned(), kind: "FIX".to_owned() }],
        affected: packages.iter().map(|package| affected(npm(package), "4.17.21")).collect(),
        exploitation: Some(Exploitation {
            known_since: None,
            ransomware: None,
            due: None,
            ssvc: Some("poc".to_owned()),
            ..Exploitation::default()
        }),
        tlp: Tlp::Clear,
        mentions: Vec::new(),
    }
}

fn commit(folder: &Path, advisories: &[Advisory]) -> store::knowledge::Commit {
    let knowledge = Knowledge::open(folder).unwrap();
    let mut writer = knowledge.writer().unwrap();
    for advisory in advisories {
        writer.push(advisory.clone()).unwrap();
    }
    writer.commit().unwrap()
}

fn created(advisories: &[Advisory]) -> (tempfile::TempDir, Knowledge) {
    let folder = tempfile::tempdir().unwrap();
    Knowledge::create(folder.path()).unwrap();
    commit(folder.path(), advisories);
    let knowledge = Knowledge::open(folder.path()).unwrap();
    (folder, knowledge)
}

/// Ids and revisions of the live records that say something about an npm package.
fn about(knowledge: &Knowledge, package: &str) -> Vec<(String, Digest)> {
    let mut found = Vec::new();
    knowledge.affected(&key(&npm(package)), &mut |record, affected| {
        assert_eq!(affected.target, npm(package));
        let advisory = knowledge.advisory(record);
        found.push((advisory.id, advisory.revision));
    });
    found.sort();
    found
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    files.sort();
    files
}

#[test]
fn an_advisory_comes_back_as_it_went_in() {
    let mut lodash = advisory("GHSA-35jh-r3h4-6jhm", 1, &["lodash", "lodash-es", "lodash"]);
    lodash.aliases = vec!["CVE-2021-23337".to_owned()];
    let (_folder, knowledge) = created(std::slice::from_ref(&lodash));
    assert_eq!(knowledge.by_id("GHSA-35jh-r3h4-6jhm"), [lodash.clone()]);
    assert_eq!(knowledge.by_id("CVE-2021-23337"), [lodash.clone()]);
    assert_eq!(knowledge.by_id("CVE-2020-8203"), [], "related records are not the same vulnerability");
    assert_eq!(about(&knowledge, "lodash").len(), 2, "both entries about lodash");
    let record = knowledge.named("CVE-2021-23337")[0];
    assert_eq!(knowledge.advisory(record), Advisory { affected: Vec::new(), ..lodash.clone() });
    let current = Current { revision: lodash.revision, live: true, gone: false, modified: lodash.modified };
    assert_eq!(knowledge.current(&lodash.source, &lodash.id), Some(current));
    assert_eq!(knowledge.current(&source("nvd"), &lodash.id), None);
    assert_eq!(knowledge.damage(), []);
}

#[test]
fn the_newest_revision_wins_within_a_commit_and_across_segments() {
    let first = [advisory("GHSA-1", 1, &["a"]), advisory("GHSA-1", 2, &["b"]), advisory("GHSA-2", 1, &["b"])];
    let (folder, knowledge) = created(&first);
    assert_eq!(about(&knowledge, "a"), []);
    assert_eq!(about(&knowledge, "b").len(), 2);

    let newer = advisory("GHSA-1", 3, &["c"]);
    let done = commit(folder.path(), std::slice::from_ref(&newer));
    let hashes = |names: &[&str]| {
        let mut hashes: Vec<_> = names.iter().map(|name| key(&npm(name)).hash64()).collect();
        hashes.sort_unstable();
        hashes
    };
    assert_eq!(done.changed_keys, hashes(&["b", "c"]), "the replaced revision's keys have changed too");
    assert_eq!(done.changed_names, [name_hash("GHSA-1")]);
    assert_eq!((done.generation, done.rows), (2, 1));

    let after = Knowledge::open(folder.path()).unwrap();
    assert_eq!(about(&after, "b"), [("GHSA-2".to_owned(), first[2].revision)]);
    assert_eq!(about(&after, "c"), [("GHSA-1".to_owned(), newer.revision)]);
    assert_eq!(after.by_id("GHSA-1"), [newer]);
    assert_eq!(about(&knowledge, "b").len(), 2, "a view that was opened before keeps its generation");
}

#[test]
fn withdrawn_and_rejected_records_are_readable_but_found_by_no_package() {
    let mut withdrawn = advisory("GHSA-1", 1, &["a"]);
    withdrawn.state = State::Withdrawn { at: withdrawn.published };
    let mut rejected = advisory("CVE-2020-0001", 1, &["a"]);
    rejected.state = State::Rejected { reason: "Duplicate of CVE-2020-0002.".to_owned() };
    let (_folder, knowledge) = created(&[withdrawn.clone(), rejected.clone()]);
    assert_eq!(about(&knowledge, "a"), []);
    assert_eq!(knowledge.by_id("GHSA-1"), [withdrawn]);
    assert_eq!(knowledge.by_id("CVE-2020-0001"), [rejected]);
    assert_eq!((knowledge.live(&source("osv:npm")), knowledge.sources()[0].total), (0, 2));
}

#[test]
fn a_removed_record_stays_as_withdrawn_and_comes_back_when_pushed_again() {
    let mut record = advisory("GHSA-1", 1, &["a"]);
    record.aliases = vec!["CVE-2021-23337".to_owned()];
    let (folder, knowledge) = created(&[record.clone(), advisory("GHSA-2", 1, &["a"])]);
    let mut writer = knowledge.writer().unwrap();
    assert!(writer.remove(&record.source, "GHSA-1").unwrap());
    assert!(!writer.remove(&record.source, "GHSA-1").unwrap(), "it is gone already");
    assert!(!writer.remove(&record.source, "GHSA-9").unwrap(), "there is none");
    let done = writer.commit().unwrap();
    assert_eq!(done.changed_keys, [key(&npm("a")).hash64()]);
    assert_eq!(done.changed_names.len(), 2);

    let knowledge = Knowledge::open(folder.path()).unwrap();
    let gone = Advisory { state: State::Withdrawn { at: None }, ..record.clone() };
    assert_eq!(knowledge.by_id("CVE-2021-23337"), [gone]);
    let current = knowledge.current(&record.source, "GHSA-1").unwrap();
    assert_eq!((current.revision, current.live, current.gone), (record.revision, false, true));
    assert_eq!(about(&knowledge, "a").len(), 1);
    assert_eq!(knowledge.ids(&record.source).collect::<Vec<_>>(), ["GHSA-2"]);
    assert_eq!((knowledge.live(&record.source), knowledge.sources()[0].total), (1, 2));

    commit(folder.path(), std::slice::from_ref(&record));
    let knowledge = Knowledge::open(folder.path()).unwrap();
    assert_eq!(knowledge.by_id("GHSA-1"), [record]);
    assert_eq!(about(&knowledge, "a").len(), 2);
}

#[test]
fn a_record_pushed_and_removed_in_one_commit_is_withdrawn() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Knowledge::create(folder.path()).unwrap().writer().unwrap();
    writer.push(advisory("GHSA-1", 1, &["a"])).unwrap();
    assert!(writer.remove(&source("osv:npm"), "GHSA-1").unwrap());
    writer.commit().unwrap();
    let knowledge = Knowledge::open(folder.path()).unwrap();
    assert_eq!(about(&knowledge, "a"), []);
    assert!(knowledge.current(&source("osv:npm"), "GHSA-1").unwrap().gone);
}

#[test]
fn totals_follow_the_current_records() {
    let mut nvd = advisory("CVE-2021-23337", 30, &["lodash"]);
    (nvd.source, nvd.family) = (source("nvd"), Family::Nvd);
    let (folder, _) = created(&[advisory("GHSA-1", 50, &["a"]), advisory("GHSA-2", 20, &["b"]), nvd.clone()]);
    // The record with the newest time stamp is replaced by one that states an older.
    commit(folder.path(), &[advisory("GHSA-1", 10, &["a"])]);
    let knowledge = Knowledge::open(folder.path()).unwrap();
    let totals: Vec<_> = knowledge.sources().iter().map(|totals| (totals.source.0.as_str(), totals.total)).collect();
    assert_eq!(totals, [("nvd", 1), ("osv:npm", 2)]);
    assert_eq!(knowledge.sources()[0].newest, nvd.modified);
    assert_eq!(knowledge.sources()[1].newest, advisory("GHSA-2", 20, &[]).modified);
}

#[test]
fn the_digest_depends_on_the_records_and_not_on_how_they_came() {
    let (a, b) = (advisory("GHSA-1", 1, &["a"]), advisory("GHSA-2", 1, &["b"]));
    let (_one, together) = created(&[a.clone(), b.clone()]);
    let (two, _) = created(&[advisory("GHSA-2", 0, &["x"])]);
    commit(two.path(), std::slice::from_ref(&a));
    commit(two.path(), std::slice::from_ref(&b));
    let apart = Knowledge::open(two.path()).unwrap();
    assert_eq!(apart.digest(), together.digest());

    let number = apart.compact().unwrap();
    let compacted = Knowledge::open(two.path()).unwrap();
    assert_eq!((compacted.generation(), compacted.digest()), (number, together.digest()));
    assert_eq!(files(two.path(), "index").len(), 1);
    assert_eq!((compacted.by_id("GHSA-1"), compacted.by_id("GHSA-2")), (vec![a], vec![b]));

    let mut writer = compacted.writer().unwrap();
    writer.remove(&source("osv:npm"), "GHSA-2").unwrap();
    let removed = writer.commit().unwrap();
    assert_ne!(removed.digest, together.digest());
    assert_eq!(removed.digest, Knowledge::open(two.path()).unwrap().digest());
    let (_three, empty) = created(&[]);
    assert_ne!(empty.digest(), removed.digest);
}

#[test]
fn candidates_come_in_an_order_that_a_rebuild_repeats() {
    let records: Vec<_> = (0..30).map(|number| advisory(&format!("GHSA-{number}"), 1, &["a"])).collect();
    let order = |knowledge: &Knowledge| {
        let mut order = Vec::new();
        knowledge.affected(&key(&npm("a")), &mut |record, _| order.push(knowledge.advisory(record).id));
        order
    };
    let (_one, together) = created(&records);
    let (two, _) = created(&[]);
    for record in records.iter().rev() {
        commit(two.path(), std::slice::from_ref(record));
    }
    let apart = Knowledge::open(two.path()).unwrap();
    assert_eq!(order(&together), order(&apart));
    assert_eq!(order(&apart).len(), 30);
    assert!(files(two.path(), "index").len() <= 8, "many small segments are merged by themselves");
}

#[test]
fn the_newest_epss_scores_win_and_belong_to_the_digest() {
    let table = |date: &str, probability: u32| EpssTable {
        model: "v2025.03.14".to_owned(),
        date: date.to_owned(),
        rows: vec![("CVE-2021-44228".to_owned(), probability, 999_990), ("CVE-2014-0160".to_owned(), 944_730, 999_900)],
        kept: Vec::new(),
    };
    let (folder, knowledge) = created(&[advisory("GHSA-1", 1, &["a"])]);
    assert_eq!(knowledge.epss_millionths("CVE-2021-44228"), None);
    for (date, probability) in [("2026-11-24", 944_000), ("2026-11-25", 943_580), ("2026-11-20", 1)] {
        let knowledge = Knowledge::open(folder.path()).unwrap();
        let mut writer = knowledge.writer().unwrap();
        writer.epss(&table(date, probability));
        let done = writer.commit().unwrap();
        assert_eq!((done.changed_keys, done.changed_names, done.rows), (vec![], vec![], 0));
    }
    let knowledge_now = Knowledge::open(folder.path()).unwrap();
    assert_eq!(knowledge_now.epss_millionths("CVE-2021-44228"), Some(943_580));
    assert_eq!(knowledge_now.epss("CVE-2014-0160").unwrap().percentile, 999_900);
    assert_eq!(knowledge_now.epss("CVE-2014-0161"), None);
    assert_eq!(knowledge_now.epss_edition().unwrap().date, "2026-11-25");
    assert_eq!(knowledge_now.generation(), 3, "an older table changes nothing");
    assert_ne!(knowledge_now.digest(), knowledge.digest());
    assert_eq!(files(folder.path(), "epss").len(), 1);
    knowledge_now.compact().unwrap();
    assert_eq!(Knowledge::open(folder.path()).unwrap().digest(), knowledge_now.digest());
}

#[test]
fn a_score_that_could_not_be_replaced_stays_with_its_date() {
    let (folder, knowledge) = created(&[]);
    let mut writer = knowledge.writer().unwrap();
    let kept = KeptScore {
        cve: "CVE-2021-44228".to_owned(),
        score: Epss { probability: 943_580, percentile: 999_990 },
        date: "2026-11-24".to_owned(),
    };
    writer.epss(&EpssTable {
        model: "v2025.03.14".to_owned(),
        date: "2026-11-25".to_owned(),
        rows: vec![("CVE-2014-0160".to_owned(), 944_730, 999_900)],
        kept: vec![kept],
    });
    writer.commit().unwrap();
    let knowledge = Knowledge::open(folder.path()).unwrap();
    assert_eq!(knowledge.epss_millionths("CVE-2021-44228"), Some(943_580));
    assert_eq!(knowledge.epss_date("CVE-2021-44228"), Some("2026-11-24"));
    assert_eq!(knowledge.epss_date("CVE-2014-0160"), Some("2026-11-25"));
    assert_eq!((knowledge.epss_date("CVE-2014-0161"), knowledge.epss_edition().unwrap().rows), (None, 2));
}

#[test]
fn held_records_are_those_that_are_not_gone_whether_they_count_or_not() {
    let (folder, knowledge) = created(&[advisory("GHSA-1", 1, &["a"]), advisory("GHSA-2", 1, &["b"])]);
    let source = advisory("GHSA-1", 1, &["a"]).source;
    assert_eq!((knowledge.held(&source), knowledge.published(&source).len()), (2, 2));
    let mut writer = knowledge.writer().unwrap();
    writer.remove(&source, "GHSA-2").unwrap();
    writer.commit().unwrap();
    assert_eq!(Knowledge::open(folder.path()).unwrap().held(&source), 1);
}

#[test]
fn absent_knowledge_is_an_error_and_never_empty() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Knowledge::open(folder.path()), Err(Error::Absent { .. })));
    let made = Knowledge::create(folder.path()).unwrap();
    assert_eq!((made.generation(), made.sources().len()), (0, 0));
    assert!(matches!(Knowledge::create(folder.path()), Err(Error::Exists { .. })));
    let unchanged = made.writer().unwrap().commit().unwrap();
    assert_eq!(unchanged.generation, 0, "nothing pushed, nothing changed");
}

#[test]
fn a_writer_that_dies_leaves_the_old_generation_and_the_next_cleans_up() {
    let (folder, knowledge) = created(&[advisory("GHSA-1", 1, &["a"])]);
    let before = files(folder.path(), "index");
    let mut writer = knowledge.writer().unwrap();
    writer.push(advisory("GHSA-1", 2, &["b"])).unwrap();
    assert_eq!(files(folder.path(), "index").len(), 2);
    drop(writer);
    assert_eq!(files(folder.path(), "index"), before);

    // A killed process runs no destructors: half a segment, half a manifest.
    for name in ["00000002.index", "00000002.details", "00000003.index", "00000003.details", "CURRENT.tmp"] {
        fs::write(folder.path().join(name), "half").unwrap();
    }
    let knowledge = Knowledge::open(folder.path()).unwrap();
    assert_eq!(about(&knowledge, "a").len(), 1);
    commit(folder.path(), &[advisory("GHSA-1", 3, &["c"])]);
    let knowledge = Knowledge::open(folder.path()).unwrap();
    assert_eq!((about(&knowledge, "a").len(), about(&knowledge, "c").len()), (0, 1));
    assert!(files(folder.path(), "tmp").is_empty());
    assert_eq!(knowledge.verify(), []);
}

#[test]
fn writers_of_different_records_commit_on_top_of_each_other_in_any_order() {
    let (folder, knowledge) = created(&[advisory("GHSA-1", 1, &["a"]), advisory("GHSA-9", 1, &["z"])]);
    let mut writers: Vec<_> = (0..12).map(|_| knowledge.writer().unwrap()).collect();
    for (number, writer) in (10..).zip(&mut writers) {
        writer.push(advisory(&format!("GHSA-{number}"), 1, &["a"])).unwrap();
    }
    writers[3].push(advisory("GHSA-1", 2, &["b"])).unwrap();
    writers[5].remove(&source("osv:npm"), "GHSA-9").unwrap();
    writers.reverse();
    for writer in writers {
        // What another has begun is no stray, however often somebody cleans up.
        knowledge.writer().unwrap().commit().unwrap();
        writer.commit().unwrap();
    }
    let together = Knowledge::open(folder.path()).unwrap();
    assert_eq!((about(&together, "a").len(), about(&together, "b").len()), (12, 1));
    assert_eq!(together.live(&source("osv:npm")), 13);
    assert_eq!(together.verify(), []);

    let alone = tempfile::tempdir().unwrap();
    let mut writer = Knowledge::create(alone.path()).unwrap().writer().unwrap();
    for number in 10..22 {
        writer.push(advisory(&format!("GHSA-{number}"), 1, &["a"])).unwrap();
    }
    writer.push(advisory("GHSA-1", 2, &["b"])).unwrap();
    writer.push(advisory("GHSA-9", 1, &["z"])).unwrap();
    writer.remove(&source("osv:npm"), "GHSA-9").unwrap();
    assert_eq!(writer.commit().unwrap().digest, together.digest());
}

#[test]
fn two_writers_of_one_record_cannot_both_commit() {
    let (folder, knowledge) = created(&[advisory("GHSA-1", 1, &["a"])]);
    for id in ["GHSA-1", "GHSA-2"] {
        let mut late = Knowledge::open(folder.path()).unwrap().writer().unwrap();
        late.push(advisory(id, 3, &["c"])).unwrap();
        commit(folder.path(), &[advisory(id, 2, &["b"])]);
        assert!(matches!(late.commit().err(), Some(Error::Outdated { .. })));
    }
    let now = Knowledge::open(folder.path()).unwrap();
    assert_eq!((about(&now, "b").len(), about(&now, "c").len()), (2, 0));
    assert!(now.generation() > knowledge.generation());
}

#[test]
fn a_file_that_was_cut_or_is_missing_is_named() {
    for ending in ["index", "details"] {
        let (folder, _) = created(&[advisory("GHSA-1", 1, &["a"])]);
        let path = files(folder.path(), ending).remove(0);
        let whole = fs::read(&path).unwrap();
        for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..cut]).unwrap();
            let error = Knowledge::open(folder.path()).err().unwrap().to_string();
            assert!(error.contains(path.to_str().unwrap()), "{error}");
            assert!(error.contains("section directory: the file is"), "{error}");
        }
        fs::remove_file(&path).unwrap();
        assert!(matches!(Knowledge::open(folder.path()), Err(Error::Read { path: found, .. }) if found == path));
    }
    let (folder, _) = created(&[]);
    fs::write(folder.path().join("CURRENT"), "wrcurr\r\n").unwrap();
    let error = Knowledge::open(folder.path()).err().unwrap().to_string();
    assert!(error.ends_with("CURRENT, section manifest: it is cut off"), "{error}");
}

#[test]
fn any_changed_byte_is_found_by_verifying_and_harms_no_lookup() {
    let records: Vec<_> = (0..3).map(|number| advisory(&format!("GHSA-{number}"), 1, &["a", "b"])).collect();
    let (folder, _) = created(&records);
    for ending in ["index", "details"] {
        let path = files(folder.path(), ending).remove(0);
        let whole = fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(11) {
            let mut changed = whole.clone();
            changed[at] ^= 0x81;
            fs::write(&path, &changed).unwrap();
            let Ok(knowledge) = Knowledge::open(folder.path()) else { continue };
            knowledge.affected(&key(&npm("a")), &mut |record, _| drop(knowledge.advisory(record)));
            knowledge.by_id("GHSA-1");
            knowledge.ids(&source("osv:npm")).count();
            let damaged = knowledge.verify();
            assert!(!damaged.is_empty(), "{ending} byte {at}");
            assert!(damaged.iter().all(|damage| damage.path == path));
        }
        fs::write(&path, &whole).unwrap();
    }
}

#[test]
fn damage_that_a_lookup_meets_is_noted() {
    let (folder, _) = created(&[advisory("GHSA-1", 1, &["a"])]);
    let path = files(folder.path(), "details").remove(0);
    let mut bytes = fs::read(&path).unwrap();
    bytes[..40].fill(0xff);
    fs::write(&path, &bytes).unwrap();
    let knowledge = Knowledge::open(folder.path()).unwrap();
    assert_eq!(knowledge.damage(), []);
    knowledge.affected(&key(&npm("a")), &mut |record, _| assert_eq!(knowledge.advisory(record).tlp, Tlp::Red));
    let damage = knowledge.damage();
    assert_eq!((damage.len(), damage[0].section), (1, "details"));
}

/// What a test does to the knowledge.
#[derive(Debug, Clone)]
enum Step {
    Push { id: u8, package: u8, alias: u8, live: bool },
    Remove { id: u8 },
    Commit,
    Compact,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..12_u8, 0..4_u8, 0..3_u8, prop::bool::weighted(0.8))
            .prop_map(|(id, package, alias, live)| Step::Push { id, package, alias, live }),
        2 => (0..12_u8).prop_map(|id| Step::Remove { id }),
        3 => Just(Step::Commit),
        1 => Just(Step::Compact),
    ]
}

fn check(knowledge: &Knowledge, model: &BTreeMap<String, (Advisory, bool)>) {
    let osv = source("osv:npm");
    for id in (0..12).map(|id| format!("GHSA-{id}")) {
        let expected =
            model.get(&id).map(|(advisory, gone)| (advisory.revision, advisory.state.is_live() && !gone, *gone));
        let current = knowledge.current(&osv, &id);
        assert_eq!(current.map(|current| (current.revision, current.live, current.gone)), expected);
    }
    let live = |entry: &&(Advisory, bool)| entry.0.state.is_live() && !entry.1;
    assert_eq!(knowledge.live(&osv), model.values().filter(live).count() as u64);
    for package in (0..4).map(|package| format!("p{package}")) {
        let says = |entry: &&(Advisory, bool)| entry.0.affected.iter().any(|affected| affected.target == npm(&package));
        let said = model.values().filter(live).filter(says);
        let mut expected: Vec<_> = said.map(|(advisory, _)| (advisory.id.clone(), advisory.revision)).collect();
        expected.sort();
        assert_eq!(about(knowledge, &package), expected);
    }
    for alias in (0..3).map(|alias| format!("CVE-2020-000{alias}")) {
        let named = model.values().filter(|entry| entry.0.aliases.contains(&alias));
        let mut expected: Vec<_> = named.map(|(advisory, _)| advisory.id.clone()).collect();
        expected.sort();
        assert_eq!(knowledge.by_id(&alias).into_iter().map(|advisory| advisory.id).collect::<Vec<_>>(), expected);
    }
    let total = knowledge.sources().iter().map(|totals| totals.total).sum::<u64>();
    assert_eq!(total, model.len() as u64);
    assert_eq!((knowledge.damage(), knowledge.verify()), (vec![], vec![]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_agree_with_a_map(steps in prop::collection::vec(step(), 1..50)) {
        let folder = tempfile::tempdir().unwrap();
        let mut knowledge = Knowledge::create(folder.path()).unwrap();
        let mut writer = knowledge.writer().unwrap();
        let mut model = BTreeMap::new();
        for (revision, step) in (0..).zip(&steps) {
            match step {
                Step::Push { id, package, alias, live } => {
                    let mut new = advisory(&format!("GHSA-{id}"), revision, &[&format!("p{package}")]);
                    new.aliases = vec![format!("CVE-2020-000{alias}")];
                    new.state = if *live { State::Live } else { State::Withdrawn { at: None } };
                    writer.push(new.clone()).unwrap();
                    model.insert(new.id.clone(), (new, false));
                }
                Step::Remove { id } => {
                    let id = format!("GHSA-{id}");
                    let gone = writer.remove(&source("osv:npm"), &id).unwrap();
                    let expected = model.get_mut(&id).is_some_and(|entry| !std::mem::replace(&mut entry.1, true));
                    assert_eq!(gone, expected);
                }
                Step::Commit | Step::Compact => {
                    let done = writer.commit().unwrap();
                    knowledge = Knowledge::open(folder.path()).unwrap();
                    assert_eq!((done.generation, done.digest), (knowledge.generation(), knowledge.digest()));
                    if matches!(step, Step::Compact) {
                        knowledge.compact().unwrap();
                        knowledge = Knowledge::open(folder.path()).unwrap();
                        assert_eq!(done.digest, knowledge.digest());
                    }
                    check(&knowledge, &model);
                    writer = knowledge.writer().unwrap();
                }
            }
        }
        writer.commit().unwrap();
        let knowledge = Knowledge::open(folder.path()).unwrap();
        check(&knowledge, &model);

        // The same current records, built again in the order of their ids, have the same digest.
        let again = tempfile::tempdir().unwrap();
        let mut writer = Knowledge::create(again.path()).unwrap().writer().unwrap();
        for (advisory, gone) in model.values() {
            writer.push(advisory.clone()).unwrap();
            if *gone {
                writer.remove(&advisory.source, &advisory.id).unwrap();
            }
        }
        prop_assert_eq!(writer.commit().unwrap().digest, knowledge.digest());
    }
}
