//! A CSAF provider (CSAF 2.0 section 7): metadata, a directory with its lists, documents with SHA-512 beside them.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use super::Asked;
use super::catalogue::{Document, shown};

pub(super) fn answer(asked: &Asked<'_>) -> Option<Vec<u8>> {
    let documents = shown("cisa-csaf", asked.now);
    match asked.path {
        "provider-metadata.json" => metadata(asked),
        "white/index.txt" => {
            Some(documents.values().fold(String::new(), |list, document| list + &path(document) + "\n").into())
        }
        "white/changes.csv" => {
            let mut newest_first: Vec<&&Document> = documents.values().collect();
            newest_first.sort_by_key(|document| std::cmp::Reverse(released(document)));
            let line = |document: &&&Document| format!("\"{}\",\"{}\"\n", path(document), released(document));
            Some(newest_first.iter().map(line).collect::<String>().into())
        }
        file => {
            let file = file.strip_prefix("white/")?.split_once('/')?.1;
            match file.strip_suffix(".sha512") {
                Some(name) => documents.get(name).map(|document| digest(document)),
                None => documents.get(file).map(|document| document.text.as_bytes().to_vec()),
            }
        }
    }
}

fn metadata(asked: &Asked<'_>) -> Option<Vec<u8>> {
    let base = format!("{}/cisa-csaf", asked.url);
    let metadata = json!({
        "canonical_url": format!("{base}/provider-metadata.json"),
        "distributions": [{ "directory_url": format!("{base}/white/") }],
        "last_updated": "2021-10-21T00:00:00Z",
        "list_on_CSAF_aggregators": true,
        "metadata_version": "2.0",
        "mirror_on_CSAF_aggregators": true,
        "publisher": { "category": "coordinator", "name": "CISA", "namespace": "https://www.cisa.gov/" },
        "role": "csaf_provider",
    });
    serde_json::to_vec(&metadata).ok()
}

/// Path of a document below the directory.
fn path(document: &Document) -> String {
    format!("{}/{}", document.day().year(), document.name)
}

fn released(document: &Document) -> String {
    let read: Value = serde_json::from_str(document.text).unwrap_or_default();
    read["document"]["tracking"]["current_release_date"].as_str().unwrap_or_default().to_owned()
}

fn digest(document: &Document) -> Vec<u8> {
    let mut text = String::new();
    for byte in Sha512::digest(document.text.as_bytes()) {
        let _ = write!(text, "{byte:02x}");
    }
    let _ = writeln!(text, "  {}", document.name);
    text.into_bytes()
}
