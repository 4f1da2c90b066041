//! Amazon, Oracle, AlmaLinux and Rocky Linux at the double, whole and with every fault that can strike them.
//!
//! The double keeps no list of what they hold, so what the files themselves hold is counted here.

use domain::model::source::FetchOutcome;
use serde_json::{Value, json};
use sources::Kind;

use super::double::Upstream;
use super::syncing::{Client, no_faults};

const NOW: &str = "2026-01-09T06:00:00Z";

fn alma() -> Kind {
    Kind::AlmaLinux { releases: vec!["8".to_owned(), "9".to_owned()] }
}

/// Each source: its kind, its address here, its name there, a file of it, and what a record of that file is known by.
fn all() -> [(Kind, &'static str, &'static str, &'static str, &'static str); 5] {
    let amazon = "/amazon/2/core/2.0/x86_64/221a4af09d96ac4e34202cc7bdfa252410419542548cc685dc86ed1c17ca4204";
    let amazon = Box::leak(format!("{amazon}/repodata/updateinfo.xml.gz").into_boxed_str());
    let of_2023 = "/amazon/al2023/core/guids/46ff4933b89b948580f3b223b826fee3c1830b85885db3f7f90502c0ac99698c/x86_64";
    let of_2023 = Box::leak(format!("{of_2023}/repodata/updateinfo.xml.gz").into_boxed_str());
    [
        (Kind::AmazonLinux, "/amazon/2/core/latest/x86_64/mirror.list", "distro:amazon", amazon, "<update "),
        (
            Kind::AmazonLinux,
            "/amazon/al2023/core/mirrors/latest/x86_64/mirror.list",
            "distro:amazon",
            of_2023,
            "<update ",
        ),
        (alma(), "/alma", "distro:alma", "/alma/8/errata.full.json", "\"issued_date\""),
        (
            Kind::RockyLinux,
            "/rocky/api/v3/advisories/",
            "distro:rocky",
            "/rocky/api/v3/advisories/?page=1&limit=100",
            "\"published_at\"",
        ),
        (
            Kind::OracleLinux,
            "/oracle/security/oval/com.oracle.elsa-all.xml.bz2",
            "distro:oracle",
            "/oracle/security/oval/com.oracle.elsa-all.xml.bz2",
            "<definition ",
        ),
    ]
}

/// How many records a file holds, without any reader of ours but for the packing.
fn counted(upstream: &Upstream, path: &str, mark: &str) -> usize {
    let bytes = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let bytes = bytes.get(format!("{}{path}", upstream.url)).send().unwrap().bytes().unwrap();
    let mut plain = Vec::new();
    let read = |reader: &mut dyn std::io::Read, plain: &mut Vec<u8>| reader.read_to_end(plain).unwrap();
    match path.rsplit('.').next() {
        Some("gz") => read(&mut flate2::read::MultiGzDecoder::new(bytes.as_ref()), &mut plain),
        Some("bz2") => read(&mut bzip2::read::MultiBzDecoder::new(bytes.as_ref()), &mut plain),
        _ => read(&mut bytes.as_ref(), &mut plain),
    };
    String::from_utf8_lossy(&plain).matches(mark).count()
}

#[test]
fn every_file_comes_whole_once_and_then_only_when_it_changes() {
    let Some(upstream) = Upstream::start(NOW) else { return };
    for (kind, path, truth, file, mark) in all() {
        let mut client = Client::new(&upstream, kind, path, truth);
        let first = client.sync(NOW);
        let expected = counted(&upstream, file, mark);
        assert_eq!((first.outcome, first.full_set, &first.owed), (FetchOutcome::Ok, true, &Vec::new()), "{path}");
        assert!(
            expected > 0 && client.sink.records.len() == expected,
            "{path}: {} of {expected}",
            client.sink.records.len()
        );
        let second = client.sync(NOW);
        assert_eq!((second.outcome, second.full_set), (FetchOutcome::Ok, false), "{path}");
        assert!(client.sink.documents == 0 || truth == "distro:rocky", "{path}: nothing has changed");
        assert_eq!(client.sink.records.len(), expected, "{path}");
    }
}

