//! What matching relies on, scheme by scheme, with versions of real packages.

use super::{Scheme, compare, composite, is_valid};
use std::cmp::Ordering;

/// Every version is older than the next, in both directions, by the scheme's own order.
fn ascending(scheme: Scheme, versions: &[&str]) {
    for (at, older) in versions.iter().enumerate() {
        for newer in &versions[at + 1..] {
            check(scheme, older, Ordering::Less, newer);
        }
    }
}

/// All versions are equal, by the scheme's own order.
fn equal(scheme: Scheme, versions: &[&str]) {
    for left in versions {
        for right in versions {
            check(scheme, left, Ordering::Equal, right);
        }
    }
}

fn check(scheme: Scheme, left: &str, expected: Ordering, right: &str) {
    let (there, back) = (compare(scheme, left, right), compare(scheme, right, left));
    assert_eq!(there.ordering, expected, "{} {left} against {right}", scheme.name());
    assert_eq!(back.ordering, expected.reverse(), "{} {right} against {left}", scheme.name());
    assert_eq!(there.native, scheme != Scheme::Generic, "{} {left} {right} native", scheme.name());
    assert_eq!(back.native, there.native);
}

#[test]
fn prereleases_of_a_fixed_version_are_older_than_it() {
    ascending(Scheme::Semver, &["14.3.0-canary.77", "15.0.0-canary.5", "15.0.4", "15.0.5"]);
    ascending(
        Scheme::Semver,
        &["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1"],
    );
    ascending(
        Scheme::Pep440,
        &["1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0+deb1", "1.0.post1", "1!0.1"],
    );
}

#[test]
fn semver_is_read_with_a_leading_v_and_missing_numbers() {
    equal(Scheme::Semver, &["1.2.0", "v1.2", " 1.2.0 ", "1.2.0+build.7", "= 1.2.0"]);
    assert!(is_valid(Scheme::Semver, "1.2.3-rc.1"));
    assert!(!is_valid(Scheme::Semver, "1.2"));
}

#[test]
fn a_letter_is_no_semver_prerelease() {
    let compared = compare(Scheme::Semver, "1.0.2k", "1.0.2");
    assert_eq!((compared.ordering, compared.native), (Ordering::Greater, false));
}

#[test]
fn go_releases_and_modules_share_one_order() {
    ascending(Scheme::Go, &["go1.21.13", "go1.22beta1", "go1.22rc2", "go1.22", "go1.22.3"]);
    equal(Scheme::Go, &["go1.22rc2", "1.22.0-rc.2", "1.22rc2"]);
    equal(Scheme::Go, &["go1.22.3", "v1.22.3", "go1.22.3 X:boringcrypto"]);
    equal(Scheme::Go, &["v2.0.0+incompatible", "v2.0.0"]);
    ascending(Scheme::Go, &["v0.0.0-20180116102854-5a71ef0e047d", "v0.0.0-20190116102854-8a3f0e047d5a", "v0.0.1"]);
    assert!(!compare(Scheme::Go, "(devel)", "v1.0.0").native);
}

#[test]
fn maven_knows_its_qualifiers() {
    equal(Scheme::Maven, &["1.0.RELEASE", "1.0", "1", "1-ga", "1.0.Final"]);
    ascending(Scheme::Maven, &["1-alpha-1", "1-b2", "1-m3", "1-rc1", "1-SNAPSHOT", "1", "1-sp", "1-abc", "1-1", "1.1"]);
    ascending(Scheme::Maven, &["32.0.0-android", "32.0.0-jre", "32.0.1-android"]);
    ascending(Scheme::Maven, &["42.2.27.jre7", "42.2.28.jre7", "42.2.29"]);
    ascending(Scheme::Maven, &["2.0-beta9", "2.3.1", "2.12.2", "2.13.0", "2.15.0"]);
}

#[test]
fn nuget_has_four_numbers_and_no_case() {
    equal(Scheme::Nuget, &["1.0", "1.0.0.0", "1.0.0+sha"]);
    equal(Scheme::Nuget, &["1.0.0-BETA", "1.0.0-beta"]);
    ascending(Scheme::Nuget, &["1.0.0-beta.2", "1.0.0", "1.0.0.1"]);
}

