//! `updateinfo.xml` of an RPM repository: one `<update>` (createrepo_c and DNF read this form; it has no published schema).
//!
//! In: the text of one element. Out: an [`Update`] with whatever of it could be read; a missing field is empty.

use quick_xml::events::BytesStart;

use crate::xml::{Cursor, XmlError, attribute, text_of};

/// An update: one erratum with its packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Update {
    /// `security`, `bugfix`, `enhancement`, `newpackage`.
    pub kind: String,
    /// `final`, `stable`, `testing`.
    pub status: String,
    /// Who published it: a mail address.
    pub from: String,
    /// Its identifier: `ALAS2023-2023-001`, `RLSA-2023:3820`.
    pub id: String,
    /// One line.
    pub title: String,
    /// When it was published, as `2023-02-17 20:41`, with or without seconds; seconds since 1970 in old files.
    pub issued: String,
    /// When it was last changed.
    pub updated: String,
    /// The release it is for, where the distribution states it here: `Rocky Linux 9`.
    pub release: String,
    /// A longer line.
    pub summary: String,
    /// Text.
    pub description: String,
    /// What it refers to.
    pub references: Vec<Reference>,
    /// Groups of packages.
    pub collections: Vec<Collection>,
}

/// What an update refers to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    /// `cve`, `bugzilla`, `self`, `redhat`.
    pub kind: String,
    /// `CVE-2022-24903`.
    pub id: String,
    /// The address.
    pub href: String,
}

/// A group of packages: what one repository offers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collection {
    /// `amazon-linux-2023`.
    pub short: String,
    /// `Amazon Linux 2023`.
    pub name: String,
    /// The module they are of, as `name:stream`; empty if they are of none.
    pub module: String,
    /// The packages.
    pub packages: Vec<Package>,
}

/// A binary package at the version that brings the update.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Package {
    /// Name.
    pub name: String,
    /// Epoch; empty and `0` are the same.
    pub epoch: String,
    /// Version.
    pub version: String,
    /// Release.
    pub release: String,
    /// Architecture.
    pub arch: String,
}

impl Update {
    /// Reads one `<update>`.
    ///
    /// # Errors
    /// [`XmlError`] when the text is no well-formed element, has a document type definition, or is nested too deeply.
    pub fn from_xml(text: &str) -> Result<Self, XmlError> {
        let (mut cursor, root) = Cursor::open(text)?;
        let mut update = Self {
            kind: value(&root, "type"),
            status: value(&root, "status"),
            from: value(&root, "from"),
            ..Self::default()
        };
        cursor.children(|cursor, name, start| match name {
            "id" => read(cursor, &mut update.id),
            "title" => read(cursor, &mut update.title),
            "release" => read(cursor, &mut update.release),
            "summary" => read(cursor, &mut update.summary),
            "description" => read(cursor, &mut update.description),
            "issued" => dated(cursor, start, &mut update.issued),
            "updated" => dated(cursor, start, &mut update.updated),
            "references" => references(cursor, &mut update.references),
            "pkglist" => collections(cursor, &mut update.collections),
            _ => cursor.skip(),
        })?;
        cursor.close()?;
        Ok(update)
    }
}

fn value(start: &BytesStart<'_>, name: &str) -> String {
    text_of(attribute(start, name))
}

fn read(cursor: &mut Cursor<'_>, field: &mut String) -> Result<(), XmlError> {
    *field = text_of(cursor.text()?);
    Ok(())
}

/// A date, as attribute or as text.
fn dated(cursor: &mut Cursor<'_>, start: &BytesStart<'_>, field: &mut String) -> Result<(), XmlError> {
    let stated = value(start, "date");
    let text = text_of(cursor.text()?);
    *field = if stated.is_empty() { text } else { stated };
    Ok(())
}

fn references(cursor: &mut Cursor<'_>, references: &mut Vec<Reference>) -> Result<(), XmlError> {
    cursor.children(|cursor, name, start| {
        if name == "reference" {
            let (kind, id, href) = (value(start, "type"), value(start, "id"), value(start, "href"));
            references.push(Reference { kind, id, href });
        }
        cursor.skip()
    })
}

fn collections(cursor: &mut Cursor<'_>, collections: &mut Vec<Collection>) -> Result<(), XmlError> {
    cursor.children(|cursor, name, start| {
        if name != "collection" {
            return cursor.skip();
        }
        let mut collection = Collection { short: value(start, "short"), ..Collection::default() };
        cursor.children(|cursor, name, start| match name {
            "name" => read(cursor, &mut collection.name),
            "module" => {
                let (name, stream) = (value(start, "name"), value(start, "stream"));
                collection.module = if name.is_empty() { name } else { format!("{name}:{stream}") };
                cursor.skip()
            }
            "package" => {
                collection.packages.push(package(start));
                cursor.skip()
            }
            _ => cursor.skip(),
        })?;
        collections.push(collection);
        Ok(())
    })
}

fn package(start: &BytesStart<'_>) -> Package {
    Package {
        name: value(start, "name"),
        epoch: value(start, "epoch"),
        version: value(start, "version"),
        release: value(start, "release"),
        arch: value(start, "arch"),
    }
}
