//! NVD's feed files and totals, EUVD, EU KEV, EPSS day by day, the whole of OSV, the CVE list without GitHub's interface.

use domain::model::source::FetchOutcome;
use serde_json::json;
use sources::Kind;

use super::double::Upstream;
use super::syncing::{Client, no_faults};

fn nvd_feeds(upstream: &Upstream) -> Client {
    counting(Client::new(upstream, Kind::NvdFeeds, "/nvd/feeds/json/cve/2.0", "nvd"))
}

fn euvd(upstream: &Upstream) -> Client {
    counting(Client::new(upstream, Kind::Euvd, "/euvd", "euvd"))
}

/// A client that knows what it holds, as the application does.
fn counting(mut client: Client) -> Client {
    client.sink.counts = true;
    client
}

fn requested(client: &Client, part: &str) -> usize {
    client.sink.exchanges.iter().filter(|exchange| exchange.from.contains(part)).count()
}

#[test]
fn nvds_feeds_come_by_year_and_then_by_change() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut client = nvd_feeds(&upstream);
    client.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    assert_eq!((requested(&client, ".meta"), requested(&client, ".json.gz")), (24, 24), "23 years and the changes");
    let requests = client.sync_to_truth(&upstream, "2024-10-08T06:30:00Z");
    assert!(requests <= 2, "{requests}: the statement of the changes, and they if a record has left them");
    client.sync_to_truth(&upstream, "2024-10-12T06:00:00Z");
    assert_eq!(client.sink.exchanges.len(), 2, "the changes reach back eight days");
    // A week later the years are looked through as well; those that have changed are read.
    client.sync_to_truth(&upstream, "2024-10-16T06:00:00Z");
    let read = requested(&client, ".json.gz");
    assert!(requested(&client, ".meta") == 24 && read < 24, "{read} feeds");
    client.sync_to_truth(&upstream, "2024-10-31T06:00:00Z");
    assert!(requested(&client, ".meta") == 24, "a gap of more than eight days");
}

#[test]
fn a_feed_that_does_not_fit_its_statement_is_owed_and_the_others_are_in() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut client = nvd_feeds(&upstream);
    upstream.faults(&json!([{ "source": "nvd", "kind": "wrong_digest", "path": "nvdcve-2.0-2023.meta" }]));
    let end = client.sync("2024-10-08T06:00:00Z");
    assert_eq!((end.outcome, end.owed.len()), (FetchOutcome::Incomplete, 1), "{:?}", end.owed);
    assert!(end.owed[0].contains("sha256 in nvdcve-2.0-2023.meta states"), "{:?}", end.owed);
    assert!(end.checks.iter().any(|check| check.what == "sha256 in nvdcve-2.0-2024.meta" && check.agrees));
    assert!(!end.full_set);
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-08T08:00:00Z");
    assert!(
        requested(&client, "2023.json.gz") == 1 && requested(&client, ".json.gz") <= 3,
        "only what was owed or changed"
    );
}

#[test]
fn bytes_behind_a_feeds_end_are_noted_where_its_digest_fits() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut client = nvd_feeds(&upstream);
    upstream.faults(&json!([{ "source": "nvd", "kind": "gzip_trailing_garbage", "path": "json\\.gz" }]));
    let end = client.sync("2024-10-08T06:00:00Z");
    assert_eq!((end.outcome, &end.owed), (FetchOutcome::Ok, &Vec::new()));
    assert!(end.checks.iter().any(|check| check.what.starts_with("gzSize") && check.found.contains("behind the end")));
    assert_eq!(client.difference(&upstream, &[]), Vec::<String>::new());
}

#[test]
fn no_fault_of_a_feed_passes_for_good() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut client = nvd_feeds(&upstream);
    client.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    let mut hour = 7;
    for mut fault in [
        json!({ "kind": "truncate" }),
        json!({ "kind": "cut_short" }),
        json!({ "kind": "html_page" }),
        json!({ "kind": "empty_body" }),
        json!({ "kind": "status", "code": 503 }),
        json!({ "kind": "zip_bomb" }),
        json!({ "kind": "redirect_loop" }),
        json!({ "kind": "downgrade_redirect" }),
        json!({ "kind": "malformed", "how": "invalid_utf8", "index": 1 }),
        json!({ "kind": "malformed", "how": "deep", "index": 1 }),
        json!({ "kind": "malformed", "how": "missing_id", "index": 1 }),
    ] {
        // The statement is that of the content: a fault in the data has to strike both.
        let is_in_data = fault["kind"] == "malformed";
        fault["path"] = json!(if is_in_data { "2.0-modified" } else { "2.0-modified\\.json\\.gz" });
        fault["source"] = json!("nvd");
        let now = format!("2024-10-09T{hour:02}:00:00Z");
        upstream.clock(&now);
        upstream.faults(&json!([fault]));
        let end = client.sync(&now);
        assert!(matches!(end.outcome, FetchOutcome::Incomplete | FetchOutcome::Failed), "{fault}: {end:?}");
        hour += 1;
    }
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, &format!("2024-10-09T{hour:02}:00:00Z"));
}

