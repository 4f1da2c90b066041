//! Bulletins that are broken or meant to break us, and real collections.

use domain::model::tlp::Tlp;
use domain::normalise::Format;

use super::records;

const STIX: &str = r#"{"more":false,"objects":[{"type":"vulnerability","id":"vulnerability--1","modified":"2024-03-29T18:40:00Z","name":"CVE-2024-3094"},
{"type":"report","id":"report--1","name":"é\u00e9 xz","object_refs":["vulnerability--1"],"object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
"granular_markings":[{"marking_ref":"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"}],"extensions":{"extension-definition--1":{"tlp_2_0":"red"}}}]}"#;

const MISP: &str = r#"{"Event":{"uuid":"5a3c1d2e-0000-4000-8000-000000000001","info":"xz","timestamp":"1711737600","Tag":[{"name":"tlp:amber"}],
"Attribute":[{"type":"vulnerability","value":"CVE-2024-3094"},{"type":"cpe","value":"cpe:2.3:a:tukaani:xz:5.6.0:*:*:*:*:*:*:*"}],"Object":[{"Attribute":[{"object_relation":"product","value":"xz"}]}]}}"#;

const FEED: &str = r#"<?xml version="1.0"?><rss><channel><item><title>xz &amp; co</title><guid>B-1</guid><pubDate>Fri, 29 Mar 2024 18:40:00 GMT</pubDate><description><![CDATA[<p>CVE-2024-3094 <a href="https://example.org">x</a></p>]]></description></item></channel></rss>"#;

const MAIL: &str = "From: a@example.org\r\nSubject: =?utf-8?q?TLP:GREEN?=\r\nDate: Fri, 29 Mar 2024 18:40:00 +0000\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>CVE-2024-3094\r\n--x\r\nContent-Type: application/json; name=a.json\r\n\r\n{\"objects\":[{\"id\":\"software--1\"}]}\r\n--x--\r\n";

const ALL: [(Format, &str); 4] =
    [(Format::Stix, STIX), (Format::MispEvent, MISP), (Format::NewsFeed, FEED), (Format::Mail, MAIL)];

#[test]
fn no_truncation_and_no_flipped_byte_makes_a_reader_of_bulletins_panic() {
    for (format, document) in ALL {
        for end in 0..document.len() {
            let (statement, found) = records(format, &document.as_bytes()[..end]);
            assert!(statement.is_ok() || found.is_empty());
        }
        for at in 0..document.len() {
            for flip in [0x01, 0x20, 0x80, 0xFF] {
                let mut bytes = document.as_bytes().to_vec();
                bytes[at] ^= flip;
                let _ = records(format, &bytes);
            }
        }
    }
}

#[test]
fn depth_and_length_of_bulletins_are_bounded() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    for (place, value) in [("name", deep.clone()), ("object_refs", deep.clone()), ("extensions", deep.clone())] {
        let (_, found) =
            records(Format::Stix, format!(r#"{{"objects":[{{"id":"report--1","{place}":{value}}}]}}"#).as_bytes());
        assert_eq!(found.len(), 1, "{place}");
    }
    let (_, found) = records(Format::MispEvent, format!(r#"{{"Event":{{"uuid":"1","Attribute":{deep}}}}}"#).as_bytes());
    assert_eq!(found.len(), 1);
    let long = "A".repeat(2 << 20);
    for (format, document) in [
        (Format::Stix, format!(r#"{{"objects":[{{"id":"report--1","description":"{long}"}}]}}"#)),
        (Format::MispEvent, format!(r#"{{"Event":{{"uuid":"1","info":"{long}","timestamp":"1"}}}}"#)),
        (
            Format::NewsFeed,
            format!("<rss><channel><item><guid>1</guid><description>{long}</description></item></channel></rss>"),
        ),
        (Format::Mail, format!("From: a@example.org\r\n\r\n{long}")),
    ] {
        let (_, found) = records(format, document.as_bytes());
        assert!(found[0].as_ref().unwrap().value.title.len() < 1_000, "{format:?}");
    }
}

#[test]
fn ten_thousand_objects_of_one_document_are_read_in_their_surroundings_once() {
    let objects: Vec<String> = (0..10_000)
        .map(|n| format!(r#"{{"type":"vulnerability","id":"vulnerability--{n}","name":"CVE-2024-{:05}"}}"#, n + 10_000))
        .collect();
    let refs: Vec<String> = (0..10_000).map(|n| format!("\"vulnerability--{n}\"")).collect();
    let document = format!(
        r#"{{"objects":[{},{{"type":"report","id":"report--1","name":"All","object_refs":[{}],"object_marking_refs":["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]}}]}}"#,
        objects.join(","),
        refs.join(",")
    );
    let (_, found) = records(Format::Stix, document.as_bytes());
    assert_eq!(found.len(), 10_001);
    let all = &found[10_000].as_ref().unwrap().value;
    assert_eq!((all.tlp, all.mentions.len()), (Tlp::Red, 10_000));
    assert!(found.iter().all(|it| it.as_ref().unwrap().value.tlp == Tlp::Red));
}
