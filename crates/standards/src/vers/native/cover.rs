//! What clauses cover, as intervals.

use std::cmp::Ordering;

use super::super::{Bound, Comparator, Interval};
use super::{Clause, others, pypi};
use crate::versions::{Scheme, compare};

/// What clauses that must all hold leave over.
pub(super) fn intersection(scheme: Scheme, clauses: &[Clause]) -> Vec<Interval> {
    let mut left = Interval::default();
    for clause in clauses {
        let bound = |inclusive| Bound { version: clause.version.clone(), inclusive };
        match clause.comparator {
            Comparator::Equal if clause.prefix => {
                let end = others::behind(&clause.version).map(|version| Bound { version, inclusive: false });
                raise(scheme, &mut left.lower, bound(true), Ordering::Greater);
                raise(scheme, &mut left.upper, end.unwrap_or_else(|| bound(true)), Ordering::Less);
            }
            Comparator::Equal => {
                raise(scheme, &mut left.lower, bound(true), Ordering::Greater);
                raise(scheme, &mut left.upper, bound(true), Ordering::Less);
            }
            Comparator::Less => raise(scheme, &mut left.upper, bound(false), Ordering::Less),
            Comparator::LessOrEqual => raise(scheme, &mut left.upper, bound(true), Ordering::Less),
            Comparator::Greater => raise(scheme, &mut left.lower, bound(false), Ordering::Greater),
            Comparator::GreaterOrEqual => raise(scheme, &mut left.lower, bound(true), Ordering::Greater),
            Comparator::NotEqual => {}
        }
    }
    let mut left = vec![left];
    for clause in clauses.iter().filter(|clause| clause.comparator == Comparator::NotEqual) {
        let (from, to) = match pypi::next_prefix(&clause.version).filter(|_| clause.prefix) {
            Some(next) => (clause.version.clone(), Bound { version: next, inclusive: true }),
            None => (clause.version.clone(), Bound { version: clause.version.clone(), inclusive: false }),
        };
        let parted = |interval: Interval| {
            let (mut before, mut after) = (interval.clone(), interval);
            raise(scheme, &mut before.upper, Bound { version: from.clone(), inclusive: false }, Ordering::Less);
            raise(scheme, &mut after.lower, to.clone(), Ordering::Greater);
            [before, after]
        };
        left = left.into_iter().flat_map(parted).filter(|interval| !interval.is_empty(scheme)).collect();
    }
    left
}

/// Takes the narrower of two bounds: a lower one that is greater, an upper one that is less.
fn raise(scheme: Scheme, bound: &mut Option<Bound>, other: Bound, narrower: Ordering) {
    let is_narrower = bound.as_ref().is_none_or(|bound| {
        let ordering = compare(scheme, &other.version, &bound.version).ordering;
        ordering == narrower || ordering.is_eq() && !other.inclusive
    });
    if is_narrower {
        *bound = Some(other);
    }
}
