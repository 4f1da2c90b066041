use super::*;

fn cisa() -> Url {
    Url::parse("https://raw.githubusercontent.com/cisagov/CSAF/develop/csaf_files/OT/white/").unwrap()
}

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

#[test]
fn cisas_paths_from_the_repositorys_root_lead_below_the_directory() {
    let list = b"csaf_files/OT/white/2024/icsma-24-200-01.json,2024-07-18T06:00:00.000000Z\n\
        csaf_files/OT/white/2024/icsa-24-200-01.json,2024-07-18T06:00:00.000000Z\n";
    let entries = directory::changes(list, &cisa()).unwrap();
    assert_eq!(entries[1].url.path(), "/cisagov/CSAF/develop/csaf_files/OT/white/2024/icsma-24-200-01.json");
    let plain = directory::changes(b"\"2024/icsa-24-200-01.json\",\"2024-07-18T06:00:00Z\"\r\n", &cisa()).unwrap();
    assert_eq!(plain[0].url, entries[0].url);
}

#[test]
fn a_directory_does_not_lead_out_of_itself() {
    for path in ["../../x.json", "/etc/x.json", "https://example.org/x.json", "2024/readme.txt", "<html>.json"] {
        assert!(directory::index(path.as_bytes(), &cisa()).is_err(), "{path}");
    }
    assert!(directory::index(b"", &cisa()).is_err());
}

#[test]
fn a_feed_leads_nowhere_without_tls() {
    let feed = |href: &str| {
        format!(
            r#"{{"feed":{{"entry":[{{"id":"X","updated":"2024-07-18T06:00:00Z","content":{{"src":"{href}"}},
            "link":[{{"rel":"signature","href":"2024/x.json.asc"}}]}}]}}}}"#
        )
    };
    let read = |href: &str| rolie::feed(feed(href).as_bytes(), &cisa());
    assert!(read("https://www.example.org/x.json").is_ok());
    let entry = &read("2024/x.json").unwrap()[0];
    assert!(entry.signature.as_ref().is_some_and(|url| url.path().ends_with("/OT/white/2024/x.json.asc")));
    assert!(read("http://raw.githubusercontent.com/x.json").is_err());
    assert!(rolie::feed(br#"{"feed":{"entry":[]}}"#, &cisa()).is_err());
}

#[test]
fn the_date_of_a_document_is_the_newest_that_a_list_gives() {
    let list =
        b"2024/a.json,2024-07-16T06:00:00Z\n2024/a.json,2024-07-18T06:00:00Z\n2024/a.json,2024-07-17T06:00:00Z\n";
    let entries = directory::changes(list, &cisa()).unwrap();
    assert_eq!((entries.len(), entries[0].updated.as_str()), (1, "2024-07-18T06:00:00Z"));
    let both = listing::merged(vec![directory::index(b"2024/a.json\n2024/b.json\n", &cisa()).unwrap(), entries]);
    assert_eq!((both.len(), both[0].updated.as_str()), (2, "2024-07-18T06:00:00Z"));
}

#[test]
fn an_older_copy_of_a_list_is_told_from_a_newer_one() {
    let list = |text: &str| directory::changes(text.as_bytes(), &cisa()).unwrap();
    let before = list("a.json,2024-07-18T06:00:00Z\nb.json,2024-07-10T06:00:00Z\n");
    let clock = at("2024-07-20T00:00:00Z");
    let older = |now: &[Entry]| listing::is_older(now, &before, clock);
    assert!(
        older(&list("b.json,2024-07-10T06:00:00Z\n")).unwrap().contains("2024-07-18T06:00:00Z"),
        "the newest is gone"
    );
    assert_eq!(
        older(&list("a.json,2024-07-18T06:00:00Z\nb.json,2024-07-01T06:00:00Z\n")),
        None,
        "one document went back"
    );
    assert_eq!(older(&list("a.json,2024-07-18T06:00:00Z\n")), None, "b.json is gone");
    assert_eq!(older(&list("a.json,2024-07-19T06:00:00Z\nb.json,2024-07-10T06:00:00Z\n")), None);
    let ahead = list("a.json,2025-07-18T06:00:00Z\nb.json,2024-07-10T06:00:00Z\n");
    assert_eq!(listing::is_older(&before, &ahead, clock), None, "a date in the future was corrected");
    assert_eq!(older(&directory::index(b"a.json\n", &cisa()).unwrap()), None, "a list without dates tells nothing");
}

#[test]
fn lists_above_clear_are_read_with_credentials_only_and_feeds_before_directories() {
    let at = Url::parse("https://www.example.org/.well-known/csaf/provider-metadata.json").unwrap();
    let text =
        br#"{"role":"csaf_trusted_provider","distributions":[{"directory_url":"https://www.example.org/csaf/white"},
        {"rolie":{"feeds":[{"url":"https://www.example.org/csaf/white/feed.json","tlp_label":"WHITE"},
        {"url":"https://www.example.org/csaf/amber/feed.json","tlp_label":"AMBER"}]}}]}"#;
    let metadata = metadata::parse(text, &at).unwrap();
    assert!(metadata.is_trusted && metadata.name == "www.example.org" && metadata.closed() == 1);
    let lists = |with| metadata.lists(with).iter().map(|list| list.url.to_string()).collect::<Vec<_>>();
    assert_eq!(lists(false), ["https://www.example.org/csaf/white/feed.json"]);
    assert_eq!(lists(true).len(), 2);
    let feed = metadata.lists(false)[0].url.clone();
    assert_eq!(metadata.directory_of(&feed).map(|list| list.url.path()), Some("/csaf/white/"));
    assert!(metadata::parse(b"{}", &at).is_err());
}

