use super::*;
use crate::model::advisory::MentionKind;
use crate::model::raw::Digest;
use crate::model::source::{Family, SourceId};

const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
const AMBER_1: &str = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";

fn read(document: &str, default: Tlp) -> Vec<Result<Translated<Advisory>, String>> {
    let source = SourceId("isac".to_owned());
    let context = Context {
        source: &source,
        family: Family::Bulletin,
        object: Digest([7; 32]),
        entry: "",
        from: "",
        tlp: default,
        document: document.as_bytes(),
    };
    let mut found = Vec::new();
    split(document.as_bytes(), &mut |record| found.push(translate(&record, &context))).unwrap();
    found
}

fn marks(document: &str, default: Tlp) -> Vec<(String, Tlp)> {
    read(document, default).into_iter().map(|it| it.unwrap().value).map(|it| (it.title, it.tlp)).collect()
}

fn report(mark: &str) -> String {
    format!(
        r#"{{"type":"report","id":"report--1","created":"2024-03-29T18:40:00Z","modified":"2024-03-30T08:00:00.000Z",
        "name":"Back door in xz","description":"Versions 5.6.0 and 5.6.1. See GHSA-rxwq-x6h5-x525.","published":"2024-03-29T18:40:00Z",
        "object_refs":["vulnerability--1","software--1","indicator--elsewhere"],"object_marking_refs":["{mark}"],
        "external_references":[{{"source_name":"example","external_id":"EX-1","url":"https://bulletins.example/EX-1"}}]}}"#
    )
}

const VULNERABILITY: &str = r#"{"type":"vulnerability","id":"vulnerability--1","created":"2024-03-29T18:40:00Z","modified":"2024-03-29T18:40:00Z","name":"CVE-2024-3094","external_references":[{"source_name":"cve","external_id":"CVE-2024-3094"}]}"#;
const SOFTWARE: &str = r#"{"type":"software","id":"software--1","name":"xz","vendor":"Tukaani","version":"5.6.1","cpe":"cpe:2.3:a:tukaani:xz:5.6.1:*:*:*:*:*:*:*","purl":"pkg:generic/xz@5.6.1"}"#;

fn envelope(objects: &[&str]) -> String {
    format!(r#"{{"more":false,"objects":[{}]}}"#, objects.join(","))
}

#[test]
fn a_report_mentions_what_its_objects_name_and_keeps_what_is_elsewhere_as_related() {
    let document = envelope(&[VULNERABILITY, SOFTWARE, &report(GREEN)]);
    let report = read(&document, Tlp::Amber).pop().unwrap().unwrap().value;
    let texts: Vec<&str> = report.mentions.iter().map(|mention| mention.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "CVE-2024-3094",
            "GHSA-rxwq-x6h5-x525",
            "pkg:generic/xz@5.6.1",
            "cpe:2.3:a:tukaani:xz:5.6.1:*:*:*:*:*:*:*",
            "Tukaani: xz 5.6.1"
        ]
    );
    assert_eq!(report.mentions[4].kind, MentionKind::Product);
    assert_eq!(report.related, ["vulnerability--1", "software--1", "indicator--elsewhere"]);
    assert_eq!(report.references[0].url, "https://bulletins.example/EX-1");
    assert_eq!(report.modified, timestamp("2024-03-30T08:00:00Z"));
    assert!(report.affected.is_empty() && report.aliases.is_empty(), "a bulletin states nothing about products");
}

