//! What a range covers: from signposts to intervals and back.

use std::cmp::Ordering;

use super::{Comparator, Constraint, Vers, read, types};
use crate::versions::{Scheme, compare};

/// The versions between two bounds; a missing bound is open without end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    /// Where it begins.
    pub lower: Option<Bound>,
    /// Where it ends.
    pub upper: Option<Bound>,
}

/// One end of an interval.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The version, decoded.
    pub version: String,
    /// Whether the version itself belongs to the interval.
    pub inclusive: bool,
}

impl Interval {
    /// The one version.
    pub fn exactly(version: &str) -> Self {
        let bound = || Some(Bound { version: version.to_owned(), inclusive: true });
        Self { lower: bound(), upper: bound() }
    }

    /// Whether a version lies inside; `order` says how it compares with a bound.
    pub(super) fn contains(&self, order: &mut impl FnMut(&Bound) -> Ordering) -> bool {
        let mut fits = |bound: &Option<Bound>, inside: Ordering| {
            bound.as_ref().is_none_or(|bound| {
                let ordering = order(bound);
                ordering == inside || bound.inclusive && ordering.is_eq()
            })
        };
        fits(&self.lower, Ordering::Greater) && fits(&self.upper, Ordering::Less)
    }

    /// Whether no version can lie inside.
    pub(super) fn is_empty(&self, scheme: Scheme) -> bool {
        let (Some(lower), Some(upper)) = (&self.lower, &self.upper) else { return false };
        match compare(scheme, &lower.version, &upper.version).ordering {
            Ordering::Less => false,
            Ordering::Equal => !(lower.inclusive && upper.inclusive),
            Ordering::Greater => true,
        }
    }
}

/// The intervals of a range; see [`Vers::intervals`].
pub(super) fn intervals(range: &Vers) -> Vec<Interval> {
    if range.constraints.is_empty() {
        return if range.kind == "none" { Vec::new() } else { vec![Interval::default()] };
    }
    let mut signposts: Vec<&Constraint> = range.constraints.iter().collect();
    read::sort(range.scheme(), &mut signposts, |constraint| &constraint.version);
    covered(&without_redundant(&signposts))
}

/// Drops what lies inside a range anyway ("Simplifying constraints"): all but the first of several `>`, all but the last
/// of several `<`, and single versions behind a `>` or before a `<`.
fn without_redundant<'a>(signposts: &[&'a Constraint]) -> Vec<&'a Constraint> {
    let mut kept: Vec<usize> = Vec::new();
    let mut is_open = false;
    for (at, signpost) in signposts.iter().enumerate() {
        let comparator = signpost.comparator;
        if comparator == Comparator::NotEqual || is_open && !comparator.closes() {
            continue;
        }
        while comparator.closes() && kept.last().is_some_and(|last| !signposts[*last].comparator.opens()) {
            kept.pop();
        }
        is_open = comparator.opens();
        kept.push(at);
    }
    let mut kept = kept.into_iter().peekable();
    let mut found = Vec::new();
    for (at, signpost) in signposts.iter().enumerate() {
        if signpost.comparator == Comparator::NotEqual || kept.next_if_eq(&at).is_some() {
            found.push(*signpost);
        }
    }
    found
}

/// Walks along sorted signposts without redundant ones. Exceptions (`!=`) part the interval that they lie in.
fn covered(signposts: &[&Constraint]) -> Vec<Interval> {
    let mut found = Vec::new();
    let only_exceptions = signposts.iter().all(|one| one.comparator == Comparator::NotEqual);
    let first = signposts.iter().find(|one| one.comparator != Comparator::NotEqual);
    // Whether the walk is inside an interval, and where that began.
    let mut is_inside = only_exceptions || first.is_some_and(|first| first.comparator.closes());
    let mut lower: Option<Bound> = None;
    for signpost in signposts {
        let bound = |inclusive| Some(Bound { version: signpost.version.clone(), inclusive });
        match signpost.comparator {
            Comparator::Equal => found.push(Interval::exactly(&signpost.version)),
            Comparator::NotEqual if is_inside => {
                found.push(Interval { lower: lower.take(), upper: bound(false) });
                lower = bound(false);
            }
            Comparator::NotEqual => {}
            Comparator::Less | Comparator::LessOrEqual => {
                let inclusive = signpost.comparator == Comparator::LessOrEqual;
                found.push(Interval { lower: lower.take(), upper: bound(inclusive) });
                is_inside = false;
            }
            Comparator::Greater | Comparator::GreaterOrEqual => {
                lower = bound(signpost.comparator == Comparator::GreaterOrEqual);
                is_inside = true;
            }
        }
    }
    if is_inside {
        found.push(Interval { lower, upper: None });
    }
    found
}

