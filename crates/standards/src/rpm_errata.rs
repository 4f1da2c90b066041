//! Errata of AlmaLinux (`errata.full.json`, schema 1.0) and Rocky Linux (Apollo API v3): one erratum each.
//!
//! Neither has a published schema; the shapes are those of the files and answers themselves.

use serde::Deserialize;

use crate::lenient::{Lax, List, Text, objects};

/// An erratum of AlmaLinux: an element of `data`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct AlmaErratum<'a> {
    /// `ALSA-2019:3708`.
    pub id: Text<'a>,
    /// `security`, `bugfix`, `enhancement`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// `Moderate`.
    pub severity: Text<'a>,
    /// One line.
    pub title: Text<'a>,
    /// Text.
    pub description: Text<'a>,
    /// Seconds since 1970.
    pub issued_date: Lax<u64>,
    /// Seconds since 1970.
    pub updated_date: Lax<u64>,
    /// The packages, for every architecture.
    pub packages: List<AlmaPackage<'a>>,
    /// What it refers to.
    pub references: List<AlmaReference<'a>>,
}

/// A binary package of AlmaLinux at the version that brings the update.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct AlmaPackage<'a> {
    /// Name.
    pub name: Text<'a>,
    /// Epoch.
    pub epoch: Text<'a>,
    /// Version.
    pub version: Text<'a>,
    /// Release.
    pub release: Text<'a>,
    /// Architecture.
    pub arch: Text<'a>,
    /// The module it is of: `mariadb:10.3:8050020220427075058:c5368500:x86_64`.
    pub module: Text<'a>,
}

/// What an erratum of AlmaLinux refers to.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct AlmaReference<'a> {
    /// `CVE-2019-2510`.
    pub id: Text<'a>,
    /// `cve`, `self`, `bugzilla`, `rhsa`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// The address.
    pub href: Text<'a>,
}

/// An erratum of Rocky Linux: an element of `advisories`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct RockyErratum<'a> {
    /// `RLSA-2025:21816`.
    pub name: Text<'a>,
    /// `Security`, `Bug Fix`, `Enhancement`.
    pub kind: Text<'a>,
    /// One line.
    pub synopsis: Text<'a>,
    /// Text.
    pub description: Text<'a>,
    /// When it was published.
    pub published_at: Text<'a>,
    /// When it was last changed.
    pub updated_at: Text<'a>,
    /// The vulnerabilities.
    pub cves: List<RockyCve<'a>>,
    /// Bugs.
    pub fixes: List<RockyFix<'a>>,
    /// The packages, for every product and architecture.
    pub packages: List<RockyPackage<'a>>,
}

/// A vulnerability in an erratum of Rocky Linux.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct RockyCve<'a> {
    /// `CVE-2025-58183`.
    pub cve: Text<'a>,
    /// A CVSS 3 vector, or `UNKNOWN`.
    pub cvss3_scoring_vector: Text<'a>,
    /// `CWE-770`, or `UNKNOWN`.
    pub cwe: Text<'a>,
}

/// A bug in an erratum of Rocky Linux.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct RockyFix<'a> {
    /// The address.
    pub source: Text<'a>,
}

/// A package of Rocky Linux, binary or source, at the version that brings the update.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct RockyPackage<'a> {
    /// `delve-0:1.25.2-1.el10_1.aarch64.rpm`.
    pub nevra: Text<'a>,
    /// The module it is of.
    pub module_name: Text<'a>,
    /// The module's stream.
    pub module_stream: Text<'a>,
    /// `Rocky Linux 10 aarch64`, `Rocky Linux 8.6 x86_64 (Legacy)`.
    pub product_name: Text<'a>,
}

objects!(AlmaPackage, AlmaReference, RockyCve, RockyFix, RockyPackage);