#[test]
fn the_strictest_marking_counts_and_unmarked_objects_are_as_the_reports_that_bring_them() {
    let document = envelope(&[VULNERABILITY, SOFTWARE, &report(GREEN)]);
    let found = marks(&document, Tlp::Clear);
    assert_eq!(
        found,
        [
            ("CVE-2024-3094".to_owned(), Tlp::Green),
            ("xz".to_owned(), Tlp::Green),
            ("Back door in xz".to_owned(), Tlp::Green)
        ]
    );
    let two = report(AMBER_1).replace("report--1", "report--2");
    assert_eq!(marks(&envelope(&[VULNERABILITY, &report(GREEN), &two]), Tlp::Clear)[0].1, Tlp::Amber);
    let parts = report(GREEN).replace(
        r#""object_marking"#,
        &format!(r#""granular_markings":[{{"lang":"en"}},{{"marking_ref":"{AMBER_1}","selectors":["description"]}}],"object_marking"#),
    );
    assert_eq!(marks(&envelope(&[&parts]), Tlp::Clear)[0].1, Tlp::Amber);
}

#[test]
fn what_nothing_marks_is_as_the_source_and_as_strict_as_its_document() {
    let identity = r#"{"type":"identity","id":"identity--1","name":"Centre"}"#;
    let document = envelope(&[identity, VULNERABILITY]);
    assert_eq!(
        marks(&document, Tlp::Amber),
        [("Centre".to_owned(), Tlp::Amber), ("CVE-2024-3094".to_owned(), Tlp::Amber)]
    );
    let other = report("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1").replace("vulnerability--1", "x--1");
    let document = envelope(&[identity, VULNERABILITY, &other]);
    let found = marks(&document, Tlp::Green);
    assert_eq!(
        (found[0].1, found[1].1, found[2].1),
        (Tlp::Green, Tlp::Red, Tlp::Red),
        "its report may lie on the next page"
    );
}

#[test]
fn marking_definitions_of_the_document_are_understood_in_both_editions_of_tlp() {
    let own = r#"{"type":"marking-definition","id":"marking-definition--1","definition_type":"tlp","definition":{"tlp":"amber"}}"#;
    let new = r#"{"type":"marking-definition","id":"marking-definition--2","name":"TLP:AMBER+STRICT","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}}"#;
    let statement = r#"{"type":"marking-definition","id":"marking-definition--3","definition_type":"statement","definition":{"statement":"Copyright"}}"#;
    let mark = |id: &str| {
        marks(&envelope(&[own, &new.replace("\"name\":\"TLP:AMBER+STRICT\",", ""), statement, &report(id)]), Tlp::Clear)
            [3]
        .1
    };
    assert_eq!(mark("marking-definition--1"), Tlp::Amber);
    assert_eq!(mark("marking-definition--2"), Tlp::AmberStrict);
    assert_eq!(mark("marking-definition--3"), Tlp::Clear, "a copyright is no label, and nothing else is marked");
}

#[test]
fn of_several_versions_the_newest_counts_wherever_it_stands() {
    let old = VULNERABILITY.replace("\"modified\":\"2024-03-29T18:40:00Z\"", "\"modified\":\"2024-03-29T18:39:59Z\"");
    for document in [envelope(&[VULNERABILITY, SOFTWARE, &old]), envelope(&[&old, SOFTWARE, VULNERABILITY])] {
        let found = read(&document, Tlp::Clear);
        assert_eq!(found.len(), 2);
        assert!(found.iter().any(|it| it.as_ref().unwrap().value.modified == timestamp("2024-03-29T18:40:00Z")));
    }
}

#[test]
fn what_is_revoked_is_withdrawn_since_then() {
    let revoked = report(GREEN).replace(r#""name""#, r#""revoked":true,"name""#);
    let report = read(&envelope(&[&revoked]), Tlp::Clear).pop().unwrap().unwrap().value;
    assert_eq!(report.state, State::Withdrawn { at: timestamp("2024-03-30T08:00:00Z") });
}

#[test]
fn envelopes_may_be_empty_and_other_documents_are_refused() {
    let count = |text: &str| split(text.as_bytes(), &mut |_| {}).map(|statement| statement.records);
    assert_eq!(count("{}"), Ok(0));
    assert_eq!(count(r#"{"more":false}"#), Ok(0));
    assert_eq!(count(r#"{"type":"bundle","id":"bundle--1"}"#), Ok(0));
    assert!(count(r#"{"title":"Not Found","http_status":"404"}"#).is_err());
    assert!(count(r#"{"objects":[{"id":"report--1"}"#).is_err());
    assert!(count("<html></html>").is_err());
}

#[test]
fn a_broken_object_costs_itself() {
    let document = envelope(&[
        r#"{"type":"report"}"#,
        r#"{"id":"report--2","description":[1],"modified":"soon","revoked":"yes"}"#,
        VULNERABILITY,
        r#"{"id":"report--3","modified":{}}"#,
    ]);
    let found = read(&document, Tlp::Clear);
    assert!(found[0].is_err() && found[2].is_ok());
    assert_eq!(found[1].as_ref().unwrap().warnings.len(), 3);
    assert!(found[3].is_err(), "a date of another type");
}
