//! Verifying: what the file says against what the entries prove.
//!
//! Three questions, asked in one pass over the journal and one over the tables, with memory for a row at a time: is every
//! entry what was hashed, is every tree head what was signed, and do the tables follow from the entries? The third is
//! answered by replaying the entries into an empty database through the program's own projection.

mod chain;
mod tables;

use domain::model::raw::Digest;
use rusqlite::Connection;
use standards::tlog::VerifierKey;

use super::head;
use crate::records::error::Result;
use crate::records::{Blobs, scratch};

/// Problems beyond this many are counted, not listed.
const LISTED: usize = 200;

/// What verifying found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries checked.
    pub entries: u64,
    /// Signed tree heads checked.
    pub heads: u64,
    /// Heads kept elsewhere that the journal was held against.
    pub kept_heads: u64,
    /// Archived objects looked for.
    pub blobs: u64,
    /// Tables compared.
    pub tables: u64,
    /// Rows compared.
    pub rows: u64,
    /// Root of the tree over the entries, as computed.
    pub root: String,
    /// The newest signed head, a note to be kept elsewhere.
    pub head: Option<String>,
    /// What is wrong, as sentences; the first ones if there are very many.
    pub problems: Vec<String>,
    /// How many problems there are.
    pub problem_count: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problem_count == 0
    }

    fn problem(&mut self, sentence: String) {
        self.problem_count += 1;
        if self.problems.len() < LISTED {
            self.problems.push(sentence);
        }
    }
}

/// Verifies the journal and the tables in one snapshot of the file.
pub(crate) fn verify(connection: &Connection, blobs: &dyn Blobs, key: &VerifierKey, kept: &[&str]) -> Result<Report> {
    let snapshot = connection.unchecked_transaction()?;
    let mut report = Report { head: head::latest(&snapshot)?, ..Report::default() };
    let replayed = scratch()?;
    let chain = chain::Chain::new(&snapshot, &replayed, blobs, key, &mut report);
    let (root, complete) = chain.walk(kept)?;
    report.root = Digest(root).to_string();
    tables::file(&snapshot, &mut report)?;
    tables::schema(&snapshot, &replayed, &mut report)?;
    if complete {
        tables::compare(&snapshot, &replayed, &mut report)?;
    } else {
        report.problem("the tables were not compared, because not every entry could be replayed".to_owned());
    }
    Ok(report)
}
