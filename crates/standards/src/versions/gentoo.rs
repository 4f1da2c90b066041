//! Gentoo: Package Manager Specification, "Version comparison" (algorithms 3.1 to 3.7).
//!
//! `digits{.digits}[letter]{_suffix[digits]}[-rdigits]`. A component with a leading zero is compared as a decimal
//! fraction; a longer list of components is later (`12.2 < 12.2.0`); a missing revision is 0.

use std::cmp::Ordering;

use super::runs;

/// A version in borrowed parts.
struct Version<'a> {
    numbers: &'a str,
    letter: &'a str,
    suffixes: &'a str,
    revision: &'a str,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (text, revision) = text.split_once("-r").unwrap_or((text, "0"));
        let (numbers, rest) = runs::split_while(text, |character| character.is_ascii_digit() || character == '.');
        let (letter, suffixes) = runs::split_while(rest, |character| character.is_ascii_lowercase());
        let suffixes_fit =
            suffixes.is_empty() || suffixes.strip_prefix('_')?.split('_').all(|suffix| suffix_rank(suffix).is_some());
        let fits = runs::is_dotted(numbers, &['.']) && letter.len() <= 1 && suffixes_fit && runs::is_number(revision);
        fits.then_some(Self { numbers, letter, suffixes, revision })
    }

    fn suffixes(&self) -> impl Iterator<Item = &'a str> {
        self.suffixes.split('_').skip(1)
    }
}

/// Whether the text follows the grammar.
pub(super) fn is_valid(text: &str) -> bool {
    Version::read(text).is_some()
}

/// Orders two versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let ordering = compare_numbers(left.numbers, right.numbers)
        .then_with(|| left.letter.cmp(right.letter))
        .then_with(|| compare_suffixes(&left, &right))
        .then_with(|| runs::compare_digits(left.revision, right.revision));
    Some(ordering)
}

fn compare_numbers(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    let mut ordering = runs::compare_digits(left.next().unwrap_or(""), right.next().unwrap_or(""));
    while ordering.is_eq() {
        ordering = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(left), Some(right)) => compare_component(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
    }
    ordering
}

fn compare_component(left: &str, right: &str) -> Ordering {
    if left.starts_with('0') || right.starts_with('0') {
        left.trim_end_matches('0').cmp(right.trim_end_matches('0'))
    } else {
        runs::compare_digits(left, right)
    }
}

fn compare_suffixes(left: &Version<'_>, right: &Version<'_>) -> Ordering {
    let (mut left, mut right) = (left.suffixes(), right.suffixes());
    loop {
        let (left, right) = (left.next(), right.next());
        let rank = |suffix: Option<&str>| suffix.map_or(Some(0), suffix_rank);
        let digits = || runs::compare_digits(number_of(left), number_of(right));
        let ordering = rank(left).cmp(&rank(right)).then_with(digits);
        if ordering.is_ne() || (left.is_none() && right.is_none()) {
            return ordering;
        }
    }
}

fn number_of(suffix: Option<&str>) -> &str {
    suffix.map_or("", |suffix| runs::split_letters(suffix).1)
}

/// The place of a suffix; the end of the list is 0. `None` when the text is no suffix.
fn suffix_rank(suffix: &str) -> Option<i8> {
    let (name, digits) = runs::split_letters(suffix);
    let rank = match name {
        "alpha" => -4,
        "beta" => -3,
        "pre" => -2,
        "rc" => -1,
        "p" => 1,
        _ => return None,
    };
    (digits.is_empty() || runs::is_number(digits)).then_some(rank)
}