#[test]
fn gems_carry_their_platform_without_weight() {
    equal(Scheme::Gem, &["1.19.3", "1.19.3-x86_64-linux", "1.19.3-aarch64-linux-musl", "1.19.3-java"]);
    ascending(Scheme::Gem, &["1.0.a", "1.0.a.9", "1.0.a.10", "1.0.b1", "1.0", "1.0.1"]);
}

#[test]
fn composer_orders_stabilities_and_branches() {
    ascending(
        Scheme::Composer,
        &["dev-main", "1.0-dev", "1.0a1", "1.0b1", "v1.0RC1", "1.0", "1.0-p1", "1.0.1", "1.x-dev"],
    );
    equal(Scheme::Composer, &["1.0.0.0-beta2", "1.0beta.2", "v1.0.0-b2", "1.0.0-beta2@dev"]);
}

#[test]
fn debian_epochs_revisions_and_tildes() {
    ascending(Scheme::Deb, &["1.0~rc1-1", "1.0-1", "1.0-1+b1", "1.0-1+deb12u1", "1.0-2", "1.0+dfsg-1", "1:0.1-1"]);
    ascending(Scheme::Deb, &["2.38.1-5", "2.38.1-5+b1", "2.38.1-5+deb12u1"]);
    equal(Scheme::Deb, &["1.0", "0:1.0", "1.0-0"]);
}

#[test]
fn rpm_epochs_tildes_and_carets() {
    ascending(Scheme::Rpm, &["1.0~rc1-1", "1.0-1", "1.0^git1-1", "1.0.1-1", "2:0.1-1"]);
    ascending(Scheme::Rpm, &["1.12.8-18.el8", "1:1.12.8-10.el8"]);
    ascending(Scheme::Rpm, &["1.8.0.51-1.b16", "1.8.0.302.b08-0.el8"]);
    equal(Scheme::Rpm, &["1.0-1", "0:1.0-1", "1_0-1"]);
}

#[test]
fn alpine_suffixes_and_revisions() {
    ascending(
        Scheme::Apk,
        &["3.3.0_alpha1-r0", "3.3.0_rc2-r1", "3.3.0-r0", "3.3.0-r1", "3.3.0_p1-r0", "3.3.0a-r0", "3.3.0.1-r0"],
    );
    ascending(Scheme::Apk, &["1.2.9", "1.2.10", "1.10.01", "1.10.1"]);
    assert!(!is_valid(Scheme::Apk, "1.0_foo1"));
}

#[test]
fn openssl_letters_go_on_after_z() {
    ascending(
        Scheme::Openssl,
        &["1.0.2-beta3", "1.0.2", "1.0.2a", "1.0.2z", "1.0.2za", "1.0.2zb", "1.1.0", "3.0.0-alpha1", "3.0.0"],
    );
    equal(Scheme::Openssl, &["1.0.2k", "1.0.2k-fips"]);
}

#[test]
fn java_runtimes_of_both_numberings() {
    ascending(
        Scheme::Jvm,
        &["1.7.0_80", "1.8.0", "1.8.0_51-b16", "1.8.0_291", "8u302", "11.0.4-ea", "11.0.4+11", "17"],
    );
    equal(Scheme::Jvm, &["1.8.0_302-b08", "8u302", "8.0.302+8", "1.8.0.302.b08"]);
}

#[test]
fn commits_are_equal_or_nothing() {
    equal(Scheme::Git, &["8f2c1aa", "8F2C1AA90e1c3e0b6f1f0d5d2b1d6d2f9c1e2a3b"]);
    let compared = compare(Scheme::Git, "8f2c1aa", "8f2c1ab");
    assert_eq!((compared.ordering, compared.native), (Ordering::Less, false));
    assert!(!compare(Scheme::Git, "8f2c1a", "8f2c1a").native, "six digits are too few for a commit");
}

