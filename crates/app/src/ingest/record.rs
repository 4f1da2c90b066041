//! What becomes of one record: known already, read, or set aside.

use std::collections::HashMap;

use domain::model::raw::{Digest, Quarantined, RawRef};
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{self, Context, Format, RawRecord};
use jiff::Timestamp;
use store::archive::Archive;
use store::knowledge::{Current, Encoded, Knowledge};

use super::edition;

/// Where records come from.
pub(super) struct Origin<'o> {
    pub(super) archive: &'o Archive,
    pub(super) knowledge: &'o Knowledge,
    pub(super) source: &'o SourceId,
    pub(super) family: Family,
    pub(super) format: Format,
    pub(super) object: Digest,
    pub(super) entry: &'o str,
    pub(super) from: &'o str,
    pub(super) tlp: Tlp,
    /// What is taken in is marked no lower.
    pub(super) floor: Tlp,
    /// Records that earlier documents of this fetch showed, where a fetch may show several editions of one.
    pub(super) editions: &'o HashMap<u64, Option<Timestamp>>,
    /// The whole document that the records were cut from.
    pub(super) document: &'o [u8],
}

/// What became of a record.
pub(super) enum Fate {
    /// The same bytes are known already.
    Unchanged {
        /// Hash of its identifier.
        id: u64,
        /// When its provider last changed it.
        modified: Option<Timestamp>,
    },
    /// It was read.
    Read(Box<Read>),
    /// It could not be read.
    SetAside(Quarantined),
}

/// A record that was read.
pub(super) struct Read {
    /// Hash of its identifier.
    pub(super) id: u64,
    /// Whether an earlier revision was known.
    pub(super) known: bool,
    /// Whether it does not count, and counted before or was never seen.
    pub(super) withdrawn: bool,
    pub(super) modified: Option<Timestamp>,
    /// Whether it was held before: known, and not gone.
    pub(super) held: bool,
    pub(super) published: Option<Timestamp>,
    pub(super) warnings: u64,
    pub(super) encoded: Encoded,
}

/// Decides what becomes of a record, and reads it if it is new.
pub(super) fn fate(origin: &Origin<'_>, record: &RawRecord<'_>) -> Fate {
    let current = origin.knowledge.current(origin.source, &record.id);
    let is_same = |known: &&Current| known.revision == Digest::of(record.bytes) && !known.gone;
    // What this fetch has shown in another edition is no longer what is known.
    let is_settled = !origin.editions.contains_key(&super::hash(&record.id));
    let is_unchanged = |_: &&Current| is_settled && !edition::is_marked_lower(origin, &record.id);
    if let Some(known) = current.as_ref().filter(is_same).filter(is_unchanged) {
        return Fate::Unchanged { id: super::hash(&record.id), modified: known.modified };
    }
    if let Some(reason) = current.as_ref().and_then(|current| edition::is_superseded(origin, record, current)) {
        return set_aside(origin, record, reason);
    }
    let Origin { source, family, object, entry, from, tlp, document, .. } = *origin;
    let context = Context { source, family, object, entry, from, tlp, document };
    match normalise::translate(origin.format, record, &context) {
        Ok(mut translated) => {
            translated.value.tlp = translated.value.tlp.max(origin.floor);
            let advisory = &translated.value;
            let live = advisory.state.is_live();
            Fate::Read(Box::new(Read {
                id: super::hash(&record.id),
                known: current.is_some(),
                withdrawn: !live && current.is_none_or(|current| current.live),
                modified: advisory.modified,
                held: current.is_some_and(|current| !current.gone),
                published: advisory.published,
                warnings: translated.warnings.len() as u64,
                encoded: store::knowledge::encode(advisory),
            }))
        }
        Err(reason) => set_aside(origin, record, reason),
    }
}

fn set_aside(origin: &Origin<'_>, record: &RawRecord<'_>, reason: String) -> Fate {
    let length = record.bytes.len() as u64;
    let raw = RawRef { object: origin.object, entry: origin.entry.to_owned(), offset: record.offset, length };
    Fate::SetAside(Quarantined { id: record.id.clone(), raw, reason })
}
