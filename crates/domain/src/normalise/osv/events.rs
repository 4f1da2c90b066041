//! Events of an OSV range to rules (OSV schema, "Evaluation"): in the order of their versions, whatever order they are in.
//!
//! `introduced: "0"` lies below everything, `fixed` is the first version outside, `last_affected` the last inside,
//! `limit` ends what the range speaks about without being a fix. Commits have no order: each `fixed` of a `GIT` range
//! closes a range of its own.

use std::cmp::Ordering;

use standards::lenient::List;
use standards::osv::Event;
use standards::versions::{Scheme, compare};

use super::super::common::Notes;
use super::super::range_text::{bound, range};
use crate::model::advisory::{Bound, Rule};

/// What happens at a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Introduced,
    Fixed,
    LastAffected,
    Limit,
}

/// Translates the events of one range.
pub(super) fn rules(list: &List<Event<'_>>, scheme: Scheme, place: &str, notes: &mut Notes) -> Vec<Rule> {
    let mut events = read(list, place, notes);
    if events.first().is_some_and(|(kind, _)| *kind != Kind::Introduced)
        && !events.iter().any(|(kind, _)| *kind == Kind::Introduced)
    {
        notes.add(format_args!("{place}.events"), "No version is introduced; the range is taken from the beginning.");
        events.insert(0, (Kind::Introduced, "0"));
    }
    if scheme != Scheme::Git {
        events.sort_by(|left, right| order(scheme, *left, *right));
    }
    let rules = if scheme == Scheme::Git { commits(&events) } else { ordered(&events, scheme) };
    if rules.is_empty() {
        notes.add(format_args!("{place}.events"), "No event can be used; the range says nothing.");
    }
    rules
}

/// All events, in the document's order; an object with two of them counts as two.
fn read<'x>(list: &'x List<Event<'_>>, place: &str, notes: &mut Notes) -> Vec<(Kind, &'x str)> {
    let mut events = Vec::new();
    for (index, event) in notes.list(list, format_args!("{place}.events")) {
        for (kind, field, name) in [
            (Kind::Introduced, &event.introduced, "introduced"),
            (Kind::Fixed, &event.fixed, "fixed"),
            (Kind::LastAffected, &event.last_affected, "last_affected"),
            (Kind::Limit, &event.limit, "limit"),
        ] {
            let version = notes.text(field, format_args!("{place}.events[{index}].{name}"));
            if !version.is_empty() && (kind, version) != (Kind::Limit, "*") {
                events.push((kind, version));
            }
        }
    }
    events
}

/// Order of versions; the beginning first, and at one version what the document says first.
fn order(scheme: Scheme, left: (Kind, &str), right: (Kind, &str)) -> Ordering {
    let is_beginning = |event: (Kind, &str)| event == (Kind::Introduced, "0");
    match (is_beginning(left), is_beginning(right)) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => compare(scheme, left.1, right.1).ordering,
    }
}

fn lower_bound(version: &str) -> Option<Bound> {
    (version != "0").then(|| bound(version, true))
}

fn closed(scheme: Scheme, lower: Option<Bound>, kind: Kind, version: &str) -> Rule {
    let mut rule = range(scheme, lower, Some(bound(version, kind == Kind::LastAffected)));
    rule.fixed = (kind == Kind::Fixed).then(|| version.to_owned());
    rule
}

/// Ranges of versions: opened by `introduced`, closed by the first event that ends them.
fn ordered(events: &[(Kind, &str)], scheme: Scheme) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut open: Option<Option<Bound>> = None;
    for (kind, version) in events {
        match (kind, open.take()) {
            (Kind::Introduced, None) => open = Some(lower_bound(version)),
            (Kind::Introduced, Some(lower)) => open = Some(lower),
            (_, Some(lower)) => rules.push(closed(scheme, lower, *kind, version)),
            (_, None) => {}
        }
    }
    rules.extend(open.map(|lower| range(scheme, lower, None)));
    rules
}

/// Ranges of commits: every end belongs to the beginning that stands before it.
fn commits(events: &[(Kind, &str)]) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut open: Option<Option<Bound>> = None;
    let mut is_used = true;
    for (kind, version) in events {
        if *kind == Kind::Introduced {
            if let (Some(lower), false) = (open.take(), is_used) {
                rules.push(range(Scheme::Git, lower, None));
            }
            open = Some(lower_bound(version));
            is_used = false;
        } else if let Some(lower) = &open {
            rules.push(closed(Scheme::Git, lower.clone(), *kind, version));
            is_used = true;
        }
    }
    if let (Some(lower), false) = (open, is_used) {
        rules.push(range(Scheme::Git, lower, None));
    }
    rules
}
