//! Red Hat's trees at the double: archive, changes, deletions.

use domain::model::source::FetchOutcome;
use serde_json::json;
use sources::Kind;

use super::double::Upstream;
use super::syncing::{Client, no_faults};

fn vex(upstream: &Upstream) -> Client {
    Client::new(upstream, Kind::RedHat, "/redhat/data/csaf/v2/vex/", "redhat:vex")
}

#[test]
fn a_tree_comes_as_an_archive_and_then_document_by_document() {
    for (path, truth) in [("vex/", "redhat:vex"), ("advisories", "redhat:advisories")] {
        let Some(upstream) = Upstream::start("2024-06-01T06:00:00Z") else { return };
        let mut client = Client::new(&upstream, Kind::RedHat, &format!("/redhat/data/csaf/v2/{path}"), truth);
        let first = client.sync_to_truth(&upstream, "2024-06-01T06:00:00Z");
        assert!(first < 20 && client.cursor.as_ref().is_some_and(|cursor| cursor.len() < 1500), "{first}");
        let second = client.sync_to_truth(&upstream, "2024-06-01T06:00:00Z");
        assert!(second <= 2, "{second}");
        for now in ["2024-06-28T06:00:00Z", "2024-08-05T06:00:00Z", "2024-08-30T06:00:00Z", "2025-09-01T06:00:00Z"] {
            let requests = client.sync_to_truth(&upstream, now);
            assert!(requests < 60, "{truth} {now}: {requests}");
        }
        assert!(!client.sink.records.is_empty());
    }
}

#[test]
fn what_is_deleted_or_gone_is_taken_back() {
    let Some(upstream) = Upstream::start("2024-08-03T06:00:00Z") else { return };
    let mut client = vex(&upstream);
    client.sync_to_truth(&upstream, "2024-08-03T06:00:00Z");
    assert!(client.sink.records.contains_key("CVE-2023-6237"));
    client.sync_to_truth(&upstream, "2024-08-05T06:00:00Z");
    assert!(!client.sink.records.contains_key("CVE-2023-6237"), "in deletions.csv since 4 August 2024");
    for kind in ["withdrawn", "vanished"] {
        upstream.faults(&json!([{ "source": "redhat:vex", "kind": kind, "keys": ["CVE-2023-1108"] }]));
        upstream.clock("2024-08-06T06:00:00Z");
        let end = client.sync("2024-08-06T06:00:00Z");
        assert_eq!((end.outcome, &end.owed), (FetchOutcome::Ok, &Vec::new()), "{kind}");
        assert_eq!(client.difference(&upstream, &["CVE-2023-1108"]), Vec::<String>::new(), "{kind}");
        assert!(!client.sink.records.contains_key("CVE-2023-1108"), "{kind}");
        upstream.faults(&no_faults());
        client.sync_to_truth(&upstream, "2024-08-07T06:00:00Z");
    }
}

#[test]
fn no_fault_of_the_tree_ends_well_or_loses_a_record() {
    let Some(upstream) = Upstream::start("2024-08-03T06:00:00Z") else { return };
    let faults = [
        json!({ "kind": "wrong_digest" }),
        json!({ "kind": "cut_short" }),
        json!({ "kind": "truncate" }),
        json!({ "kind": "truncate_chunked" }),
        json!({ "kind": "reset_mid_body" }),
        json!({ "kind": "zip_slip", "path": "tar\\.zst$" }),
        json!({ "kind": "html_page" }),
        json!({ "kind": "empty_body" }),
        json!({ "kind": "redirect_loop" }),
        json!({ "kind": "forbidden" }),
        json!({ "kind": "status", "code": 404, "path": "tar\\.zst\\.asc" }),
        json!({ "kind": "status", "code": 404, "path": "tar\\.zst$" }),
        json!({ "kind": "status", "code": 500, "path": "deletions" }),
        json!({ "kind": "malformed", "how": "broken_json", "keys": ["CVE-2023-0044"] }),
        json!({ "kind": "malformed", "how": "missing_id", "keys": ["CVE-2023-0044"] }),
    ];
    for mut fault in faults {
        fault["source"] = json!("redhat");
        // At the first fetch, and when there is something to follow.
        for synced in [false, true] {
            let mut client = vex(&upstream);
            if synced {
                client.sync_to_truth(&upstream, "2024-08-03T06:00:00Z");
                client.cursor = None;
            }
            let before = client.sink.records.clone();
            upstream.faults(&json!([fault]));
            let end = client.sync("2024-08-03T06:00:00Z");
            upstream.faults(&no_faults());
            assert!(end.outcome != FetchOutcome::Ok, "{fault} {synced}: {end:?}");
            assert!(before.keys().all(|id| client.sink.records.contains_key(id)), "{fault} {synced}");
            client.sync_to_truth(&upstream, "2024-08-03T06:00:00Z");
        }
    }
    let mut client = vex(&upstream);
    client.sync_to_truth(&upstream, "2024-08-03T06:00:00Z");
    let held = client.sink.records.clone();
    upstream.clock("2024-08-30T06:00:00Z");
    client.sync_to_truth(&upstream, "2024-08-30T06:00:00Z");
    upstream.faults(&json!([{ "source": "redhat", "kind": "stale", "at": "2024-08-03T06:00:00Z" }]));
    let end = client.sync("2024-08-30T07:00:00Z");
    assert!(end.outcome != FetchOutcome::Ok && held != client.sink.records, "{end:?}");
}
