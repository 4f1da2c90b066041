//! One case for each rule about ranges, names of products and disagreement.

use domain::matching::{FamilyAnswer, Verdict};
use domain::model::finding::Confidence;
use domain::model::source::Family;
use serde_json::json;

use super::shelf::{Shelf, cpe, cve, leaf, named, nvd, osv, purl};

/// R14: the numbering authority's record switches its standing inside the range, as fixes were carried back.
fn log4shell() -> Shelf {
    let authority = cve(
        "CVE-2021-44228",
        &json!([{
            "vendor": "Apache Software Foundation", "product": "Apache Log4j2", "defaultStatus": "unaffected",
            "collectionURL": "https://repo.maven.apache.org/maven2",
            "packageName": "org.apache.logging.log4j:log4j-core",
            "versions": [{
                "version": "2.0-beta9", "lessThan": "log4j-core*", "status": "affected", "versionType": "custom",
                "changes": [
                    {"at": "2.3.1", "status": "unaffected"}, {"at": "2.4", "status": "affected"},
                    {"at": "2.12.2", "status": "unaffected"}, {"at": "2.13.0", "status": "affected"},
                    {"at": "2.15.0", "status": "unaffected"}
                ]
            }]
        }]),
    );
    Shelf::default().cve(&authority)
}

fn log4j(artefact: &str, version: &str) -> domain::model::sbom::Component {
    purl(&format!("pkg:maven/org.apache.logging.log4j/{artefact}@{version}"))
}

#[test]
fn r14_log4shell_switches_its_standing_inside_the_range() {
    let shelf = log4shell();
    for (version, expected, range) in [
        ("2.0-beta8", false, ""),
        ("2.0-beta9", true, ">= 2.0-beta9, < 2.3.1"),
        ("2.3", true, ">= 2.0-beta9, < 2.3.1"),
        ("2.3.1", false, ""),
        ("2.4", true, ">= 2.4, < 2.12.2"),
        ("2.12.1", true, ">= 2.4, < 2.12.2"),
        ("2.12.2", false, ""),
        ("2.13.0", true, ">= 2.13.0, < 2.15.0"),
        ("2.14.1", true, ">= 2.13.0, < 2.15.0"),
        ("2.15.0", false, ""),
        ("2.17.1", false, ""),
    ] {
        let found = shelf.matches(&log4j("log4j-core", version));
        assert_eq!(found.matches.len(), usize::from(expected), "{version}: {found:?}");
        assert!(found.candidates.is_empty(), "{version}");
        if let Some(found) = found.matches.first() {
            let why = &found.reasons[0];
            assert_eq!((why.range.as_str(), why.order.as_str(), why.rule.as_str()), (range, "maven", "R14"));
            assert_eq!((found.confidence, why.version.as_str()), (Confidence::Exact, version));
        }
    }
    let vulnerable = shelf.matches(&log4j("log4j-core", "2.14.1"));
    assert_eq!(vulnerable.matches[0].reasons[0].fix.0, "fixed in 2.15.0");
    assert_eq!(vulnerable.outcomes[&Family::CveList], FamilyAnswer::Assessable { matched: true });
    assert_eq!(vulnerable.outcomes[&Family::Nvd], FamilyAnswer::NotAssessable);
}

#[test]
fn r21_log4j_api_is_not_log4j_core() {
    let shelf = log4shell();
    let api = log4j("log4j-api", "2.14.1");
    assert!(shelf.findings(&api).is_empty());
    assert!(shelf.candidates(&api).is_empty());
    let answer = shelf.explain(&api, "CVE-2021-44228");
    assert_eq!(answer.vulnerabilities[0].verdict, Verdict::NotMentioned);
}

#[test]
fn r12_a_canary_before_the_fix_is_affected() {
    let shelf = Shelf::default().osv(&osv(
        "GHSA-9qr9-h5gf-34mp",
        &[],
        "npm",
        "next",
        "introduced 14.3.0-canary.77 fixed 15.0.5 introduced 15.1.0-canary.0 fixed 15.1.9",
    ));
    for (version, expected) in
        [("15.0.0-canary.5", true), ("15.0.5", false), ("14.2.0", false), ("15.1.0", true), ("15.0.4", true)]
    {
        let found = shelf.findings(&purl(&format!("pkg:npm/next@{version}")));
        assert_eq!(!found.is_empty(), expected, "{version}");
    }
}

#[test]
fn r13_a_version_outside_of_its_order_is_compared_and_flagged() {
    let shelf = Shelf::default().osv(&osv("GHSA-2222-2222-2222", &[], "npm", "thing", "introduced 0 fixed 2.0.0"));
    let found = shelf.matches(&purl("pkg:npm/thing@1.2.3.4.vendor"));
    assert_eq!(found.matches.len(), 1);
    assert_eq!(found.matches[0].confidence, Confidence::Derived);
    let notes = &found.matches[0].reasons[0].notes;
    assert!(notes.iter().any(|note| note.contains("not comparable in the order semver")), "{notes:?}");
}

