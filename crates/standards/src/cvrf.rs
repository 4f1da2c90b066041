//! CVRF 1.1 (ICASI) and 1.2 (OASIS): the product tree and one vulnerability of a document, each read alone.
//!
//! In: the text of a `ProductTree` or `Vulnerability` element. Out: its shape, with what Microsoft's monthly documents add
//! to the standard (`FixedBuild`, `Supercedence`, `SubType`, the vulnerability's own revisions). Namespaces are told by
//! element names alone: Microsoft mixes their prefixes.

use quick_xml::events::BytesStart;

use crate::xml::{Cursor, attribute, text_of};

pub use crate::xml::XmlError;

/// A product of the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Product {
    /// By what vulnerabilities refer to it (`ProductID`).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its CPE name, where one is given.
    pub cpe: String,
    /// Name of the branch of type `Vendor` above it.
    pub vendor: String,
}

/// A vulnerability.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vulnerability {
    /// One line.
    pub title: String,
    /// Its CVE, or another number where Microsoft has an advisory without one (`ADV990001`).
    pub cve: String,
    /// Its own numbers (`vuln:ID`).
    pub ids: Vec<String>,
    /// CWE identifiers.
    pub cwes: Vec<String>,
    /// Texts.
    pub notes: Vec<Note>,
    /// Which products it is said of.
    pub statuses: Vec<Status>,
    /// Impact, severity, exploitation.
    pub threats: Vec<Threat>,
    /// CVSS vectors.
    pub vectors: Vec<String>,
    /// What helps.
    pub remediations: Vec<Remediation>,
    /// Links.
    pub references: Vec<String>,
    /// Dates of its revisions, in the document's order.
    pub revisions: Vec<String>,
}

/// A text about a vulnerability.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// `Description`, `FAQ`, `Tag`, `CNA`, `Details`.
    pub kind: String,
    /// The text; HTML in Microsoft's.
    pub text: String,
}

/// Products of one status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// `Known Affected`, `Known Not Affected`, `Fixed`, `Under Investigation` …
    pub kind: String,
    /// Their identifiers.
    pub products: Vec<String>,
}

/// A threat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Threat {
    /// `Impact`, `Severity`, `Exploit Status`.
    pub kind: String,
    /// In words; pairs such as `Exploited:Yes` for `Exploit Status`.
    pub description: String,
}

/// What helps against a vulnerability.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remediation {
    /// `Vendor Fix`, `Workaround`, `Mitigation`, `None Available`, `Will Not Fix`.
    pub kind: String,
    /// Number of the knowledge base article, or words.
    pub description: String,
    /// Where it is found.
    pub url: String,
    /// Products that it is for.
    pub products: Vec<String>,
    /// The build that has the fix (Microsoft).
    pub fixed_build: String,
    /// Number of the article that it replaces (Microsoft).
    pub supersedes: String,
}

/// Reads a `ProductTree` element: every product, also those that relationships make.
///
/// # Errors
/// [`XmlError`] when the text is no well-formed element.
pub fn products(text: &str) -> Result<Vec<Product>, XmlError> {
    let (mut cursor, _) = open(text)?;
    let mut found = Vec::new();
    branch(&mut cursor, "", &mut found)?;
    cursor.close()?;
    Ok(found)
}

/// Goes down the tree, as deep as the cursor does.
fn branch(cursor: &mut Cursor<'_>, vendor: &str, found: &mut Vec<Product>) -> Result<(), XmlError> {
    cursor.children(|cursor, name, start| match name {
        "Branch" if attribute(start, "Type").as_str() == "Vendor" => branch(cursor, &named(start, "Name"), found),
        "Branch" | "Relationship" => branch(cursor, vendor, found),
        "FullProductName" => {
            let (id, cpe) = (named(start, "ProductID"), named(start, "CPE"));
            let product = Product { id, name: text(cursor)?, cpe, vendor: vendor.to_owned() };
            found.push(product);
            Ok(())
        }
        _ => cursor.skip(),
    })
}

