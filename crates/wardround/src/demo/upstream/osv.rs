//! OSV's bucket: `ECOSYSTEM/modified_id.csv`, `ECOSYSTEM/all.zip`, `ECOSYSTEM/ID.json`.

use std::fmt::Write as _;

use serde_json::Value;

use super::catalogue::shown;
use super::{Asked, archive};

pub(super) fn answer(asked: &Asked<'_>) -> Option<Vec<u8>> {
    let (ecosystem, file) = asked.path.split_once('/')?;
    let documents = shown(&format!("osv/{ecosystem}"), asked.now);
    match file {
        "modified_id.csv" => {
            let mut rows: Vec<(String, &str)> = documents
                .iter()
                .map(|(name, document)| (modified(document.text), name.trim_end_matches(".json")))
                .collect();
            rows.sort_by(|left, right| right.cmp(left));
            let mut list = String::new();
            for (modified, id) in rows {
                let _ = writeln!(list, "{modified},{id}");
            }
            Some(list.into_bytes())
        }
        "all.zip" => {
            let files = documents.values().map(|document| (document.name.to_owned(), document.text.as_bytes()));
            archive::zip(files)
        }
        id => documents.get(id).map(|document| document.text.as_bytes().to_vec()),
    }
}

fn modified(record: &str) -> String {
    let record: Value = serde_json::from_str(record).unwrap_or_default();
    record["modified"].as_str().unwrap_or_default().to_owned()
}