#[test]
fn generic_orders_patch_levels_letters_and_prereleases() {
    ascending(Scheme::Generic, &["1.9.5-rc1", "1.9.5", "1.9.5p1", "1.9.5p2", "1.9.6"]);
    ascending(Scheme::Generic, &["4.2.8", "4.2.8p9", "4.2.8-p15", "4.2.9"]);
    ascending(Scheme::Generic, &["8.5a4", "8.5b2", "8.5", "8.5.1"]);
    ascending(Scheme::Generic, &["1.0.2", "1.0.2a", "1.0.2k", "1.0.3"]);
    ascending(Scheme::Generic, &["12.2(33)SXI4", "12.2(33)SXI4a", "15.1(4)M5", "15.1(4)M6"]);
    equal(Scheme::Generic, &["V1.2", "1.2.0", "version 1.2", "1.2.0-final", "1.2_GA"]);
    equal(Scheme::Generic, &["9.5p1", "9.5:patch1", "9.5 Patch 1"]);
    ascending(Scheme::Generic, &["1.0~beta", "1.0", "10.0.17134.167", "10.0.17134.1000"]);
    ascending(Scheme::Generic, &["10.01", "10.1"]);
}

#[test]
fn cpe_versions_and_updates_make_one_version() {
    let composites = |pairs: &[(&str, &str)]| pairs.iter().map(|pair| composite(pair.0, pair.1)).collect::<Vec<_>>();
    let check = |scheme, pairs: &[(&str, &str)]| {
        let composites = composites(pairs);
        for (older, newer) in composites.iter().zip(&composites[1..]) {
            assert_eq!(compare(scheme, older, newer).ordering, Ordering::Less, "{older} against {newer}");
        }
    };
    check(
        Scheme::Generic,
        &[("1.9.5", "beta2"), ("1.9.5", "rc1"), ("1.9.5", "-"), ("1.9.5", "patch1"), ("1.9.5", "p2")],
    );
    check(Scheme::Generic, &[("1.9.5", "patch1"), ("1.9.5p2", "*")]);
    check(Scheme::Generic, &[("4.2.8", "p9"), ("4.2.8", "p15"), ("4.2.9", "")]);
    check(Scheme::Generic, &[("2.0", "preview"), ("2.0", ""), ("2.0", "sp1"), ("2.0", "sp2"), ("2.0.1", "-")]);
    check(Scheme::Generic, &[("1.8.0", "-"), ("1.8.0", "update_281"), ("1.8.0", "update291"), ("1.8.0_302", "*")]);
    check(Scheme::Jvm, &[("1.8.0", "-"), ("1.8.0", "update_281"), ("1.8.0", "update291"), ("1.8.0_302", "*")]);
    assert_eq!(composite("7.0\\(1\\)", "\\-"), "7.0(1)");
}

#[test]
fn numbers_of_any_length_are_compared() {
    let long = format!("1.{}", "9".repeat(60));
    let longer = format!("1.1{}", "0".repeat(60));
    for scheme in [Scheme::Semver, Scheme::Go, Scheme::Pep440, Scheme::Maven, Scheme::Deb, Scheme::Rpm, Scheme::Apk] {
        check(scheme, &long, Ordering::Less, &longer);
    }
}

#[test]
fn names_lead_to_schemes() {
    assert_eq!(Scheme::from_cve_version_type("Python"), Scheme::Pep440);
    assert_eq!(Scheme::from_cve_version_type("custom"), Scheme::Generic);
    assert_eq!(Scheme::of_purl_type("golang"), Scheme::Go);
    assert_eq!(Scheme::of_purl_type("generic"), Scheme::Generic);
    assert_eq!(Scheme::of_osv_ecosystem("Debian:12"), Some(Scheme::Deb));
    assert_eq!(Scheme::of_osv_ecosystem("Root:PyPI"), Some(Scheme::Pep440));
    assert_eq!(Scheme::of_osv_ecosystem("Unheard Of"), None);
    assert_eq!(serde_json::to_string(&Scheme::Pep440).unwrap(), format!("\"{}\"", Scheme::Pep440.name()));
}
