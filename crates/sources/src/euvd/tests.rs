use super::listing::updated;
use super::*;

#[test]
fn a_search_is_addressed_below_the_interface() {
    let base = Url::parse("https://euvdservices.enisa.europa.eu").unwrap();
    let url = address(&base, "search", "fromUpdatedDate=2025-11-14&page=0&size=100").unwrap();
    assert_eq!(
        url.as_str(),
        "https://euvdservices.enisa.europa.eu/api/search?fromUpdatedDate=2025-11-14&page=0&size=100"
    );
}

#[test]
fn a_record_tells_when_it_was_updated() {
    let at = updated(br#"{"id":"EUVD-2025-0001","dateUpdated":"May 20, 2025, 6:06:45 PM","epss":0.6}"#);
    assert_eq!(at.unwrap().to_string(), "2025-05-20T18:06:45Z");
    assert_eq!(updated(br#"{"dateUpdated":42}"#), None);
    assert_eq!(updated(b"{"), None);
}

#[test]
fn a_cursor_reads_back_as_written() {
    let at = "2025-11-15T06:00:00Z".parse().unwrap();
    let pass = Some(Pass { began: at, page: 7 });
    let cursor = Cursor { pass, since: Some(at), again: vec!["EUVD-2025-0001".to_owned()], ..Cursor::default() };
    let text = serde_json::to_string(&cursor).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&text).unwrap(), cursor);
}
