use standards::versions::Scheme;

use super::*;
use crate::model::finding::Confidence;
use crate::model::sbom::{Component, Kind};

fn component(name: &str, version: &str) -> Component {
    Component {
        reference: String::new(),
        kind: Kind::Library,
        group: None,
        name: name.to_owned(),
        version: Some(version.to_owned()),
        supplier: None,
        purl: None,
        cpes: Vec::new(),
        hashes: Vec::new(),
        licences: Vec::new(),
        source_package: None,
        distribution: None,
        support_level: None,
        end_of_support: None,
    }
}

fn with_purl(purl: &str) -> Component {
    Component { purl: Some(purl.to_owned()), ..component("", "") }
}

fn with_cpe(name: &str, version: &str, cpe: &str) -> Component {
    Component { cpes: vec![cpe.to_owned()], ..component(name, version) }
}

/// Key, version and confidence of every key.
fn keys(component: &Component) -> Vec<(String, Option<String>, Confidence)> {
    keys_of_component(component).into_iter().map(|key| (key.key.0, key.version, key.confidence)).collect()
}

fn key(text: &str, version: &str, confidence: Confidence) -> (String, Option<String>, Confidence) {
    (text.to_owned(), Some(version.to_owned()), confidence)
}

#[test]
fn log4j_core_is_found_by_group_and_artefact_and_its_guessed_cpe_is_weaker() {
    let purl = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";
    let mut log4j = with_purl(purl);
    log4j.cpes = vec!["cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*".to_owned()];
    let package = key("Maven|org.apache.logging.log4j:log4j-core", "2.14.1", Confidence::Exact);
    assert_eq!(keys(&log4j), [package, key("cpe|a|apache|log4j", "2.14.1", Confidence::Derived)]);
    let found = &keys_of_component(&log4j)[0];
    assert_eq!((found.scheme, found.family_hint, found.identity.as_str()), (Scheme::Maven, KeyKind::Package, purl));
}

#[test]
fn openssl_on_debian_12_is_found_through_libssl3_and_never_by_cpe() {
    let mut libssl = with_purl("pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12");
    libssl.source_package = Some(("openssl".to_owned(), Some("3.0.11-1~deb12u2".to_owned())));
    libssl.cpes = vec!["cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*".to_owned()];
    assert_eq!(keys(&libssl), [key("Debian:12|openssl", "3.0.11-1~deb12u2", Confidence::Derived)]);
    let found = &keys_of_component(&libssl)[0];
    assert_eq!((found.scheme, found.family_hint), (Scheme::Deb, KeyKind::DistroPackage));
    assert!(found.identity.ends_with("(source package openssl)"), "{}", found.identity);
}

#[test]
fn busybox_on_alpine_3_18_is_exact_when_its_source_has_the_same_name() {
    let mut busybox = with_purl("pkg:apk/alpine/busybox@1.36.1-r2?arch=x86_64&distro=alpine-3.18.4");
    busybox.source_package = Some(("busybox".to_owned(), None));
    assert_eq!(keys(&busybox), [key("Alpine:v3.18|busybox", "1.36.1-r2", Confidence::Exact)]);
}

#[test]
fn a_distribution_package_of_unknown_release_leaves_its_cpe_to_a_person() {
    let mut openssl = with_purl("pkg:deb/debian/openssl@3.0.11-1");
    assert_eq!(keys(&openssl), []);
    openssl.cpes = vec!["cpe:2.3:a:openssl:openssl:3.0.11-1:*:*:*:*:*:*:*".to_owned()];
    assert_eq!(keys(&openssl), [key("cpe|a|openssl|openssl", "3.0.11-1", Confidence::Candidate)]);
    openssl.distribution = Some("Debian:12".to_owned());
    assert_eq!(keys(&openssl), [key("Debian:12|openssl", "3.0.11-1", Confidence::Exact)]);
}

