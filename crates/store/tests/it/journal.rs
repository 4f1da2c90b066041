//! The journal as an auditor looks at it: proofs, tampering, the past, and what a crash leaves.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use domain::assess::work::WorkState;
use domain::model::finding::FindingId;
use domain::model::journal::Change;
use domain::model::raw::Digest;
use domain::model::review::Meaning;
use domain::model::source::FetchOutcome;
use rusqlite::Connection;
use standards::tlog::tree::leaf_hash;
use standards::tlog::{Checkpoint, VerifierKey, proof};
use store::journal::Report;
use store::records::{EntryFilter, Error, FILE, NewEntry, Records};

use crate::maker::{Maker, key, log4shell, not_affected, record, refused, user};

/// A year's worth of entries of most kinds.
fn year() -> Maker {
    let mut maker = Maker::new();
    maker.fetch(FetchOutcome::Ok);
    maker.run(&[Change::Appeared { finding: Box::new(log4shell(1)) }]).unwrap();
    maker.assess("anna", not_affected(1)).unwrap();
    maker.approve("ben", 1).unwrap();
    maker.bulletin("Log4Shell in the wild").unwrap();
    maker.open_review(&["infusion-pump"], "2021-12-01T00:00:00Z", "2022-01-01T00:00:00Z").unwrap();
    maker.conclude(1).unwrap();
    maker.sign(1, "anna", Meaning::Reviewed, Digest::of(&record(1))).unwrap();
    maker.sign(1, "ben", Meaning::Approved, Digest::of(&record(1))).unwrap();
    maker.seal(1).unwrap();
    maker
}

fn verifier(maker: &Maker) -> VerifierKey {
    maker.records.verifier_key().clone()
}

fn verify(maker: &Maker, kept: &[&str]) -> Report {
    maker.records.verify(&maker.blobs, &verifier(maker), kept).unwrap()
}

/// Changes the file behind the program's back and verifies.
fn tampered(maker: &Maker, sql: &str) -> Report {
    let file = Connection::open(maker.dir.path().join(FILE)).unwrap();
    file.pragma_update(None, "foreign_keys", false).unwrap();
    file.execute_batch(sql).unwrap();
    verify(maker, &[])
}

#[track_caller]
fn finds(sql: &str, expected: &[&str]) {
    let report = tampered(&year(), sql);
    for part in expected {
        assert!(report.problems.iter().any(|problem| problem.contains(part)), "{part}: {:#?}", report.problems);
    }
}

/// What an attacker has to do first.
const UNLOCK: &str = "DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_is_never_removed;
    DROP TRIGGER tree_head_is_never_changed; DROP TRIGGER tree_head_is_never_removed;";

#[test]
fn an_untouched_journal_is_sound() {
    let maker = year();
    let report = verify(&maker, &[]);
    assert!(report.is_sound(), "{:#?}", report.problems);
    assert_eq!(report.entries, maker.records.tree_size().unwrap());
    assert_eq!(report.heads, report.entries);
    assert!(report.tables > 20 && report.rows > 30 && report.blobs > 5);
}

#[test]
fn an_edited_row_is_found_with_table_key_and_column() {
    finds(
        "UPDATE finding SET score_tenths = 10 WHERE id = 1",
        &["table finding, id 1: score_tenths is 10, the journal says 100"],
    );
    finds(
        "UPDATE assessment SET status = 'fixed'",
        &["table assessment, entry 13: status is \"fixed\", the journal says \"not_affected\""],
    );
    finds("UPDATE review SET state = 'open'", &["table review, id 1: state is \"open\""]);
    finds("UPDATE \"user\" SET public_key = 'ZXZpbA==' WHERE name = 'ben'", &["table user, name \"ben\": public_key"]);
    finds("UPDATE component SET label = 'harmless 1.0' WHERE id = 1", &["table component, id 1: label"]);
}

#[test]
fn a_row_added_or_removed_is_found() {
    finds("DELETE FROM finding_name", &["table finding_name", "the row is missing"]);
    finds(
        "INSERT INTO product VALUES ('toaster', 'Acme toaster', 1)",
        &["table product, id \"toaster\": the journal knows no such row"],
    );
}

#[test]
fn an_edited_entry_is_found_even_if_its_leaf_hash_was_adapted() {
    let edit = "UPDATE entry SET body = replace(body, 'compiled out', 'left in') WHERE seq = 13;";
    finds(&format!("{UNLOCK}{edit}"), &["entry 13: it was changed", "the trigger entry_is_never_changed is missing"]);
    let maker = year();
    let body = maker.records.leaf_data(13).unwrap().unwrap().replace("compiled out", "left in");
    let leaf = Digest(leaf_hash(body.as_bytes()));
    let report = tampered(&maker, &format!("{UNLOCK}{edit} UPDATE entry SET leaf = x'{leaf}' WHERE seq = 13"));
    let head = "signed heads are of another history than the entries";
    assert!(report.problems.iter().any(|problem| problem.contains(head)), "{:#?}", report.problems);
}

