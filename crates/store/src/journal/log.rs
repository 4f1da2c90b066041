//! Entries and nodes of the tree in the database.

use domain::model::journal::{Entry, Event};
use domain::model::raw::Digest;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use standards::canonical_json;
use standards::tlog::Tree;
use standards::tlog::tree::{Hash, Node, Nodes, leaf_hash};

use crate::records::error::{Error, Result};
use crate::records::sql;

/// The nodes of the tree as the database holds them: leaves with their entries, the others apart.
pub(crate) struct Log<'a>(pub(crate) &'a Connection);

impl Nodes for Log<'_> {
    type Error = Error;

    fn node(&self, level: u8, position: u64) -> Result<Hash> {
        let found = if level == 0 {
            let leaf = "SELECT leaf FROM entry WHERE seq = ?1";
            sql::first(self.0, leaf, [sql::int(position)], |row| Ok(row.get(0)?))
        } else {
            let node = "SELECT hash FROM tree_node WHERE level = ?1 AND position = ?2";
            sql::first(self.0, node, params![level, sql::int(position)], |row| Ok(row.get(0)?))
        };
        found?.ok_or_else(|| Error::Inconsistent(format!("node {position} of level {level} of the tree is missing")))
    }
}

/// Number of entries.
pub(crate) fn size(connection: &Connection) -> Result<u64> {
    let last =
        sql::first(connection, "SELECT seq FROM entry ORDER BY seq DESC LIMIT 1", [], |row| Ok(row.get::<_, i64>(0)?))?;
    Ok(last.map_or(0, |last| sql::uint(last) + 1))
}

/// The right edge of the tree, to append to.
pub(crate) fn load(connection: &Connection) -> Result<Tree> {
    Tree::load(&Log(connection), size(connection)?)
}

/// Writes an entry with its leaf and the nodes that it completes.
pub(crate) fn write(connection: &Connection, tree: &mut Tree, entry: &Entry) -> Result<()> {
    let body = canonical_json::to_string(entry)?;
    let nodes = tree.append(leaf_hash(body.as_bytes()));
    insert(connection, entry, &body, &nodes[0].hash)?;
    nodes[1..].iter().try_for_each(|node| insert_node(connection, node))
}

/// Writes an entry's row.
pub(super) fn insert(connection: &Connection, entry: &Entry, body: &str, leaf: &Hash) -> Result<()> {
    let insert = "INSERT INTO entry (seq, at, actor, kind, body, leaf) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let seq = sql::int(entry.seq);
    let row = params![seq, sql::micros(entry.at), entry.actor, entry.event.kind(), body, leaf];
    sql::execute(connection, insert, row).map(drop)
}

fn insert_node(connection: &Connection, node: &Node) -> Result<()> {
    let insert = "INSERT INTO tree_node (level, position, hash) VALUES (?1, ?2, ?3)";
    sql::execute(connection, insert, params![node.level, sql::int(node.position), node.hash]).map(drop)
}

/// Reads an entry from its canonical JSON.
pub(crate) fn read(body: &str) -> Result<Entry> {
    sql::from_json(body, "a journal entry")
}

/// The data of the leaf of entry `seq`.
pub(crate) fn leaf_data(connection: &Connection, seq: u64) -> Result<Option<String>> {
    sql::first(connection, "SELECT body FROM entry WHERE seq = ?1", [sql::int(seq)], |row| Ok(row.get(0)?))
}

/// Size of the journal as it was at `at`: up to the last entry that is not later.
pub(crate) fn at_or_before(connection: &Connection, at: Timestamp) -> Result<u64> {
    let newest = "SELECT seq, body FROM entry WHERE at <= ?1 ORDER BY seq DESC";
    let mut statement = connection.prepare_cached(newest)?;
    let mut rows = statement.query([sql::micros(at)])?;
    while let Some(row) = rows.next()? {
        // Columns hold microseconds; an entry may be later by less than one.
        if read(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?.at <= at {
            return Ok(sql::uint(row.get(0)?) + 1);
        }
    }
    Ok(0)
}

/// The archived objects that an event names.
pub(crate) fn blobs_named(event: &Event) -> Vec<Digest> {
    match event {
        Event::Configured(configured) => vec![configured.file],
        Event::SbomImported(sbom) => vec![sbom.original, sbom.inventory],
        Event::Fetched(fetched) => fetched.fetch.exchanges.iter().filter_map(|exchange| exchange.object).collect(),
        Event::BulletinAdded(bulletin) => {
            std::iter::once(bulletin.file).chain(bulletin.attachments.iter().map(|(_, file)| *file)).collect()
        }
        Event::RunFinished(run) => vec![run.changes],
        Event::ReviewConcluded(concluded) => vec![concluded.record],
        Event::ReportReceived(report) => report.files.iter().map(|(_, file)| *file).collect(),
        Event::ReportMoved(step) => step.files.iter().map(|(_, file)| *file).collect(),
        Event::WatchLooked(looked) => looked.copy.iter().map(|(_, copy)| *copy).collect(),
        Event::BundleImported(bundle) => vec![bundle.manifest],
        _ => Vec::new(),
    }
}
