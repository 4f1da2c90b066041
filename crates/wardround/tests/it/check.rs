//! `check`: one SBOM in a build.

use crate::bed::{Bed, arg, config, source};

const MINIMIST: &str = r#"{"id":"GHSA-xvch-5gv4-984h","modified":"2022-03-25T00:00:00Z","aliases":["CVE-2021-44906"],"summary":"Prototype pollution in minimist",
"details":"Keys of parsed arguments reach the prototype.","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
"affected":[{"package":{"ecosystem":"npm","name":"minimist"},"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0.0"},{"fixed":"1.2.6"}]}]}]}"#;

fn bed() -> Bed {
    let bed = Bed::new(&config(&source("osv:npm", "osv", "ecosystem = \"npm\"")));
    let advisory = bed.file("osv/GHSA-xvch-5gv4-984h.json", MINIMIST);
    bed.ok(&["source", "sync", "osv:npm", "--from", &arg(advisory.parent().expect("a folder"))]);
    bed
}

fn sbom(bed: &Bed, version: &str) -> String {
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{{"type":"library","name":"minimist","version":"{version}","purl":"pkg:npm/minimist@{version}"}},{{"type":"library","name":"mystery","version":"1"}}]}}"#
    );
    arg(&bed.file("app.cdx.json", text))
}

#[test]
fn a_critical_finding_fails_the_build_and_says_why() {
    let bed = bed();
    let text = bed.exits(1, &["check", &sbom(&bed, "1.2.5")]);
    for part in
        ["CVE-2021-44906", "9.8 critical", "fixed in 1.2.6", ">= 1.0.0, < 1.2.6", "1 without identity", "mystery"]
    {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[test]
fn a_fixed_version_and_a_higher_threshold_pass() {
    let bed = bed();
    bed.ok(&["check", &sbom(&bed, "1.2.6")]);
    bed.ok(&["check", &sbom(&bed, "1.2.5"), "--fail-at", "9.9"]);
}

#[test]
fn sarif_names_rule_level_and_place() {
    let bed = bed();
    let output = bed.run(&["check", &sbom(&bed, "1.2.5"), "--sarif"]);
    let sarif: serde_json::Value = serde_json::from_slice(&output.stdout).expect("SARIF is JSON");
    let run = &sarif["runs"][0];
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(run["tool"]["driver"]["rules"][0]["properties"]["security-severity"], "9.8");
    assert_eq!(run["results"][0]["ruleId"], "CVE-2021-44906");
    assert_eq!(run["results"][0]["level"], "error");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn without_knowledge_it_says_where_it_comes_from() {
    let bed = bed();
    let text = bed.exits(2, &["check", &sbom(&bed, "1.2.5"), "--knowledge", "/nonexistent"]);
    assert!(text.contains("wardround source sync"), "{text}");
}
