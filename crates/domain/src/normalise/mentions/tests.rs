use proptest::prelude::*;

use super::*;

fn found(text: &str) -> Vec<String> {
    mentions(text).into_iter().map(|mention| mention.text).collect()
}

#[test]
fn identifiers_are_found_in_any_spelling_and_listed_once() {
    let text = "Exploitation of cve-2021-44228 (see https://nvd.nist.gov/vuln/detail/CVE-2021-44228, CVE‑2021‑45046).";
    assert_eq!(found(text), ["CVE-2021-44228", "CVE-2021-45046"]);
    assert_eq!(found("ghsa-JFH8-c2jp-5v3q"), ["GHSA-jfh8-c2jp-5v3q"]);
    assert_eq!(
        found("EUVD-2024-1234; ICSMA-24-200-01, icsa-21-131-14; RHSA-2024:0012; DSA-5000-1; USN-5193-1; VU#930724."),
        [
            "DSA-5000-1",
            "EUVD-2024-1234",
            "ICSA-21-131-14",
            "ICSMA-24-200-01",
            "RHSA-2024:0012",
            "USN-5193-1",
            "VU#930724"
        ]
    );
    assert_eq!(
        found("openSUSE-SU-2021:1577-1, SUSE-SU-2021:4104-1"),
        ["SUSE-SU-2021:4104-1", "openSUSE-SU-2021:1577-1"]
    );
    assert_eq!(found("cisco-sa-apache-log4j-qRuKNEbd says"), ["cisco-sa-apache-log4j-qRuKNEbd"]);
}

#[test]
fn what_only_looks_like_an_identifier_is_none() {
    let none = "CVE-2021-12, CVE-21-44228, XCVE-2021-44228, GCVE-1-2025-0001, CVE-2021-12345678901234567890, GHSA-1234, pkg:, pkg:npm, cpe:2.3:a, CVE-20211-4422";
    assert_eq!(found(none), [""; 0]);
}

#[test]
fn packages_and_products_are_found_without_the_sentence_around_them() {
    let text =
        "Affected: pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1, (pkg:deb/debian/Curl@7.50.3-1?arch=i386).";
    assert_eq!(
        found(text),
        ["pkg:deb/debian/curl@7.50.3-1?arch=i386", "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"]
    );
    let text = "cpe:2.3:a:openbsd:openssh:*:*:*:*:*:*:*:*, and cpe:/a:apache:log4j:2.14.1.";
    assert_eq!(
        found(text),
        ["cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*", "cpe:2.3:a:openbsd:openssh:*:*:*:*:*:*:*:*"]
    );
    assert_eq!(found(r"cpe:2.3:a:foo\:bar:big\$money:1.0:*:*:*:*:*:*:*").len(), 1);
    assert_eq!(found("cpe:2.3:o:siemens:simatic:*"), [""; 0], "half a name is none");
}

#[test]
fn structured_products_keep_their_vendor_and_version() {
    let mut mentions = Mentions::default();
    mentions.product("NextGen  Healthcare", "Mirth Connect", "4.4.0");
    mentions.product("NextGen", " ", "1");
    assert_eq!(
        mentions.sorted(),
        [Mention { kind: MentionKind::Product, text: "NextGen Healthcare: Mirth Connect 4.4.0".to_owned() }]
    );
}

#[test]
fn long_and_odd_texts_are_read_in_bounded_time() {
    let many: String =
        (10_000..30_000).flat_map(|number| ["CVE-2021-".to_owned(), number.to_string(), " ".to_owned()]).collect();
    assert_eq!(mentions(&many).len(), MOST);
    assert!(found(&"cpe:2.3:a:".repeat(100_000)).len() <= 1);
    assert!(found(&"pkg:a/".repeat(100_000)).len() <= 2);
    assert_eq!(found(&"\\".repeat(1 << 20)), [""; 0]);
    assert_eq!(found(&format!("pkg:npm/{}", "a".repeat(1 << 20))).len(), 1, "cut, not refused");
}

proptest! {
    #[test]
    fn whatever_the_text_mentions_are_sorted_and_name_themselves(text in "(?s).{0,300}") {
        let found = mentions(&text);
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        for mention in &found {
            prop_assert!(mentions(&mention.text).contains(mention), "{}", mention.text);
        }
    }

    #[test]
    fn an_identifier_is_found_between_any_words(
        before in "[a-z ,.(]{0,20}[ (\"/]", year in 1999_u32..2030, number in 1000_u64..10_000_000, after in "[ .,;:)\"/]",
    ) {
        let cve = format!("CVE-{year}-{number}");
        let text = format!("{before}{}{after}", cve.to_lowercase());
        prop_assert_eq!(found(&text), [cve]);
    }

    #[test]
    fn packages_and_products_are_found_in_their_canonical_form(
        kind in "(npm|pypi|cargo|generic)", name in "[a-z][a-z0-9]{1,20}", version in "[0-9]{1,3}(\\.[0-9]{1,3}){1,2}", after in "[ ,;)]",
    ) {
        let purl = format!("pkg:{kind}/{name}@{version}");
        let cpe = format!("cpe:2.3:a:{name}:{name}:{version}:*:*:*:*:*:*:*");
        let text = format!("({purl}{after} or {cpe}{after}");
        prop_assert_eq!(found(&text), [purl, cpe]);
    }
}