#[test]
fn r14_a_single_version_is_that_version_only() {
    // CVE-2024-39884 names 2.4.60 and nothing else.
    let criterion = "cpe:2.3:a:apache:http_server:2.4.60:*:*:*:*:*:*:*";
    let shelf = Shelf::default().nvd(&nvd("CVE-2024-39884", &[(criterion, "")]));
    assert!(shelf.findings(&cpe("cpe:2.3:a:apache:http_server:2.4.59:*:*:*:*:*:*:*")).is_empty());
    assert_eq!(shelf.findings(&cpe(criterion)), ["CVE-2024-39884"]);
}

#[test]
fn r15_no_version_at_all_is_not_every_version() {
    let shelf = Shelf::default().nvd(&nvd("CVE-2007-4465", &[("cpe:2.3:a:apache:http_server:-:*:*:*:*:*:*:*", "")]));
    let httpd = cpe("cpe:2.3:a:apache:http_server:2.4.53:*:*:*:*:*:*:*");
    assert!(shelf.findings(&httpd).is_empty());
    let answer = shelf.explain(&httpd, "CVE-2007-4465");
    assert!(answer.to_string().contains("no version at all"), "{answer}");
    let without = cpe("cpe:2.3:a:apache:http_server:-:*:*:*:*:*:*:*");
    assert_eq!(shelf.findings(&without), ["CVE-2007-4465"]);
}

#[test]
fn r15_an_unknown_version_is_for_a_person_to_decide_and_says_so() {
    let shelf = Shelf::default().osv(&osv(
        "GHSA-jfh8-c2jp-5v3q",
        &["CVE-2021-44228"],
        "npm",
        "x",
        "introduced 1.0.0 fixed 2.0.0",
    ));
    let found = shelf.matches(&purl("pkg:npm/x"));
    assert_eq!(
        (found.matches.len(), found.candidates.len()),
        (0, 1),
        "{}",
        shelf.explain(&purl("pkg:npm/x"), "CVE-2021-44228")
    );
    assert_eq!(found.candidates[0].confidence, Confidence::Candidate);
    let why = &found.candidates[0].reasons[0];
    assert_eq!((why.version.as_str(), why.range.as_str(), why.rule.as_str()), ("", ">= 1.0.0, < 2.0.0", "R15"));
    assert_eq!(why.notes, ["version unknown, every version in range assumed"]);
}

#[test]
fn r16_sudos_patch_level_stands_in_the_update_field_or_in_the_version() {
    let sudo = |rest: &str| format!("cpe:2.3:a:sudo_project:sudo:{rest}:*:*:*:*:*:*");
    let shelf = Shelf::default().nvd(&nvd(
        "CVE-2021-3156",
        &[
            (&sudo("*:*"), ">= 1.8.2 < 1.8.32"),
            (&sudo("*:*"), ">= 1.9.0 < 1.9.5"),
            (&sudo("1.9.5:-"), ""),
            (&sudo("1.9.5:patch1"), ""),
        ],
    ));
    for (rest, expected) in [
        ("1.9.5:patch1", true),
        ("1.9.5p1:*", true),
        ("1.9.5:-", true),
        ("1.9.5:*", true),
        ("1.9.5p2:*", false),
        ("1.9.5:p2", false),
        ("1.9.4p2:*", true),
        ("1.9.6:*", false),
        ("1.8.31:p2", true),
    ] {
        assert_eq!(!shelf.findings(&cpe(&sudo(rest))).is_empty(), expected, "{rest}");
    }
}

#[test]
fn r17_a_plugin_of_wordpress_is_no_library() {
    // Names of Jenkins and WordPress plugins collide with libraries'.
    let shelf = Shelf::default()
        .nvd(&nvd("CVE-2021-1111", &[("cpe:2.3:a:acme:slider:*:*:*:*:*:wordpress:*:*", "< 3.0")]))
        .nvd(&nvd("CVE-2021-2222", &[("cpe:2.3:a:acme:slider:*:*:*:*:*:node.js:*:*", "< 3.0")]));
    let mut library = purl("pkg:npm/slider@2.0.0");
    library.cpes.push("cpe:2.3:a:acme:slider:2.0.0:*:*:*:*:*:*:*".to_owned());
    assert_eq!(shelf.findings(&library), ["CVE-2021-2222"]);
    library.purl = Some("pkg:pypi/slider@2.0.0".to_owned());
    assert!(shelf.findings(&library).is_empty());
    let plugin = cpe("cpe:2.3:a:acme:slider:2.0.0:*:*:*:*:wordpress:*:*");
    assert_eq!(shelf.findings(&plugin), ["CVE-2021-1111"]);
    let silent = shelf.matches(&cpe("cpe:2.3:a:acme:slider:2.0.0:*:*:*:*:*:*:*"));
    assert_eq!(silent.matches.len(), 2);
    assert!(silent.matches.iter().all(|found| found.confidence == Confidence::Derived), "what it runs on is not said");
}

