//! Every version order is an order: reflexive, antisymmetric, transitive, over versions as people write them.

use std::cmp::Ordering;

use proptest::prelude::*;
use standards::versions::{Compared, Scheme, compare, composite};

/// A pattern of versions that the scheme reads.
const PATTERNS: [(Scheme, &str); 23] = [
    (Scheme::Semver, r"v?(0|[1-9][0-9]?)(\.(0|[1-9])){0,3}(-(alpha|beta|rc|[0-9]|x-y)(\.[0-9a-c]{1,2}){0,2})?(\+b)?"),
    (Scheme::Pub, r"[0-2]\.[0-2]\.[0-2](-(a|b|[0-9])(\.[0-9a]{1,2})?)?(\+[0-9a]{1,2}(\.[0-9])?)?"),
    (Scheme::Bitnami, r"[0-2]\.[0-2]\.[0-2](-[0-9]|-rc\.[0-9])?"),
    (
        Scheme::Go,
        r"(v[0-2](\.[0-2]){0,2}|v0\.0\.[01]-(0\.)?2019010[1-9]000000-abcdef012345|go1\.[0-9](rc[12]|beta1|\.[12])?)",
    ),
    (
        Scheme::Pep440,
        r"([01]!)?[0-2](\.[0-2]){0,3}([.-]?(a|b|rc|c|alpha)[0-2]?)?(\.?post[0-2]?|-[0-2])?(\.dev[0-2]?)?(\+[a1](\.[a1])?)?",
    ),
    (Scheme::Maven, r"[0-2](\.[0-2]){0,3}([.-](alpha|b|rc|SNAPSHOT|sp|ga|Final|foo|jre)(-?[1-3])?)?(-[1-3])?"),
    (Scheme::Nuget, r"[0-2](\.[0-2]){0,3}(-(Alpha|beta|[0-9])(\.[0-9A-Bb]{1,2})?)?"),
    (Scheme::Gem, r"[0-2](\.([0-2]|a|b1|rc)){0,4}(-[a-c1])?"),
    (
        Scheme::Composer,
        r"(v?[0-2](\.[0-2]){0,4}(-?(alpha|b|RC|p|patch)[0-2]?)?(-dev)?|dev-[a-c]{1,2}|[0-2](\.[0-2])?\.x-dev|201[0-2]-01-02)",
    ),
    (Scheme::Deb, r"([01]:)?[0-2][0-2a~+.]{0,4}(-[0-2a~+.]{1,3})?"),
    (Scheme::Rpm, r"([01]:)?[0-2a~^._]{1,5}(-[0-2a.]{1,3})?"),
    (Scheme::Apk, r"[0-2](\.[0-2]{1,2}){0,3}[a-c]?(_(alpha|rc|p|git)[0-2]?){0,2}(-r[0-2])?"),
    // Pacman's release counts only where both sides have one: here all have one.
    (Scheme::Alpm, r"([01]:)?[0-2](\.[0-2]|[a-c]){0,3}-[12]"),
    (Scheme::Cran, r"[0-2]([.-][0-2]){0,4}"),
    (Scheme::Hackage, r"[0-2](\.[0-2]){0,4}"),
    (Scheme::Gentoo, r"[0-2](\.[0-2]{1,2}){0,3}[a-c]?(_(alpha|pre|p)[0-2]?){0,2}(-r[0-2])?"),
    (Scheme::Conda, r"([01]!)?[0-2](\.([0-2]|dev|post|rc)[0-2a]?){0,3}_?(\+[a1](\.[a1])?)?"),
    (Scheme::Conan, r"[0-2](\.[0-2]?[a-c0]){0,3}(-[a-c]\.[0-2])?(\+b[0-2])?"),
    (Scheme::Openssl, r"[0-3]\.[0-1]\.[0-2]([a-z]|z[a-c])?(-(alpha|beta|pre|dev)[0-2]?|-fips)?"),
    (Scheme::Jvm, r"(1\.[78]\.0(_[0-9]{1,3})?(-ea)?(-b[0-9]{2})?|(8|11|17)(\.0\.[0-9]{1,2})?(\+[0-9])?|8u[0-9]{2,3})"),
    (Scheme::Datetime, r"202[0-2]-0[3-9]-[12][0-9](T1[0-9]:00:00(Z|[+-]0[0-9]:00))?"),
    (Scheme::Intdot, r"0?[0-2](\.0?[0-2]){0,3}(beta|-rc1|\.)?"),
    (Scheme::Generic, r"[vV]?[0-2](([.-]|_)?(0?[0-2]|a|b|rc|p|patch|final|SP|m|~|x|update)){0,5}"),
];

fn check_order(scheme: Scheme, versions: [&str; 3]) -> Result<(), TestCaseError> {
    let order = |left: usize, right: usize| compare(scheme, versions[left], versions[right]).ordering;
    for left in 0..3 {
        let Compared { ordering, native } = compare(scheme, versions[left], versions[left]);
        prop_assert_eq!(ordering, Ordering::Equal);
        prop_assert_eq!(native, scheme != Scheme::Generic, "{} is not read as {}", versions[left], scheme.name());
        for right in 0..3 {
            prop_assert_eq!(order(left, right), order(right, left).reverse(), "{:?}", versions);
        }
    }
    for [first, second, third] in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let (one, two, both) = (order(first, second), order(second, third), order(first, third));
        let transitive = match (one, two) {
            (Ordering::Equal, other) | (other, Ordering::Equal) => both == other,
            (one, two) if one == two => both == one,
            _ => true,
        };
        prop_assert!(
            transitive,
            "{}: {:?} {:?} {:?}",
            scheme.name(),
            versions[first],
            versions[second],
            versions[third]
        );
    }
    Ok(())
}

#[test]
fn every_order_is_total_and_transitive() {
    for (scheme, pattern) in PATTERNS {
        let version = || proptest::string::string_regex(pattern).expect("a pattern of ours");
        let config = ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        runner
            .run(&(version(), version(), version()), |(one, two, three)| check_order(scheme, [&one, &two, &three]))
            .unwrap_or_else(|error| panic!("{}: {error}", scheme.name()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_any_order_panic(left in r"\PC{0,12}", right in r"[0-9a-z.~^:_+é٨ -]{0,16}") {
        for (scheme, _) in PATTERNS {
            for (one, two) in [(&left, &right), (&left, &left), (&right, &right)] {
                prop_assert_eq!(compare(scheme, one, two).ordering, compare(scheme, two, one).ordering.reverse());
                prop_assert_eq!(compare(scheme, one, one).ordering, Ordering::Equal);
                standards::versions::is_valid(scheme, one);
            }
        }
        composite(&left, &right);
    }

    #[test]
    fn the_generic_order_of_any_texts_is_transitive(
        one in r"[0-9a-cpr.~-]{0,8}", two in r"[0-9a-cpr.~-]{0,8}", three in r"[0-9a-cpr.~-]{0,8}"
    ) {
        check_order(Scheme::Generic, [&one, &two, &three])?;
    }
}
