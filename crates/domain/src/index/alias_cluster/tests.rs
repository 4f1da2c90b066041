//! Names of vulnerabilities.

use super::{Naming, embedded_cve, is_container, is_cve};
use crate::model::source::Family;

#[test]
fn a_cve_has_a_year_and_at_least_four_digits() {
    assert!(is_cve("CVE-2021-44228") && is_cve("CVE-1999-0001"));
    for no in ["CVE-2021-123", "cve-2021-44228", "CVE-21-44228", "CVE-2021-4422x", "DEBIAN-CVE-2021-44228", ""] {
        assert!(!is_cve(no), "{no}");
    }
}

#[test]
fn a_distributions_view_of_a_cve_is_that_cve() {
    assert_eq!(embedded_cve("DEBIAN-CVE-2024-0727"), Some("CVE-2024-0727"));
    assert_eq!(embedded_cve("UBUNTU-CVE-2024-0727"), Some("CVE-2024-0727"));
    assert_eq!(embedded_cve("CVE-2024-0727"), None);
    assert_eq!(embedded_cve("X-CVE-notes"), None);
}

#[test]
fn errata_and_bulletins_bundle_and_advisories_do_not() {
    for id in ["RHSA-2022:6779", "ALSA-2021:4537", "DSA-5000-1", "USN-1234-1", "openSUSE-SU-2024:1-1", "ELSA-2021-1"] {
        assert!(is_container(id, Family::OsVendor), "{id}");
    }
    assert!(is_container("ICSMA-24-001-01", Family::Csaf) && is_container("VEX-1", Family::Csaf));
    for id in ["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q", "DEBIAN-CVE-2021-44228", "PYSEC-2021-1", "GO-2021-1"] {
        assert!(!is_container(id, Family::Osv), "{id}");
    }
}

#[test]
fn a_distributions_own_number_for_related_cves_bundles_them() {
    let naming = |related: &[&str], aliases: &[&str]| Naming {
        id: "CGA-2222-3333-4444".to_owned(),
        family: Family::OsVendor,
        aliases: aliases.iter().map(ToString::to_string).collect(),
        related: related.iter().map(ToString::to_string).collect(),
        live: true,
    };
    let bundle = naming(&["CVE-2024-0727", "GHSA-9v9h-cgj8-h64p"], &[]);
    assert!(bundle.is_container());
    assert_eq!(bundle.covered().collect::<Vec<_>>(), ["CVE-2024-0727"]);
    assert!(!naming(&["CVE-2024-0727"], &["CVE-2024-0727"]).is_container());
    assert!(!naming(&["XSA-248"], &[]).is_container());
}
