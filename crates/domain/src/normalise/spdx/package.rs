//! One SPDX package: its fields, and what generators say in words.

use std::fmt::Display;

use standards::lenient::Text;
use standards::purl::Purl;
use standards::spdx::Package;

use super::super::sbom::{Identity, Notes, hash, placeholder, source_of_purl, version};
use crate::model::sbom::{Component, Kind};

/// Translates a package; gives its purl's parts beside it.
pub(super) fn translate(package: &Package<'_>, place: &dyn Display, notes: &mut Notes) -> (Component, Option<Purl>) {
    let mut identity = identity(package, place, notes);
    let cpes = std::mem::take(&mut identity.cpes);
    let (stated_purl, purl) = identity.purl.unzip();
    let stated = notes.stated(&package.version_info, place, "versionInfo");
    let of_purl =
        purl.as_ref().and_then(|purl| purl.version.as_deref()).filter(|version| placeholder(version).is_none());
    let component = Component {
        reference: notes.stated(&package.id, place, "SPDXID").unwrap_or_default().to_owned(),
        kind: kind(package, place, notes),
        group: None,
        name: name(package, purl.as_ref(), place, notes),
        version: version(stated, of_purl, &format_args!("{place}.versionInfo"), notes),
        supplier: supplier(package, place, notes),
        purl: stated_purl,
        cpes,
        hashes: hashes(package, place, notes),
        licences: licences(package, place, notes),
        source_package: purl.as_ref().and_then(source_of_purl).or_else(|| built_from(package)),
        distribution: None,
        support_level: None,
        end_of_support: fact(&package.valid_until_date, place, "validUntilDate", notes).map(ToOwned::to_owned),
    };
    (component, purl)
}

/// A field's text, unless it is a placeholder.
fn fact<'t>(field: &'t Text<'_>, place: &dyn Display, name: &str, notes: &mut Notes) -> Option<&'t str> {
    notes.stated(field, place, name).filter(|text| placeholder(text).is_none())
}

/// The type of a reference says what it is; its category is spelled in several ways.
fn identity(package: &Package<'_>, place: &dyn Display, notes: &mut Notes) -> Identity {
    let mut identity = Identity::default();
    for (index, reference) in notes.elements(&package.external_refs, place, "externalRefs") {
        let place = format_args!("{place}.externalRefs[{index}]");
        let kind = reference.reference_type.as_str().trim();
        let kind = kind.rsplit('/').next().unwrap_or(kind);
        match kind.to_ascii_lowercase().as_str() {
            "purl" | "package-url" => identity.take_purl(reference.reference_locator.as_str(), &place, notes),
            "cpe23type" | "cpe22type" | "cpe23" | "cpe22" => {
                identity.take_cpe(reference.reference_locator.as_str(), &place, notes);
            }
            _ => {}
        }
    }
    identity.report(place, notes);
    identity
}

fn kind(package: &Package<'_>, place: &dyn Display, notes: &mut Notes) -> Kind {
    let stated = notes.stated(&package.primary_package_purpose, place, "primaryPackagePurpose").unwrap_or("LIBRARY");
    match stated.to_ascii_uppercase().replace('_', "-").as_str() {
        "LIBRARY" | "FRAMEWORK" | "SOURCE" | "ARCHIVE" | "INSTALL" | "NOASSERTION" => Kind::Library,
        "APPLICATION" => Kind::Application,
        "OPERATING-SYSTEM" => Kind::OperatingSystem,
        "FIRMWARE" => Kind::Firmware,
        "DEVICE" => Kind::Device,
        "CONTAINER" => Kind::Container,
        "FILE" => Kind::File,
        "OTHER" => Kind::Other,
        _ => {
            let reason = format!("{stated:?} is no package purpose of SPDX; taken as other");
            notes.warn(format_args!("{place}.primaryPackagePurpose"), reason);
            Kind::Other
        }
    }
}

fn name(package: &Package<'_>, purl: Option<&Purl>, place: &dyn Display, notes: &mut Notes) -> String {
    if let Some(name) = notes.stated(&package.name, place, "name") {
        return name.to_owned();
    }
    let name = purl.map(|purl| purl.name.clone()).unwrap_or_default();
    notes.warn(place, if name.is_empty() { "has no name" } else { "has no name; the purl's is taken" });
    name
}

/// Supplier, else originator, without the word that says whether it is a person.
fn supplier(package: &Package<'_>, place: &dyn Display, notes: &mut Notes) -> Option<String> {
    let fields = [
        (&package.supplier, "supplier"),
        (&package.package_supplier, "packageSupplier"),
        (&package.originator, "originator"),
    ];
    fields.into_iter().find_map(|(field, name)| notes.stated(field, place, name).and_then(party))
}

/// `Organization: Debian Boost Team (team@example.org)` without its first word; nothing for `Person: N/A ()`.
fn party(text: &str) -> Option<String> {
    let known = |word: &str| ["Organization", "Person", "Tool"].iter().any(|kind| word.eq_ignore_ascii_case(kind));
    let name = match text.split_once(':') {
        Some((word, name)) if known(word.trim()) => name,
        _ => text,
    };
    let name = name.trim().trim_end_matches("()").trim();
    (!name.is_empty() && placeholder(name).is_none()).then(|| name.to_owned())
}

fn hashes(package: &Package<'_>, place: &dyn Display, notes: &mut Notes) -> Vec<String> {
    let mut hashes = Vec::new();
    for (index, checksum) in notes.elements(&package.checksums, place, "checksums") {
        let place = format_args!("{place}.checksums[{index}]");
        hashes.extend(hash(checksum.algorithm.as_str().trim(), checksum.checksum_value.as_str().trim(), &place, notes));
    }
    hashes
}

/// Concluded licence, then the declared one if it is another.
fn licences(package: &Package<'_>, place: &dyn Display, notes: &mut Notes) -> Vec<String> {
    let concluded = fact(&package.license_concluded, place, "licenseConcluded", notes);
    let declared = fact(&package.license_declared, place, "licenseDeclared", notes);
    let declared = declared.filter(|declared| Some(*declared) != concluded);
    concluded.into_iter().chain(declared).map(ToOwned::to_owned).collect()
}

/// trivy's words: `built package from: openssl 3.0.20-1~deb12u2`.
fn built_from(package: &Package<'_>) -> Option<(String, Option<String>)> {
    let source = package.source_info.as_str().trim().strip_prefix("built package from:")?.trim();
    let (name, version) = source.split_once(' ').unwrap_or((source, ""));
    (!name.is_empty()).then(|| (name.to_owned(), Some(version.trim().to_owned()).filter(|text| !text.is_empty())))
}