#[test]
fn babel_django_and_logrus_are_found_by_their_registries_names() {
    let exact = Confidence::Exact;
    assert_eq!(keys(&with_purl("pkg:npm/%40babel/core@7.23.2")), [key("npm|@babel/core", "7.23.2", exact)]);
    assert_eq!(keys(&with_purl("pkg:pypi/Django@4.2.1")), [key("PyPI|django", "4.2.1", exact)]);
    let logrus = with_purl("pkg:golang/github.com/sirupsen/logrus@v1.9.0");
    assert_eq!(keys(&logrus), [key("Go|github.com/sirupsen/logrus", "v1.9.0", exact)]);
}

#[test]
fn a_maven_group_beside_the_purl_counts() {
    let mut log4j = with_purl("pkg:maven/log4j-core@2.14.1");
    assert_eq!(keys(&log4j), []);
    log4j.group = Some("org.apache.logging.log4j".to_owned());
    assert_eq!(keys(&log4j), [key("Maven|org.apache.logging.log4j:log4j-core", "2.14.1", Confidence::Exact)]);
}

#[test]
fn a_go_subpath_is_a_module_of_its_own_or_a_package_of_the_outer_one() {
    let mut s3 = with_purl("pkg:golang/github.com/aws/aws-sdk-go-v2@v1.38.0#service/s3");
    s3.name = "github.com/aws/aws-sdk-go-v2/service/s3".to_owned();
    let own = key("Go|github.com/aws/aws-sdk-go-v2/service/s3", "v1.38.0", Confidence::Exact);
    assert_eq!(keys(&s3), std::slice::from_ref(&own));
    s3.name = "aws-sdk-go-v2".to_owned();
    assert_eq!(keys(&s3), [own, key("Go|github.com/aws/aws-sdk-go-v2", "v1.38.0", Confidence::Derived)]);
}

#[test]
fn yoctos_busybox_without_part_and_vendor_is_found_by_its_product() {
    let busybox = with_cpe("busybox", "1.36.1", "cpe:2.3:*:*:busybox:1.36.1:*:*:*:*:*:*:*");
    let derived = |part: &str| key(&format!("cpe|{part}|*|busybox"), "1.36.1", Confidence::Derived);
    assert_eq!(keys(&busybox), [derived("a"), derived("h"), derived("o")]);
    let stored = keys_of_target(&Target::Cpe("cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*".to_owned()));
    assert!(stored.contains(&keys_of_component(&busybox)[0].key), "{stored:?}");
}

#[test]
fn a_device_without_purl_is_found_by_its_cpe_and_named_for_a_person() {
    let firmware = "cpe:2.3:o:siemens:simatic_s7-1200_firmware:4.5.2:*:*:*:*:*:*:*";
    let mut device = with_cpe("SIMATIC S7-1200", "4.5.2", firmware);
    device.supplier = Some("Siemens AG".to_owned());
    let candidate = Confidence::Candidate;
    assert_eq!(
        keys(&device),
        [
            key("cpe|o|siemens|simatic_s7-1200_firmware", "4.5.2", Confidence::Exact),
            key("name|siemens|simatic s7 1200", "4.5.2", candidate),
            key("name|siemens|simatic s7 1200 firmware", "4.5.2", candidate),
        ]
    );
    let stated = Target::Named { vendor: "Siemens".to_owned(), product: "SIMATIC S7-1200".to_owned() };
    assert_eq!(keys_of_target(&stated)[0].0, "name|siemens|simatic s7 1200");
}

#[test]
fn an_open_cpe_version_is_the_components_own_and_a_hyphen_is_none() {
    let open = with_cpe("zlib", "1.2.11", "cpe:2.3:a:zlib:zlib:*:*:*:*:*:*:*:*");
    assert_eq!(keys_of_component(&open)[0].version.as_deref(), Some("1.2.11"));
    let board = with_cpe("2000e", "1.0", "cpe:2.3:h:intel:2000e:-:*:*:*:*:*:*:*");
    let found = &keys_of_component(&board)[0];
    assert_eq!((found.version.as_deref(), found.version_na), (None, true));
}

