//! What a vulnerability's name says about itself: a CVE, a distribution's view of one, or a bundle of several.

use crate::model::source::Family;

/// Identifiers of errata and bulletins, which bundle vulnerabilities (R1).
const CONTAINERS: [&str; 33] = [
    "ALAS",
    "ALBA-",
    "ALEA-",
    "ALSA-",
    "AVD-",
    "BSI-",
    "CLSA-",
    "DLA-",
    "DSA-",
    "DTSA-",
    "ELBA-",
    "ELSA-",
    "FEDORA-",
    "GLSA-",
    "ICSA-",
    "ICSMA-",
    "LSN-",
    "MGASA-",
    "NCSC-",
    "OESA-",
    "RHBA-",
    "RHEA-",
    "RHSA-",
    "RLBA-",
    "RLSA-",
    "RXSA-",
    "SSA-",
    "SUSE-",
    "USN-",
    "VDE-",
    "WID-SEC-",
    "cisco-sa-",
    "openSUSE-",
];

/// Whether `name` is a CVE identifier: `CVE-`, four digits, `-`, four or more digits.
pub fn is_cve(name: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    name.strip_prefix("CVE-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(year, number)| year.len() == 4 && digits(year) && number.len() >= 4 && digits(number))
}

/// The CVE that a distribution's record is a view of: `DEBIAN-CVE-2024-0727`, `UBUNTU-CVE-2024-0727`.
pub fn embedded_cve(id: &str) -> Option<&str> {
    let at = id.find("-CVE-")?;
    Some(&id[at + 1..]).filter(|cve| is_cve(cve))
}

/// Whether a record of this id bundles vulnerabilities instead of naming one.
pub fn is_container(id: &str, family: Family) -> bool {
    if is_cve(id) || id.starts_with("GHSA-") || embedded_cve(id).is_some() {
        return false;
    }
    family == Family::Csaf || CONTAINERS.iter().any(|prefix| id.starts_with(prefix))
}

/// The names of a cluster as people know them: without the numbers that trackers give to vulnerability and package.
pub(super) fn shown(names: std::collections::BTreeSet<String>) -> Vec<String> {
    names.into_iter().filter(|name| !name.contains('/')).collect()
}

/// The name to show: the CVE, else the smallest GHSA, else the smallest of the rest. `names` is sorted.
pub(super) fn primary(names: &[String]) -> Option<&str> {
    let first = |wanted: fn(&str) -> bool| names.iter().map(String::as_str).find(|name| wanted(name));
    first(is_cve).or_else(|| first(|name| name.starts_with("GHSA-"))).or_else(|| first(|_| true))
}
