//! SPDX 2.x to [`Sbom`]: packages are components, files are not; the described package is the subject.
//!
//! In: a [`Document`] of either serialisation. Out: an [`Sbom`]; what could not be taken goes to the notes. A document that
//! describes exactly one of several packages speaks about that one: it is the subject, as `metadata.component` is in
//! CycloneDX, and not listed among its own components. With several described packages, or only one package at all, each
//! stays a component, lest something be left out.

mod package;

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use standards::spdx::{Document, Package, Relationship};

use super::sbom::{Distributions, Notes, created};
use crate::model::raw::Digest;
use crate::model::sbom::{Component, Kind, Sbom, Subject};

/// Translates a document.
pub(super) fn translate(document: &Document<'_>, format: String, original: Digest, notes: &mut Notes) -> Sbom {
    let packages: Vec<(usize, &Package<'_>)> = notes.elements(&document.packages, &"", "packages").collect();
    let relations: Vec<&Relationship<'_>> =
        notes.elements(&document.relationships, &"", "relationships").map(|(_, relation)| relation).collect();
    let root = root(document, &packages, &relations);
    let (components, subject) = components(&packages, root, notes);
    let mut sbom = Sbom {
        original,
        format,
        serial: notes.stated(&document.document_namespace, &"", "documentNamespace").map(ToOwned::to_owned),
        created: None,
        creators: Vec::new(),
        subject,
        components,
        dependencies: relations.iter().filter(|relation| is_dependency(relation)).map(|_| 1).sum(),
    };
    take_sources(&mut sbom.components, &packages, &relations);
    take_creation(&mut sbom, document, notes);
    report_unread(&sbom, document, notes);
    sbom
}

/// Where a package stands: `packages[3]`.
struct Place(usize);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "packages[{}]", self.0)
    }
}

/// Index of the one package that the document describes, if there is exactly one.
fn root(document: &Document<'_>, packages: &[(usize, &Package<'_>)], relations: &[&Relationship<'_>]) -> Option<usize> {
    let is_document = |id: &str| id.trim().ends_with("SPDXRef-DOCUMENT");
    let mut described: BTreeSet<&str> = document.document_describes.values().map(|(_, id)| id.trim()).collect();
    for relation in relations {
        let (from, to) = (relation.spdx_element_id.as_str(), relation.related_spdx_element.as_str());
        match relation.relationship_type.as_str().to_ascii_uppercase().as_str() {
            "DESCRIBES" | "DESCRIBE" if is_document(from) => described.insert(to.trim()),
            "DESCRIBED_BY" if is_document(to) => described.insert(from.trim()),
            _ => false,
        };
    }
    let mut roots = packages.iter().filter(|(_, package)| described.contains(package.id.as_str().trim()));
    match (roots.next(), roots.next()) {
        (Some((index, _)), None) => Some(*index),
        _ => None,
    }
}

fn components(
    packages: &[(usize, &Package<'_>)],
    root: Option<usize>,
    notes: &mut Notes,
) -> (Vec<Component>, Option<Subject>) {
    let mut distributions = Distributions::default();
    let mut components = Vec::with_capacity(packages.len());
    let mut subject = None;
    for (index, package) in packages {
        let (mut component, purl) = package::translate(package, &Place(*index), notes);
        if component.kind == Kind::OperatingSystem {
            distributions.operating_system(&component.name, component.version.as_deref());
        }
        if Some(*index) == root {
            subject = Some(Subject { name: component.name.clone(), version: component.version.clone() });
            if packages.len() > 1 {
                continue;
            }
        }
        component.distribution = purl.and_then(|purl| distributions.package(components.len(), &purl));
        components.push(component);
    }
    distributions.fill(&mut components, notes);
    (components, subject)
}

/// `DEPENDS_ON`, `DEPENDENCY_OF` and its kinds, towards an element that exists.
fn is_dependency(relation: &Relationship<'_>) -> bool {
    let kind = relation.relationship_type.as_str().to_ascii_uppercase();
    let target = relation.related_spdx_element.as_str();
    kind.contains("DEPEND") && !matches!(target, "NONE" | "NOASSERTION")
}

/// Source packages that the document relates to what was built from them (debsbom).
fn take_sources(components: &mut [Component], packages: &[(usize, &Package<'_>)], relations: &[&Relationship<'_>]) {
    let is_source = |package: &Package<'_>| package.primary_package_purpose.as_str().eq_ignore_ascii_case("SOURCE");
    let sources: HashMap<&str, (&str, &str)> = packages
        .iter()
        .filter(|(_, package)| is_source(package))
        .map(|(_, package)| (package.id.as_str(), (package.name.as_str(), package.version_info.as_str())))
        .collect();
    if sources.is_empty() {
        return;
    }
    let mut built_from: HashMap<&str, (&str, &str)> = HashMap::new();
    for relation in relations.iter().filter(|relation| relation.relationship_type.as_str() == "GENERATES") {
        if let Some(source) = sources.get(relation.spdx_element_id.as_str()) {
            built_from.entry(relation.related_spdx_element.as_str()).or_insert(*source);
        }
    }
    for component in components.iter_mut().filter(|component| component.source_package.is_none()) {
        if let Some((name, version)) = built_from.get(component.reference.as_str()) {
            let version = Some((*version).to_owned()).filter(|version| !version.is_empty());
            component.source_package = Some(((*name).to_owned(), version));
        }
    }
}

fn take_creation(sbom: &mut Sbom, document: &Document<'_>, notes: &mut Notes) {
    let Some(creation) = document.creation_info.value() else {
        return;
    };
    let text = notes.stated(&creation.created, &"creationInfo", "created");
    sbom.created = created(text, "creationInfo.created", notes);
    let creators = notes.elements(&creation.creators, &"creationInfo", "creators");
    sbom.creators = creators.map(|(_, creator)| creator.trim().to_owned()).filter(|text| !text.is_empty()).collect();
}

/// Says what the document holds besides packages.
fn report_unread(sbom: &Sbom, document: &Document<'_>, notes: &mut Notes) {
    if let Some(count) = document.files.value().filter(|count| count.0 > 0) {
        notes.warn("files", format!("{} files are listed beside the packages; files are not components", count.0));
    }
    if let Some(count) = document.external_document_refs.value().filter(|count| count.0 > 0) {
        let reason = format!("{} other documents are referred to; they were not read", count.0);
        notes.warn("externalDocumentRefs", reason);
    }
    if sbom.components.is_empty() {
        notes.warn("packages", "the SBOM lists no packages");
    }
}
