use super::distribution::{debian_release, identities, source_rpm_name};
use super::*;

fn purl(text: &str) -> Purl {
    Purl::parse(text).expect("a package URL")
}

fn coordinates(text: &str) -> Option<(String, String)> {
    of_purl(&purl(text)).map(|identity| (identity.ecosystem, identity.name))
}

#[expect(clippy::unnecessary_wraps, reason = "the answer to compare with")]
fn of(ecosystem: &str, name: &str) -> Option<(String, String)> {
    Some((ecosystem.to_owned(), name.to_owned()))
}

#[test]
fn packages_of_languages_have_the_names_of_their_registries() {
    assert_eq!(coordinates("pkg:npm/%40babel/core@7.23.2"), of("npm", "@babel/core"));
    assert_eq!(coordinates("pkg:npm/babel/core@7.23.2"), of("npm", "@babel/core"));
    assert_eq!(coordinates("pkg:pypi/Ruamel.YAML__clib@0.2"), of("PyPI", "ruamel-yaml-clib"));
    let log4j = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";
    assert_eq!(coordinates(log4j), of("Maven", "org.apache.logging.log4j:log4j-core"));
    assert_eq!(coordinates("pkg:nuget/Newtonsoft.Json@12.0.3"), of("NuGet", "newtonsoft.json"));
    assert_eq!(coordinates("pkg:dotnet/Markdig.Signed@0.21.1"), of("NuGet", "markdig.signed"));
    assert_eq!(coordinates("pkg:k8s/k8s.io%2Fapiserver@1.27.4"), of("Kubernetes", "k8s.io/apiserver"));
    assert_eq!(coordinates("pkg:composer/Symfony/Http-Kernel@5.4"), of("Packagist", "symfony/http-kernel"));
    assert_eq!(coordinates("pkg:cargo/serde_json@1.0"), of("crates.io", "serde-json"));
    assert_eq!(coordinates("pkg:swift/github.com/Apple/swift-nio@2.0"), of("SwiftURL", "github.com/apple/swift-nio"));
}

#[test]
fn a_go_module_has_one_name_in_every_spelling() {
    for text in [
        "pkg:golang/github.com/sirupsen/logrus@v1.9.0",
        "pkg:golang/github.com%2Fsirupsen%2Flogrus@v1.9.0",
        "pkg:golang/github.com/!sirupsen/logrus@v1.9.0",
        "pkg:golang/github.com/Sirupsen/logrus@v1.9.0",
    ] {
        assert_eq!(coordinates(text), of("Go", "github.com/sirupsen/logrus"), "{text}");
    }
    assert_eq!(
        coordinates("pkg:golang/github.com/aws/aws-sdk-go-v2#service/s3"),
        of("Go", "github.com/aws/aws-sdk-go-v2/service/s3")
    );
    assert_eq!(coordinates("pkg:golang/stdlib@1.22.3"), of("Go", "stdlib"));
}

#[test]
fn a_maven_artefact_without_a_group_is_nothing() {
    assert_eq!(coordinates("pkg:maven/log4j-core@2.14.1"), None);
}

