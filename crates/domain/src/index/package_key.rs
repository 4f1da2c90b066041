//! Package keys: the text under which a component and what advisories say about it meet.
//!
//! | Key | For |
//! |---|---|
//! | `npm\|@scope/name` | packages: OSV ecosystem with release, then the normalised name |
//! | `Debian:12\|openssl` | distribution packages: the source package |
//! | `cpe\|a\|apache\|log4j` | CPE part, vendor and product, lower case, unescaped |
//! | `cpe\|a\|*\|log4j` | CPE by product alone, for a component whose vendor is unknown (R20) |
//! | `name\|siemens\|simatic s7 1200` | vendor and product by name, folded: candidates only |
//! | `git\|github.com/madler/zlib` | repositories |
//!
//! [`keys_of_target`] says what the index stores for a record, [`keys_of_component`] what is looked up for a component.

mod component;
mod fold;

use std::fmt;

use serde::{Deserialize, Serialize};
use standards::cpe::{Cpe, Value};

use crate::ecosystem::{key_ecosystem, normalise_name};
use crate::model::advisory::Target;

pub use component::{ComponentKey, KeyKind, keys_of_component};

/// A package key. Equal text means the same package; the hash is stable on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageKey(pub String);

impl PackageKey {
    /// A package of an OSV ecosystem, with its release where it has one; the name in any spelling.
    pub fn package(ecosystem: &str, name: &str) -> Self {
        Self(format!("{}|{}", key_ecosystem(ecosystem), normalise_name(ecosystem, name)))
    }

    /// A CPE part (`a`, `o`, `h`), vendor and product; unescaped, in any case.
    pub fn cpe(part: &str, vendor: &str, product: &str) -> Self {
        Self(format!("cpe|{part}|{}|{}", vendor.to_lowercase(), product.to_lowercase()))
    }

    /// A CPE part and product whose vendor one side does not know.
    pub fn cpe_any_vendor(part: &str, product: &str) -> Self {
        Self::cpe(part, "*", product)
    }

    /// Vendor and product by name, folded: lower case, runs of punctuation and space as one space, no legal form.
    pub fn named(vendor: &str, product: &str) -> Self {
        Self(format!("name|{}|{}", fold::vendor(vendor), fold::product(product)))
    }

    /// A source repository, in any of the ways its address is written.
    pub fn repository(url: &str) -> Self {
        Self(format!("git|{}", fold::repository(url)))
    }

    /// XXH3 of the key's text: what indexes store. Collisions are told apart by the record's own target.
    pub fn hash64(&self) -> u64 {
        xxhash_rust::xxh3::xxh3_64(self.0.as_bytes())
    }
}

impl fmt::Display for PackageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A supplier's or vendor's name, folded: lower case, single spaces, without legal forms. Equal text means one supplier.
pub fn fold_vendor(name: &str) -> String {
    fold::vendor(name)
}

/// The keys under which the index stores what a record says about a target.
///
/// A CPE stands under its vendor and product and under its product alone. Empty for a target that names nothing: a CPE
/// that leaves the product open, a vendor or product such as `n/a`.
pub fn keys_of_target(target: &Target) -> Vec<PackageKey> {
    match target {
        Target::Package { ecosystem, name, .. } => vec![PackageKey::package(ecosystem, name)],
        Target::Cpe(text) => Cpe::repair(text).map_or_else(|_| Vec::new(), |(cpe, _)| keys_of_criterion(&cpe)),
        Target::Named { vendor, product } if fold::names_nothing(vendor) || fold::names_nothing(product) => Vec::new(),
        Target::Named { vendor, product } => vec![PackageKey::named(vendor, product)],
        Target::Repository(url) => vec![PackageKey::repository(url)],
    }
}

fn keys_of_criterion(cpe: &Cpe) -> Vec<PackageKey> {
    let Some(product) = cpe.product.plain() else { return Vec::new() };
    let mut keys = Vec::new();
    for part in parts(&cpe.part) {
        keys.extend(cpe.vendor.plain().map(|vendor| PackageKey::cpe(part, vendor, product)));
        keys.push(PackageKey::cpe_any_vendor(part, product));
    }
    keys
}

/// The parts a value stands for: every one if it is open.
fn parts(part: &Value) -> Vec<&str> {
    part.plain().map_or_else(|| vec!["a", "h", "o"], |one| vec![one])
}

#[cfg(test)]
mod tests;
