//! What is held of a source while a fetch is under way: the knowledge, and what the fetch has brought so far.

use std::collections::HashMap;

use domain::model::source::SourceId;
use jiff::Timestamp;
use store::knowledge::Knowledge;

use super::hash;
use super::record::Read;

/// Records that a fetch has brought and that were not held before.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// When each was published, by the hash of its identifier.
    new: HashMap<u64, Option<Timestamp>>,
    /// When those of the knowledge were published, sorted; read when it is first asked for.
    known: Option<Vec<Timestamp>>,
}

impl Brought {
    /// Notes a record.
    pub(super) fn take(&mut self, read: &Read) {
        if !read.held {
            self.new.insert(read.id, read.published);
        }
    }

    /// How many records are held, live or not: all, or those published within a span, its ends included.
    pub(super) fn held(
        &mut self,
        knowledge: &Knowledge,
        source: &SourceId,
        span: Option<(Timestamp, Timestamp)>,
    ) -> u64 {
        let Some((from, to)) = span else { return knowledge.held(source) + self.new.len() as u64 };
        let known = self.known.get_or_insert_with(|| {
            let mut known: Vec<Timestamp> = knowledge.published(source).into_iter().flatten().collect();
            known.sort_unstable();
            known
        });
        let known = known.partition_point(|at| *at <= to) - known.partition_point(|at| *at < from);
        let new = self.new.values().flatten().filter(|at| from <= **at && **at <= to).count();
        (known + new) as u64
    }

    /// Whether a record is held, live or not.
    pub(super) fn holds(&self, knowledge: &Knowledge, source: &SourceId, id: &str) -> bool {
        self.new.contains_key(&hash(id)) || knowledge.current(source, id).is_some_and(|current| !current.gone)
    }
}
