use super::*;

#[test]
fn the_manifest_names_events_with_instants_in_either_spelling() {
    let manifest = br#"{"5a3c1d2e-0000-4000-8000-000000000001":{"info":"x","timestamp":"1698321600"},
        "5a3c1d2e-0000-4000-8000-000000000002":{"timestamp":1698321601,"Tag":[{}]},"5a3c1d2e-0000-4000-8000-000000000003":[]}"#;
    let found = read_manifest(manifest).unwrap();
    assert_eq!(found.values().collect::<Vec<_>>(), ["1698321600", "1698321601", ""]);
}

#[test]
fn identifiers_that_lead_elsewhere_and_other_documents_are_no_manifest() {
    for text in [r#"{"../../etc/passwd":{}}"#, r#"{"":{}}"#, "<html>", "[]", r#"{"a":{"#] {
        assert!(read_manifest(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn the_address_may_name_the_manifest_or_its_folder() {
    for text in ["https://example.org/feed", "https://example.org/feed/", "https://example.org/feed/manifest.json"] {
        let base = folder(Url::parse(text).unwrap()).unwrap();
        assert_eq!(below(&base, "hashes.csv").as_str(), "https://example.org/feed/hashes.csv");
    }
}
