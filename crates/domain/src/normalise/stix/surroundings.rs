//! What the other objects of a document say about one of them: its mark where it has none, and what it is about.
//!
//! | Object | Mark |
//! |---|---|
//! | marked, as a whole or in parts | the strictest of its TLP markings |
//! | unmarked, in a report of the document | as the strictest of the reports that bring it |
//! | unmarked, in no report of the document | the stricter of the source's mark and the document's strictest: the report may lie on the next page |
//! | unmarked identity, location or definition | the source's mark |
//!
//! A marking that states no TLP label, a copyright for example, marks nothing here.

use std::cell::RefCell;
use std::collections::HashMap;

use standards::stix::{Object, tlp_of_marking};
use xxhash_rust::xxh3::Xxh3Default;

use super::{Context, newest, own_mentions};
use crate::model::advisory::Mention;
use crate::model::tlp::Tlp;

/// Types that are about nobody's vulnerability.
const NEUTRAL: [&str; 5] = ["extension-definition", "identity", "language-content", "location", "marking-definition"];

/// What a document says about its objects, by their identifiers.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// Labels of the marking definitions that the document itself defines.
    definitions: HashMap<String, Tlp>,
    /// Marks of the reports that bring an object.
    brought: HashMap<String, Tlp>,
    /// What objects name.
    mentions: HashMap<String, Vec<Mention>>,
    /// The strictest mark of any object.
    strictest: Option<Tlp>,
}

thread_local! {
    /// Those of the document read last in this thread, with its key: a document's records follow one another.
    static LAST: RefCell<(u128, Surroundings)> = RefCell::new((0, Surroundings::default()));
}

impl Surroundings {
    /// Looks at the surroundings that the document of `context` gives its objects.
    pub(super) fn with(context: &Context<'_>, look: impl FnOnce(&Self)) {
        let key = key(context);
        LAST.with_borrow_mut(|(known, surroundings)| {
            if *known != key {
                (*known, *surroundings) = (key, Self::of(context.document));
            }
            look(surroundings);
        });
    }

    /// Reads a document; what cannot be read of it says nothing.
    pub(super) fn of(document: &[u8]) -> Self {
        let mut found = Self::default();
        let spans = newest(document).unwrap_or_default();
        let read = |span: std::ops::Range<usize>| serde_json::from_slice::<Object<'_>>(&document[span]).ok();
        let objects: Vec<(String, Object<'_>)> =
            spans.into_iter().filter_map(|(id, span)| Some((id, read(span)?))).collect();
        for (id, object) in &objects {
            if let Ok(label) = object.tlp_label().parse() {
                found.definitions.insert(id.clone(), label);
            }
        }
        for (id, object) in &objects {
            let mark = found.own_mark(object);
            found.strictest = found.strictest.max(mark);
            for (other, mark) in object.object_refs.values().filter_map(|(_, other)| Some((other, mark?))) {
                let brought = found.brought.entry(other.to_string()).or_insert(mark);
                *brought = mark.max(*brought);
            }
            let mentions = own_mentions(object).sorted();
            if !mentions.is_empty() {
                found.mentions.insert(id.clone(), mentions);
            }
        }
        found
    }

    /// What the document's object `id` names.
    pub(super) fn mentions_of(&self, id: &str) -> &[Mention] {
        self.mentions.get(id).map_or(&[], Vec::as_slice)
    }

    /// What any object of the document names.
    pub(super) fn all_mentions(&self) -> impl Iterator<Item = &Mention> {
        self.mentions.values().flatten()
    }

    /// The strictest mark of any object.
    pub(super) fn strictest(&self) -> Option<Tlp> {
        self.strictest
    }

    /// The mark of an object, in a document of a source with the mark `default`.
    pub(super) fn mark_of(&self, object: &Object<'_>, default: Tlp) -> Tlp {
        let inherited = || self.brought.get(object.id.as_str()).copied();
        self.own_mark(object).or_else(inherited).unwrap_or_else(|| {
            let is_neutral = NEUTRAL.contains(&object.kind.as_str());
            if is_neutral { default } else { self.strictest.map_or(default, |strictest| strictest.max(default)) }
        })
    }

    /// The strictest of the marks that the object carries.
    fn own_mark(&self, object: &Object<'_>) -> Option<Tlp> {
        let whole = object.object_marking_refs.values().map(|(_, id)| id.as_ref());
        let parts = object.granular_markings.values().map(|(_, marking)| marking.marking_ref.as_str());
        let label = |id: &str| tlp_of_marking(id).and_then(|label| label.parse().ok());
        whole.chain(parts).filter_map(|id| label(id).or_else(|| self.definitions.get(id).copied())).max()
    }
}

/// What a document is known by: its archived object, its place in it, and a few of its bytes. All of them cannot be looked at for
/// each of its records.
fn key(context: &Context<'_>) -> u128 {
    const SAMPLES: usize = 64;
    let document = context.document;
    let mut hash = Xxh3Default::new();
    hash.update(&context.object.0);
    hash.update(context.entry.as_bytes());
    hash.update(&document.len().to_le_bytes());
    let step = (document.len() / SAMPLES).max(1);
    document.chunks(step).for_each(|part| hash.update(&part[..part.len().min(SAMPLES)]));
    hash.digest128()
}
