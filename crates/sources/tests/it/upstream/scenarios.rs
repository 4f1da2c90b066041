//! The double's scenarios, as far as they are a source's business: whether a shrunken set is held is the application's.

use domain::model::source::FetchOutcome;
use serde_json::json;

use super::double::Upstream;
use super::syncing::{Client, no_faults};

#[test]
fn a_list_that_moves_while_nvd_is_paged_loses_no_record() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut client = Client::nvd(&upstream);
    upstream.faults(&json!([{ "source": "nvd", "kind": "moved_between_pages", "path": "cves/2\\.0", "position": 3 }]));
    let end = client.sync("2024-10-08T06:00:00Z");
    assert!(end.outcome != FetchOutcome::Ok || client.difference(&upstream, &[]).is_empty(), "{end:?}");
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-08T08:00:00Z");

    upstream.clock("2024-10-10T06:00:00Z");
    upstream.faults(&json!([{ "source": "nvd", "kind": "duplicate_across_pages", "path": "cves/2\\.0" }]));
    let end = client.sync("2024-10-10T06:00:00Z");
    assert!(end.outcome != FetchOutcome::Ok || client.difference(&upstream, &[]).is_empty(), "{end:?}");
    upstream.clock("2024-10-11T06:00:00Z");
    upstream.faults(&json!([{ "source": "nvd", "kind": "total_changes", "path": "cves/2\\.0", "by": -3 }]));
    let end = client.sync("2024-10-11T06:00:00Z");
    assert!(end.outcome != FetchOutcome::Ok || client.difference(&upstream, &[]).is_empty(), "{end:?}");
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-12T06:00:00Z");
}

#[test]
fn a_list_that_moves_in_the_first_pass_is_asked_for_until_it_is_whole() {
    for fault in [
        json!({ "kind": "duplicate_across_pages" }),
        json!({ "kind": "total_changes", "by": 7 }),
        json!({ "kind": "endless_pages" }),
    ] {
        let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
        let mut client = Client::nvd(&upstream);
        let mut fault = fault.clone();
        fault["source"] = json!("nvd");
        upstream.faults(&json!([fault]));
        let end = client.sync("2024-10-08T06:00:00Z");
        assert!(end.outcome != FetchOutcome::Ok || client.difference(&upstream, &[]).is_empty(), "{end:?}");
        assert!(client.sink.exchanges.len() < 80, "{} requests", client.sink.exchanges.len());
        upstream.faults(&no_faults());
        client.sync_to_truth(&upstream, "2024-10-08T08:00:00Z");
    }
}

#[test]
fn broken_downloads_of_the_cve_list_are_resumed_or_refused_as_a_whole() {
    let Some(upstream) = Upstream::start("2024-10-09T00:30:00Z") else { return };
    let mut client = Client::cve_list(&upstream);
    upstream.faults(&json!([
        { "source": "cvelist", "kind": "reset_mid_body", "path": "all_CVEs.*", "count": 1 },
        { "source": "cvelist", "kind": "truncate", "path": "all_CVEs.*", "count": 1, "skip": 1 },
    ]));
    client.sync_to_truth(&upstream, "2024-10-09T00:30:00Z");

    upstream.clock("2024-10-09T13:00:00Z");
    upstream.faults(&json!([{ "source": "cvelist", "kind": "truncate_chunked", "path": "delta_CVEs" }]));
    let before = client.sink.records.clone();
    let end = client.sync("2024-10-09T13:00:00Z");
    assert_eq!((end.outcome, client.sink.records == before), (FetchOutcome::Failed, true), "{end:?}");
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-09T16:00:00Z");

    upstream.clock("2024-10-10T13:00:00Z");
    upstream.faults(&json!([{ "source": "cvelist", "kind": "cut_short", "path": "cvelist-assets.*2024-10-10_delta_CVEs", "fraction": 0.6 }]));
    let end = client.sync("2024-10-10T13:00:00Z");
    assert!(matches!(end.outcome, FetchOutcome::Failed | FetchOutcome::Incomplete), "{end:?}");
    assert!(
        end.owed[0].contains("archive is broken") && end.owed[0].contains("where the release states"),
        "{:?}",
        end.owed
    );
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-11T01:00:00Z");
}

