//! Sources as a person sees them: the register, states, gaps, the timeline, and what no source covers.

use crate::bed::{Bed, arg, config, source};

fn kev(released: &str, cves: &[&str]) -> String {
    let entry = |cve: &&str| {
        format!(
            r#"{{"cveID":"{cve}","vendorProject":"Apache","product":"Log4j2","vulnerabilityName":"Log4Shell","dateAdded":"2021-12-10","shortDescription":"Look-ups run code.","requiredAction":"Update.","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known","notes":""}}"#
        )
    };
    let entries: Vec<String> = cves.iter().map(entry).collect();
    format!(
        r#"{{"title":"t","catalogVersion":"1","dateReleased":"{released}","count":{},"vulnerabilities":[{}]}}"#,
        cves.len(),
        entries.join(",")
    )
}

fn bed() -> Bed {
    let bed = Bed::new(&config(&source("cisa-kev", "cisa-kev", "data_fresh = \"7 days\"")));
    bed.people("2022-03-01T05:00:00Z");
    bed
}

/// Takes a catalogue in.
fn sync(bed: &Bed, at: &str, released: &str, cves: &[&str]) {
    let file = bed.file("kev/kev.json", kev(released, cves));
    bed.ok(&["--at", at, "source", "sync", "cisa-kev", "--from", &arg(&file)]);
}

/// Fails to take one in.
fn fail(bed: &Bed, at: &str) {
    let file = bed.file("broken/kev.json", "<html>Service unavailable</html>");
    bed.exits(1, &["--at", at, "source", "sync", "cisa-kev", "--from", &arg(&file)]);
}

/// A good day, a dead week, and a day on which it is well again.
fn dead_week(bed: &Bed) {
    sync(bed, "2022-03-01T06:00:00Z", "2022-03-01T05:00:00Z", &["CVE-2021-44228"]);
    fail(bed, "2022-03-02T06:00:00Z");
    fail(bed, "2022-03-05T06:00:00Z");
    sync(bed, "2022-03-09T06:00:00Z", "2022-03-08T15:00:00Z", &["CVE-2021-44228", "CVE-2022-0847"]);
}

fn gap_of(bed: &Bed) -> String {
    bed.json(&["source", "gaps"])[0]["gap"].as_str().expect("a number").to_owned()
}

#[test]
fn a_dead_week_is_seen_at_a_glance_and_stands_in_the_ledger_until_a_person_concludes() {
    let bed = bed();
    dead_week(&bed);
    let seen = bed.ok(&["--at", "2022-03-10T12:00:00Z", "source", "timeline", "--days", "12"]);
    assert!(seen.contains("          2022-02-27  \ncisa-kev  ··█xxxxxxx▄█  7 not ok\n"), "{seen}");
    let days = bed.ok(&["--at", "2022-03-10T12:00:00Z", "source", "timeline", "cisa-kev", "--days", "3"]);
    let rows: Vec<&str> = days.lines().filter(|line| line.starts_with("2022-03")).collect();
    assert_eq!(
        rows,
        [
            "2022-03-08  xxxxxxxxxxxxxxxxxxxxxxxx  failed            0               0        0     0        1",
            "2022-03-09  xxxxxx██████████████████  ok                1               1        0     0        2",
            "2022-03-10  █████████████···········  ok                0               0        0     0        2",
        ]
    );
    let gap = gap_of(&bed);
    let told = bed.ok(&["--at", "2022-03-10T12:00:00Z", "source", "gaps"]);
    for part in [
        "cisa-kev, failed",
        "2022-03-01 06:00 to 2022-03-09 06:00: 8 days, beyond its limit of 2 days.",
        "2 fetches",
        "every record of the source was shown",
        "Not reviewed",
    ] {
        assert!(told.contains(part), "{part} is missing:\n{told}");
    }
    let review = ["source", "gap", "review", &gap, "--conclusion", "Two entries came late.", "--as", "anna"];
    bed.ok(&[&["--at", "2022-03-10T13:00:00Z"][..], &review[..]].concat());
    let row = &bed.json(&["source", "gaps"])[0];
    assert_eq!((row["reviewed_by"].as_str(), row["open"].as_bool()), (Some("anna"), Some(false)), "{row}");
    assert!(bed.ok(&["source", "gaps", "--open", "--at", "2022-03-10T13:00:00Z"]).contains("No gap is open."));
    bed.ok(&["journal", "verify"]);
}

