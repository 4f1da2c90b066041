//! Go modules and Go releases (R11).
//!
//! Modules follow SemVer with a `v` (go.dev/ref/mod, "Versions"): `v1` and `v1.2` are short forms, pseudo-versions
//! (`v0.0.0-20180116102854-5a71ef0e047d`) are pre-releases that sort by time, `+incompatible` does not count.
//! Releases of the toolchain and standard library write pre-releases without a dash: `go1.22rc2` is `1.22.0-rc.2`.

use std::cmp::Ordering;

use super::runs::{self, Missing};
use super::semver;

/// A module version or a release of Go.
struct Version<'a> {
    release: &'a str,
    /// `rc.2`, or the word of `rc2`.
    pre: &'a str,
    /// The number of a release's pre-release: `2` of `rc2`.
    number: &'a str,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix("go").unwrap_or(text);
        // `go version` appends build experiments: `go1.22.3 X:boringcrypto`.
        let text = text.split_once(" X:").map_or(text, |(version, _)| version);
        if let Some(semver::Version { release, pre, .. }) = semver::read(text) {
            return Some(Self { release, pre: pre.unwrap_or(""), number: "" });
        }
        let (release, rest) = runs::split_while(text, |character| character.is_ascii_digit() || character == '.');
        let (pre, number) = runs::split_letters(rest);
        let is_release =
            runs::is_dotted(release, &['.']) && matches!(pre, "alpha" | "beta" | "rc") && runs::is_number(number);
        is_release.then_some(Self { release, pre, number })
    }

    fn identifiers(&self) -> impl Iterator<Item = &'a str> {
        self.pre.split('.').chain(Some(self.number).filter(|number| !number.is_empty()))
    }
}

/// Whether the text is a module version or a release of Go; the leading `v` or `go` may be absent.
pub(super) fn is_valid(text: &str) -> bool {
    if let Some(release) = text.strip_prefix("go") {
        return Version::read(release).is_some();
    }
    let bare = text.strip_prefix('v').unwrap_or(text);
    let is_short = runs::is_dotted(bare, &['.']) && bare.split('.').count() < 3;
    is_short || semver::is_valid(bare) || Version::read(bare).is_some_and(|version| !version.number.is_empty())
}

/// Orders two versions of Go.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let releases = runs::compare_dotted(left.release, right.release, &['.'], Missing::Zero);
    Some(releases.then_with(|| match (left.pre.is_empty(), right.pre.is_empty()) {
        (false, false) => runs::compare_identifiers(left.identifiers(), right.identifiers(), str::cmp),
        (left_is_final, right_is_final) => left_is_final.cmp(&right_is_final),
    }))
}