/// The range over a union of intervals; see [`Vers::from_intervals`].
pub(super) fn vers(kind: &str, mut found: Vec<Interval>) -> Vers {
    let scheme = types::scheme_of(kind);
    found.retain(|interval| !interval.is_empty(scheme));
    if found.is_empty() {
        return Vers { kind: "none".to_owned(), constraints: Vec::new() };
    }
    Vers { kind: kind.to_owned(), constraints: signposts(scheme, &merged(scheme, found)) }
}

/// Sorts by lower bound and joins what overlaps or touches.
fn merged(scheme: Scheme, found: Vec<Interval>) -> Vec<Interval> {
    let (from_below, mut others): (Vec<_>, Vec<_>) = found.into_iter().partition(|interval| interval.lower.is_none());
    // Of two that begin at one version, the one that holds it comes first: it may join what ends there.
    others.sort_by_key(|interval| !interval.lower.as_ref().is_some_and(|lower| lower.inclusive));
    read::sort(scheme, &mut others, |interval| interval.lower.as_ref().map_or("", |lower| &lower.version));
    let mut joined: Vec<Interval> = Vec::new();
    for interval in from_below.into_iter().chain(others) {
        match joined.last_mut() {
            Some(last) if touches(scheme, last, &interval) => join(scheme, last, interval),
            _ => joined.push(interval),
        }
    }
    joined
}

fn touches(scheme: Scheme, left: &Interval, right: &Interval) -> bool {
    let (Some(end), Some(start)) = (&left.upper, &right.lower) else { return true };
    match compare(scheme, &end.version, &start.version).ordering {
        Ordering::Less => false,
        Ordering::Equal => end.inclusive || start.inclusive,
        Ordering::Greater => true,
    }
}

/// Takes `other`, which begins at or behind the beginning of `into`, into it.
fn join(scheme: Scheme, into: &mut Interval, other: Interval) {
    if let (Some(lower), Some(begin)) = (&mut into.lower, &other.lower) {
        lower.inclusive |= begin.inclusive && compare(scheme, &lower.version, &begin.version).ordering.is_eq();
    }
    let is_longer = match (&into.upper, &other.upper) {
        (None, _) => false,
        (_, None) => true,
        (Some(end), Some(upper)) => match compare(scheme, &end.version, &upper.version).ordering {
            Ordering::Less => true,
            Ordering::Equal => upper.inclusive,
            Ordering::Greater => false,
        },
    };
    if is_longer {
        into.upper = other.upper;
    }
}

/// The constraints of sorted intervals that do not touch.
fn signposts(scheme: Scheme, intervals: &[Interval]) -> Vec<Constraint> {
    let is_same = |left: &Bound, right: &Bound| compare(scheme, &left.version, &right.version).ordering.is_eq();
    let mut found: Vec<Constraint> = Vec::new();
    let mut put = |comparator, bound: &Bound| found.push(Constraint { comparator, version: bound.version.clone() });
    for (at, interval) in intervals.iter().enumerate() {
        let (lower, upper) = (interval.lower.as_ref(), interval.upper.as_ref());
        if let (Some(lower), Some(upper)) = (lower, upper)
            && is_same(lower, upper)
        {
            put(Comparator::Equal, lower);
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| intervals[before].upper.as_ref());
        match lower {
            // Written as an exception at the end of the interval before.
            Some(lower) if before.is_some_and(|before| is_same(before, lower)) => {}
            Some(lower) if lower.inclusive => put(Comparator::GreaterOrEqual, lower),
            Some(lower) => put(Comparator::Greater, lower),
            None => {}
        }
        let next = intervals.get(at + 1).and_then(|next| next.lower.as_ref());
        match upper {
            Some(upper) if next.is_some_and(|next| is_same(upper, next)) => put(Comparator::NotEqual, upper),
            Some(upper) if upper.inclusive => put(Comparator::LessOrEqual, upper),
            Some(upper) => put(Comparator::Less, upper),
            None => {}
        }
    }
    found
}
