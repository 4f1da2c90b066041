//! The main job on small documents of our own, from files: every step a maker takes, and what each leaves behind.

use crate::bed::{Bed, arg, config, source};

const GHSA: &str = r#"{"schema_version":"1.4.0","id":"GHSA-jfh8-c2jp-5v3q","modified":"2021-12-14T10:00:00Z","published":"2021-12-10T00:40:56Z",
"aliases":["CVE-2021-44228"],"summary":"Log4j evaluates look-ups in logged text","details":"Whoever controls logged text controls the process.",
"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}],
"affected":[{"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},
"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.13.0"},{"fixed":"2.15.0"}]}]}]}"#;

const KEV_EMPTY: &str = r#"{"title":"t","catalogVersion":"2021.12.09","dateReleased":"2021-12-09T15:00:00Z","count":0,"vulnerabilities":[]}"#;

const KEV_LOG4J: &str = r#"{"title":"t","catalogVersion":"2021.12.10","dateReleased":"2021-12-12T15:00:00Z","count":1,"vulnerabilities":[
{"cveID":"CVE-2021-44228","vendorProject":"Apache","product":"Log4j2","vulnerabilityName":"Log4Shell","dateAdded":"2021-12-10",
"shortDescription":"Look-ups run code.","requiredAction":"Update.","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known","notes":""}]}"#;

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
{"type":"library","bom-ref":"a","group":"org.apache.logging.log4j","name":"log4j-core","version":"2.14.1","purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"},
{"type":"library","bom-ref":"b","group":"org.apache.logging.log4j","name":"log4j-api","version":"2.14.1","purl":"pkg:maven/org.apache.logging.log4j/log4j-api@2.14.1"},
{"type":"library","bom-ref":"c","name":"pump-motor-controller","version":"4.2"}]}"#;

fn bed() -> Bed {
    let sources = source("osv:Maven", "osv", "ecosystem = \"Maven\"") + &source("cisa-kev", "cisa-kev", "");
    let bed = Bed::new(&config(&sources));
    bed.people("2021-12-01T08:00:00Z");
    bed.file("osv/GHSA-jfh8-c2jp-5v3q.json", GHSA);
    bed.file("kev-1/kev.json", KEV_EMPTY);
    bed.file("kev-2/kev.json", KEV_LOG4J);
    let sbom = bed.file("pump.cdx.json", SBOM);
    bed.ok(&["--at", "2021-12-01T09:00:00Z", "release", "add", "pump@2.1.0"]);
    bed.ok(&["--at", "2021-12-01T09:00:00Z", "sbom", "import", &arg(&sbom), "--release", "pump@2.1.0"]);
    bed
}

fn sync(bed: &Bed, at: &str, source: &str, folder: &str) {
    let path = bed.dir().parent().expect("the bed").join(folder);
    bed.ok(&["--at", at, "source", "sync", source, "--from", &arg(&path)]);
}

#[test]
fn a_finding_appears_is_judged_reopened_by_kev_reviewed_and_proven() {
    let bed = bed();
    sync(&bed, "2021-12-11T06:00:00Z", "osv:Maven", "osv");
    sync(&bed, "2021-12-11T06:00:00Z", "cisa-kev", "kev-1");
    bed.ok(&["--at", "2021-12-11T06:30:00Z", "run"]);

    let findings = bed.json(&["finding", "list"]);
    assert_eq!(findings.as_array().map(Vec::len), Some(1), "log4j-api is not log4j-core: {findings}");
    assert_eq!(findings[0]["vulnerability"], "CVE-2021-44228");
    let explained = bed.ok(&["finding", "explain", "F-1", "--raw"]);
    for part in
        [">= 2.13.0, < 2.15.0", "maven order", "GHSA-jfh8-c2jp-5v3q", "fixed in 2.15.0", "Whoever controls logged text"]
    {
        assert!(explained.contains(part), "{part} is missing:\n{explained}");
    }

    let judge = [
        "--status",
        "not_affected",
        "--justification",
        "vulnerable_code_not_in_execute_path",
        "--rationale",
        "Look-ups are compiled out.",
    ];
    bed.ok(&[&["--at", "2021-12-11T10:00:00Z", "finding", "assess", "F-1", "--as", "anna"][..], &judge[..]].concat());
    bed.exits(2, &["--at", "2021-12-11T10:05:00Z", "finding", "approve", "F-1", "--as", "anna"]);
    bed.ok(&["--at", "2021-12-11T10:10:00Z", "finding", "approve", "F-1", "--as", "ben"]);
    assert_eq!(bed.json(&["finding", "list"])[0]["state"], "not_affected");

    sync(&bed, "2021-12-13T06:00:00Z", "cisa-kev", "kev-2");
    let run = bed.ok(&["--at", "2021-12-13T06:30:00Z", "run"]);
    assert!(run.contains("reopened: the vulnerability was added to a known-exploited catalogue"), "{run}");
    assert_eq!(bed.json(&["finding", "list"])[0]["state"], "reopened");

    bed.ok(&["--at", "2021-12-31T09:00:00Z", "review", "open", "--as", "anna"]);
    let refused = bed.exits(
        2,
        &["--at", "2021-12-31T09:10:00Z", "review", "conclude", "REV-1", "--conclusion", "Done.", "--as", "anna"],
    );
    assert!(refused.contains("1 still need a decision: F-1"), "{refused}");
    bed.ok(&[
        "--at",
        "2021-12-31T09:20:00Z",
        "finding",
        "assess",
        "F-1",
        "--as",
        "anna",
        "--status",
        "affected",
        "--action",
        "Update to 2.2.0.",
        "--rationale",
        "It is exploited.",
    ]);
    bed.ok(&[
        "--at",
        "2021-12-31T09:30:00Z",
        "review",
        "conclude",
        "REV-1",
        "--conclusion",
        "One finding, affected; 2.2.0 fixes it.",
        "--as",
        "anna",
    ]);
    bed.ok(&["--at", "2021-12-31T09:40:00Z", "review", "sign", "REV-1", "--meaning", "reviewed", "--as", "anna"]);
    let sealed =
        bed.ok(&["--at", "2021-12-31T09:50:00Z", "review", "sign", "REV-1", "--meaning", "approved", "--as", "ben"]);
    assert!(sealed.contains("REV-1 is sealed"), "{sealed}");

    let pack = bed.dir().join("rev1.zip");
    bed.ok(&["--at", "2021-12-31T10:00:00Z", "evidence", "pack", "REV-1", "-o", &arg(&pack)]);
    let key = arg(&bed.dir().join("keys/journal.pub"));
    let verdict = bed.ok(&["evidence", "verify", &arg(&pack), "--key", &key]);
    for sentence in ["The pack is sound.", "two persons", "all 1 advisory revisions", "rehearsal"] {
        assert!(verdict.contains(sentence), "{sentence} is missing:\n{verdict}");
    }
    bed.ok(&["journal", "verify"]);

    // The next period joins without hole or overlap.
    let next = bed.ok(&["--at", "2022-01-31T09:00:00Z", "review", "open", "--as", "anna"]);
    assert!(next.contains("2021-12-31 09:00 UTC up to 2022-01-31 09:00 UTC"), "{next}");
}

