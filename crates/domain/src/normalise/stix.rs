//! STIX 2.1 objects: a TAXII envelope (TAXII 2.1 section 3.7) or a bundle (STIX 2.1 section 8).
//!
//! Every object is a record of its own, so that what a collection holds and what we hold can be counted against each other.
//! Of several versions of an object in one document the newest counts; the others lie beside it in the archive.
//!
//! | STIX | Ours |
//! |---|---|
//! | `name`, `description`, `content`, `pattern` | title, description |
//! | `external_references` | links; identifiers are mentions |
//! | `software` | a product, a CPE name, a package that are mentioned |
//! | `object_refs`, `source_ref`, `target_ref` | related; what these objects mention, where the document has them |
//! | `revoked` | withdrawn, since `modified` |
//! | markings | TLP: the strictest; unmarked: see [`surroundings`] |

mod surroundings;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use jiff::Timestamp;
use standards::stix::Object;

use super::common::{Notes, add_reference, blank, parse, timestamp, title};
use super::mentions::Mentions;
use super::split::scan::{Scanner, peek};
use super::split::{Fault, RawRecord, Statement};
use super::{Context, mark};
use crate::model::advisory::{Advisory, State};
use crate::model::raw::Translated;
use crate::model::tlp::Tlp;
use surroundings::Surroundings;

/// Links of one object that are kept.
const MOST_LINKS: usize = 1_000;

/// Cuts a document into its objects, each in its newest version.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let found = newest(bytes)?;
    let records = found.len() as u64;
    for (id, span) in found {
        visit(RawRecord { id, bytes: &bytes[span.clone()], offset: span.start as u64 });
    }
    Ok(Statement { records, ..Statement::default() })
}

/// Every version of an object that a document has.
pub(super) fn editions<'a>(bytes: &'a [u8], id: &str) -> Vec<RawRecord<'a>> {
    let spans = objects(bytes).unwrap_or_default().into_iter();
    let ours = spans.filter(|span| peek(&bytes[span.clone()], &["id"]).as_deref() == Some(id));
    ours.map(|span| RawRecord { id: id.to_owned(), bytes: &bytes[span.clone()], offset: span.start as u64 }).collect()
}

/// Where the objects of a document lie.
fn objects(bytes: &[u8]) -> Result<Vec<Range<usize>>, Fault> {
    let mut scanner = Scanner::new(bytes);
    let (mut spans, mut is_envelope) = (None, true);
    scanner.document(&mut |scanner, key| {
        match key {
            b"objects" => spans = Some(scanner.elements()?),
            b"more" | b"next" => scanner.skip()?,
            _ => {
                is_envelope = false;
                scanner.skip()?;
            }
        }
        Ok(())
    })?;
    match spans {
        Some(spans) => Ok(spans),
        // An envelope without objects is how a server says that there is nothing.
        None if is_envelope || peek(bytes, &["type"]).as_deref() == Some("bundle") => Ok(Vec::new()),
        None => Err(scanner.fault(0, "the document is neither a STIX bundle nor a TAXII envelope")),
    }
}

/// The objects of a document with their identifiers, in document order: of each the version with the latest `modified`.
fn newest(bytes: &[u8]) -> Result<Vec<(String, Range<usize>)>, Fault> {
    let spans = objects(bytes)?;
    let mut latest: HashMap<String, (Option<Timestamp>, usize)> = HashMap::with_capacity(spans.len());
    let mut found: Vec<Option<(String, Range<usize>)>> = Vec::with_capacity(spans.len());
    for span in spans {
        let text = &bytes[span.clone()];
        let id = peek(text, &["id"]).unwrap_or_default();
        let version = peek(text, &["modified"]).as_deref().and_then(timestamp);
        match latest.get_mut(&id) {
            Some((known, _)) if *known > version && !id.is_empty() => continue,
            Some(entry) if !id.is_empty() => {
                found[entry.1] = None;
                *entry = (version, found.len());
            }
            _ => {
                latest.insert(id.clone(), (version, found.len()));
            }
        }
        found.push(Some((id, span)));
    }
    Ok(found.into_iter().flatten().collect())
}

/// Translates an object.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let object: Object<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let id = notes.text(&object.id, "id");
    if id.is_empty() {
        return Err("The object has no `id`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    texts(&object, &mut advisory, &mut notes);
    let created = notes.timestamp(&object.created, "created");
    advisory.published = notes.timestamp(&object.published, "published").or(created);
    advisory.modified = notes.changed(&object.modified, "modified")?.or(created);
    if notes.read(&object.revoked, "revoked").is_some_and(|revoked| *revoked) {
        advisory.state = State::Withdrawn { at: advisory.modified };
    }
    for (index, reference) in notes.list(&object.external_references, "external_references").take(MOST_LINKS) {
        let url = notes.text(&reference.url, format_args!("external_references[{index}].url"));
        add_reference(&mut advisory.references, url, reference.source_name.as_str());
    }
    let ends = [object.source_ref.as_str(), object.target_ref.as_str()];
    let mut seen = HashSet::new();
    let named = notes.texts(&object.object_refs, "object_refs").chain(ends).filter(|id| !id.is_empty());
    advisory.related = named.filter(|id| seen.insert(*id)).map(str::to_owned).collect();
    let mut mentions = own_mentions(&object);
    Surroundings::with(context, |around| {
        for other in &advisory.related {
            mentions.all(around.mentions_of(other));
        }
        advisory.tlp = around.mark_of(&object, context.tlp);
    });
    if let Some(stated) = mark::stated_mark(&advisory.title).filter(|stated| *stated > advisory.tlp) {
        notes.add("name", format!("The name states {stated}, the markings do not; the stricter mark is taken."));
        advisory.tlp = stated;
    }
    advisory.mentions = mentions.sorted();
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// Adds what the objects of a document name, if it is one of STIX objects; returns the strictest mark among them.
pub(super) fn mentions_of_document(bytes: &[u8], mentions: &mut Mentions) -> Option<Tlp> {
    let found = Surroundings::of(bytes);
    found.all_mentions().for_each(|mention| mentions.all([mention]));
    found.strictest()
}

/// Title and description, whatever the type calls them.
fn texts(object: &Object<'_>, advisory: &mut Advisory, notes: &mut Notes) {
    let parts = [
        notes.text(&object.description, "description"),
        notes.text(&object.content, "content"),
        notes.text(&object.explanation, "explanation"),
        notes.text(&object.pattern, "pattern"),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    advisory.description = parts.join("\n\n");
    let name = notes.text(&object.name, "name");
    let name = if name.is_empty() { notes.text(&object.summary, "abstract") } else { name };
    advisory.title = title(name, &advisory.description, &advisory.id);
}

/// What an object itself names.
fn own_mentions(object: &Object<'_>) -> Mentions {
    let mut mentions = Mentions::default();
    for field in
        [&object.name, &object.description, &object.content, &object.explanation, &object.summary, &object.pattern]
    {
        mentions.text(field.as_str());
    }
    for (_, reference) in object.external_references.values() {
        for field in [&reference.external_id, &reference.url, &reference.description] {
            mentions.text(field.as_str());
        }
    }
    if object.kind.as_str() == "software" {
        mentions.product(object.vendor.as_str(), object.name.as_str(), object.version.as_str());
    }
    mentions.cpe(object.cpe.as_str());
    mentions.purl(object.purl.as_str());
    mentions
}

#[cfg(test)]
mod tests;
