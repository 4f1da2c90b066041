//! NuGet (learn.microsoft.com, "Package versioning"): one to four numbers, then SemVer labels without regard to case.
//!
//! Build metadata does not count; a missing number is 0.

use std::cmp::Ordering;

use super::runs::{self, Missing};
use super::semver::{self, Version};

fn read(text: &str) -> Option<Version<'_>> {
    semver::read(text).filter(|version| version.release.split('.').count() <= 4)
}

/// Whether NuGet would read the text as a version.
pub(super) fn is_valid(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_digit()) && read(text).is_some()
}

/// Orders two package versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (read(left)?, read(right)?);
    let releases = runs::compare_dotted(left.release, right.release, &['.'], Missing::Zero);
    Some(releases.then_with(|| semver::compare_pre(left.pre, right.pre, runs::compare_ignoring_case)))
}
