//! Bad input and bad luck: a clear message, one record lost at most, nothing half-written, and the next run catches up.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::bed::{Bed, arg, config, source};

fn npm_bed() -> Bed {
    Bed::new(&config(&(source("osv:npm", "osv", "ecosystem = \"npm\"") + &source("cisa-kev", "cisa-kev", ""))))
}

fn advisory(id: &str, package: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"2022-01-01T00:00:00Z","summary":"s","details":"d","affected":[{{"package":{{"ecosystem":"npm","name":"{package}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}}]}}]}}]}}"#
    )
}

#[test]
fn one_malformed_record_is_quarantined_with_its_place_and_the_rest_goes_on() {
    let bed = npm_bed();
    bed.file("osv/GHSA-2222-2222-2222.json", advisory("GHSA-2222-2222-2222", "left"));
    bed.file("osv/GHSA-3333-3333-3333.json", r#"{"id": "GHSA-3333-3333-3333", "affected": "#);
    let last = bed.file("osv/GHSA-4444-4444-4444.json", advisory("GHSA-4444-4444-4444", "right"));
    let output = bed.run(&["source", "sync", "osv:npm", "--from", &arg(last.parent().expect("a folder"))]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("osv:npm"), "{text}");
    let log = bed.json(&["source", "log"]);
    assert_eq!(log[0]["new"], 2, "{log}");
    let entry = log[0]["entry"].to_string();
    let shown = bed.ok(&["source", "show", &entry]);
    assert!(
        shown.contains("GHSA-3333-3333-3333.json") || log[0]["owed"].to_string().contains("GHSA-3333-3333-3333"),
        "{shown}"
    );
}

#[test]
fn a_truncated_catalogue_is_refused_as_a_whole_and_the_earlier_one_stands() {
    let bed = npm_bed();
    let entry = |cve: &str| {
        format!(
            r#"{{"cveID":"{cve}","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2022-01-01","shortDescription":"s","requiredAction":"a","dueDate":"2022-02-01","notes":""}}"#
        )
    };
    let whole = format!(
        r#"{{"catalogVersion":"1","dateReleased":"2022-01-02T00:00:00Z","count":2,"vulnerabilities":[{},{}]}}"#,
        entry("CVE-2021-44228"),
        entry("CVE-2021-4034")
    );
    let first = bed.file("kev/kev.json", &whole);
    bed.ok(&["source", "sync", "cisa-kev", "--from", &arg(&first)]);
    let cut = bed.file("kev/cut.json", &whole[..whole.len() / 2]);
    let text = bed.exits(1, &["source", "sync", "cisa-kev", "--from", &arg(&cut)]);
    assert!(text.contains("failed"), "{text}");
    let status = bed.json(&["knowledge", "status"]);
    assert_eq!(status[0]["live"], 2, "the earlier catalogue stands: {status}");
}

#[test]
fn a_source_that_shrinks_is_held_until_a_person_accepts_it() {
    let bed = npm_bed();
    bed.people("2022-01-01T00:00:00Z");
    let catalogue = |cves: &[&str]| {
        let entries: Vec<String> = cves
            .iter()
            .map(|cve| format!(r#"{{"cveID":"{cve}","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2022-01-01","shortDescription":"s","requiredAction":"a","dueDate":"2022-02-01","notes":""}}"#))
            .collect();
        format!(
            r#"{{"catalogVersion":"1","dateReleased":"2022-01-02T00:00:00Z","count":{},"vulnerabilities":[{}]}}"#,
            cves.len(),
            entries.join(",")
        )
    };
    let full = bed.file("full.json", catalogue(&["CVE-2021-44228", "CVE-2021-4034", "CVE-2022-0847"]));
    let half = bed.file("half.json", catalogue(&["CVE-2021-44228"]));
    bed.ok(&["source", "sync", "cisa-kev", "--from", &arg(&full)]);
    let held = bed.exits(1, &["source", "sync", "cisa-kev", "--from", &arg(&half)]);
    assert!(held.contains("2 of 3 live records are gone"), "{held}");
    assert_eq!(bed.json(&["knowledge", "status"])[0]["live"], 3);
    bed.ok(&[
        "source",
        "accept",
        "cisa-kev",
        "--reason",
        "CISA removed two entries; see their notice.",
        "--as",
        "anna",
    ]);
    bed.ok(&["source", "sync", "cisa-kev", "--from", &arg(&half)]);
    assert_eq!(bed.json(&["knowledge", "status"])[0]["live"], 1);
    // The same bytes twice are no news.
    bed.ok(&["source", "sync", "cisa-kev", "--from", &arg(&half)]);
    assert_eq!(bed.json(&["source", "log"])[0]["new"], 0);
}

#[test]
fn an_unreadable_sbom_and_an_unknown_version_are_refused_with_the_reason() {
    let bed = npm_bed();
    bed.ok(&["release", "add", "pump@1"]);
    let cases = [
        ("cut.json", r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"#.to_owned(), "cut.json"),
        ("future.json", r#"{"bomFormat":"CycloneDX","specVersion":"9.9","components":[]}"#.to_owned(), "9.9"),
        ("letter.txt", "Dear customer, our product contains no software.".to_owned(), "not an SBOM"),
        ("deep.json", "[".repeat(200_000), "deep.json"),
    ];
    for (name, content, reason) in cases {
        let path = bed.file(name, content);
        let text = bed.exits(2, &["sbom", "import", &arg(&path), "--release", "pump@1"]);
        assert!(text.contains(reason), "{name}: {text}");
    }
    assert_eq!(bed.json(&["sbom", "list"]).as_array().map(Vec::len), Some(0), "nothing was half imported");
}

#[test]
fn the_same_sbom_twice_changes_nothing() {
    let bed = npm_bed();
    bed.ok(&["release", "add", "pump@1"]);
    let path = bed.file("a.json", r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"left","version":"1","purl":"pkg:npm/left@1"}]}"#);
    bed.ok(&["sbom", "import", &arg(&path), "--release", "pump@1"]);
    let again = bed.ok(&["sbom", "import", &arg(&path), "--release", "pump@1"]);
    assert!(again.contains("already revision 1"), "{again}");
    assert_eq!(bed.json(&["sbom", "list"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn a_wrong_configuration_names_line_and_suggestion() {
    let bed = npm_bed();
    let path = bed.dir().join("wardround.toml");
    let text = std::fs::read_to_string(&path)
        .expect("the configuration")
        .replace("kind = \"cisa-kev\"", "kind = \"cisa-kew\"");
    std::fs::write(&path, text).expect("the configuration is written");
    let message = bed.exits(2, &["source", "list"]);
    assert!(message.contains("did you mean \"cisa-kev\"?"), "{message}");
    assert!(message.contains("wardround.toml:"), "{message}");
}

#[test]
fn a_kill_in_the_middle_of_a_sync_loses_nothing_and_the_next_one_catches_up() {
    let bed = npm_bed();
    for number in 0..3_000 {
        let id = format!("GHSA-{number:04}-aaaa-bbbb");
        bed.file(&format!("osv/{id}.json"), advisory(&id, &format!("package-{number}")));
    }
    let folder = arg(&bed.dir().parent().expect("the bed").join("osv"));
    for wait_ms in [5, 20, 60, 120] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("wardround"))
            .args(["-q", "-C", &arg(&bed.dir()), "source", "sync", "osv:npm", "--from", &folder])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(wait_ms));
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
        bed.ok(&["journal", "verify"]);
    }
    bed.ok(&["source", "sync", "osv:npm", "--from", &folder]);
    assert_eq!(bed.json(&["knowledge", "status"])[0]["live"], 3_000);
    let doctor = bed.run(&["doctor"]);
    let text = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(text.contains("It is the one that the journal states"), "{text}");
    assert!(text.contains("replaying them gives these tables"), "{text}");
}

#[test]
fn a_row_edited_behind_the_programs_back_is_found() {
    let bed = npm_bed();
    bed.people("2022-01-01T00:00:00Z");
    let path = bed.dir().join("records.db");
    let bytes = std::fs::read(&path).expect("the database");
    let needle = b"Anna Berg";
    let at: Vec<usize> =
        bytes.windows(needle.len()).enumerate().filter(|(_, window)| window == needle).map(|(at, _)| at).collect();
    assert!(!at.is_empty(), "the name stands in the database or its log");
    let mut changed = bytes;
    changed[at[0]..at[0] + needle.len()].copy_from_slice(b"Anna Bert");
    std::fs::write(&path, changed).expect("the database is written");
    let text = bed.exits(1, &["journal", "verify"]);
    assert!(text.contains("problem"), "{text}");
}