#[test]
fn a_distribution_package_belongs_to_the_release_that_its_qualifier_states() {
    for (text, ecosystem) in [
        ("pkg:deb/debian/sudo@1.9?distro=debian-12", "Debian:12"),
        ("pkg:deb/debian/sudo@1.9?distro=debian-12.4", "Debian:12"),
        ("pkg:deb/debian/sudo@1.9?distro=bookworm", "Debian:12"),
        ("pkg:deb/sudo@1.9?distro=trixie", "Debian:13"),
        ("pkg:deb/debian/sudo@1.9?distro=sid", "Debian:sid"),
        ("pkg:deb/ubuntu/sudo@1.9?distro=ubuntu-22.04", "Ubuntu:22.04:LTS"),
        ("pkg:deb/ubuntu/sudo@1.9?distro=jammy", "Ubuntu:22.04:LTS"),
        ("pkg:deb/ubuntu/sudo@1.9?distro=ubuntu-23.10", "Ubuntu:23.10"),
        ("pkg:apk/alpine/curl@8?distro=alpine-3.18.4", "Alpine:v3.18"),
        ("pkg:apk/alpine/curl@8?distro=3.18.4", "Alpine:v3.18"),
        ("pkg:alpine/curl@8?distro=alpine-3.16.2", "Alpine:v3.16"),
        ("pkg:apk/alpine/curl@8?distro=alpine-3.22_alpha20250108", "Alpine:edge"),
        ("pkg:apk/wolfi/curl@8", "Wolfi"),
        ("pkg:rpm/almalinux/curl@7?distro=almalinux-9.3", "AlmaLinux:9"),
        ("pkg:rpm/rocky/curl@7?distro=rocky-9.2", "Rocky Linux:9"),
        ("pkg:rpm/redhat/curl@7?distro=rhel-9.2", "Red Hat:enterprise_linux:9"),
        ("pkg:rpm/suse/curl@7?distro=sles-15.5", "SUSE:Linux Enterprise Server 15 SP5"),
        ("pkg:rpm/opensuse/curl@7?distro=opensuse-leap-15.5", "openSUSE:Leap 15.5"),
        ("pkg:rpm/opensuse/curl@7?distro=opensuse-tumbleweed-20230401", "openSUSE:Tumbleweed"),
        ("pkg:rpm/fedora/curl@7?distro=fedora-25", "Fedora:25"),
        ("pkg:rpm/ol/curl@7?distro=ol-8.6", "Oracle Linux:8"),
        ("pkg:rpm/amzn/curl@7?distro=amzn-2", "Amazon Linux:2"),
        ("pkg:rpm/amzn/curl@7?distro=amzn-2023.1.20230705", "Amazon Linux:2023"),
        ("pkg:rpm/amzn/curl@7?distro=amzn-2018.03", "Amazon Linux:1"),
    ] {
        assert_eq!(of_purl(&purl(text)).map(|identity| identity.ecosystem).as_deref(), Some(ecosystem), "{text}");
    }
}

#[test]
fn a_distribution_package_without_release_has_no_identity() {
    assert_eq!(coordinates("pkg:deb/debian/openssl@3.0.11-1"), None);
    assert_eq!(coordinates("pkg:rpm/redhat/libsolv@0.7.24-3?distro=garbage"), None);
}

#[test]
fn the_release_of_the_sbom_counts_only_for_packages_of_that_distribution() {
    let openssl = purl("pkg:deb/debian/openssl@3.0.11-1");
    assert_eq!(identities(&openssl, None, Some("Debian:12"))[0].ecosystem, "Debian:12");
    assert!(identities(&openssl, None, Some("Alpine:v3.18")).is_empty());
    assert!(identities(&openssl, None, Some("Debian")).is_empty());
    assert!(identities(&purl("pkg:rpm/remi/php@8.1"), None, Some("AlmaLinux:9")).is_empty());
}

#[test]
fn a_debian_binary_leads_to_its_source_package_and_the_sources_version() {
    let libssl = purl("pkg:deb/debian/libssl3@3.0.11-1~deb12u2?distro=debian-12&upstream=openssl");
    let identity = &identities(&libssl, None, None)[0];
    assert_eq!((identity.name.as_str(), identity.derived_from.as_deref()), ("openssl", Some("libssl3")));
    assert_eq!(identity.version.as_deref(), Some("3.0.11-1~deb12u2"));
    let gcc = purl("pkg:deb/debian/gcc@4:12.2.0-3?distro=debian-12&upstream=gcc-defaults%401.203");
    assert_eq!(identities(&gcc, None, None)[0].version.as_deref(), Some("1.203"));
}

#[test]
fn a_rebuild_of_a_binary_has_the_version_of_its_source() {
    let attr = purl("pkg:deb/debian/attr@1:2.5.1-4%2Bb2?distro=debian-12");
    assert_eq!(of_purl(&attr).and_then(|identity| identity.version).as_deref(), Some("1:2.5.1-4"));
}

