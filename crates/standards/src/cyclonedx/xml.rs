//! The XML form of CycloneDX, read in one pass into the types of the JSON form.
//!
//! In: text. Out: a [`Bom`], or the line at which the text stops being XML. Elements of other namespaces (extensions of the
//! early versions) are passed over, known by their prefix. There are no entities beyond XML's own five, no document type
//! definition, and no more than 128 levels.

mod component;

use quick_xml::events::BytesStart;

pub use crate::xml::XmlError;
use crate::xml::{Cursor, attribute, push};

use super::{Bom, Contact, Count, Dependency, Metadata, Organisation, Organisations, Tool, Tools};
use crate::lenient::{Lax, Text};

/// Reads the XML form. The root element has been recognised by its namespace before.
///
/// # Errors
/// [`XmlError`] when the text is not well-formed, has a document type definition, or is nested too deeply.
pub fn from_xml(text: &str) -> Result<Bom<'_>, XmlError> {
    let (mut cursor, root) = Cursor::open(text)?;
    let mut bom =
        Bom { spec_version: spec_version(&root), serial_number: attribute(&root, "serialNumber"), ..Bom::default() };
    cursor.children(|cursor, name, _| match name {
        "metadata" => metadata(cursor).map(|value| bom.metadata = Lax::Value(value)),
        "components" => component::list(cursor).map(|value| bom.components = value),
        "dependencies" => dependencies(cursor, &mut bom),
        "services" => count(cursor).map(|value| bom.services = value),
        "vulnerabilities" => count(cursor).map(|value| bom.vulnerabilities = value),
        _ => cursor.skip(),
    })?;
    cursor.close()?;
    Ok(bom)
}

/// The version in the root's namespace, `http://cyclonedx.org/schema/bom/1.5`.
fn spec_version<'a>(root: &BytesStart<'a>) -> Text<'a> {
    root.attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .filter(|attribute| attribute.key.as_namespace_binding().is_some())
        .find_map(|attribute| {
            let version = attribute.value.trim().strip_prefix("http://cyclonedx.org/schema/bom/")?;
            Some(Lax::Value(version.to_owned().into()))
        })
        .unwrap_or_default()
}

fn metadata<'a>(cursor: &mut Cursor<'a>) -> Result<Metadata<'a>, XmlError> {
    let mut metadata = Metadata::default();
    cursor.children(|cursor, name, start| match name {
        "timestamp" => cursor.text().map(|value| metadata.timestamp = value),
        "tools" => tools(cursor).map(|value| metadata.tools = Lax::Value(value)),
        "authors" => contacts(cursor).map(|value| metadata.authors = Lax::Value(value)),
        "component" => component::one(cursor, start).map(|value| metadata.component = Lax::Value(Box::new(value))),
        "manufacturer" => organisation(cursor).map(|value| metadata.manufacturer = value),
        "manufacture" => organisation(cursor).map(|value| metadata.manufacture = value),
        "supplier" => organisation(cursor).map(|value| metadata.supplier = value),
        _ => cursor.skip(),
    })?;
    Ok(metadata)
}

/// `<tool>` up to 1.4; `<components>` and `<services>` from 1.5.
fn tools<'a>(cursor: &mut Cursor<'a>) -> Result<Tools<'a>, XmlError> {
    let mut tools = Tools::default();
    cursor.children(|cursor, name, _| match name {
        "tool" => tool(cursor).map(|value| tools.0.push(Lax::Value(value))),
        "components" | "services" => {
            cursor.children(|cursor, _, _| tool(cursor).map(|value| tools.0.push(Lax::Value(value))))
        }
        _ => cursor.skip(),
    })?;
    Ok(tools)
}

fn tool<'a>(cursor: &mut Cursor<'a>) -> Result<Tool<'a>, XmlError> {
    let mut tool = Tool::default();
    cursor.children(|cursor, name, _| match name {
        "vendor" => cursor.text().map(|value| tool.vendor = value),
        "name" => cursor.text().map(|value| tool.name = value),
        "version" => cursor.text().map(|value| tool.version = value),
        _ => cursor.skip(),
    })?;
    Ok(tool)
}

fn contacts<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<Lax<Contact<'a>>>, XmlError> {
    let mut contacts = Vec::new();
    cursor.children(|cursor, _, _| {
        let mut contact = Contact::default();
        cursor.children(|cursor, name, _| match name {
            "name" => cursor.text().map(|value| contact.name = value),
            "email" => cursor.text().map(|value| contact.email = value),
            _ => cursor.skip(),
        })?;
        contacts.push(Lax::Value(contact));
        Ok(())
    })?;
    Ok(contacts)
}

fn organisation<'a>(cursor: &mut Cursor<'a>) -> Result<Lax<Organisations<'a>>, XmlError> {
    let mut organisation = Organisation::default();
    cursor.children(|cursor, name, _| match name {
        "name" => cursor.text().map(|value| organisation.name = value),
        _ => cursor.skip(),
    })?;
    Ok(Lax::Value(Organisations(vec![Lax::Value(organisation)])))
}

/// `<dependency ref="a"><dependency ref="b"/></dependency>` says that a needs b.
fn dependencies<'a>(cursor: &mut Cursor<'a>, bom: &mut Bom<'a>) -> Result<(), XmlError> {
    cursor.children(|cursor, name, start| {
        if name != "dependency" {
            return cursor.skip();
        }
        let mut dependency = Dependency { reference: attribute(start, "ref"), ..Dependency::default() };
        cursor.children(|cursor, name, start| {
            if name == "dependency" {
                push(&mut dependency.depends_on, attribute(start, "ref"));
            }
            cursor.skip()
        })?;
        push(&mut bom.dependencies, Lax::Value(dependency));
        Ok(())
    })
}

fn count(cursor: &mut Cursor<'_>) -> Result<Lax<Count>, XmlError> {
    let mut count = 0;
    cursor.children(|cursor, _, _| {
        count += 1;
        cursor.skip()
    })?;
    Ok(Lax::Value(Count(count)))
}

/// Name and namespace of a document's root element: enough to recognise what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Name without prefix: `bom`.
    pub name: String,
    /// Namespace of its prefix; empty if there is none.
    pub namespace: String,
}

/// Reads the root element's start tag and nothing else.
///
/// # Errors
/// [`XmlError`] when there is none.
pub fn root(text: &str) -> Result<Root, XmlError> {
    let (_, start) = Cursor::open(text)?;
    let prefix = start.name().prefix().map(|prefix| prefix.into_inner().to_owned());
    let declaration = prefix.map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
    Ok(Root {
        name: start.local_name().into_inner().to_owned(),
        namespace: attribute(&start, &declaration).as_str().to_owned(),
    })
}
