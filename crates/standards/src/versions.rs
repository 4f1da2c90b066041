//! Version orders of the ecosystems: one file per scheme, all total orders, none allocating on the common path.
//!
//! [`compare`] never refuses: a version that its scheme cannot read is compared by the generic order, and
//! [`Compared::native`] says so. Each comparator reads a little more than the grammar that [`is_valid`] checks (a leading
//! `v`, missing numbers), where the meaning is not in doubt. The rules are pinned by published vectors of each ecosystem.
//!
//! | Scheme | Read as | Source |
//! |---|---|---|
//! | `semver`, `go`, `pub`, `bitnami` | numbers, pre-release, build | semver.org, go.dev/ref/mod |
//! | `pep440`, `maven`, `nuget`, `gem`, `composer`, `cran`, `hackage`, `conda`, `conan` | the ecosystem's own rules | each file |
//! | `deb`, `rpm`, `apk`, `alpm`, `gentoo` | the distribution's own rules | each file |
//! | `openssl`, `jvm` | letters, updates | each file |
//! | `intdot`, `git`, `datetime`, `lexicographic`, `generic` | integers, commits, instants, text, anything | each file |

mod alpm;
mod apk;
mod composer;
mod conan;
mod conda;
mod cran;
mod datetime;
mod deb;
mod gem;
mod generic;
mod gentoo;
mod git;
mod go;
mod hackage;
mod intdot;
mod jvm;
mod maven;
mod names;
mod nuget;
mod openssl;
mod pep440;
mod rpm;
mod runs;
mod semver;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

pub use generic::composite;

/// A version scheme: an order and, for some, a grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Scheme {
    /// Semantic Versioning 2.0.0, as npm, Cargo, Hex and Swift use it.
    Semver,
    /// Go module versions and Go releases (`go1.22rc2`).
    Go,
    /// PEP 440.
    Pep440,
    /// Maven's `ComparableVersion`.
    Maven,
    /// NuGet: four numbers, then SemVer labels without regard to case.
    Nuget,
    /// RubyGems.
    Gem,
    /// Composer.
    Composer,
    /// Debian and Ubuntu: deb-version(7).
    Deb,
    /// RPM: epoch, version, release by `rpmvercmp`.
    Rpm,
    /// Alpine, Wolfi, Chainguard.
    Apk,
    /// Arch: `vercmp`.
    Alpm,
    /// CRAN.
    Cran,
    /// Gentoo.
    Gentoo,
    /// Conda.
    Conda,
    /// Hackage: numbers only.
    Hackage,
    /// OpenSSL's letters (`1.0.2zb`).
    Openssl,
    /// Java runtimes (`1.8.0_302`, `11.0.4+11`).
    Jvm,
    /// Plain text order.
    Lexicographic,
    /// Dates and times.
    Datetime,
    /// Commits: no order, only equality.
    Git,
    /// Nothing is known about the scheme: a heuristic order, always flagged.
    Generic,
    /// Dart's Pub: SemVer whose build metadata counts.
    Pub,
    /// Bitnami: SemVer whose `-4` is a packaging number that does not count.
    Bitnami,
    /// Conan.
    Conan,
    /// Integers between dots, as VERS defines it for products without a scheme of their own.
    Intdot,
}

/// Two versions compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// The order of left against right.
    pub ordering: Ordering,
    /// False when one side does not follow the scheme and the generic order was used instead (R13: flag, never skip).
    /// Always false for [`Scheme::Generic`], and for two commits that differ.
    pub native: bool,
}

/// Compares two versions in a scheme. Falls back to the generic order where either side does not parse, and says so.
///
/// White space around a version does not count (but in [`Scheme::Lexicographic`]).
pub fn compare(scheme: Scheme, left: &str, right: &str) -> Compared {
    if scheme == Scheme::Lexicographic {
        return Compared { ordering: left.cmp(right), native: true };
    }
    let (left, right) = (left.trim(), right.trim());
    match compare_native(scheme, left, right) {
        Some(ordering) => Compared { ordering, native: true },
        None if scheme == Scheme::Git => Compared { ordering: git::order(left, right), native: false },
        None => Compared { ordering: generic::compare(left, right), native: false },
    }
}

fn compare_native(scheme: Scheme, left: &str, right: &str) -> Option<Ordering> {
    match scheme {
        Scheme::Semver => semver::compare(left, right),
        Scheme::Go => go::compare(left, right),
        Scheme::Pep440 => pep440::compare(left, right),
        Scheme::Maven => maven::compare(left, right),
        Scheme::Nuget => nuget::compare(left, right),
        Scheme::Gem => gem::compare(left, right),
        Scheme::Composer => composer::compare(left, right),
        Scheme::Deb => deb::compare(left, right),
        Scheme::Rpm => rpm::compare(left, right),
        Scheme::Apk => apk::compare(left, right),
        Scheme::Alpm => alpm::compare(left, right),
        Scheme::Cran => cran::compare(left, right),
        Scheme::Gentoo => gentoo::compare(left, right),
        Scheme::Conda => conda::compare(left, right),
        Scheme::Hackage => hackage::compare(left, right),
        Scheme::Openssl => openssl::compare(left, right),
        Scheme::Jvm => jvm::compare(left, right),
        Scheme::Datetime => datetime::compare(left, right),
        Scheme::Git => git::compare(left, right),
        Scheme::Pub => semver::compare_pub(left, right),
        Scheme::Bitnami => semver::compare_bitnami(left, right),
        Scheme::Conan => conan::compare(left, right),
        Scheme::Intdot => intdot::compare(left, right),
        Scheme::Lexicographic | Scheme::Generic => None,
    }
}

/// Whether the text follows the scheme's grammar. Schemes without one take every text that is not blank.
///
/// White space around the version does not count.
pub fn is_valid(scheme: Scheme, text: &str) -> bool {
    let text = text.trim();
    match scheme {
        Scheme::Semver | Scheme::Pub | Scheme::Bitnami => semver::is_valid(text),
        Scheme::Go => go::is_valid(text),
        Scheme::Pep440 => pep440::is_valid(text),
        Scheme::Maven => maven::is_valid(text),
        Scheme::Nuget => nuget::is_valid(text),
        Scheme::Gem => gem::is_valid(text),
        Scheme::Composer => composer::is_valid(text),
        Scheme::Deb => deb::is_valid(text),
        Scheme::Rpm => rpm::is_valid(text),
        Scheme::Apk => apk::is_valid(text),
        Scheme::Alpm => alpm::is_valid(text),
        Scheme::Cran => cran::is_valid(text),
        Scheme::Gentoo => gentoo::is_valid(text),
        Scheme::Conda => conda::is_valid(text),
        Scheme::Conan => conan::is_valid(text),
        Scheme::Intdot => intdot::is_valid(text),
        Scheme::Hackage => hackage::is_valid(text),
        Scheme::Openssl => openssl::is_valid(text),
        Scheme::Jvm => jvm::is_valid(text),
        Scheme::Datetime => datetime::is_valid(text),
        Scheme::Git => git::is_valid(text),
        Scheme::Lexicographic | Scheme::Generic => !text.is_empty(),
    }
}
