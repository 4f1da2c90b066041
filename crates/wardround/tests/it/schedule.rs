//! Schedules: what is due is asked, once and not before; a person's acceptance and a rest of any length are noticed.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::bed::{Bed, arg, config, source};

/// A source that nobody answers: a closed port of this machine.
fn dead() -> String {
    source("cisa-kev", "cisa-kev", "url = \"http://127.0.0.1:9/kev.json\"")
}

fn catalogue(cves: &[&str]) -> String {
    let entry = |cve: &&str| {
        json!({ "cveID": cve, "vendorProject": "v", "product": "p", "vulnerabilityName": "n", "dateAdded": "2022-01-01",
                "shortDescription": "s", "requiredAction": "a", "dueDate": "2022-02-01", "notes": "" })
    };
    let entries: Vec<Value> = cves.iter().map(entry).collect();
    json!({ "catalogVersion": "1", "dateReleased": "2022-01-02T00:00:00Z", "count": entries.len(), "vulnerabilities": entries })
        .to_string()
}

/// Sources asked by a command with JSON output.
fn asked(bed: &Bed, arguments: &[&str]) -> usize {
    bed.json(arguments).as_array().map_or(0, Vec::len)
}

#[test]
fn a_failed_source_is_asked_again_soon_and_then_ever_less_often() {
    let bed = Bed::new(&config(&dead()));
    assert_eq!(asked(&bed, &["--at", "2024-10-09T06:00:00Z", "sync", "--due"]), 1);
    assert_eq!(asked(&bed, &["--at", "2024-10-09T06:04:00Z", "sync", "--due"]), 0, "not yet");
    assert_eq!(asked(&bed, &["--at", "2024-10-09T06:06:00Z", "sync", "--due"]), 1);
    assert_eq!(asked(&bed, &["--at", "2024-10-09T06:15:00Z", "sync", "--due"]), 0, "the second wait is longer");
    assert_eq!(asked(&bed, &["--at", "2024-10-09T06:18:00Z", "sync", "--due"]), 1);
    // After a rest of days it is asked once, at once.
    assert_eq!(asked(&bed, &["--at", "2024-10-12T06:00:00Z", "sync", "--due"]), 1);
    assert_eq!(asked(&bed, &["--at", "2024-10-12T06:00:00Z", "sync", "--due"]), 0);
    bed.exits(1, &["--at", "2024-10-14T06:00:00Z", "sync", "--due"]);
}

#[test]
fn a_good_fetch_rests_for_its_rhythm_and_a_little_more() {
    let bed = Bed::new(&config(&dead()));
    let file = bed.file("kev.json", catalogue(&["CVE-2021-44228"]));
    bed.ok(&["--at", "2024-10-09T06:00:00Z", "source", "sync", "cisa-kev", "--from", &arg(&file)]);
    assert_eq!(asked(&bed, &["--at", "2024-10-09T06:59:00Z", "sync", "--due"]), 0);
    assert_eq!(asked(&bed, &["--at", "2024-10-09T07:07:00Z", "sync", "--due"]), 1, "an hour and at most six minutes");
}

#[test]
fn what_a_held_set_lacks_is_shown_and_a_second_copy_confirms_nothing() {
    let bed = Bed::new(&config(&dead()));
    bed.people("2024-10-09T05:00:00Z");
    let full = bed.file("full.json", catalogue(&["CVE-2021-44228", "CVE-2021-4034", "CVE-2022-0847"]));
    let half = bed.file("half.json", catalogue(&["CVE-2021-44228"]));
    let sync = |file: &std::path::Path, at: &str, code: i32| {
        bed.exits(code, &["--at", at, "source", "sync", "cisa-kev", "--from", &arg(file)])
    };
    sync(&full, "2024-10-09T06:00:00Z", 0);
    sync(&half, "2024-10-09T07:00:00Z", 1);
    sync(&half, "2024-10-09T08:00:00Z", 1);
    assert_eq!(bed.json(&["knowledge", "status"])[0]["live"], 3, "the same again is no confirmation");
    let shown = bed.ok(&["source", "held", "cisa-kev"]);
    assert!(shown.contains("2 of 3 live records would be gone"), "{shown}");
    assert!(shown.contains("CVE-2021-4034") && shown.contains("CVE-2022-0847"), "{shown}");
    assert!(!shown.contains("  CVE-2021-44228"), "{shown}");
    bed.ok(&[
        "--at",
        "2024-10-09T08:05:00Z",
        "source",
        "accept",
        "cisa-kev",
        "--reason",
        "CISA's notice.",
        "--as",
        "anna",
    ]);
    assert_eq!(asked(&bed, &["--at", "2024-10-09T08:06:00Z", "sync", "--due"]), 1, "accepted: due at once");
    sync(&half, "2024-10-09T08:10:00Z", 0);
    let entry = bed.json(&["source", "log"])[0]["entry"].to_string();
    let fetch = &bed.json(&["source", "show", &entry])["fetch"];
    assert_eq!(fetch["gone"], json!(["CVE-2021-4034", "CVE-2022-0847"]), "{fetch}");
    assert_eq!(fetch["counts"]["withdrawn"], 2);
    bed.exits(2, &["source", "held", "cisa-kev"]);
}

#[test]
fn the_service_does_what_is_due_once_and_runs_when_the_knowledge_changed() {
    let bed = Bed::new(&config(&dead()));
    let file = bed.file("kev.json", catalogue(&["CVE-2021-44228"]));
    bed.ok(&["--at", "2024-10-09T06:00:00Z", "source", "sync", "cisa-kev", "--from", &arg(&file)]);
    let said = bed.ok(&["--at", "2024-10-09T06:10:00Z", "serve", "--once"]);
    assert!(said.contains("the monitoring run has ended"), "{said}");
    assert!(!said.contains("asking sources"), "{said}");
    let said = bed.exits(1, &["--at", "2024-10-09T12:00:00Z", "serve", "--once"]);
    assert!(said.contains("a run was missed and is made good now") && said.contains("did not end well"), "{said}");
    assert!(!said.contains("the monitoring run has ended"), "nothing changed: {said}");
    assert_eq!(bed.json(&["run", "list"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn one_service_at_a_time_ends_cleanly_when_told_and_lets_people_work_meanwhile() {
    let bed = Bed::new(&config(&dead()));
    let mut service = Command::new(assert_cmd::cargo::cargo_bin("wardround"))
        .args(["-C", &arg(&bed.dir()), "serve"])
        .env("WARDROUND_BACK_OFF_MS", "1")
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .expect("the service starts");
    let mut lines = BufReader::new(service.stderr.take().expect("its log")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("did not end well")), "it asks what is due");
    let refused = bed.exits(2, &["serve"]);
    assert!(refused.contains(&format!("process {} since", service.id())), "{refused}");
    let began = std::time::Instant::now();
    while bed.run(&["release", "add", "pump@1"]).status.code() != Some(0) {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "between its turns the workspace is free");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let told = Command::new("kill").args(["-TERM", &service.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
    assert!(lines.any(|line| line.contains("the service has ended")));
    assert_eq!(service.wait().expect("it ends").code(), Some(0));
    bed.ok(&["journal", "verify"]);
}
