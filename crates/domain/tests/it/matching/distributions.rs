//! Packages of distributions: their own word counts (R3, R4, R8).

use domain::matching::FamilyAnswer;
use domain::model::finding::Confidence;
use domain::model::source::Family;
use domain::normalise::Format;
use serde_json::{Value, json};

use super::shelf::{Shelf, nvd, osv, purl};

fn debian(shelf: Shelf, document: &Value) -> Shelf {
    shelf.read(Format::DebianTracker, "debian", Family::OsVendor, document)
}

fn alpine(document: &Value) -> Shelf {
    Shelf::default().read(Format::AlpineSecdb, "alpine:v3.11", Family::OsVendor, document)
}

#[test]
fn r8_libssl3_is_found_through_its_source_openssl() {
    let shelf = debian(
        Shelf::default(),
        &json!({"openssl": {"CVE-2023-5363": {"description": "Keys of wrong length.", "releases": {
            "bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u2", "urgency": "not yet assigned"},
            "trixie": {"status": "open", "urgency": "not yet assigned"}
        }}}}),
    );
    let mut libssl = purl("pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12");
    libssl.source_package = Some(("openssl".to_owned(), Some("3.0.11-1~deb12u1".to_owned())));
    let found = shelf.matches(&libssl);
    let why = &found.matches[0].reasons[0];
    assert_eq!((found.matches[0].vulnerability.as_str(), why.rule.as_str()), ("CVE-2023-5363", "R8"));
    assert_eq!((found.matches[0].confidence, why.order.as_str()), (Confidence::Derived, "deb"));
    assert_eq!((why.range.as_str(), why.fix.0.as_str()), ("< 3.0.11-1~deb12u2", "fixed in 3.0.11-1~deb12u2"));
    assert_eq!(found.matches[0].aliases, ["CVE-2023-5363"]);
    libssl.source_package = Some(("openssl".to_owned(), Some("3.0.11-1~deb12u2".to_owned())));
    assert!(shelf.findings(&libssl).is_empty());
    let trixie = purl("pkg:deb/debian/openssl@3.0.11-1?distro=debian-13");
    let found = shelf.matches(&trixie);
    assert_eq!(
        (found.matches[0].reasons[0].range.as_str(), found.matches[0].reasons[0].fix.0.as_str()),
        ("all versions", "no fix")
    );
}

#[test]
fn r3_alpines_zero_says_not_affected() {
    let shelf = alpine(&json!({"distroversion": "v3.11", "reponame": "main", "packages": [
        {"pkg": {"name": "openvpn", "secfixes": {"0": ["CVE-2020-7224"], "2.4.9-r0": ["CVE-2020-11810"]}}}
    ]}));
    let openvpn = purl("pkg:apk/alpine/openvpn@2.4.8-r0?distro=alpine-3.11");
    assert_eq!(shelf.findings(&openvpn), ["CVE-2020-11810"]);
    let answer = shelf.explain(&openvpn, "CVE-2020-7224");
    assert!(answer.to_string().contains("not affected"), "{answer}");
}

#[test]
fn r4_zlib_of_a_distribution_follows_the_distribution_and_plain_zlib_follows_nvd() {
    let shelf = debian(
        Shelf::default().nvd(&nvd("CVE-2018-25032", &[("cpe:2.3:a:zlib:zlib:*:*:*:*:*:*:*:*", "< 1.2.12")])),
        &json!({"zlib": {"CVE-2018-25032": {"releases": {
            "bullseye": {"status": "resolved", "fixed_version": "1:1.2.11.dfsg-2+deb11u1"}
        }}}}),
    );
    let mut packaged = purl("pkg:deb/debian/zlib@1%3A1.2.11.dfsg-2+deb11u2?distro=debian-11");
    packaged.cpes.push("cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*".to_owned());
    let found = shelf.matches(&packaged);
    assert!(found.matches.is_empty() && found.candidates.is_empty());
    assert_eq!(found.outcomes[&Family::OsVendor], FamilyAnswer::Assessable { matched: false });
    assert_eq!(found.outcomes[&Family::Nvd], FamilyAnswer::NotAssessable);
    let mut plain = purl("pkg:generic/zlib@1.2.11");
    plain.cpes = packaged.cpes.clone();
    assert_eq!(shelf.findings(&plain), ["CVE-2018-25032"]);
    let older = purl("pkg:deb/debian/zlib@1%3A1.2.11.dfsg-2?distro=debian-11");
    assert_eq!(shelf.matches(&older).matches[0].reasons[0].rule, "R4");
}

