//! Matching against the shared vectors: OSV evaluation, CPE criteria, and cases from public threads.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::shelf::{Shelf, cpe, leaf, nvd, osv, purl};
use crate::shared;

fn lines(folder: &Path, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("vectors").join(file)).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("the vectors are JSON lines")).collect()
}

#[test]
fn osv_evaluation_agrees_with_every_vector() {
    let Some(folder) = shared::folder() else { return };
    let rows = lines(&folder, "osv/affected_eval.jsonl");
    let mut wrong = Vec::new();
    for row in &rows {
        let record = json!({"id": "OSV-1", "modified": "2024-01-01T00:00:00Z", "affected": row["affected"]});
        let shelf = Shelf::default().osv(&record);
        let (name, version) = (row["package"]["name"].as_str().unwrap(), row["package"]["version"].as_str().unwrap());
        let at = if version.is_empty() { String::new() } else { format!("@{version}") };
        let found = shelf.matches(&purl(&format!("pkg:npm/{name}{at}")));
        // An unknown version counts as affected there; here a person is asked (R28).
        let affected = !found.matches.is_empty() || (version.is_empty() && !found.candidates.is_empty());
        if affected != row["expected_affected"].as_bool().unwrap() {
            wrong.push(format!("{} {version:?}", row["case"]));
        }
    }
    shared::show(&format!("OSV evaluation: {} of {} agree\n", rows.len() - wrong.len(), rows.len()));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn cpe_criteria_agree_with_every_vector_that_follows_the_specification() {
    let Some(folder) = shared::folder() else { return };
    let rows = lines(&folder, "cpe/criteria_vs_target.jsonl");
    let (mut wrong, mut total) = (Vec::new(), 0);
    for row in rows.iter().filter(|row| row["policy"].is_null()) {
        let criteria = row["criteria"].as_str().unwrap();
        let target = row["target"].as_str().unwrap();
        let parsed = standards::cpe::Cpe::parse(criteria).unwrap();
        // A criterion that leaves the product open is stored under no key: nothing to find it by (R20).
        if parsed.product.plain().is_none() {
            continue;
        }
        total += 1;
        let range: String =
            [("startIncluding", ">="), ("startExcluding", ">"), ("endIncluding", "<="), ("endExcluding", "<")]
                .iter()
                .filter_map(|(field, sign)| row["range"][field].as_str().map(|version| format!("{sign} {version} ")))
                .collect();
        let shelf = Shelf::default().nvd(&nvd("CVE-2024-0001", &[(criteria, range.as_str())]));
        let found = !shelf.findings(&cpe(target)).is_empty();
        if found != row["matches"].as_bool().unwrap() {
            wrong.push(format!("{criteria} {range}against {target}: {found}"));
        }
    }
    shared::show(&format!("CPE criteria: {} of {total} agree\n{}\n", total - wrong.len(), wrong.join("\n")));
    assert!(wrong.len() <= 5, "{wrong:#?}");
}

/// What the records said, as far as the threads tell: enough for the rules of today to be tried on the cases.
fn records_of_the_cases() -> Shelf {
    let mut sprockets = osv("GHSA-r4x3-g983-9g48", &[], "RubyGems", "sprockets", "introduced 0 fixed 4.0.3");
    sprockets["withdrawn"] = json!("2021-01-01T00:00:00Z");
    let mut static_eval = osv("GHSA-8v27-2fg9-7h62", &["CVE-2021-23334"], "npm", "static-eval", "introduced 0");
    static_eval["withdrawn"] = json!("2021-03-01T00:00:00Z");
    let php = json!({
        "id": "CVE-2024-3566", "vulnStatus": "Analyzed", "configurations": [{"operator": "AND", "nodes": [
            {"operator": "OR", "cpeMatch": [leaf("cpe:2.3:a:php:php:*:*:*:*:*:*:*:*", "< 8.3.5")]},
            {"operator": "OR", "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*"}]}
        ]}]
    });
    Shelf::default()
        .nvd(&nvd("CVE-2017-3162", &[("cpe:2.3:a:apache:hadoop:*:*:*:*:*:*:*:*", "< 2.7.0")]))
        .osv(&osv("GHSA-aaaa-0001-0001", &["CVE-2017-1000034"], "Maven", "com.typesafe.akka:akka-actor_2.12", "introduced 2.5-M1 last_affected 2.5-M1"))
        .nvd(&nvd("CVE-2017-1000034", &[("cpe:2.3:a:akka:akka:*:*:*:*:*:*:*:*", "<= 2.4.16")]))
        .osv(&osv("GHSA-aaaa-0002-0001", &["CVE-2016-3088"], "Maven", "org.apache.activemq:activemq-client", "introduced 0 fixed 5.14.0"))
        .osv(&osv("GHSA-aaaa-0003-0001", &["CVE-2022-45064"], "Maven", "org.apache.sling:org.apache.sling.engine", "introduced 0 fixed 2.14.0"))
        .osv(&osv("GHSA-mqvp-7rrg-9jxc", &["CVE-2022-26336"], "Maven", "org.apache.poi:poi-scratchpad", "introduced 3.8 fixed 5.2.1"))
        .osv(&osv("GHSA-hc6q-2mpp-qw7j", &["CVE-2023-28154"], "npm", "webpack", "introduced 5.0.0 fixed 5.76.0"))
        .osv(&osv("GHSA-9qr9-h5gf-34mp", &["CVE-2025-66478"], "npm", "next", "introduced 15.5.0 fixed 15.5.7"))
        .cve(&super::shelf::rejected("CVE-2025-66478"))
        .osv(&osv("GHSA-fv66-9v8q-g76r", &["CVE-2025-55182"], "npm", "react-server-dom-webpack", "introduced 19.0.0 fixed 19.0.1"))
        .osv(&sprockets)
        .osv(&static_eval)
        .nvd(&nvd("CVE-2024-9410", &[("cpe:2.3:a:ada:ada:*:*:*:*:*:*:*:*", "")]))
        .nvd(&nvd("CVE-2023-25160", &[("cpe:2.3:a:nextcloud:mail:*:*:*:*:*:*:*:*", "< 2.2.1")]))
        .nvd(&php)
        .nvd(&nvd("CVE-2023-32003", &[("cpe:2.3:a:nodejs:node.js:*:*:*:*:*:*:*:*", ">= 20.0.0 < 20.5.1")]))
        .nvd(&nvd("CVE-2023-32004", &[("cpe:2.3:a:nodejs:node.js:*:*:*:*:*:*:*:*", ">= 20.0.0 < 20.5.1")]))
        .read(domain::normalise::Format::DebianTracker, "debian", domain::model::source::Family::OsVendor, &json!({
            "openssl": {"CVE-2023-5363": {"releases": {"trixie": {"status": "open"}, "sid": {"status": "resolved", "fixed_version": "3.0.12-1"}}}},
            "linux": {"CVE-2023-52760": {"releases": {"bookworm": {"status": "open"}}}}
        }))
        .read(domain::normalise::Format::AlpineSecdb, "alpine:edge", domain::model::source::Family::OsVendor, &json!({
            "distroversion": "edge", "packages": [{"pkg": {"name": "musl", "secfixes": {"1.2.5-r10": ["CVE-2025-26519"]}}}]
        }))
        .osv(&{
            let mut record = osv("RHSA-2020:3014", &[], "Red Hat:enterprise_linux:8::baseos", "dbus", "introduced 0 fixed 1:1.12.8-10.el8_2");
            record["upstream"] = json!(["CVE-2020-12049", "CVE-2019-12749"]);
            record
        })
        .osv(&{
            let mut record = osv("RHSA-2023:0096", &[], "Red Hat:enterprise_linux:8::baseos", "dbus", "introduced 0 fixed 1:1.12.8-23.el8_7.1");
            record["upstream"] = json!(["CVE-2022-42010", "CVE-2022-42011", "CVE-2022-42012"]);
            record
        })
        .osv(&osv("GO-2024-3106", &["CVE-2024-34156"], "Go", "stdlib", "introduced 0 fixed 1.22.7"))
        .osv(&osv("GO-2024-3105", &["CVE-2024-34155"], "Go", "stdlib", "introduced 0 fixed 1.22.7"))
        .osv(&osv("GO-2024-3107", &["CVE-2024-34158"], "Go", "stdlib", "introduced 0 fixed 1.22.7"))
}

#[test]
fn cases_from_public_threads_are_counted() {
    let Some(folder) = shared::folder() else { return };
    let shelf = records_of_the_cases();
    let rows = lines(&folder, "labels/issue_cases.jsonl");
    let (mut green, mut report) = (0, String::new());
    for row in &rows {
        let text = row["component"].as_str().unwrap();
        let wanted = row["vulnerability"].as_str().unwrap();
        let component = if text.starts_with("pkg:") { purl(text) } else { cpe(text) };
        let found = shelf.matches(&component);
        let is_found = found
            .matches
            .iter()
            .any(|one| one.vulnerability == wanted || one.aliases.iter().any(|name| name == wanted));
        let agrees = is_found == (row["expected"] == "affected");
        green += usize::from(agrees);
        if !agrees {
            let _ = writeln!(report, "  not yet: {text} {wanted} ({})", row["class"].as_str().unwrap_or_default());
        }
    }
    shared::show(&format!("cases from public threads: {green} of {} green\n{report}", rows.len()));
    assert!(green * 10 >= rows.len() * 7, "{report}");
}
