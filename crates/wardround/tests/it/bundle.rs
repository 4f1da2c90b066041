//! Across an air gap: what one workspace fetched is carried to another in signed files, and nothing else gets in.

use crate::bed::{Bed, arg, config, source};

fn advisory(id: &str, package: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"2022-01-01T00:00:00Z","summary":"s","details":"d","affected":[{{"package":{{"ecosystem":"npm","name":"{package}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}}]}}]}}]}}"#
    )
}

fn catalogue(cves: &[&str]) -> String {
    let entry = |cve: &&str| {
        format!(
            r#"{{"cveID":"{cve}","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2022-01-01","shortDescription":"s","requiredAction":"a","dueDate":"2022-02-01","notes":""}}"#
        )
    };
    format!(
        r#"{{"catalogVersion":"1","dateReleased":"2022-01-02T00:00:00Z","count":{},"vulnerabilities":[{}]}}"#,
        cves.len(),
        cves.iter().map(entry).collect::<Vec<_>>().join(",")
    )
}

/// A workspace with a network, as far as tests have one, and one without.
fn sides() -> (Bed, Bed) {
    let npm = source("osv:npm", "osv", "ecosystem = \"npm\"");
    let config = config(&(npm + &source("cisa-kev", "cisa-kev", "")));
    let (outside, inside) = (Bed::new(&config), Bed::new(&config));
    inside.people("2022-01-01T00:00:00Z");
    (outside, inside)
}

fn fetch(outside: &Bed, at: &str, source: &str, name: &str, content: &str) {
    let file = outside.file(name, content);
    outside.ok(&["--at", at, "source", "sync", source, "--from", &arg(&file)]);
}

fn export(outside: &Bed, at: &str, name: &str, more: &[&str]) -> String {
    let file = outside.dir().join(name);
    let said = outside.ok(&[&["--at", at, "source", "bundle", "export", &arg(&file)], more].concat());
    assert!(said.contains("journal entries"), "{said}");
    arg(&file)
}

fn knowledge(bed: &Bed) -> String {
    bed.ok(&["knowledge", "status"])
}

#[test]
fn what_was_fetched_outside_is_known_inside_with_the_dates_of_then() {
    let (outside, inside) = sides();
    fetch(&outside, "2022-01-02T06:00:00Z", "osv:npm", "a.json", &advisory("GHSA-2222-2222-2222", "left"));
    fetch(&outside, "2022-01-02T06:10:00Z", "cisa-kev", "kev.json", &catalogue(&["CVE-2021-44228"]));
    let first = export(&outside, "2022-01-02T07:00:00Z", "1.tar.zst", &[]);
    let key = arg(&outside.dir().join("keys/journal.pub"));
    let import = |at: &str, file: &str, more: &[&str]| {
        let arguments = ["--at", at, "source", "bundle", "import", file, "--as", "anna"];
        inside.run(&[&arguments[..], more].concat())
    };
    let text = |output: &std::process::Output| {
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };

    let untrusted = import("2022-01-03T09:00:00Z", &first, &[]);
    assert_eq!(untrusted.status.code(), Some(2));
    assert!(text(&untrusted).contains("name it with --key"), "{}", text(&untrusted));
    let imported = import("2022-01-03T09:00:00Z", &first, &["--key", &key]);
    assert_eq!(imported.status.code(), Some(0), "{}", text(&imported));
    assert!(text(&imported).contains("signature, proofs and all digests hold"), "{}", text(&imported));
    assert_eq!(knowledge(&inside), knowledge(&outside));
    let log = inside.json(&["source", "log"]);
    assert_eq!(log[0]["finished"], "2022-01-02T06:10:00Z", "the day of the fetch, not of the import");

    let entries = inside.json(&["journal", "log"]);
    let again = import("2022-01-03T10:00:00Z", &first, &[]);
    assert_eq!(again.status.code(), Some(0), "the key is remembered: {}", text(&again));
    assert!(text(&again).contains("Everything in it was here already"), "{}", text(&again));
    assert_eq!(inside.json(&["journal", "log"]), entries);

    // The second bundle is lost; the third does not join.
    fetch(&outside, "2022-01-03T06:00:00Z", "osv:npm", "b.json", &advisory("GHSA-3333-3333-3333", "middle"));
    let second = export(&outside, "2022-01-03T07:00:00Z", "2.tar.zst", &["--after", "last"]);
    fetch(&outside, "2022-01-04T06:00:00Z", "osv:npm", "c.json", &advisory("GHSA-4444-4444-4444", "right"));
    let third = export(&outside, "2022-01-04T07:00:00Z", "3.tar.zst", &["--after", &second]);
    let refused = import("2022-01-05T09:00:00Z", &third, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused).contains("fetches are missing before it: osv:npm after entry"), "{}", text(&refused));
    assert_eq!(inside.json(&["journal", "log"]), entries, "nothing was imported");

    for file in [&second, &third] {
        let joined = import("2022-01-05T10:00:00Z", file, &[]);
        assert_eq!(joined.status.code(), Some(0), "{}", text(&joined));
    }
    assert_eq!(knowledge(&inside), knowledge(&outside));
    inside.ok(&["--at", "2022-01-05T11:00:00Z", "run"]);
    inside.ok(&["journal", "verify"]);
    outside.ok(&["journal", "verify"]);
    let rebuilt = inside.ok(&["knowledge", "rebuild"]);
    assert!(rebuilt.contains("The digest is the one that the journal states"), "{rebuilt}");
}

#[test]
fn a_lost_bundle_is_gone_over_with_a_reason_and_shows() {
    let (outside, inside) = sides();
    let key = arg(&outside.dir().join("keys/journal.pub"));
    let import = ["source", "bundle", "import"];
    for (day, package) in [("02", "left"), ("03", "middle"), ("04", "right")] {
        let id = format!("GHSA-2222-2222-22{day}");
        fetch(&outside, &format!("2022-01-{day}T06:00:00Z"), "osv:npm", &format!("{id}.json"), &advisory(&id, package));
        let after: &[&str] = if day == "02" { &[] } else { &["--after", "last"] };
        export(&outside, &format!("2022-01-{day}T07:00:00Z"), &format!("{day}.tar.zst"), after);
    }
    let file = |day: &str| arg(&outside.dir().join(format!("{day}.tar.zst")));
    inside
        .ok(&[&["--at", "2022-01-05T09:00:00Z"], &import[..], &[&file("02"), "--key", &key, "--as", "anna"]].concat());
    let reason = ["--allow-gap", "The medium of 3 January broke.", "--as", "anna"];
    let shown =
        inside.exits(1, &[&["--at", "2022-01-05T09:10:00Z"], &import[..], &[&file("04")], &reason[..]].concat());
    assert!(shown.contains("stay missing: The medium of 3 January broke."), "{shown}");
    assert!(shown.contains("incomplete"), "{shown}");
    let log = inside.json(&["source", "log"]);
    assert_eq!(log[0]["outcome"], "incomplete");
    assert!(log[0]["owed"].to_string().contains("The medium of 3 January broke"), "{log}");
    inside.ok(&["journal", "verify"]);
}

#[test]
fn a_bundle_that_somebody_changed_or_signed_with_another_key_stays_outside() {
    let (outside, inside) = sides();
    fetch(&outside, "2022-01-02T06:10:00Z", "cisa-kev", "kev.json", &catalogue(&["CVE-2021-44228"]));
    let bundle = export(&outside, "2022-01-02T07:00:00Z", "1.tar.zst", &[]);
    let key = arg(&outside.dir().join("keys/journal.pub"));
    let import = |file: &str, key: &str| {
        inside.exits(
            2,
            &["--at", "2022-01-03T09:00:00Z", "source", "bundle", "import", file, "--key", key, "--as", "anna"],
        )
    };
    let (stranger, _) = sides();
    let refused = import(&bundle, &arg(&stranger.dir().join("keys/journal.pub")));
    assert!(refused.contains("and the key given is the one of"), "{refused}");
    let bytes = std::fs::read(&bundle).expect("the bundle");
    let cut = outside.file("cut.tar.zst", &bytes[..bytes.len() - bytes.len() / 4]);
    let refused = import(&arg(&cut), &key);
    assert!(refused.contains("nothing was imported"), "{refused}");
    let none = outside.file("none.tar.zst", "no bundle");
    let refused = import(&arg(&none), &key);
    assert!(refused.contains("the file is damaged or no bundle"), "{refused}");
    assert!(inside.json(&["source", "log"]).as_array().is_some_and(Vec::is_empty));
}
