//! CSAF providers of the double: discovery, lists, digests and signatures, deletions, and everything that goes wrong with them.

use domain::model::source::FetchOutcome;
use serde_json::{Value, json};
use sources::{End, Kind};

use super::double::Upstream;
use super::syncing::{Client, no_faults};

/// When every provider of the double has documents.
const LATE: &str = "2026-06-01T06:00:00Z";

fn is_good(end: &End) -> bool {
    end.outcome == FetchOutcome::Ok
}

fn checked<'e>(end: &'e End, what: &str) -> Vec<(&'e str, &'e str)> {
    let of = end.checks.iter().filter(|check| check.what.contains(what));
    of.map(|check| (check.stated.as_str(), check.found.as_str())).collect()
}

/// Syncs under a fault of the source; the owed sentences.
fn under(upstream: &Upstream, client: &mut Client, now: &str, faults: &Value) -> End {
    upstream.clock(now);
    upstream.faults(faults);
    let end = client.sync(now);
    upstream.faults(&no_faults());
    end
}

#[test]
fn cisas_advisories_come_once_and_then_as_they_change() {
    let Some(upstream) = Upstream::start("2024-07-09T20:00:00Z") else { return };
    let mut client = Client::csaf(&upstream);
    let first = client.sync_to_truth(&upstream, "2024-07-09T20:00:00Z");
    assert!(client.cursor.as_ref().is_some_and(|cursor| cursor.len() < 2000), "{:?}", client.cursor);
    let second = client.sync_to_truth(&upstream, "2024-07-09T20:00:00Z");
    let third = client.sync_to_truth(&upstream, "2024-07-16T20:00:00Z");
    assert!(first > 6000 && second <= 3 && third < 120, "{first}, {second}, {third}");
}

/// Scenario 07 of the double, step by step.
#[test]
fn a_trusted_providers_document_is_checked_before_it_is_believed() {
    let Some(upstream) = Upstream::start("2024-07-09T20:00:00Z") else { return };
    let mut client = Client::csaf(&upstream);
    upstream.clock("2024-07-09T20:00:00Z");
    let end = client.sync("2024-07-09T20:00:00Z");
    assert!(is_good(&end) && client.difference(&upstream, &[]).is_empty(), "{:?}", end.owed);
    let signed = checked(&end, "signed documents of CISA");
    assert!(matches!(signed.as_slice(), [(stated, found)] if stated == found && stated.len() == 4), "{signed:?}");
    let mut step = |now: &str, fault: Value, owed: &str, present: &[&str], words: &str| {
        let end = under(&upstream, &mut client, now, &json!([fault]));
        assert_eq!((end.outcome, end.owed.len()), (FetchOutcome::Incomplete, 1), "{:?}", end.owed);
        assert!(end.owed[0].contains(&format!("{}.json", owed.to_lowercase())), "{:?}", end.owed);
        assert!(end.owed[0].contains(words), "{:?}", end.owed);
        assert_eq!(client.difference(&upstream, &[owed]), Vec::<String>::new());
        assert!(!client.sink.records.contains_key(owed), "{owed} is not believed");
        assert!(present.iter().all(|id| client.sink.records.contains_key(*id)), "{present:?}");
    };
    let digest = json!({ "source": "csaf:cisa", "kind": "wrong_digest", "path": "icsa-24-198-01\\.json\\.sha512" });
    step("2024-07-16T20:00:00Z", digest, "ICSA-24-198-01", &["ICSA-24-193-20"], "(SHA-512)");
    let signature = json!({ "source": "csaf:cisa", "kind": "wrong_digest", "path": "icsa-24-200-01\\.json\\.asc" });
    step("2024-07-18T20:00:00Z", signature, "ICSA-24-200-01", &["ICSA-24-198-01"], "does not fit its signature by key");
    let missing = json!({ "source": "csaf:cisa", "kind": "status", "code": 404, "path": "icsa-24-205-02\\.json$" });
    step("2024-07-23T20:00:00Z", missing, "ICSA-24-205-02", &["ICSA-24-200-01", "ICSA-24-205-01"], "404");
    client.sync_to_truth(&upstream, "2024-07-30T20:00:00Z");
    assert!(client.sink.records.contains_key("ICSA-24-205-02"));
}

