//! CVE records.

use domain::model::advisory::{Standing, State};
use domain::normalise::Format;

use super::{lines, only, warnings};

/// A record whose numbering authority says this of affected products.
fn with(affected: &str) -> String {
    format!(
        r#"{{"dataType":"CVE_RECORD","cveMetadata":{{"cveId":"CVE-2024-10001","state":"PUBLISHED"}},
        "containers":{{"cna":{{"providerMetadata":{{"shortName":"example"}},"affected":[{affected}]}}}}}}"#
    )
}

#[test]
fn log4shell_keeps_its_changes_inside_one_range() {
    let found = only(
        Format::CveRecord,
        r#"{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2021-44228","state":"PUBLISHED","assignerShortName":"apache",
          "datePublished":"2021-12-10T00:00:00","dateUpdated":"2024-07-24T16:10:53.000Z"},
        "containers":{"cna":{"providerMetadata":{"shortName":"apache"},"title":"Lookups in messages run code from LDAP servers",
          "descriptions":[{"lang":"de","value":"Auf Deutsch."},{"lang":"en","value":"Names in log messages are looked up."}],
          "affected":[{"vendor":"Apache Software Foundation","product":"Apache Log4j2","collectionURL":"https://repo1.maven.org/maven2",
            "packageName":"org.apache.logging.log4j:log4j-core","defaultStatus":"unaffected",
            "versions":[{"version":"2.0-beta9","lessThan":"log4j-core*","status":"affected","versionType":"maven","changes":[
              {"at":"2.3.1","status":"unaffected"},{"at":"2.4","status":"affected"},{"at":"2.12.2","status":"unaffected"},
              {"at":"2.13.0","status":"affected"},{"at":"2.15.0","status":"unaffected"}]}]}]},
        "adp":[{"title":"CISA ADP Vulnrichment","providerMetadata":{"shortName":"CISA-ADP"},
          "metrics":[{"cvssV3_1":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}},
            {"other":{"type":"ssvc","content":{"options":[{"Exploitation":"active"},{"Automatable":"yes"}]}}},
            {"other":{"type":"kev","content":{"dateAdded":"2021-12-10","reference":"https://www.cisa.gov/"}}}],
          "problemTypes":[{"descriptions":[{"cweId":"CWE-917","lang":"en","description":"CWE-917"}]}]}]}}"#,
    );
    assert_eq!(warnings(&found), [""; 0]);
    let changes = "2.3.1→Unaffected 2.4→Affected 2.12.2→Unaffected 2.13.0→Affected 2.15.0→Unaffected";
    let said = format!("Affected [2.0-beta9, ) Maven {changes} | else Unaffected | Fixed(\"2.15.0\")");
    assert_eq!(
        lines(&found),
        [
            format!("Maven org.apache.logging.log4j:log4j-core | {said}"),
            format!("Apache Software Foundation/Apache Log4j2 | {said}")
        ]
    );
    let advisory = found.value;
    assert_eq!(advisory.description, "Names in log messages are looked up.");
    assert_eq!((advisory.scores[0].by.as_str(), advisory.scores[0].tenths), ("CISA-ADP", 100));
    assert_eq!(advisory.weaknesses, ["CWE-917"]);
    let exploitation = advisory.exploitation.unwrap();
    assert_eq!(
        (exploitation.known_since.as_deref(), exploitation.ssvc.as_deref()),
        (Some("2021-12-10"), Some("active"))
    );
    assert_eq!(advisory.published.unwrap().to_string(), "2021-12-10T00:00:00Z");
}

#[test]
fn a_kernel_record_says_commits_of_the_repository_and_versions_of_the_product() {
    let found = only(
        Format::CveRecord,
        &with(
            r#"{"vendor":"Linux","product":"Linux","repo":"https://git.kernel.org/linux.git","defaultStatus":"unaffected",
              "versions":[{"version":"aa11","lessThan":"bb22","status":"affected","versionType":"git"}]},
             {"vendor":"Linux","product":"Linux","repo":"https://git.kernel.org/linux.git","defaultStatus":"affected","versions":[
              {"version":"5.6","status":"affected"},{"version":"0","lessThan":"5.6","status":"unaffected","versionType":"semver"},
              {"version":"5.10.99","lessThanOrEqual":"5.10.*","status":"unaffected","versionType":"semver"},
              {"version":"5.17","lessThanOrEqual":"*","status":"unaffected","versionType":"original_commit_for_fix"}]}"#,
        ),
    );
    assert_eq!(
        lines(&found),
        [
            "https://git.kernel.org/linux.git | Affected [aa11, bb22) Git | else Unaffected | Fixed(\"bb22\")",
            "Linux/Linux | Affected [5.6, 5.6] Generic | Unaffected (, 5.6) Semver | Unaffected [5.10.99, 5.11.0-0) Semver \
             | Unaffected [5.17, ) Generic | else Affected | Unknown",
        ]
    );
}

#[test]
fn ranges_in_words_are_read_and_unreadable_ones_are_unknown() {
    let found = only(
        Format::CveRecord,
        &with(
            r#"{"vendor":"acme","product":"pump","versions":[{"version":">= 1.0, < 1.4","status":"affected"},{"version":"2.0","status":"affected"}]},
             {"vendor":"acme","product":"monitor","defaultStatus":"unaffected","versions":[{"version":"see the leaflet","status":"affected"}]},
             {"vendor":"n/a","product":"n/a","versions":[{"version":"n/a","status":"affected"}]}"#,
        ),
    );
    assert_eq!(
        lines(&found),
        [
            "acme/pump | Affected [1.0, 1.4) Generic | Affected [2.0, 2.0] Generic | else Unknown | Unknown",
            "acme/monitor | else Unknown | Unknown",
        ]
    );
    assert_eq!(found.warnings.len(), 1);
    assert_eq!(found.value.affected[0].default, Standing::Unknown);
}

#[test]
fn cpes_take_the_rules_of_their_entry_and_repeat_no_version() {
    let found = only(
        Format::CveRecord,
        &with(
            r#"{"vendor":"microsoft","product":"paint_3d","cpes":["cpe:2.3:a:microsoft:paint_3d:-:*:*:*:*:*:*:*","cpe:/a:microsoft:paint_3d","nonsense"],
              "platforms":["x64"],"defaultStatus":"unknown","versions":[{"version":"6.0.0","lessThan":"6.2305","status":"affected","versionType":"custom"}]}"#,
        ),
    );
    let said = "Affected [6.0.0, 6.2305) Generic | else Unknown | Unknown | on platforms: x64";
    assert_eq!(
        lines(&found),
        [format!("cpe:2.3:a:microsoft:paint_3d:*:*:*:*:*:*:*:* | {said}"), format!("microsoft/paint_3d | {said}")]
    );
    assert_eq!(found.warnings.len(), 1);
}

#[test]
fn a_rejected_identifier_says_why() {
    let found = only(
        Format::CveRecord,
        r#"{"cveMetadata":{"cveId":"CVE-2024-10002","state":"REJECTED"},"containers":{"cna":{
        "rejectedReasons":[{"lang":"en","value":"Assigned twice."}],"replacedBy":["CVE-2024-10003"]}}}"#,
    );
    assert_eq!(found.value.state, State::Rejected { reason: "Assigned twice.".to_owned() });
    assert_eq!(found.value.related, ["CVE-2024-10003"]);
    assert_eq!(found.value.title, "Assigned twice");
}
