//! Which order compares two versions, and whether a rule's bounds hold a version.

use std::cmp::Ordering;

use standards::versions::{Scheme, compare};

use crate::model::advisory::{Bound, Rule};

use super::is_git;

/// The order that was used, and whether both versions follow it (R13: flagged, never skipped).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) struct Order {
    /// The scheme.
    pub(in crate::matching) scheme: Scheme,
    /// False when some version did not follow it and the general order was used.
    pub(in crate::matching) native: bool,
}

impl Order {
    pub(in crate::matching) fn native(scheme: Scheme) -> Self {
        Self { scheme, native: true }
    }

    /// Compares in the rule's scheme, else in the component's, else in general; remembers which, and any doubt.
    pub(in crate::matching) fn compare(&mut self, stated: Scheme, own: Scheme, left: &str, right: &str) -> Ordering {
        // "Custom" and the like say nothing, so the component's ecosystem decides.
        let first = if stated == Scheme::Generic { own } else { stated };
        let compared = compare(first, left, right);
        if !compared.native && own != first && own != Scheme::Generic {
            let second = compare(own, left, right);
            if second.native {
                self.scheme = own;
                return second.ordering;
            }
        }
        self.scheme = first;
        self.native &= compared.native;
        compared.ordering
    }
}

/// Whether the version lies between the rule's bounds.
pub(super) fn covers(rule: &Rule, version: &str, own: Scheme, order: &mut Order) -> bool {
    if is_git(rule) {
        return covers_commit(rule, version);
    }
    above(rule, version, own, order) && below(rule, version, own, order)
}

/// Commits have no order at hand: only the commits that a range names are certain.
fn covers_commit(rule: &Rule, version: &str) -> bool {
    rule.lower.as_ref().is_some_and(|bound| is_same_commit(bound, version) && bound.inclusive)
        || rule.upper.as_ref().is_some_and(|bound| is_same_commit(bound, version) && bound.inclusive)
}

/// Whether the version is the commit that ends a range without being in it: the fix itself.
pub(super) fn is_fixing_commit(rule: &Rule, version: &str) -> bool {
    rule.upper.as_ref().is_some_and(|bound| !bound.inclusive && is_same_commit(bound, version))
}

fn is_same_commit(bound: &Bound, version: &str) -> bool {
    let compared = compare(Scheme::Git, &bound.version, version);
    compared.native && compared.ordering.is_eq()
}

fn above(rule: &Rule, version: &str, own: Scheme, order: &mut Order) -> bool {
    let Some(lower) = closed_below(rule) else { return true };
    match order.compare(rule.scheme, own, version, &lower.version) {
        Ordering::Greater => true,
        Ordering::Equal => lower.inclusive,
        Ordering::Less => false,
    }
}

fn below(rule: &Rule, version: &str, own: Scheme, order: &mut Order) -> bool {
    let Some(upper) = closed_above(rule) else { return true };
    // `lessThanOrEqual: 5.15.*` holds the whole branch.
    if let Some(branch) = upper.version.strip_suffix(".*") {
        let inside = version.strip_prefix(branch).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']));
        return if inside { upper.inclusive } else { order.compare(rule.scheme, own, version, branch).is_lt() };
    }
    match order.compare(rule.scheme, own, version, &upper.version) {
        Ordering::Less => true,
        Ordering::Equal => upper.inclusive,
        Ordering::Greater => false,
    }
}

/// The lower bound; `0` stands for the beginning of all versions.
pub(super) fn closed_below(rule: &Rule) -> Option<&Bound> {
    rule.lower.as_ref().filter(|lower| !(lower.inclusive && matches!(lower.version.as_str(), "0" | "*" | "")))
}

/// The upper bound; `*` stands for no end.
pub(super) fn closed_above(rule: &Rule) -> Option<&Bound> {
    rule.upper.as_ref().filter(|upper| !matches!(upper.version.as_str(), "*" | ""))
}

/// Whether the rule holds every version.
pub(super) fn is_open(rule: &Rule) -> bool {
    closed_below(rule).is_none() && closed_above(rule).is_none()
}

/// The change with the greatest version at or before this one; of equal ones the later in the record.
pub(super) fn change_in_force(rule: &Rule, version: &str, own: Scheme, order: &mut Order) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (index, (at, _)) in rule.changes.iter().enumerate().take(super::MAX_RULES) {
        if order.compare(rule.scheme, own, at, version).is_gt() {
            continue;
        }
        let later = best.is_none_or(|best| order.compare(rule.scheme, own, at, &rule.changes[best].0).is_ge());
        if later {
            best = Some(index);
        }
    }
    best
}

/// The change with the least version after `change`, or after the rule's beginning.
pub(super) fn next_change(rule: &Rule, change: Option<usize>, own: Scheme) -> Option<usize> {
    let mut order = Order::native(rule.scheme);
    let mut best: Option<usize> = None;
    for (index, (at, _)) in rule.changes.iter().enumerate().take(super::MAX_RULES) {
        let after = change.is_none_or(|change| order.compare(rule.scheme, own, at, &rule.changes[change].0).is_gt());
        if after && best.is_none_or(|best| order.compare(rule.scheme, own, at, &rule.changes[best].0).is_lt()) {
            best = Some(index);
        }
    }
    best
}