#[test]
fn amazon_and_rocky_grow_with_the_days() {
    let Some(upstream) = Upstream::start("2024-06-01T06:00:00Z") else { return };
    let (_, path, truth, ..) = all()[3].clone();
    let mut rocky = Client::new(&upstream, Kind::RockyLinux, path, truth);
    assert_eq!((rocky.sync("2024-06-01T06:00:00Z").outcome, rocky.sink.records.len()), (FetchOutcome::Ok, 1));
    upstream.clock(NOW);
    let end = rocky.sync(NOW);
    assert_eq!((end.outcome, rocky.sink.records.len()), (FetchOutcome::Ok, 2), "{end:?}");
}

/// Faults, and whether the source may be good all the same: with what came the sync then has everything.
fn faults(source: &str) -> Vec<Value> {
    let mut faults: Vec<Value> = [
        "refuse",
        "reset_mid_body",
        "truncate",
        "truncate_chunked",
        "cut_short",
        "too_many",
        "forbidden",
        "unauthorised",
        "html_page",
        "empty_body",
        "redirect_loop",
        "downgrade_redirect",
        "gzip_trailing_garbage",
        "bom",
        "wrong_digest",
        "etag_churn",
        "etag_frozen",
        "duplicate_across_pages",
        "moved_between_pages",
        "endless_pages",
    ]
    .iter()
    .map(|kind| json!({ "source": source, "kind": kind }))
    .collect();
    faults.push(json!({ "source": source, "kind": "status", "code": 503 }));
    faults.push(json!({ "source": source, "kind": "status", "code": 404 }));
    faults.push(json!({ "source": source, "kind": "total_changes", "by": 7 }));
    faults.push(json!({ "source": source, "kind": "zip_bomb", "size_mb": 2048 }));
    faults
}

#[test]
fn no_fault_ends_as_good_with_less_than_everything() {
    let Some(upstream) = Upstream::start(NOW) else { return };
    for (kind, path, truth, file, mark) in all() {
        let expected = counted(&upstream, file, mark);
        for fault in faults(truth) {
            upstream.faults(&json!([fault]));
            let mut client = Client::new(&upstream, kind.clone(), path, truth);
            let struck = client.sync(NOW);
            let held = client.sink.records.len();
            assert!(
                struck.outcome != FetchOutcome::Ok || held == expected,
                "{path} {fault}: {held} of {expected}, {struck:?}"
            );
            assert!(held <= expected, "{path} {fault}: {held} of {expected}");
            assert!(struck.outcome == FetchOutcome::Ok || !struck.owed.is_empty(), "{path} {fault}");
            upstream.faults(&no_faults());
            let end = client.sync(NOW);
            assert_eq!(
                (end.outcome, client.sink.records.len()),
                (FetchOutcome::Ok, expected),
                "{path} after {fault}: {end:?}"
            );
        }
    }
}

#[test]
fn a_broken_erratum_costs_itself_and_is_asked_for_again() {
    let Some(upstream) = Upstream::start(NOW) else { return };
    for how in ["bad_type", "missing_id", "invalid_utf8", "broken_json"] {
        let mut client = Client::new(&upstream, alma(), "/alma", "distro:alma");
        upstream.faults(&json!([{ "source": "distro:alma", "kind": "malformed", "how": how }]));
        let end = client.sync(NOW);
        assert_ne!(end.outcome, FetchOutcome::Ok, "{how}: {end:?}");
        upstream.faults(&no_faults());
        let end = client.sync(NOW);
        assert_eq!((end.outcome, client.sink.records.len()), (FetchOutcome::Ok, 2), "{how}: {end:?}");
    }
}
