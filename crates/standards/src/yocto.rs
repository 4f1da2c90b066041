//! The JSON that Yocto's `cve-check` and `vex` classes leave beside an image or a recipe (`cve-summary.json`,
//! `IMAGE.json`): what the build knows about each recipe.
//!
//! Version 1 of the format, as `cve-check.bbclass` writes it since Yocto 3.3 and `vex.bbclass` since 5.1. Members that came
//! later (`detail`, `description`, `cpes`) are absent in older files.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{List, Text, objects};

/// A recipe as it was built: an element of `package`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Recipe<'a> {
    /// Its name without variant (`BPN`) or with it (`openssl-native`).
    pub name: Text<'a>,
    /// The layer it is from.
    pub layer: Text<'a>,
    /// Upstream's version.
    pub version: Text<'a>,
    /// Products under which NVD knows it (`CVE_PRODUCT`).
    pub products: List<Product<'a>>,
    /// CPE names, of the `vex` class.
    pub cpes: List<Cow<'a, str>>,
    /// What is known of each vulnerability.
    pub issue: List<Issue<'a>>,
}

/// A product under which NVD may know a recipe.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Product<'a> {
    /// `curl`, or with its vendor `haxx:curl`.
    pub product: Text<'a>,
}

/// A vulnerability of a recipe.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Issue<'a> {
    /// A CVE.
    pub id: Text<'a>,
    /// NVD's description.
    pub summary: Text<'a>,
    /// `Patched`, `Unpatched`, `Ignored`, `Unknown`.
    pub status: Text<'a>,
    /// Why: `version-not-in-range`, `backported-patch`, `not-applicable-platform` and others (`CVE_CHECK_STATUSMAP`).
    pub detail: Text<'a>,
    /// The recipe author's reason, in words.
    pub description: Text<'a>,
    /// NVD's page about it.
    pub link: Text<'a>,
    /// CVSS vector, where a newer class writes it.
    #[serde(rename = "vectorString")]
    pub vector_string: Text<'a>,
}

objects!(Product, Issue);
