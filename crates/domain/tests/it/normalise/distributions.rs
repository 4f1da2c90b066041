//! Debian's tracker and Alpine's security database.

use domain::normalise::Format;

use super::{lines, records};

#[test]
fn debian_states_become_rules_and_fix_states_of_each_release() {
    let tracker = r#"{"openssl":{"CVE-2022-0778":{"description":"A square root never ends.","scope":"remote","releases":{
      "bookworm":{"status":"resolved","fixed_version":"1.1.1m-1","urgency":"not yet assigned","repositories":{"bookworm":"3.0.11-1"}},
      "bullseye":{"status":"resolved","fixed_version":"0","urgency":"unimportant"},
      "buster":{"status":"open","urgency":"end-of-life"},"trixie":{"status":"open","nodsa":"Minor issue","nodsa_reason":"postponed"},
      "stretch":{"status":"open","nodsa":"Too intrusive","nodsa_reason":"ignored"},
      "sid":{"status":"undetermined"}}}},
      "wordpress":{"TEMP-0000000-0CA7E3":{"releases":{"forky":{"status":"open","urgency":"low"}}}}}"#;
    let (statement, found) = records(Format::DebianTracker, tracker.as_bytes());
    assert_eq!(statement.unwrap().records, 2);
    let openssl = found[0].as_ref().unwrap();
    assert_eq!(
        (openssl.value.id.as_str(), openssl.value.aliases.join(" ")),
        ("CVE-2022-0778/openssl", "CVE-2022-0778".to_owned())
    );
    assert_eq!(openssl.value.title, "openssl: A square root never ends");
    assert_eq!(
        lines(openssl),
        [
            "Debian:12 openssl | Affected (, 1.1.1m-1) Deb | else Unaffected | Fixed(\"1.1.1m-1\")",
            "Debian:11 openssl | else Unaffected | NotAffected",
            "Debian:10 openssl | Affected (, ) Deb | else Unaffected | EndOfLife",
            "Debian:13 openssl | Affected (, ) Deb | else Unaffected | Deferred",
            "Debian:9 openssl | Affected (, ) Deb | else Unaffected | WillNotFix",
            "Debian:sid openssl | else Unknown | UnderInvestigation",
        ]
    );
    let temporary = &found[1].as_ref().unwrap().value;
    assert_eq!((temporary.id.as_str(), temporary.aliases.len()), ("TEMP-0000000-0CA7E3/wordpress", 0));
}

#[test]
fn alpine_fixes_become_one_record_for_each_package_and_name() {
    let database = r#"{"packages":[{"pkg":{"name":"openssl","secfixes":{"0":["CVE-2022-1292"],
      "1.1.1n-r0":["CVE-2022-0778 CVE-2022-0001 (+)"],"1.1.1l-r0":["CVE-2021-3711","XSA-1 please note"]}}}],
      "distroversion":"v3.15","reponame":"main","urlprefix":"https://dl-cdn.alpinelinux.org/alpine"}"#;
    let (statement, found) = records(Format::AlpineSecdb, database.as_bytes());
    assert_eq!(statement.unwrap().records, 5);
    let all: Vec<String> = found
        .iter()
        .map(|found| found.as_ref().unwrap())
        .map(|found| format!("{} {}", found.value.id, lines(found).join("")))
        .collect();
    let fixed = |id: &str, version: &str| {
        format!(
            "{id}/openssl/Alpine:v3.15 Alpine:v3.15 openssl | Affected (, {version}) Apk | else Unaffected | Fixed(\"{version}\")"
        )
    };
    assert_eq!(
        all,
        [
            fixed("CVE-2021-3711", "1.1.1l-r0"),
            fixed("CVE-2022-0001", "1.1.1n-r0"),
            fixed("CVE-2022-0778", "1.1.1n-r0"),
            "CVE-2022-1292/openssl/Alpine:v3.15 Alpine:v3.15 openssl | else Unaffected | NotAffected".to_owned(),
            fixed("XSA-1", "1.1.1l-r0"),
        ]
    );
}

#[test]
fn an_unreadable_package_costs_itself() {
    let database = r#"{"urlprefix":"https://packages.wolfi.dev","packages":[{"pkg":{"secfixes":{}}},{"pkg":{"name":"flex","secfixes":{"2.6-r1":["CVE-2019-6293"]}}}]}"#;
    let (_, found) = records(Format::AlpineSecdb, database.as_bytes());
    assert!(found[0].is_err());
    assert_eq!(found[1].as_ref().unwrap().value.id, "CVE-2019-6293/flex/Wolfi");
}