#[test]
fn r17_a_fault_of_32_bit_builds_is_not_one_of_arm64() {
    let shelf = Shelf::default().nvd(&nvd("CVE-2026-31789", &[("cpe:2.3:a:acme:codec:*:*:*:*:*:*:x86:*", "< 3.0")]));
    let mut codec = purl("pkg:generic/codec@2.0?arch=aarch64");
    codec.cpes.push("cpe:2.3:a:acme:codec:2.0:*:*:*:*:*:*:*".to_owned());
    assert!(shelf.findings(&codec).is_empty());
    codec.purl = Some("pkg:generic/codec@2.0?arch=i686".to_owned());
    assert_eq!(shelf.matches(&codec).matches[0].confidence, Confidence::Exact);
}

#[test]
fn r18_a_condition_is_shown_and_lowers_the_confidence() {
    let windows = json!({"vulnerable": false, "criteria": "cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*"});
    let php = leaf("cpe:2.3:a:php:php:*:*:*:*:*:*:*:*", "< 8.2.18");
    let record = json!({
        "id": "CVE-2024-3566", "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "A fault."}],
        "configurations": [{"operator": "AND", "nodes": [
            {"operator": "OR", "cpeMatch": [php]}, {"operator": "OR", "cpeMatch": [windows]}
        ]}]
    });
    let found = Shelf::default().nvd(&record).matches(&cpe("cpe:2.3:a:php:php:8.1.0:*:*:*:*:*:*:*"));
    assert_eq!(found.matches[0].confidence, Confidence::Derived);
    assert!(found.matches[0].reasons[0].notes[0].contains("microsoft:windows"));
}

#[test]
fn r20_a_product_without_vendor_is_found_and_is_less_sure() {
    let shelf =
        Shelf::default().nvd(&nvd("CVE-2021-23017", &[("cpe:2.3:a:f5:nginx:*:*:*:*:*:*:*:*", ">= 0.6.18 < 1.20.1")]));
    let found = shelf.matches(&cpe("cpe:2.3:a:*:nginx:1.18.0:*:*:*:*:*:*:*"));
    assert_eq!((found.matches.len(), found.matches[0].confidence), (1, Confidence::Derived));
}

#[test]
fn r14_the_ecosystems_word_on_the_very_package_overrules_nvd_and_the_disagreement_is_kept() {
    let shelf = Shelf::default()
        .osv(&osv("GHSA-hc6q-2mpp-qw7j", &["CVE-2023-28154"], "npm", "webpack", "introduced 5.0.0 fixed 5.76.0"))
        .nvd(&nvd("CVE-2023-28154", &[("cpe:2.3:a:webpack.js:webpack:*:*:*:*:*:node.js:*:*", "< 5.76.0")]));
    let mut webpack = purl("pkg:npm/webpack@4.46.0");
    webpack.cpes.push("cpe:2.3:a:webpack.js:webpack:4.46.0:*:*:*:*:*:*:*".to_owned());
    let found = shelf.matches(&webpack);
    assert!(found.matches.is_empty());
    let kept = &found.candidates[0];
    assert_eq!((kept.vulnerability.as_str(), kept.confidence), ("CVE-2023-28154", Confidence::Candidate));
    assert_eq!(kept.reasons[0].family, Family::Nvd);
    assert_eq!(
        (kept.dissent[0].record.as_str(), kept.dissent[0].range.as_str()),
        ("GHSA-hc6q-2mpp-qw7j", ">= 5.0.0, < 5.76.0")
    );
    assert_eq!(found.outcomes[&Family::Osv], FamilyAnswer::Assessable { matched: false });
    assert_eq!(shelf.explain(&webpack, "GHSA-hc6q-2mpp-qw7j").vulnerabilities[0].verdict, Verdict::Candidate);

    webpack.version = Some("5.1.0".to_owned());
    webpack.purl = Some("pkg:npm/webpack@5.1.0".to_owned());
    webpack.cpes[0] = "cpe:2.3:a:webpack.js:webpack:5.1.0:*:*:*:*:*:*:*".to_owned();
    let both = shelf.matches(&webpack);
    assert_eq!(both.matches[0].reasons.len(), 2);
    assert_eq!(both.matches[0].confidence, Confidence::Exact);
    assert!(both.matches[0].dissent.is_empty());
}