#[test]
fn a_deleted_entry_and_two_swapped_ones_are_found() {
    finds(&format!("{UNLOCK} DELETE FROM entry WHERE seq = 5"), &["entry 5: it is missing, entry 6 follows"]);
    let swap = "UPDATE entry SET seq = -1 WHERE seq = 9; UPDATE entry SET seq = 9 WHERE seq = 10;
        UPDATE entry SET seq = 10 WHERE seq = -1;";
    finds(&format!("{UNLOCK}{swap}"), &["entry 9: the column seq", "entry 10: the column seq", "another history"]);
}

#[test]
fn entries_cut_off_at_the_end_are_found_by_their_heads_or_by_one_that_was_kept() {
    let maker = year();
    let kept = maker.records.head().unwrap().unwrap();
    assert!(verify(&maker, &[&kept]).is_sound());
    let report = tampered(&maker, &format!("{UNLOCK} DELETE FROM entry WHERE seq = 20"));
    let text = "a signed head has 21 entries, the journal 20: entries were removed";
    assert!(report.problems.iter().any(|problem| problem.contains(text)), "{:#?}", report.problems);
    tampered(&maker, "DELETE FROM tree_head WHERE size = 21");
    let report = verify(&maker, &[&kept]);
    let text = "a kept tree head has 21 entries, the journal 20";
    assert!(report.problems.iter().any(|problem| problem.contains(text)), "{:#?}", report.problems);
}

#[test]
fn a_forged_head_and_another_key_are_found() {
    finds(
        &format!(
            "{UNLOCK} UPDATE tree_head SET note = replace(note, char(10) || '5' || char(10), char(10) || '6' || char(10))"
        ),
        &["is not signed as it should be"],
    );
    finds(
        &format!("{UNLOCK} DELETE FROM tree_head WHERE size = 21"),
        &["no signed head covers the entries from 20 on"],
    );
    finds("UPDATE tree_node SET hash = zeroblob(32) WHERE level = 2 AND position = 0", &["node 0 of level 2"]);
    let maker = year();
    let other =
        VerifierKey::new("acme.example/journal", ed25519_dalek::SigningKey::from_bytes(&[8; 32]).verifying_key());
    let report = maker.records.verify(&maker.blobs, &other.unwrap(), &[]).unwrap();
    assert!(report.problem_count > report.entries);
}

#[test]
fn a_missing_archived_object_is_reported() {
    let mut maker = year();
    let bulletin = Digest::of(b"Log4Shell in the wild");
    maker.blobs.remove(&bulletin);
    let report = verify(&maker, &[]);
    assert_eq!(report.problems, [format!("entry 15: the archived object {bulletin} that it names is missing")]);
}

#[test]
fn every_entry_is_proved_to_be_under_the_signed_head() {
    let maker = year();
    let head = Checkpoint::open(&maker.records.head().unwrap().unwrap(), &verifier(&maker)).unwrap();
    assert_eq!(head.size, maker.records.tree_size().unwrap());
    for entry in maker.records.entries(&EntryFilter::default()).unwrap() {
        let leaf = leaf_hash(maker.records.leaf_data(entry.seq).unwrap().unwrap().as_bytes());
        let path = maker.records.inclusion_proof(entry.seq, head.size).unwrap();
        assert_eq!(proof::verify_inclusion(&leaf, entry.seq, head.size, &path, &head.root), Ok(()));
        let (old, root) = (entry.seq + 1, maker.records.root(entry.seq + 1).unwrap());
        let path = maker.records.consistency_proof(old, head.size).unwrap();
        assert_eq!(proof::verify_consistency(old, &root, head.size, &head.root, &path), Ok(()));
    }
    assert!(maker.records.inclusion_proof(0, head.size + 1).is_err());
}

#[test]
fn entries_are_listed_by_kind_actor_and_time() {
    let maker = year();
    let seqs = |filter: EntryFilter| -> Vec<u64> {
        maker.records.entries(&filter).unwrap().iter().map(|entry| entry.seq).collect()
    };
    assert_eq!(seqs(EntryFilter { kinds: vec!["assessed".to_owned()], ..EntryFilter::default() }), [13]);
    assert_eq!(seqs(EntryFilter { actor: Some("ben".to_owned()), ..EntryFilter::default() }), [14, 19]);
    assert_eq!(seqs(EntryFilter { newest_first: true, limit: Some(2), ..EntryFilter::default() }), [20, 19]);
    let at = maker.records.entry(18).unwrap().unwrap().at;
    assert_eq!(seqs(EntryFilter { since: Some(at), to: Some(20), ..EntryFilter::default() }), [18, 19]);
}

