//! EPSS scores over time: the history that the archive keeps, and a row that cannot be read.

use serde_json::{Value, json};

use crate::bed::{Bed, config, source};
use crate::double::Double;

fn bed(double: &Double) -> Bed {
    let url = format!("url = \"{}/epss/epss_scores-current.csv.gz\"", double.url);
    Bed::new(&config(&source("epss", "epss", &url)))
}

fn dates(history: &Value) -> Vec<&str> {
    history.as_array().into_iter().flatten().filter_map(|day| day["date"].as_str()).collect()
}

#[test]
fn a_cves_scores_are_listed_by_day_with_those_of_missed_days() {
    let Some(double) = Double::at("2024-10-09T16:00:00Z") else { return };
    let bed = bed(&double);
    bed.ok(&["--at", "2024-10-09T16:00:00Z", "sync", "epss"]);
    double.post("clock", &json!({ "now": "2024-10-12T16:00:00Z" }));
    bed.ok(&["--at", "2024-10-12T16:00:00Z", "sync", "epss"]);
    let history = bed.json(&["knowledge", "epss", "CVE-2021-26084"]);
    assert_eq!(dates(&history), ["2024-10-12", "2024-10-11", "2024-10-10", "2024-10-09"]);
    assert_eq!(history[0]["model"], "v2023.03.01");
    assert!(history[0]["probability"].as_f64().is_some_and(|score| score > 0.0 && score < 1.0), "{history}");
    let since = bed.json(&["knowledge", "epss", "CVE-2021-26084", "--since", "2024-10-11"]);
    assert_eq!(dates(&since), ["2024-10-12", "2024-10-11"]);
    let status = bed.ok(&["knowledge", "status"]);
    assert!(status.contains("EPSS of 2024-10-12"), "{status}");
    bed.exits(2, &["knowledge", "epss", "log4shell"]);
    // The knowledge is the same when it is derived again: a caught-up day does not replace a newer one.
    bed.ok(&["knowledge", "rebuild"]);
}

#[test]
fn a_row_that_cannot_be_read_is_set_aside_and_the_earlier_score_stays() {
    let Some(double) = Double::at("2024-10-12T16:00:00Z") else { return };
    let bed = bed(&double);
    bed.ok(&["--at", "2024-10-12T16:00:00Z", "sync", "epss"]);
    double.post("clock", &json!({ "now": "2024-10-14T16:00:00Z" }));
    double.post(
        "faults",
        &json!({ "source": "epss", "kind": "malformed", "how": "bad_type", "keys": ["CVE-2021-26084"] }),
    );
    bed.exits(1, &["--at", "2024-10-14T16:00:00Z", "sync", "epss"]);
    let log = bed.json(&["source", "log"]);
    let last = log.as_array().and_then(|log| log.first()).cloned().unwrap_or_default();
    assert_eq!((last["outcome"].as_str(), last["quarantined"].as_u64()), (Some("incomplete"), Some(1)), "{last}");
    let history = bed.json(&["knowledge", "epss", "CVE-2021-26084"]);
    assert_eq!(dates(&history), ["2024-10-14", "2024-10-13", "2024-10-12"]);
    assert!(history[0]["probability"].is_null() && history[2]["probability"].is_number(), "{history}");
    bed.ok(&["knowledge", "rebuild"]);
}
