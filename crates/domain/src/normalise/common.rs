//! What every translator needs: a record half filled in, notes of what was wrong, dates, titles, scores.

use std::fmt::Display;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use serde::Deserialize;
use standards::cvss;
use standards::lenient::{Lax, List, Text};

use super::{Context, RawRecord};
use crate::model::advisory::{Advisory, Affected, Exploitation, FixState, Reference, Score, Standing, State, Target};
use crate::model::raw::{Digest, RawRef, Warning};

/// Warnings kept of one record; a record that is wrong everywhere needs no list of a million places.
const WARNINGS_KEPT: usize = 100;

/// Warnings in the making.
#[derive(Debug, Default)]
pub(super) struct Notes {
    warnings: Vec<Warning>,
    more: usize,
}

impl Notes {
    /// Notes what is wrong at `place`.
    pub(super) fn add(&mut self, place: impl Display, reason: impl Into<String>) {
        if self.warnings.len() < WARNINGS_KEPT {
            self.warnings.push(Warning::new(place.to_string(), reason));
        } else {
            self.more += 1;
        }
    }

    /// The warnings, with a last one for those that were not kept.
    pub(super) fn into_warnings(mut self) -> Vec<Warning> {
        if self.more > 0 {
            self.warnings.push(Warning::new("", format!("{} more warnings of this record are not listed.", self.more)));
        }
        self.warnings
    }

    /// The field's value; a wrong type is noted and counts as absent.
    pub(super) fn read<'x, T>(&mut self, field: &'x Lax<T>, place: impl Display) -> Option<&'x T> {
        match field {
            Lax::Value(value) => Some(value),
            Lax::Absent => None,
            Lax::Wrong(found) => {
                self.add(place, format!("This is {found}; the field is ignored."));
                None
            }
        }
    }

    /// The field's text without white space around it; empty if there is none.
    pub(super) fn text<'x>(&mut self, field: &'x Text<'_>, place: impl Display) -> &'x str {
        self.read(field, place).map_or("", |text| text.trim())
    }

    /// The list's good elements with their index; the others are noted.
    pub(super) fn list<'x, T>(
        &mut self,
        field: &'x List<T>,
        place: impl Display,
    ) -> std::vec::IntoIter<(usize, &'x T)> {
        let elements = self.read(field, &place).map_or(&[][..], Vec::as_slice);
        for (index, element) in elements.iter().enumerate() {
            if let Lax::Wrong(found) = element {
                self.add(format_args!("{place}[{index}]"), format!("This is {found}; the element is ignored."));
            }
        }
        let good: Vec<_> =
            elements.iter().enumerate().filter_map(|(index, element)| Some((index, element.value()?))).collect();
        good.into_iter()
    }

    /// The list's texts, without empty ones.
    pub(super) fn texts<'x>(
        &mut self,
        field: &'x List<std::borrow::Cow<'_, str>>,
        place: impl Display,
    ) -> std::vec::IntoIter<&'x str> {
        let texts: Vec<_> =
            self.list(field, place).map(|(_, text)| text.trim()).filter(|text| !text.is_empty()).collect();
        texts.into_iter()
    }

    /// The field as an instant; text that is no date is noted.
    pub(super) fn timestamp(&mut self, field: &Text<'_>, place: impl Display) -> Option<Timestamp> {
        let text = self.text(field, &place);
        if text.is_empty() || is_unset(text) {
            return None;
        }
        let instant = timestamp(text);
        if instant.is_none() {
            self.add(place, format!("{text:?} is no date; the field is ignored."));
        }
        instant
    }

    /// The instant of a record's last change. By it a newer revision is told from an older one, so a value of another type
    /// means that the record is broken as a whole.
    ///
    /// # Errors
    /// A sentence that names the field: the record is set aside.
    pub(super) fn changed(&mut self, field: &Text<'_>, place: &str) -> Result<Option<Timestamp>, String> {
        match field {
            Lax::Wrong(found) => Err(format!("`{place}` is {found} where a date belongs.")),
            _ => Ok(self.timestamp(field, place)),
        }
    }

    /// Adds a score computed from `vector`, once for each party and vector.
    pub(super) fn score(&mut self, scores: &mut Vec<Score>, by: &str, vector: &str, place: impl Display) {
        if vector.is_empty() || scores.iter().any(|score| score.by == by && score.vector == vector) {
            return;
        }
        match cvss::base_tenths(vector) {
            Some(tenths) => scores.push(Score { by: by.to_owned(), vector: vector.to_owned(), tenths }),
            None => self.add(place, format!("{vector:?} is no CVSS vector; the score is left out.")),
        }
    }
}

