//! Warnings as they come up while a document is read, in document order, and no more than a person can look at.

use std::fmt::{self, Display};

use standards::lenient::{Lax, List, Text};

use super::words::printable;
use crate::model::raw::Warning;

/// Warnings that are kept; the rest are counted.
const KEPT_MAX: usize = 1_000;

/// Collects warnings.
#[derive(Debug, Default)]
pub(in crate::normalise) struct Notes {
    warnings: Vec<Warning>,
    dropped: u64,
}

impl Notes {
    /// Adds a warning.
    pub(in crate::normalise) fn warn(&mut self, place: impl Display, reason: impl Into<String>) {
        if self.warnings.len() < KEPT_MAX {
            self.warnings.push(Warning::new(printable(&place.to_string()), printable(&reason.into())));
        } else {
            self.dropped += 1;
        }
    }

    /// The text of a field, without surrounding space; `None` if absent or empty, with a warning if it is no text.
    pub(in crate::normalise) fn stated<'t>(
        &mut self,
        field: &'t Text<'_>,
        place: &dyn Display,
        name: &str,
    ) -> Option<&'t str> {
        if let Lax::Wrong(found) = field {
            self.warn(format_args!("{}{name}", Dotted(place)), format!("is {found} where text is expected; left out"));
        }
        Some(field.as_str().trim()).filter(|text| !text.is_empty())
    }

    /// The good elements of a list with their index, with a warning for each that is of another type.
    pub(in crate::normalise) fn elements<'t, T>(
        &mut self,
        list: &'t List<T>,
        place: &dyn Display,
        name: &str,
    ) -> impl Iterator<Item = (usize, &'t T)> + use<'t, T> {
        self.report_wrong(list, place, name);
        list.values()
    }

    /// The same elements by value: each can be freed when it has been read.
    pub(in crate::normalise) fn take_elements<T>(
        &mut self,
        list: List<T>,
        place: &dyn Display,
        name: &str,
    ) -> impl Iterator<Item = (usize, T)> + use<T> {
        self.report_wrong(&list, place, name);
        let elements = match list {
            Lax::Value(elements) => elements,
            Lax::Absent | Lax::Wrong(_) => Vec::new(),
        };
        elements.into_iter().enumerate().filter_map(|(index, element)| match element {
            Lax::Value(value) => Some((index, value)),
            Lax::Absent | Lax::Wrong(_) => None,
        })
    }

    fn report_wrong<T>(&mut self, list: &List<T>, place: &dyn Display, name: &str) {
        if let Lax::Wrong(found) = list {
            self.warn(
                format_args!("{}{name}", Dotted(place)),
                format!("is {found} where a list is expected; left out"),
            );
        }
        for (index, element) in list.value().into_iter().flatten().enumerate() {
            if let Lax::Wrong(found) = element {
                self.warn(format_args!("{}{name}[{index}]", Dotted(place)), format!("is {found}; left out"));
            }
        }
    }

    /// All warnings; the last one says how many more there were.
    pub(in crate::normalise) fn into_warnings(mut self) -> Vec<Warning> {
        if self.dropped > 0 {
            let reason = format!("{} more warnings like those above are not listed", self.dropped);
            self.warnings.push(Warning::new("document", reason));
        }
        self.warnings
    }
}

/// A place with a dot behind it; nothing for the document itself, which is written as an empty place.
struct Dotted<'p>(&'p dyn Display);

impl Display for Dotted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.0.to_string();
        if place.is_empty() { Ok(()) } else { write!(f, "{place}.") }
    }
}
