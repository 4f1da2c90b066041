//! Dates and times (RFC 3339, and plain `2024-01-01`), ordered as instants; without an offset they are UTC.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};

fn read(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let civil = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(DateTime::from)).ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// Whether the text is a date or a date and time.
pub(super) fn is_valid(text: &str) -> bool {
    read(text).is_some()
}

/// Orders two instants.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(read(left)?.cmp(&read(right)?))
}
