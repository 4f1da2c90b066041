//! Single sources against small servers of our own.

use domain::clock::FixedClock;
use domain::model::source::{FetchOutcome, SourceId};
use sources::{End, Kind, SourceConfig, fetch};

use crate::server::{Reply, Server};
use crate::sink::{Counting, at, hasty};

fn sync(kind: Kind, url: &str, cursor: Option<&str>, sink: &mut Counting) -> End {
    let config = SourceConfig::new(SourceId(kind.name().to_owned()), kind, url.to_owned());
    sink.begin();
    let (http, _) = hasty();
    let end = fetch(&config, cursor, &http, &FixedClock(at("2024-10-09T06:00:00Z")), sink);
    sink.finish(end.full_set);
    end
}

const KEV: &str = r#"{"catalogVersion":"2024.10.08","dateReleased":"2024-10-08T15:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2024-43573"}]}"#;

#[test]
fn a_maintenance_page_empties_no_catalogue() {
    let server =
        Server::start(
            |_, number| if number == 0 { Reply::new(200, KEV) } else { Reply::new(200, "<html>Back soon</html>") },
        );
    let mut sink = Counting::default();
    let first = sync(Kind::CisaKev, &server.url, None, &mut sink);
    assert_eq!(
        (first.outcome, first.full_set, first.data_timestamp),
        (FetchOutcome::Ok, true, Some(at("2024-10-08T15:00:00Z")))
    );
    let second = sync(Kind::CisaKev, &server.url, first.cursor.as_deref(), &mut sink);
    assert_eq!((second.outcome, second.full_set, second.cursor), (FetchOutcome::Failed, false, first.cursor));
    assert_eq!(sink.records.len(), 1);
    assert_eq!(server.asked().len(), 3, "the page is asked for twice");
}

#[test]
fn a_new_etag_every_time_and_one_for_ever_are_both_survived() {
    let server = Server::start(|asked, _| match asked.header("if-none-match") {
        Some(_) => Reply::new(304, ""),
        None => Reply::new(200, KEV).header("ETag", "\"for ever\""),
    });
    let mut sink = Counting::default();
    let first = sync(Kind::CisaKev, &server.url, None, &mut sink);
    let second = sync(Kind::CisaKev, &server.url, first.cursor.as_deref(), &mut sink);
    assert_eq!((second.outcome, sink.documents), (FetchOutcome::Ok, 0));
    let old = first.cursor.unwrap().replace("2024-10-09", "2024-10-07");
    sync(Kind::CisaKev, &server.url, Some(&old), &mut sink);
    assert_eq!(sink.documents, 1, "validators are believed for a day");
}

#[test]
fn a_cursor_from_elsewhere_is_a_beginning_and_an_address_that_is_none_a_sentence() {
    let server = Server::start(|_, _| Reply::new(200, KEV));
    let mut sink = Counting::default();
    assert_eq!(sync(Kind::CisaKev, &server.url, Some("not a cursor"), &mut sink).outcome, FetchOutcome::Ok);
    for kind in [Kind::CisaKev, Kind::Nvd, Kind::CveList, Kind::Csaf, Kind::Osv { ecosystem: Some("npm".to_owned()) }] {
        let end = sync(kind, "nowhere", Some("{}"), &mut sink);
        assert_eq!((end.outcome, end.owed.len(), end.cursor.as_deref()), (FetchOutcome::Failed, 1, Some("{}")));
    }
}

#[test]
fn a_document_with_the_wrong_digest_is_named_and_asked_for_again() {
    let right = "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";
    let server = Server::start(move |asked, _| {
        let host = format!("http://{}", asked.header("host").unwrap());
        match asked.target.as_str() {
            "/provider-metadata.json" => Reply::new(
                200,
                format!(
                    r#"{{"role":"csaf_provider","distributions":[{{"rolie":{{"feeds":[{{"url":"{host}/white/feed.json","tlp_label":"WHITE"}}]}}}}]}}"#
                ),
            ),
            "/white/feed.json" => Reply::new(
                200,
                format!(
                    r#"{{"feed":{{"updated":"2024-10-08T00:00:00Z","entry":[{{"id":"A","updated":"2024-10-08T00:00:00Z",
                "content":{{"src":"{host}/white/2024/a.json"}},"link":[{{"rel":"hash","href":"{host}/white/2024/a.json.sha512"}}]}}]}}}}"#
                ),
            ),
            "/white/2024/a.json" => Reply::new(200, r#"{"document":{"tracking":{"id":"A"}}}"#),
            "/white/2024/a.json.sha512" => Reply::new(200, format!("{right}  a.json\n")),
            _ => Reply::new(404, ""),
        }
    });
    let mut sink = Counting::default();
    let end = sync(Kind::Csaf, &format!("{}/provider-metadata.json", server.url), None, &mut sink);
    assert_eq!((end.outcome, end.stated, sink.records.len()), (FetchOutcome::Failed, Some(1), 0));
    assert!(end.owed[0].contains("a.json") && end.owed[0].contains(right), "{:?}", end.owed);
}

#[test]
fn a_release_that_loses_a_file_is_no_full_set() {
    let server = Server::start(|asked, _| match asked.target.as_str() {
        "/v3.20/main.json" => Reply::new(200, r#"{"distroversion":"v3.20","reponame":"main","packages":[]}"#),
        _ => Reply::new(404, ""),
    });
    let mut sink = Counting::default();
    let end = sync(Kind::Alpine { releases: vec!["v3.20".to_owned()] }, &server.url, None, &mut sink);
    assert!(!end.full_set && end.owed.len() == 1, "{end:?}");
}

#[test]
fn the_facts_of_every_kind_agree_with_themselves() {
    let mut names = std::collections::BTreeSet::new();
    for kind in sources::kind::all() {
        let facts = kind.facts();
        assert!(names.insert(facts.name), "{} stands there twice", facts.name);
        assert!(facts.url.is_empty() || facts.url.starts_with("https://") || facts.url.starts_with("file://"));
        assert!(facts.fresh_hours >= facts.every_hours, "{}", facts.name);
        assert!(facts.completeness.ends_with('.') && !facts.about.ends_with('.'), "{}", facts.name);
    }
}
