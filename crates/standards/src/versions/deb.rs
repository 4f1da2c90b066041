//! Debian and Ubuntu: deb-version(7) and Debian Policy 5.6.12.
//!
//! `[epoch:]upstream[-revision]`; a missing epoch is 0, a missing revision is "0". `~` sorts before the end of the text,
//! letters before all other signs.

use std::cmp::Ordering;

use super::runs;

/// The largest epoch dpkg takes (a C `int`).
const LARGEST_EPOCH: &str = "2147483647";

/// A version in borrowed parts.
struct Version<'a> {
    epoch: &'a str,
    upstream: &'a str,
    revision: &'a str,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (epoch, rest) = text.split_once(':').unwrap_or(("0", text));
        let (upstream, revision) = match rest.rsplit_once('-') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (rest, ""),
        };
        let epoch_fits = runs::is_number(epoch) && runs::compare_digits(epoch, LARGEST_EPOCH).is_le();
        let upstream_fits = upstream.starts_with(|character: char| character.is_ascii_digit())
            && upstream.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-~:".contains(&byte));
        let revision_fits = revision.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+~".contains(&byte));
        (epoch_fits && upstream_fits && revision_fits).then_some(Self { epoch, upstream, revision })
    }
}

/// Whether dpkg takes the text as a version.
pub(super) fn is_valid(text: &str) -> bool {
    Version::read(text).is_some()
}

/// Orders two versions: epoch, upstream version, revision.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let ordering = runs::compare_digits(left.epoch, right.epoch)
        .then_with(|| compare_part(left.upstream, right.upstream))
        .then_with(|| compare_part(left.revision, right.revision));
    Some(ordering)
}

/// Alternates between runs of other signs and runs of digits (deb-version(7), "Sorting algorithm").
fn compare_part(mut left: &str, mut right: &str) -> Ordering {
    while !(left.is_empty() && right.is_empty()) {
        let is_sign = |character: char| !character.is_ascii_digit();
        let (left_signs, left_rest) = runs::split_while(left, is_sign);
        let (right_signs, right_rest) = runs::split_while(right, is_sign);
        let (left_digits, left_rest) = runs::split_digits(left_rest);
        let (right_digits, right_rest) = runs::split_digits(right_rest);
        let ordering =
            compare_signs(left_signs, right_signs).then_with(|| runs::compare_digits(left_digits, right_digits));
        if ordering.is_ne() {
            return ordering;
        }
        (left, right) = (left_rest, right_rest);
    }
    Ordering::Equal
}

/// The end of a run weighs 0: more than `~`, less than any letter.
fn compare_signs(left: &str, right: &str) -> Ordering {
    let length = left.len().max(right.len());
    let weight_at = |text: &str, at: usize| text.as_bytes().get(at).map_or(0, |byte| weight(*byte));
    (0..length).map(|at| weight_at(left, at)).cmp((0..length).map(|at| weight_at(right, at)))
}

fn weight(byte: u8) -> i16 {
    match byte {
        b'~' => -1,
        letter if letter.is_ascii_alphabetic() => i16::from(letter),
        other => i16::from(other) + 256,
    }
}
