use super::*;
use crate::model::advisory::MentionKind;
use crate::model::raw::Digest;
use crate::model::source::{Family, SourceId};

fn read(document: &str) -> Vec<Result<Translated<Advisory>, String>> {
    let source = SourceId("misp".to_owned());
    let context = Context {
        source: &source,
        family: Family::Bulletin,
        object: Digest([7; 32]),
        entry: "",
        from: "",
        tlp: Tlp::Amber,
        document: document.as_bytes(),
    };
    let mut found = Vec::new();
    split(document.as_bytes(), &mut |record| found.push(translate(&record, &context))).unwrap();
    found
}

const EVENT: &str = r#"{"Event":{"uuid":"5a3c1d2e-0000-4000-8000-000000000001","info":"Mirth Connect: first fix incomplete","date":"2023-10-26",
    "timestamp":"1698321600","publish_timestamp":"1698321601","Orgc":{"name":"Centre"},
    "Tag":[{"name":"tlp:green"},{"name":"sector:health"}],
    "Attribute":[{"type":"vulnerability","value":"CVE-2023-43208"},{"type":"cpe","value":"cpe:2.3:a:nextgen:mirth_connect:*:*:*:*:*:*:*:*"},
      {"type":"comment","value":"Version 4.4.1 closes it; see CVE-2023-37679.","comment":"GHSA-rxwq-x6h5-x525"},
      {"type":"link","value":"https://example.org/mirth"},{"type":"ip-dst","value":"192.0.2.1"},
      {"type":"vulnerability","value":"CVE-2020-0001","deleted":true}],
    "Object":[{"name":"vulnerable-product","Attribute":[{"type":"text","object_relation":"vendor","value":"NextGen"},
      {"type":"text","object_relation":"product","value":"Mirth Connect","Tag":[{"name":"tlp:amber+strict"}]},{"type":"text","object_relation":"version","value":"4.4.0"}]}]}}"#;

#[test]
fn an_event_says_what_it_is_about_and_who_may_see_it() {
    let event = read(EVENT).remove(0).unwrap().value;
    assert_eq!((event.title.as_str(), event.tlp), ("Mirth Connect: first fix incomplete", Tlp::AmberStrict));
    assert_eq!(event.modified, "2023-10-26T12:00:00Z".parse().ok());
    assert_eq!(event.published, "2023-10-26T00:00:00Z".parse().ok());
    let texts: Vec<(MentionKind, &str)> = event.mentions.iter().map(|it| (it.kind, it.text.as_str())).collect();
    assert_eq!(
        texts,
        [
            (MentionKind::Vulnerability, "CVE-2023-37679"),
            (MentionKind::Vulnerability, "CVE-2023-43208"),
            (MentionKind::Vulnerability, "GHSA-rxwq-x6h5-x525"),
            (MentionKind::Cpe, "cpe:2.3:a:nextgen:mirth_connect:*:*:*:*:*:*:*:*"),
            (MentionKind::Product, "NextGen: Mirth Connect 4.4.0"),
        ]
    );
    assert!(event.description.starts_with("Version 4.4.1") && event.references.len() == 1);
}

#[test]
fn unmarked_events_are_marked_as_their_source() {
    let plain = r#"{"Event":{"uuid":"1","info":"x","timestamp":1698321600,"Tag":[{"name":"tlp:ex:chr"}]}}"#;
    assert_eq!(read(plain).remove(0).unwrap().value.tlp, Tlp::Amber);
    assert_eq!(read(&plain.replace("tlp:ex:chr", "TLP:White")).remove(0).unwrap().value.tlp, Tlp::Clear);
}

#[test]
fn exports_with_many_events_are_cut_and_other_documents_refused() {
    assert_eq!(read(&format!(r#"{{"response":[{EVENT},{EVENT}]}}"#)).len(), 2);
    assert_eq!(read(&format!("[{EVENT}]")).len(), 1);
    for text in ["{}", "<html>", r#"{"Event":{"uuid":"1""#, ""] {
        assert!(split(text.as_bytes(), &mut |_| {}).is_err(), "{text}");
    }
}

#[test]
fn a_broken_event_is_set_aside_or_read_with_warnings() {
    assert!(read(r#"{"Event":{"info":"x"}}"#)[0].is_err());
    assert!(read(r#"{"Event":{"uuid":"1","info":"x","timestamp":{}}}"#)[0].is_err(), "a date of another type");
    let odd = read(r#"{"Event":{"uuid":"1","info":42,"timestamp":"soon","Attribute":"none","Object":[1]}}"#)
        .remove(0)
        .unwrap();
    assert_eq!((odd.value.title.as_str(), odd.warnings.len()), ("42", 1));
    let deep = format!(r#"{{"Event":{{"uuid":"1","info":{}{}}}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(&deep).remove(0).unwrap_err().contains("recursion limit"), "a title nested too deep");
}