#[test]
fn the_review_record_states_the_gap_with_its_number_and_the_conclusion() {
    let bed = bed();
    bed.ok(&["--at", "2022-03-01T05:30:00Z", "release", "add", "pump@2.1.0"]);
    dead_week(&bed);
    let gap = gap_of(&bed);
    let review = ["source", "gap", "review", &gap, "--conclusion", "Two entries came late.", "--as", "anna"];
    bed.ok(&[&["--at", "2022-03-10T13:00:00Z"][..], &review[..]].concat());
    bed.ok(&["--at", "2022-03-11T09:00:00Z", "review", "open", "--as", "anna"]);
    let shown = bed.ok(&["--at", "2022-03-11T09:00:00Z", "review", "show", "REV-1", "--format", "json"]);
    assert!(shown.contains(&format!("{gap}: cisa-kev was not ok from 2022-03-01 to 2022-03-09")), "{shown}");
    assert!(shown.contains("anna: Two entries came late."), "{shown}");
}

#[test]
fn for_any_day_the_status_says_how_old_and_how_complete_each_source_was() {
    let bed = bed();
    dead_week(&bed);
    let on = |day: &str| {
        let output = bed.run(&["--at", "2022-03-20T00:00:00Z", "--format", "json", "source", "status", "--on", day]);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    assert_eq!(on("2022-02-20").as_array().map(Vec::len), Some(0), "it was not monitored yet");
    let first = &on("2022-03-01")[0];
    assert_eq!((first["state"].as_str(), first["live"].as_u64()), (Some("ok"), Some(1)), "{first}");
    assert_eq!(first["data_from"], "2022-03-01T05:00:00Z");
    let dead = &on("2022-03-06")[0];
    assert_eq!((dead["state"].as_str(), dead["usable"].as_bool()), (Some("failed"), Some(false)), "{dead}");
    assert_eq!((dead["age_hours"].as_u64(), dead["open_gaps"].as_array().map(Vec::len)), (Some(138), Some(1)));
    let day_two = &on("2022-03-02")[0];
    assert_eq!((day_two["state"].as_str(), day_two["usable"].as_bool()), (Some("failed"), Some(true)), "{day_two}");
    let back = &on("2022-03-09")[0];
    assert_eq!((back["state"].as_str(), back["live"].as_u64()), (Some("ok"), Some(2)), "{back}");
    let silent = &on("2022-03-13")[0];
    assert_eq!(
        (silent["state"].as_str(), silent["gap_not_yet_found"].as_bool()),
        (Some("stale"), Some(true)),
        "{silent}"
    );
}

#[test]
fn an_answer_with_old_data_is_stale_and_a_gap() {
    let bed = bed();
    for day in 1..=12 {
        sync(&bed, &format!("2022-03-{day:02}T06:00:00Z"), "2022-03-01T05:00:00Z", &["CVE-2021-44228"]);
    }
    let status = bed.exits(1, &["--at", "2022-03-12T07:00:00Z", "source", "status"]);
    assert!(status.contains("stale since 2022-03-08 05:00 UTC"), "{status}");
    let row = &bed.json(&["--at", "2022-03-12T07:00:00Z", "source", "gaps"])[0];
    assert_eq!((row["kind"].as_str(), row["from"].as_str()), (Some("old_data"), Some("2022-03-08T05:00:00Z")), "{row}");
    let run = bed.ok(&["--at", "2022-03-12T07:00:00Z", "run"]);
    assert!(run.contains("cisa-kev is stale"), "a run says on what it was made: {run}");
}

#[test]
fn a_source_is_added_changed_approved_and_retired_by_persons_with_its_comments_kept() {
    let bed = bed();
    let at = "2022-03-01T08:00:00Z";
    let path = bed.dir().join("wardround.toml");
    let by_hand = std::fs::read_to_string(&path).expect("the file") + "\n# Ours end here.\n";
    std::fs::write(&path, by_hand).expect("the file is written");
    let add =
        ["source", "add", "osv", "--id", "osv:npm", "--ecosystem", "npm", "--why", "The viewer.", "--owner", "Anna"];
    bed.ok(&[&["--at", at][..], &add[..], &["--as", "anna"]].concat());
    let wrong = bed.exits(2, &["--at", at, "source", "change", "osv:npm", "--fresh", "1 fortnight", "--as", "anna"]);
    assert!(wrong.contains("wardround.toml:") && wrong.contains("hours, days or weeks"), "{wrong}");
    let changed = bed.ok(&["--at", at, "source", "change", "osv:npm", "--fresh", "3 days", "--as", "anna"]);
    assert!(changed.contains("The freshness limit changed from 2 days to 3 days."), "{changed}");
    let refused =
        bed.exits(2, &["--at", at, "source", "approve", "osv:npm", "--next-review", "2022-09-01", "--as", "anna"]);
    assert!(refused.contains("the role approver is needed"), "{refused}");
    bed.ok(&["--at", at, "source", "approve", "osv:npm", "--next-review", "2022-09-01", "--as", "ben"]);

    let rows = bed.json(&["--at", "2022-10-01T08:00:00Z", "source", "register"]);
    let row = &rows[1];
    assert_eq!((row["source"].as_str(), row["revision"].as_u64()), (Some("osv:npm"), Some(2)), "{rows}");
    assert_eq!((row["approved_by"].as_str(), row["review_overdue"].as_bool()), (Some("ben"), Some(true)), "{row}");
    assert_eq!((row["owner"].as_str(), row["completeness"].is_string()), (Some("Anna"), true));
    assert_eq!(rows[0]["approved"], false);
    let doctor = bed.exits(1, &["--at", "2022-10-01T08:00:00Z", "doctor"]);
    assert!(doctor.contains("Its review was due on 2022-09-01."), "{doctor}");

    bed.ok(&["--at", at, "source", "retire", "osv:npm", "--reason", "No npm any more.", "--as", "anna"]);
    let file = std::fs::read_to_string(&path).expect("the file");
    assert!(!file.contains("osv:npm") && file.contains("# Ours end here."), "{file}");
    let history = bed.json(&["source", "history", "osv:npm"]);
    let told: Vec<(&str, &str)> = history
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["change"].as_str().unwrap_or(""), row["by"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(told, [("added", "anna"), ("changed", "anna"), ("approved", "ben"), ("retired", "anna")]);
    bed.ok(&["journal", "verify"]);
}

#[test]
fn the_preset_is_printed_and_applied() {
    let bed = bed();
    let printed = bed.ok(&["source", "preset", "medical-device"]);
    for part in ["id = \"euvd\"", "id = \"siemens-csaf\"", "# id = \"health-isac\"", "kind = \"red-hat\""] {
        assert!(printed.contains(part), "{part} is missing:\n{printed}");
    }
    bed.exits(2, &["source", "preset", "medical-device", "--apply"]);
    let at = "2022-03-01T08:00:00Z";
    let applied = bed.ok(&["--at", at, "source", "preset", "medical-device", "--apply", "--as", "anna"]);
    assert!(applied.contains("sources were added"), "{applied}");
    let again = bed.ok(&["--at", at, "source", "preset", "medical-device", "--apply", "--as", "anna"]);
    assert!(again.contains("Nothing was added"), "{again}");
    let kinds = bed.json(&["source", "kinds"]);
    assert!(kinds.as_array().is_some_and(|kinds| kinds.len() > 20), "{kinds}");
}

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
{"type":"library","bom-ref":"a","group":"org.apache.logging.log4j","name":"log4j-core","version":"2.14.1","purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"},
{"type":"library","bom-ref":"b","name":"lodash","version":"4.17.20","purl":"pkg:npm/lodash@4.17.20"},
{"type":"firmware","bom-ref":"c","supplier":{"name":"Motion Works GmbH"},"name":"pump-motor-controller","version":"4.2"}]}"#;