#[test]
fn an_epoch_qualifier_joins_the_version_unless_it_has_one() {
    let version = |text: &str| of_purl(&purl(text)).and_then(|identity| identity.version);
    let with = version("pkg:rpm/almalinux/openssl@3.0.7-24.el9?epoch=1&distro=almalinux-9.3");
    assert_eq!(with.as_deref(), Some("1:3.0.7-24.el9"));
    let both = version("pkg:rpm/almalinux/openssl@1:3.0.7-24.el9?epoch=2&distro=almalinux-9.3");
    assert_eq!(both.as_deref(), Some("1:3.0.7-24.el9"));
    let zero = version("pkg:rpm/almalinux/curl@7.76.1-26.el9?epoch=0&distro=almalinux-9.3");
    assert_eq!(zero.as_deref(), Some("7.76.1-26.el9"));
}

#[test]
fn an_rpm_is_its_binary_and_its_source_without_the_binarys_epoch() {
    let text = "pkg:rpm/almalinux/openssl-libs@3.0.7-24.el9?epoch=1&distro=almalinux-9.3&upstream=openssl-3.0.7-24.el9.src.rpm";
    let found = identities(&purl(text), None, None);
    let seen: Vec<(&str, Option<&str>)> =
        found.iter().map(|identity| (identity.name.as_str(), identity.version.as_deref())).collect();
    assert_eq!(seen, [("openssl-libs", Some("1:3.0.7-24.el9")), ("openssl", Some("3.0.7-24.el9"))]);
    assert_eq!(found[1].derived_from.as_deref(), Some("openssl-libs"));
}

#[test]
fn a_source_rpm_is_split_from_the_right() {
    assert_eq!(
        source_rpm_name("java-11-openjdk-11.0.20.0.8-3.el9.src.rpm"),
        Some(("java-11-openjdk", "11.0.20.0.8-3.el9"))
    );
    assert_eq!(source_rpm_name("openssl"), None);
}

#[test]
fn debian_codenames_and_point_releases_are_releases() {
    for (text, release) in
        [("buster", "10"), ("forky", "14"), ("unstable", "sid"), ("11.6", "11"), ("trixie/sid", "13")]
    {
        assert_eq!(debian_release(text).as_deref(), Some(release), "{text}");
    }
    assert_eq!(debian_release("hamm-and-cheese"), None);
}

#[test]
fn placeholders_are_no_versions() {
    for text in ["", "(devel)", "NOASSERTION", "latest", "UNKNOWN", "${project.version}"] {
        assert_eq!(stated_version(text), None, "{text}");
    }
    assert_eq!(stated_version(" 1.36.1 "), Some("1.36.1"));
}

#[test]
fn ecosystems_keep_their_case_and_lose_red_hats_repository() {
    assert_eq!(key_ecosystem("Red Hat:enterprise_linux:9::baseos"), "Red Hat:enterprise_linux:9");
    assert_eq!(key_ecosystem("Red Hat:rhel_eus:9.2::appstream"), "Red Hat:rhel_eus:9.2");
    assert_eq!(key_ecosystem("kubernetes"), "Kubernetes");
    assert_eq!(key_ecosystem("BellSoft Hardened Containers:23"), "BellSoft Hardened Containers:23");
    assert_eq!(key_ecosystem("Something New:7"), "Something New:7");
}

#[test]
fn schemes_follow_the_ecosystem_with_or_without_release() {
    assert_eq!(scheme_of("Debian:12"), Scheme::Deb);
    assert_eq!(scheme_of("Rocky Linux:9"), Scheme::Rpm);
    assert_eq!(scheme_of("PyPI"), Scheme::Pep440);
    assert_eq!(scheme_of("Something New"), Scheme::Generic);
}

#[test]
fn no_purl_type_and_no_name_stands_twice_in_the_tables() {
    let languages = LANGUAGES.iter().map(|ecosystem| ecosystem.name);
    let names = languages.chain(distribution::DISTRIBUTIONS.iter().map(|found| found.name)).collect();
    let types = LANGUAGES.iter().flat_map(|ecosystem| ecosystem.purl_types).copied().collect();
    for mut list in [names, types] as [Vec<&str>; 2] {
        let count = list.len();
        list.sort_unstable();
        list.dedup();
        assert_eq!(list.len(), count, "{list:?}");
    }
}
