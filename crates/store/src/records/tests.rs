//! What needs a look inside: full disks, migrations, and tables of another version.

use std::collections::HashMap;

use domain::model::journal::{User, WorkspaceCreated};
use tempfile::TempDir;

use super::*;

const ORIGIN: &str = "acme.example/journal";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn at() -> Timestamp {
    "2021-12-01T08:00:00Z".parse().unwrap()
}

fn user(name: &str) -> Event {
    Event::UserAdded(User {
        name: name.to_owned(),
        printed_name: "a long name ".repeat(400),
        roles: Vec::new(),
        public_key: String::new(),
        salt: String::new(),
        argon2: (65_536, 3, 1),
    })
}

fn workspace() -> (TempDir, Records) {
    let dir = tempfile::tempdir().unwrap();
    let mut records = Records::create(dir.path(), &key(), ORIGIN).unwrap();
    let created = WorkspaceCreated { origin: ORIGIN.to_owned(), rehearsal: true, version: "0.1.0".to_owned() };
    append(&mut records, Event::WorkspaceCreated(created)).unwrap();
    append(&mut records, user("anna")).unwrap();
    (dir, records)
}

fn append(records: &mut Records, event: Event) -> Result<Entry> {
    records.append(at(), "wardround", event, &HashMap::new())
}

fn is_sound(records: &Records) -> bool {
    records.verify(&HashMap::new(), &key_of(records), &[]).unwrap().is_sound()
}

fn key_of(records: &Records) -> VerifierKey {
    records.verifier_key().clone()
}

#[test]
fn a_full_disk_is_said_plainly_and_changes_nothing() {
    let (_dir, mut records) = workspace();
    let pages: i64 = records.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    records.connection.pragma_update_and_check(None, "max_page_count", pages + 1, |_| Ok(())).unwrap();
    let (size, head) = (records.tree_size().unwrap(), records.head().unwrap());
    let full = (0..50).map(|n| append(&mut records, user(&format!("user-{n}")))).find_map(Result::err).unwrap();
    assert!(matches!(full, Error::DiskFull), "{full:?}");
    assert!(records.tree_size().unwrap() - size < 3);
    assert!(records.head().unwrap() >= head);
    assert!(is_sound(&records));
    records.connection.pragma_update_and_check(None, "max_page_count", 1_000_000, |_| Ok(())).unwrap();
    append(&mut records, user("ben")).unwrap();
    assert!(is_sound(&records));
}

#[test]
fn a_transaction_that_is_dropped_leaves_the_old_head() {
    let (_dir, mut records) = workspace();
    let head = records.head().unwrap();
    let transaction = records.connection.transaction().unwrap();
    let mut tree = journal::load(&transaction).unwrap();
    let entry = Entry { seq: tree.size(), at: at(), actor: "wardround".to_owned(), event: user("ben") };
    journal::write(&transaction, &mut tree, &entry).unwrap();
    projection::apply(&transaction, &entry, &HashMap::new()).unwrap();
    journal::sign(&transaction, &tree, records.signer.as_ref().unwrap()).unwrap();
    drop(transaction);
    assert_eq!((records.head().unwrap(), records.tree_size().unwrap()), (head, 2));
    assert!(is_sound(&records));
}

#[test]
fn tables_of_another_projection_are_built_anew() {
    let (_dir, mut records) = workspace();
    assert!(!records.refresh(&HashMap::new()).unwrap());
    records.connection.execute_batch("UPDATE identity SET projection = 0; DELETE FROM \"user\"").unwrap();
    assert!(matches!(append(&mut records, user("ben")), Err(Error::Projection { found: 0, .. })));
    assert!(records.refresh(&HashMap::new()).unwrap());
    assert!(records.user("anna").unwrap().is_some());
    assert!(is_sound(&records));
    append(&mut records, user("ben")).unwrap();
}

#[test]
fn a_migration_that_is_not_the_programs_is_refused() {
    let (dir, records) = workspace();
    records.connection.execute("UPDATE migration SET checksum = 'x' WHERE number = 2", []).unwrap();
    assert!(matches!(Records::open(dir.path()), Err(Error::Migration { number: 2, name: "0002_inventory" })));
    let next = "INSERT INTO migration SELECT max(number) + 1, 'future', 'x' FROM migration";
    records.connection.execute(next, []).unwrap();
    assert!(matches!(Records::open(dir.path()), Err(Error::Newer { .. })));
}

#[test]
fn a_store_whose_making_was_cut_short_is_completed_by_making_it_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(dir.path().join(FILE)).unwrap();
    migration::migrate(&mut connection).unwrap();
    drop(connection);
    assert!(matches!(Records::open(dir.path()), Err(Error::NoIdentity)));
    Records::create(dir.path(), &key(), ORIGIN).unwrap();
    assert!(Records::open(dir.path()).is_ok());
}

#[test]
fn an_append_is_on_the_disk_when_it_returns() {
    let (_dir, records) = workspace();
    let pragma = |name| records.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    let mode: String = records.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!((mode.as_str(), pragma("synchronous"), pragma("foreign_keys")), ("wal", 2, 1));
}

#[test]
fn a_file_that_is_no_database_is_called_damaged() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(FILE), "not a database at all, but long enough to be looked at".repeat(40)).unwrap();
    assert!(matches!(Records::open(dir.path()), Err(Error::Damaged(_))));
}
