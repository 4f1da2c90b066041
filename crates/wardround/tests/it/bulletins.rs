//! Bulletins from entering and receiving to leads: what they mention is shown, never matched, and keeps its mark.

use crate::bed::{Bed, config, source};

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
    {"type":"library","name":"log4j-core","group":"org.apache.logging.log4j","version":"2.14.1","purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"},
    {"type":"library","name":"openssh","version":"8.9","cpe":"cpe:2.3:a:openbsd:openssh:8.9:p1:*:*:*:*:*:*"},
    {"type":"library","name":"Mirth Connect","version":"4.3.0"},{"type":"library","name":"connect","version":"3.7.0"}]}"#;

const REPORT: &str = r#"{"type":"report","id":"report--1","created":"2024-10-01T00:00:00Z","modified":"2024-10-01T00:00:00Z","name":"Log4j again","description":"See CVE-2021-44228.","object_refs":["software--1"],"object_marking_refs":["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"]}"#;

const SOFTWARE: &str = r#"{"type":"software","id":"software--1","vendor":"NextGen Healthcare","name":"Mirth Connect","version":"4.4.0","cpe":"cpe:2.3:a:openbsd:openssh:*:*:*:*:*:*:*:*"}"#;

fn bed() -> Bed {
    let sources = [
        source("isac", "taxii", "url = \"https://taxii.isac.example/\"\ncollection = \"bulletins\""),
        source("mails", "mail", "url = \"file:///srv/mails\""),
    ];
    let bed = Bed::new(&config(&sources.concat()));
    bed.people("2024-10-01T06:00:00Z");
    bed.ok(&["--at", "2024-10-01T06:00:00Z", "release", "add", "pump@2.1"]);
    let sbom = bed.file("sbom.cdx.json", SBOM);
    bed.ok(&["--at", "2024-10-01T06:00:00Z", "sbom", "import", &sbom.to_string_lossy(), "--release", "pump@2.1"]);
    bed
}

