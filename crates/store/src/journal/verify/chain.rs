//! Entries, nodes, heads and archived objects; each entry is replayed as it passes.

use domain::model::journal::Entry;
use rusqlite::{Connection, Row};
use standards::canonical_json;
use standards::tlog::tree::{Hash, Node, Nodes, leaf_hash};
use standards::tlog::{Checkpoint, Tree, VerifierKey};

use super::Report;
use crate::journal::log::{self, Log};
use crate::records::Blobs;
use crate::records::error::{Error, Result};
use crate::records::projection;
use crate::records::sql::{self, int, micros, uint};

/// A walk along the journal.
pub(super) struct Chain<'a> {
    stored: &'a Connection,
    replayed: &'a Connection,
    blobs: &'a dyn Blobs,
    key: &'a VerifierKey,
    report: &'a mut Report,
    tree: Tree,
    /// Whether an entry was changed or is missing, so that nodes and heads above it cannot fit.
    broken: bool,
    wrong_heads: u64,
    not_replayed: u64,
}

impl<'a> Chain<'a> {
    pub(super) fn new(
        stored: &'a Connection,
        replayed: &'a Connection,
        blobs: &'a dyn Blobs,
        key: &'a VerifierKey,
        report: &'a mut Report,
    ) -> Self {
        let (tree, broken, wrong_heads, not_replayed) = (Tree::default(), false, 0, 0);
        Self { stored, replayed, blobs, key, report, tree, broken, wrong_heads, not_replayed }
    }

    /// Checks every entry; returns the computed root and whether all entries were replayed.
    pub(super) fn walk(mut self, kept: &[&str]) -> Result<(Hash, bool)> {
        let kept = self.open_kept(kept);
        self.replayed.execute_batch("BEGIN")?;
        let mut statement = self.stored.prepare("SELECT seq, at, actor, kind, body, leaf FROM entry ORDER BY seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            self.entry(row)?;
            self.head()?;
            let size = self.tree.size();
            for head in kept.iter().filter(|head| head.size == size) {
                self.kept(head);
            }
        }
        self.replayed.execute_batch("COMMIT")?;
        self.ends(&kept)?;
        Ok((self.tree.root(), self.not_replayed == 0))
    }

    fn entry(&mut self, row: &Row<'_>) -> Result<()> {
        let seq = uint(row.get(0)?);
        if seq != self.tree.size() {
            self.broken = true;
            self.report.problem(format!("entry {}: it is missing, entry {seq} follows", self.tree.size()));
        }
        self.report.entries += 1;
        let body: String = row.get(4)?;
        let leaf = leaf_hash(body.as_bytes());
        if row.get::<_, Vec<u8>>(5)? != leaf {
            self.broken = true;
            self.report.problem(format!("entry {seq}: it was changed, its content does not match its leaf hash"));
        }
        for node in self.tree.append(leaf).into_iter().skip(1) {
            self.node(&node)?;
        }
        match log::read(&body) {
            Ok(entry) => {
                self.columns(row, seq, &entry, &body)?;
                self.blobs(seq, &entry);
                self.replay(&Entry { seq, ..entry }, &body, &leaf)
            }
            Err(error) => {
                self.not_replayed += 1;
                self.report.problem(format!("entry {seq}: it cannot be read: {}", with_causes(&error)));
                Ok(())
            }
        }
    }

