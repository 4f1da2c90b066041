use super::*;
use crate::model::finding::{Confidence, FixStateText};
use crate::model::raw::{Digest, RawRef};
use crate::model::source::{Family, SourceId};

fn log4shell(range: &str, fix: &str, known_exploited: Option<&str>) -> Match {
    Match {
        vulnerability: "CVE-2021-44228".to_owned(),
        aliases: vec!["CVE-2021-44228".to_owned(), "GHSA-jfh8-c2jp-5v3q".to_owned()],
        reasons: vec![Reason {
            source: SourceId("osv:Maven".to_owned()),
            family: Family::Osv,
            record: "GHSA-jfh8-c2jp-5v3q".to_owned(),
            revision: Digest::of(range.as_bytes()),
            raw: RawRef { object: Digest::of(b"all.zip"), entry: String::new(), offset: 0, length: 0 },
            place: "affected[0]".to_owned(),
            key: "Maven|org.apache.logging.log4j:log4j-core".to_owned(),
            identity: "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1".to_owned(),
            version: "2.14.1".to_owned(),
            range: range.to_owned(),
            order: "maven".to_owned(),
            fix: FixStateText(fix.to_owned()),
            confidence: Confidence::Exact,
            rule: "R14".to_owned(),
            notes: Vec::new(),
            tlp: crate::model::tlp::Tlp::Clear,
        }],
        dissent: Vec::new(),
        confidence: Confidence::Exact,
        score_tenths: Some(100),
        title: "Remote code injection in Log4j".to_owned(),
        known_exploited: known_exploited.map(str::to_owned),
        epss_millionths: None,
    }
}

fn all() -> BTreeSet<ReopenReason> {
    [ReopenReason::KnownExploited, ReopenReason::Withdrawn, ReopenReason::AdvisoryChanged].into()
}

#[test]
fn a_kev_addition_reopens() {
    let before = log4shell(">= 2.13.0, < 2.15.0", "fixed in 2.15.0", None);
    let now = log4shell(">= 2.13.0, < 2.15.0", "fixed in 2.15.0", Some("2021-12-10"));
    let fired = reopened_by(&before, Some(&now), &all());
    assert_eq!(fired, [(ReopenReason::KnownExploited, "CVE-2021-44228 known exploited since 2021-12-10".to_owned())]);
}

#[test]
fn a_new_fix_version_reopens_and_names_both() {
    let before = log4shell(">= 2.13.0, < 2.15.0", "fixed in 2.15.0", None);
    let now = log4shell(">= 2.13.0, < 2.16.0", "fixed in 2.16.0", None);
    let fired = reopened_by(&before, Some(&now), &all());
    assert_eq!(fired.len(), 1);
    assert!(fired[0].1.contains("was >= 2.13.0, < 2.15.0"), "{}", fired[0].1);
    assert!(fired[0].1.contains("is >= 2.13.0, < 2.16.0"), "{}", fired[0].1);
}

#[test]
fn a_new_revision_that_says_the_same_about_the_component_reopens_nothing() {
    let before = log4shell(">= 2.13.0, < 2.15.0", "fixed in 2.15.0", None);
    let mut now = before.clone();
    now.reasons[0].revision = Digest::of(b"a new reference was added");
    assert_eq!(reopened_by(&before, Some(&now), &all()), []);
    assert_eq!(differences(&before, &now), Vec::<String>::new());
}

#[test]
fn a_withdrawal_reopens_and_a_rule_that_is_off_does_not_fire() {
    let before = log4shell(">= 2.13.0, < 2.15.0", "fixed in 2.15.0", None);
    assert_eq!(reopened_by(&before, None, &all())[0].0, ReopenReason::Withdrawn);
    assert_eq!(reopened_by(&before, None, &BTreeSet::new()), []);
}