#[test]
fn metadata_of_csaf_2_1_name_directories_with_a_mark() {
    let at = Url::parse("https://www.example.org/.well-known/csaf/provider-metadata.json").unwrap();
    let text = br#"{"canonical_url":"https://www.example.org/csaf.json","role":"csaf_provider",
        "publisher":{"name":"Example PSIRT","namespace":"https://www.example.org"},
        "public_openpgp_keys":[{"fingerprint":"8b97 ad2b","url":"https://www.example.org/key.asc"},{"url":"http://evil.example/k.asc"}],
        "distributions":[{"directory":{"url":"https://www.example.org/green","tlp_label":"GREEN"}},
        {"directory":{"url":"https://www.example.org/clear","tlp_label":"CLEAR"}}]}"#;
    let metadata = metadata::parse(text, &at).unwrap();
    assert_eq!((metadata.name.as_str(), metadata.canonical.path()), ("Example PSIRT", "/csaf.json"));
    assert_eq!(metadata.keys.len(), 1);
    assert_eq!(metadata.keys[0].fingerprint.as_deref(), Some("8B97AD2B"));
    let lists: Vec<_> = metadata.lists(false).iter().map(|list| list.url.path().to_owned()).collect();
    assert_eq!(lists, ["/clear/"]);
    assert_eq!(metadata.lists(true)[0].tlp, Some(Tlp::Green));
}

#[test]
fn an_aggregators_broken_entry_costs_itself() {
    let at = Url::parse("https://aggregator.example/.well-known/csaf-aggregator/aggregator.json").unwrap();
    let text = br#"{"aggregator":{"category":"aggregator"},"csaf_providers":[
        {"metadata":{"url":"https://a.example/provider-metadata.json"},"mirrors":["https://aggregator.example/a/provider-metadata.json"]},
        {"metadata":{"url":17}},{"metadata":{"url":"http://b.example/provider-metadata.json"}}],
        "csaf_publishers":[{"metadata":{"url":"https://c.example/"},"mirrors":[]}]}"#;
    let found = aggregator::parse(text, &at).unwrap().unwrap();
    assert_eq!((found.providers.len(), found.unreadable), (2, 2));
    assert!(found.providers[0].mirrors.len() == 1 && found.providers[1].is_publisher);
    assert!(aggregator::parse(br#"{"role":"csaf_provider"}"#, &at).is_none(), "a provider's metadata");
    assert!(aggregator::parse(br#"{"csaf_providers":[]}"#, &at).unwrap().is_err());
}

#[test]
fn security_txt_names_metadata_and_a_domain_its_own_host() {
    let text = b"# comment\nContact: mailto:psirt@vendor.example\ncsaf: https://vendor.example/a.json\nCSAF:https://vendor.example/b.json\nCSAF: nonsense\n";
    let urls: Vec<String> = discovery::csaf_fields(text).iter().map(Url::to_string).collect();
    assert_eq!(urls, ["https://vendor.example/a.json", "https://vendor.example/b.json"]);
    let name = |base: &str| discovery::dns_name(&Url::parse(base).unwrap()).map(|url| url.to_string());
    assert_eq!(name("https://www.vendor.example/").as_deref(), Some("https://csaf.data.security.vendor.example/"));
    assert_eq!(name("http://127.0.0.1:8080/"), None);
}

#[test]
fn a_digest_is_the_first_word_of_its_file() {
    let hex = "a".repeat(128);
    assert!(digest::parse(format!("{hex}  icsa-24-200-01.json\n").as_bytes()).is_ok());
    assert!(digest::parse(b"<html>").is_err());
    assert!(digest::parse(b"").is_err());
}

#[test]
fn every_known_provider_has_an_address_with_tls_and_a_reason() {
    let mut names = BTreeSet::new();
    for (name, url, why) in CSAF_PROVIDERS {
        assert!(names.insert(name) && url.starts_with("https://") && why.ends_with('.'), "{name}");
    }
}