#[test]
fn a_pack_that_somebody_changed_is_not_sound() {
    let bed = bed();
    sync(&bed, "2021-12-11T06:00:00Z", "cisa-kev", "kev-1");
    bed.ok(&["--at", "2021-12-11T06:30:00Z", "run"]);
    bed.ok(&["--at", "2021-12-12T09:00:00Z", "review", "open", "--as", "anna"]);
    bed.ok(&["--at", "2021-12-12T09:00:00Z", "review", "conclude", "1", "--conclusion", "Nothing.", "--as", "anna"]);
    bed.ok(&["--at", "2021-12-12T09:00:00Z", "review", "sign", "1", "--meaning", "reviewed", "--as", "anna"]);
    bed.ok(&["--at", "2021-12-12T09:00:00Z", "review", "sign", "1", "--meaning", "approved", "--as", "ben"]);
    let pack = bed.dir().join("pack.zip");
    bed.ok(&["--at", "2021-12-12T10:00:00Z", "evidence", "pack", "1", "-o", &arg(&pack)]);
    let key = arg(&bed.dir().join("keys/journal.pub"));
    bed.ok(&["evidence", "verify", &arg(&pack), "--key", &key]);

    let mut bytes = std::fs::read(&pack).expect("the pack");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&pack, bytes).expect("the pack is written");
    let output = bed.run(&["evidence", "verify", &arg(&pack), "--key", &key]);
    assert_ne!(output.status.code(), Some(0), "a changed pack must not verify");

    let other = Bed::new(&config(""));
    let key = arg(&other.dir().join("keys/journal.pub"));
    let output = bed.run(&["evidence", "verify", &arg(&pack), "--key", &key]);
    assert_ne!(output.status.code(), Some(0), "another journal's key must not verify it");
}

#[test]
fn the_knowledge_is_the_same_after_a_rebuild_and_as_of_an_earlier_day() {
    let bed = bed();
    sync(&bed, "2021-12-11T06:00:00Z", "osv:Maven", "osv");
    sync(&bed, "2021-12-11T06:10:00Z", "cisa-kev", "kev-1");
    sync(&bed, "2021-12-13T06:00:00Z", "cisa-kev", "kev-2");
    let rebuilt = bed.ok(&["knowledge", "rebuild"]);
    assert!(rebuilt.contains("The digest is the one that the journal states"), "{rebuilt}");
    let past = bed.dir().join("past");
    let rebuilt = bed.ok(&["knowledge", "rebuild", "--as-of", "2021-12-12T00:00:00Z", "--into", &arg(&past)]);
    assert!(rebuilt.contains("The digest is the one that the journal states"), "{rebuilt}");
    assert!(rebuilt.contains("osv:Maven: 1 live"), "{rebuilt}");
}

#[test]
fn nobody_can_set_the_clock_of_a_workspace_that_is_no_rehearsal() {
    let bed = Bed::new(&config(""));
    let real = bed.dir().join("real");
    bed.ok(&["init", &arg(&real), "--organisation", "Example Medical"]);
    let output = assert_cmd::Command::cargo_bin("wardround")
        .expect("the program is built")
        .args(["-C", &arg(&real), "--at", "2021-12-01T00:00:00Z", "run"])
        .output()
        .expect("the program starts");
    let refused = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(refused.contains("only a workspace made with `init --rehearsal` allows that"), "{refused}");
}
