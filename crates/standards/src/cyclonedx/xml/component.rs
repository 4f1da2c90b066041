//! `<component>` and what is inside it.

use quick_xml::events::BytesStart;

use super::{contacts, organisation};
use crate::cyclonedx::{Component, Hash, Licence, LicenceChoice, Property};
use crate::lenient::{Lax, List};
use crate::xml::{Cursor, XmlError, attribute, push};

/// The content of `<components>`.
pub(super) fn list<'a>(cursor: &mut Cursor<'a>) -> Result<List<Component<'a>>, XmlError> {
    let mut components = Vec::new();
    cursor.children(|cursor, name, start| match name {
        "component" => one(cursor, start).map(|value| components.push(Lax::Value(value))),
        _ => cursor.skip(),
    })?;
    Ok(Lax::Value(components))
}

/// A `<component>` whose start tag has been read.
pub(super) fn one<'a>(cursor: &mut Cursor<'a>, start: &BytesStart<'a>) -> Result<Component<'a>, XmlError> {
    let mut component =
        Component { kind: attribute(start, "type"), bom_ref: attribute(start, "bom-ref"), ..Component::default() };
    cursor.children(|cursor, name, _| match name {
        "supplier" => organisation(cursor).map(|value| component.supplier = value),
        "manufacturer" => organisation(cursor).map(|value| component.manufacturer = value),
        "authors" => contacts(cursor).map(|value| component.authors = Lax::Value(value)),
        "author" => cursor.text().map(|value| component.author = value),
        "publisher" => cursor.text().map(|value| component.publisher = value),
        "group" => cursor.text().map(|value| component.group = value),
        "name" => cursor.text().map(|value| component.name = value),
        "version" => cursor.text().map(|value| component.version = value),
        "hashes" => hashes(cursor).map(|value| component.hashes = value),
        "licenses" => licences(cursor).map(|value| component.licenses = value),
        "cpe" => cursor.text().map(|value| component.cpe = value),
        "purl" => cursor.text().map(|value| component.purl = value),
        "properties" => properties(cursor).map(|value| component.properties = value),
        "components" => list(cursor).map(|value| component.components = value),
        _ => cursor.skip(),
    })?;
    Ok(component)
}

fn hashes<'a>(cursor: &mut Cursor<'a>) -> Result<List<Hash<'a>>, XmlError> {
    let mut hashes = List::default();
    cursor.children(|cursor, name, start| {
        if name != "hash" {
            return cursor.skip();
        }
        let alg = attribute(start, "alg");
        let content = cursor.text()?;
        push(&mut hashes, Lax::Value(Hash { alg, content }));
        Ok(())
    })?;
    Ok(hashes)
}

fn licences<'a>(cursor: &mut Cursor<'a>) -> Result<List<LicenceChoice<'a>>, XmlError> {
    let mut licences = List::default();
    cursor.children(|cursor, name, start| {
        let choice = match name {
            "license" => LicenceChoice { license: Lax::Value(licence(cursor)?), ..LicenceChoice::default() },
            "expression" => LicenceChoice { expression: cursor.text()?, ..LicenceChoice::default() },
            "expression-detailed" => {
                cursor.skip()?;
                LicenceChoice { expression: attribute(start, "expression"), ..LicenceChoice::default() }
            }
            _ => return cursor.skip(),
        };
        push(&mut licences, Lax::Value(choice));
        Ok(())
    })?;
    Ok(licences)
}

fn licence<'a>(cursor: &mut Cursor<'a>) -> Result<Licence<'a>, XmlError> {
    let mut licence = Licence::default();
    cursor.children(|cursor, name, _| match name {
        "id" => cursor.text().map(|value| licence.id = value),
        "name" => cursor.text().map(|value| licence.name = value),
        "url" => cursor.text().map(|value| licence.url = value),
        _ => cursor.skip(),
    })?;
    Ok(licence)
}

fn properties<'a>(cursor: &mut Cursor<'a>) -> Result<List<Property<'a>>, XmlError> {
    let mut properties = List::default();
    cursor.children(|cursor, name, start| {
        if name != "property" {
            return cursor.skip();
        }
        let name = attribute(start, "name");
        let value = cursor.text()?;
        push(&mut properties, Lax::Value(Property { name, value }));
        Ok(())
    })?;
    Ok(properties)
}
