use super::*;

fn read(document: &str) -> Vec<Result<Entry, FeedError>> {
    let known = |name: &str| match name {
        "amp" => Some("&".to_owned()),
        "lt" => Some("<".to_owned()),
        "gt" => Some(">".to_owned()),
        _ => None,
    };
    let spans = outline(document.as_bytes()).unwrap().entries;
    spans.into_iter().map(|span| entry(&document[span], &known)).collect()
}

#[test]
fn rss_2_is_read() {
    let document = r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="c" xmlns:media="m"><channel><title>Feed</title>
        <item><title>Pumps &amp; more</title><link>https://example.org/1</link><guid isPermaLink="false">B-1</guid>
        <pubDate>Tue, 08 Oct 2024 17:30:00 GMT</pubDate><description><![CDATA[<p>Text</p>]]></description>
        <content:encoded>&lt;b&gt;All&lt;/b&gt;</content:encoded><media:title>no</media:title><category>a</category></item>
        <item/><item><title>Second</title></item></channel></rss>"#;
    let found = read(document);
    assert_eq!(found.len(), 2);
    let first = found[0].as_ref().unwrap();
    assert_eq!((first.id.as_str(), first.title.as_str()), ("B-1", "Pumps & more"));
    assert_eq!((first.summary.as_str(), first.content.as_str()), ("<p>Text</p>", "<b>All</b>"));
    assert_eq!((first.published.as_str(), first.categories.len()), ("Tue, 08 Oct 2024 17:30:00 GMT", 1));
}

#[test]
fn atom_is_read_with_its_links_and_markup() {
    let document = r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:feed</id><entry><id>urn:1</id><title type="text">T</title>
        <link rel="self" href="https://example.org/self"/><link href="https://example.org/1"/><updated>2024-10-08T17:30:00Z</updated>
        <source><id>urn:other</id><title>Other</title></source>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>Two</p></div></content></entry></feed>"#;
    let entry = read(document).remove(0).unwrap();
    assert_eq!(
        (entry.id.as_str(), entry.title.as_str(), entry.updated.as_str()),
        ("urn:1", "T", "2024-10-08T17:30:00Z")
    );
    assert_eq!(entry.links, ["https://example.org/1", "https://example.org/self"]);
    assert_eq!(entry.content.split_whitespace().collect::<Vec<_>>(), ["One", "Two"]);
}

#[test]
fn rss_1_is_read_with_jvns_extension() {
    let document = r#"<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="r" xmlns:dc="d" xmlns:sec="s" xmlns:dcterms="t"><channel rdf:about="x"><items><rdf:Seq/></items></channel>
        <item rdf:about="https://jvndb.jvn.jp/ja/contents/2024/JVNDB-2024-000001.html"><title>t</title><link>https://jvndb.jvn.jp/1</link>
        <sec:identifier>JVNDB-2024-000001</sec:identifier><sec:references id="CVE-2024-0001" source="CVE">https://example.org</sec:references>
        <sec:cpe version="2.2" vendor="v">cpe:/a:v:p</sec:cpe><dc:date>2024-01-05T10:00+09:00</dc:date><dcterms:modified>2024-01-06T10:00+09:00</dcterms:modified></item></rdf:RDF>"#;
    let entry = read(document).remove(0).unwrap();
    assert_eq!(entry.id, "https://jvndb.jvn.jp/ja/contents/2024/JVNDB-2024-000001.html");
    assert_eq!(entry.identifiers, ["JVNDB-2024-000001", "CVE-2024-0001"]);
    assert_eq!((entry.cpes.len(), entry.updated.as_str()), (1, "2024-01-06T10:00+09:00"));
}

#[test]
fn entities_that_a_document_declares_are_not_expanded_and_cost_their_entry_only() {
    let document = r#"<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha"><!ENTITY e1 "&e0;&e0;">]>
        <rss><channel><item><title>a &e1;</title></item><item><title>b</title></item></channel></rss>"#;
    let found = read(document);
    assert!(found[0].as_ref().unwrap_err().reason.contains("&e1;"));
    assert_eq!(found[1].as_ref().unwrap().title, "b");
}

#[test]
fn what_is_no_feed_or_breaks_off_is_refused() {
    for document in [
        "",
        "plain text",
        "<html><body><item>x</item></body></html>",
        "<rss><channel><item><title>a</title>",
        "<rss><channel><item><title>a</title></item></channel>",
        "<rss/>",
        "<rss><channel><!-- ",
        "{\"items\":[]}",
    ] {
        assert!(outline(document.as_bytes()).is_err(), "{document}");
    }
    assert!(outline(b"\xff\xfe<\0r\0").unwrap_err().reason.contains("UTF-16"));
    let declared = outline(b"\xef\xbb\xbf<?xml version='1.0' encoding = 'ISO-8859-1'?><rss></rss>").unwrap();
    assert_eq!((declared.encoding.as_str(), declared.entries.len()), ("iso-8859-1", 0));
}

#[test]
fn hostile_entries_are_refused_in_bounded_memory() {
    let deep = format!("<rss><item>{}{}</item></rss>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(read(&deep)[0].is_err());
    let long = format!("<rss><item><title>{}</title></item></rss>", "A".repeat(1 << 22));
    assert_eq!(read(&long)[0].as_ref().unwrap().title.len(), 1 << 22);
    let whole = r#"<?xml version="1.0"?><rss><channel><item><title>a &amp; b</title><link x='1'>c</link></item></channel></rss>"#;
    for end in 0..whole.len() {
        let _ = outline(&whole.as_bytes()[..end]);
    }
    for at in 0..whole.len() {
        let mut bytes = whole.as_bytes().to_vec();
        bytes[at] ^= 0x3f;
        for span in outline(&bytes).map(|outline| outline.entries).unwrap_or_default() {
            let _ = entry(&String::from_utf8_lossy(&bytes[span]), &|_| None);
        }
    }
}
