//! Ranges, one table for each rule.

use standards::versions::Scheme;

use super::{Doubt, fix, judge, words};
use crate::model::advisory::{Affected, Bound, FixState, Rule, Standing, Target};

fn entry(rules: Vec<Rule>) -> Affected {
    Affected {
        target: Target::Named { vendor: "acme".to_owned(), product: "thing".to_owned() },
        default: Standing::Unaffected,
        rules,
        exact: Vec::new(),
        fix: FixState::Unknown,
        conditions: Vec::new(),
        place: String::new(),
    }
}

/// `>= 1.0 < 2.0` as a rule.
fn rule(text: &str) -> Rule {
    let mut rule = Rule {
        scheme: Scheme::Semver,
        lower: None,
        upper: None,
        standing: Standing::Affected,
        changes: Vec::new(),
        fixed: None,
    };
    let parts: Vec<&str> = text.split_whitespace().collect();
    for pair in parts.chunks(2) {
        let bound = Some(Bound { version: pair[1].to_owned(), inclusive: pair[0].ends_with('=') });
        if pair[0].starts_with('>') { rule.lower = bound } else { rule.upper = bound }
    }
    rule
}

fn standing(entry: &Affected, version: &str) -> Standing {
    judge(entry, Some(version), Scheme::Semver).standing
}

#[test]
fn the_first_rule_that_covers_decides_and_the_default_takes_the_rest() {
    let mut kernel = entry(vec![rule(">= 5.15.1 <= 5.15.*"), rule(">= 5.10.0 < 6.1.0")]);
    kernel.rules[0].standing = Standing::Unaffected;
    for (version, expected) in [
        ("5.15.0", Standing::Affected),
        ("5.15.1", Standing::Unaffected),
        ("5.15.99", Standing::Unaffected),
        ("5.16.0", Standing::Affected),
        ("6.1.0", Standing::Unaffected),
        ("5.9.0", Standing::Unaffected),
    ] {
        assert_eq!(standing(&kernel, version), expected, "{version}");
    }
    kernel.default = Standing::Affected;
    assert_eq!(standing(&kernel, "6.1.0"), Standing::Affected);
}

#[test]
fn a_version_named_by_itself_counts_beside_ranges() {
    let mut said = entry(vec![rule(">= 1.0.0 < 1.2.0")]);
    said.exact = vec!["3.0.0".to_owned()];
    let judgement = judge(&said, Some("3.0.0+build"), Scheme::Semver);
    assert_eq!(
        (judgement.standing, words(&said, &judgement, Scheme::Semver).as_str()),
        (Standing::Affected, "= 3.0.0")
    );
    assert_eq!(standing(&said, "3.0.1"), Standing::Unaffected);
}

#[test]
fn no_fix_means_every_version_and_zero_means_none() {
    let mut said = entry(Vec::new());
    said.default = Standing::Unknown;
    for fix in [FixState::None, FixState::WillNotFix, FixState::Deferred, FixState::EndOfLife] {
        said.fix = fix;
        assert_eq!(standing(&said, "1.0.0"), Standing::Affected, "{:?}", said.fix);
    }
    for fix in [FixState::UnderInvestigation, FixState::Unknown] {
        said.fix = fix;
        assert_eq!(standing(&said, "1.0.0"), Standing::Unknown, "{:?}", said.fix);
    }
    said.fix = FixState::Fixed("2.0.0".to_owned());
    assert_eq!((standing(&said, "1.9.9"), standing(&said, "2.0.0")), (Standing::Affected, Standing::Unaffected));
    said.fix = FixState::NotAffected;
    said.rules = vec![rule("< 9.0.0")];
    assert_eq!(standing(&said, "1.0.0"), Standing::Unaffected);
}

#[test]
fn an_unknown_version_is_certain_only_where_every_version_is_meant() {
    let all = judge(&entry(vec![rule("")]), None, Scheme::Semver);
    assert_eq!((all.standing, all.doubt), (Standing::Affected, Doubt::None));
    let some = judge(&entry(vec![rule("< 2.0.0")]), None, Scheme::Semver);
    assert_eq!((some.standing, some.doubt), (Standing::Affected, Doubt::UnknownVersion));
    assert_eq!(judge(&entry(Vec::new()), None, Scheme::Semver).standing, Standing::Unaffected);
}

#[test]
fn ranges_in_words() {
    for (text, expected) in [
        (">= 2.13.0 < 2.15.0", ">= 2.13.0, < 2.15.0"),
        ("> 1.0.0 <= 3.0.0", "> 1.0.0, <= 3.0.0"),
        ("< 3.0.0", "< 3.0.0"),
        (">= 1.0.0", ">= 1.0.0"),
        (">= 1.0.0 <= 1.0.0", "= 1.0.0"),
        ("", "all versions"),
        (">= 0 < *", "all versions"),
    ] {
        let said = entry(vec![rule(text)]);
        let judgement = judge(&said, Some("2.14.0"), Scheme::Semver);
        let judgement = if judgement.standing == Standing::Affected {
            judgement
        } else {
            judge(&said, Some("1.0.0"), Scheme::Semver)
        };
        assert_eq!(words(&said, &judgement, Scheme::Semver), expected);
    }
    let many = entry((1..10).map(|at| rule(&format!(">= {at}.0.0 < {at}.1.0"))).collect());
    let outside = judge(&many, Some("0.5.0"), Scheme::Semver);
    assert!(words(&many, &outside, Scheme::Semver).ends_with(" or 5 more"));
}

#[test]
fn the_fix_is_the_one_that_ends_the_deciding_range() {
    let mut said = entry(vec![rule("< 1.2.0"), rule(">= 2.0.0 < 2.4.0")]);
    said.rules[0].fixed = Some("1.2.0".to_owned());
    said.fix = FixState::Fixed("2.4.0".to_owned());
    let of = |version: &str| fix(&said, &judge(&said, Some(version), Scheme::Semver), Scheme::Semver);
    assert_eq!(of("1.0.0"), FixState::Fixed("1.2.0".to_owned()));
    assert_eq!(of("2.1.0"), FixState::Fixed("2.4.0".to_owned()));
}