#[test]
fn r14_what_a_record_leaves_open_waits_for_a_person_unless_another_record_settles_it() {
    let open = cve(
        "CVE-2020-0001",
        &json!([{
            "packageURL": "pkg:npm/open", "vendor": "acme", "product": "open",
            "versions": [{"version": "0", "lessThan": "1.0.0", "status": "affected", "versionType": "semver"}]
        }]),
    );
    let shelf = Shelf::default().cve(&open);
    let two = purl("pkg:npm/open@2.0.0");
    assert!(shelf.findings(&two).is_empty());
    let kept = shelf.matches(&two).candidates;
    assert!(kept[0].reasons[0].notes[0].starts_with("undecided"), "{kept:?}");
    assert_eq!(shelf.findings(&purl("pkg:npm/open@0.9.0")), ["CVE-2020-0001"]);
    let settled = shelf.osv(&osv("GHSA-3333-3333-3333", &["CVE-2020-0001"], "npm", "open", "introduced 0 fixed 1.0.0"));
    assert!(settled.candidates(&two).is_empty());
    assert_eq!(settled.explain(&two, "CVE-2020-0001").vulnerabilities[0].verdict, Verdict::NotAffected);
}

#[test]
fn r28_a_name_alone_is_a_candidate_for_a_person_and_no_identification() {
    let shelf = Shelf::default().cve(&cve(
        "CVE-2022-0001",
        &json!([{"vendor": "Example Medical, Inc.", "product": "Pump 3000", "defaultStatus": "unaffected",
            "versions": [{"version": "1.0", "lessThan": "2.0", "status": "affected", "versionType": "custom"}]}]),
    ));
    let mut pump = named("Pump 3000");
    pump.supplier = Some("Example Medical".to_owned());
    pump.version = Some("1.5".to_owned());
    let found = shelf.matches(&pump);
    assert!(found.matches.is_empty() && !found.identified);
    assert_eq!(found.candidates[0].confidence, Confidence::Candidate);
    assert_eq!(found.outcomes[&Family::CveList], FamilyAnswer::NotAssessable);
    pump.version = Some("2.0".to_owned());
    assert!(shelf.candidates(&pump).is_empty());
}

#[test]
fn score_title_exploitation_and_epss_come_from_the_whole_cluster() {
    let mut record = osv(
        "GHSA-jfh8-c2jp-5v3q",
        &["CVE-2021-44228"],
        "Maven",
        "org.apache.logging.log4j:log4j-core",
        "introduced 2.13.0 fixed 2.15.0",
    );
    record["summary"] = json!("Remote code injection in Log4j");
    let kev = json!({"catalogVersion": "1", "count": 1, "vulnerabilities": [{
        "cveID": "CVE-2021-44228", "dateAdded": "2021-12-10", "vulnerabilityName": "Log4Shell",
        "shortDescription": "x", "requiredAction": "y", "dueDate": "2021-12-24"
    }]});
    let mut authority = cve("CVE-2021-44228", &json!([]));
    authority["containers"]["cna"]["metrics"] =
        json!([{"cvssV3_1": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "baseScore": 10.0}}]);
    let mut shelf = Shelf::default().osv(&record).cve(&authority).read(
        domain::normalise::Format::Kev,
        "cisa-kev",
        Family::Kev,
        &kev,
    );
    shelf.epss.insert("CVE-2021-44228".to_owned(), 975_000);
    let found = &shelf.matches(&log4j("log4j-core", "2.14.1")).matches[0];
    assert_eq!(found.title, "Remote code injection in Log4j");
    assert_eq!((found.score_tenths, found.epss_millionths), (Some(100), Some(975_000)));
    assert_eq!(found.known_exploited.as_deref(), Some("2021-12-10"));
    assert_eq!(found.aliases, ["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"]);
}

#[test]
fn r25_a_commit_is_certain_only_where_a_range_names_it() {
    let (bad, fix) = ("cacf7f1d4e3d44d871b605da3b647f07d718623f", "eff308af425b67093bab25f80f1ae950166bece1");
    let shelf = Shelf::default().osv(&json!({
        "id": "OSV-2022-1", "modified": "2024-01-01T00:00:00Z", "affected": [{"ranges": [{
            "type": "GIT", "repo": "https://github.com/madler/zlib", "events": [{"introduced": bad}, {"fixed": fix}]
        }]}]
    }));
    let at = |commit: &str| purl(&format!("pkg:github/madler/zlib@{commit}"));
    assert_eq!(shelf.findings(&at(bad)), ["OSV-2022-1"]);
    assert!(shelf.findings(&at(fix)).is_empty() && shelf.candidates(&at(fix)).is_empty());
    let between = shelf.matches(&at("0123456789abcdef0123456789abcdef01234567"));
    assert!(between.matches.is_empty());
    assert!(between.candidates[0].reasons[0].notes[0].contains("history"), "{between:?}");
}
