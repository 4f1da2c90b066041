//! Java runtimes: the old style `1.8.0_302-b08`, the new style `11.0.4+11` (JEP 223, JEP 322), and `8u302`.
//!
//! All become dotted numbers (`1.8.0_302` is 8.0.302) and an early-access mark. Builds do not count: advisories name
//! updates, and vendors number their builds each in their own way.

use std::cmp::Ordering;

use super::runs;

/// A version in borrowed parts.
struct Version<'a> {
    /// Numbers parted by `.` or `_`, without the leading `1.` of the old style.
    numbers: &'a str,
    /// Update number of the short style: `302` of `8u302`.
    update: Option<&'a str>,
    is_early: bool,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = ["jdk-", "jre-", "jdk", "jre"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
        let (numbers, rest) = runs::split_dotted(text, &['.', '_']);
        let (update, rest) = match rest.strip_prefix('u').map(runs::split_digits) {
            Some((update, rest)) if !update.is_empty() => (Some(update), rest),
            _ => (None, rest),
        };
        let is_end = rest.is_empty() || rest.starts_with(['-', '+', '.']);
        let is_early = rest.split(['-', '+', '.']).any(|word| matches!(word, "ea" | "beta" | "rc"));
        let numbers = numbers.strip_prefix("1.").unwrap_or(numbers);
        (is_end && !numbers.is_empty()).then_some(Self { numbers, update, is_early })
    }

    /// Three or more numbers: feature, interim, update.
    fn numbers(&self) -> impl Iterator<Item = &'a str> {
        let interim = self.update.map(|_| "0");
        self.numbers.split(['.', '_']).chain(interim).chain(self.update)
    }
}

/// Whether the text is the version of a Java runtime.
pub(super) fn is_valid(text: &str) -> bool {
    Version::read(text).is_some()
}

/// Orders two runtimes.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    Some(compare_numbers(left.numbers(), right.numbers()).then_with(|| right.is_early.cmp(&left.is_early)))
}

fn compare_numbers<'a>(mut left: impl Iterator<Item = &'a str>, mut right: impl Iterator<Item = &'a str>) -> Ordering {
    loop {
        let (left, right) = (left.next(), right.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let ordering = runs::compare_digits(left.unwrap_or(""), right.unwrap_or(""));
        if ordering.is_ne() {
            return ordering;
        }
    }
}
