//! VERS by its own rules.

use super::{Bound, Interval, Vers, VersError};
use crate::versions::Scheme;

fn broken(text: &str) -> VersError {
    Vers::parse(text).expect_err(text)
}

/// Intervals in mathematical notation.
fn covers(text: &str) -> String {
    let range = Vers::read(text).expect(text);
    let show =
        |interval: &Interval| {
            let lower = interval.lower.as_ref().map_or("(".to_owned(), |lower| {
                format!("{}{}", if lower.inclusive { '[' } else { '(' }, lower.version)
            });
            let upper = interval.upper.as_ref().map_or(")".to_owned(), |upper| {
                format!("{}{}", upper.version, if upper.inclusive { ']' } else { ')' })
            });
            format!("{lower}..{upper}")
        };
    range.intervals().iter().map(show).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_was_parsed_prints_as_it_was_written() {
    for text in [
        "vers:npm/1.2.3|>=2.0.0|<5.0.0",
        "vers:gem/>=2.2.0|!=2.2.1|<2.3.0",
        "vers:deb/*",
        "vers:none/*",
        "vers:deb/>=1:2.0-1|<1:2.4~rc1-3+deb12u1",
        "vers:pypi/!=5",
        "vers:lexicographic/1%202",
        "vers:maven/1.0%25|1.1%7C2",
        "vers:datetime/<2024-01-01T00:00:00Z",
        "vers:x-plc/<V7.0.3",
    ] {
        let range = Vers::parse(text).expect(text);
        assert_eq!(range.to_string(), text);
        assert_eq!(range.canonical(), range);
    }
}

#[test]
fn every_rule_that_a_text_breaks_has_its_own_error() {
    let text = str::to_owned;
    assert_eq!(broken("npm/1.0"), VersError::NoScheme);
    assert_eq!(broken("VERS:npm/1.0"), VersError::NoScheme);
    assert_eq!(broken("vers:npm"), VersError::NoSlash);
    assert_eq!(broken("vers:NPM/1.0"), VersError::BadType(text("NPM")));
    assert_eq!(broken("vers:7z/1.0"), VersError::BadType(text("7z")));
    assert_eq!(broken("vers:invalid/*"), VersError::InvalidType);
    assert_eq!(broken("vers:all/<V7.0.3"), VersError::AsteriskOnly(text("all")));
    assert_eq!(broken("vers:npm/"), VersError::NoConstraints);
    assert_eq!(broken("vers:npm/*|<2.0"), VersError::AsteriskNotAlone);
    assert_eq!(broken("vers:npm/|1.0"), VersError::LeadingPipe);
    assert_eq!(broken("vers:npm/1.0|"), VersError::TrailingPipe);
    assert_eq!(broken("vers:npm/1.0||2.0"), VersError::ConsecutivePipes);
    assert_eq!(broken("vers:npm/=1.0"), VersError::LeadingEquals(text("=1.0")));
    assert_eq!(broken("vers:npm/1.0|>="), VersError::NoVersion(text(">=")));
    assert_eq!(broken("vers:intdot/<>3.2"), VersError::RawSign(text(">3.2"), '>'));
    assert_eq!(broken("vers:npm/>=1.0 <2.0"), VersError::Whitespace(14));
    assert_eq!(broken("vers:npm/1.0é"), VersError::NotAscii(12));
    assert_eq!(broken("vers:npm/1%2"), VersError::BadPercent(text("1%2")));
    assert_eq!(broken("vers:npm/1%FF"), VersError::BadPercent(text("1%FF")));
    assert_eq!(broken("vers:deb/1%3a2.0"), VersError::PercentCase(text("1%3a2.0")));
    assert_eq!(broken("vers:datetime/soon"), VersError::Datetime(text("soon")));
    assert_eq!(broken("vers:npm/>=2.0.0|<1.0.0"), VersError::Unsorted(text("2.0.0"), text("1.0.0")));
    assert_eq!(broken("vers:npm/>=1.0.0|<1.0.0"), VersError::Duplicate(text("1.0.0")));
    assert_eq!(broken("vers:pypi/1.0|1.0.0"), VersError::Duplicate(text("1.0.0")));
    assert_eq!(broken("vers:npm/<1.0|<2.0"), VersError::Sequence(text("<1.0"), text("<2.0")));
    assert_eq!(broken("vers:npm/1.0|<2.0"), VersError::Sequence(text("1.0"), text("<2.0")));
    assert_eq!(broken("vers:npm/>1.0|!=1.5|>=2.0"), VersError::Sequence(text(">1.0"), text(">=2.0")));
    assert_eq!(broken("vers:npm/<1.0|1.5|<2.0"), VersError::Sequence(text("1.5"), text("<2.0")));
}

#[test]
fn an_order_that_is_not_known_is_not_held_against_a_range() {
    assert!(Vers::parse("vers:acme/Spring|Autumn").is_ok());
    assert_eq!(broken("vers:acme/Spring|Spring"), VersError::Duplicate("Spring".to_owned()));
    assert_eq!(Vers::parse("vers:acme/1.0").expect("valid").scheme(), Scheme::Generic);
}

#[test]
fn ranges_in_the_wild_are_read_where_their_meaning_is_plain() {
    let read = |text: &str| Vers::read(text).map(|range| range.to_string()).unwrap_or_default();
    assert_eq!(read("VERS:NPM/ >= 2.2.0 | <2.3.0 |"), "vers:npm/>=2.2.0|<2.3.0");
    assert_eq!(read("vers:all/<V7.0.3"), "vers:all/<V7.0.3");
    assert_eq!(read("vers:pypi/=2.0|=<1.0"), "vers:pypi/<=1.0|2.0");
    assert_eq!(read("vers:rpm/1%3a2-3|1%"), "vers:rpm/1%25|1:2-3");
    assert_eq!(read("vers:generic/Windows 10 v1.2"), "vers:generic/Windows%2010%20v1.2");
    for unclear in ["vers:npm/", "vers:npm/||", "vers:npm/<>3.2", "vers:npm/>=", "1.0", "vers:npm", "vers:invalid/1"] {
        assert_eq!(Vers::read(unclear), None, "{unclear}");
    }
}

#[test]
fn signposts_become_intervals() {
    assert_eq!(covers("vers:npm/*"), "(..)");
    assert_eq!(covers("vers:none/*"), "");
    assert_eq!(covers("vers:npm/1.2.3|>=2.0.0|<5.0.0"), "[1.2.3..1.2.3] [2.0.0..5.0.0)");
    assert_eq!(covers("vers:gem/>=2.2.0|!=2.2.1|<2.3.0"), "[2.2.0..2.2.1) (2.2.1..2.3.0)");
    assert_eq!(covers("vers:npm/!=1.5|<2.0|!=3.0|>4.0|!=5.0"), "(..1.5) (1.5..2.0) (4.0..5.0) (5.0..)");
    assert_eq!(covers("vers:pypi/!=5"), "(..5) (5..)");
    assert_eq!(covers("vers:pypi/2.0|!=5"), "[2.0..2.0]");
}

#[test]
fn redundant_constraints_do_not_change_what_a_range_covers() {
    assert_eq!(covers("vers:npm/<1.1.7|<2.0.1"), "(..2.0.1)");
    assert_eq!(covers("vers:pypi/>0.0.0|>=0.0.1|0.0.2|<0.0.3|0.0.4|<0.0.5|>=0.0.6"), "(0.0.0..0.0.5) [0.0.6..)");
    assert_eq!(covers("vers:pypi/0.0.2|0.0.6|>=0.0.0|0.0.1"), "[0.0.0..)");
    let canonical = |text: &str| Vers::read(text).expect(text).canonical().to_string();
    assert_eq!(canonical("vers:npm/<2.0.1|<1.1.7"), "vers:npm/<2.0.1");
    assert_eq!(canonical("vers:npm/<1.0|>=1.0|<2.0"), "vers:npm/<2.0");
    assert_eq!(canonical("vers:npm/<1.0|>1.0|<2.0"), "vers:npm/!=1.0|<2.0");
    assert_eq!(canonical("vers:npm/>2.0|<1.0|>=1.0"), "vers:npm/*");
    assert_eq!(canonical("vers:npm/>=1.0|<1.0"), "vers:none/*");
}

#[test]
fn a_union_of_intervals_is_written_in_the_shortest_valid_form() {
    let bound = |version: &str, inclusive| Some(Bound { version: version.to_owned(), inclusive });
    let below = Interval { lower: None, upper: bound("2.0", false) };
    let inside = Interval { lower: bound("1.0", true), upper: bound("3.0", true) };
    let empty = Interval { lower: bound("9.0", true), upper: bound("8.0", true) };
    let range = Vers::from_intervals("npm", vec![Interval::exactly("4.0"), inside, below, empty.clone()]);
    assert_eq!(range.to_string(), "vers:npm/<=3.0|4.0");
    assert_eq!(Vers::from_intervals("npm", vec![empty]).to_string(), "vers:none/*");
}

#[test]
fn a_version_is_compared_in_the_order_of_the_type() {
    let is_in = |range: &str, version: &str| {
        let found = Vers::read(range).expect(range).contains(version).expect("the type has an order");
        (found.contained, found.native)
    };
    assert_eq!(is_in("vers:deb/<1:2.0", "9.0"), (true, true));
    assert_eq!(is_in("vers:rpm/>=0:1.0-1|<1.0-2.el9", "1.0-1.el9"), (true, true));
    assert_eq!(is_in("vers:intdot/>=1.2|<2.0", "1.10-rc1"), (true, true));
    assert_eq!(is_in("vers:npm/*", "anything"), (true, true));
    assert_eq!(is_in("vers:none/*", "1.0"), (false, true));
    assert_eq!(is_in("vers:all/<V7.0.3", "V7.0.1"), (true, false));
    assert!(!is_in("vers:npm/<2.0.0", "one point oh").1);
    let reserved = Vers::parse("vers:example/1.2.3|>=2.0.0|<5.0.0").expect("valid");
    assert_eq!(reserved.contains("2.0.0"), None);
}
