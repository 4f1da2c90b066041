//! Components of Ubuntu, Arch, Photon, Wolfi, Windows and Yocto meet what their makers say (R1, R4, R5, R8, R26).

use domain::model::sbom::Component;
use domain::model::source::Family;
use domain::normalise::Format;
use serde_json::{Value, json};

use super::shelf::{Shelf, named, names, nvd, purl};

fn component(name: &str, version: &str) -> Component {
    Component { version: Some(version.to_owned()), ..named(name) }
}

fn shelf(format: Format, document: &Value) -> Shelf {
    Shelf::default().read(format, "vendor", Family::OsVendor, document)
}

#[test]
fn a_notice_of_ubuntu_is_found_under_each_of_its_cves() {
    let shelf = shelf(
        Format::UbuntuNotices,
        &json!({"notices": [{"id": "USN-6663-1", "title": "OpenSSL update", "cves_ids": ["CVE-2023-5678", "CVE-2023-6129"],
            "release_packages": {
                "jammy": [{"name": "openssl", "version": "3.0.2-0ubuntu1.15", "is_source": true, "pocket": "security"}],
                "xenial": [{"name": "openssl", "version": "1.0.2g-1ubuntu4.20+esm12", "is_source": true, "pocket": "esm-infra"}]}}],
            "offset": 0, "total_results": 1}),
    );
    let libssl = purl("pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1.14?arch=amd64&distro=ubuntu-22.04&upstream=openssl");
    assert_eq!(shelf.findings(&libssl), ["CVE-2023-5678", "CVE-2023-6129"]);
    let fixed = purl("pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1.15?arch=amd64&distro=jammy&upstream=openssl");
    assert!(shelf.findings(&fixed).is_empty());
    let xenial = purl("pkg:deb/ubuntu/openssl@1.0.2g-1ubuntu4.20?distro=ubuntu-16.04");
    let found = shelf.matches(&xenial);
    assert_eq!(
        (found.matches.len(), found.matches[0].reasons[0].fix.0.as_str()),
        (2, "no fix"),
        "Pro alone has one (R5)"
    );
}

#[test]
fn packages_of_arch_photon_wolfi_and_chainguard_meet_their_trackers() {
    let arch = shelf(
        Format::ArchGroups,
        &json!([{"name": "AVG-2847", "packages": ["openssl"], "status": "Fixed", "fixed": "3.0.8-1", "issues": ["CVE-2023-0286"]}]),
    );
    assert_eq!(arch.findings(&purl("pkg:alpm/arch/openssl@3.0.7-4?arch=x86_64&distro=arch")), ["CVE-2023-0286"]);
    assert!(arch.findings(&purl("pkg:alpm/arch/openssl@3.0.8-1?arch=x86_64")).is_empty());

    let photon = shelf(
        Format::PhotonCves,
        &json!([{"cve_id": "CVE-2023-38545", "pkg": "curl-libs", "aff_ver": "all versions before 7.88.1-4.ph4 are vulnerable",
                 "res_ver": "7.88.1-4.ph4", "status": "Fixed"}]),
    );
    let curl =
        |version: &str, distro: &str| purl(&format!("pkg:rpm/photon/curl-libs@{version}?arch=x86_64&distro={distro}"));
    assert_eq!(photon.findings(&curl("7.88.1-3.ph4", "photon-4.0")), ["CVE-2023-38545"]);
    assert!(photon.findings(&curl("7.88.1-4.ph4", "photon-4.0")).is_empty());
    assert!(photon.findings(&curl("7.88.1-3.ph5", "photon-5.0")).is_empty(), "another release");

    for (prefix, owner) in [("https://packages.wolfi.dev", "wolfi"), ("https://packages.cgr.dev", "chainguard")] {
        let secdb = shelf(
            Format::AlpineSecdb,
            &json!({"urlprefix": prefix, "packages": [{"pkg": {"name": "git", "secfixes": {"2.39.1-r0": ["CVE-2022-41903"]}}}]}),
        );
        let git = |version: &str| purl(&format!("pkg:apk/{owner}/git@{version}?arch=x86_64"));
        assert_eq!(secdb.findings(&git("2.39.0-r1")), ["CVE-2022-41903"], "{owner}");
        assert!(secdb.findings(&git("2.39.1-r0")).is_empty(), "{owner}");
        let part = purl(&format!("pkg:apk/{owner}/git-daemon@2.39.0-r1?arch=x86_64&upstream=git"));
        assert_eq!(secdb.findings(&part), ["CVE-2022-41903"], "{owner}: by its source package");
    }
}

