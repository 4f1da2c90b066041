//! Own channels as a maker uses them: a report comes in, is traced into the portfolio, closed, reopened, and reviewed.

use crate::bed::{Bed, arg, config, source};

const GHSA: &str = r#"{"schema_version":"1.4.0","id":"GHSA-jfh8-c2jp-5v3q","modified":"2021-12-14T10:00:00Z","published":"2021-12-10T00:40:56Z",
"aliases":["CVE-2021-44228"],"summary":"Log4j evaluates look-ups in logged text","details":"d",
"affected":[{"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},
"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.13.0"},{"fixed":"2.15.0"}]}]}]}"#;

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
{"type":"library","bom-ref":"a","group":"org.apache.logging.log4j","name":"log4j-core","version":"2.14.1","purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}]}"#;

fn bed() -> Bed {
    let bed = Bed::new(&config(&source("osv:Maven", "osv", "ecosystem = \"Maven\"")));
    bed.people("2021-12-01T08:00:00Z");
    let advisory = bed.file("osv/GHSA-jfh8-c2jp-5v3q.json", GHSA);
    let sbom = bed.file("pump.cdx.json", SBOM);
    bed.ok(&["--at", "2021-12-01T09:00:00Z", "release", "add", "pump@2.1.0"]);
    bed.ok(&["--at", "2021-12-01T09:00:00Z", "sbom", "import", &arg(&sbom), "--release", "pump@2.1.0"]);
    let folder = arg(advisory.parent().expect("a folder"));
    bed.ok(&["--at", "2021-12-11T06:00:00Z", "source", "sync", "osv:Maven", "--from", &folder]);
    bed.ok(&["--at", "2021-12-11T06:30:00Z", "run"]);
    bed
}

fn add(bed: &Bed, at: &str, more: &[&str]) -> String {
    let arguments = ["--at", at, "report", "add", "--channel", "researcher", "--from", "a security researcher"];
    bed.ok(&[&arguments[..], &["--title", "Log messages run code", "--as", "anna"], more].concat())
}

#[test]
fn a_report_is_traced_into_the_portfolio_closed_and_reopened() {
    let bed = bed();
    let mail = bed.file("mail.eml", "Subject: pump\n\nTLP:GREEN\nIt is CVE-2021-44228; see also cve-2021-45046.\n");
    let added = add(
        &bed,
        "2021-12-13T09:00:00Z",
        &["--aware", "2021-12-12", "--file", &arg(&mail), "--release", "pump@2.1.0", "Names of drugs are logged."],
    );
    assert_eq!(
        added,
        "REP-1, TLP:GREEN, known since 2021-12-12 00:00 UTC, owner anna. It names CVE-2021-44228, CVE-2021-45046.\n"
    );
    let shown = bed.ok(&["--at", "2021-12-14T09:00:00Z", "report", "show", "REP-1"]);
    for part in [
        "REP-1 Log messages run code",
        "known since 2021-12-12 00:00 UTC, 2 days ago; entered 2021-12-13 09:00 UTC by anna",
        "CVE-2021-44228: F-1 log4j-core 2.14.1 in pump@2.1.0, new",
        "CVE-2021-45046: no finding in any release",
        "mail.eml, archived as",
        "Names of drugs are logged.",
    ] {
        assert!(shown.contains(part), "{part} is missing:\n{shown}");
    }

    let at = |day: &str| format!("2021-12-{day}T09:00:00Z");
    let moved =
        bed.ok(&["--at", &at("14"), "report", "move", "1", "--state", "confirmed", "--owner", "ben", "--as", "anna"]);
    assert_eq!(moved, "REP-1 is confirmed; ben sees to it.\n");
    let refused = bed.exits(2, &["--at", &at("15"), "report", "move", "REP-1", "--state", "closed", "--as", "ben"]);
    assert!(refused.contains("could not close REP-1 without a reason"), "{refused}");
    bed.ok(&["--at", &at("15"), "report", "close", "REP-1", "--reason", "Fixed in 2.2.0.", "--as", "ben"]);
    let refused = bed.exits(2, &["--at", &at("16"), "report", "move", "REP-1", "--state", "in_triage", "--as", "ben"]);
    assert!(refused.contains("could not reopen REP-1 without a reason"), "{refused}");
    let note = ["--note", "The researcher got around the fix."];
    bed.ok(
        &[&["--at", &at("16"), "report", "move", "REP-1", "--state", "in_triage", "--as", "ben"], &note[..]].concat()
    );
    let shown = bed.json(&["--at", &at("17"), "report", "show", "REP-1"]);
    assert_eq!(shown["state"], "in_triage");
    assert_eq!(shown["steps"].as_array().map(Vec::len), Some(3));
    assert_eq!(shown["vulnerabilities"][0]["findings"][0]["finding"], "F-1");
    bed.ok(&["journal", "verify"]);
}

#[test]
fn reports_that_are_left_alone_are_overdue_and_listed_first() {
    let bed = bed();
    add(&bed, "2021-12-13T09:00:00Z", &[]);
    add(&bed, "2021-12-20T09:00:00Z", &["--aware", "2021-12-19T10:00:00Z", "--owner", "ben"]);
    bed.ok(&["--at", "2021-12-14T09:00:00Z", "report", "list"]);
    let listed = bed.exits(1, &["--at", "2021-12-21T09:00:00Z", "report", "list"]);
    let lines: Vec<&str> = listed.lines().skip(1).collect();
    assert!(lines[0].starts_with("REP-1") && lines[0].contains("nobody has looked at it for 8 days"), "{listed}");
    assert!(lines[1].starts_with("REP-2") && lines[1].contains("1 day"), "{listed}");
    let overdue = bed.json(&["--at", "2021-12-21T09:00:00Z", "report", "list", "--overdue"]);
    assert_eq!(overdue.as_array().map(Vec::len), Some(1));
    assert_eq!((&overdue[0]["age"], &overdue[0]["without_step"]), (&8.into(), &8.into()));
    bed.ok(&["--at", "2021-12-21T09:00:00Z", "report", "close", "1", "--reason", "Not ours.", "--as", "anna"]);
    assert_eq!(bed.json(&["report", "list", "--open"]).as_array().map(Vec::len), Some(1));
    assert_eq!(bed.json(&["report", "list"]).as_array().map(Vec::len), Some(2));
}

#[test]
fn awareness_is_never_later_than_the_entry_and_red_stays_outside() {
    let bed = bed();
    let arguments = ["--at", "2021-12-13T09:00:00Z", "report", "add", "--channel", "complaint", "--from", "a hospital"];
    let arguments = [&arguments[..], &["--title", "t", "--as", "anna"]].concat();
    let refused = bed.exits(2, &[&arguments[..], &["--aware", "2021-12-14"]].concat());
    assert!(refused.contains("that is in the future"), "{refused}");
    let refused = bed.exits(2, &[&arguments[..], &["--tlp", "RED"]].concat());
    assert!(refused.contains("named recipients only"), "{refused}");
    let refused = bed.exits(2, &[&arguments[..], &["This is TLP:RED."]].concat());
    assert!(refused.contains("named recipients only"), "a mark in the text counts: {refused}");
    let refused = bed.exits(2, &[&arguments[..], &["--owner", "dora"]].concat());
    assert!(refused.contains("there is no such user"), "{refused}");
    let refused = bed.exits(2, &[&arguments[..], &["--release", "pump@9"]].concat());
    assert!(refused.contains("use release pump@9: it was never added"), "{refused}");
    let refused = bed.exits(2, &["report", "show", "REP-1"]);
    assert!(refused.contains("could not find REP-1: there is no such report"), "{refused}");
    assert!(bed.ok(&["report", "list"]).contains("No such report has been entered."));
}

#[test]
fn the_review_record_says_what_came_and_what_did_not() {
    let bed = bed();
    let conclude = |review: &str, at: &str| {
        bed.ok(&["--at", at, "review", "conclude", review, "--conclusion", "Done.", "--as", "anna"]);
        let out = bed.dir().join(review);
        bed.ok(&["--at", at, "review", "export", review, "-o", &arg(&out)]);
        let file = |ending: &str| {
            let mut files = std::fs::read_dir(&out).expect("a folder").map(|entry| entry.expect("a file").path());
            let file = files.find(|path| path.to_string_lossy().ends_with(ending)).expect("the document");
            std::fs::read_to_string(file).expect("the document is read")
        };
        (file("html"), serde_json::from_str::<serde_json::Value>(&file("json")).expect("JSON"))
    };
    let sign = |review: &str, at: &str| {
        bed.ok(&["--at", at, "review", "sign", review, "--meaning", "reviewed", "--as", "anna"]);
        bed.ok(&["--at", at, "review", "sign", review, "--meaning", "approved", "--as", "ben"]);
    };
    let judge = ["finding", "assess", "F-1", "--status", "affected", "--action", "Update.", "--rationale", "r"];
    bed.ok(&[&["--at", "2021-12-12T10:00:00Z"], &judge[..], &["--as", "anna"]].concat());
    bed.ok(&["--at", "2021-12-13T00:00:00Z", "review", "open", "--as", "anna"]);
    let (html, record) = conclude("REV-1", "2021-12-13T00:10:00Z");
    sign("REV-1", "2021-12-13T00:20:00Z");
    let nothing = "No report came by an own channel in the period, and none is open.";
    assert!(html.contains(nothing) && html.contains("No supplier is watched by hand."), "{html}");
    assert_eq!(record["reports_statement"], nothing);

    add(&bed, "2021-12-13T09:00:00Z", &["--aware", "2021-12-12"]);
    add(&bed, "2021-12-14T09:00:00Z", &["--tlp", "AMBER+STRICT"]);
    bed.ok(&["--at", "2021-12-15T09:00:00Z", "report", "close", "2", "--reason", "A duplicate.", "--as", "anna"]);
    let watch = ["watch", "add", "SEGGER", "--page", "https://example.com/news", "--every", "1 week"];
    let watch = [&["--at", "2021-12-14T09:00:00Z"], &watch[..], &["--why", "no feed", "--as", "ben"]].concat();
    bed.ok(&watch);
    bed.ok(&["--at", "2021-12-16T09:00:00Z", "watch", "look", "1", "--as", "ben"]);
    bed.ok(&["--at", "2021-12-29T00:00:00Z", "run"]);
    bed.ok(&["--at", "2021-12-30T00:00:00Z", "review", "open", "--as", "anna"]);
    let (html, record) = conclude("REV-2", "2021-12-30T00:10:00Z");
    for part in [
        "2 reports received in the period, 1 closed; 1 open at its end, 1 of them overdue.",
        "REP-1: nobody has looked at it for 16 days.",
        "closed (received in the period): A duplicate.",
        "1 supplier watched by hand. 3 looks due: 0 done in time, 1 late, 2 not done. Nothing new was found.",
        "WATCH-1 (SEGGER) was looked at late: due 2021-12-14, looked at on 2021-12-16.",
        "WATCH-1 (SEGGER) was not looked at: due 2021-12-21; due 2021-12-28.",
        "2021-12-21, overdue by 9 days",
    ] {
        assert!(html.contains(part), "{part} is missing:\n{html}");
    }
    assert_eq!(record["tlp"], "AMBER+STRICT", "the record takes the highest mark of what it tells");
    assert!(!html.contains("security researcher"), "who reported it is not told to readers of the record");
    sign("REV-2", "2021-12-30T00:20:00Z");
    bed.ok(&["journal", "verify"]);
}
