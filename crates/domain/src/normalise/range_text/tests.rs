//! Range texts as advisories hold them.

use standards::versions::Scheme;

use super::{Read, read};

/// Ranges in interval notation, separated by blanks.
fn check(text: &str, expected: &str) {
    let found = match read(text, Scheme::Generic) {
        Read::Unstated => "unstated".to_owned(),
        Read::Unreadable => "unreadable".to_owned(),
        Read::Rules(rules) => rules
            .iter()
            .map(|rule| {
                let lower = rule.lower.as_ref().map_or("(".to_owned(), |lower| {
                    format!("{}{}", if lower.inclusive { '[' } else { '(' }, lower.version)
                });
                let upper = rule.upper.as_ref().map_or(")".to_owned(), |upper| {
                    format!("{}{}", upper.version, if upper.inclusive { ']' } else { ')' })
                });
                format!("{lower}..{upper}")
            })
            .collect::<Vec<_>>()
            .join(" "),
    };
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn comparisons_with_any_joiner_are_one_range() {
    check("< V16", "(..V16)");
    check("<= 3.07.11", "(..3.07.11]");
    check(">= 2.0, < 2.4", "[2.0..2.4)");
    check(">= V3.0 and < V4.1", "[V3.0..V4.1)");
    check(">= V2.5 < V2.6.1", "[V2.5..V2.6.1)");
    check(">=12.0.1|<=12.0.15", "[12.0.1..12.0.15]");
    check("< 0.5, > 0.1", "(0.1..0.5)");
    check("> 1.1", "(1.1..)");
    check("= 1.2.3", "[1.2.3..1.2.3]");
    check(">= 1, < 2, >= 3, < 4", "[1..2) [3..4)");
}

#[test]
fn vers_is_read_even_where_it_breaks_its_own_rules() {
    check("vers:all/*", "(..)");
    check("vers:all/<V7.0.3", "(..V7.0.3)");
    check("vers:npm/>=1.0.0|<2.0.0", "[1.0.0..2.0.0)");
    assert!(matches!(read("vers:pypi/<2.0", Scheme::Generic), Read::Rules(rules) if rules[0].scheme == Scheme::Pep440));
}

#[test]
fn words_for_everything_may_be_narrowed() {
    check("All versions", "(..)");
    check("*", "(..)");
    check("All Versions < V5.2.4", "(..V5.2.4)");
    check("All BIOS versions < V25.02.10", "(..V25.02.10)");
    check("All versions < V2010 SP3", "(..V2010 SP3)");
    check("All driver versions prior to 546.01", "(..546.01)");
    check("Version 1.2", "[1.2..1.2]");
    check("All versions with Ethernet interface", "unreadable");
    check("firmware", "unreadable");
}

#[test]
fn versions_of_several_words_stay_together() {
    check("< V15.1 Update 5", "(..V15.1 Update 5)");
    check("<= 3.4.4 Build 16102416", "(..3.4.4 Build 16102416]");
    check("< V5.4 HF2", "(..V5.4 HF2)");
    check(" <1.000.HW00.21.20190812", "(..1.000.HW00.21.20190812)");
    check("< A11_U05", "(..A11_U05)");
}

#[test]
fn english_around_a_version_is_understood() {
    check("8.0.26 and prior", "(..8.0.26]");
    check("5.7.19 and earlier", "(..5.7.19]");
    check("before version 2.0.0.9", "(..2.0.0.9)");
    check("prior to 4.2", "(..4.2)");
    check("4.1.0 - 4.1.7", "[4.1.0..4.1.7]");
    check("5.7.11 to 5.7.17", "[5.7.11..5.7.17]");
    check("4.2 and later", "[4.2..)");
}

#[test]
fn enumerations_and_branches_become_ranges() {
    check("24950 | 24952", "[24950..24950] [24952..24952]");
    check("8.1.x", "[8.1..8.2)");
    check("<= V7.x", "(..V8)");
    check("< 3.x", "(..3)");
}

#[test]
fn vers_with_exceptions_escapes_and_its_likes_is_read() {
    check("vers:intdot/>1.2|!=3.2.0|<3.91.1|>4.2.0", "(1.2..3.2.0) (3.2.0..3.91.1) (4.2.0..)");
    check("vers:generic/<2.0|!=5.1", "(..2.0)");
    check("vers:npm/ >= 2.2.0| <2.3.0", "[2.2.0..2.3.0)");
    check("vers:deb/>=1%3A2.0|<1%3a2.4", "[1:2.0..1:2.4)");
    check("vls/<10.9.7", "(..10.9.7)");
    check("vers:generic/%zz", "unreadable");
    check("vers:oddity/<4.2.0|<>3.2.0", "unreadable");
}

#[test]
fn vers_is_sorted_in_the_order_of_its_type_before_it_is_read() {
    check("vers:semver/<2.1.0|>4.2.0|<=5.4.18", "(..2.1.0) (4.2.0..5.4.18]");
    check("vers:acme/<4.2.0|>3.91.1|!=3.2.0|<1.2", "(..1.2) (3.91.1..4.2.0)");
    check("vers:intdot/<2.1.0|>4.2.0|!=5.1|!=6.3|<=10.3.1", "(..2.1.0) (4.2.0..5.1) (5.1..6.3) (6.3..10.3.1]");
    check("vers:all/>=V7.80<V9.40", "[V7.80..V9.40)");
    check("vers:all/>=V5.4<V5.5%20SP1", "[V5.4..V5.5 SP1)");
    check("vers:generic/8.1.x", "[8.1..8.2)");
    check("vers:none/*", "");
    check("vers:somewhere/||>Jo_3,16|<=2.Ko_5,20", "unreadable");
    let scheme = |text: &str, product| match read(text, product) {
        Read::Rules(rules) => rules[0].scheme,
        other => panic!("{other:?}"),
    };
    assert_eq!(scheme("vers:intdot/<1.2", Scheme::Generic), Scheme::Intdot);
    assert_eq!(scheme("vers:all/<V1.2", Scheme::Deb), Scheme::Deb);
    assert_eq!(scheme("vers:openssl/<1.0.2zb", Scheme::Generic), Scheme::Openssl);
}

#[test]
fn what_is_no_version_is_unreadable_and_never_a_range() {
    check("<=the_first_5_digits_of_serial_number_24031", "unreadable");
    check("<=The_first_5_digits_of_serial_No._\"26061\"", "unreadable");
    check("<April/5/2023", "unreadable");
    check("<=LF", "unreadable");
    check("See references", "unreadable");
    check("Snapdragon 888 5G Mobile Platform", "unreadable");
    check("<= V2.3.0 and Function State (FS) <= 3", "unreadable");
    check("n/a", "unstated");
    check("unspecified", "unstated");
    check("", "unstated");
}
