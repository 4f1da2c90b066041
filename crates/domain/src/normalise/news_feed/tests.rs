use super::*;
use crate::model::raw::Digest;
use crate::model::source::{Family, SourceId};
use crate::model::tlp::Tlp;

fn read(document: &[u8]) -> Vec<Result<Translated<Advisory>, String>> {
    let source = SourceId("feed".to_owned());
    let context = Context {
        source: &source,
        family: Family::Bulletin,
        object: Digest([7; 32]),
        entry: "",
        from: "",
        tlp: Tlp::Green,
        document,
    };
    let mut found = Vec::new();
    split(document, &mut |record| found.push(translate(&record, &context))).unwrap();
    found
}

fn rss(items: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Centre</title>{items}</channel></rss>"#
    )
}

const ITEM: &str = "<item><title>[TLP:AMBER] regreSSHion on gateways</title><link>https://example.org/B-11.html</link><guid isPermaLink=\"false\">B-11</guid><pubDate>Mon, 01 Jul 2024 15:05:00 CEST</pubDate><description>&lt;p&gt;A race in sshd, CVE-2024-6387.&lt;br&gt;See &lt;a href='https://nvd.nist.gov/vuln/detail/CVE-2024-6387'&gt;NVD&lt;/a&gt; and &lt;a href='https://example.org/CVE-2006-5051'&gt;this&lt;/a&gt;.&lt;/p&gt;</description></item>";

#[test]
fn an_entry_is_a_bulletin_with_its_mark_and_mentions() {
    let entry = read(rss(ITEM).as_bytes()).remove(0).unwrap().value;
    assert_eq!((entry.id.as_str(), entry.tlp), ("B-11", Tlp::Amber));
    assert_eq!(entry.modified, "2024-07-01T13:05:00Z".parse().ok());
    assert_eq!(entry.description, "A race in sshd, CVE-2024-6387.\nSee NVD and this.");
    let mentions: Vec<&str> = entry.mentions.iter().map(|mention| mention.text.as_str()).collect();
    assert_eq!(mentions, ["CVE-2006-5051", "CVE-2024-6387"], "links count, and nothing counts twice");
    assert_eq!(entry.references[0].url, "https://example.org/B-11.html");
}

#[test]
fn without_an_identifier_the_link_counts_and_without_either_the_entry_is_set_aside() {
    let linked = ITEM.replace("<guid isPermaLink=\"false\">B-11</guid>", "");
    assert_eq!(read(rss(&linked).as_bytes())[0].as_ref().unwrap().value.id, "https://example.org/B-11.html");
    let neither = linked.replace("https://example.org/B-11.html", "");
    let found = read(rss(&format!("{neither}{ITEM}")).as_bytes());
    assert!(found[0].is_err() && found[1].is_ok());
    let unmarked = ITEM.replace("[TLP:AMBER] ", "").replace("01 Jul 2024", "32 Foo 2024");
    let found = read(rss(&unmarked).as_bytes()).remove(0).unwrap();
    assert_eq!((found.value.tlp, found.value.modified, found.warnings.len()), (Tlp::Green, None, 1));
}

#[test]
fn an_entry_in_another_encoding_than_declared_costs_itself() {
    let mut document = rss(&format!("{}{ITEM}", ITEM.replace("B-11", "B-12"))).into_bytes();
    let at = document.windows(4).position(|window| window == b"race").unwrap();
    document[at] = 0xff;
    let found = read(&document);
    assert!(found[0].as_ref().unwrap_err().contains("utf-8") && found[1].is_ok());
    let latin =
        String::from_utf8(document.clone().into_iter().map(|byte| if byte == 0xff { b'?' } else { byte }).collect());
    let mut latin =
        latin.unwrap().replace("UTF-8", "ISO-8859-1").replace("regreSSHion on", "regreSSHion \u{1}ber").into_bytes();
    latin.iter_mut().filter(|byte| **byte == 1).for_each(|byte| *byte = 0xfc);
    assert!(read(&latin)[0].as_ref().unwrap().value.title.contains("über"));
    assert!(split(latin_named(&latin, "x-unknown").as_slice(), &mut |_| {}).is_err());
}

fn latin_named(document: &[u8], name: &str) -> Vec<u8> {
    let text: String = document.iter().map(|byte| char::from(*byte)).collect();
    text.replace("ISO-8859-1", name).chars().map(|letter| letter as u8).collect()
}

#[test]
fn what_is_no_feed_is_refused() {
    for document in ["<html><p>Back soon</p></html>", "", "{}", "<rss><channel><item>"] {
        assert!(split(document.as_bytes(), &mut |_| {}).is_err(), "{document}");
    }
}