#[test]
fn r26_windows_is_judged_by_its_build() {
    let month = r#"<cvrf:cvrfdoc xmlns:cvrf="c" xmlns:prod="p" xmlns:vuln="v"><cvrf:DocumentTracking><cvrf:Identification><cvrf:ID>2024-Feb</cvrf:ID></cvrf:Identification></cvrf:DocumentTracking>
      <prod:ProductTree><prod:Branch Type="Vendor" Name="Microsoft"><prod:FullProductName ProductID="11569">Windows 10 Version 1809 for x64-based Systems</prod:FullProductName></prod:Branch></prod:ProductTree>
      <vuln:Vulnerability><vuln:CVE>CVE-2024-21412</vuln:CVE><vuln:ProductStatuses><vuln:Status Type="Known Affected"><vuln:ProductID>11569</vuln:ProductID></vuln:Status></vuln:ProductStatuses>
      <vuln:Remediations><vuln:Remediation Type="Vendor Fix"><vuln:Description>5034768</vuln:Description><vuln:ProductID>11569</vuln:ProductID><vuln:FixedBuild>10.0.17763.5458</vuln:FixedBuild></vuln:Remediation></vuln:Remediations></vuln:Vulnerability></cvrf:cvrfdoc>"#;
    let shelf = Shelf::default().read_bytes(Format::Cvrf, "msrc", Family::OsVendor, month.as_bytes());
    let windows = |build: &str| {
        let mut windows = component("Windows 10 IoT Enterprise LTSC 2019", build);
        windows.cpes.push(format!("cpe:2.3:o:microsoft:windows_10_1809:{build}:*:*:*:*:*:x64:*"));
        windows
    };
    assert_eq!(shelf.findings(&windows("10.0.17763.5329")), ["CVE-2024-21412"]);
    assert!(shelf.findings(&windows("10.0.17763.5458")).is_empty());
}

/// What a build of Yocto says of its kernel and of OpenSSL.
fn build(shelf: Shelf) -> Shelf {
    shelf.read(
        Format::YoctoCveCheck,
        "yocto",
        Family::OsVendor,
        &json!({"version": "1", "package": [
            {"name": "openssl", "layer": "meta", "version": "3.2.3", "products": [{"product": "openssl"}], "issue": [
                {"id": "CVE-2024-9143", "status": "Patched", "detail": "backported-patch"},
                {"id": "CVE-2024-13176", "status": "Unpatched", "detail": "version-in-range"}]}]}),
    )
}

#[test]
fn the_word_of_a_yocto_build_counts_for_the_version_it_built() {
    let nvd = Shelf::default().nvd(&nvd("CVE-2024-9143", &[("cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*", "< 3.2.4")]));
    let shelf = build(nvd.clone());
    // As create-spdx states a recipe: a CPE of every part, with the vendor that the recipe names.
    let mut recipe = component("openssl", "3.2.3");
    recipe.supplier = Some("OpenEmbedded ()".to_owned());
    recipe.cpes.push("cpe:2.3:*:openssl:openssl:3.2.3:*:*:*:*:*:*:*".to_owned());
    assert_eq!(nvd.findings(&recipe), ["CVE-2024-9143"]);
    let found = shelf.matches(&recipe);
    assert_eq!(names(&found.matches), ["CVE-2024-13176"], "Patched by the build: no finding");
    assert_eq!(names(&found.candidates), ["CVE-2024-9143"], "NVD's word stays visible");
    assert!(!found.candidates[0].dissent.is_empty());

    let by_purl = purl("pkg:yocto/core/openssl@3.2.3");
    assert_eq!(build(Shelf::default()).findings(&by_purl), ["CVE-2024-13176"]);
    // Another version was not built, so nothing is said of it.
    recipe.version = Some("3.2.2".to_owned());
    recipe.cpes = vec!["cpe:2.3:*:openssl:openssl:3.2.2:*:*:*:*:*:*:*".to_owned()];
    assert_eq!(shelf.findings(&recipe), ["CVE-2024-9143"]);
}
