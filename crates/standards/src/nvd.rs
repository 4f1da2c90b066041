//! NVD CVE API 2.0 (`cve_api_json_2.0.schema`): one element of `vulnerabilities`, the fields we use, all tolerated.
//!
//! Shape: one element is one [`Item`]. [`Configuration`] is also the CVE Record Format's `cpeApplicability`.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{Lax, List, Text, objects};

/// One element of `vulnerabilities`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Item<'a> {
    /// The record.
    pub cve: Lax<Cve<'a>>,
}

/// A record.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Cve<'a> {
    /// CVE identifier.
    pub id: Text<'a>,
    /// `Received`, `Awaiting Analysis`, `Analyzed`, `Modified`, `Deferred`, `Rejected` and others.
    pub vuln_status: Text<'a>,
    /// Date and time without an offset, in UTC.
    pub published: Text<'a>,
    /// Date and time without an offset, in UTC.
    pub last_modified: Text<'a>,
    /// Descriptions in several languages.
    pub descriptions: List<Description<'a>>,
    /// Scores.
    pub metrics: Lax<Metrics<'a>>,
    /// CWE identifiers.
    pub weaknesses: List<Weakness<'a>>,
    /// Alternatives: one of them has to hold.
    pub configurations: List<Configuration<'a>>,
    /// Links.
    pub references: List<Reference<'a>>,
    /// Date on which CISA added it to the known exploited vulnerabilities.
    pub cisa_exploit_add: Text<'a>,
    /// CISA's due date.
    pub cisa_action_due: Text<'a>,
    /// CISA's title.
    pub cisa_vulnerability_name: Text<'a>,
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

/// Scores by version of CVSS.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Metrics<'a> {
    /// Version 2.
    #[serde(rename = "cvssMetricV2")]
    pub v2: List<Metric<'a>>,
    /// Version 3.0.
    #[serde(rename = "cvssMetricV30")]
    pub v30: List<Metric<'a>>,
    /// Version 3.1.
    #[serde(rename = "cvssMetricV31")]
    pub v31: List<Metric<'a>>,
    /// Version 4.0.
    #[serde(rename = "cvssMetricV40")]
    pub v40: List<Metric<'a>>,
    /// SSVC decisions, since 2026.
    #[serde(rename = "ssvcV203")]
    pub ssvc: List<SsvcMetric<'a>>,
}

/// One score.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Metric<'a> {
    /// Who scored.
    pub source: Text<'a>,
    /// The score.
    pub cvss_data: Lax<CvssData<'a>>,
}

/// A CVSS object (`cvss-v*.json`).
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct CvssData<'a> {
    /// The vector.
    pub vector_string: Text<'a>,
}

/// An SSVC decision (`ssvc-v2.0.3.json`).
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct SsvcMetric<'a> {
    /// Who decided.
    pub source: Text<'a>,
    /// The decision.
    pub ssvc_data: Lax<SsvcData<'a>>,
}

/// The values of an SSVC decision.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct SsvcData<'a> {
    /// One object for each decision point: `{"exploitation": "poc"}`.
    pub options: List<Vec<(Cow<'a, str>, Text<'a>)>>,
}

/// A weakness as someone stated it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Weakness<'a> {
    /// CWE identifiers, or `NVD-CWE-noinfo`.
    pub description: List<Description<'a>>,
}

/// A link.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Reference<'a> {
    /// Address.
    pub url: Text<'a>,
    /// `Patch`, `Exploit` and others.
    pub tags: List<Cow<'a, str>>,
}

/// Nodes joined by an operator.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Configuration<'a> {
    /// `AND` or `OR`; absent means `OR`.
    pub operator: Text<'a>,
    /// The whole is negated.
    pub negate: Lax<bool>,
    /// The nodes.
    pub nodes: List<Node<'a>>,
}

/// Match criteria joined by an operator.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Node<'a> {
    /// `AND` or `OR`.
    pub operator: Text<'a>,
    /// The node is negated.
    pub negate: Lax<bool>,
    /// The criteria.
    pub cpe_match: List<CpeMatch<'a>>,
}

/// One match criterion.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct CpeMatch<'a> {
    /// Whether what matches is vulnerable, or only where the vulnerable part runs.
    pub vulnerable: Lax<bool>,
    /// CPE 2.3 formatted string.
    pub criteria: Text<'a>,
    /// Lower bound.
    pub version_start_including: Text<'a>,
    /// Lower bound, itself outside.
    pub version_start_excluding: Text<'a>,
    /// Upper bound.
    pub version_end_including: Text<'a>,
    /// Upper bound, itself outside.
    pub version_end_excluding: Text<'a>,
}

objects!(
    Cve,
    Description,
    Metrics,
    Metric,
    CvssData,
    SsvcMetric,
    SsvcData,
    Weakness,
    Reference,
    Configuration,
    Node,
    CpeMatch
);
