//! The knowledge as matching sees it.
//!
//! The order in which entries are visited depends on the records alone, not on segments, so that a rebuilt knowledge
//! gives the same evidence. A lookup that meets damage notes it (see [`super::Knowledge::damage`]).

use domain::index::package_key::PackageKey;
use domain::matching::{Candidates, RecordRef};
use domain::model::advisory::{Advisory, Affected, State};
use domain::model::raw::{Digest, RawRef};
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;

use super::Knowledge;
use super::record::{ecosystem_key, name_hash};
use super::tables::{Identity, Row};
use super::view::{Part, View};

impl Candidates for Knowledge {
    fn affected(&self, key: &PackageKey, visit: &mut dyn FnMut(RecordRef, Affected)) {
        let hash = key.hash64();
        let mut hits: Vec<(Identity, u32, RecordRef, &Part)> = Vec::new();
        for (number, part) in (0_u32..).zip(&self.view.parts) {
            for posting in part.segment.with_key(hash) {
                let row = posting.row.get();
                if let Some(found) = part.row(row).filter(|_| !part.entry.is_dead(row)) {
                    hits.push((found.identity, posting.affected.get(), reference(number, row), part));
                }
            }
        }
        hits.sort_unstable_by_key(|(identity, affected, ..)| (*identity, *affected));
        for (_, affected, record, part) in hits {
            if let Some(affected) = self.view.note(part.segment.affected(affected)) {
                visit(record, affected);
            }
        }
    }

    fn covers_ecosystem(&self, ecosystem: &str) -> bool {
        let key = ecosystem_key(ecosystem);
        let current =
            |part: &Part| part.segment.with_key(key).iter().any(|posting| !part.entry.is_dead(posting.row.get()));
        self.view.parts.iter().any(current)
    }

    fn advisory(&self, record: RecordRef) -> Advisory {
        let found = row(&self.view, record);
        let read = found.and_then(|(part, row)| self.view.note(part.segment.advisory(row)));
        read.unwrap_or_else(unreadable)
    }

    fn named(&self, id: &str) -> Vec<RecordRef> {
        let hash = name_hash(id);
        let mut hits = Vec::new();
        for (number, part) in (0_u32..).zip(&self.view.parts) {
            for entry in part.segment.with_name(hash) {
                let number_of_row = entry.row.get();
                let Some(found) = part.row(number_of_row).filter(|_| !part.entry.is_dead(number_of_row)) else {
                    continue;
                };
                let names = self.view.note(part.segment.names_of(found));
                if names.is_some_and(|names| names.contain(id)) {
                    hits.push((found.identity, reference(number, number_of_row)));
                }
            }
        }
        hits.sort_unstable();
        hits.into_iter().map(|(_, record)| record).collect()
    }

    fn epss_millionths(&self, cve: &str) -> Option<u32> {
        self.epss(cve).map(|score| score.probability)
    }
}

/// A handle: segment, then row.
fn reference(part: u32, row: u32) -> RecordRef {
    RecordRef(u64::from(part) << 32 | u64::from(row))
}

/// The row of a handle that this view gave out.
pub(super) fn row(view: &View, record: RecordRef) -> Option<(&Part, &Row)> {
    let part = view.parts.get(usize::try_from(record.0 >> 32).ok()?)?;
    let number = u32::try_from(record.0 & u64::from(u32::MAX)).ok()?;
    Some((part, part.row(number)?))
}

/// What stands for a record that cannot be read. The damage has been noted; the run must not be trusted.
fn unreadable() -> Advisory {
    Advisory {
        source: SourceId(String::new()),
        family: Family::Bulletin,
        id: String::new(),
        revision: Digest([0; 32]),
        raw: RawRef { object: Digest([0; 32]), entry: String::new(), offset: 0, length: 0 },
        aliases: Vec::new(),
        related: Vec::new(),
        state: State::Live,
        published: None,
        modified: None,
        title: "(this record cannot be read: the knowledge is damaged and must be rebuilt)".to_owned(),
        description: String::new(),
        scores: Vec::new(),
        weaknesses: Vec::new(),
        references: Vec::new(),
        affected: Vec::new(),
        exploitation: None,
        tlp: Tlp::Red,
        mentions: Vec::new(),
    }
}
