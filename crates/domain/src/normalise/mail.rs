//! Mails: one Internet message (RFC 5322, MIME), an `.eml` file, is one bulletin.
//!
//! | Message | Ours |
//! |---|---|
//! | `Message-ID`, else the digest of the message | id |
//! | `Subject`, `From`, `Date` | title, first line of the description, published |
//! | text parts; HTML parts read as text | description, references |
//! | attachments | named in the description; what text, JSON, CSAF and STIX among them name is mentioned |
//! | a mark in subject, `X-TLP` header, body or STIX attachment | TLP: the strictest, else the source's |
//!
//! Attachments stay inside the archived message.

use std::fmt::Write as _;

use jiff::Timestamp;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::common::{Notes, add_reference, blank, title};
use super::dates::timestamp_of_any_kind;
use super::mark::stated_mark;
use super::mentions::Mentions;
use super::split::{Fault, RawRecord, Statement};
use super::{Context, plain_text, stix};
use crate::model::advisory::Advisory;
use crate::model::raw::{Digest, Translated};
use crate::model::tlp::Tlp;

/// Bytes of one attachment that are searched for names.
const SEARCHED: usize = 16 << 20;

/// Parts of one message that are looked at.
const MOST_PARTS: usize = 1_000;

/// A message is one record.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let fault = || Fault { offset: 0, reason: "the document is no Internet message".to_owned() };
    let message = MessageParser::default().parse_headers(bytes).ok_or_else(fault)?;
    let is_message = message.from().is_some() || message.message_id().is_some() || message.subject().is_some();
    if !is_message {
        return Err(fault());
    }
    visit(RawRecord { id: id_of(&message, bytes), bytes, offset: 0 });
    Ok(Statement { records: 1, data_timestamp: date(&message), ..Statement::default() })
}

/// Translates a message.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let message = MessageParser::default().parse(record.bytes).ok_or("The message cannot be read.")?;
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &id_of(&message, record.bytes));
    let subject = message.subject().unwrap_or_default();
    let mut reading = Reading { mark: stated_mark(subject), ..Reading::default() };
    reading.mentions.text(subject);
    for name in ["X-TLP", "X-TLP-Marking"] {
        let value = message.header(name).and_then(|value| value.as_text()).unwrap_or_default();
        reading.mark = reading.mark.max(stated_mark(value)).max(value.parse().ok());
    }
    reading.message(&message, 0);
    advisory.title = title(subject, &reading.text, &advisory.id);
    advisory.description = description(&message, &reading);
    reading.links.iter().for_each(|link| add_reference(&mut advisory.references, link, ""));
    advisory.published = date(&message);
    advisory.modified = advisory.published;
    if advisory.published.is_none() {
        notes.add("Date", "The message has no readable date.");
    }
    advisory.tlp = reading.mark.unwrap_or(context.tlp);
    advisory.mentions = reading.mentions.sorted();
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// What has been read of a message and of the messages in it.
#[derive(Default)]
struct Reading {
    text: String,
    links: Vec<String>,
    /// Names and sizes.
    attachments: Vec<(String, usize)>,
    mentions: Mentions,
    mark: Option<Tlp>,
    parts: usize,
}

impl Reading {
    fn message(&mut self, message: &Message<'_>, depth: usize) {
        for part in message.text_bodies() {
            match &part.body {
                PartType::Html(html) => {
                    let plain = plain_text::of_html(html);
                    self.paragraph(&plain.text);
                    plain.links.iter().for_each(|link| self.mentions.text(link));
                    self.links.extend(plain.links);
                }
                PartType::Text(text) => self.paragraph(&plain_text::tidy(text)),
                _ => {}
            }
        }
        // The HTML twin of a text may have links that the text lacks.
        for part in message.html_bodies() {
            if let PartType::Html(html) = &part.body {
                let links = plain_text::of_html(html).links;
                for link in &links {
                    self.mentions.text(link);
                }
                self.links.extend(links);
            }
        }
        for part in message.attachments() {
            self.attachment(part, depth);
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.mark = self.mark.max(stated_mark(text));
        self.mentions.text(text);
        self.text.push_str(if self.text.is_empty() || text.is_empty() { "" } else { "\n\n" });
        self.text.push_str(text);
    }

    fn attachment(&mut self, part: &MessagePart<'_>, depth: usize) {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return;
        }
        let name = part.attachment_name().unwrap_or("unnamed");
        self.attachments.push((name.chars().take(200).collect(), part.len()));
        if let PartType::Message(inner) = &part.body {
            if depth < 4 {
                self.mentions.text(inner.subject().unwrap_or_default());
                self.mark = self.mark.max(stated_mark(inner.subject().unwrap_or_default()));
                self.message(inner, depth + 1);
            }
            return;
        }
        let bytes = part.contents();
        let bytes = &bytes[..bytes.len().min(SEARCHED)];
        if !is_text(part, name) {
            return;
        }
        self.mark = self.mark.max(stix::mentions_of_document(bytes, &mut self.mentions));
        let text = String::from_utf8_lossy(bytes);
        self.mark = self.mark.max(stated_mark(&text));
        self.mentions.text(&text);
    }
}

/// Whether an attachment can be searched as it stands: text, JSON, XML, CSV.
fn is_text(part: &MessagePart<'_>, name: &str) -> bool {
    let by_type = part.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default();
        kind.ctype() == "text" || ["json", "xml"].iter().any(|word| subtype.ends_with(word))
    });
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    by_type || ["json", "txt", "csv", "xml", "md", "html", "stix"].contains(&ending.as_str())
}

fn description(message: &Message<'_>, reading: &Reading) -> String {
    let sender = message.from().and_then(|from| from.first());
    let words = sender.map(|from| match (from.name(), from.address()) {
        (Some(name), Some(address)) => format!("From: {name} <{address}>\n\n"),
        (name, address) => format!("From: {}\n\n", name.or(address).unwrap_or_default()),
    });
    let mut text = words.unwrap_or_default();
    text.push_str(&reading.text);
    if !reading.attachments.is_empty() {
        text.push_str("\n\nAttachments:");
        for (name, size) in &reading.attachments {
            // Writing to a string does not fail.
            let _ = write!(text, "\n- {name} ({size} bytes)");
        }
    }
    text
}

/// `Message-ID` without its brackets, else the message's digest.
fn id_of(message: &Message<'_>, bytes: &[u8]) -> String {
    match message.message_id().map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) => id.chars().take(300).collect(),
        None => format!("sha256:{}", Digest::of(bytes)),
    }
}

fn date(message: &Message<'_>) -> Option<Timestamp> {
    let stated = message.date().filter(|date| date.is_valid());
    let read = stated.and_then(|date| date.to_rfc3339().parse().ok());
    read.or_else(|| timestamp_of_any_kind(message.header_raw("Date")?))
}

#[cfg(test)]
mod tests;
