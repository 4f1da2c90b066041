//! OVAL definitions (OVAL Language 5.10 and 5.11, oval-definitions-schema): one `<definition>`.
//!
//! In: the text of one element. Out: a [`Definition`] with its tree of criteria. The tests that criteria refer to are not
//! read: distributions write in the comment what a test asks, and whoever needs more has to look the test up.

use quick_xml::events::BytesStart;

use crate::xml::{Cursor, XmlError, attribute, text_of};

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Definition {
    /// `oval:com.oracle.elsa:def:20224803`.
    pub id: String,
    /// `patch`, `vulnerability`, `inventory`.
    pub class: String,
    /// Marked as no longer to be used.
    pub is_deprecated: bool,
    /// One line.
    pub title: String,
    /// Text.
    pub description: String,
    /// `Oracle Linux 7`.
    pub platforms: Vec<String>,
    /// What it refers to.
    pub references: Vec<Reference>,
    /// When it was published.
    pub issued: String,
    /// When it was last changed.
    pub updated: String,
    /// The vulnerabilities it is about.
    pub cves: Vec<Cve>,
    /// What has to hold for a system to need the patch.
    pub criteria: Option<Criteria>,
}

/// What a definition refers to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    /// `CVE`, `elsa`, `RHSA`, `SUSE CVE`.
    pub source: String,
    /// `ELSA-2022-4803`.
    pub id: String,
    /// The address.
    pub url: String,
}

/// A vulnerability in an advisory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cve {
    /// `CVE-2022-24903`.
    pub id: String,
    /// CVSS 2: score, slash, vector.
    pub cvss2: String,
    /// CVSS 3: score, slash, vector; or the vector alone.
    pub cvss3: String,
    /// `CWE-787`, or a chain of them.
    pub cwe: String,
}

/// Criteria: conditions joined by an operator.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Criteria {
    /// `AND` (also where none is stated), `OR`, `XOR`, `ONE`.
    pub operator: String,
    /// The whole is to be reversed.
    pub negate: bool,
    /// What is joined, in order.
    pub nodes: Vec<Node>,
}

/// One part of criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// More criteria.
    Criteria(Criteria),
    /// A test, told by its comment.
    Criterion {
        /// `rsyslog is earlier than 0:8.24.0-57.0.4.el7_9.3`.
        comment: String,
        /// The result is to be reversed.
        negate: bool,
    },
    /// Another definition has to hold.
    Extend(String),
}

impl Definition {
    /// Reads one `<definition>`.
    ///
    /// # Errors
    /// [`XmlError`] when the text is no well-formed element, has a document type definition, or is nested more deeply than
    /// 128 levels.
    pub fn from_xml(text: &str) -> Result<Self, XmlError> {
        let (mut cursor, root) = Cursor::open(text)?;
        let mut definition = Self {
            id: value(&root, "id"),
            class: value(&root, "class"),
            is_deprecated: value(&root, "deprecated") == "true",
            ..Self::default()
        };
        cursor.children(|cursor, name, start| match name {
            "metadata" => metadata(cursor, &mut definition),
            "criteria" => {
                definition.criteria = Some(criteria(cursor, start)?);
                Ok(())
            }
            _ => cursor.skip(),
        })?;
        cursor.close()?;
        Ok(definition)
    }
}

fn metadata(cursor: &mut Cursor<'_>, definition: &mut Definition) -> Result<(), XmlError> {
    cursor.children(|cursor, name, start| match name {
        "title" => read(cursor, &mut definition.title),
        "description" => read(cursor, &mut definition.description),
        "affected" => cursor.children(|cursor, name, _| match name {
            "platform" => {
                let platform = text_of(cursor.text()?);
                definition.platforms.push(platform);
                Ok(())
            }
            _ => cursor.skip(),
        }),
        "reference" => {
            let (source, id, url) = (value(start, "source"), value(start, "ref_id"), value(start, "ref_url"));
            definition.references.push(Reference { source, id, url });
            cursor.skip()
        }
        "advisory" => advisory(cursor, definition),
        _ => cursor.skip(),
    })
}

/// The element is outside of OVAL's own schema; Red Hat began it, and the others follow.
fn advisory(cursor: &mut Cursor<'_>, definition: &mut Definition) -> Result<(), XmlError> {
    cursor.children(|cursor, name, start| match name {
        "issued" => {
            definition.issued = value(start, "date");
            cursor.skip()
        }
        "updated" => {
            definition.updated = value(start, "date");
            cursor.skip()
        }
        "cve" => {
            let (cvss2, cvss3, cwe) = (value(start, "cvss2"), value(start, "cvss3"), value(start, "cwe"));
            let id = text_of(cursor.text()?);
            definition.cves.push(Cve { id, cvss2, cvss3, cwe });
            Ok(())
        }
        _ => cursor.skip(),
    })
}

fn criteria(cursor: &mut Cursor<'_>, start: &BytesStart<'_>) -> Result<Criteria, XmlError> {
    let mut found =
        Criteria { operator: value(start, "operator"), negate: value(start, "negate") == "true", nodes: Vec::new() };
    if found.operator.is_empty() {
        "AND".clone_into(&mut found.operator);
    }
    cursor.children(|cursor, name, start| {
        match name {
            "criteria" => {
                let node = criteria(cursor, start)?;
                found.nodes.push(Node::Criteria(node));
                return Ok(());
            }
            "criterion" => {
                let (comment, negate) = (value(start, "comment"), value(start, "negate") == "true");
                found.nodes.push(Node::Criterion { comment, negate });
            }
            "extend_definition" => found.nodes.push(Node::Extend(value(start, "comment"))),
            _ => {}
        }
        cursor.skip()
    })?;
    Ok(found)
}

fn value(start: &BytesStart<'_>, name: &str) -> String {
    text_of(attribute(start, name))
}

fn read(cursor: &mut Cursor<'_>, field: &mut String) -> Result<(), XmlError> {
    *field = text_of(cursor.text()?);
    Ok(())
}
