//! OSV records.

use domain::model::advisory::State;
use domain::model::source::Family;
use domain::normalise::Format;

use super::{lines, only, warnings};

/// A record about one npm package with these ranges.
fn with(affected: &str) -> String {
    format!(r#"{{"id":"GHSA-aaaa-bbbb-cccc","modified":"2024-01-02T03:04:05Z","affected":[{affected}]}}"#)
}

fn ranges(ecosystem: &str, kind: &str, events: &str) -> String {
    with(&format!(
        r#"{{"package":{{"ecosystem":"{ecosystem}","name":"example"}},"ranges":[{{"type":"{kind}","events":[{events}]}}]}}"#
    ))
}

#[test]
fn a_github_advisory_of_log4j_keeps_names_scores_ranges_and_links() {
    let found = only(
        Format::Osv,
        r#"{"schema_version":"1.4.0","id":"GHSA-jfh8-c2jp-5v3q","modified":"2024-03-07T05:22:33Z","published":"2021-12-10T00:40:56Z",
        "aliases":["CVE-2021-44228"],"related":["CVE-2021-45046"],"summary":"Remote code execution through lookups in log messages",
        "details":"Versions of log4j-core look up names that come in with a message.",
        "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}],
        "affected":[{"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},
          "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.13.0"},{"fixed":"2.15.0"}]}]}],
        "references":[{"type":"ADVISORY","url":"https://logging.apache.org/security.html"},{"type":"WEB","url":"https://logging.apache.org/security.html"}],
        "database_specific":{"cwe_ids":["CWE-20","CWE-502"],"severity":"CRITICAL"}}"#,
    );
    let advisory = &found.value;
    assert_eq!(warnings(&found), [""; 0]);
    assert_eq!(advisory.title, "Remote code execution through lookups in log messages");
    assert_eq!(
        (advisory.aliases.join(" "), advisory.related.join(" ")),
        ("CVE-2021-44228".into(), "CVE-2021-45046".into())
    );
    assert_eq!((advisory.scores[0].by.as_str(), advisory.scores[0].tenths), ("GHSA", 100));
    assert_eq!(advisory.weaknesses, ["CWE-20", "CWE-502"]);
    assert_eq!(advisory.references.len(), 1);
    assert_eq!(advisory.published.unwrap().to_string(), "2021-12-10T00:40:56Z");
    assert_eq!(
        lines(&found),
        [
            "Maven org.apache.logging.log4j:log4j-core | Affected [2.13.0, 2.15.0) Maven | else Unaffected | Fixed(\"2.15.0\")"
        ]
    );
    assert_eq!(advisory.raw.entry, "member.json");
}

#[test]
fn events_count_in_the_order_of_their_versions() {
    let shuffled = r#"{"fixed":"1.0.2"},{"introduced":"2.0.0"},{"introduced":"0"},{"fixed":"2.10.0"}"#;
    assert_eq!(
        lines(&only(Format::Osv, &ranges("npm", "SEMVER", shuffled))),
        [
            "npm example | Affected (, 1.0.2) Semver | Affected [2.0.0, 2.10.0) Semver | else Unaffected | Fixed(\"2.10.0\")"
        ]
    );
}

#[test]
fn last_affected_is_inside_and_a_limit_is_no_fix() {
    let last = r#"{"introduced":"1.0"},{"last_affected":"1.4"}"#;
    assert_eq!(
        lines(&only(Format::Osv, &ranges("PyPI", "ECOSYSTEM", last))),
        ["PyPI example | Affected [1.0, 1.4] Pep440 | else Unaffected | Unknown"]
    );
    let limit = r#"{"introduced":"1.0"},{"limit":"2.0"}"#;
    assert_eq!(
        lines(&only(Format::Osv, &ranges("PyPI", "ECOSYSTEM", limit))),
        ["PyPI example | Affected [1.0, 2.0) Pep440 | else Unaffected | Unknown"]
    );
}