#[test]
fn r22_a_release_that_nobody_speaks_of_is_not_assessed() {
    let shelf =
        debian(Shelf::default(), &json!({"zlib": {"CVE-2018-25032": {"releases": {"bullseye": {"status": "open"}}}}}));
    let found = shelf.matches(&purl("pkg:deb/debian/zlib@1%3A1.3?distro=debian-13"));
    assert!(found.identified);
    assert_eq!(found.outcomes[&Family::OsVendor], FamilyAnswer::NotAssessable);
}

#[test]
fn r4_an_unknown_release_leaves_nvds_word_to_a_person() {
    let shelf = Shelf::default().nvd(&nvd("CVE-2018-25032", &[("cpe:2.3:a:zlib:zlib:*:*:*:*:*:*:*:*", "< 1.2.12")]));
    let mut zlib = purl("pkg:deb/debian/zlib@1.2.11.dfsg-2");
    zlib.cpes.push("cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*".to_owned());
    assert!(shelf.findings(&zlib).is_empty());
    assert_eq!(shelf.candidates(&zlib), ["CVE-2018-25032"]);
}

#[test]
fn r1_the_trackers_and_osvs_word_on_one_cve_are_one_finding() {
    let mut export =
        osv("DEBIAN-CVE-2018-25032", &[], "Debian:11", "zlib", "introduced 0 fixed 1:1.2.11.dfsg-2+deb11u1");
    export["upstream"] = json!(["CVE-2018-25032"]);
    let shelf = debian(
        Shelf::default().osv(&export),
        &json!({"zlib": {"CVE-2018-25032": {"releases": {"bullseye": {"status": "open", "nodsa_reason": "ignored"}}}}}),
    );
    let old = shelf.matches(&purl("pkg:deb/debian/zlib@1%3A1.2.11.dfsg-2?distro=debian-11"));
    assert_eq!(old.matches.len(), 1);
    assert_eq!(old.matches[0].aliases, ["CVE-2018-25032", "DEBIAN-CVE-2018-25032"]);
    assert_eq!(old.matches[0].reasons.len(), 2);
    let new = shelf.matches(&purl("pkg:deb/debian/zlib@1%3A1.2.11.dfsg-2+deb11u1?distro=debian-11"));
    assert_eq!((new.matches[0].reasons.len(), new.matches[0].dissent.len()), (1, 1), "the disagreement is shown");
    assert_eq!(new.matches[0].reasons[0].fix.0, "will not fix");
}

#[test]
fn r7_the_epoch_of_a_qualifier_counts() {
    let shelf = Shelf::default().osv(&{
        let mut erratum = osv("ALSA-2020:3014", &[], "AlmaLinux:8", "dbus", "introduced 0 fixed 1:1.12.8-10.el8_2");
        erratum["related"] = json!(["CVE-2020-12049"]);
        erratum
    });
    assert!(shelf.findings(&purl("pkg:rpm/almalinux/dbus@1.12.8-18.el8?epoch=1&distro=almalinux-8.6")).is_empty());
    assert_eq!(
        shelf.findings(&purl("pkg:rpm/almalinux/dbus@1.12.8-9.el8?epoch=1&distro=almalinux-8.6")),
        ["CVE-2020-12049"]
    );
}
