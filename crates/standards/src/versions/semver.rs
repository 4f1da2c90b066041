//! Semantic Versioning 2.0.0 (semver.org, section 11), and its dialects in Pub and Bitnami.
//!
//! Shape: text in, [`Version`] of borrowed parts out, compared part by part.
//! Real data is laxer than the grammar: `v1.2.3`, `= 1.2.3`, `1.2` and `1.2.3.4` are read too (missing numbers are 0),
//! since their meaning is not in doubt. `1.0.2k` is not read: a letter may be a patch level as well as a pre-release.

use std::cmp::Ordering;

use super::runs::{self, Missing};

/// A version in borrowed parts.
#[derive(Clone, Copy)]
pub(super) struct Version<'a> {
    /// Dotted numbers: `1.2.3`.
    pub(super) release: &'a str,
    /// After the first `-`: `rc.1`.
    pub(super) pre: Option<&'a str>,
    /// After the `+`.
    build: Option<&'a str>,
}

/// Reads a version, tolerantly.
pub(super) fn read(text: &str) -> Option<Version<'_>> {
    let text = text.strip_prefix('=').unwrap_or(text).trim_start();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text).trim_start();
    let (release, rest) = runs::split_while(text, |character| character.is_ascii_digit() || character == '.');
    let (rest, build) = match rest.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (rest, None),
    };
    let pre = if rest.is_empty() { None } else { Some(rest.strip_prefix('-')?) };
    let well_formed =
        runs::is_dotted(release, &['.']) && pre.is_none_or(is_identifiers) && build.is_none_or(is_identifiers);
    well_formed.then_some(Version { release, pre, build })
}

fn is_identifiers(text: &str) -> bool {
    let is_identifier_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.split('.').all(|identifier| !identifier.is_empty() && identifier.bytes().all(is_identifier_byte))
}

/// Whether the text follows the grammar of SemVer 2.0.0 to the letter.
pub(super) fn is_valid(text: &str) -> bool {
    let Some(version) = read(text) else { return false };
    let starts_with_digit = text.starts_with(|character: char| character.is_ascii_digit());
    let no_leading_zero = |number: &str| number == "0" || !number.starts_with('0');
    let numbers_are_plain = version.release.split('.').all(no_leading_zero);
    let pre_is_plain =
        version.pre.is_none_or(|pre| pre.split('.').all(|id| !runs::is_number(id) || no_leading_zero(id)));
    starts_with_digit && version.release.split('.').count() == 3 && numbers_are_plain && pre_is_plain
}

/// Orders by precedence; build metadata does not count.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(precedence(read(left)?, read(right)?))
}

fn precedence(left: Version<'_>, right: Version<'_>) -> Ordering {
    runs::compare_dotted(left.release, right.release, &['.'], Missing::Zero)
        .then_with(|| compare_pre(left.pre, right.pre, str::cmp))
}

/// Orders pre-release labels; a version without one is the later one.
pub(super) fn compare_pre(left: Option<&str>, right: Option<&str>, words: fn(&str, &str) -> Ordering) -> Ordering {
    match (left, right) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(left), Some(right)) => runs::compare_identifiers(left.split('.'), right.split('.'), words),
    }
}

/// Orders as Dart's pub does: by precedence, then by build metadata, none first.
pub(super) fn compare_pub(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (read(left)?, read(right)?);
    let builds = || match (left.build, right.build) {
        (Some(left), Some(right)) => runs::compare_identifiers(left.split('.'), right.split('.'), str::cmp),
        (left, right) => left.is_some().cmp(&right.is_some()),
    };
    Some(precedence(left, right).then_with(builds))
}

/// Orders as Bitnami's advisories mean it: `2.3.1-4` is the fourth packaging of 2.3.1 and holds the same software.
pub(super) fn compare_bitnami(left: &str, right: &str) -> Option<Ordering> {
    Some(precedence(without_packaging(read(left)?), without_packaging(read(right)?)))
}

fn without_packaging(version: Version<'_>) -> Version<'_> {
    match version.pre {
        Some(pre) if runs::is_number(pre) => Version { pre: None, ..version },
        _ => version,
    }
}
