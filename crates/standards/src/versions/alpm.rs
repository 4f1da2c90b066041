//! Arch Linux: `vercmp` of pacman (vercmp(8)).
//!
//! `[epoch:]version[-release]`. Unlike RPM's later order, `~` and `^` are plain separators, the lengths of separators
//! count, and a rest of letters loses against the end: `1.0rc < 1.0 < 1.0.rc`. The release counts only when both sides
//! have one (`1.1 = 1.1-1`), so the order is transitive only among versions that all have one or all lack one.

use std::cmp::Ordering;

use super::runs;

/// A version in borrowed parts.
struct Version<'a> {
    epoch: &'a str,
    main: &'a str,
    release: Option<&'a str>,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        if text.is_empty() || text.contains(char::is_whitespace) {
            return None;
        }
        let (digits, rest) = runs::split_digits(text);
        let (epoch, rest) = match rest.strip_prefix(':') {
            Some(rest) => (digits, rest),
            None => ("0", text),
        };
        let (main, release) = match rest.rsplit_once('-') {
            Some((main, release)) => (main, Some(release)),
            None => (rest, None),
        };
        Some(Self { epoch, main, release })
    }
}

/// Whether the text is a version as makepkg allows it: no blanks, `:` only after the epoch, `-` only before the release.
pub(super) fn is_valid(text: &str) -> bool {
    Version::read(text).is_some_and(|read| !read.main.is_empty() && !read.main.contains([':', '-', '/']))
}

/// Orders two versions: epoch, version, and the release where both have one.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let releases = || match (left.release, right.release) {
        (Some(left), Some(right)) => compare_part(left, right),
        _ => Ordering::Equal,
    };
    let ordering = runs::compare_digits(left.epoch, right.epoch)
        .then_with(|| compare_part(left.main, right.main))
        .then_with(releases);
    Some(ordering)
}

fn compare_part(mut left: &str, mut right: &str) -> Ordering {
    while !left.is_empty() && !right.is_empty() {
        let (left_separator, left_rest) = runs::split_while(left, is_separator);
        let (right_separator, right_rest) = runs::split_while(right, is_separator);
        (left, right) = (left_rest, right_rest);
        if left.is_empty() || right.is_empty() {
            break;
        }
        let ordering =
            left_separator.len().cmp(&right_separator.len()).then_with(|| runs::compare_segment(&mut left, &mut right));
        if ordering.is_ne() {
            return ordering;
        }
    }
    compare_rests(left, right)
}

fn is_separator(character: char) -> bool {
    !character.is_ascii_alphanumeric()
}

/// A rest of letters is older than nothing, any other rest is newer.
fn compare_rests(left: &str, right: &str) -> Ordering {
    let rank = |rest: &str| match rest.chars().next() {
        None => 0,
        Some(character) if character.is_ascii_alphabetic() => -1,
        Some(_) => 1,
    };
    rank(left).cmp(&rank(right))
}
