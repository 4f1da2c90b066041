//! Windows of modification and of publication: at most 120 days each (NVD, "Vulnerabilities", `lastModStartDate`, `pubStartDate`).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const LONGEST: SignedDuration = SignedDuration::from_hours(119 * 24);

/// The query of each window from `since` to `until`, oldest first. Colons stay as they are, as NVD's own examples have them.
pub(super) fn queries(since: Timestamp, until: Timestamp) -> Vec<String> {
    let mut queries = Vec::new();
    let mut start = since;
    loop {
        let end = start.checked_add(LONGEST).map_or(until, |end| end.min(until)).max(start);
        queries.push(format!("lastModStartDate={}&lastModEndDate={}", written(start), written(end)));
        if end >= until {
            return queries;
        }
        start = end;
    }
}

/// The quarters of a year: first and last instant of each, and the query for what was published then.
pub(super) fn quarters(year: i16) -> Vec<((Timestamp, Timestamp), String)> {
    let first = |month: i8| {
        let day = Date::new(year + i16::from(month > 12), (month - 1) % 12 + 1, 1).ok()?;
        TimeZone::UTC.to_timestamp(day.into()).ok()
    };
    let quarter = |month: i8| {
        let (start, end) = (first(month)?, first(month + 3)?.checked_sub(SignedDuration::from_millis(1)).ok()?);
        let query = format!("pubStartDate={}&pubEndDate={}", written(start), end.strftime("%Y-%m-%dT%H:%M:%S.999Z"));
        Some(((start, end), query))
    };
    [1, 4, 7, 10].into_iter().filter_map(quarter).collect()
}

fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
