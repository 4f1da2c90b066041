//! Conan 2 (docs.conan.io, "Version ranges", and VERS): dotted items, `-pre-release`, `+build`.
//!
//! Trailing zeros do not count, in any of the three parts. An item of digits and letters is compared by its number, then
//! by the rest: Conan itself compares such items as text, which is not transitive (`10 < 1a < 2 < 10`).

use std::cmp::Ordering;

use super::runs;

/// A version in borrowed parts.
struct Version<'a> {
    items: &'a str,
    pre: Option<&'a str>,
    build: Option<&'a str>,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (rest, build) = match text.rsplit_once('+') {
            Some((rest, build)) => (rest, Some(build)),
            None => (text, None),
        };
        let (items, pre) = match rest.rsplit_once('-') {
            Some((items, pre)) => (items, Some(pre)),
            None => (rest, None),
        };
        let fits = !items.is_empty() && !text.contains(char::is_whitespace);
        fits.then_some(Self { items, pre, build })
    }
}

/// Whether the text is a version as a recipe may declare it: lower case, digits, and `._+-`.
pub(super) fn is_valid(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
    text.bytes().all(allowed) && Version::read(text).is_some()
}

/// Orders two versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let ordering = compare_items(left.items, right.items)
        .then_with(|| left.pre.is_none().cmp(&right.pre.is_none()))
        .then_with(|| compare_items(left.pre.unwrap_or(""), right.pre.unwrap_or("")))
        .then_with(|| left.build.is_some().cmp(&right.build.is_some()))
        .then_with(|| compare_items(left.build.unwrap_or(""), right.build.unwrap_or("")));
    Some(ordering)
}

fn compare_items(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let (left, right) = (left.next(), right.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let ordering = compare_item(left.unwrap_or("0"), right.unwrap_or("0"));
        if ordering.is_ne() {
            return ordering;
        }
    }
}

/// Numbers by value, then what follows them; an item without a number is above all numbers.
fn compare_item(left: &str, right: &str) -> Ordering {
    let (left_digits, left_rest) = runs::split_digits(left);
    let (right_digits, right_rest) = runs::split_digits(right);
    left_digits
        .is_empty()
        .cmp(&right_digits.is_empty())
        .then_with(|| runs::compare_digits(left_digits, right_digits))
        .then_with(|| left_rest.cmp(right_rest))
}
