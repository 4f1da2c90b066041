//! PEP 440, as the version specifiers of packaging.python.org describe it ("Summary of permitted suffixes and relative
//! ordering", appendix B for the lenient spelling).
//!
//! Order: epoch, release without trailing zeros, then `.devN < aN < bN < rcN < (final) < .postN`, then the local label.

use std::cmp::Ordering;

use super::runs::{self, Missing};

/// A version in borrowed parts; numbers are digit runs, empty for an implicit 0.
struct Version<'a> {
    epoch: &'a str,
    release: &'a str,
    pre: Option<(Pre, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    Alpha,
    Beta,
    Candidate,
}

/// What may part a suffix from its number and local labels from each other.
const SEPARATORS: [char; 3] = ['.', '-', '_'];

/// Spellings of the pre-release words, longer before their own beginnings.
const PRE_WORDS: [(&str, Pre); 8] = [
    ("alpha", Pre::Alpha),
    ("a", Pre::Alpha),
    ("beta", Pre::Beta),
    ("b", Pre::Beta),
    ("preview", Pre::Candidate),
    ("pre", Pre::Candidate),
    ("c", Pre::Candidate),
    ("rc", Pre::Candidate),
];

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = runs::strip_v(text);
        let (epoch, text) = text.split_once('!').unwrap_or(("0", text));
        let (text, local) = match text.split_once('+') {
            Some((text, local)) => (text, Some(local)),
            None => (text, None),
        };
        let (release, rest) = runs::split_dotted(text, &['.']);
        let (pre, rest) = match PRE_WORDS.iter().find_map(|(word, pre)| Some((*pre, suffix(rest, word)?))) {
            Some((pre, (number, rest))) => (Some((pre, number)), rest),
            None => (None, rest),
        };
        let (post, rest) = split_post(rest);
        let (dev, rest) = suffix(rest, "dev").map_or((None, rest), |(number, rest)| (Some(number), rest));
        let fits = runs::is_number(epoch) && !release.is_empty() && rest.is_empty() && local.is_none_or(is_local);
        fits.then_some(Self { epoch, release, pre, post, dev, local })
    }

    /// Place before or after the plain release: a development release of the release itself sorts below its alphas.
    fn pre_key(&self) -> (u8, Option<Pre>) {
        match self.pre {
            Some((pre, _)) => (1, Some(pre)),
            None if self.post.is_none() && self.dev.is_some() => (0, None),
            None => (2, None),
        }
    }
}

fn without_separator(text: &str) -> &str {
    text.strip_prefix(SEPARATORS).unwrap_or(text)
}

/// Takes `[sep]word[sep][digits]` off; gives the digits and the rest.
fn suffix<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let rest = runs::strip_prefix_ignoring_case(without_separator(text), word)?;
    Some(runs::split_digits(without_separator(rest)))
}

/// Takes `-N`, `.postN`, `.revN` or `.rN` off.
fn split_post(text: &str) -> (Option<&str>, &str) {
    if let Some((digits, rest)) =
        text.strip_prefix('-').map(runs::split_digits).filter(|(digits, _)| !digits.is_empty())
    {
        return (Some(digits), rest);
    }
    let named = ["post", "rev", "r"].iter().find_map(|word| suffix(text, word));
    named.map_or((None, text), |(number, rest)| (Some(number), rest))
}

fn is_local(text: &str) -> bool {
    text.split(SEPARATORS).all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether the text is a version, in any spelling that PEP 440 permits.
pub(super) fn is_valid(text: &str) -> bool {
    Version::read(text).is_some()
}

/// Orders two versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let ordering = runs::compare_digits(left.epoch, right.epoch)
        .then_with(|| runs::compare_dotted(left.release, right.release, &['.'], Missing::Zero))
        .then_with(|| left.pre_key().cmp(&right.pre_key()))
        .then_with(|| compare_numbers(left.pre.map(|pre| pre.1), right.pre.map(|pre| pre.1)))
        .then_with(|| compare_numbers(left.post, right.post))
        // No development label is later than any.
        .then_with(|| left.dev.is_none().cmp(&right.dev.is_none()))
        .then_with(|| compare_numbers(left.dev, right.dev))
        .then_with(|| compare_locals(left.local, right.local));
    Some(ordering)
}

/// Orders optional numbers, none first.
fn compare_numbers(left: Option<&str>, right: Option<&str>) -> Ordering {
    left.is_some().cmp(&right.is_some()).then_with(|| runs::compare_digits(left.unwrap_or(""), right.unwrap_or("")))
}

/// Orders local labels, none first, shorter lists first; here a number is later than a word.
fn compare_locals(left: Option<&str>, right: Option<&str>) -> Ordering {
    let (Some(left), Some(right)) = (left, right) else { return left.is_some().cmp(&right.is_some()) };
    let mut right = right.split(SEPARATORS);
    for left in left.split(SEPARATORS) {
        let Some(right) = right.next() else { return Ordering::Greater };
        let ordering = compare_local_parts(left, right);
        if ordering.is_ne() {
            return ordering;
        }
    }
    if right.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

fn compare_local_parts(left: &str, right: &str) -> Ordering {
    match (runs::is_number(left), runs::is_number(right)) {
        (true, true) => runs::compare_digits(left, right),
        (false, false) => runs::compare_ignoring_case(left, right),
        (left_is_number, right_is_number) => left_is_number.cmp(&right_is_number),
    }
}
