//! NVD API 2.0: all records in order of publication, or those modified or published within a window.

use serde_json::{Value, json};

use super::Asked;
use super::catalogue::shown;

pub(super) fn answer(asked: &Asked<'_>) -> Option<Vec<u8>> {
    if asked.path != "rest/json/cves/2.0" {
        return None;
    }
    let parameter = |name: &str| asked.query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let number = |name: &str, default: usize| parameter(name).map_or(Some(default), |text| text.parse().ok());
    let (start, size) = (number("startIndex", 0)?, number("resultsPerPage", 2000)?);
    let mut records: Vec<Value> =
        shown("nvd", asked.now).values().filter_map(|document| serde_json::from_str(document.text).ok()).collect();
    for (start, end, field) in
        [("lastModStartDate", "lastModEndDate", "lastModified"), ("pubStartDate", "pubEndDate", "published")]
    {
        if let (Some(from), Some(to)) = (parameter(start), parameter(end)) {
            // Both sides are written alike down to the second, so text compares as time does.
            let (from, to) = (to_the_second(from), to_the_second(to));
            records.retain(|record| (from..=to).contains(&to_the_second(time(record, field))));
        }
    }
    records.sort_by_key(|record| time(record, "published").to_owned());
    let total = records.len();
    let page: Vec<Value> = records.into_iter().skip(start).take(size).collect();
    let answer = json!({
        "resultsPerPage": page.len(),
        "startIndex": start,
        "totalResults": total,
        "format": "NVD_CVE",
        "version": "2.0",
        "timestamp": asked.now.strftime("%Y-%m-%dT%H:%M:%S.000").to_string(),
        "vulnerabilities": page,
    });
    serde_json::to_vec(&answer).ok()
}

fn time<'r>(record: &'r Value, field: &str) -> &'r str {
    record["cve"][field].as_str().unwrap_or_default()
}

fn to_the_second(time: &str) -> &str {
    time.get(..19).unwrap_or(time)
}
