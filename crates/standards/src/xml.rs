//! A cursor over XML events: children one by one, text with its references resolved, everything else skipped.
//!
//! It keeps no tree. Each call consumes exactly the element it stands on, so that a reader is a list of names.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::lenient::{Lax, List, Text};

/// Levels of elements that are followed; real documents use a dozen.
const DEPTH_MAX: usize = 128;

/// Why the text cannot be read as XML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct XmlError {
    /// What is wrong, as a sentence fragment.
    pub reason: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in bytes, counted from 1.
    pub column: usize,
}

/// Text with its references resolved, or empty if there is none.
pub(crate) fn text_of(field: Text<'_>) -> String {
    match field {
        Lax::Value(text) => text.into_owned(),
        Lax::Absent | Lax::Wrong(_) => String::new(),
    }
}

/// The cursor, standing inside an element whose start tag has been read.
pub(crate) struct Cursor<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    prefix: Option<String>,
    any_prefix: bool,
    depth: usize,
}

impl<'a> Cursor<'a> {
    /// Reads up to the root's start tag.
    pub(crate) fn open(text: &'a str) -> Result<(Self, BytesStart<'a>), XmlError> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut cursor = Self { reader, text, prefix: None, any_prefix: false, depth: 0 };
        loop {
            match cursor.event()? {
                Event::Start(root) => {
                    cursor.prefix = prefix_of(&root);
                    return Ok((cursor, root));
                }
                Event::Eof => return Err(cursor.fault("the XML has no root element".to_owned())),
                _ => {}
            }
        }
    }

    /// Takes elements of every prefix for the document's vocabulary, where it is made of several.
    pub(crate) fn of_any_prefix(self) -> Self {
        Self { any_prefix: true, ..self }
    }

    /// Hands every child element of the document's vocabulary to `each`, which must consume it; skips all others.
    pub(crate) fn children<F>(&mut self, mut each: F) -> Result<(), XmlError>
    where
        F: FnMut(&mut Self, &str, &BytesStart<'a>) -> Result<(), XmlError>,
    {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fault(format!("the XML is nested more than {DEPTH_MAX} levels deep")));
        }
        loop {
            match self.event()? {
                Event::Start(start) if self.any_prefix || prefix_of(&start) == self.prefix => {
                    each(self, start.local_name().into_inner(), &start)?;
                }
                Event::Start(_) => self.skip()?,
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    /// The text of the element, without surrounding space; its child elements are skipped.
    pub(crate) fn text(&mut self) -> Result<Text<'a>, XmlError> {
        let mut text = Cow::Borrowed("");
        loop {
            match self.event()? {
                Event::Text(part) => append(&mut text, part.xml10_content()),
                Event::CData(part) => append(&mut text, part.xml10_content()),
                Event::GeneralRef(reference) => append(&mut text, self.resolve(&reference)?),
                Event::Start(_) => self.skip()?,
                Event::End(_) => return Ok(Lax::Value(trimmed(text))),
                _ => {}
            }
        }
    }

    /// Passes over the rest of the element. Needs no stack however deep it is.
    pub(crate) fn skip(&mut self) -> Result<(), XmlError> {
        let mut open = 1_usize;
        while open > 0 {
            match self.event()? {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// Checks that nothing but comments and space follows the root.
    pub(crate) fn close(&mut self) -> Result<(), XmlError> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Eof) => return Ok(()),
                Ok(Event::Comment(_) | Event::PI(_)) => {}
                Ok(Event::Text(text)) if text.xml10_content().trim().is_empty() => {}
                _ => return Err(self.fault("something follows the end of the XML document".to_owned())),
            }
        }
    }

    /// The next event. The end of the text is an error, for an element is open.
    fn event(&mut self) -> Result<Event<'a>, XmlError> {
        match self.reader.read_event() {
            Ok(Event::Eof) => Err(self.fault("the XML ends early".to_owned())),
            Ok(Event::DocType(_)) => {
                Err(self.fault("the XML has a document type definition, which is not accepted".to_owned()))
            }
            Ok(event) => Ok(event),
            Err(error) => Err(self.fault(format!("the XML is not well-formed: {error}"))),
        }
    }

    /// A character reference or one of XML's five entities. Others cannot be defined without a document type.
    fn resolve(&self, reference: &BytesRef<'a>) -> Result<Cow<'a, str>, XmlError> {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            return Ok(Cow::Owned(character.to_string()));
        }
        let name = reference.xml10_content();
        match quick_xml::escape::resolve_xml_entity(&name) {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => Err(self.fault(format!("the XML uses the undefined entity &{name};"))),
        }
    }

    fn fault(&self, reason: String) -> XmlError {
        let position = self.reader.error_position().max(self.reader.buffer_position());
        let end = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let before = &self.text.as_bytes()[..end];
        let line = before.split(|byte| *byte == b'\n').count();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        XmlError { reason, line, column: end - line_start + 1 }
    }
}

/// The value of an attribute, without surrounding space.
pub(crate) fn attribute<'a>(start: &BytesStart<'_>, name: &str) -> Text<'a> {
    let Ok(Some(attribute)) = start.try_get_attribute(name) else {
        return Lax::Absent;
    };
    match attribute.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => Lax::Value(Cow::Owned(value.trim().to_owned())),
        Err(_) => Lax::Wrong("text with an undefined entity"),
    }
}

/// Adds an element to a list that may not have begun yet.
pub(crate) fn push<T>(list: &mut List<T>, element: Lax<T>) {
    match list {
        Lax::Value(elements) => elements.push(element),
        Lax::Absent | Lax::Wrong(_) => *list = Lax::Value(vec![element]),
    }
}

fn prefix_of(start: &BytesStart<'_>) -> Option<String> {
    start.name().prefix().map(|prefix| prefix.into_inner().to_owned())
}

fn append<'a>(text: &mut Cow<'a, str>, part: Cow<'a, str>) {
    if text.is_empty() {
        *text = part;
    } else {
        text.to_mut().push_str(&part);
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