#[test]
fn an_open_range_has_no_fix_and_one_without_a_beginning_starts_at_the_first_version() {
    assert_eq!(
        lines(&only(Format::Osv, &ranges("crates.io", "SEMVER", r#"{"introduced":"0.0.0-0"}"#))),
        ["crates.io example | Affected [0.0.0-0, ) Semver | else Unaffected | None"]
    );
    let found = only(Format::Osv, &ranges("crates.io", "SEMVER", r#"{"fixed":"1.2.0"}"#));
    assert_eq!(lines(&found), ["crates.io example | Affected (, 1.2.0) Semver | else Unaffected | Fixed(\"1.2.0\")"]);
    assert_eq!(found.warnings.len(), 1);
}

#[test]
fn commit_ranges_are_said_of_the_repository_and_do_not_hide_the_ranges_after_them() {
    let found = only(
        Format::Osv,
        &with(
            r#"{"package":{"ecosystem":"OSS-Fuzz","name":"zlib"},"versions":["v1.2.11"],"ranges":[
              {"type":"GIT","repo":"https://github.com/madler/zlib","events":[{"introduced":"0"},{"fixed":"aa11"},{"fixed":"bb22"}]},
              {"type":"ECOSYSTEM","events":[{"introduced":"1.2"},{"fixed":"1.2.12"}]}]}"#,
        ),
    );
    assert_eq!(
        lines(&found),
        [
            "OSS-Fuzz zlib | Affected [1.2, 1.2.12) Generic | exactly v1.2.11 | else Unaffected | Fixed(\"1.2.12\")",
            "https://github.com/madler/zlib | Affected (, aa11) Git | Affected (, bb22) Git | else Unaffected | Fixed(\"bb22\")",
        ]
    );
}

#[test]
fn an_erratum_covers_its_cves_without_being_them() {
    let found = only(
        Format::Osv,
        r#"{"id":"ALSA-2022:1065","modified":"2022-03-28T00:00:00Z","aliases":["CVE-2022-0778"],"summary":"Important: openssl security update",
        "affected":[{"package":{"ecosystem":"AlmaLinux:8","name":"openssl-libs"},
        "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1:1.1.1k-6.el8_5"}]}]}]}"#,
    );
    assert_eq!((found.value.aliases.len(), found.value.related.join(" ")), (0, "CVE-2022-0778".to_owned()));
    assert_eq!(found.value.family, Family::OsVendor);
    assert_eq!(
        lines(&found),
        [
            "AlmaLinux:8 openssl-libs | Affected (, 1:1.1.1k-6.el8_5) Rpm | else Unaffected | Fixed(\"1:1.1.1k-6.el8_5\")"
        ]
    );
}

#[test]
fn a_package_url_alone_is_enough() {
    let found = only(
        Format::Osv,
        &with(
            r#"{"package":{"purl":"pkg:pypi/Django_Rest"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]},
               {"package":{"name":"lonely"},"versions":["1"]}"#,
        ),
    );
    assert_eq!(lines(&found), ["PyPI django-rest | Affected (, ) Pep440 | else Unaffected | None"]);
    assert_eq!(found.warnings[0].place, "affected[1].package");
}

#[test]
fn withdrawn_and_unset_dates_are_told_apart() {
    let found = only(
        Format::Osv,
        r#"{"id":"GO-2021-0001","modified":"0001-01-01T00:00:00Z","published":"yesterday","withdrawn":"2022-05-01T00:00:00Z","details":"A first sentence. A second."}"#,
    );
    assert_eq!(found.value.modified, None);
    assert_eq!(warnings(&found), [r#"published: "yesterday" is no date; the field is ignored."#]);
    assert_eq!(found.value.state, State::Withdrawn { at: "2022-05-01T00:00:00Z".parse().ok() });
    assert_eq!(found.value.title, "A first sentence");
}

#[test]
fn wrong_types_cost_the_field_and_not_the_record() {
    let found = only(
        Format::Osv,
        r#"{"id":"GHSA-1","aliases":"CVE-2024-0001","summary":["a"],"severity":{"x":1},
        "affected":[7,{"package":{"ecosystem":"npm","name":"left-pad"},"versions":["1.0.0",null,{"a":[[[]]]}]}],"references":null}"#,
    );
    assert_eq!(lines(&found), ["npm left-pad | exactly 1.0.0 | else Unaffected | Unknown"]);
    let places: Vec<_> = found.warnings.iter().map(|warning| warning.place.as_str()).collect();
    assert_eq!(places, ["aliases", "summary", "severity", "affected[0]", "affected[1].versions[2]"]);
}
