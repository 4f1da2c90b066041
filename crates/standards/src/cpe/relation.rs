//! How a source relates to a target, attribute by attribute and as a whole (NISTIR 7696, sections 6.1 to 6.3).

use super::{Text, Value};

/// A set relation between a source and a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// They exclude each other.
    Disjoint,
    /// They are the same.
    Equal,
    /// The source is part of the target.
    Subset,
    /// The source contains the target.
    Superset,
    /// The specification defines no relation (the target has wildcards of its own).
    Undefined,
}

impl Value {
    /// How this attribute as source relates to `target` (NISTIR 7696, table 6-2).
    ///
    /// Beyond the table, two cases with wildcards in the target have an obvious answer and get it: `*` contains every
    /// pattern, and a pattern equals itself.
    pub fn relation(&self, target: &Self) -> Relation {
        match (self, target) {
            (Self::Any, Self::Any) | (Self::Na, Self::Na) => Relation::Equal,
            (Self::Any, _) => Relation::Superset,
            (_, Self::Any) => Relation::Subset,
            (Self::Na, Self::Text(text)) if text.has_wildcard() => Relation::Undefined,
            (Self::Na, Self::Text(_)) | (Self::Text(_), Self::Na) => Relation::Disjoint,
            (Self::Text(source), Self::Text(target)) => source.relation(target),
        }
    }
}

impl Text {
    fn relation(&self, target: &Self) -> Relation {
        if self == target {
            Relation::Equal
        } else if target.has_wildcard() {
            Relation::Undefined
        } else if self.has_wildcard() && self.covers(&target.plain) {
            Relation::Superset
        } else {
            Relation::Disjoint
        }
    }

    /// Whether the literal characters stand somewhere in `target` with gaps before and after that the wildcards cover.
    fn covers(&self, target: &str) -> bool {
        target.char_indices().map(|(at, _)| at).chain([target.len()]).enumerate().any(|(before, at)| {
            self.leading.covers(before)
                && target[at..]
                    .strip_prefix(self.plain.as_str())
                    .is_some_and(|rest| self.trailing.covers(rest.chars().count()))
        })
    }
}

/// The relation of two names from the relations of their attributes (NISTIR 7696, table 6-4).
pub(super) fn combine(relations: impl Iterator<Item = Relation>) -> Relation {
    let mut whole = Relation::Equal;
    for relation in relations {
        whole = match (whole, relation) {
            (_, Relation::Disjoint) => return Relation::Disjoint,
            (same, Relation::Equal) => same,
            (Relation::Equal, other) => other,
            (left, right) if left == right => left,
            _ => Relation::Undefined,
        };
    }
    whole
}
