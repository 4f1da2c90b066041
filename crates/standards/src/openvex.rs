//! OpenVEX 0.2.0: types to write a document with. Specification: <https://github.com/openvex/spec>.
//!
//! In: a [`Document`]. Out: JSON with fields in the specification's order. Absent fields are left out, never `null`.

use serde::Serialize;

/// The context every 0.2.0 document names.
pub const CONTEXT: &str = "https://openvex.dev/ns/v0.2.0";

/// A document: one author's statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Always [`CONTEXT`].
    #[serde(rename = "@context")]
    pub context: &'static str,
    /// IRI of the document.
    #[serde(rename = "@id")]
    pub id: String,
    /// Who makes the statements.
    pub author: String,
    /// In which role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// When it was issued, RFC 3339.
    pub timestamp: String,
    /// Version of the document, from 1.
    pub version: u32,
    /// What made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tooling: Option<String>,
    /// At least one, says the schema.
    pub statements: Vec<Statement>,
}

impl Document {
    /// The document as indented JSON with a final line break.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("strings and numbers always serialise");
        bytes.push(b'\n');
        bytes
    }
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Statement {
    /// What it is about.
    pub vulnerability: Vulnerability,
    /// Since when it is known to be true, RFC 3339.
    pub timestamp: String,
    /// Products it holds for.
    pub products: Vec<Product>,
    /// `not_affected`, `affected`, `fixed`, `under_investigation`.
    pub status: &'static str,
    /// Anything else a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_notes: Option<String>,
    /// One of five labels, with `not_affected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justification: Option<&'static str>,
    /// Why the product is not affected, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact_statement: Option<String>,
    /// What to do, required with `affected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_statement: Option<String>,
}

/// A vulnerability by its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Vulnerability {
    /// Main identifier.
    pub name: String,
    /// Other identifiers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// A product, and the components of it that the statement is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Product {
    /// IRI, a purl here.
    #[serde(rename = "@id")]
    pub id: String,
    /// Software identifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifiers: Option<Identifiers>,
    /// Components.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subcomponents: Vec<Subcomponent>,
}

/// A component of a product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Subcomponent {
    /// IRI, a purl where there is one.
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Software identifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifiers: Option<Identifiers>,
}

/// Software identifiers; the schema wants at least one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Identifiers {
    /// Package URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// CPE 2.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpe23: Option<String>,
}
