//! MISP events (core format, misp-standard.org): every event is a bulletin.
//!
//! | MISP | Ours |
//! |---|---|
//! | `uuid`, `info`, `date` | id, title, published |
//! | `timestamp` | modified |
//! | attributes of type `comment` and `text`, reports | description |
//! | `link`, `url` | references |
//! | `vulnerability`, `cpe`, vendor and product of an object | mentions |
//! | tags `tlp:…` of the event and its attributes | TLP: the strictest, else the source's |

use jiff::Timestamp;
use standards::lenient::{Lax, List};
use standards::misp::{Attribute, Document, Event, Tag};

use super::Context;
use super::common::{Notes, add_reference, add_weakness, blank, parse, title};
use super::mentions::Mentions;
use super::split::scan::{Scanner, peek};
use super::split::{Fault, RawRecord, Statement, visit_spans};
use crate::model::advisory::Advisory;
use crate::model::raw::Translated;
use crate::model::tlp::Tlp;

/// Where an event's identifier stands.
const ID: [&str; 2] = ["Event", "uuid"];

/// Bytes of description that are kept of one event.
const LONGEST: usize = 1 << 20;

/// Links of one event that are kept.
const MOST_LINKS: usize = 1_000;

/// Cuts a document into events: one, or an export's list of them.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let span = scanner.trimmed();
    let text = &bytes[span.clone()];
    if text.first() == Some(&b'[') {
        let spans = scanner.list_document()?;
        let records = visit_spans(bytes, spans, &ID, visit);
        return Ok(Statement { records, ..Statement::default() });
    }
    let (mut is_event, mut response) = (false, None);
    scanner.document(&mut |scanner, key| {
        match key {
            b"response" => response = scanner.elements().map(Some)?,
            key => {
                is_event |= key == b"Event";
                scanner.skip()?;
            }
        }
        Ok(())
    })?;
    if let Some(spans) = response {
        let records = visit_spans(bytes, spans, &ID, visit);
        return Ok(Statement { records, ..Statement::default() });
    }
    if !is_event {
        return Err(scanner.fault(0, "the document has no `Event`"));
    }
    visit(RawRecord { id: peek(text, &ID).unwrap_or_default(), bytes: text, offset: span.start as u64 });
    Ok(Statement { records: 1, ..Statement::default() })
}

/// Translates an event.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let document: Document<'_> = parse(record.bytes)?;
    let event = document.event.value().ok_or("The document has no `Event`.")?;
    let mut notes = Notes::default();
    let id = notes.text(&event.uuid, "Event.uuid");
    if id.is_empty() {
        return Err("The event has no `uuid`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    let info = notes.text(&event.info, "Event.info");
    advisory.title = title(info, "", id);
    advisory.published =
        notes.timestamp(&event.date, "Event.date").or_else(|| seconds(event.publish_timestamp.as_str()));
    if let Lax::Wrong(found) = &event.timestamp {
        return Err(format!("`Event.timestamp` is {found} where a number of seconds belongs."));
    }
    advisory.modified = seconds(event.timestamp.as_str());
    if advisory.modified.is_none() {
        notes.add("Event.timestamp", "This is no number of seconds; the field is ignored.");
    }
    let mut reading = Reading { mentions: Mentions::default(), mark: strictest(&event.tags), paragraphs: Vec::new() };
    reading.mentions.text(info);
    attributes(event, &mut advisory, &mut reading);
    for (_, report) in event.reports.values() {
        reading.mentions.text(report.content.as_str());
        reading.paragraphs.push(report.content.as_str());
    }
    advisory.description = reading.text();
    advisory.tlp = reading.mark.unwrap_or(context.tlp);
    advisory.mentions = reading.mentions.sorted();
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// What has been read of an event.
struct Reading<'e> {
    mentions: Mentions,
    mark: Option<Tlp>,
    paragraphs: Vec<&'e str>,
}

impl Reading<'_> {
    fn text(&self) -> String {
        let mut text = String::new();
        for paragraph in self.paragraphs.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            if text.len() + paragraph.len() > LONGEST {
                break;
            }
            text.push_str(if text.is_empty() { "" } else { "\n\n" });
            text.push_str(paragraph);
        }
        text
    }
}

/// All attributes: the event's own, and those of its groups.
fn attributes<'e>(event: &'e Event<'_>, advisory: &mut Advisory, reading: &mut Reading<'e>) {
    for (_, attribute) in event.attributes.values() {
        take(attribute, advisory, reading);
    }
    for (_, group) in event.groups.values() {
        for (_, attribute) in group.attributes.values() {
            take(attribute, advisory, reading);
        }
        let related = |name: &str| {
            let mut found =
                group.attributes.values().map(|(_, it)| it).filter(|it| it.object_relation.as_str() == name);
            found.next().map_or("", |attribute| attribute.value.as_str())
        };
        reading.mentions.product(related("vendor"), related("product"), related("version"));
    }
}

/// One attribute. Indicators of compromise (addresses, digests) are neither text nor mentions.
fn take<'e>(attribute: &'e Attribute<'_>, advisory: &mut Advisory, reading: &mut Reading<'e>) {
    if attribute.deleted.value() == Some(&true) {
        return;
    }
    let value = attribute.value.as_str();
    reading.mark = reading.mark.max(strictest(&attribute.tags));
    match attribute.kind.as_str() {
        "vulnerability" => reading.mentions.identifier(value),
        "cpe" => reading.mentions.cpe(value),
        "weakness" => add_weakness(&mut advisory.weaknesses, value),
        // A `url` is an address of an attacker, a `link` one to read.
        "link" if value.starts_with("http") && advisory.references.len() < MOST_LINKS => {
            reading.mentions.text(value);
            add_reference(&mut advisory.references, value, "");
        }
        "comment" | "text" | "other" => {
            reading.mentions.text(value);
            reading.paragraphs.push(value);
        }
        _ => {}
    }
    reading.mentions.text(attribute.comment.as_str());
}

/// The strictest TLP label among tags.
fn strictest(tags: &List<Tag<'_>>) -> Option<Tlp> {
    let labels = tags.values().filter_map(|(_, tag)| {
        let name = tag.name.as_str();
        name.get(..4).filter(|prefix| prefix.eq_ignore_ascii_case("tlp:")).and_then(|_| name.parse().ok())
    });
    labels.max()
}

/// Seconds since 1970, as text.
fn seconds(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(text.trim().parse().ok()?).ok().filter(|instant| *instant > Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
