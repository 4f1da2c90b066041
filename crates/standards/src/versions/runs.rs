//! Runs of digits and letters: the comparisons every scheme shares.
//!
//! Numbers are compared as text of any length, so a build number of forty digits neither overflows nor is refused.

use std::cmp::Ordering;

/// What a missing component counts as when two dotted numbers differ in length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// `1.0 = 1.0.0`.
    Zero,
    /// `1.0 < 1.0.0`.
    Less,
}

/// Orders two digit runs by value; leading zeros do not count, the empty run is zero.
pub(super) fn compare_digits(left: &str, right: &str) -> Ordering {
    let left = left.trim_start_matches('0');
    let right = right.trim_start_matches('0');
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Orders two lists of digit runs, parted by any character of `separators`.
pub(super) fn compare_dotted(left: &str, right: &str, separators: &[char], missing: Missing) -> Ordering {
    let mut left = left.split(separators);
    let mut right = right.split(separators);
    loop {
        let ordering = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(_), None) if missing == Missing::Less => Ordering::Greater,
            (None, Some(_)) if missing == Missing::Less => Ordering::Less,
            (left, right) => compare_digits(left.unwrap_or(""), right.unwrap_or("")),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
}

/// Orders two texts without regard to ASCII case.
pub(super) fn compare_ignoring_case(left: &str, right: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    left.bytes().map(lower).cmp(right.bytes().map(lower))
}

/// Orders dotted identifiers as SemVer 2.0.0 section 11.4 does: numbers by value and below words, shorter lists first.
pub(super) fn compare_identifiers<'a>(
    left: impl Iterator<Item = &'a str>,
    mut right: impl Iterator<Item = &'a str>,
    compare_words: fn(&str, &str) -> Ordering,
) -> Ordering {
    for left in left {
        let Some(right) = right.next() else { return Ordering::Greater };
        let ordering = match (is_number(left), is_number(right)) {
            (true, true) => compare_digits(left, right),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => compare_words(left, right),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    if right.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

/// Compares and takes off the first segment of each, which must not be a separator: digits above letters, as RPM and
/// pacman do.
pub(super) fn compare_segment(left: &mut &str, right: &mut &str) -> Ordering {
    let starts_with_digit = |text: &str| text.starts_with(|character: char| character.is_ascii_digit());
    let numeric = starts_with_digit(left);
    if numeric != starts_with_digit(right) {
        return if numeric { Ordering::Greater } else { Ordering::Less };
    }
    let split = if numeric { split_digits } else { split_letters };
    let (left_run, left_rest) = split(left);
    let (right_run, right_rest) = split(right);
    (*left, *right) = (left_rest, right_rest);
    if numeric { compare_digits(left_run, right_run) } else { left_run.cmp(right_run) }
}

/// Whether the text is a non-empty run of ASCII digits.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the text is digit runs parted by single separators.
pub(super) fn is_dotted(text: &str, separators: &[char]) -> bool {
    text.split(separators).all(is_number)
}

/// Parts the longest prefix whose characters satisfy `belongs` from the rest.
pub(super) fn split_while(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|character| !belongs(character)).unwrap_or(text.len());
    text.split_at(end)
}

/// Parts the leading digits from the rest.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    split_while(text, |character| character.is_ascii_digit())
}

/// Parts digit runs joined by single separators from the rest; a separator that no digit follows belongs to the rest.
pub(super) fn split_dotted<'a>(text: &'a str, separators: &[char]) -> (&'a str, &'a str) {
    let mut end = split_digits(text).0.len();
    while let Some(after) = text[end..].strip_prefix(separators).filter(|_| end > 0) {
        let digits = split_digits(after).0.len();
        if digits == 0 {
            break;
        }
        end += 1 + digits;
    }
    text.split_at(end)
}

/// Parts the leading ASCII letters from the rest.
pub(super) fn split_letters(text: &str) -> (&str, &str) {
    split_while(text, |character| character.is_ascii_alphabetic())
}

/// Takes a prefix off without regard to ASCII case.
pub(super) fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// Takes a leading `v` or `V` off where a digit follows.
pub(super) fn strip_v(text: &str) -> &str {
    match text.strip_prefix(['v', 'V']) {
        Some(rest) if rest.starts_with(|character: char| character.is_ascii_digit()) => rest,
        _ => text,
    }
}
