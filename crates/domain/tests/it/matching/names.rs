//! Which records speak of one vulnerability (R1), and which count (R2).

use domain::model::advisory::State;
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use serde_json::json;

use super::shelf::{Shelf, cve, nvd, osv, purl, rejected};

#[test]
fn r2_a_rejected_alias_leaves_the_group_and_the_rest_stays_alive() {
    let next = "introduced 14.3.0-canary.77 fixed 15.0.5 introduced 15.5.0 fixed 15.5.7";
    let shelf = Shelf::default()
        .osv(&osv("GHSA-9qr9-h5gf-34mp", &["CVE-2025-66478"], "npm", "next", next))
        .osv(&osv(
            "GHSA-fv66-9v8q-g76r",
            &["CVE-2025-55182"],
            "npm",
            "react-server-dom-webpack",
            "introduced 19.0.0 fixed 19.0.1",
        ))
        .cve(&rejected("CVE-2025-66478"))
        .cve(&cve("CVE-2025-55182", &json!([])));
    let found = shelf.matches(&purl("pkg:npm/next@15.5.6"));
    assert_eq!(found.matches[0].vulnerability, "GHSA-9qr9-h5gf-34mp");
    assert_eq!(found.matches[0].aliases, ["GHSA-9qr9-h5gf-34mp"]);
    assert_eq!(shelf.findings(&purl("pkg:npm/react-server-dom-webpack@19.0.0")), ["CVE-2025-55182"]);
    assert!(shelf.findings(&purl("pkg:npm/react@19.1.0")).is_empty(), "react is not react-server-dom (R21)");
    let answer = shelf.explain(&purl("pkg:npm/next@15.5.6"), "CVE-2025-66478");
    assert!(answer.dead[0].contains("rejected"), "{answer}");
    // Once the advisory names the live CVE too, that is its name.
    let renamed = shelf.osv(&osv("GHSA-9qr9-h5gf-34mp", &["CVE-2025-66478", "CVE-2025-55182"], "npm", "next", next));
    let found = renamed.findings(&purl("pkg:npm/next@15.0.0-canary.5"));
    assert!(found.contains(&"CVE-2025-55182".to_owned()), "{found:?}");
}

#[test]
fn r2_a_withdrawn_record_gives_nothing() {
    let mut sprockets =
        osv("GHSA-r4x3-g983-9g48", &["CVE-2018-3760"], "RubyGems", "sprockets", "introduced 0 fixed 4.0.3");
    sprockets["withdrawn"] = json!("2021-01-01T00:00:00Z");
    let shelf = Shelf::default().osv(&sprockets);
    let component = purl("pkg:gem/sprockets@4.0.2");
    assert!(shelf.findings(&component).is_empty() && shelf.candidates(&component).is_empty());
    let answer = shelf.explain(&component, "GHSA-r4x3-g983-9g48");
    assert!(answer.to_string().contains("withdrawn"), "{answer}");
}

#[test]
fn r2_an_advisory_outlives_the_rejection_of_its_cve_by_nvd_and_cve_list() {
    let mut gone = nvd("CVE-2021-23334", &[]);
    gone["vulnStatus"] = json!("Rejected");
    let shelf = Shelf::default().nvd(&gone).cve(&rejected("CVE-2021-23334")).osv(&osv(
        "GHSA-4444-4444-4444",
        &["CVE-2021-23334"],
        "npm",
        "static-eval",
        "introduced 0 fixed 2.1.1",
    ));
    assert_eq!(shelf.findings(&purl("pkg:npm/static-eval@2.1.0")), ["GHSA-4444-4444-4444"]);
}

#[test]
fn r1_spring4shell_is_one_finding_with_all_its_records() {
    let shelf = Shelf::default()
        .osv(&osv(
            "GHSA-36p3-wjmg-h94x",
            &["CVE-2022-22965"],
            "Maven",
            "org.springframework:spring-beans",
            "introduced 0 fixed 5.2.20",
        ))
        .osv(&osv(
            "SNYK-1",
            &["GHSA-36p3-wjmg-h94x"],
            "Maven",
            "org.springframework:spring-beans",
            "introduced 0 fixed 5.2.20",
        ));
    let found = shelf.matches(&purl("pkg:maven/org.springframework/spring-beans@5.2.19"));
    assert_eq!(found.matches.len(), 1);
    assert_eq!(found.matches[0].aliases, ["CVE-2022-22965", "GHSA-36p3-wjmg-h94x", "SNYK-1"]);
    assert_eq!(found.matches[0].reasons.len(), 2);
}

#[test]
fn r1_an_erratum_covers_its_cves_and_joins_none() {
    let mut erratum =
        osv("ALSA-2021:4537", &[], "AlmaLinux:8", "httpd", "introduced 0 fixed 2.4.37-43.module_el8.5.0+2597+c4b14997");
    erratum["related"] = json!(["CVE-2021-40438", "CVE-2021-26691", "CVE-2021-20325"]);
    let shelf = Shelf::default().osv(&erratum);
    let httpd = purl("pkg:rpm/almalinux/httpd@2.4.37-41.module_el8.5.0+2560+d0cba5d8?distro=almalinux-8.5");
    let found = shelf.matches(&httpd);
    let names: Vec<&str> = found.matches.iter().map(|one| one.vulnerability.as_str()).collect();
    assert_eq!(names, ["CVE-2021-20325", "CVE-2021-26691", "CVE-2021-40438"]);
    for one in &found.matches {
        assert_eq!(one.aliases, [one.vulnerability.as_str()]);
        assert_eq!((one.reasons[0].record.as_str(), one.title.as_str()), ("ALSA-2021:4537", "ALSA-2021:4537 in httpd"));
    }
    let explained = shelf.explain(&httpd, "ALSA-2021:4537");
    assert_eq!(explained.vulnerabilities.len(), 3);
    let plain = purl("pkg:rpm/almalinux/httpd@2.4.37-41.el8?distro=almalinux-8.5");
    assert!(shelf.findings(&plain).is_empty(), "a module's fix says nothing of a package outside of modules (R6)");
}

