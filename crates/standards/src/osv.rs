//! OSV schema 1.x (OpenSSF, ossf.github.io/osv-schema): the fields we use, borrowed, all tolerated.
//!
//! Shape: one JSON document is one [`Record`]. Unknown fields are ignored.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{Lax, List, Text, objects};

/// A vulnerability record.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Record<'a> {
    /// Identifier.
    pub id: Text<'a>,
    /// RFC 3339.
    pub modified: Text<'a>,
    /// RFC 3339.
    pub published: Text<'a>,
    /// RFC 3339: when it was withdrawn.
    pub withdrawn: Text<'a>,
    /// Other names of the same vulnerability.
    pub aliases: List<Cow<'a, str>>,
    /// Vulnerabilities this record covers for a downstream distribution.
    pub upstream: List<Cow<'a, str>>,
    /// Closely related vulnerabilities.
    pub related: List<Cow<'a, str>>,
    /// One line.
    pub summary: Text<'a>,
    /// Markdown.
    pub details: Text<'a>,
    /// Scores.
    pub severity: List<Severity<'a>>,
    /// Affected packages.
    pub affected: List<Affected<'a>>,
    /// Links.
    pub references: List<Reference<'a>>,
    /// The source's own fields.
    pub database_specific: Lax<DatabaseSpecific<'a>>,
}

/// A score.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Severity<'a> {
    /// `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, or a distribution's own scale.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// The vector for CVSS.
    pub score: Text<'a>,
}

/// A link.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Reference<'a> {
    /// `ADVISORY`, `FIX`, `WEB` and others.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// Address.
    pub url: Text<'a>,
}

/// What is said about one package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Affected<'a> {
    /// The package; records of repositories alone have none.
    pub package: Lax<Package<'a>>,
    /// Scores for this package.
    pub severity: List<Severity<'a>>,
    /// Ranges.
    pub ranges: List<Range<'a>>,
    /// Versions one by one.
    pub versions: List<Cow<'a, str>>,
}

/// A package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Package<'a> {
    /// OSV's name of the ecosystem, with a release suffix for distributions.
    pub ecosystem: Text<'a>,
    /// Name in the ecosystem.
    pub name: Text<'a>,
    /// Package URL without a version.
    pub purl: Text<'a>,
}

/// A range.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Range<'a> {
    /// `SEMVER`, `ECOSYSTEM` or `GIT`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// Address of the repository, for `GIT`.
    pub repo: Text<'a>,
    /// Events in any order.
    pub events: List<Event<'a>>,
}

/// An event: exactly one of its fields should be there.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Event<'a> {
    /// First affected version; `0` is the beginning.
    pub introduced: Text<'a>,
    /// First version that is no longer affected.
    pub fixed: Text<'a>,
    /// Last affected version.
    pub last_affected: Text<'a>,
    /// End of what the range speaks about; no fix.
    pub limit: Text<'a>,
}

/// Fields of `database_specific` that sources agree on.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct DatabaseSpecific<'a> {
    /// CWE identifiers (GitHub, Bitnami).
    pub cwe_ids: List<Cow<'a, str>>,
}

objects!(Severity, Reference, Affected, Package, Range, Event, DatabaseSpecific);
