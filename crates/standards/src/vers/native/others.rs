//! RubyGems (guides.rubygems.org, "Patterns"), Conan ("Version ranges"), Conda ("Package match specifications"), nginx
//! (nginx.org, "Security advisories").

use super::{Clause, Comparator, comparator};
use crate::versions::{Scheme, compare};

/// RubyGems: `~> 2.0.8` is from 2.0.8 to below 2.1, without 2.1's pre-releases.
pub(super) fn gem(sign: &str, version: &str) -> Option<Vec<Clause>> {
    if sign != "~>" {
        return Some(vec![Clause::new(comparator(sign)?, version)]);
    }
    let is_number = |segment: &&str| !segment.is_empty() && segment.bytes().all(|digit| digit.is_ascii_digit());
    let mut numbers: Vec<&str> = version.split('.').take_while(is_number).collect();
    if numbers.len() > 1 {
        numbers.pop();
    }
    let next = next(&numbers, numbers.len().checked_sub(1)?)?;
    Some(vec![Clause::new(Comparator::GreaterOrEqual, version), Clause::lowest(Comparator::Less, next)])
}

/// The numbers up to a place, with one more there.
fn next(numbers: &[&str], place: usize) -> Option<String> {
    let last = numbers.get(place)?.parse::<u64>().ok()?.checked_add(1)?.to_string();
    Some([&numbers[..place], &[last.as_str()]].concat().join("."))
}

/// Conan: `~1.2.3` stays in 1.2, `^1.2.3` in 1; a dash behind a version stands for its lowest pre-release.
pub(super) fn conan(sign: &str, version: &str) -> Option<Vec<Clause>> {
    if version == "*" && sign.is_empty() {
        return Some(Vec::new());
    }
    let first = version.strip_suffix('-').unwrap_or(version);
    let numbers: Vec<&str> = first.split(['-', '+']).next()?.split('.').collect();
    let is_zero = |number: &&str| number.bytes().all(|digit| digit == b'0');
    let place = match sign {
        "~" => usize::from(numbers.len() > 1),
        "^" => numbers.iter().position(|number| !is_zero(number)).unwrap_or(numbers.len() - 1),
        _ => return Some(vec![Clause::new(comparator(sign)?, version)]),
    };
    let end = next(&numbers, place)? + "-";
    Some(vec![Clause::new(Comparator::GreaterOrEqual, first), Clause::new(Comparator::Less, end)])
}

/// Conda: `1.7*`, `=1.7` and `1.7.*` are all versions that begin so.
pub(super) fn conda(sign: &str, version: &str) -> Option<Vec<Clause>> {
    let stem = version.strip_suffix('*').map(|stem| stem.trim_end_matches('.'));
    let begins = |stem: &str| vec![Clause { prefix: true, ..Clause::new(Comparator::Equal, stem) }];
    match (sign, stem) {
        ("" | "=" | "==", Some("")) => Some(Vec::new()),
        (_, Some("")) | ("!=", Some(_)) => None,
        ("" | "=" | "==", Some(stem)) => Some(begins(stem)),
        ("=", None) => Some(begins(version)),
        (_, stem) => Some(vec![Clause::new(comparator(sign)?, stem.unwrap_or(version))]),
    }
}

/// The first version behind all that begin with one: `1.8` of `1.7`, `2013b` of `2013a`. `None` where there is no telling.
pub(super) fn behind(stem: &str) -> Option<String> {
    let digits = stem.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, last) = stem.split_at(stem.len() - digits);
    if digits > 0 {
        return Some(format!("{before}{}", last.parse::<u64>().ok()?.checked_add(1)?));
    }
    let letter =
        before.bytes().last().filter(|letter| letter.is_ascii_alphabetic() && !matches!(letter, b'z' | b'Z'))?;
    Some(format!("{}{}", &before[..before.len() - 1], char::from(letter + 1)))
}

/// Whether a version begins with another, in whole numbers.
pub(super) fn begins(scheme: Scheme, version: &str, stem: &str) -> bool {
    let goes_on = |rest: &str| {
        !(stem.ends_with(|sign: char| sign.is_ascii_digit()) && rest.starts_with(|sign: char| sign.is_ascii_digit()))
    };
    version.strip_prefix(stem).is_some_and(goes_on) || compare(scheme, version, stem).ordering.is_eq()
}

/// nginx: `0.7.52-0.8.39` with both ends; `1.20.1+` to the end of a stable branch (even second number), of the mainline
/// (odd) without end; commas between alternatives; `all`, `none`.
pub(super) fn nginx(text: &str) -> Option<Vec<Vec<Clause>>> {
    match text.trim().to_ascii_lowercase().as_str() {
        "all" => return Some(vec![Vec::new()]),
        "none" => return Some(Vec::new()),
        _ => {}
    }
    text.split(',').map(|part| nginx_clauses(part.trim())).collect()
}

fn nginx_clauses(part: &str) -> Option<Vec<Clause>> {
    if let Some((from, to)) = part.split_once('-') {
        let clause = |comparator, version: &str| Clause::new(comparator, version.trim());
        return Some(vec![clause(Comparator::GreaterOrEqual, from), clause(Comparator::LessOrEqual, to)]);
    }
    let Some(from) = part.strip_suffix('+') else {
        let (sign, version) = *super::comparisons(part)?.first()?;
        return Some(vec![Clause::new(comparator(sign)?, version)]);
    };
    let numbers: Vec<&str> = from.split('.').collect();
    let mut found = vec![Clause::new(Comparator::GreaterOrEqual, from)];
    if numbers.get(1)?.parse::<u64>().ok()?.is_multiple_of(2) {
        found.push(Clause::new(Comparator::Less, next(&numbers, 1)? + ".0"));
    }
    Some(found)
}