#[test]
fn r1_a_group_with_two_live_cves_is_split_and_noted() {
    let shelf = Shelf::default()
        .osv(&osv(
            "GHSA-5555-5555-5555",
            &["CVE-2020-1111", "CVE-2020-2222"],
            "npm",
            "twice",
            "introduced 0 fixed 2.0.0",
        ))
        .cve(&cve("CVE-2020-1111", &json!([])))
        .cve(&cve("CVE-2020-2222", &json!([])));
    let found = shelf.matches(&purl("pkg:npm/twice@1.0.0"));
    let names: Vec<&str> = found.matches.iter().map(|one| one.vulnerability.as_str()).collect();
    assert_eq!(names, ["CVE-2020-1111", "CVE-2020-2222"]);
    assert_eq!(found.matches[0].aliases, ["CVE-2020-1111"], "a name of both is a synonym of neither");
    assert!(found.matches[0].reasons[0].notes.iter().any(|note| note.contains("split")));
}

#[test]
fn r27_a_bulletin_says_of_each_product_which_of_its_vulnerabilities_it_has() {
    let product = |id: &str, name: &str| {
        json!({"category": "product_version", "name": "1.0", "product": {
            "product_id": id, "name": format!("Example {name} 1.0"),
            "product_identification_helper": {"cpe": format!("cpe:2.3:a:example:{name}:1.0:*:*:*:*:*:*:*")}
        }})
    };
    let bulletin = json!({
        "document": {
            "category": "csaf_security_advisory", "csaf_version": "2.0", "title": "Two faults",
            "publisher": {"category": "vendor", "name": "Example", "namespace": "https://example.org"},
            "tracking": {"id": "ICSMA-24-001-01", "status": "final", "version": "1",
                "current_release_date": "2024-01-01T00:00:00Z", "initial_release_date": "2024-01-01T00:00:00Z"}
        },
        "product_tree": {"branches": [{"category": "vendor", "name": "Example", "branches": [
            {"category": "product_name", "name": "pump", "branches": [product("P1", "pump")]},
            {"category": "product_name", "name": "monitor", "branches": [product("P2", "monitor")]}
        ]}]},
        "vulnerabilities": [
            {"cve": "CVE-2024-1001", "product_status": {"known_affected": ["P1"], "known_not_affected": ["P2"]}},
            {"cve": "CVE-2024-1002", "product_status": {"known_affected": ["P2"]}}
        ]
    });
    let shelf = Shelf::default().read(domain::normalise::Format::Csaf, "cisa-csaf", Family::Csaf, &bulletin);
    let of = |name: &str| super::shelf::cpe(&format!("cpe:2.3:a:example:{name}:1.0:*:*:*:*:*:*:*"));
    assert_eq!(shelf.findings(&of("pump")), ["CVE-2024-1001"]);
    assert_eq!(shelf.findings(&of("monitor")), ["CVE-2024-1002"]);
    // NVD says that the monitor has both; its maker says that it has not the first.
    let shelf = shelf.nvd(&nvd("CVE-2024-1001", &[("cpe:2.3:a:example:monitor:*:*:*:*:*:*:*:*", "")]));
    assert_eq!(shelf.findings(&of("monitor")), ["CVE-2024-1002"]);
    assert_eq!(shelf.candidates(&of("monitor")), ["CVE-2024-1001"]);
}

#[test]
fn a_bulletin_is_no_record_of_a_vulnerability_whatever_it_is_called() {
    let vulnerable = osv(
        "GHSA-jfh8-c2jp-5v3q",
        &["CVE-2021-44228"],
        "Maven",
        "org.apache.logging.log4j:log4j-core",
        "introduced 2.0 fixed 2.15.0",
    );
    let component = purl("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1");
    let plain = Shelf::default().osv(&vulnerable);
    let mut with = plain.clone();
    for (id, alias) in [("CVE-2021-44228", "HSB-2021-044"), ("HSB-2021-045", "CVE-2021-44228")] {
        let mut bulletin = plain.records[0].clone();
        bulletin.family = Family::Bulletin;
        bulletin.source = SourceId("isac".to_owned());
        bulletin.id = id.to_owned();
        bulletin.aliases = vec![alias.to_owned()];
        bulletin.state = State::Withdrawn { at: None };
        bulletin.tlp = Tlp::Red;
        bulletin.affected.clear();
        with.put(bulletin);
    }
    assert_eq!(with.matches(&component).matches, plain.matches(&component).matches);
    assert_eq!(with.findings(&component), ["CVE-2021-44228"], "a revoked bulletin rejects no CVE");
    assert!(with.explain(&component, "HSB-2021-044").vulnerabilities.is_empty());
}
