//! CVE Record Format 5.x (CVE Program): CNA and ADP containers, the fields we use, all tolerated.
//!
//! Shape: one JSON document is one [`Record`].

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{Lax, List, Text, objects};

/// A CVE record.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Record<'a> {
    /// `CVE_RECORD`.
    pub data_type: Text<'a>,
    /// Identifier, state, dates.
    pub cve_metadata: Lax<Metadata<'a>>,
    /// What is said.
    pub containers: Lax<Containers<'a>>,
    /// GCVE's own statements (GCVE-BCP-05), in records of its numbering authorities; else in the CNA container.
    #[serde(rename = "x_gcve")]
    pub gcve: List<Gcve<'a>>,
}

/// What GCVE adds to a record (GCVE-BCP-05).
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Gcve<'a> {
    /// `GCVE-1-2025-0018`.
    pub vuln_id: Text<'a>,
    /// How it stands to other identifiers.
    pub relationships: List<Relationship<'a>>,
}

/// A relationship to another identifier.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Relationship<'a> {
    /// The other identifier.
    pub dest_id: Text<'a>,
    /// `equal`, `related`, `possibly_related`, `superset`, `subset`, `overlap`, `not equal`, `opposes`, `not_applicable`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
}

/// `cveMetadata`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Metadata<'a> {
    /// CVE identifier.
    pub cve_id: Text<'a>,
    /// Identifier of a GCVE numbering authority, where a record has one of its own.
    pub vuln_id: Text<'a>,
    /// `PUBLISHED` or `REJECTED`.
    pub state: Text<'a>,
    /// The numbering authority.
    pub assigner_short_name: Text<'a>,
    /// RFC 3339, often without an offset.
    pub date_published: Text<'a>,
    /// RFC 3339, often without an offset.
    pub date_updated: Text<'a>,
    /// RFC 3339, often without an offset.
    pub date_rejected: Text<'a>,
}

/// `containers`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Containers<'a> {
    /// The numbering authority's.
    pub cna: Lax<Container<'a>>,
    /// Those of authorised data publishers.
    pub adp: List<Container<'a>>,
}

/// What one party says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Container<'a> {
    /// One line.
    pub title: Text<'a>,
    /// The party.
    pub provider_metadata: Lax<Provider<'a>>,
    /// Descriptions in several languages.
    pub descriptions: List<Description<'a>>,
    /// Affected products.
    pub affected: List<Affected<'a>>,
    /// Applicability as CPE configurations.
    pub cpe_applicability: List<crate::nvd::Configuration<'a>>,
    /// Weaknesses.
    pub problem_types: List<ProblemType<'a>>,
    /// Scores.
    pub metrics: List<Metric<'a>>,
    /// Links.
    pub references: List<Reference<'a>>,
    /// Why the identifier was rejected.
    pub rejected_reasons: List<Description<'a>>,
    /// Identifiers to be used instead of a rejected one.
    pub replaced_by: List<Cow<'a, str>>,
    /// GCVE's own statements, see [`Record::gcve`].
    #[serde(rename = "x_gcve")]
    pub gcve: List<Gcve<'a>>,
}

/// `providerMetadata`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Provider<'a> {
    /// Short name of the party.
    pub short_name: Text<'a>,
    /// When it changed its container.
    pub date_updated: Text<'a>,
}

/// Text in a language.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Description<'a> {
    /// Language tag.
    pub lang: Text<'a>,
    /// The text.
    pub value: Text<'a>,
}

/// What is said about one product.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Affected<'a> {
    /// Vendor, by name.
    pub vendor: Text<'a>,
    /// Product, by name.
    pub product: Text<'a>,
    /// Where `package_name` is a name.
    #[serde(rename = "collectionURL")]
    pub collection_url: Text<'a>,
    /// Package in that collection.
    pub package_name: Text<'a>,
    /// Package URL without a version (5.2).
    #[serde(rename = "packageURL")]
    pub package_url: Text<'a>,
    /// Source repository.
    pub repo: Text<'a>,
    /// CPE names or URIs.
    pub cpes: List<Cow<'a, str>>,
    /// Platforms, as free text.
    pub platforms: List<Cow<'a, str>>,
    /// What holds for versions that are not listed; absent means unknown.
    pub default_status: Text<'a>,
    /// Versions and ranges.
    pub versions: List<Version<'a>>,
}

/// A version or a range.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Version<'a> {
    /// The version, or the beginning of the range.
    pub version: Text<'a>,
    /// `affected`, `unaffected` or `unknown`.
    pub status: Text<'a>,
    /// Order of the range: `semver`, `git`, `custom`, `maven`, `rpm` and others.
    pub version_type: Text<'a>,
    /// End of the range, itself outside.
    pub less_than: Text<'a>,
    /// End of the range, itself inside.
    pub less_than_or_equal: Text<'a>,
    /// Changes of status inside the range.
    pub changes: List<Change<'a>>,
}

/// A change of status.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Change<'a> {
    /// From this version on.
    pub at: Text<'a>,
    /// The new status.
    pub status: Text<'a>,
}

/// Weaknesses.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct ProblemType<'a> {
    /// In several languages.
    pub descriptions: List<Problem<'a>>,
}

/// A weakness.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Problem<'a> {
    /// CWE identifier.
    pub cwe_id: Text<'a>,
    /// In words, often beginning with the identifier.
    pub description: Text<'a>,
}

/// A score in one or more systems.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Metric<'a> {
    /// CVSS 2.0.
    #[serde(rename = "cvssV2_0")]
    pub cvss_v2: Lax<Cvss<'a>>,
    /// CVSS 3.0.
    #[serde(rename = "cvssV3_0")]
    pub cvss_v30: Lax<Cvss<'a>>,
    /// CVSS 3.1.
    #[serde(rename = "cvssV3_1")]
    pub cvss_v31: Lax<Cvss<'a>>,
    /// CVSS 4.0.
    #[serde(rename = "cvssV4_0")]
    pub cvss_v40: Lax<Cvss<'a>>,
    /// Another system.
    pub other: Lax<Other<'a>>,
}

/// A CVSS object.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Cvss<'a> {
    /// The vector.
    pub vector_string: Text<'a>,
}

/// A statement in another system.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Other<'a> {
    /// `ssvc`, `kev` and others.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// What is stated.
    pub content: Lax<Content<'a>>,
}

/// CISA-ADP contents: SSVC decision points or the entry in the known exploited vulnerabilities.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Content<'a> {
    /// SSVC: one object for each decision point, `{"Exploitation": "poc"}`.
    pub options: List<Vec<(Cow<'a, str>, Text<'a>)>>,
    /// KEV: date of the entry.
    pub date_added: Text<'a>,
    /// KEV: address of the entry.
    pub reference: Text<'a>,
}

/// A link.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Reference<'a> {
    /// Address.
    pub url: Text<'a>,
    /// `patch`, `exploit` and others.
    pub tags: List<Cow<'a, str>>,
}

objects!(
    Gcve,
    Relationship,
    Metadata,
    Containers,
    Container,
    Provider,
    Description,
    Affected,
    Version,
    Change,
    ProblemType,
    Problem,
    Metric,
    Cvss,
    Other,
    Content,
    Reference
);