/// Reads a `Vulnerability` element.
///
/// # Errors
/// [`XmlError`] when the text is no well-formed element.
pub fn vulnerability(source: &str) -> Result<Vulnerability, XmlError> {
    let (mut cursor, _) = open(source)?;
    let mut it = Vulnerability::default();
    cursor.children(|cursor, name, start| match name {
        "Title" => text(cursor).map(|value| it.title = value),
        "CVE" => text(cursor).map(|value| it.cve = value),
        "ID" => text(cursor).map(|value| it.ids.push(value)),
        "CWE" => {
            it.cwes.push(named(start, "ID"));
            cursor.skip()
        }
        "Notes" => each(cursor, "Note", &mut |cursor, start| {
            it.notes.push(Note { kind: named(start, "Type"), text: text(cursor)? });
            Ok(())
        }),
        "ProductStatuses" => each(cursor, "Status", &mut |cursor, start| {
            let mut status = Status { kind: named(start, "Type"), ..Status::default() };
            each(cursor, "ProductID", &mut |cursor, _| text(cursor).map(|id| status.products.push(id)))?;
            it.statuses.push(status);
            Ok(())
        }),
        "Threats" => each(cursor, "Threat", &mut |cursor, start| {
            let mut threat = Threat { kind: named(start, "Type"), ..Threat::default() };
            each(cursor, "Description", &mut |cursor, _| text(cursor).map(|value| threat.description = value))?;
            it.threats.push(threat);
            Ok(())
        }),
        "CVSSScoreSets" => cursor.children(|cursor, _, _| vector(cursor, &mut it.vectors)),
        "Remediations" => each(cursor, "Remediation", &mut |cursor, start| {
            it.remediations.push(remediation(cursor, start)?);
            Ok(())
        }),
        "References" => each(cursor, "Reference", &mut |cursor, _| {
            each(cursor, "URL", &mut |cursor, _| text(cursor).map(|url| it.references.push(url)))
        }),
        "RevisionHistory" => each(cursor, "Revision", &mut |cursor, _| {
            each(cursor, "Date", &mut |cursor, _| text(cursor).map(|date| it.revisions.push(date)))
        }),
        _ => cursor.skip(),
    })?;
    cursor.close()?;
    Ok(it)
}

/// A vector of version 2 (`Vector`) or 3 (`VectorV3`); Microsoft writes version 3 into `Vector`. Once each.
fn vector(cursor: &mut Cursor<'_>, vectors: &mut Vec<String>) -> Result<(), XmlError> {
    cursor.children(|cursor, name, _| {
        if !name.starts_with("Vector") {
            return cursor.skip();
        }
        let vector = text(cursor)?;
        if !vectors.contains(&vector) {
            vectors.push(vector);
        }
        Ok(())
    })
}

fn remediation(cursor: &mut Cursor<'_>, start: &BytesStart<'_>) -> Result<Remediation, XmlError> {
    let mut it = Remediation { kind: named(start, "Type"), ..Remediation::default() };
    cursor.children(|cursor, name, _| match name {
        "Description" => text(cursor).map(|value| it.description = value),
        "URL" => text(cursor).map(|value| it.url = value),
        "ProductID" => text(cursor).map(|value| it.products.push(value)),
        "FixedBuild" => text(cursor).map(|value| it.fixed_build = value),
        "Supercedence" => text(cursor).map(|value| it.supersedes = value),
        _ => cursor.skip(),
    })?;
    Ok(it)
}

/// What is done with a child element: it has to be consumed.
type OnChild<'v> = dyn FnMut(&mut Cursor<'_>, &BytesStart<'_>) -> Result<(), XmlError> + 'v;

/// Children of one name; the others are skipped.
fn each(cursor: &mut Cursor<'_>, wanted: &str, on_child: &mut OnChild<'_>) -> Result<(), XmlError> {
    cursor.children(|cursor, name, start| if name == wanted { on_child(cursor, start) } else { cursor.skip() })
}

fn open(text: &str) -> Result<(Cursor<'_>, BytesStart<'_>), XmlError> {
    Cursor::open(text).map(|(cursor, root)| (cursor.of_any_prefix(), root))
}

fn text(cursor: &mut Cursor<'_>) -> Result<String, XmlError> {
    cursor.text().map(text_of)
}

fn named(start: &BytesStart<'_>, name: &str) -> String {
    text_of(attribute(start, name))
}