fn receive(bed: &Bed, at: &str, objects: &[&str]) {
    let bundle = bed.file("bundle.json", format!(r#"{{"objects":[{}]}}"#, objects.join(",")));
    bed.ok(&["--at", at, "source", "sync", "isac", "--from", &bundle.to_string_lossy()]);
}

#[test]
fn a_received_bulletin_leads_to_what_is_ours_and_makes_no_finding() {
    let bed = bed();
    receive(&bed, "2024-10-02T06:00:00Z", &[SOFTWARE, REPORT]);
    bed.ok(&["--at", "2024-10-02T07:00:00Z", "run"]);
    assert_eq!(bed.json(&["finding", "list"]).as_array().map(Vec::len), Some(0), "a mention is never a finding");
    let list = bed.json(&["bulletin", "list", "--mentions-ours"]);
    assert_eq!((list[0]["bulletin"].as_str(), list[0]["tlp"].as_str()), (Some("isac/report--1"), Some("TLP:AMBER")));
    let ours: Vec<&str> = list[0]["ours"].as_array().unwrap().iter().map(|lead| lead.as_str().unwrap()).collect();
    assert_eq!(
        ours,
        [
            "Mirth Connect 4.3.0 in pump@2.1 (NextGen Healthcare: Mirth Connect 4.4.0)",
            "openssh 8.9 in pump@2.1 (cpe:2.3:a:openbsd:openssh:*:*:*:*:*:*:*:*)",
        ]
    );
    assert_eq!(list.as_array().map(Vec::len), Some(1), "parts are not listed");
    assert_eq!(bed.json(&["bulletin", "list", "--parts"]).as_array().map(Vec::len), Some(2));
}

#[test]
fn earlier_editions_stay_readable_under_their_old_mark() {
    let bed = bed();
    receive(&bed, "2024-10-02T06:00:00Z", &[SOFTWARE, REPORT]);
    let green = REPORT
        .replace("55d920b0-5e8b-4f79-9ee9-91f868d9b421", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb")
        .replace("\"modified\":\"2024-10-01", "\"modified\":\"2024-10-03");
    let revoked = green.replace("\"modified\":\"2024-10-03", "\"revoked\":true,\"modified\":\"2024-10-05");
    receive(&bed, "2024-10-04T06:00:00Z", &[&green, REPORT]);
    let shown = bed.json(&["bulletin", "show", "report--1"]);
    assert_eq!((shown["tlp"].as_str(), shown["state"].as_str()), (Some("TLP:GREEN"), Some("live")));
    receive(&bed, "2024-10-06T06:00:00Z", &[&revoked]);
    let shown = bed.json(&["bulletin", "show", "isac/report--1"]);
    let editions: Vec<(&str, bool)> = shown["editions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edition| (edition["tlp"].as_str().unwrap(), edition["revoked"].as_bool().unwrap()))
        .collect();
    assert_eq!(editions, [("TLP:AMBER", false), ("TLP:GREEN", false), ("TLP:GREEN", true)]);
    assert_eq!(shown["state"], "revoked 2024-10-05");
    assert!(bed.ok(&["bulletin", "show", "isac/report--1"]).contains("Editions, oldest first"));
    bed.exits(2, &["bulletin", "show", "report--2"]);
    bed.ok(&["knowledge", "rebuild"]);
    assert_eq!(bed.json(&["bulletin", "show", "report--1"])["state"], "revoked 2024-10-05", "after a rebuild, too");
}

#[test]
fn a_bulletin_by_hand_may_have_attachments_of_any_kind() {
    let bed = bed();
    let mail = bed.file(
        "notice.eml",
        "From: psirt@supplier.example\r\nSubject: [TLP:GREEN] Notice 7\r\n\r\nAffected: pkg:maven/org.apache.logging.log4j/log4j-core, CVE-2021-44228.\r\n",
    );
    let pdf = bed.file("notice.pdf", b"%PDF-1.7\n\xff\xfe\xfd");
    let list = bed.file("list.txt", "CVE-2021-45046");
    let arguments = [
        "bulletin",
        "add",
        &mail.to_string_lossy(),
        "--provider",
        "Supplier",
        "--attach",
        &pdf.to_string_lossy(),
        "--attach",
        &list.to_string_lossy(),
    ];
    let added = bed.ok(&[&["--at", "2024-10-02T06:00:00Z"], &arguments[..]].concat());
    assert!(added.contains("TLP:GREEN: it mentions CVE-2021-44228, CVE-2021-45046"), "{added}");
    let shown = bed.json(&["bulletin", "show", "B-1"]);
    assert_eq!(
        (shown["title"].as_str(), shown["files"].as_array().map(Vec::len)),
        (Some("[TLP:GREEN] Notice 7"), Some(3))
    );
    assert_eq!(shown["ours"][0], "log4j-core 2.14.1 in pump@2.1 (pkg:maven/org.apache.logging.log4j/log4j-core)");
    let red = bed.file("red.eml", "From: a@b.example\r\nSubject: TLP:RED\r\n\r\nx\r\n");
    let refused = bed.exits(2, &["bulletin", "add", &red.to_string_lossy(), "--provider", "x"]);
    assert!(refused.contains("TLP:RED"), "{refused}");
}

#[test]
fn what_is_for_named_recipients_is_kept_and_leaves_in_no_export() {
    let bed = bed();
    let red = REPORT
        .replace("55d920b0-5e8b-4f79-9ee9-91f868d9b421", "e828b379-4e03-4974-9ac4-e53a884c97c1")
        .replace("Log4j again", "Only for your eyes");
    receive(&bed, "2024-10-02T06:00:00Z", &[SOFTWARE, &red]);
    assert_eq!(bed.json(&["bulletin", "list"])[0]["tlp"], "TLP:RED");
    bed.ok(&["--at", "2024-10-02T07:00:00Z", "run"]);
    bed.ok(&["--at", "2024-10-03T07:00:00Z", "review", "open", "--as", "anna"]);
    bed.ok(&["--at", "2024-10-03T08:00:00Z", "review", "conclude", "1", "--conclusion", "Nothing.", "--as", "anna"]);
    bed.ok(&["--at", "2024-10-03T09:00:00Z", "review", "sign", "1", "--meaning", "reviewed", "--as", "anna"]);
    bed.ok(&["--at", "2024-10-03T10:00:00Z", "review", "sign", "1", "--meaning", "approved", "--as", "ben"]);
    let (folder, pack) = (bed.dir().join("out"), bed.dir().join("pack.zip"));
    std::fs::create_dir(&folder).expect("a folder");
    bed.ok(&["review", "export", "1", "--output", &folder.to_string_lossy()]);
    bed.ok(&["--at", "2024-10-03T11:00:00Z", "evidence", "pack", "1", "--output", &pack.to_string_lossy()]);
    let written = folder.read_dir().expect("it is there").map(|entry| entry.expect("an entry").path());
    let files: Vec<std::path::PathBuf> = written.chain([pack]).collect();
    assert!(files.len() > 2, "{files:?}");
    for file in files {
        let mut text = String::new();
        let bytes = std::fs::read(&file).expect("it was written");
        match zip::ZipArchive::new(std::io::Cursor::new(&bytes)) {
            Ok(mut zip) => {
                for index in 0..zip.len() {
                    let mut member = zip.by_index(index).expect("a member");
                    let mut part = Vec::new();
                    std::io::Read::read_to_end(&mut member, &mut part).expect("it is read");
                    text.push_str(&String::from_utf8_lossy(&part));
                }
            }
            Err(_) => text = String::from_utf8_lossy(&bytes).into_owned(),
        }
        assert!(!text.contains("Only for your eyes"), "{}", file.display());
    }
}
