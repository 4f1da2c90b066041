//! Hostile sizes: no recursion, no silence.

use domain::matching::{Matcher, Policy, Verdict};
use domain::model::advisory::{Bound, Rule, Standing};
use standards::versions::Scheme;

use super::shelf::{Shelf, osv, purl};

#[test]
fn a_chain_of_ten_thousand_aliases_is_cut_with_a_note() {
    let name = |at: usize| format!("CHAIN-{at:05}");
    let mut shelf = Shelf::default();
    for at in 0..10_000 {
        let package = if at == 0 { "end" } else { "link" };
        shelf = shelf.osv(&osv(&name(at), &[name(at + 1).as_str()], "npm", package, "introduced 0"));
    }
    let found = shelf.matches(&purl("pkg:npm/end@1.0.0"));
    let notes = &found.matches[0].reasons[0].notes;
    assert!(notes.iter().any(|note| note.contains("names are joined")), "{notes:?}");
}

#[test]
fn fifty_thousand_ranges_are_looked_at_as_far_as_the_limit_and_never_called_unaffected() {
    let mut shelf = Shelf::default().osv(&osv("GHSA-6666-6666-6666", &[], "npm", "wide", "introduced 0 fixed 0.1.0"));
    let bound = |version: String, inclusive| Some(Bound { version, inclusive });
    let mut record = shelf.records.remove(0);
    record.affected[0].rules = (1..50_000)
        .map(|at| Rule {
            scheme: Scheme::Semver,
            lower: bound(format!("{at}.0.0"), true),
            upper: bound(format!("{at}.1.0"), false),
            standing: Standing::Affected,
            changes: Vec::new(),
            fixed: None,
        })
        .collect();
    let shelf = Shelf::of(vec![record]);
    assert_eq!(shelf.findings(&purl("pkg:npm/wide@15000.0.5")), ["GHSA-6666-6666-6666"]);
    let beyond = shelf.matches(&purl("pkg:npm/wide@45000.0.5"));
    assert!(beyond.candidates[0].reasons[0].notes[0].contains("first 20000 ranges"), "{beyond:?}");
}

#[test]
fn a_hundred_thousand_candidates_are_all_judged() {
    let mut shelf = Shelf::default();
    let record = Shelf::default().osv(&osv("GHSA-0", &[], "npm", "hub", "introduced 0 fixed 1.0.0")).records.remove(0);
    for at in 0..100_000 {
        shelf.put(domain::model::advisory::Advisory { id: format!("NATIVE-{at}"), ..record.clone() });
    }
    let hub = purl("pkg:npm/hub@2.0.0");
    let found = shelf.matches(&hub);
    assert!(found.matches.is_empty() && found.notes.is_empty());
    assert_eq!(shelf.explain(&hub, "NATIVE-77").vulnerabilities[0].verdict, Verdict::NotAffected);
}

#[test]
fn an_advisory_with_a_thousand_cves_as_aliases_is_a_thousand_findings() {
    let cves: Vec<String> = (0..1_000).map(|at| format!("CVE-2020-{:05}", 10_000 + at)).collect();
    let aliases: Vec<&str> = cves.iter().map(String::as_str).collect();
    let shelf = Shelf::default().osv(&osv("GHSA-7777-7777-7777", &aliases, "npm", "many", "introduced 0"));
    assert_eq!(shelf.findings(&purl("pkg:npm/many@1.0.0")), cves);
}

#[test]
fn ten_thousand_components_with_twenty_thousand_matches_are_held_against_the_knowledge() {
    let mut shelf = Shelf::default();
    for at in 0..2_000 {
        let (cve, ghsa, package) = (format!("CVE-2024-{}", 10_000 + at), format!("GHSA-{at}"), format!("package-{at}"));
        shelf = shelf
            .osv(&osv(&ghsa, &[cve.as_str()], "npm", &package, "introduced 0 fixed 2.0.0"))
            .osv(&osv(&format!("NATIVE-{at}"), &[], "npm", &package, "introduced 0 fixed 2.0.0"))
            .cve(&cve_record(&cve));
    }
    let components: Vec<_> = (0..10_000).map(|at| purl(&format!("pkg:npm/package-{}@1.{at}.0", at % 2_000))).collect();
    let policy = Policy::default();
    let mut matcher = Matcher::new(&shelf, &policy);
    let begun = std::time::Instant::now();
    let found: usize = components.iter().map(|component| matcher.match_component(component).matches.len()).sum();
    crate::shared::show(&format!("10,000 components, {found} matches: {} ms\n", begun.elapsed().as_millis()));
    assert_eq!(found, 20_000);
}

fn cve_record(id: &str) -> serde_json::Value {
    super::shelf::cve(id, &serde_json::json!([{"vendor": "acme", "product": "thing"}]))
}
