//! Editions of a CSAF document: a lower version that arrives later, or another publisher's document under the same identifier,
//! does not take the place of what is known (CSAF 2.0, 3.2.1.12: identifiers are unique for a publisher only).

use domain::model::advisory::Advisory;
use domain::model::tlp::Tlp;
use domain::normalise::{Format, RawRecord, csaf_edition};
use store::knowledge::Current;

use super::record::Origin;

/// Why a record must not replace the known one, as a sentence. None: it may.
pub(super) fn is_superseded(origin: &Origin<'_>, record: &RawRecord<'_>, current: &Current) -> Option<String> {
    if origin.format != Format::Csaf || current.gone {
        return None;
    }
    let known = known(origin, &record.id)?;
    if !known.raw.entry.is_empty() {
        // One document of a large archive is not worth unpacking it: the list's own dates have to do.
        return None;
    }
    let held = origin.archive.read(&known.raw.object).ok()?;
    csaf_edition(record.bytes)?.may_replace(&csaf_edition(&held)?).err()
}

/// Whether a known record is marked lower than the list that leads to it now.
pub(super) fn is_marked_lower(origin: &Origin<'_>, id: &str) -> bool {
    origin.floor > Tlp::Clear && known(origin, id).is_some_and(|known| known.tlp < origin.floor)
}

fn known(origin: &Origin<'_>, id: &str) -> Option<Advisory> {
    origin.knowledge.by_id(id).into_iter().find(|known| known.source == *origin.source && known.id == id)
}
