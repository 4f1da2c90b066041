//! One entry of a feed, as text.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::FeedError;

/// Levels of elements that are followed inside an entry.
const DEEPEST: usize = 200;

/// An entry. Texts are as they stand, HTML where the feed has HTML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// `guid` (RSS 2.0), `id` (Atom), `rdf:about` (RSS 1.0); empty if there is none.
    pub id: String,
    /// Title.
    pub title: String,
    /// Links: of Atom those without `rel` or with `alternate` first.
    pub links: Vec<String>,
    /// `description`, `summary`.
    pub summary: String,
    /// `content`, `content:encoded`: the whole text.
    pub content: String,
    /// When it was first published, as written.
    pub published: String,
    /// When it was last changed, as written.
    pub updated: String,
    /// Authors' names.
    pub authors: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Identifiers of vulnerabilities: `dc:identifier`, JVN's `sec:identifier` and `sec:references`.
    pub identifiers: Vec<String>,
    /// JVN's `sec:cpe`: CPE names.
    pub cpes: Vec<String>,
}

/// Reads the element that [`super::outline`] found, decoded. `resolve` knows entities beyond XML's own five, as HTML's.
///
/// # Errors
/// [`FeedError`] when it is not well-formed, too deep, or uses an entity that `resolve` does not know.
pub fn entry(text: &str, resolve: &dyn Fn(&str) -> Option<String>) -> Result<Entry, FeedError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading { reader, resolve };
    let mut entry = Entry::default();
    match reading.event()? {
        Event::Start(start) => entry.id = attribute(&start, "about"),
        _ => return Err(reading.error("no element begins here")),
    }
    loop {
        match reading.event()? {
            Event::Start(start) => reading.child(&start, &mut entry)?,
            Event::End(_) => return Ok(entry),
            Event::Eof => return Err(reading.error("the entry breaks off")),
            _ => {}
        }
    }
}

struct Reading<'t, 'r> {
    reader: Reader<&'t [u8]>,
    resolve: &'r dyn Fn(&str) -> Option<String>,
}

impl<'t> Reading<'t, '_> {
    fn child(&mut self, start: &BytesStart<'t>, entry: &mut Entry) -> Result<(), FeedError> {
        let name = start.name();
        let name = name.into_inner();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let (local, href, rel) = (local.to_owned(), attribute(start, "href"), attribute(start, "rel"));
        let is_second_title = prefix == "media";
        let (term, id) = (attribute(start, "term"), attribute(start, "id"));
        let text = self.content()?;
        match local.as_str() {
            "guid" | "id" if prefix.is_empty() || prefix == "atom" => keep(&mut entry.id, text),
            "title" if !is_second_title => keep(&mut entry.title, text),
            "link" if href.is_empty() => push(&mut entry.links, text),
            "link" if rel.is_empty() || rel == "alternate" => entry.links.insert(0, href),
            "link" => push(&mut entry.links, href),
            "description" | "summary" if !is_second_title => keep(&mut entry.summary, text),
            "encoded" | "content" if !is_second_title => keep(&mut entry.content, text),
            "pubDate" | "published" | "issued" | "created" => keep(&mut entry.published, text),
            "date" if prefix == "dc" => keep(&mut entry.published, text),
            "updated" | "modified" => keep(&mut entry.updated, text),
            "author" | "creator" => push(&mut entry.authors, text),
            "category" | "subject" => push(&mut entry.categories, if term.is_empty() { text } else { term }),
            "identifier" => push(&mut entry.identifiers, text),
            "references" => {
                push(&mut entry.identifiers, id);
                push(&mut entry.links, text);
            }
            "cpe" => push(&mut entry.cpes, text),
            _ => {}
        }
        Ok(())
    }

    /// The text of the element whose start tag was read, with that of the elements inside it. XHTML inside it becomes words with
    /// spaces between them.
    fn content(&mut self) -> Result<String, FeedError> {
        let mut text = String::new();
        let mut depth = 1_usize;
        while depth > 0 {
            match self.event()? {
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content();
                    match reference.resolve_char_ref() {
                        Ok(Some(character)) => text.push(character),
                        _ => match (self.resolve)(&name) {
                            Some(known) => text.push_str(&known),
                            None => {
                                return Err(
                                    self.error(&format!("the entry uses the unknown entity &{};", short(&name)))
                                );
                            }
                        },
                    }
                }
                Event::Start(_) => {
                    depth += 1;
                    text.push('\n');
                    if depth > DEEPEST {
                        return Err(self.error("the entry is nested too deep"));
                    }
                }
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(self.error("the entry breaks off")),
                _ => {}
            }
        }
        Ok(text.trim().to_owned())
    }

    fn event(&mut self) -> Result<Event<'t>, FeedError> {
        match self.reader.read_event() {
            Ok(event) => Ok(event),
            Err(error) => Err(self.error(&format!("the entry is not well-formed: {error}"))),
        }
    }

    fn error(&self, reason: &str) -> FeedError {
        let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        FeedError { offset, reason: reason.to_owned() }
    }
}

/// The value of an attribute, whatever its prefix; empty if there is none.
fn attribute(start: &BytesStart<'_>, name: &str) -> String {
    let mut found = start.attributes().flatten().filter(|attribute| attribute.key.local_name().into_inner() == name);
    let value = found.next().and_then(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok());
    value.map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn keep(field: &mut String, text: String) {
    if field.is_empty() {
        *field = text;
    }
}

fn push(list: &mut Vec<String>, text: String) {
    if !text.is_empty() && list.len() < 1_000 {
        list.push(text);
    }
}

fn short(name: &str) -> String {
    name.chars().take(40).collect()
}