#[test]
fn half_a_catalogue_is_handed_over_as_the_full_set_it_claims_to_be() {
    let Some(upstream) = Upstream::start("2025-03-03T22:00:00Z") else { return };
    let mut client = Client::kev(&upstream);
    client.sync_to_truth(&upstream, "2025-03-03T22:00:00Z");
    upstream.clock("2025-03-04T22:00:00Z");
    upstream.faults(&json!([{ "source": "kev", "kind": "half_empty" }]));
    let end = client.sync("2025-03-04T22:00:00Z");
    assert_eq!((end.outcome, end.full_set), (FetchOutcome::Ok, true), "the application holds it");
}

#[test]
fn one_broken_record_costs_itself_until_it_is_whole() {
    let Some(upstream) = Upstream::start("2024-10-09T06:00:00Z") else { return };
    let (mut go, mut nvd) = (Client::osv(&upstream, "Go", "osv:Go"), Client::nvd(&upstream));
    go.sync_to_truth(&upstream, "2024-10-09T06:00:00Z");
    nvd.sync_to_truth(&upstream, "2024-10-09T06:00:00Z");

    upstream.clock("2024-10-10T06:00:00Z");
    upstream.faults(&json!([
        { "source": "osv:Go", "kind": "malformed", "how": "broken_json", "keys": ["GO-2024-3163"] },
        { "source": "nvd", "kind": "malformed", "how": "invalid_utf8", "keys": ["CVE-2024-9680"] },
    ]));
    let end = go.sync("2024-10-10T06:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Incomplete, "{end:?}");
    assert_eq!(go.difference(&upstream, &["GO-2024-3163"]), Vec::<String>::new());
    let end = nvd.sync("2024-10-10T06:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Incomplete, "{end:?}");
    assert_eq!(nvd.difference(&upstream, &["CVE-2024-9680"]), Vec::<String>::new());

    upstream.clock("2024-10-11T06:00:00Z");
    upstream
        .faults(&json!([{ "source": "osv:Go", "kind": "malformed", "how": "huge_string", "keys": ["GO-2024-3164"] }]));
    let end = go.sync("2024-10-11T06:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Incomplete, "{end:?}");
    assert_eq!(go.difference(&upstream, &["GO-2024-3164"]), Vec::<String>::new(), "GO-2024-3163 is in");
    nvd.sync_to_truth(&upstream, "2024-10-11T06:00:00Z");

    upstream.clock("2024-10-12T06:00:00Z");
    upstream.faults(&json!([
        { "source": "osv:Go", "kind": "malformed", "how": "missing_id", "keys": ["GO-2024-3184"] },
        { "source": "nvd", "kind": "malformed", "how": "deep", "index": 2 },
    ]));
    let end = go.sync("2024-10-12T06:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Incomplete, "{end:?}");
    assert_eq!(go.difference(&upstream, &["GO-2024-3184"]), Vec::<String>::new());
    let end = nvd.sync("2024-10-12T06:00:00Z");
    assert!(matches!(end.outcome, FetchOutcome::Failed | FetchOutcome::Incomplete), "{end:?}");

    upstream.faults(&no_faults());
    nvd.sync_to_truth(&upstream, "2024-10-15T06:00:00Z");
    go.sync_to_truth(&upstream, "2024-10-15T06:00:00Z");
}

#[test]
fn scores_in_other_clothes_are_scores_and_half_a_header_is_none() {
    let Some(upstream) = Upstream::start("2024-10-09T16:00:00Z") else { return };
    let mut client = Client::epss(&upstream);
    client.sync_to_truth(&upstream, "2024-10-09T16:00:00Z");
    upstream.faults(&json!([
        { "source": "epss", "kind": "csv_crlf" }, { "source": "epss", "kind": "csv_extra_column" }, { "source": "epss", "kind": "bom" },
    ]));
    client.sync_to_truth(&upstream, "2024-10-10T16:00:00Z");
    upstream.clock("2024-10-11T16:00:00Z");
    upstream.faults(&json!([{ "source": "epss", "kind": "schema_change", "old": "epss", "new": "score" }]));
    let end = client.sync("2024-10-11T16:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Failed, "{end:?}");
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-13T12:00:00Z");
}

#[test]
fn ways_that_lead_astray_are_not_followed() {
    let Some(upstream) = Upstream::start("2024-10-09T22:00:00Z") else { return };
    let (mut kev, mut list, mut osv) =
        (Client::kev(&upstream), Client::cve_list(&upstream), Client::osv(&upstream, "npm", "osv:npm"));
    for client in [&mut kev, &mut list, &mut osv] {
        client.sync_to_truth(&upstream, "2024-10-09T22:00:00Z");
    }
    upstream.clock("2024-10-15T22:00:00Z");
    upstream.faults(&json!([
        { "source": "kev", "kind": "redirect_loop" }, { "source": "cvelist", "kind": "downgrade_redirect", "path": "releases/download" },
    ]));
    upstream.requests("*");
    let end = kev.sync("2024-10-15T22:00:00Z");
    assert!(end.outcome == FetchOutcome::Failed && end.owed[0].contains("redirect loop"), "{end:?}");
    let end = list.sync("2024-10-15T22:00:00Z");
    assert!(end.outcome == FetchOutcome::Failed && end.owed[0].contains("http://localhost:"), "{end:?}");
    assert_eq!(upstream.requests("trap"), 0);
    upstream.clock("2024-10-16T01:00:00Z");
    upstream.faults(&json!([
        { "source": "kev", "kind": "html_page" }, { "source": "osv", "kind": "empty_body", "path": "modified_id\\.csv" },
    ]));
    assert_eq!(kev.sync("2024-10-16T01:00:00Z").outcome, FetchOutcome::Failed);
    assert_eq!(osv.sync("2024-10-16T01:00:00Z").outcome, FetchOutcome::Failed);
    upstream.faults(&no_faults());
    for client in [&mut kev, &mut list, &mut osv] {
        client.sync_to_truth(&upstream, "2024-10-16T04:00:00Z");
    }
}

#[test]
fn hostile_archives_are_refused_within_bounds() {
    let Some(upstream) = Upstream::start("2024-10-09T06:00:00Z") else { return };
    let (mut crates, mut list, mut nvd) =
        (Client::osv(&upstream, "crates.io", "osv:crates.io"), Client::cve_list(&upstream), Client::nvd(&upstream));
    upstream.faults(&json!([{ "source": "osv:crates.io", "kind": "zip_slip", "path": "all\\.zip" }]));
    let end = crates.sync("2024-10-09T06:00:00Z");
    assert_eq!((end.outcome, crates.difference(&upstream, &[])), (FetchOutcome::Incomplete, Vec::new()), "{end:?}");
    upstream.faults(&no_faults());
    for client in [&mut crates, &mut list, &mut nvd] {
        client.sync_to_truth(&upstream, "2024-10-09T06:00:00Z");
    }
    upstream.clock("2024-10-10T06:00:00Z");
    upstream.faults(&json!([{ "source": "cvelist", "kind": "zip_bomb", "path": "cvelist-assets" }, { "source": "nvd", "kind": "zip_bomb" }]));
    let end = list.sync("2024-10-10T06:00:00Z");
    assert!(matches!(end.outcome, FetchOutcome::Failed | FetchOutcome::Incomplete), "{end:?}");
    let end = nvd.sync("2024-10-10T06:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Failed, "{end:?}");
    upstream.clock("2024-10-11T06:00:00Z");
    upstream.faults(&json!([{ "source": "nvd", "kind": "gzip_trailing_garbage" }]));
    nvd.sync_to_truth(&upstream, "2024-10-11T06:00:00Z");
    upstream.faults(&no_faults());
    for client in [&mut crates, &mut list, &mut nvd] {
        client.sync_to_truth(&upstream, "2024-10-12T06:00:00Z");
    }
}
