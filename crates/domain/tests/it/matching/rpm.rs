//! Packages of RPM distributions against their own errata (R4 to R8): components as real SBOMs state them.

use domain::model::finding::Confidence;
use domain::model::source::Family;
use domain::normalise::Format;
use serde_json::{Value, json};

use super::shelf::{Shelf, purl};

/// One update of Amazon Linux 2: name, epoch, version, release of each package.
fn amazon(packages: &[(&str, &str, &str, &str)]) -> Shelf {
    let package = |(name, epoch, version, release): &(&str, &str, &str, &str)| {
        format!(r#"<package name="{name}" epoch="{epoch}" version="{version}" release="{release}" arch="aarch64"/>"#)
    };
    let packages = packages.iter().map(package).collect::<Vec<_>>().concat();
    let document = format!(
        r#"<updates><update type="security"><id>ALAS2-2023-2000</id><title>An update</title>
        <references><reference id="CVE-2023-0001" type="cve" href=""/></references>
        <pkglist><collection><name>Amazon Linux 2</name>{packages}</collection></pkglist></update></updates>"#
    );
    Shelf::default().read_bytes(Format::UpdateInfo, "amazon-linux", Family::OsVendor, document.as_bytes())
}

/// One erratum of Oracle Linux 8: what has to be earlier, and conditions beside it.
fn oracle(comments: &[&str]) -> Shelf {
    let criterion = |comment: &&str| format!(r#"<criterion comment="{comment}"/>"#);
    let criteria = comments.iter().map(criterion).collect::<Vec<_>>().concat();
    let document = format!(
        r#"<oval_definitions><definitions><definition id="oval:com.oracle.elsa:def:20230001" class="patch">
        <metadata><title>ELSA-2023-0001: an update</title><reference source="CVE" ref_id="CVE-2023-0001" ref_url=""/></metadata>
        <criteria operator="AND"><criterion comment="Oracle Linux 8 is installed"/>{criteria}</criteria></definition></definitions></oval_definitions>"#
    );
    Shelf::default().read_bytes(Format::Oval, "oracle-linux", Family::OsVendor, document.as_bytes())
}

fn alma(packages: &Value) -> Shelf {
    let document = json!({"data": [{"id": "ALSA-2023:0001", "type": "security", "packages": packages,
        "references": [{"id": "CVE-2023-0001", "type": "cve", "href": ""}]}]});
    Shelf::default().read(Format::AlmaErrata, "alma-linux", Family::OsVendor, &document)
}

fn rocky(packages: &[(&str, &str)]) -> Shelf {
    let packages: Vec<Value> =
        packages.iter().map(|(nevra, product)| json!({"nevra": nevra, "product_name": product})).collect();
    let document = json!({"total": 1, "page": 1, "size": 1, "advisories": [{"name": "RLSA-2023:0001", "kind": "Security",
        "cves": [{"cve": "CVE-2023-0001"}], "packages": packages}]});
    Shelf::default().read(Format::RockyErrata, "rocky-linux", Family::OsVendor, &document)
}

fn is_found(shelf: &Shelf, text: &str) -> bool {
    shelf.findings(&purl(text)) == ["CVE-2023-0001"]
}

#[test]
fn packages_of_amazon_linux_match_by_binary_name_and_by_source() {
    let shelf = amazon(&[("zlib", "0", "1.2.7", "19.amzn2.0.2"), ("curl", "0", "8.0.1", "1.amzn2.0.1")]);
    let zlib =
        "pkg:rpm/amzn/zlib@1.2.7-19.amzn2.0.1?arch=aarch64&upstream=zlib-1.2.7-19.amzn2.0.1.src.rpm&distro=amzn-2";
    assert!(is_found(&shelf, zlib));
    assert!(!is_found(&shelf, &zlib.replace("amzn2.0.1", "amzn2.0.2")));
    assert!(!is_found(&shelf, &zlib.replace("amzn-2", "amzn-2023")), "another release");
    assert!(!is_found(&shelf, &zlib.replace("amzn-2", "amzn-2018.03")), "another release");
    let libcurl =
        "pkg:rpm/amzn/libcurl@7.88.1-1.amzn2.0.1?arch=aarch64&upstream=curl-7.88.1-1.amzn2.0.1.src.rpm&distro=amzn-2";
    let found = shelf.matches(&purl(libcurl));
    assert_eq!((found.matches[0].confidence, found.matches[0].reasons[0].rule.as_str()), (Confidence::Derived, "R8"));
}

#[test]
fn packages_of_oracle_linux_match_with_their_epoch() {
    let shelf = oracle(&["openssl-libs is earlier than 1:1.1.1k-7.el8_6", "zlib is earlier than 0:1.2.11-19.el8_6"]);
    let zlib = "pkg:rpm/ol/zlib@1.2.11-18.el8_5?arch=x86_64&upstream=zlib-1.2.11-18.el8_5.src.rpm&distro=ol-8.6";
    assert!(is_found(&shelf, zlib));
    assert!(!is_found(&shelf, &zlib.replace("18.el8_5", "19.el8_6")));
    assert!(!is_found(&shelf, &zlib.replace("ol-8.6", "ol-9.1")));
    let openssl = "pkg:rpm/ol/openssl-libs@1.1.1k-9.el8_7?arch=x86_64&epoch=1&upstream=openssl-1.1.1k-9.el8_7.src.rpm&distro=ol-8.7";
    assert!(!is_found(&shelf, openssl), "the epoch stands in its qualifier (R7)");
    assert!(is_found(&shelf, &openssl.replace("9.el8_7", "5.el8_5")));
}

#[test]
fn a_build_for_ksplice_or_fips_does_not_speak_for_the_plain_one() {
    let shelf = oracle(&["openssl is earlier than 2:1.1.1g-15.ksplice1.el8_3", "openssl is ksplice-based"]);
    let plain = "pkg:rpm/ol/openssl@1.1.1k-9.el8_7?arch=x86_64&epoch=1&distro=ol-8.7";
    assert!(!is_found(&shelf, plain));
    assert!(is_found(&shelf, "pkg:rpm/ol/openssl@1.1.1g-11.ksplice1.el8_3?arch=x86_64&epoch=2&distro=ol-8.3"));
    let shelf = oracle(&["openssl is earlier than 10:1.1.1k-12.el8_9_fips"]);
    assert!(!is_found(&shelf, plain));
}

#[test]
fn a_fix_for_another_architecture_does_not_count() {
    let document = |fix: &str| {
        json!([{"name": "rsyslog", "epoch": "0", "version": "8.24.0", "release": "57.el8", "arch": "aarch64"},
            {"name": "rsyslog", "epoch": "0", "version": "8.24.0", "release": fix, "arch": "i686"}])
    };
    let shelf = alma(&document("60.el8"));
    let rsyslog = "pkg:rpm/almalinux/rsyslog@8.24.0-58.el8?arch=aarch64&distro=almalinux-8.7";
    assert!(!is_found(&shelf, rsyslog));
    assert!(is_found(&shelf, &rsyslog.replace("aarch64", "i386")));
    assert!(!is_found(&shelf, &rsyslog.replace("aarch64", "x86_64")), "an architecture that the erratum does not list");
    let unknown = shelf.matches(&purl("pkg:rpm/almalinux/rsyslog@8.24.0-58.el8?distro=almalinux-8.7"));
    assert_eq!(unknown.matches[0].confidence, Confidence::Derived);
    assert!(unknown.matches[0].reasons[0].notes[0].contains("only if arch is i686"));
}

#[test]
fn modules_and_their_streams_are_kept_apart() {
    let module = |stream: &str| format!("nodejs:{stream}:8080020230718:cafe:x86_64");
    let shelf =
        alma(&json!([{"name": "nodejs", "epoch": "1", "version": "18.16.1", "release": "1.module_el8.8.0+3578+1",
        "arch": "x86_64", "module": module("18")}]));
    let nodejs =
        "pkg:rpm/almalinux/nodejs@16.20.0-2.module_el8.8.0%2B3500%2B1?arch=x86_64&epoch=1&distro=almalinux-8.8";
    let unlabelled = shelf.matches(&purl(nodejs));
    assert_eq!(unlabelled.matches[0].confidence, Confidence::Derived, "nothing says which stream it is of");
    assert!(unlabelled.matches[0].reasons[0].notes[0].contains("only if rpmmod is nodejs:18"));
    assert!(!is_found(&shelf, &format!("{nodejs}&rpmmod=nodejs:16:8080020230718:cafe")));
    assert!(is_found(&shelf, &format!("{nodejs}&rpmmod=nodejs:18:8080020230718:cafe")));
    let plain = "pkg:rpm/almalinux/nodejs@16.20.0-2.el8?arch=x86_64&epoch=1&distro=almalinux-8.8";
    assert!(!is_found(&shelf, plain), "a package outside of modules (R6)");
}

#[test]
fn the_source_of_a_binary_is_compared_without_an_epoch_that_nobody_states() {
    // grype #437: perl-Errno 0:1.28 comes from perl-5.26.3, whose binaries have the epoch 4.
    let shelf = rocky(&[("perl-4:5.26.3-419.el8.x86_64.rpm", "Rocky Linux 8 x86_64")]);
    let errno = "pkg:rpm/rocky/perl-Errno@1.28-419.el8_4.1?arch=x86_64&distro=rocky-8.4&upstream=perl-5.26.3-419.el8_4.1.src.rpm";
    assert!(!is_found(&shelf, errno));
    let older = errno.replace("419.el8_4.1", "416.el8");
    let found = shelf.matches(&purl(&older));
    assert_eq!(found.matches[0].confidence, Confidence::Derived);
    assert!(
        found.matches[0].reasons[0].notes.iter().any(|note| note.contains("R7")),
        "{:?}",
        found.matches[0].reasons[0].notes
    );
}

#[test]
fn where_an_erratum_names_the_binary_its_source_does_not_speak_for_it() {
    let shelf = rocky(&[
        ("perl-4:5.26.3-420.el8.x86_64.rpm", "Rocky Linux 8 x86_64"),
        ("perl-Errno-0:1.28-419.el8.x86_64.rpm", "Rocky Linux 8 x86_64"),
    ]);
    let errno =
        "pkg:rpm/rocky/perl-Errno@1.28-419.el8?arch=x86_64&distro=rocky-8.4&upstream=perl-5.26.3-419.el8.src.rpm";
    assert!(!is_found(&shelf, errno), "perl-Errno itself has the fix (R8)");
}

#[test]
fn an_erratum_in_osv_and_in_the_distributions_own_feed_lead_to_one_finding() {
    let own =
        alma(&json!([{"name": "zlib", "epoch": "0", "version": "1.2.11", "release": "40.el9", "arch": "x86_64"}]));
    let both = own.osv(&json!({"schema_version": "1.6.0", "id": "ALSA-2023:0001", "modified": "2023-01-02T00:00:00Z",
        "related": ["CVE-2023-0001"], "affected": [{"package": {"ecosystem": "AlmaLinux:9", "name": "zlib"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2.11-40.el9"}]}]}]}));
    let zlib = purl("pkg:rpm/almalinux/zlib@1.2.11-39.el9?arch=x86_64&distro=almalinux-9.2");
    let found = both.matches(&zlib);
    assert_eq!(found.matches.len(), 1);
    assert_eq!(found.matches[0].reasons.len(), 2, "both are shown");
    assert!(found.matches[0].reasons.iter().all(|why| why.family == Family::OsVendor));
}
