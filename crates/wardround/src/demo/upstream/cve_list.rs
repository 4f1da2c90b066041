//! The CVE list as GitHub serves it: the newest release, with a baseline of everything until midnight and the day's delta.
//!
//! Earlier releases are not kept, so a client that missed a day takes the baseline.

use jiff::civil::Date;
use serde_json::json;

use super::catalogue::{Document, day_of, shown};
use super::{Asked, archive};

pub(super) fn answer(asked: &Asked<'_>) -> Option<Vec<u8>> {
    match asked.path {
        "releases/latest" => release(asked),
        "releases" => Some(b"[]".to_vec()),
        path => asset(asked, path.strip_prefix("download/")?),
    }
}

fn release(asked: &Asked<'_>) -> Option<Vec<u8>> {
    // The list is published every hour, whether or not a record changed.
    let day = day_of(asked.now);
    let names = [format!("{day}_all_CVEs_at_midnight.zip.zip"), format!("{day}_delta_CVEs_at_1800Z.zip")];
    let assets = names.into_iter().filter_map(|name| {
        let size = asset(asked, &name)?.len();
        Some(json!({ "name": name, "size": size, "browser_download_url": format!("{}/cve-list/download/{name}", asked.url) }))
    });
    let release = json!({ "tag_name": format!("cve_{day}_1800Z"), "assets": assets.collect::<Vec<_>>() });
    serde_json::to_vec(&release).ok()
}

fn asset(asked: &Asked<'_>, name: &str) -> Option<Vec<u8>> {
    let (day, what) = name.split_once('_')?;
    let day: Date = day.parse().ok()?;
    match what {
        "all_CVEs_at_midnight.zip.zip" => {
            let inner = records(asked, |document| document.day() < day, "cves")?;
            archive::zip([("cves.zip".to_owned(), inner.as_slice())])
        }
        "delta_CVEs_at_1800Z.zip" => records(asked, |document| document.day() == day, "deltaCves"),
        _ => None,
    }
}

/// An archive of records; none if there are none.
fn records(asked: &Asked<'_>, wanted: impl Fn(&Document) -> bool, folder: &str) -> Option<Vec<u8>> {
    let documents: Vec<_> = shown("cve-list", asked.now).into_values().filter(|document| wanted(document)).collect();
    if documents.is_empty() {
        return None;
    }
    archive::zip(
        documents.into_iter().map(|document| (format!("{folder}/{}", document.name), document.text.as_bytes())),
    )
}
