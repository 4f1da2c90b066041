use super::*;

fn cisa() -> Url {
    Url::parse("https://raw.githubusercontent.com/cisagov/CSAF/develop/csaf_files/OT/white/").unwrap()
}

#[test]
fn cisas_paths_from_the_repositorys_root_lead_below_the_directory() {
    let list = b"csaf_files/OT/white/2024/icsma-24-200-01.json,2024-07-18T06:00:00.000000Z\n\
        csaf_files/OT/white/2024/icsa-24-200-01.json,2024-07-18T06:00:00.000000Z\n";
    let entries = listing::changes(list, &cisa()).unwrap();
    assert_eq!(entries[0].url.path(), "/cisagov/CSAF/develop/csaf_files/OT/white/2024/icsma-24-200-01.json");
    let plain = listing::changes(b"\"2024/icsa-24-200-01.json\",\"2024-07-18T06:00:00Z\"\r\n", &cisa()).unwrap();
    assert_eq!(plain[0].url, entries[1].url);
}

#[test]
fn a_directory_does_not_lead_out_of_itself() {
    for path in ["../../x.json", "/etc/x.json", "https://example.org/x.json", "2024/readme.txt", "<html>.json"] {
        assert!(listing::index(path.as_bytes(), &cisa()).is_err(), "{path}");
    }
    assert!(listing::index(b"", &cisa()).is_err());
}

#[test]
fn a_feed_leads_nowhere_without_tls() {
    let feed = |href: &str| {
        format!(
            r#"{{"feed":{{"entry":[{{"id":"X","updated":"2024-07-18T06:00:00Z","content":{{"src":"{href}"}}}}]}}}}"#
        )
    };
    let read = |href: &str| listing::feed(feed(href).as_bytes(), &cisa());
    assert!(read("https://www.example.org/x.json").is_ok());
    assert!(read("2024/x.json").is_ok());
    assert!(read("http://raw.githubusercontent.com/x.json").is_err());
    assert!(listing::feed(br#"{"feed":{"entry":[]}}"#, &cisa()).is_err());
}

#[test]
fn marks_hold_what_is_in_and_survive_the_cursor() {
    let entry = |name: &str, updated: &str| Entry {
        url: cisa().join(name).unwrap(),
        updated: updated.to_owned(),
        digests: None,
    };
    let listed = [entry("a.json", "2024-07-18T06:00:00Z"), entry("b.json", "2024-07-16T06:00:00Z")];
    let marks = Marks::of(&listed, |entry| !entry.url.path().ends_with("b.json"));
    let marks: Marks = serde_json::from_str(&serde_json::to_string(&marks).unwrap()).unwrap();
    assert!(marks.holds(&listed[0]) && !marks.holds(&listed[1]) && !marks.is_complete());
    assert!(!marks.holds(&entry("a.json", "2024-07-19T06:00:00Z")), "changed");
    assert!(!marks.holds(&entry("a.json", "2024-07-01T06:00:00Z")), "changed back");
    assert!(!marks.lacks_any_of(&listed));
    assert!(marks.lacks_any_of(&listed[1..]), "a.json is gone");
}

#[test]
fn only_public_lists_are_read_and_feeds_before_directories() {
    let at = Url::parse("https://www.example.org/.well-known/csaf/provider-metadata.json").unwrap();
    let text =
        br#"{"role":"csaf_trusted_provider","distributions":[{"directory_url":"https://www.example.org/csaf/white"},
        {"rolie":{"feeds":[{"url":"https://www.example.org/csaf/white/feed.json","tlp_label":"WHITE"},
        {"url":"https://www.example.org/csaf/amber/feed.json","tlp_label":"AMBER"}]}}]}"#;
    let metadata = metadata::parse(text, &at).unwrap();
    assert!(metadata.is_trusted);
    let lists: Vec<String> = metadata.lists().iter().map(Url::to_string).collect();
    assert_eq!(lists, ["https://www.example.org/csaf/white/feed.json"]);
    assert_eq!(metadata.directory_of(&metadata.lists()[0]).map(Url::path), Some("/csaf/white/"));
    assert!(metadata::parse(b"{}", &at).is_err());
}

#[test]
fn a_digest_is_the_first_word_of_its_file() {
    let hex = "a".repeat(128);
    assert!(digest::parse(format!("{hex}  icsa-24-200-01.json\n").as_bytes()).is_ok());
    assert!(digest::parse(b"<html>").is_err());
    assert!(digest::parse(b"").is_err());
}