#[test]
fn a_record_that_nvds_changes_did_not_bring_is_found_by_counting() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut client = counting(Client::nvd(&upstream));
    client.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    let recent = |id: &&String| id.starts_with("CVE-2023-");
    let lost: Vec<String> = client.sink.records.keys().filter(recent).take(2).cloned().collect();
    for id in &lost {
        client.sink.records.remove(id);
    }
    client.sync_to_truth(&upstream, "2024-10-08T08:00:00Z");
    assert!(client.sink.exchanges.len() < 40, "{} requests, not the whole listing", client.sink.exchanges.len());
    assert!(lost.iter().all(|id| client.sink.records.contains_key(id)));
}

#[test]
fn every_year_of_nvd_is_counted_once_a_week() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut client = counting(Client::nvd(&upstream));
    client.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    let lost = client.sink.records.keys().find(|id| id.starts_with("CVE-2021-")).cloned().unwrap();
    client.sink.records.remove(&lost);
    let mut counted = std::collections::BTreeSet::new();
    for hour in 7..17 {
        let now = format!("2024-10-15T{hour:02}:00:00Z");
        upstream.clock(&now);
        let end = client.sync(&now);
        assert_eq!((end.outcome, &end.owed), (FetchOutcome::Ok, &Vec::new()));
        counted.extend(end.checks.into_iter().filter(|check| check.agrees).map(|check| check.what));
        assert!(client.sink.exchanges.len() < 60, "{} requests", client.sink.exchanges.len());
    }
    assert!(counted.contains("totalResults of 2024") && counted.contains("totalResults of 1988"), "{counted:?}");
    assert_eq!(client.difference(&upstream, &[]), Vec::<String>::new());
}

#[test]
fn a_record_gone_from_nvd_without_a_word_is_found_by_counting() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut client = counting(Client::nvd(&upstream));
    client.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    upstream.faults(&json!([{ "source": "nvd", "kind": "vanished", "pick": 1 }]));
    let end = client.sync("2024-10-08T08:00:00Z");
    assert_eq!((end.outcome, end.full_set), (FetchOutcome::Ok, true), "{:?}", end.owed);
    assert_eq!(client.difference(&upstream, &[]).len(), 1);
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-08T10:00:00Z");
}

#[test]
fn euvd_comes_page_by_page_and_then_by_update() {
    let Some(upstream) = Upstream::start("2022-06-01T06:00:00Z") else { return };
    let mut client = euvd(&upstream);
    let first = client.sync_to_truth(&upstream, "2022-06-01T06:00:00Z");
    let second = client.sync_to_truth(&upstream, "2022-06-01T10:00:00Z");
    assert!(first > 50 && second < 20, "{first} requests, then {second}");
    client.sync_to_truth(&upstream, "2022-06-02T06:00:00Z");
    client.sync_to_truth(&upstream, "2022-06-04T06:00:00Z");
}

#[test]
fn euvds_list_may_move_while_it_is_read() {
    for mut fault in [
        json!({ "kind": "moved_between_pages", "position": 3 }),
        json!({ "kind": "duplicate_across_pages" }),
        json!({ "kind": "total_changes", "by": 7 }),
        json!({ "kind": "endless_pages" }),
    ] {
        let Some(upstream) = Upstream::start("2022-06-01T06:00:00Z") else { return };
        let mut client = euvd(&upstream);
        fault["source"] = json!("euvd");
        upstream.faults(&json!([fault]));
        let end = client.sync("2022-06-01T06:00:00Z");
        let difference = client.difference(&upstream, &[]);
        assert!(end.outcome != FetchOutcome::Ok || difference.is_empty(), "{fault}: {difference:?}");
        assert!(client.sink.exchanges.len() < 300, "{fault}: {} requests", client.sink.exchanges.len());
        upstream.faults(&no_faults());
        client.sync_to_truth(&upstream, "2022-06-01T10:00:00Z");
        upstream.clock("2022-06-03T06:00:00Z");
        upstream.faults(&json!([fault]));
        let end = client.sync("2022-06-03T06:00:00Z");
        let difference = client.difference(&upstream, &[]);
        assert!(end.outcome != FetchOutcome::Ok || difference.is_empty(), "{fault}: {difference:?}");
        upstream.faults(&no_faults());
        client.sync_to_truth(&upstream, "2022-06-04T06:00:00Z");
    }
}

