//! RPM: epoch, version and release, each by `rpmvercmp` (rpm-version(7)).
//!
//! A missing epoch is 0 and a missing release sorts before any. Epochs are never ignored here: whether one side forgot
//! its epoch is for the matching rules to decide. `~` sorts before the end of the text, `^` after it but before more.

use std::cmp::Ordering;

use super::runs;

/// A version in borrowed parts.
struct Version<'a> {
    epoch: &'a str,
    main: &'a str,
    release: &'a str,
}

impl<'a> Version<'a> {
    /// Every text without blanks is a version; digits before a first `:` are the epoch.
    fn read(text: &'a str) -> Option<Self> {
        if text.is_empty() || text.contains(char::is_whitespace) {
            return None;
        }
        let (digits, rest) = runs::split_digits(text);
        let (epoch, rest) = match rest.strip_prefix(':') {
            Some(rest) => (digits, rest),
            None => ("0", text),
        };
        let (main, release) = rest.rsplit_once('-').unwrap_or((rest, ""));
        Some(Self { epoch, main, release })
    }
}

/// Whether the text has only the characters that rpmbuild allows.
pub(super) fn is_valid(text: &str) -> bool {
    let allowed = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+~^".contains(&byte));
    Version::read(text).is_some_and(|read| !read.main.is_empty() && allowed(read.main) && allowed(read.release))
}

/// Orders two versions: epoch, version, release.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let ordering = runs::compare_digits(left.epoch, right.epoch)
        .then_with(|| compare_part(left.main, right.main))
        .then_with(|| compare_part(left.release, right.release));
    Some(ordering)
}

/// `rpmvercmp`: segment by segment, digits above letters, everything else a separator.
fn compare_part(mut left: &str, mut right: &str) -> Ordering {
    loop {
        left = left.trim_start_matches(is_separator);
        right = right.trim_start_matches(is_separator);
        let ordering = match (left.chars().next(), right.chars().next()) {
            (None, None) => return Ordering::Equal,
            (Some('~'), Some('~')) | (Some('^'), Some('^')) => {
                (left, right) = (&left[1..], &right[1..]);
                continue;
            }
            (Some('~') | None, _) if !right.starts_with('~') => Ordering::Less,
            (_, Some('~') | None) => Ordering::Greater,
            (Some('^'), _) => Ordering::Less,
            (_, Some('^')) => Ordering::Greater,
            _ => runs::compare_segment(&mut left, &mut right),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
}

fn is_separator(character: char) -> bool {
    !(character.is_ascii_alphanumeric() || character == '~' || character == '^')
}