    /// The columns repeat what the body says.
    fn columns(&mut self, row: &Row<'_>, seq: u64, entry: &Entry, body: &str) -> Result<()> {
        let (at, actor, kind): (i64, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let mut differ = |column: &str, differs: bool| {
            if differs {
                self.report.problem(format!("entry {seq}: the column {column} does not say what the entry says"));
            }
        };
        differ("seq", entry.seq != seq);
        differ("at", micros(entry.at) != at);
        differ("actor", entry.actor != actor);
        differ("kind", entry.event.kind() != kind);
        if canonical_json::to_string(entry).ok().as_deref() != Some(body) {
            self.report.problem(format!("entry {seq}: it is not in canonical form"));
        }
        Ok(())
    }

    fn node(&mut self, node: &Node) -> Result<()> {
        let Node { level, position, hash } = *node;
        match Log(self.stored).node(level, position) {
            Ok(stored) if stored == hash || self.broken => Ok(()),
            Ok(_) | Err(Error::Inconsistent(_)) => {
                self.report.problem(format!("tree: node {position} of level {level} does not follow from the entries"));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// The signed head over the entries so far, if one was made here.
    fn head(&mut self) -> Result<()> {
        let size = self.tree.size();
        let select = "SELECT root, note FROM tree_head WHERE size = ?1";
        let found = sql::first(self.stored, select, [int(size)], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?))
        })?;
        let Some((root, note)) = found else { return Ok(()) };
        self.report.heads += 1;
        match Checkpoint::open(&note, self.key) {
            Err(error) => self.report.problem(format!("tree head {size}: it is not signed as it should be: {error}")),
            Ok(head) if head.size != size || head.root != root.as_slice() => {
                self.report.problem(format!("tree head {size}: its columns do not say what was signed"));
            }
            Ok(head) if head.root != self.tree.root() => self.wrong_heads += 1,
            Ok(_) => return Ok(()),
        }
        Ok(())
    }

    fn open_kept(&mut self, kept: &[&str]) -> Vec<Checkpoint> {
        let mut heads = Vec::new();
        for note in kept {
            self.report.kept_heads += 1;
            match Checkpoint::open(note, self.key) {
                Ok(head) => heads.push(head),
                Err(error) => self.report.problem(format!("a kept tree head cannot be used: {error}")),
            }
        }
        heads
    }

    fn kept(&mut self, head: &Checkpoint) {
        if head.root != self.tree.root() {
            let size = head.size;
            self.report
                .problem(format!("a kept tree head of {size} entries is of another history: entries were rewritten"));
        }
    }

    fn blobs(&mut self, seq: u64, entry: &Entry) {
        for digest in log::blobs_named(&entry.event) {
            self.report.blobs += 1;
            if !self.blobs.contains(&digest) {
                self.report.problem(format!("entry {seq}: the archived object {digest} that it names is missing"));
            }
        }
    }

    /// What one entry cannot do, those after it often cannot either, so only the first is told in full.
    fn replay(&mut self, entry: &Entry, body: &str, leaf: &Hash) -> Result<()> {
        self.replayed.execute_batch("SAVEPOINT entry")?;
        let done = log::insert(self.replayed, entry, body, leaf)
            .and_then(|()| projection::apply(self.replayed, entry, self.blobs));
        if let Err(error) = done {
            self.replayed.execute_batch("ROLLBACK TO entry")?;
            if self.not_replayed == 0 {
                let causes = with_causes(&error);
                self.report.problem(format!("entry {}: it cannot be replayed: could not {causes}", entry.seq));
            }
            self.not_replayed += 1;
        }
        Ok(self.replayed.execute_batch("RELEASE entry")?)
    }

    /// What can only be said at the end of the journal.
    fn ends(&mut self, kept: &[Checkpoint]) -> Result<()> {
        let size = self.tree.size();
        let wrong = self.wrong_heads;
        if wrong > 0 {
            self.report.problem(format!("tree: {wrong} signed heads are of another history than the entries"));
        }
        if self.not_replayed > 1 {
            let others = self.not_replayed - 1;
            self.report.problem(format!("{others} further entries cannot be replayed"));
        }
        for head in kept.iter().filter(|head| head.size > size) {
            let kept = head.size;
            self.report
                .problem(format!("a kept tree head has {kept} entries, the journal {size}: entries were removed"));
        }
        let last = "SELECT coalesce(max(size), 0) FROM tree_head";
        let last = sql::first(self.stored, last, [], |row| Ok(uint(row.get(0)?)))?.unwrap_or(0);
        if last > size {
            self.report
                .problem(format!("tree: a signed head has {last} entries, the journal {size}: entries were removed"));
        } else if last < size {
            self.report.problem(format!("tree: no signed head covers the entries from {last} on"));
        }
        self.node_count(size)?;
        self.identity()
    }

    fn node_count(&mut self, size: u64) -> Result<()> {
        let needed: u64 = (1..64).map(|level| size >> level).sum();
        let found = sql::first(self.stored, "SELECT count(*) FROM tree_node", [], |row| Ok(uint(row.get(0)?)))?;
        if found != Some(needed) && !self.broken {
            let found = found.unwrap_or(0);
            self.report.problem(format!("tree: it has {found} inner nodes, {needed} follow from the entries"));
        }
        Ok(())
    }

    fn identity(&mut self) -> Result<()> {
        let select = "SELECT origin, verifier_key FROM identity";
        let found =
            sql::first(self.stored, select, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        if found != Some((self.key.name().to_owned(), self.key.to_string())) {
            self.report.problem(format!("the store does not name {} as the key of its journal", self.key));
        }
        Ok(())
    }
}

/// An error with its causes, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
