use super::*;

#[test]
fn an_archives_name_says_what_it_covers() {
    let check = |name: &str, since: &str, until: &str| {
        let span = Span::named(name).unwrap();
        assert_eq!(
            (span.since().to_string(), span.until().to_string()),
            (since.to_owned(), until.to_owned()),
            "{name}"
        );
    };
    check("2024-10-09_all_CVEs_at_midnight.zip.zip", "2024-10-09T00:00:00Z", "2024-10-09T00:00:00Z");
    check("2024-10-09_delta_CVEs_at_1300Z.zip", "2024-10-09T00:00:00Z", "2024-10-09T13:00:00Z");
    check("2024-12-31_delta_CVEs_at_end_of_day.zip", "2024-12-31T00:00:00Z", "2025-01-01T00:00:00Z");
    assert_eq!(Span::named("2024-10-09_delta_CVEs_at_noon.zip"), None);
    assert_eq!(Span::named("notes.txt"), None);
}

#[test]
fn a_release_keeps_the_archives_it_understands() {
    let text = br#"{"tag_name":"cve_2024-10-09_0600Z","assets":[
        {"name":"2024-10-09_delta_CVEs_at_0600Z.zip","size":10,"browser_download_url":"https://example.org/d.zip"},
        {"name":"notes.md","size":1,"browser_download_url":"https://example.org/n","digest":null}]}"#;
    let release = asset::release(text).unwrap();
    assert_eq!((release.tag.as_str(), release.assets.len()), ("cve_2024-10-09_0600Z", 1));
    assert!(asset::release(b"<html>").is_err());
}

#[test]
fn the_tree_lies_where_the_interface_says_and_a_record_by_its_number() {
    let root = |text: &str| tree::root(&Url::parse(text).unwrap()).map(|url| url.to_string());
    assert_eq!(
        root("https://api.github.com/repos/CVEProject/cvelistV5").as_deref(),
        Some("https://raw.githubusercontent.com/CVEProject/cvelistV5/main")
    );
    assert_eq!(root("https://mirror.example/cvelist-api").as_deref(), Some("https://mirror.example/cvelist-raw/main"));
    assert_eq!(root("https://mirror.example/cves"), None);
    assert_eq!(tree::path("CVE-2024-3094").as_deref(), Some("cves/2024/3xxx/CVE-2024-3094.json"));
    assert_eq!(tree::path("CVE-2014-0160").as_deref(), Some("cves/2014/0xxx/CVE-2014-0160.json"));
    assert_eq!((tree::path("CVE-2024-../../x"), tree::path("GHSA-1")), (None, None));
}

#[test]
fn the_log_names_what_is_new_and_what_is_updated() {
    let text = br#"[{"fetchTime":"2024-10-09T06:00:32.123Z","numberOfChanges":2,
        "new":[{"cveId":"CVE-2024-9680","dateUpdated":"2024-10-09T05:59:00Z"}],"updated":[{"cveId":"CVE-2024-3094"}],"error":[]}]"#;
    let log = tree::read(text).unwrap();
    assert_eq!(log[0].ids, ["CVE-2024-9680", "CVE-2024-3094"]);
    assert!(tree::read(b"[]").is_err() && tree::read(b"<html>").is_err());
}
