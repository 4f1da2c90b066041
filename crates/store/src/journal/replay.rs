//! The entries once more: into an empty database for a view of the past, or into tables that are to be built anew.

use rusqlite::{Connection, params};
use standards::tlog::Tree;

use super::log;
use crate::records::Blobs;
use crate::records::error::{Error, Result};
use crate::records::projection;
use crate::records::sql::{self, int};

/// Tables that are the journal itself, not a projection of it.
const JOURNAL: [&str; 5] = ["entry", "identity", "migration", "tree_head", "tree_node"];

/// The tables that are a projection of the journal, by name.
pub(super) fn projected_tables(connection: &Connection) -> Result<Vec<String>> {
    let select =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut tables = sql::all(connection, select, [], |row| Ok(row.get::<_, String>(0)?))?;
    tables.retain(|name| !JOURNAL.contains(&name.as_str()));
    Ok(tables)
}

/// Copies the first `size` entries of `source` into the empty `target`, with their heads, and projects them.
pub(crate) fn copy(source: &Connection, target: &mut Connection, size: u64, blobs: &dyn Blobs) -> Result<()> {
    let transaction = target.transaction()?;
    identity(source, &transaction)?;
    let mut tree = Tree::default();
    let mut statement = source.prepare("SELECT body FROM entry WHERE seq < ?1 ORDER BY seq")?;
    let mut rows = statement.query([int(size)])?;
    while let Some(row) = rows.next()? {
        let entry = log::read(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
        if entry.seq != tree.size() {
            return Err(Error::Inconsistent(format!("entry {} is missing", tree.size())));
        }
        log::write(&transaction, &mut tree, &entry)?;
        projection::apply(&transaction, &entry, blobs)?;
    }
    heads(source, &transaction, size)?;
    Ok(transaction.commit()?)
}

fn identity(source: &Connection, target: &Connection) -> Result<()> {
    let select = "SELECT origin, verifier_key, projection FROM identity";
    let found = sql::all(source, select, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let insert = "INSERT INTO identity (one, origin, verifier_key, projection) VALUES (1, ?1, ?2, ?3)";
    found.into_iter().try_for_each(|(origin, key, projection): (String, String, i64)| {
        sql::execute(target, insert, params![origin, key, projection]).map(drop)
    })
}

fn heads(source: &Connection, target: &Connection, size: u64) -> Result<()> {
    let mut statement = source.prepare("SELECT size, root, note FROM tree_head WHERE size <= ?1 ORDER BY size")?;
    let mut rows = statement.query([int(size)])?;
    let insert = "INSERT INTO tree_head (size, root, note) VALUES (?1, ?2, ?3)";
    while let Some(row) = rows.next()? {
        let (size, root, note): (i64, Vec<u8>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        sql::execute(target, insert, params![size, root, note])?;
    }
    Ok(())
}

/// Empties every projected table and fills it again from the journal. Runs inside the caller's transaction.
pub(crate) fn reproject(connection: &Connection, blobs: &dyn Blobs) -> Result<()> {
    connection.pragma_update(None, "defer_foreign_keys", true)?;
    for table in projected_tables(connection)? {
        connection.execute(&format!("DELETE FROM \"{table}\""), [])?;
    }
    let mut statement = connection.prepare("SELECT body FROM entry ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = log::read(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
        projection::apply(connection, &entry, blobs)?;
    }
    Ok(())
}