#[test]
fn coverage_names_suppliers_ecosystems_and_components_that_no_source_speaks_about() {
    let bed = Bed::new(&config(&source("osv:Maven", "osv", "ecosystem = \"Maven\"")));
    bed.people("2022-03-01T05:00:00Z");
    let sbom = bed.file("pump.cdx.json", SBOM);
    let at = "2022-03-01T06:00:00Z";
    bed.ok(&["--at", at, "release", "add", "pump@2.1.0"]);
    bed.ok(&["--at", at, "sbom", "import", &arg(&sbom), "--release", "pump@2.1.0"]);
    let covered = bed.json(&["--at", at, "source", "coverage"]);
    assert_eq!(covered["totals"]["components"], 3, "{covered}");
    assert_eq!(covered["totals"]["served"], 1);
    assert_eq!(covered["ecosystems_without_source"]["npm"], 1);
    assert_eq!(covered["suppliers_without_source_or_watch"], serde_json::json!(["Motion Works GmbH"]));
    assert_eq!(covered["sources_without_fresh_data"][0]["state"], "unknown");
    let told = bed.exits(1, &["--at", at, "source", "coverage"]);
    assert!(told.contains("pump-motor-controller 4.2 of Motion Works GmbH, in pump@2.1.0"), "{told}");
}
