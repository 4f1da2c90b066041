//! Parsing to the letter, and the validation rules (5.3, 5.4; "How to parse and validate VERS").

use std::collections::HashSet;

use super::{Comparator, Constraint, Vers, VersError, percent, types};
use crate::versions::{Scheme, compare, is_valid};

/// Parses and validates.
pub(super) fn parse(text: &str) -> Result<Vers, VersError> {
    check_signs(text)?;
    let specifier = text.strip_prefix("vers:").ok_or(VersError::NoScheme)?;
    let (kind, list) = specifier.split_once('/').ok_or(VersError::NoSlash)?;
    check_type(kind)?;
    let constraints = constraints(kind, list)?;
    if types::is_extreme(kind) && !constraints.is_empty() {
        return Err(VersError::AsteriskOnly(kind.to_owned()));
    }
    check_order(types::scheme_of(kind), &constraints)?;
    check_sequence(&constraints)?;
    Ok(Vers { kind: kind.to_owned(), constraints })
}

fn check_signs(text: &str) -> Result<(), VersError> {
    match text.bytes().position(|byte| !byte.is_ascii_graphic()) {
        Some(at) if text.as_bytes()[at].is_ascii_whitespace() => Err(VersError::Whitespace(at)),
        Some(at) => Err(VersError::NotAscii(at)),
        None => Ok(()),
    }
}

fn check_type(kind: &str) -> Result<(), VersError> {
    if kind == "invalid" {
        return Err(VersError::InvalidType);
    }
    if types::is_valid(kind) { Ok(()) } else { Err(VersError::BadType(kind.to_owned())) }
}

fn constraints(kind: &str, list: &str) -> Result<Vec<Constraint>, VersError> {
    match list {
        "" => return Err(VersError::NoConstraints),
        "*" => return Ok(Vec::new()),
        _ if list.starts_with('|') => return Err(VersError::LeadingPipe),
        _ if list.ends_with('|') => return Err(VersError::TrailingPipe),
        _ if list.contains("||") => return Err(VersError::ConsecutivePipes),
        _ => {}
    }
    list.split('|').map(|text| constraint(kind, text)).collect()
}

fn constraint(kind: &str, text: &str) -> Result<Constraint, VersError> {
    if text.starts_with('*') {
        return Err(VersError::AsteriskNotAlone);
    }
    if text.starts_with('=') {
        return Err(VersError::LeadingEquals(text.to_owned()));
    }
    let (comparator, encoded) = Comparator::split(text);
    if encoded.is_empty() {
        return Err(VersError::NoVersion(text.to_owned()));
    }
    let is_raw = |sign: &char| *sign != '%' && percent::RESERVED.contains(sign);
    if let Some(sign) = encoded.chars().find(is_raw) {
        return Err(VersError::RawSign(encoded.to_owned(), sign));
    }
    let version = percent::decode(encoded).ok_or_else(|| VersError::BadPercent(encoded.to_owned()))?;
    if !percent::is_canonical(encoded) {
        return Err(VersError::PercentCase(encoded.to_owned()));
    }
    if kind == "datetime" {
        check_datetime(encoded, &version)?;
    }
    Ok(Constraint { comparator, version: version.into_owned() })
}

fn check_datetime(encoded: &str, version: &str) -> Result<(), VersError> {
    if encoded.contains("%3A") {
        return Err(VersError::DatetimeColons(encoded.to_owned()));
    }
    if version.contains(['t', 'z']) {
        return Err(VersError::DatetimeCase(encoded.to_owned()));
    }
    if is_valid(Scheme::Datetime, version) { Ok(()) } else { Err(VersError::Datetime(encoded.to_owned())) }
}

/// Ascending and unique, as far as the type's order can tell.
fn check_order(scheme: Scheme, constraints: &[Constraint]) -> Result<(), VersError> {
    let mut seen = HashSet::new();
    if let Some(twice) = constraints.iter().find(|constraint| !seen.insert(constraint.version.as_str())) {
        return Err(VersError::Duplicate(twice.version.clone()));
    }
    for pair in constraints.windows(2) {
        let (left, right) = (&pair[0].version, &pair[1].version);
        let compared = compare(scheme, left, right);
        if compared.native && compared.ordering.is_eq() {
            return Err(VersError::Duplicate(right.clone()));
        }
        if compared.native && compared.ordering.is_gt() {
            return Err(VersError::Unsorted(left.clone(), right.clone()));
        }
    }
    Ok(())
}

/// Which comparator may follow which (5.4): `!=` stands anywhere; between a `<` and the next `>` stand single versions; a
/// `>` is followed by a `<`.
fn check_sequence(constraints: &[Constraint]) -> Result<(), VersError> {
    let mut signposts = constraints.iter().filter(|one| one.comparator != Comparator::NotEqual);
    let Some(mut before) = signposts.next() else { return Ok(()) };
    // The last comparator that is not a single version.
    let mut side = Some(before).filter(|one| one.comparator != Comparator::Equal);
    for one in signposts {
        let comparator = one.comparator;
        let follows_single = before.comparator == Comparator::Equal && comparator.closes();
        let repeats = side.is_some_and(|side| {
            side.comparator.opens() && comparator.opens() || side.comparator.closes() && comparator.closes()
        });
        if follows_single || repeats {
            return Err(VersError::Sequence(before.to_string(), one.to_string()));
        }
        before = one;
        if comparator != Comparator::Equal {
            side = Some(one);
        }
    }
    Ok(())
}
