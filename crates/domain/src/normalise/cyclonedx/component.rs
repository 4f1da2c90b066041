//! One CycloneDX component: its fields, and what generators say in properties.

use std::fmt::Display;

use standards::cyclonedx::{Component as Entry, LicenceChoice};
use standards::purl::Purl;

use super::super::sbom::{
    Identity, Notes, Placeholder, hash, placeholder, source_of_purl, srpm, version as known_version,
};
use super::organisation;
use crate::model::sbom::{Component, Kind};

/// Translates a component; gives its purl's parts beside it.
pub(super) fn translate(entry: &Entry<'_>, place: &dyn Display, notes: &mut Notes) -> (Component, Option<Purl>) {
    let facts = Facts::of(entry, place, notes);
    let mut identity = Identity::default();
    if let Some(text) = notes.stated(&entry.purl, place, "purl") {
        identity.take_purl(text, &format_args!("{place}.purl"), notes);
    }
    if let Some(text) = notes.stated(&entry.cpe, place, "cpe") {
        identity.take_cpe(text, &format_args!("{place}.cpe"), notes);
    }
    for text in &facts.cpes {
        identity.take_cpe(text, &format_args!("{place}.properties"), notes);
    }
    let (stated_purl, purl) = identity.purl.unzip();
    let component = Component {
        reference: notes.stated(&entry.bom_ref, place, "bom-ref").unwrap_or_default().to_owned(),
        kind: kind(entry, place, notes),
        group: notes.stated(&entry.group, place, "group").map(ToOwned::to_owned),
        name: name(entry, purl.as_ref(), place, notes),
        version: version(entry, purl.as_ref(), place, notes),
        supplier: supplier(entry, place, notes),
        purl: stated_purl,
        cpes: identity.cpes,
        hashes: hashes(entry, place, notes),
        licences: licences(entry, place, notes),
        source_package: purl.as_ref().and_then(source_of_purl).or_else(|| facts.source_package()),
        distribution: None,
        support_level: facts.support_level.map(ToOwned::to_owned),
        end_of_support: facts.end_of_support.or(facts.end_of_life).map(ToOwned::to_owned),
    };
    (component, purl)
}

fn kind(entry: &Entry<'_>, place: &dyn Display, notes: &mut Notes) -> Kind {
    match notes.stated(&entry.kind, place, "type").unwrap_or("library") {
        "library" | "framework" => Kind::Library,
        "application" | "platform" => Kind::Application,
        "operating-system" => Kind::OperatingSystem,
        "firmware" | "device-driver" => Kind::Firmware,
        "device" => Kind::Device,
        "container" => Kind::Container,
        "file" => Kind::File,
        "data" | "machine-learning-model" | "cryptographic-asset" => Kind::Other,
        unknown => {
            notes.warn(
                format_args!("{place}.type"),
                format!("{unknown:?} is no component type of CycloneDX; taken as other"),
            );
            Kind::Other
        }
    }
}

fn name(entry: &Entry<'_>, purl: Option<&Purl>, place: &dyn Display, notes: &mut Notes) -> String {
    if let Some(name) = notes.stated(&entry.name, place, "name") {
        return name.to_owned();
    }
    let name = purl.map(|purl| purl.name.clone()).unwrap_or_default();
    let reason = if name.is_empty() {
        "has no name".to_owned()
    } else {
        format!("has no name; {name:?} is taken from its purl")
    };
    notes.warn(place, reason);
    name
}

/// The version as stated, else as the purl states it.
fn version(entry: &Entry<'_>, purl: Option<&Purl>, place: &dyn Display, notes: &mut Notes) -> Option<String> {
    let stated = notes.stated(&entry.version, place, "version");
    let of_purl = purl.and_then(|purl| purl.version.as_deref()).filter(|version| placeholder(version).is_none());
    known_version(stated, of_purl, &format_args!("{place}.version"), notes)
}

/// Supplier, manufacturer, publisher or author: the first that is stated.
fn supplier(entry: &Entry<'_>, place: &dyn Display, notes: &mut Notes) -> Option<String> {
    let publisher = notes.stated(&entry.publisher, place, "publisher");
    let author = notes.stated(&entry.author, place, "author");
    let authors: Vec<&str> =
        entry.authors.values().map(|(_, one)| one.name.as_str().trim()).filter(|name| !name.is_empty()).collect();
    let authors = (!authors.is_empty()).then(|| authors.join(", "));
    let organisation = organisation(&entry.supplier).or_else(|| organisation(&entry.manufacturer)).or(publisher);
    organisation
        .filter(|name| placeholder(name).is_none())
        .map(ToOwned::to_owned)
        .or(authors)
        .or(author.map(ToOwned::to_owned))
}

