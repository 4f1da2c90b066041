//! Sources that are one file: CISA's catalogue, FIRST's scores, Debian's tracker.

use serde_json::{Map, Value, json};

use super::catalogue::{day_of, shown};
use super::{Asked, archive};

/// CISA's catalogue: published every day, with or without news.
pub(super) fn kev(asked: &Asked<'_>) -> Vec<u8> {
    let entries: Vec<Value> =
        shown("cisa-kev", asked.now).values().filter_map(|document| serde_json::from_str(document.text).ok()).collect();
    let day = day_of(asked.now);
    let catalogue = json!({
        "title": "CISA Catalog of Known Exploited Vulnerabilities",
        "catalogVersion": day.strftime("%Y.%m.%d").to_string(),
        "dateReleased": format!("{day}T15:00:00.0000Z"),
        "count": entries.len(),
        "vulnerabilities": entries,
    });
    catalogue.to_string().into_bytes()
}

/// The day's scores.
pub(super) fn epss(asked: &Asked<'_>) -> Option<Vec<u8>> {
    let documents = shown("epss", asked.now);
    let table = documents.values().next()?.text;
    let comment = format!("#model_version:v2022.01.01,score_date:{}T00:00:00+0000\n", day_of(asked.now));
    archive::gzip((comment + table).as_bytes())
}

/// The tracker: source package, then vulnerability.
pub(super) fn debian(asked: &Asked<'_>) -> Vec<u8> {
    let packages: Map<String, Value> = shown("debian", asked.now)
        .values()
        .filter_map(|document| {
            let package = document.name.trim_end_matches(".json").to_owned();
            Some((package, serde_json::from_str(document.text).ok()?))
        })
        .collect();
    Value::Object(packages).to_string().into_bytes()
}