/// CISA's tree in its first weeks: few documents, and a new one every few days.
fn young(upstream: &Upstream) -> Client {
    let mut client = Client::csaf(upstream);
    client.sync_to_truth(upstream, "2017-02-15T20:00:00Z");
    client
}

#[test]
fn a_missing_signature_or_digest_is_as_bad_as_a_wrong_one() {
    let Some(upstream) = Upstream::start("2017-02-15T20:00:00Z") else { return };
    let mut client = young(&upstream);
    let gone = |path: &str| json!([{ "source": "csaf:cisa", "kind": "status", "code": 404, "path": path }]);
    let end = under(&upstream, &mut client, "2017-02-17T20:00:00Z", &gone("icsa-17-047-01\\.json\\.asc"));
    assert_eq!(end.outcome, FetchOutcome::Incomplete, "{:?}", end.owed);
    assert!(end.owed.len() == 1 && end.owed[0].ends_with("is not signed."), "{:?}", end.owed);
    assert!(!client.sink.records.contains_key("ICSA-17-047-01"));
    let end = under(&upstream, &mut client, "2017-02-24T20:00:00Z", &gone("icsa-17-054-01\\.json\\.sha512"));
    assert_eq!((end.outcome, end.owed.len()), (FetchOutcome::Incomplete, 1), "{:?}", end.owed);
    assert!(client.sink.records.contains_key("ICSA-17-047-01") && !client.sink.records.contains_key("ICSA-17-054-01"));
    let end = under(&upstream, &mut client, "2017-03-01T20:00:00Z", &gone("openpgp"));
    assert!(!is_good(&end) && client.sink.shown.is_empty(), "without the key nothing new is believed: {:?}", end.owed);
    client.sync_to_truth(&upstream, "2017-06-01T20:00:00Z");
}

#[test]
fn a_key_that_a_person_has_not_accepted_does_not_count() {
    let Some(upstream) = Upstream::start("2017-02-15T20:00:00Z") else { return };
    let mut client = young(&upstream);
    let signer = "0123456789ABCDEF0123456789ABCDEF01234567";
    let cursor = client.cursor.take().unwrap();
    let begin = cursor.find("\"keys\":[\"").unwrap() + 9;
    let real = cursor[begin..begin + 40].to_owned();
    // As if another key had been seen before.
    client.cursor = Some(cursor.replace(&real, signer));
    upstream.clock("2017-02-17T20:00:00Z");
    let end = client.sync("2017-02-17T20:00:00Z");
    assert!(!is_good(&end) && !client.sink.records.contains_key("ICSA-17-047-01"), "{:?}", end.owed);
    assert!(end.owed[0].contains(&format!("another OpenPGP key, {real}")), "{:?}", end.owed);
    assert_eq!(checked(&end, "OpenPGP key of"), [(real.as_str(), signer)]);
    client.accept_keys(&[&real.to_lowercase()]);
    client.sync_to_truth(&upstream, "2017-02-18T20:00:00Z");
}

