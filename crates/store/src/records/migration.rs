//! Brings a store up to the program's schema: numbered SQL, each in its own transaction, each with its checksum.

use domain::model::raw::Digest;
use rusqlite::{Connection, TransactionBehavior, params};

use super::error::{Error, Result};
use super::sql;

/// All migrations, in order. See `migrations/README.md`.
const ALL: &[(&str, &str)] = &[
    ("0001_journal", include_str!("../../migrations/0001_journal.sql")),
    ("0002_inventory", include_str!("../../migrations/0002_inventory.sql")),
    ("0003_monitoring", include_str!("../../migrations/0003_monitoring.sql")),
    ("0004_reviews", include_str!("../../migrations/0004_reviews.sql")),
    ("0005_register", include_str!("../../migrations/0005_register.sql")),
    ("0006_intake", include_str!("../../migrations/0006_intake.sql")),
];

/// Where the migrations themselves are noted.
const NOTES: &str = "CREATE TABLE IF NOT EXISTS migration (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT";

/// Checks the migrations that a store has and applies the missing ones.
///
/// # Errors
/// The store is newer than the program, or one of its migrations is another one.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    if applied(connection)? == ALL.len() {
        return Ok(());
    }
    loop {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(NOTES)?;
        let done = applied(&transaction)?;
        let Some((name, text)) = ALL.get(done) else { return Ok(()) };
        transaction.execute_batch(text)?;
        let note = "INSERT INTO migration (number, name, checksum) VALUES (?1, ?2, ?3)";
        transaction.execute(note, params![number(done), name, checksum(text)])?;
        transaction.commit()?;
    }
}

/// How many migrations the store has, all of them the program's.
fn applied(connection: &Connection) -> Result<usize> {
    if !sql::exists(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'migration'", [])? {
        return Ok(0);
    }
    let found = sql::all(connection, "SELECT number, checksum FROM migration ORDER BY number", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    if found.len() > ALL.len() {
        return Err(Error::Newer { found: found.len(), known: ALL.len() });
    }
    for (index, ((found_number, found_checksum), (name, text))) in found.iter().zip(ALL).enumerate() {
        if *found_number != number(index) || *found_checksum != checksum(text) {
            return Err(Error::Migration { number: *found_number, name });
        }
    }
    Ok(found.len())
}

fn number(index: usize) -> i64 {
    i64::try_from(index + 1).unwrap_or(i64::MAX)
}

fn checksum(text: &str) -> String {
    Digest::of(text.as_bytes()).to_string()
}