#[test]
fn a_broken_record_of_euvd_is_asked_for_by_its_number() {
    let Some(upstream) = Upstream::start("2022-06-01T06:00:00Z") else { return };
    let mut client = euvd(&upstream);
    let id = upstream.truth("euvd").into_iter().next_back().unwrap();
    let (_, number) = id.rsplit_once('-').unwrap();
    let cve = format!("CVE-{}-{:04}", &id[5..9], number.parse::<u64>().unwrap() - 100_000);
    upstream.faults(&json!([{ "source": "euvd", "kind": "malformed", "how": "invalid_utf8", "keys": [cve] }]));
    let end = client.sync("2022-06-01T06:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Incomplete, "{:?}", end.owed);
    assert_eq!(client.difference(&upstream, &[&id]), Vec::<String>::new());
    let end = client.sync("2022-06-01T08:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Incomplete, "{:?}", end.owed);
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2022-06-01T10:00:00Z");
    for kind in ["html_page", "truncate_chunked", "empty_body", "cut_short"] {
        upstream.faults(&json!([{ "source": "euvd", "kind": kind }]));
        let end = client.sync("2022-06-01T12:00:00Z");
        assert_eq!(end.outcome, FetchOutcome::Failed, "{kind}: {:?}", end.owed);
    }
}

#[test]
fn the_eus_exploited_vulnerabilities_come_whole() {
    let Some(upstream) = Upstream::start("2025-02-01T06:00:00Z") else { return };
    let mut client = Client::new(&upstream, Kind::EuKev, "/euvd/api/kev/dump", "euvd");
    let end = client.sync("2025-02-01T06:00:00Z");
    assert_eq!((end.outcome, end.full_set, client.sink.records.len()), (FetchOutcome::Ok, true, 1), "{:?}", end.owed);
    assert!(client.sink.records.contains_key("CVE-2024-9380"));
    client.sync("2025-02-01T07:00:00Z");
    assert_eq!(client.sink.documents, 0, "unchanged");
}

#[test]
fn days_of_scores_that_were_missed_are_made_good() {
    let Some(upstream) = Upstream::start("2024-10-09T16:00:00Z") else { return };
    let mut client = Client::epss(&upstream);
    client.sync_to_truth(&upstream, "2024-10-09T16:00:00Z");
    client.sync_to_truth(&upstream, "2024-10-13T16:00:00Z");
    assert_eq!(client.sink.tables, ["2024-10-09", "2024-10-13", "2024-10-10", "2024-10-11", "2024-10-12"]);
    upstream.clock("2024-10-16T16:00:00Z");
    upstream.faults(&json!([{ "source": "epss", "kind": "status", "code": 503, "path": "2024-10-14" }]));
    let end = client.sync("2024-10-16T16:00:00Z");
    assert!(end.outcome == FetchOutcome::Incomplete && end.owed[0].contains("2024-10-14"), "{:?}", end.owed);
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-16T18:00:00Z");
    assert_eq!(client.sink.tables.last().unwrap(), "2024-10-14");
}

#[test]
fn a_bad_line_of_scores_costs_itself() {
    let Some(upstream) = Upstream::start("2024-10-09T16:00:00Z") else { return };
    let mut client = Client::epss(&upstream);
    client.sync_to_truth(&upstream, "2024-10-09T16:00:00Z");
    for (how, day) in [("bad_type", 10), ("invalid_utf8", 11), ("huge_string", 12), ("bad_date", 13)] {
        let now = format!("2024-10-{day}T16:00:00Z");
        upstream.clock(&now);
        upstream.faults(&json!([{ "source": "epss", "kind": "malformed", "how": how, "keys": ["CVE-2021-26084"] }]));
        let end = client.sync(&now);
        assert_eq!((end.outcome, end.owed.len()), (FetchOutcome::Incomplete, 1), "{how}: {:?}", end.owed);
        assert!(end.owed[0].starts_with("1 record of "), "{how}: {:?}", end.owed);
        assert_eq!(client.difference(&upstream, &[]), Vec::<String>::new(), "{how}");
    }
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-14T16:00:00Z");
}

/// The truth of the whole bucket names a record below each of its ecosystems.
fn osv_difference(client: &Client, upstream: &Upstream) -> Vec<String> {
    let own = |id: &String| id.rsplit('/').next().unwrap().to_owned();
    let truth: std::collections::BTreeSet<String> = upstream.truth("osv").iter().map(own).collect();
    let held: std::collections::BTreeSet<String> = client.sink.records.keys().cloned().collect();
    truth.symmetric_difference(&held).cloned().collect()
}

#[test]
fn the_whole_of_osv_comes_as_an_archive_and_then_record_by_record() {
    let Some(upstream) = Upstream::start("2024-10-09T22:00:00Z") else { return };
    let mut client = counting(Client::new(&upstream, Kind::Osv { ecosystem: None }, "/osv", "osv"));
    let end = client.sync("2024-10-09T22:00:00Z");
    assert_eq!((end.outcome, &end.owed, end.full_set), (FetchOutcome::Ok, &Vec::new(), true));
    assert_eq!(osv_difference(&client, &upstream), Vec::<String>::new());
    assert!(end.checks.iter().any(|check| check.what == "ecosystems in ecosystems.txt" && check.agrees));
    let end = client.sync("2024-10-09T22:30:00Z");
    assert_eq!((end.outcome, client.sink.exchanges.len()), (FetchOutcome::Ok, 1));
    assert_eq!(end.stated, Some(client.sink.records.len() as u64));

    // A record that was lost on the way is found, whenever it was modified.
    let lost = client.sink.records.keys().next().unwrap().clone();
    client.sink.records.remove(&lost);
    upstream.clock("2024-10-11T22:00:00Z");
    let end = client.sync("2024-10-11T22:00:00Z");
    assert_eq!((end.outcome, &end.owed), (FetchOutcome::Ok, &Vec::new()));
    assert_eq!(requested(&client, "all.zip"), 0);
    assert_eq!(osv_difference(&client, &upstream), Vec::<String>::new());

    let before = client.sink.records.clone();
    upstream.clock("2024-10-16T01:00:00Z");
    upstream.faults(&json!([{ "source": "osv", "kind": "empty_body", "path": "modified_id\\.csv" }]));
    let end = client.sync("2024-10-16T01:00:00Z");
    assert_eq!((end.outcome, client.sink.records == before), (FetchOutcome::Failed, true), "{:?}", end.owed);
    upstream.faults(&no_faults());
    upstream.clock("2024-10-16T04:00:00Z");
    let end = client.sync("2024-10-16T04:00:00Z");
    assert_eq!((end.outcome, &end.owed), (FetchOutcome::Ok, &Vec::new()));
    assert_eq!(osv_difference(&client, &upstream), Vec::<String>::new());
}

#[test]
fn a_record_without_a_date_is_taken_in_or_set_aside() {
    let Some(upstream) = Upstream::start("2024-10-14T06:00:00Z") else { return };
    let mut client = counting(Client::osv(&upstream, "Go", "osv:Go"));
    client.sync_to_truth(&upstream, "2024-10-14T06:00:00Z");
    upstream.clock("2024-10-15T06:00:00Z");
    upstream.faults(&json!([{ "source": "osv:Go", "kind": "malformed", "how": "bad_date", "keys": ["GO-2024-3171"] }]));
    let end = client.sync("2024-10-15T06:00:00Z");
    assert!(matches!(end.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete), "{:?}", end.owed);
    assert_eq!(client.difference(&upstream, &["GO-2024-3171"]), Vec::<String>::new());
}

#[test]
fn when_githubs_interface_is_limited_the_tree_tells_what_changed() {
    let Some(upstream) = Upstream::start("2024-10-09T06:00:00Z") else { return };
    let mut client = Client::cve_list(&upstream);
    client.sync_to_truth(&upstream, "2024-10-09T06:00:00Z");
    upstream.faults(&json!([{ "source": "cvelist", "kind": "forbidden", "path": "cvelist-api" }]));
    client.sync_to_truth(&upstream, "2024-10-09T12:00:00Z");
    assert_eq!(requested(&client, "cves/deltaLog.json"), 1);
    // Too much for single records: owed, and nothing is lost.
    upstream.clock("2024-10-16T12:00:00Z");
    let end = client.sync("2024-10-16T12:00:00Z");
    assert_eq!(end.outcome, FetchOutcome::Failed, "{:?}", end.owed);
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-16T13:00:00Z");
    let end = client.sync("2024-10-16T13:30:00Z");
    assert!(end.data_timestamp.is_some(), "how old the data are is known although nothing has changed");
}
