//! CSAF 2.0 and 2.1 (OASIS): the fields we use, all tolerated; both versions in one shape.
//!
//! Shape: one JSON document is one [`Record`]. Branches nest as deep as `serde_json` reads (about sixty levels).

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{Lax, List, Members, Text, objects};

/// A CSAF document (section 3).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Record<'a> {
    /// About the document.
    pub document: Lax<Document<'a>>,
    /// The products.
    pub product_tree: Lax<ProductTree<'a>>,
    /// The vulnerabilities.
    pub vulnerabilities: List<Vulnerability<'a>>,
}

/// `document` (3.2.1).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Document<'a> {
    /// `csaf_security_advisory`, `csaf_vex`, `csaf_withdrawn` and others.
    pub category: Text<'a>,
    /// One line.
    pub title: Text<'a>,
    /// Who says it.
    pub publisher: Lax<Publisher<'a>>,
    /// Identifier, state, dates.
    pub tracking: Lax<Tracking<'a>>,
    /// Who may see it.
    pub distribution: Lax<Distribution<'a>>,
    /// Texts.
    pub notes: List<Note<'a>>,
    /// Links.
    pub references: List<Reference<'a>>,
}

/// `publisher`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Publisher<'a> {
    /// Name of the organisation.
    pub name: Text<'a>,
    /// A URL under its control: identifiers are unique inside it.
    pub namespace: Text<'a>,
}

/// `tracking`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Tracking<'a> {
    /// Identifier.
    pub id: Text<'a>,
    /// `draft`, `interim` or `final`.
    pub status: Text<'a>,
    /// A number, or a semantic version.
    pub version: Text<'a>,
    /// RFC 3339.
    pub initial_release_date: Text<'a>,
    /// RFC 3339.
    pub current_release_date: Text<'a>,
}

/// `distribution`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Distribution<'a> {
    /// The mark.
    pub tlp: Lax<Tlp<'a>>,
}

/// `tlp`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Tlp<'a> {
    /// `WHITE` or `CLEAR`, `GREEN`, `AMBER`, `AMBER+STRICT`, `RED`.
    pub label: Text<'a>,
}

/// A text.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Note<'a> {
    /// `description`, `summary`, `general`, `legal_disclaimer` and others.
    pub category: Text<'a>,
    /// Heading.
    pub title: Text<'a>,
    /// The text.
    pub text: Text<'a>,
}

/// A link.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Reference<'a> {
    /// `self` or `external`.
    pub category: Text<'a>,
    /// Address.
    pub url: Text<'a>,
}

/// `product_tree` (3.2.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct ProductTree<'a> {
    /// Products as a tree.
    pub branches: List<Branch<'a>>,
    /// Products without a tree.
    pub full_product_names: List<FullProductName<'a>>,
    /// Products inside others (2.0).
    pub relationships: List<Relationship<'a>>,
    /// Products inside others (2.1).
    pub product_paths: List<ProductPath<'a>>,
    /// Groups of products.
    pub product_groups: List<ProductGroup<'a>>,
}

/// A branch (3.1.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Branch<'a> {
    /// `vendor`, `product_name`, `product_version`, `product_version_range`, `architecture` and others.
    pub category: Text<'a>,
    /// What the category calls for.
    pub name: Text<'a>,
    /// The product, at a leaf.
    pub product: Lax<FullProductName<'a>>,
    /// Further branches.
    pub branches: List<Branch<'a>>,
}

/// A product (3.1.3).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct FullProductName<'a> {
    /// Identifier inside the document.
    pub product_id: Text<'a>,
    /// Full name.
    pub name: Text<'a>,
    /// Other identifiers.
    pub product_identification_helper: Lax<Helper<'a>>,
}

/// `product_identification_helper` (3.1.3.3).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Helper<'a> {
    /// CPE name, 2.2 or 2.3.
    pub cpe: Text<'a>,
    /// Package URL (2.0).
    pub purl: Text<'a>,
    /// Package URLs (2.1).
    pub purls: List<Cow<'a, str>>,
    /// Model numbers.
    pub model_numbers: List<Cow<'a, str>>,
}

/// A product as part of another.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Relationship<'a> {
    /// `default_component_of` and others.
    pub category: Text<'a>,
    /// The combination.
    pub full_product_name: Lax<FullProductName<'a>>,
    /// The part.
    pub product_reference: Text<'a>,
    /// The whole.
    pub relates_to_product_reference: Text<'a>,
}

