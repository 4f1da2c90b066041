//! Signed tree heads: one after every append, in the same transaction.

use rusqlite::{Connection, params};
use standards::tlog::{Checkpoint, Signer, Tree};

use crate::records::error::Result;
use crate::records::sql;

/// Signs the head of `tree` and stores the note.
pub(crate) fn sign(connection: &Connection, tree: &Tree, signer: &Signer) -> Result<()> {
    let head = Checkpoint { origin: signer.name().to_owned(), size: tree.size(), root: tree.root() };
    let insert = "INSERT INTO tree_head (size, root, note) VALUES (?1, ?2, ?3)";
    sql::execute(connection, insert, params![sql::int(head.size), head.root, head.sign(signer)?]).map(drop)
}

/// The newest signed note.
pub(crate) fn latest(connection: &Connection) -> Result<Option<String>> {
    sql::first(connection, "SELECT note FROM tree_head ORDER BY size DESC LIMIT 1", [], |row| Ok(row.get(0)?))
}