/// Reads a record's bytes as `T`.
pub(super) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1));
        let byte = lines.map(<[u8]>::len).sum::<usize>() + column;
        let text = error.to_string();
        let reason = text.rsplit_once(" at line").map_or(text.as_str(), |(reason, _)| reason);
        format!("The record is no readable JSON: {reason} (byte {byte} of the record).")
    })
}

/// An advisory that says nothing yet.
pub(super) fn blank(record: &RawRecord<'_>, context: &Context<'_>, id: &str) -> Advisory {
    Advisory {
        source: context.source.clone(),
        family: context.family,
        id: id.to_owned(),
        revision: Digest::of(record.bytes),
        raw: RawRef {
            object: context.object,
            entry: context.entry.to_owned(),
            offset: record.offset,
            length: record.bytes.len() as u64,
        },
        aliases: Vec::new(),
        related: Vec::new(),
        state: State::Live,
        published: None,
        modified: None,
        title: String::new(),
        description: String::new(),
        scores: Vec::new(),
        weaknesses: Vec::new(),
        references: Vec::new(),
        affected: Vec::new(),
        exploitation: None,
        tlp: context.tlp,
        mentions: Vec::new(),
    }
}

/// What is said about `target` before anything is said.
pub(super) fn says_nothing(target: Target, default: Standing, place: String) -> Affected {
    Affected {
        target,
        default,
        rules: Vec::new(),
        exact: Vec::new(),
        fix: FixState::Unknown,
        conditions: Vec::new(),
        place,
    }
}

/// Adds a link, once.
pub(super) fn add_reference(references: &mut Vec<Reference>, url: &str, kind: &str) {
    if !url.is_empty() && !references.iter().any(|reference| reference.url == url) {
        references.push(Reference { url: url.to_owned(), kind: kind.to_owned() });
    }
}

/// Adds a text, once.
pub(super) fn add_once(list: &mut Vec<String>, text: &str) {
    if !text.is_empty() && !list.iter().any(|known| known == text) {
        list.push(text.to_owned());
    }
}

/// Adds a CWE identifier, in the spelling `CWE-79`, once. `NVD-CWE-noinfo` and the like are none.
pub(super) fn add_weakness(list: &mut Vec<String>, text: &str) {
    let word = text.split([' ', ':']).next().unwrap_or_default();
    let digits = word.strip_prefix("CWE-").or_else(|| word.strip_prefix("cwe-")).unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        add_once(list, &format!("CWE-{digits}"));
    }
}

/// Notes one decision point of SSVC (CISA's deployer tree). Of several parties' values the first counts.
pub(super) fn decision(stated: &mut Exploitation, point: &str, value: &str) {
    let field = match point.to_ascii_lowercase().as_str() {
        "exploitation" => &mut stated.ssvc,
        "automatable" => &mut stated.automatable,
        "technical impact" | "technicalimpact" => &mut stated.technical_impact,
        _ => return,
    };
    if field.is_none() && !value.is_empty() {
        *field = Some(value.to_ascii_lowercase());
    }
}

/// Whether an identifier is a CVE's.
pub(super) fn is_cve(id: &str) -> bool {
    let mut parts = id.split('-');
    let is_number =
        |part: Option<&str>| part.is_some_and(|part| part.len() >= 4 && part.bytes().all(|b| b.is_ascii_digit()));
    parts.next() == Some("CVE") && is_number(parts.next()) && is_number(parts.next()) && parts.next().is_none()
}

/// Go's zero time stands for a date that was never set.
fn is_unset(text: &str) -> bool {
    text.starts_with("0001-01-01")
}

/// An instant in the spellings of the feeds: RFC 3339 with any offset, date and time without offset (UTC, as NVD writes
/// it), a date alone (its first moment).
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if is_unset(text) {
        return None;
    }
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let local = text.parse::<civil::DateTime>().or_else(|_| text.parse::<civil::Date>().map(civil::DateTime::from));
    TimeZone::UTC.to_timestamp(local.ok()?).ok()
}

/// A line for lists: `stated`, else the first sentence of `description`, at most about 120 characters.
pub(super) fn title(stated: &str, description: &str, id: &str) -> String {
    if !stated.is_empty() {
        return one_line(stated, 300);
    }
    let is_text = |line: &&str| line.chars().any(char::is_alphanumeric) && !line.starts_with('#');
    match description.lines().map(str::trim).find(is_text) {
        None => id.to_owned(),
        Some(line) => {
            let sentence = line.find(". ").map_or(line, |end| &line[..end]);
            one_line(sentence.trim_end_matches('.'), 120)
        }
    }
}

/// The text with single spaces, cut at a word boundary after `most` characters.
fn one_line(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len().min(most + 4));
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > most {
            line.push('…');
            return line;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.extend(word.chars().take(most));
        length += letters;
    }
    line
}
