//! Totals per source, kept up by a commit.

use std::collections::{BTreeMap, BTreeSet};

use domain::model::source::{Family, SourceId};

use super::error::Damage;
use super::manifest::SourceTotals;
use super::tables::Row;
use super::view::Part;

type Key = (SourceId, Family);

/// Totals while they change.
pub(super) struct Totals {
    by_source: BTreeMap<Key, SourceTotals>,
    /// Sources that lost the record with their newest time stamp.
    lost_newest: BTreeSet<Key>,
}

impl Totals {
    /// The totals of the generation before.
    pub(super) fn of(before: &[SourceTotals]) -> Self {
        let by_source = before.iter().map(|totals| ((totals.source.clone(), totals.family), totals.clone())).collect();
        Self { by_source, lost_newest: BTreeSet::new() }
    }

    /// A row has been replaced.
    pub(super) fn remove(&mut self, source: &Key, row: &Row) {
        let totals = self.entry(source);
        totals.total = totals.total.saturating_sub(1);
        totals.live = totals.live.saturating_sub(u64::from(row.is_live()));
        if totals.newest == row.modified() {
            self.lost_newest.insert(source.clone());
        }
    }

    /// A row has come.
    pub(super) fn add(&mut self, source: &Key, row: &Row) {
        let totals = self.entry(source);
        totals.total += 1;
        totals.live += u64::from(row.is_live());
        if totals.newest <= row.modified() {
            totals.newest = row.modified();
            self.lost_newest.remove(source);
        }
    }

    /// The totals, sorted. Looks through `parts` for a newest time stamp only if one was lost and none newer came.
    pub(super) fn finish(mut self, parts: &[Part]) -> Result<Vec<SourceTotals>, Damage> {
        for source in std::mem::take(&mut self.lost_newest) {
            let newest = newest(&source, parts)?;
            self.entry(&source).newest = newest;
        }
        Ok(self.by_source.into_values().filter(|totals| totals.total > 0).collect())
    }

    fn entry(&mut self, source: &Key) -> &mut SourceTotals {
        // Looked up before it is cloned: this is called for every row.
        if !self.by_source.contains_key(source) {
            let (name, family) = source.clone();
            let empty = SourceTotals { source: name, family, live: 0, total: 0, newest: None };
            self.by_source.insert(source.clone(), empty);
        }
        self.by_source.get_mut(source).expect("it was put in just now, if it was absent")
    }
}

fn newest(source: &Key, parts: &[Part]) -> Result<Option<jiff::Timestamp>, Damage> {
    let mut newest = None;
    for part in parts {
        for (_, row) in part.current() {
            if part.segment.source(row)? == source {
                newest = newest.max(row.modified());
            }
        }
    }
    Ok(newest)
}