fn hashes(entry: &Entry<'_>, place: &dyn Display, notes: &mut Notes) -> Vec<String> {
    let mut hashes = Vec::new();
    for (index, entry) in notes.elements(&entry.hashes, place, "hashes") {
        let place = format_args!("{place}.hashes[{index}]");
        hashes.extend(hash(entry.alg.as_str().trim(), entry.content.as_str().trim(), &place, notes));
    }
    hashes
}

fn licences(entry: &Entry<'_>, place: &dyn Display, notes: &mut Notes) -> Vec<String> {
    let mut licences: Vec<String> = Vec::new();
    for (_, choice) in notes.elements(&entry.licenses, place, "licenses") {
        if let Some(licence) = licence(choice)
            && placeholder(licence) != Some(Placeholder::Nothing)
            && !licences.iter().any(|known| known == licence)
        {
            licences.push(licence.to_owned());
        }
    }
    licences
}

/// Expression, identifier, name or address: the first that is stated.
fn licence<'t>(choice: &'t LicenceChoice<'_>) -> Option<&'t str> {
    let licence = choice.license.value();
    let fields = [
        Some(&choice.expression),
        licence.map(|licence| &licence.id),
        licence.map(|licence| &licence.name),
        licence.map(|licence| &licence.url),
    ];
    fields.into_iter().flatten().map(|field| field.as_str().trim()).find(|text| !text.is_empty())
}

/// What properties say.
#[derive(Default)]
struct Facts<'t> {
    cpes: Vec<&'t str>,
    source: Option<&'t str>,
    source_version: Option<&'t str>,
    source_release: Option<&'t str>,
    source_epoch: Option<&'t str>,
    source_rpm: Option<&'t str>,
    support_level: Option<&'t str>,
    end_of_support: Option<&'t str>,
    end_of_life: Option<&'t str>,
}

impl<'t> Facts<'t> {
    fn of(entry: &'t Entry<'_>, place: &dyn Display, notes: &mut Notes) -> Self {
        let mut facts = Self::default();
        for (_, property) in notes.elements(&entry.properties, place, "properties") {
            let value = property.value.as_str().trim();
            if !value.is_empty() {
                facts.take(property.name.as_str().trim(), value);
            }
        }
        facts
    }

    fn take(&mut self, name: &str, value: &'t str) {
        match name {
            "syft:cpe23" => self.cpes.push(value),
            "syft:metadata:source" | "syft:metadata:originPackage" | "aquasecurity:trivy:SrcName" => {
                self.source = Some(value);
            }
            "syft:metadata:sourceVersion" | "aquasecurity:trivy:SrcVersion" => self.source_version = Some(value),
            "aquasecurity:trivy:SrcRelease" => self.source_release = Some(value),
            "aquasecurity:trivy:SrcEpoch" => self.source_epoch = Some(value),
            "syft:metadata:sourceRpm" => self.source_rpm = Some(value),
            "cdx:lifecycle:milestone:endOfSupport" | "cdx:cle:endOfSupport" => self.end_of_support = Some(value),
            "cdx:lifecycle:milestone:endOfLife" => self.end_of_life = Some(value),
            "cdx:cle:supportStatus" => self.support_level = Some(value),
            name if name.contains("upport") || name.contains("UPPORT") => self.take_support(name, value),
            _ => {}
        }
    }

    /// FDA's two facts under hand-written names: `Level of Support`, `End-of-Support`.
    fn take_support(&mut self, name: &str, value: &'t str) {
        let letters: String =
            name.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect();
        match letters.as_str() {
            "levelofsupport" | "supportlevel" | "softwarelevelofsupport" => self.support_level = Some(value),
            "endofsupport" | "endofsupportdate" | "dateofendofsupport" => self.end_of_support = Some(value),
            _ => {}
        }
    }

    fn source_package(&self) -> Option<(String, Option<String>)> {
        let Some(name) = self.source else {
            return self.source_rpm.map(srpm);
        };
        // syft writes the version behind the name where it differs from the binary's.
        let (name, version) = match name.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (name, self.source_version),
        };
        let version = version.map(|version| {
            let epoch =
                self.source_epoch.filter(|epoch| *epoch != "0").map(|epoch| format!("{epoch}:")).unwrap_or_default();
            let release = self.source_release.map(|release| format!("-{release}")).unwrap_or_default();
            format!("{epoch}{version}{release}")
        });
        Some((name.to_owned(), version))
    }
}