#[test]
fn the_past_is_read_as_it_was() {
    let maker = year();
    let at = |seq: u64| maker.records.entry(seq).unwrap().unwrap().at;
    let state = |records: &Records| records.finding(FindingId(1)).unwrap().map(|finding| finding.row.state);
    let past = |seq: u64| maker.records.as_of(at(seq), &maker.blobs).unwrap();
    assert_eq!(state(&past(11)), None);
    assert_eq!(state(&past(12)), Some(WorkState::New));
    assert_eq!(state(&past(13)), Some(WorkState::AwaitingApproval));
    assert_eq!(state(&past(14)), Some(WorkState::NotAffected));
    let mut then = past(13);
    assert_eq!(then.tree_size().unwrap(), 14);
    assert_eq!(then.root(14).unwrap(), maker.records.root(14).unwrap());
    assert!(matches!(then.append(maker.now, "anna", user("dora"), &maker.blobs), Err(Error::ReadOnly)));
    let before = maker.records.as_of(at(0) - jiff::SignedDuration::from_nanos(1), &maker.blobs).unwrap();
    assert_eq!(before.tree_size().unwrap(), 0);
}

#[test]
fn a_refused_append_leaves_journal_and_head_as_they_were() {
    let mut maker = year();
    let (size, head) = (maker.records.tree_size().unwrap(), maker.records.head().unwrap());
    let new = ["dora", "anna"].map(|name| NewEntry { at: maker.now, actor: "wardround".to_owned(), event: user(name) });
    refused(maker.records.append_all(new.into(), &maker.blobs));
    assert_eq!((maker.records.tree_size().unwrap(), maker.records.head().unwrap()), (size, head));
    assert!(maker.records.user("dora").unwrap().is_none());
    assert!(verify(&maker, &[]).is_sound());
}

#[test]
fn several_entries_share_one_transaction_and_one_head() {
    let mut maker = Maker::new();
    let heads = verify(&maker, &[]).heads;
    let new = ["dora", "emil"].map(|name| NewEntry { at: maker.now, actor: "wardround".to_owned(), event: user(name) });
    assert_eq!(maker.records.append_all(new.into(), &maker.blobs).unwrap().len(), 2);
    let report = verify(&maker, &[]);
    assert!(report.is_sound());
    assert_eq!(report.heads, heads + 1);
}

#[test]
fn a_copy_of_file_and_write_ahead_log_opens_and_is_sound() {
    let maker = year();
    let copy = tempfile::tempdir().unwrap();
    for name in [FILE.to_owned(), format!("{FILE}-wal")] {
        std::fs::copy(maker.dir.path().join(&name), copy.path().join(&name)).unwrap();
    }
    let records = Records::open(copy.path()).unwrap();
    assert_eq!(records.head().unwrap(), maker.records.head().unwrap());
    assert!(records.verify(&maker.blobs, &verifier(&maker), &[]).unwrap().is_sound());
}

#[test]
fn a_write_ahead_log_cut_anywhere_leaves_a_sound_earlier_journal() {
    let maker = year();
    let log = std::fs::read(maker.dir.path().join(format!("{FILE}-wal"))).unwrap();
    for part in 0..12 {
        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(maker.dir.path().join(FILE), copy.path().join(FILE)).unwrap();
        std::fs::write(copy.path().join(format!("{FILE}-wal")), &log[..log.len() * part / 12]).unwrap();
        match Records::open(copy.path()) {
            Ok(records) => {
                let report = records.verify(&maker.blobs, &verifier(&maker), &[]).unwrap();
                assert!(report.is_sound(), "{part}: {:#?}", report.problems);
            }
            Err(error) => assert!(matches!(error, Error::NoIdentity), "{part}: {error:?}"),
        }
    }
}

const DIR: &str = "WARDROUND_TEST_WRITER";

/// Not a test: the process that the next test kills. It says the number of every entry that was acknowledged.
#[test]
fn writer_that_is_killed() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let mut records = Records::open_signing(Path::new(&dir), &key()).unwrap();
    let at = records.entry(0).unwrap().unwrap().at;
    for n in records.tree_size().unwrap().. {
        let entry = records.append(at, "wardround", user(&format!("user-{n}")), &std::collections::HashMap::new());
        writeln!(std::io::stdout(), "acknowledged {}", entry.unwrap().seq).unwrap();
    }
}

#[test]
fn whatever_was_acknowledged_before_a_kill_is_there_after_it() {
    let maker = Maker::new();
    for lines in [1, 7, 40] {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "journal::writer_that_is_killed", "--nocapture"])
            .env(DIR, maker.dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok);
        let last =
            said.filter_map(|line| line.rsplit_once("acknowledged ").map(|(_, seq)| seq.parse::<u64>().unwrap()));
        let last = last.take(lines).last();
        writer.kill().unwrap();
        writer.wait().unwrap();
        let size = maker.records.tree_size().unwrap();
        let last = last.expect("the writer appends at least one entry");
        assert!(size > last, "entry {last} was acknowledged, the journal has {size}");
        assert!(verify(&maker, &[]).is_sound());
    }
}
