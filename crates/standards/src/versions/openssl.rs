//! OpenSSL: until 1.1.1 three numbers and letters (`1.0.2zb`), from 3.0.0 on three numbers (openssl.org, "Versioning").
//!
//! After `z` comes `za`. `-alpha`, `-beta`, `-pre`, `-rc`, `-dev` and `-cvs` sort before the release they prepare.

use std::cmp::Ordering;

use super::runs::{self, Missing};

/// Words of pre-releases, in order; a snapshot of the sources (`-dev`, `-cvs`) is older than any of them.
const PRE_WORDS: [(&str, u8); 6] = [("cvs", 0), ("dev", 0), ("alpha", 1), ("beta", 2), ("pre", 3), ("rc", 4)];

/// A version in borrowed parts.
struct Version<'a> {
    numbers: &'a str,
    letters: &'a str,
    pre: Option<(u8, &'a str)>,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (numbers, rest) = runs::split_while(text, |sign| sign.is_ascii_digit() || sign == '.');
        let (letters, rest) = runs::split_letters(rest);
        let pre = match rest.strip_prefix('-') {
            // The validated module is the same source.
            Some("fips") => None,
            Some(pre) => Some(read_pre(pre)?),
            None if rest.is_empty() => None,
            None => return None,
        };
        let fits = runs::is_dotted(numbers, &['.']) && letters.len() <= 2;
        fits.then_some(Self { numbers, letters, pre })
    }
}

fn read_pre(text: &str) -> Option<(u8, &str)> {
    let (word, number) = runs::split_letters(text);
    let (_, rank) = PRE_WORDS.iter().find(|(known, _)| *known == word)?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some((*rank, number))
}

/// Whether the text is a version of OpenSSL.
pub(super) fn is_valid(text: &str) -> bool {
    Version::read(text).is_some_and(|version| version.numbers.split('.').count() == 3)
}

/// Orders two versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let pre = || match (left.pre, right.pre) {
        (Some(left), Some(right)) => left.0.cmp(&right.0).then_with(|| runs::compare_digits(left.1, right.1)),
        (left, right) => left.is_none().cmp(&right.is_none()),
    };
    let ordering = runs::compare_dotted(left.numbers, right.numbers, &['.'], Missing::Zero)
        .then_with(|| left.letters.len().cmp(&right.letters.len()))
        .then_with(|| runs::compare_ignoring_case(left.letters, right.letters))
        .then_with(pre);
    Some(ordering)
}
