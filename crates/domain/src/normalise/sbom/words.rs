//! Words that stand where a fact should: placeholders for versions, time stamps in thirteen shapes.

use std::fmt::Display;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Notes;

/// A word that says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::normalise) enum Placeholder {
    /// The author says that nothing is said: `NOASSERTION`, `UNKNOWN`.
    Nothing,
    /// A word that names no version, though it looks like one: `(devel)`, `latest`, `${project.version}`.
    NoVersion,
}

/// Whether a text is a placeholder instead of a fact.
pub(in crate::normalise) fn placeholder(text: &str) -> Option<Placeholder> {
    let is_one_of = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_one_of(&["NOASSERTION", "NONE", "UNKNOWN", "N/A", "NULL", "<unknown>", "(unknown)", "unspecified"]) {
        Some(Placeholder::Nothing)
    } else if is_one_of(&["(devel)", "latest"]) || text.contains("${") {
        Some(Placeholder::NoVersion)
    } else {
        None
    }
}

/// When a document was made. A time without a zone is read as UTC, with a warning.
pub(in crate::normalise) fn created(text: Option<&str>, place: &str, notes: &mut Notes) -> Option<Timestamp> {
    let text = text?;
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let local = text.parse::<DateTime>().ok().and_then(|time| TimeZone::UTC.to_timestamp(time).ok());
    let reason = match local {
        Some(_) => format!("{text:?} has no time zone; it was read as UTC"),
        None => format!("{text:?} is no time stamp; left out"),
    };
    notes.warn(place, reason);
    local
}

/// The version of a component: as stated, else as its purl states it. A word that names no version is reported.
pub(in crate::normalise) fn version(
    stated: Option<&str>,
    of_purl: Option<&str>,
    place: &dyn Display,
    notes: &mut Notes,
) -> Option<String> {
    let found = stated.and_then(placeholder);
    if let (Some(word), None) = (stated, found) {
        return Some(word.to_owned());
    }
    match (stated, found, of_purl) {
        (Some(word), Some(_), Some(version)) => {
            notes.warn(place, format!("{word:?} names no version; {version:?} is taken from the purl"));
        }
        (_, None, Some(version)) => notes.warn(place, format!("is not stated; {version:?} is taken from the purl")),
        (Some(word), Some(Placeholder::NoVersion), None) => {
            notes.warn(place, format!("{word:?} names no version; the version is unknown"));
        }
        _ => {}
    }
    of_purl.map(ToOwned::to_owned)
}

/// Longest message; a file may quote megabytes into it.
const MESSAGE_CHARS_MAX: usize = 400;

/// A message that quotes a foreign file, fit for a terminal and a list: no control characters, not endless.
pub(super) fn printable(message: &str) -> String {
    let mut characters = message.chars().map(|one| if one.is_control() { ' ' } else { one });
    let mut text: String = characters.by_ref().take(MESSAGE_CHARS_MAX).collect();
    if characters.next().is_some() {
        text.push('…');
    }
    text
}