/// A product along a path of others (2.1).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct ProductPath<'a> {
    /// The combination.
    pub full_product_name: Lax<FullProductName<'a>>,
    /// The part that it begins with.
    pub beginning_product_reference: Text<'a>,
    /// What it lies in, from the inside out.
    pub subpaths: List<Subpath<'a>>,
}

/// A step of a path.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Subpath<'a> {
    /// `default_component_of` and others.
    pub category: Text<'a>,
    /// The whole.
    pub next_product_reference: Text<'a>,
}

/// A group of products.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct ProductGroup<'a> {
    /// Identifier inside the document.
    pub group_id: Text<'a>,
    /// Its products.
    pub product_ids: List<Cow<'a, str>>,
}

/// A vulnerability (3.2.3).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Vulnerability<'a> {
    /// CVE identifier.
    pub cve: Text<'a>,
    /// One line.
    pub title: Text<'a>,
    /// Other identifiers.
    pub ids: List<OtherId<'a>>,
    /// Weakness (2.0).
    pub cwe: Lax<Cwe<'a>>,
    /// Weaknesses (2.1).
    pub cwes: List<Cwe<'a>>,
    /// Texts.
    pub notes: List<Note<'a>>,
    /// Machine-readable reasons, as why a product is not affected.
    pub flags: List<Flag<'a>>,
    /// When it was first known to be exploited (2.1).
    pub first_known_exploitation_dates: List<FirstExploitation<'a>>,
    /// Group such as `known_affected` → products.
    pub product_status: Members<'a, List<Cow<'a, str>>>,
    /// Scores (2.0).
    pub scores: List<Score<'a>>,
    /// Scores (2.1).
    pub metrics: List<Metric<'a>>,
    /// What can be done.
    pub remediations: List<Remediation<'a>>,
    /// Links.
    pub references: List<Reference<'a>>,
}

/// A flag of some products.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Flag<'a> {
    /// `component_not_present`, `vulnerable_code_not_in_execute_path` and others.
    pub label: Text<'a>,
    /// For these products.
    pub product_ids: List<Cow<'a, str>>,
    /// For the products of these groups.
    pub group_ids: List<Cow<'a, str>>,
}

/// A first known exploitation.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct FirstExploitation<'a> {
    /// When it happened, RFC 3339.
    pub exploitation_date: Text<'a>,
}

/// An identifier in another system.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct OtherId<'a> {
    /// The system.
    pub system_name: Text<'a>,
    /// The identifier.
    pub text: Text<'a>,
}

/// A weakness.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Cwe<'a> {
    /// CWE identifier.
    pub id: Text<'a>,
}

/// Scores of some products.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Score<'a> {
    /// CVSS 2.0.
    pub cvss_v2: Lax<Cvss<'a>>,
    /// CVSS 3.0 or 3.1.
    pub cvss_v3: Lax<Cvss<'a>>,
    /// CVSS 4.0.
    pub cvss_v4: Lax<Cvss<'a>>,
}

/// Scores of some products (2.1).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Metric<'a> {
    /// The scores.
    pub content: Lax<Score<'a>>,
}

/// A CVSS object.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Cvss<'a> {
    /// The vector.
    pub vector_string: Text<'a>,
}

/// What can be done.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Remediation<'a> {
    /// `vendor_fix`, `mitigation`, `workaround`, `none_available`, `no_fix_planned`, `fix_planned` and others.
    pub category: Text<'a>,
    /// In words.
    pub details: Text<'a>,
    /// For these products.
    pub product_ids: List<Cow<'a, str>>,
    /// For the products of these groups.
    pub group_ids: List<Cow<'a, str>>,
}

/// The file name that a document with this tracking identifier has (section 5.1): lower case, one `_` for each run of other
/// characters than `+`, `-`, letters and digits, then `.json`.
pub fn file_name(tracking_id: &str) -> String {
    let mut name = String::with_capacity(tracking_id.len() + 5);
    for letter in tracking_id.chars().map(|letter| letter.to_ascii_lowercase()) {
        if matches!(letter, '+' | '-' | 'a'..='z' | '0'..='9') {
            name.push(letter);
        } else if !name.ends_with('_') || letter == '_' && name.is_empty() {
            name.push('_');
        }
    }
    name + ".json"
}

objects!(
    Document,
    Publisher,
    Tracking,
    Distribution,
    Tlp,
    Note,
    Reference,
    ProductTree,
    Branch,
    FullProductName,
    Helper,
    Relationship,
    ProductPath,
    Subpath,
    ProductGroup,
    Vulnerability,
    Flag,
    FirstExploitation,
    OtherId,
    Cwe,
    Score,
    Metric,
    Cvss,
    Remediation
);
