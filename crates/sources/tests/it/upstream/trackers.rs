//! Trackers of distributions, and Microsoft, against the double: what their files hold, and every fault that can strike them.

use std::collections::BTreeSet;

use domain::model::source::FetchOutcome;
use serde_json::{Value, json};
use sources::Kind;

use super::double::Upstream;
use super::syncing::{Client, no_faults};

const NOW: &str = "2025-12-01T06:00:00Z";

/// Every source of this file with its name at the double.
fn clients(upstream: &Upstream) -> Vec<(&'static str, Client)> {
    let at = |kind, path, truth| (truth, Client::new(upstream, kind, path, truth));
    let photon = Kind::Photon { releases: vec!["4.0".to_owned(), "5.0".to_owned()] };
    vec![
        at(Kind::Ubuntu, "/ubuntu/security/notices.json", "distro:ubuntu"),
        at(Kind::Arch, "/arch/all.json", "distro:arch"),
        at(photon, "/photon/photon/photon_cve_metadata", "distro:photon"),
        at(Kind::Secdb, "/wolfi/os/security.json", "distro:wolfi"),
        at(Kind::Secdb, "/chainguard/chainguard/security.json", "distro:chainguard"),
        at(Kind::Msrc, "/msrc/cvrf/v3.0/updates", "msrc"),
    ]
}

/// What the double's truth names in place of our records: groups, entries, months.
fn as_truth(source: &str, client: &Client) -> BTreeSet<String> {
    let ids = client.sink.records.keys();
    match source {
        "msrc" => ids.filter_map(|id| id.split_once('/')).map(|(_, month)| month.to_owned()).collect(),
        // Truth: `PATH:PACKAGE@VERSION/NAME`; ours: `NAME/PACKAGE/ECOSYSTEM`.
        "distro:wolfi" | "distro:chainguard" => {
            ids.map(|id| id.split('/').collect::<Vec<_>>()).map(|parts| format!("{}/{}", parts[1], parts[0])).collect()
        }
        _ => ids.cloned().collect(),
    }
}

fn truth(source: &str, upstream: &Upstream) -> BTreeSet<String> {
    let named = |id: String| match source {
        "distro:wolfi" | "distro:chainguard" => {
            let (package, rest) =
                id.rsplit_once(':').unwrap().1.split_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
            format!("{package}/{}", rest.rsplit_once('/').unwrap().1)
        }
        _ => id,
    };
    upstream.truth(source).into_iter().map(named).collect()
}

/// Records that the files of a source without a truth of its own hold, counted apart.
fn counted(source: &str) -> Option<usize> {
    match source {
        "distro:ubuntu" => Some(3),
        "distro:photon" => Some(9),
        _ => None,
    }
}

#[test]
fn every_tracker_comes_whole_and_then_only_when_it_changed() {
    let Some(upstream) = Upstream::start(NOW) else { return };
    for (source, mut client) in clients(&upstream) {
        let first = client.sync(NOW);
        assert_eq!((first.outcome, first.full_set, &first.owed), (FetchOutcome::Ok, true, &Vec::new()), "{source}");
        match counted(source) {
            Some(count) => assert_eq!(client.sink.records.len(), count, "{source}"),
            None => assert_eq!(as_truth(source, &client), truth(source, &upstream), "{source}"),
        }
        assert!(first.checks.iter().all(|check| check.agrees), "{source} {:?}", first.checks);
        let records = client.sink.records.clone();
        let second = client.sync("2025-12-01T12:00:00Z");
        assert_eq!((second.outcome, &second.owed), (FetchOutcome::Ok, &Vec::new()), "{source}");
        assert_eq!(client.sink.records, records, "{source}");
        assert!(client.sink.exchanges.len() <= 2, "{source}: {}", client.sink.exchanges.len());
    }
}