#[test]
fn a_commit_of_a_repository_is_a_version_of_it() {
    let spec = with_purl("pkg:github/madler/zlib@cacf7f1d4e3d44d871b605da3b647f07d718623f");
    let found = &keys_of_component(&spec)[0];
    assert_eq!((found.key.0.as_str(), found.scheme), ("git|github.com/madler/zlib", Scheme::Git));
    let vcs = with_purl("pkg:generic/zlib@1.2.11?vcs_url=git%2Bhttps://github.com/madler/zlib.git%40cacf7f1d");
    let derived = key("git|github.com/madler/zlib", "cacf7f1d", Confidence::Derived);
    assert_eq!(keys(&vcs), [derived]);
}

#[test]
fn a_repository_has_one_key_in_every_spelling() {
    for url in [
        "https://github.com/madler/zlib",
        "https://www.github.com/Madler/zlib.git",
        "git+ssh://git@github.com:22/madler/zlib.git#main",
        "git@github.com:madler/zlib.git",
        "git://github.com/madler/zlib/",
        "https://github.com/madler/zlib/tree/master/contrib",
        "github.com/madler/zlib",
    ] {
        assert_eq!(PackageKey::repository(url).0, "git|github.com/madler/zlib", "{url}");
    }
    let salsa = "https://salsa.debian.org/glibc-team/sub/glibc/-/tree/sid";
    assert_eq!(PackageKey::repository(salsa).0, "git|salsa.debian.org/glibc-team/sub/glibc");
}

#[test]
fn vendor_names_lose_their_legal_form_and_products_keep_every_word() {
    for vendor in
        ["Example Medical, Inc.", "example medical GmbH", "Example-Medical Corporation", "The Example Medical B.V."]
    {
        assert_eq!(PackageKey::named(vendor, "Pump 3000").0, "name|example medical|pump 3000", "{vendor}");
    }
    assert_eq!(PackageKey::named("The Co", "Ltd").0, "name|the co|ltd");
    assert_eq!(PackageKey::named("Müller AG", "Gerät_5").0, "name|müller|gerät 5");
}

#[test]
fn what_a_record_says_is_stored_under_normalised_names() {
    let package = |ecosystem: &str, name: &str| {
        let target = Target::Package { ecosystem: ecosystem.to_owned(), name: name.to_owned(), qualifiers: Vec::new() };
        keys_of_target(&target).into_iter().map(|key| key.0).collect::<Vec<_>>()
    };
    assert_eq!(package("PyPI", "Mezzanine"), ["PyPI|mezzanine"]);
    assert_eq!(package("Debian:12", "openssl"), ["Debian:12|openssl"]);
    assert_eq!(package("Go", "github.com/BurntSushi/toml"), ["Go|github.com/burntsushi/toml"]);
    let log4j = Target::Cpe("cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*".to_owned());
    assert_eq!(
        keys_of_target(&log4j),
        [PackageKey::cpe("a", "apache", "log4j"), PackageKey::cpe_any_vendor("a", "log4j")]
    );
}

#[test]
fn what_names_nothing_is_stored_nowhere() {
    let open = Target::Cpe("cpe:2.3:a:microsoft:*:*:*:*:*:*:*:*:*".to_owned());
    assert!(keys_of_target(&open).is_empty());
    assert!(keys_of_target(&Target::Cpe("no CPE at all".to_owned())).is_empty());
    assert!(keys_of_target(&Target::Named { vendor: "n/a".to_owned(), product: "n/a".to_owned() }).is_empty());
}

#[test]
fn forty_guessed_cpes_of_one_product_are_one_key() {
    let mut six = with_purl("pkg:pypi/six@1.16.0");
    six.cpes = (0..40).map(|n| format!("cpe:2.3:a:six:six:1.16.0:*:*:*:*:*:*:guess{n}")).collect();
    assert_eq!(keys(&six).len(), 2);
}

#[test]
fn a_component_that_only_has_a_name_has_no_key() {
    assert_eq!(keys(&component("main.c", "1.0")), []);
}
