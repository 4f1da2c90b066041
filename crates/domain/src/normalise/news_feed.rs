//! RSS 2.0, RSS 1.0 (RDF) and Atom: every entry is a bulletin.
//!
//! | Feed | Ours |
//! |---|---|
//! | `guid`, `id`, else the link, else `rdf:about` | id |
//! | title, text (HTML read as text), links | title, description, references |
//! | `pubDate`, `published`, `dc:date` | published; modified where nothing else is |
//! | `updated`, `dcterms:modified` | modified |
//! | a TLP mark in title or text | TLP, else the source's |
//!
//! An entry whose bytes are not in the encoding that the feed declares costs itself.

use std::borrow::Cow;

use encoding_rs::Encoding;
use jiff::Timestamp;
use standards::news_feed::{self, Entry};

use super::common::{Notes, add_once, add_reference, blank, title};
use super::dates::timestamp_of_any_kind;
use super::mark::stated_mark;
use super::mentions::Mentions;
use super::split::{Fault, RawRecord, Statement};
use super::{Context, plain_text};
use crate::model::advisory::Advisory;
use crate::model::raw::Translated;

/// What a feed's entry is known by, and when it was last changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its identifier; empty if it has none.
    pub id: String,
    /// When it says that it was changed or published.
    pub changed: Option<Timestamp>,
}

/// The entries of a feed, in its order; those that cannot be read have no identifier.
///
/// # Errors
/// [`Fault`] when the document is no feed.
pub fn feed_entries(bytes: &[u8]) -> Result<Vec<FeedEntry>, Fault> {
    let outline = outline(bytes)?;
    let read = |span| read(&bytes[span], &outline.encoding).unwrap_or_default();
    let entries = outline.entries.iter().cloned().map(read);
    Ok(entries.map(|entry| FeedEntry { id: id_of(&entry), changed: changed(&entry) }).collect())
}

/// Cuts a feed into its entries.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let outline =
        news_feed::outline(bytes).map_err(|error| Fault { offset: error.offset as u64, reason: error.reason })?;
    if Encoding::for_label(outline.encoding.as_bytes()).is_none() {
        let reason = format!("the feed declares the encoding {:?}, which is not known", outline.encoding);
        return Err(Fault { offset: 0, reason });
    }
    let mut newest = None;
    let records = outline.entries.len() as u64;
    for span in outline.entries {
        let text = &bytes[span.clone()];
        let entry = read(text, &outline.encoding).unwrap_or_default();
        newest = newest.max(changed(&entry));
        visit(RawRecord { id: id_of(&entry), bytes: text, offset: span.start as u64 });
    }
    Ok(Statement { records, data_timestamp: newest, ..Statement::default() })
}

fn outline(bytes: &[u8]) -> Result<news_feed::Outline, Fault> {
    let outline =
        news_feed::outline(bytes).map_err(|error| Fault { offset: error.offset as u64, reason: error.reason })?;
    if Encoding::for_label(outline.encoding.as_bytes()).is_none() {
        let reason = format!("the feed declares the encoding {:?}, which is not known", outline.encoding);
        return Err(Fault { offset: 0, reason });
    }
    Ok(outline)
}

/// Translates an entry.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let encoding = news_feed::declared_encoding(context.document);
    let entry = read(record.bytes, &encoding)?;
    let id = id_of(&entry);
    if id.is_empty() {
        return Err("The entry has neither an identifier nor a link.".to_owned());
    }
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &id);
    let title_text = plain(&entry.title).text;
    let long = if entry.content.is_empty() { &entry.summary } else { &entry.content };
    let body = plain(long);
    advisory.title = title(&title_text, &body.text, &id);
    advisory.description = body.text;
    for link in entry.links.iter().chain(&body.links) {
        add_reference(&mut advisory.references, link, "");
    }
    advisory.published = date(&entry.published, "published", &mut notes);
    advisory.modified = date(&entry.updated, "updated", &mut notes).or(advisory.published);
    advisory.tlp = stated_mark(&advisory.title).max(stated_mark(&advisory.description)).unwrap_or(context.tlp);
    let mut mentions = Mentions::default();
    let texts = [&title_text, &advisory.description, &entry.summary].into_iter().chain(&entry.links);
    texts.chain(&body.links).chain(&entry.identifiers).chain(&entry.categories).for_each(|text| mentions.text(text));
    entry.cpes.iter().for_each(|name| mentions.cpe(name));
    advisory.mentions = mentions.sorted();
    for identifier in &entry.identifiers {
        add_once(&mut advisory.related, identifier);
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// Reads an entry's bytes in the feed's encoding.
fn read(bytes: &[u8], encoding: &str) -> Result<Entry, String> {
    let text =
        decoded(bytes, encoding).ok_or_else(|| format!("The entry is not in the feed's encoding, {encoding}."))?;
    let entry = news_feed::entry(&text, &plain_text::resolve);
    entry.map_err(|error| format!("The entry cannot be read: {} (byte {} of the entry).", error.reason, error.offset))
}

/// The text; UTF-8 is taken whatever is declared, for that is what such feeds turn out to be in.
fn decoded<'b>(bytes: &'b [u8], encoding: &str) -> Option<Cow<'b, str>> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let encoding = Encoding::for_label(encoding.as_bytes())?;
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// What an entry is known by: its identifier, else its first link.
fn id_of(entry: &Entry) -> String {
    let id = if entry.id.is_empty() { entry.links.first() } else { Some(&entry.id) };
    id.map(|id| id.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

/// When the entry says that it was last changed, or published.
fn changed(entry: &Entry) -> Option<Timestamp> {
    timestamp_of_any_kind(&entry.updated).or_else(|| timestamp_of_any_kind(&entry.published))
}

fn date(text: &str, place: &str, notes: &mut Notes) -> Option<Timestamp> {
    let found = timestamp_of_any_kind(text);
    if found.is_none() && !text.is_empty() {
        let shown: String = text.chars().take(60).collect();
        notes.add(place, format!("{shown:?} is no date; the field is ignored."));
    }
    found
}

/// A text of a feed, which may be HTML whatever it says.
fn plain(text: &str) -> plain_text::Plain {
    if plain_text::is_html(text) {
        plain_text::of_html(text)
    } else {
        plain_text::Plain { text: plain_text::tidy(text), links: Vec::new() }
    }
}

#[cfg(test)]
mod tests;
