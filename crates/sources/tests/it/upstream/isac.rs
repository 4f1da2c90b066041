//! The sharing centre: TAXII, MISP, news feeds, and the members' scenario.

use domain::model::advisory::State;
use domain::model::raw::Digest;
use domain::model::source::{Family, FetchOutcome, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{Context, Format, split, translate};
use serde_json::json;
use sources::Kind;

use super::double::Upstream;
use super::syncing::{Client, no_faults};

fn taxii(upstream: &Upstream, collection: &str, truth: &'static str) -> Client {
    let path = if collection == "attack-ics" { "/taxii2/reference/" } else { "/taxii2/" };
    Client::new(upstream, Kind::Taxii { collection: collection.to_owned() }, path, truth)
        .with_login("member", "health-sector-test")
}

fn bulletins(upstream: &Upstream) -> Client {
    taxii(upstream, "bulletins", "taxii:bulletins")
}

/// A held object, translated by itself.
fn object(client: &Client, part: &str) -> domain::model::advisory::Advisory {
    let held = client.sink.records.values().find(|bytes| String::from_utf8_lossy(bytes).contains(part));
    let document = [br#"{"objects":["#, held.unwrap().as_slice(), b"]}"].concat();
    let source = SourceId("taxii".to_owned());
    let mut found = None;
    split(Format::Stix, &document, &mut |record| {
        let context = Context {
            source: &source,
            family: Family::Bulletin,
            object: Digest::of(&document),
            entry: "",
            from: "",
            tlp: Tlp::Amber,
            document: &document,
        };
        found = Some(translate(Format::Stix, &record, &context).unwrap().value);
    })
    .unwrap();
    found.unwrap()
}

#[test]
fn the_members_scenario_is_played_to_its_end() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let (mut all, mut named) = (bulletins(&upstream), taxii(&upstream, "named-recipients", "taxii:named-recipients"));
    all.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    named.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    assert_eq!(object(&named, "HSB-2024-017").tlp, Tlp::Red);
    assert_eq!(object(&all, "HSB-2024-019").tlp, Tlp::Amber);

    upstream.clock("2024-10-09T06:00:00Z");
    upstream.faults(&json!([{ "source": "taxii", "kind": "unauthorised" }]));
    upstream.requests("*");
    let (before, cursor) = (all.sink.records.clone(), all.cursor.clone());
    let end = all.sync("2024-10-09T06:00:00Z");
    assert_eq!((end.outcome, &all.cursor, &all.sink.records), (FetchOutcome::Failed, &cursor, &before), "{end:?}");
    assert!(end.owed[0].contains("credentials"), "{:?}", end.owed);
    assert!(upstream.requests("taxii:bulletins") <= 3);

    upstream.faults(&no_faults());
    let requests = all.sync_to_truth(&upstream, "2024-10-10T06:00:00Z");
    assert!(requests <= 4, "{requests} requests for a day");
    let asked =
        all.sink.exchanges.iter().map(|exchange| exchange.from.as_str()).find(|from| from.contains("/objects/"));
    assert!(asked.unwrap().contains("added_after=2024-10-04T08%3A20%3A00"), "{asked:?}");
    assert_eq!(object(&all, "HSB-2024-019").tlp, Tlp::Green);

    upstream.clock("2024-10-12T06:00:00Z");
    upstream.faults(&json!([{ "source": "taxii:bulletins", "kind": "endless_pages", "path": "/objects/" }]));
    upstream.requests("*");
    let end = all.sync("2024-10-12T06:00:00Z");
    assert!(matches!(end.outcome, FetchOutcome::Failed | FetchOutcome::Incomplete), "{end:?}");
    assert!(end.owed[0].contains("page loop"), "{:?}", end.owed);
    assert!(upstream.requests("taxii:bulletins") <= 20);

    upstream.faults(&no_faults());
    all.sync_to_truth(&upstream, "2024-10-14T06:00:00Z");
    named.sync_to_truth(&upstream, "2024-10-14T06:00:00Z");
    let revoked = object(&all, "HSB-2024-030");
    assert_eq!(revoked.state, State::Withdrawn { at: "2024-10-13T09:00:00Z".parse().ok() });
    assert!(matches!(object(&named, "HSB-2024-017").state, State::Withdrawn { .. }));
}

#[test]
fn a_large_collection_comes_in_pages_and_then_only_as_it_changes() {
    let Some(upstream) = Upstream::start("2024-10-09T06:00:00Z") else { return };
    let mut client = taxii(&upstream, "attack-ics", "taxii:attack-ics");
    let first = client.sync_to_truth(&upstream, "2024-10-09T06:00:00Z");
    assert!(client.sink.records.len() > 1_000 && first <= 10, "{first} requests");
    let second = client.sync_to_truth(&upstream, "2024-10-09T12:00:00Z");
    assert!(second <= 2, "{second} requests where nothing came");
}

#[test]
fn no_fault_of_a_taxii_server_ends_as_a_good_poll_with_something_missing() {
    let faults = [
        json!({ "kind": "duplicate_across_pages" }),
        json!({ "kind": "moved_between_pages", "path": "/objects/" }),
        json!({ "kind": "endless_pages" }),
        json!({ "kind": "half_empty", "path": "/objects/" }),
        json!({ "kind": "vanished", "path": "/objects/", "pick": 3 }),
        json!({ "kind": "forbidden" }),
        json!({ "kind": "too_many", "count": 2 }),
        json!({ "kind": "status", "code": 503, "path": "/objects/" }),
        json!({ "kind": "status", "code": 404, "path": "/manifest/" }),
        json!({ "kind": "status", "code": 406 }),
        json!({ "kind": "truncate", "path": "/objects/" }),
        json!({ "kind": "truncate_chunked", "path": "/objects/" }),
        json!({ "kind": "cut_short", "path": "/objects/" }),
        json!({ "kind": "reset_mid_body", "path": "/objects/" }),
        json!({ "kind": "html_page" }),
        json!({ "kind": "empty_body", "path": "/objects/" }),
        json!({ "kind": "redirect_loop" }),
        json!({ "kind": "bom" }),
        json!({ "kind": "gzip_trailing_garbage" }),
        json!({ "kind": "schema_change", "old": "objects", "new": "items", "path": "/objects/" }),
        json!({ "kind": "malformed", "how": "broken_json", "index": 2, "path": "/objects/" }),
        json!({ "kind": "malformed", "how": "invalid_utf8", "index": 2, "path": "/objects/" }),
        json!({ "kind": "malformed", "how": "missing_id", "index": 2, "path": "/objects/" }),
        json!({ "kind": "malformed", "how": "bad_type", "index": 2, "path": "/objects/" }),
        json!({ "kind": "malformed", "how": "deep", "index": 2, "path": "/objects/" }),
    ];
    for fault in faults {
        let Some(upstream) = Upstream::start("2024-10-09T06:00:00Z") else { return };
        for collection in [("bulletins", "taxii:bulletins"), ("attack-ics", "taxii:attack-ics")] {
            let mut client = taxii(&upstream, collection.0, collection.1);
            let mut struck = fault.clone();
            struck["source"] = json!(collection.1);
            upstream.faults(&json!([struck]));
            let end = client.sync("2024-10-09T06:00:00Z");
            let difference = client.difference(&upstream, &[]);
            assert!(end.outcome != FetchOutcome::Ok || difference.is_empty(), "{fault} {difference:?} {end:?}");
            assert!(client.sink.exchanges.len() < 200, "{fault}: {} requests", client.sink.exchanges.len());
            upstream.faults(&no_faults());
            client.sync_to_truth(&upstream, "2024-10-09T06:00:00Z");
        }
    }
}

#[test]
fn what_is_gone_from_a_collection_is_gone_and_comes_back() {
    let Some(upstream) = Upstream::start("2024-10-09T06:00:00Z") else { return };
    let mut client = bulletins(&upstream);
    client.sync_to_truth(&upstream, "2024-10-09T06:00:00Z");
    let before = client.sink.records.len();
    upstream.faults(&json!([{ "source": "taxii:bulletins", "kind": "vanished", "pick": 2 }]));
    let end = client.sync("2024-10-10T07:00:00Z");
    assert!(end.full_set && end.outcome == FetchOutcome::Ok, "{end:?}");
    assert_eq!(client.sink.records.len(), before - 2);
    upstream.faults(&no_faults());
    client.sync_to_truth(&upstream, "2024-10-11T08:00:00Z");
}

#[test]
fn one_broken_object_of_a_page_costs_itself() {
    for how in ["broken_json", "huge_string"] {
        let Some(upstream) = Upstream::start("2024-10-09T06:00:00Z") else { return };
        let mut client = bulletins(&upstream);
        let broken = upstream.truth("taxii:bulletins").into_iter().find(|id| id.starts_with("report--")).unwrap();
        upstream.faults(&json!([
            { "source": "taxii:bulletins", "kind": "malformed", "how": how, "keys": [broken], "path": "/objects/" }
        ]));
        let end = client.sync("2024-10-09T06:00:00Z");
        assert_eq!(end.outcome, FetchOutcome::Incomplete, "{end:?}");
        assert!(end.owed[0].contains(&broken), "{:?}", end.owed);
        assert_eq!(client.difference(&upstream, &[]), [format!("-{broken}")]);
        upstream.faults(&no_faults());
        client.sync_to_truth(&upstream, "2024-10-09T07:00:00Z");
    }
}

#[test]
fn misp_events_come_by_their_manifest() {
    for (path, truth) in [("/misp/health/", "misp:health"), ("/misp/eset/manifest.json", "misp:eset")] {
        let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
        let mut client = Client::new(&upstream, Kind::Misp, path, truth);
        let first = client.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
        assert_eq!(first, client.sink.records.len() + 2, "manifest, hashes, events");
        assert_eq!(client.sync_to_truth(&upstream, "2024-10-08T07:00:00Z"), 1);
        let third = client.sync_to_truth(&upstream, "2024-10-12T06:00:00Z");
        assert!(third < 20, "{third}");
        client.sync_to_truth(&upstream, "2024-10-14T06:00:00Z");
    }
}

#[test]
fn no_fault_of_a_misp_feed_ends_as_a_good_fetch_with_something_missing() {
    let faults = [
        json!({ "kind": "status", "code": 404, "path": "json", "skip": 1, "count": 1 }),
        json!({ "kind": "forbidden" }),
        json!({ "kind": "truncate", "path": "-.*json" }),
        json!({ "kind": "cut_short", "path": "-.*json" }),
        json!({ "kind": "cut_short", "path": "manifest" }),
        json!({ "kind": "html_page" }),
        json!({ "kind": "empty_body" }),
        json!({ "kind": "bom" }),
        json!({ "kind": "malformed", "how": "broken_json", "path": "-.*json" }),
        json!({ "kind": "malformed", "how": "invalid_utf8", "path": "-.*json" }),
        json!({ "kind": "malformed", "how": "missing_id", "path": "-.*json" }),
        json!({ "kind": "malformed", "how": "bad_type", "path": "-.*json" }),
        json!({ "kind": "malformed", "how": "deep", "path": "-.*json" }),
    ];
    for fault in faults {
        let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
        let mut client = Client::new(&upstream, Kind::Misp, "/misp/health/", "misp:health");
        let mut struck = fault.clone();
        struck["source"] = json!("misp:health");
        upstream.faults(&json!([struck]));
        let end = client.sync("2024-10-08T06:00:00Z");
        let difference = client.difference(&upstream, &[]);
        assert!(end.outcome != FetchOutcome::Ok || difference.is_empty(), "{fault} {difference:?} {end:?}");
        upstream.faults(&no_faults());
        client.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    }
}

#[test]
fn feeds_bring_what_they_show_and_keep_what_they_no_longer_show() {
    let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
    let mut rss = Client::new(&upstream, Kind::NewsFeed, "/bulletins/rss.xml", "bulletins");
    let mut atom = Client::new(&upstream, Kind::NewsFeed, "/bulletins/atom.xml", "bulletins");
    let mut members = Client::new(&upstream, Kind::NewsFeed, "/bulletins/members/rss.xml", "bulletins");
    rss.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    assert_eq!(rss.sync_to_truth(&upstream, "2024-10-08T07:00:00Z"), 1);
    assert_eq!(atom.sync("2024-10-08T06:00:00Z").outcome, FetchOutcome::Ok);
    assert_eq!(atom.sink.records.len(), rss.sink.records.len());
    let end = members.sync("2024-10-08T06:00:00Z");
    assert!(end.outcome == FetchOutcome::Failed && end.owed[0].contains("credentials"), "{end:?}");
    let mut members = members.with_login("member", "health-sector-test");
    assert_eq!(members.sync("2024-10-08T06:00:00Z").outcome, FetchOutcome::Ok);
    for day in ["2024-10-12T06:00:00Z", "2024-10-18T06:00:00Z", "2024-11-20T06:00:00Z"] {
        rss.sync_to_truth(&upstream, day);
    }
}

#[test]
fn a_feed_that_breaks_or_lies_is_never_a_good_fetch() {
    for fault in [
        json!({ "kind": "html_page" }),
        json!({ "kind": "empty_body" }),
        json!({ "kind": "cut_short", "fraction": 0.5 }),
        json!({ "kind": "truncate" }),
        json!({ "kind": "malformed", "how": "deep", "index": 1 }),
        json!({ "kind": "malformed", "how": "invalid_utf8", "index": 1 }),
        json!({ "kind": "malformed", "how": "missing_id", "index": 1 }),
        json!({ "kind": "malformed", "how": "broken_json", "index": 1 }),
        json!({ "kind": "malformed", "how": "huge_string", "index": 1, "size_mb": 80 }),
    ] {
        let Some(upstream) = Upstream::start("2024-10-08T06:00:00Z") else { return };
        let mut client = Client::new(&upstream, Kind::NewsFeed, "/bulletins/rss.xml", "bulletins");
        let mut struck = fault.clone();
        struck["source"] = json!("bulletins");
        upstream.faults(&json!([struck]));
        let end = client.sync("2024-10-08T06:00:00Z");
        assert!(end.outcome != FetchOutcome::Ok, "{fault} {end:?}");
        let is_one = matches!(fault["how"].as_str(), Some("deep" | "invalid_utf8" | "missing_id"));
        assert_eq!(end.outcome == FetchOutcome::Incomplete, is_one, "{fault} {end:?}");
        upstream.faults(&no_faults());
        client.sync_to_truth(&upstream, "2024-10-08T06:00:00Z");
    }
}
