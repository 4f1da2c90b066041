//! CycloneDX 1.6 as a VEX document: types to write `vulnerabilities[]` with their `analysis`.
//!
//! In: a [`Vex`]. Out: JSON with fields in the schema's order. Components are listed only so that `affects` can name them.

use serde::Serialize;

/// A bill of materials that holds vulnerability statements.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vex {
    /// Always `CycloneDX`.
    pub bom_format: &'static str,
    /// Always `1.6`.
    pub spec_version: &'static str,
    /// `urn:uuid:…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// Version of the document, from 1.
    pub version: u32,
    /// Who made it, when.
    pub metadata: Metadata,
    /// Products, with the components the statements are about inside.
    pub components: Vec<Component>,
    /// The statements.
    pub vulnerabilities: Vec<Vulnerability>,
}

impl Vex {
    /// The document as indented JSON with a final line break.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("strings and numbers always serialise");
        bytes.push(b'\n');
        bytes
    }
}

/// Facts about the document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Metadata {
    /// RFC 3339.
    pub timestamp: String,
    /// What made it.
    pub tools: Tools,
    /// Who makes the statements.
    pub authors: Vec<Author>,
    /// Facts that have no field of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
}

/// Tools as components, the shape since 1.5.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Tools {
    /// The tools.
    pub components: Vec<Component>,
}

/// An author.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Author {
    /// Name.
    pub name: String,
}

/// A product or one of its components.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Component {
    /// `application` or `library`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Reference within the document.
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    pub bom_ref: Option<String>,
    /// Name.
    pub name: String,
    /// Version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// CPE 2.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpe: Option<String>,
    /// Package URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// Components inside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
}

/// One statement: a vulnerability, the judgement on it, and what it holds for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Vulnerability {
    /// Main identifier.
    pub id: String,
    /// The same vulnerability elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// What users should do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<String>,
    /// The judgement.
    pub analysis: Analysis,
    /// References of components.
    pub affects: Vec<Affects>,
    /// Facts that have no field of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
}

/// Another identifier of the vulnerability.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reference {
    /// The identifier.
    pub id: String,
    /// Who assigned it.
    pub source: Source,
}

/// Who assigned an identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Source {
    /// Name.
    pub name: String,
}

/// A judgement (schema: impact analysis).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Analysis {
    /// `not_affected`, `exploitable`, `resolved`, `in_triage`.
    pub state: &'static str,
    /// One of nine labels, with `not_affected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justification: Option<&'static str>,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// RFC 3339.
    pub last_updated: String,
}

/// A component the statement holds for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Affects {
    /// Its reference within the document.
    #[serde(rename = "ref")]
    pub reference: String,
}

/// A property: free name, free value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Property {
    /// Name.
    pub name: &'static str,
    /// Value.
    pub value: String,
}
