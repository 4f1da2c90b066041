//! Windows of modification time: at most 120 days each (NVD, "Vulnerabilities", `lastModStartDate`).

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

fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
