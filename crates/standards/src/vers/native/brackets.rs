//! Intervals in brackets: Maven (maven.apache.org, "Version range specification"), NuGet ("Version ranges").
//!
//! `[1.0,2.0)`, `(,1.0]`, `[1.2]`; commas between several.

use super::{Clause, Comparator};

/// Reads intervals in brackets.
pub(super) fn alternatives(text: &str) -> Option<Vec<Vec<Clause>>> {
    let mut rest = text.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find([']', ')'])?;
        let (interval, after) = rest.split_at(end + 1);
        found.push(clauses(interval)?);
        rest = after.trim_start_matches([',', '|', ' ', '\t']);
    }
    Some(found)
}

fn clauses(interval: &str) -> Option<Vec<Clause>> {
    let (begins, inner) = interval.split_at_checked(1)?;
    let (inner, ends) = inner.split_at_checked(inner.len().checked_sub(1)?)?;
    if !matches!(begins, "[" | "(") {
        return None;
    }
    let Some((lower, upper)) = inner.split_once(',') else {
        let version = inner.trim();
        let comparator = if (begins, ends) == ("[", "]") { Comparator::Equal } else { return nothing(version) };
        return (!version.is_empty()).then(|| vec![Clause::new(comparator, version)]);
    };
    let mut found = Vec::new();
    if !lower.trim().is_empty() {
        let comparator = if begins == "[" { Comparator::GreaterOrEqual } else { Comparator::Greater };
        found.push(Clause::new(comparator, lower.trim()));
    }
    if !upper.trim().is_empty() {
        let comparator = if ends == "]" { Comparator::LessOrEqual } else { Comparator::Less };
        found.push(Clause::new(comparator, upper.trim()));
    }
    Some(found)
}

/// `(1.0)`: no version is both above and below 1.0.
fn nothing(version: &str) -> Option<Vec<Clause>> {
    let clause = |comparator| Clause::new(comparator, version);
    (!version.is_empty()).then(|| vec![clause(Comparator::Greater), clause(Comparator::Less)])
}