#[test]
fn every_providers_documents_come_whole_and_the_second_time_nothing_comes() {
    let providers: [(&str, &str, &'static str); 9] = [
        (LATE, "/csaf/siemens/.well-known/csaf/provider-metadata.json", "csaf:siemens"),
        (LATE, "/csaf/cert-bund/.well-known/csaf/provider-metadata.json", "csaf:cert-bund"),
        (LATE, "/csaf/ncsc-nl/csaf/provider-metadata.json", "csaf:ncsc-nl"),
        (LATE, "/csaf/nozomi", "csaf:nozomi"),
        (LATE, "/csaf/sick/", "csaf:sick"),
        (LATE, "/csaf/open-xchange/csaf/provider-metadata.json", "csaf:open-xchange"),
        (LATE, "/csaf/nvidia/", "csaf:nvidia"),
        ("2024-02-01T06:00:00Z", "/suse/", "csaf:suse"),
        ("2015-02-02T06:00:00Z", "/csaf/cisco/.well-known/csaf/provider-metadata.json", "csaf:cisco"),
    ];
    for (now, path, truth) in providers {
        let Some(upstream) = Upstream::start(now) else { return };
        let mut client = Client::new(&upstream, Kind::Csaf, path, truth);
        client.sync_to_truth(&upstream, now);
        assert!(!client.sink.records.is_empty(), "{truth}");
        let requests = client.sync_to_truth(&upstream, now);
        assert!(requests <= 6 && client.sink.documents == 0, "{truth}: {requests}");
    }
}

#[test]
fn a_provider_whose_key_cannot_be_had_is_read_by_its_digests_and_never_good() {
    let Some(upstream) = Upstream::start(LATE) else { return };
    let mut client = Client::new(&upstream, Kind::Csaf, "/msrc/csaf/provider-metadata.json", "csaf:microsoft");
    for _ in 0..2 {
        let end = client.sync(LATE);
        assert!(!is_good(&end), "{end:?}");
        assert_eq!(client.difference(&upstream, &[]), Vec::<String>::new());
        assert!(end.owed[0].contains("were not checked") && end.owed[0].contains("openpgp"), "{:?}", end.owed);
    }
}

#[test]
fn an_aggregators_broken_provider_costs_itself() {
    let Some(upstream) = Upstream::start("2017-06-01T06:00:00Z") else { return };
    let path = "/csaf/aggregator/.well-known/csaf-aggregator/aggregator.json";
    let mut client = Client::new(&upstream, Kind::Csaf, path, "csaf");
    let slow = json!([{ "source": "csaf:cisco", "kind": "html_page", "path": "metadata" }, { "source": "csaf:cisa", "kind": "status", "code": 404, "path": "icsa-17-047-01\\.json$" }]);
    let end = under(&upstream, &mut client, "2017-06-01T06:00:00Z", &slow);
    assert_eq!((end.outcome, end.owed.len()), (FetchOutcome::Incomplete, 2), "{:?}", end.owed);
    let held = |prefix: &str| client.sink.records.keys().filter(|id| id.starts_with(prefix)).count();
    assert!(held("ICS") > 70 && held("Cisco") == 0);
    assert_eq!(checked(&end, "aggregator's list").len(), 1);
}

#[test]
fn a_list_that_is_broken_is_replaced_by_the_other_one_and_named() {
    let Some(upstream) = Upstream::start("2017-02-15T20:00:00Z") else { return };
    let mut client = young(&upstream);
    let broken = |kind: &str, path: &str| json!([{ "source": "csaf:cisa", "kind": kind, "path": path }]);
    for (now, kind) in [
        ("2017-02-16T20:00:00Z", "cut_short"),
        ("2017-02-17T20:00:00Z", "html_page"),
        ("2017-02-24T20:00:00Z", "truncate"),
        ("2017-03-01T20:00:00Z", "schema_change"),
    ] {
        let mut faults = broken(kind, "cisa-csaf-ot-feed");
        if kind == "schema_change" {
            faults[0]["old"] = json!("content");
            faults[0]["new"] = json!("source");
        }
        let end = under(&upstream, &mut client, now, &faults);
        let truth = client.difference(&upstream, &[]);
        assert!(truth.is_empty(), "{kind}: {truth:?} {:?}", end.owed);
        // A feed whose entries still have a link to themselves is whole.
        assert!(!is_good(&end) || kind == "schema_change", "{kind}: {:?}", end.checks);
    }
    client.sync_to_truth(&upstream, "2017-05-24T20:00:00Z");
    let all = json!([{ "source": "csaf:cisa", "kind": "cut_short", "path": "cisa-csaf-ot-feed|changes\\.csv" }]);
    let end = under(&upstream, &mut client, "2017-05-31T20:00:00Z", &all);
    assert!(!is_good(&end) && client.difference(&upstream, &[]).is_empty(), "by the index: {:?}", end.owed);
    let requests = client.sync_to_truth(&upstream, "2018-01-01T20:00:00Z");
    assert!(requests < 700, "{requests}");
}

#[test]
fn ways_that_lead_nowhere_end_as_owed_and_lose_nothing() {
    let Some(upstream) = Upstream::start("2017-02-15T20:00:00Z") else { return };
    let mut client = young(&upstream);
    let before = client.sink.records.clone();
    upstream.clock("2017-03-01T20:00:00Z");
    for fault in [
        json!({ "kind": "redirect_loop" }),
        json!({ "kind": "downgrade_redirect" }),
        json!({ "kind": "forbidden" }),
        json!({ "kind": "unauthorised" }),
        json!({ "kind": "refuse" }),
        json!({ "kind": "empty_body" }),
        json!({ "kind": "status", "code": 503 }),
        json!({ "kind": "zip_bomb" }),
        json!({ "kind": "malformed", "how": "broken_json", "keys": ["ICSA-17-054-01"] }),
        json!({ "kind": "malformed", "how": "missing_id", "keys": ["ICSA-17-054-01"] }),
        json!({ "kind": "malformed", "how": "deep", "keys": ["ICSA-17-054-01"] }),
        json!({ "kind": "malformed", "how": "invalid_utf8", "keys": ["ICSA-17-054-01"] }),
    ] {
        let mut fault = fault;
        fault["source"] = json!("csaf:cisa");
        upstream.requests("*");
        let end = under(&upstream, &mut client, "2017-03-01T20:00:00Z", &json!([fault]));
        assert!(!is_good(&end), "{fault}: {end:?}");
        assert!(before.keys().all(|id| client.sink.records.contains_key(id)), "{fault}");
        assert_eq!(upstream.requests("trap"), 0, "{fault}");
    }
    client.sync_to_truth(&upstream, "2017-05-24T20:00:00Z");
}

#[test]
fn what_moves_in_the_data_is_followed_and_an_older_copy_is_not() {
    let Some(upstream) = Upstream::start("2017-02-15T20:00:00Z") else { return };
    let mut client = young(&upstream);
    client.sync_to_truth(&upstream, "2017-03-01T20:00:00Z");
    let held = client.sink.records.clone();
    let stale = json!([{ "source": "csaf:cisa", "kind": "stale", "at": "2017-02-15T20:00:00Z" }]);
    let end = under(&upstream, &mut client, "2017-03-02T20:00:00Z", &stale);
    assert!(!is_good(&end) && client.sink.records == held, "{:?}", end.owed);
    assert!(end.owed.iter().any(|owed| owed.contains("older copy")), "{:?}", end.owed);

    let gone = json!([{ "source": "csaf:cisa", "kind": "vanished", "keys": ["ICSA-17-012-01"] }]);
    let requests = client.sink.exchanges.len();
    let end = under(&upstream, &mut client, "2017-05-24T20:00:00Z", &gone);
    assert!(is_good(&end), "{requests}: {:?}", end.owed);
    assert_eq!(client.difference(&upstream, &["ICSA-17-012-01"]), Vec::<String>::new());
    assert_eq!(client.sink.retracted.iter().collect::<Vec<_>>(), ["ICSA-17-012-01"]);
    assert!(client.sink.exchanges.len() < 200, "not everything is read again for one");
    client.sync_to_truth(&upstream, "2017-05-31T20:00:00Z");

    let ahead = json!([{ "source": "csaf:cisa", "kind": "future_date", "keys": ["ICSA-17-047-01"] }]);
    let end = under(&upstream, &mut client, "2017-06-01T20:00:00Z", &ahead);
    assert!(client.difference(&upstream, &[]).is_empty(), "{:?}", end.owed);
    client.sync_to_truth(&upstream, "2017-06-02T20:00:00Z");
    for kind in ["bom", "gzip_trailing_garbage", "etag_churn", "etag_frozen", "csv_crlf", "clock_skew"] {
        let fault = json!([{ "source": "csaf:cisa", "kind": kind }]);
        let end = under(&upstream, &mut client, "2017-06-03T20:00:00Z", &fault);
        assert!(!is_good(&end) || client.difference(&upstream, &[]).is_empty(), "{kind}: {:?}", end.owed);
    }
    client.sync_to_truth(&upstream, "2018-01-01T20:00:00Z");
}
