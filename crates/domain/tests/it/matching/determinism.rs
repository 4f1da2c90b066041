//! R30: the same component and knowledge give the same bytes, whatever the order of records and aliases.

use domain::matching::{Matcher, Policy};
use domain::model::advisory::Advisory;
use serde_json::json;

use super::shelf::{Shelf, cve, nvd, osv, purl, rejected};

fn shelf() -> Shelf {
    let core = "org.apache.logging.log4j:log4j-core";
    Shelf::default()
        .osv(&osv(
            "GHSA-jfh8-c2jp-5v3q",
            &["CVE-2021-44228", "SNYK-2"],
            "Maven",
            core,
            "introduced 2.13.0 fixed 2.15.0",
        ))
        .osv(&osv(
            "GHSA-7rjr-3q55-vv33",
            &["CVE-2021-45046", "SNYK-1"],
            "Maven",
            core,
            "introduced 0 fixed 2.12.2 introduced 2.13.0 fixed 2.16.0",
        ))
        .osv(&osv("SNYK-1", &["GHSA-7rjr-3q55-vv33", "CVE-2021-45046"], "Maven", core, "introduced 0 fixed 2.16.0"))
        .osv(&osv("GHSA-aaaa-aaaa-aaaa", &["CVE-2020-1111", "CVE-2020-2222", "SNYK-3"], "Maven", core, "introduced 0"))
        .osv(&osv("SNYK-3", &["GHSA-aaaa-aaaa-aaaa"], "Maven", core, "introduced 0"))
        .osv(&osv("GHSA-bbbb-bbbb-bbbb", &["CVE-2025-66478"], "Maven", core, "introduced 0"))
        .cve(&rejected("CVE-2025-66478"))
        .cve(&cve("CVE-2021-44228", &json!([{"vendor": "Apache", "product": "log4j"}])))
        .nvd(&nvd(
            "CVE-2021-44228",
            &[
                ("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*", "< 2.12.2"),
                ("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*", ">= 2.13.0 < 2.15.0"),
            ],
        ))
        .nvd(&nvd("CVE-2021-45046", &[("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*", "< 2.12.0")]))
        .nvd(&nvd("CVE-2020-9999", &[("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*", "")]))
}

/// Every order that a linear congruential walk finds: no chance in a test.
fn shuffled<T: Clone>(items: &[T], seed: u64) -> Vec<T> {
    let (mut rest, mut out, mut state) = (items.to_vec(), Vec::new(), seed);
    while !rest.is_empty() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        out.push(rest.remove((state >> 33) as usize % rest.len()));
    }
    out
}

#[test]
fn the_order_of_records_and_aliases_changes_no_byte() {
    let original = shelf();
    let mut log4j = purl("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1");
    log4j.cpes.push("cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*".to_owned());
    let render = |shelf: &Shelf| {
        let explained = shelf.explain(&log4j, "CVE-2021-44228");
        serde_json::to_string(&(shelf.matches(&log4j), explained)).unwrap()
    };
    let expected = render(&original);
    assert!(expected.contains("CVE-2020-1111") && expected.contains("split"), "{expected}");
    for seed in 0..200 {
        let records: Vec<Advisory> = shuffled(&original.records, seed)
            .into_iter()
            .map(|record| Advisory { aliases: shuffled(&record.aliases, seed + 7), ..record })
            .collect();
        assert_eq!(render(&Shelf::of(records)), expected, "seed {seed}");
    }
}

#[test]
fn what_a_matcher_has_seen_before_changes_no_byte() {
    let shelf = shelf();
    let components: Vec<_> = ["2.14.1", "2.12.1", "2.15.0", "2.0", "3.0"]
        .iter()
        .map(|version| purl(&format!("pkg:maven/org.apache.logging.log4j/log4j-core@{version}")))
        .collect();
    let alone: Vec<_> = components.iter().map(|component| shelf.matches(component)).collect();
    let policy = Policy::default();
    let mut matcher = Matcher::new(&shelf, &policy);
    for _ in 0..2 {
        let together: Vec<_> = components.iter().map(|component| matcher.match_component(component)).collect();
        assert_eq!(together, alone);
    }
}

#[test]
fn a_matcher_can_move_to_another_thread() {
    fn assert_send<T: Send>(_: &T) {}
    let shelf = shelf();
    assert_send(&Matcher::new(&shelf, &Policy::default()));
}
