//! VERS: what is printed is read as the same range, and containment agrees with the specification's own procedure.

use std::cmp::Ordering;

use proptest::prelude::*;
use standards::vers::native::NativeRange;
use standards::vers::{Comparator, Constraint, Vers};
use standards::versions::{Scheme, compare};

/// Constraints over few versions, so that they touch, repeat and enclose each other.
fn list() -> impl Strategy<Value = String> {
    proptest::collection::vec("(|!=|<|<=|>|>=)[0-3]\\.[0-2]\\.0(-rc)?", 1..8)
        .prop_map(|parts| format!("vers:npm/{}", parts.join("|")))
}

fn version() -> impl Strategy<Value = String> {
    "[0-4]\\.[0-2]\\.[01](-rc)?"
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() }
}

fn is_in(range: &Vers, version: &str) -> bool {
    range.contains(version).expect("npm has an order").contained
}

/// The procedure of "Checking if a version is contained within a range", step by step.
fn naive(constraints: &[Constraint], version: &str) -> bool {
    let order = |constraint: &Constraint| compare(Scheme::Semver, version, &constraint.version).ordering;
    if constraints.is_empty() {
        return true;
    }
    for constraint in constraints.iter().filter(|constraint| order(constraint) == Ordering::Equal) {
        if matches!(constraint.comparator, Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual) {
            return true;
        }
        if constraint.comparator == Comparator::NotEqual {
            return false;
        }
    }
    let is_single = |one: &&Constraint| matches!(one.comparator, Comparator::Equal | Comparator::NotEqual);
    let sides: Vec<&Constraint> = constraints.iter().filter(|one| !is_single(one)).collect();
    let goes_up = |one: &Constraint| matches!(one.comparator, Comparator::Greater | Comparator::GreaterOrEqual);
    let Some((first, last)) = sides.first().zip(sides.last()) else {
        // The procedure leaves this open: exceptions alone are exceptions from everything.
        return constraints.iter().all(|one| one.comparator == Comparator::NotEqual);
    };
    if !goes_up(first) && order(first).is_lt() || goes_up(last) && order(last).is_gt() {
        return true;
    }
    sides.windows(2).any(|pair| goes_up(pair[0]) && order(pair[0]).is_gt() && order(pair[1]).is_lt())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_printed_is_parsed_as_the_same_range(text in list()) {
        let canonical = Vers::read(&text).expect("readable").canonical();
        let printed = canonical.to_string();
        let again = Vers::parse(&printed);
        prop_assert_eq!(again.as_ref(), Ok(&canonical), "{}", printed);
        prop_assert_eq!(canonical.canonical(), canonical);
    }

    #[test]
    fn a_valid_range_contains_what_the_specification_says(text in list(), version in version()) {
        let range = Vers::read(&text).expect("readable").canonical();
        prop_assume!(range.kind() == "npm");
        prop_assert_eq!(is_in(&range, &version), naive(range.constraints(), &version), "{} {}", range, version);
    }

    #[test]
    fn parsing_takes_only_what_reading_takes_alike(text in list(), version in version()) {
        if let Ok(parsed) = Vers::parse(&text) {
            prop_assert_eq!(parsed.to_string(), text.as_str());
            prop_assert_eq!(Vers::read(&text), Some(parsed.clone()));
            prop_assert_eq!(is_in(&parsed, &version), naive(parsed.constraints(), &version), "{} {}", parsed, version);
        }
    }

    #[test]
    fn a_shorter_form_covers_the_same_versions(text in list(), version in version()) {
        let range = Vers::read(&text).expect("readable");
        prop_assert_eq!(is_in(&range, &version), is_in(&range.canonical(), &version), "{} {}", range, version);
    }

    #[test]
    fn versions_survive_printing_whatever_they_hold(version in "\\PC{1,12}") {
        let point = standards::vers::Interval::exactly(&version);
        let range = Vers::from_intervals("lexicographic", vec![point]);
        prop_assert_eq!(Vers::parse(&range.to_string()), Ok(range));
    }

    #[test]
    fn hostile_texts_are_refused_without_panic(text in "(vers:)?(npm|all|datetime)?/?[|<>=!*%0-9a-zA-F .,~^\\[\\]()+é-]{0,24}") {
        let _ = (Vers::parse(&text), Vers::read(&text).map(|range| range.canonical()));
        for kind in ["npm", "cargo", "hex", "composer", "golang", "pypi", "maven", "nuget", "gem", "conan", "conda", "nginx", "deb"] {
            if let Some(range) = NativeRange::parse(kind, &text) {
                let printed = range.vers().to_string();
                prop_assert!(Vers::parse(&printed).is_ok(), "{} {:?} {}", kind, text, printed);
                range.contains(&text);
            }
        }
    }

    #[test]
    fn a_native_range_and_its_vers_agree(
        alternatives in proptest::collection::vec(proptest::collection::vec("(=|<|<=|>|>=|!=)[0-3]\\.[0-2]", 1..4), 1..4),
        version in "[0-4]\\.[0-2]",
    ) {
        let text = alternatives.iter().map(|clauses| clauses.join(",")).collect::<Vec<_>>().join(" || ");
        let range = NativeRange::parse("deb", &text).expect("comparisons");
        let vers = range.vers();
        let contained = vers.contains(&version).expect("Debian has an order").contained;
        prop_assert_eq!(contained, range.contains(&version).contained, "{} {} {}", text, vers, version);
    }
}