#[test]
fn no_fault_of_a_tracker_ends_well_and_wrong() {
    let faults: Vec<Value> = vec![
        json!({ "kind": "refuse" }),
        json!({ "kind": "reset_mid_body" }),
        json!({ "kind": "truncate" }),
        json!({ "kind": "truncate_chunked" }),
        json!({ "kind": "cut_short" }),
        json!({ "kind": "status", "code": 503 }),
        json!({ "kind": "status", "code": 404 }),
        json!({ "kind": "too_many", "retry_after": 1 }),
        json!({ "kind": "forbidden" }),
        json!({ "kind": "html_page" }),
        json!({ "kind": "empty_body" }),
        json!({ "kind": "redirect_loop" }),
        json!({ "kind": "downgrade_redirect" }),
        json!({ "kind": "gzip_trailing_garbage" }),
        json!({ "kind": "bom" }),
        json!({ "kind": "zip_bomb", "size_mb": 600 }),
        json!({ "kind": "malformed", "how": "bad_type" }),
        json!({ "kind": "malformed", "how": "missing_id" }),
        json!({ "kind": "malformed", "how": "invalid_utf8" }),
        json!({ "kind": "malformed", "how": "broken_json" }),
        json!({ "kind": "schema_change", "old": "notices", "new": "items" }),
        json!({ "kind": "schema_change", "old": "packages", "new": "parcels" }),
        json!({ "kind": "schema_change", "old": "release_packages", "new": "updates" }),
        json!({ "kind": "schema_change", "old": "secfixes", "new": "fixes" }),
        json!({ "kind": "schema_change", "old": "issues", "new": "cves" }),
        json!({ "kind": "schema_change", "old": "res_ver", "new": "fixed" }),
        json!({ "kind": "schema_change", "old": "CurrentReleaseDate", "new": "Revised" }),
        json!({ "kind": "duplicate_across_pages" }),
        json!({ "kind": "moved_between_pages", "position": 0 }),
        json!({ "kind": "total_changes", "by": 7 }),
        json!({ "kind": "endless_pages" }),
        json!({ "kind": "etag_churn" }),
    ];
    let Some(upstream) = Upstream::start(NOW) else { return };
    for (source, mut client) in clients(&upstream) {
        client.sync(NOW);
        let before = client.sink.records.clone();
        assert!(!before.is_empty(), "{source}");
        for (number, fault) in faults.iter().enumerate() {
            let mut fault = fault.clone();
            fault["source"] = json!(source);
            upstream.faults(&json!([fault]));
            // From the beginning, so that nothing is spared the fault.
            client.cursor = None;
            let end = client.sync(&format!("2025-12-02T06:{number:02}:00Z"));
            let whole = client.sink.records == before;
            assert!(end.outcome != FetchOutcome::Ok || whole, "{source} {fault}: {end:?}");
            assert!(end.outcome == FetchOutcome::Ok || !end.owed.is_empty(), "{source} {fault}: {end:?}");
            assert!(
                before.keys().all(|id| client.sink.records.contains_key(id)),
                "{source} {fault} lost records: {end:?}"
            );
            assert!(client.sink.exchanges.len() < 60, "{source} {fault}: {} requests", client.sink.exchanges.len());
            upstream.faults(&no_faults());
            let end = client.sync(&format!("2025-12-02T07:{number:02}:00Z"));
            assert_eq!((end.outcome, &end.owed), (FetchOutcome::Ok, &Vec::new()), "{source} after {fault}");
            assert_eq!(client.sink.records, before, "{source} after {fault}");
        }
    }
}

#[test]
fn a_month_of_microsofts_is_asked_for_again_when_it_was_revised() {
    let Some(upstream) = Upstream::start("2024-03-20T06:00:00Z") else { return };
    let mut client = Client::new(&upstream, Kind::Msrc, "/msrc/cvrf/v3.0/updates", "msrc");
    let first = client.sync("2024-03-20T06:00:00Z");
    assert_eq!((first.outcome, as_truth("msrc", &client)), (FetchOutcome::Ok, truth("msrc", &upstream)), "{first:?}");
    let quiet = client.sync("2024-03-20T12:00:00Z");
    assert_eq!((quiet.outcome, client.sink.documents), (FetchOutcome::Ok, 0), "{quiet:?}");
    upstream.clock("2024-04-10T06:00:00Z");
    let revised = client.sync("2024-04-10T06:00:00Z");
    assert_eq!((revised.outcome, client.sink.documents), (FetchOutcome::Ok, 1), "{revised:?}");
}
