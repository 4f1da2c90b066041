//! Source packages: distributions' advisories name these, SBOMs list the binary packages built from them.

use standards::purl::Purl;

use super::Notes;
use crate::model::sbom::Component;

/// Packages from which on it is no chance that every one has its source's name.
const PACKAGES_MIN: usize = 10;

/// The source package a purl's `upstream` qualifier names: `openssl`, `glibc@2.36-9`, `bash-5.1.8-6.el9.src.rpm`.
pub(in crate::normalise) fn of_purl(purl: &Purl) -> Option<(String, Option<String>)> {
    let upstream = purl.qualifier("upstream")?.trim();
    if upstream.is_empty() {
        return None;
    }
    if purl.kind == "rpm" {
        return Some(srpm(upstream));
    }
    match upstream.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => Some((name.to_owned(), Some(version.to_owned()))),
        _ => Some((upstream.to_owned(), None)),
    }
}

/// Name and version of a source RPM's file name, `name-version-release.src.rpm`.
pub(in crate::normalise) fn srpm(file: &str) -> (String, Option<String>) {
    let stem = file.strip_suffix(".src.rpm").or_else(|| file.strip_suffix(".nosrc.rpm")).unwrap_or(file);
    let mut parts = stem.rsplitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(release), Some(version), Some(name)) if stem.len() < file.len() => {
            (name.to_owned(), Some(format!("{version}-{release}")))
        }
        _ => (stem.to_owned(), None),
    }
}

/// Warns when an SBOM of Debian or Alpine packages never says what they were built from: `libssl3` alone does not lead to
/// the advisories about `openssl`.
pub(super) fn report(components: &[Component], notes: &mut Notes) {
    let is_packaged = |purl: &str| ["pkg:deb/", "pkg:apk/", "pkg:alpine/"].iter().any(|kind| purl.starts_with(kind));
    let packages = || components.iter().filter(|one| one.purl.as_deref().is_some_and(is_packaged));
    let is_source = |one: &Component| one.purl.as_deref().is_some_and(|purl| purl.contains("arch=source"));
    let count = packages().count();
    if count >= PACKAGES_MIN && !packages().any(|one| one.source_package.is_some() || is_source(one)) {
        let reason = format!(
            "none of the {count} distribution packages says which source package it was built from; advisories name \
             source packages, so some may not be found"
        );
        notes.warn("components", reason);
    }
}
