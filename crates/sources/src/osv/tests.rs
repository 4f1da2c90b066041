use super::*;

const LIST: &[u8] = b"2024-10-09T05:00:00Z,GHSA-c\r\n2024-10-09T05:00:00Z,GHSA-b\n2024-10-08T00:00:00.5Z,GHSA-a\n";

#[test]
fn records_that_tie_with_the_cursor_are_asked_for_unless_they_are_in() {
    let changes = changes::read(LIST).unwrap();
    let newest = "2024-10-09T05:00:00Z".parse().unwrap();
    let wanted = changes.since(Some(newest), &["GHSA-b".to_owned()]);
    assert_eq!(wanted.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["GHSA-c"]);
    assert_eq!(changes.after(newest).len(), 0);
    assert_eq!(changes.since(None, &[]).len(), 3);
}

#[test]
fn an_empty_list_or_a_web_page_is_no_news() {
    assert!(changes::read(b"").is_err());
    assert!(changes::read(b"\n\n").is_err());
    assert!(changes::read(b"<html><body>Maintenance</body></html>").is_err());
}

#[test]
fn names_with_spaces_are_encoded_and_nothing_climbs() {
    let base = Url::parse("https://osv-vulnerabilities.storage.googleapis.com").unwrap();
    let url = |ecosystem: &str, file: &str| address(&base, ecosystem, file).unwrap().to_string();
    assert!(url("Rocky Linux", "all.zip").ends_with("/Rocky%20Linux/all.zip"));
    assert!(url("npm", "../../etc/x.json").ends_with("/npm/etc/x.json"));
    assert!(url("all", "npm/GHSA-1.json").ends_with(".com/npm/GHSA-1.json"));
}
