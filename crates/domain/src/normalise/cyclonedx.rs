//! CycloneDX to [`Sbom`]: nested components in document order, licences and makers in all their shapes.
//!
//! In: a [`Bom`] of any version we read. Out: an [`Sbom`]; what could not be taken goes to the notes. `metadata.component`
//! is the subject and no component, but components nested in it count.

mod component;

use std::collections::HashMap;
use std::fmt;

use standards::cyclonedx::{Bom, Component as Entry, Metadata, Organisations, Tool};
use standards::lenient::{Lax, List};
use standards::purl::Purl;

use super::sbom::{Distributions, Notes, created, placeholder};
use crate::model::raw::Digest;
use crate::model::sbom::{Component, Kind, Sbom, Subject};

/// Translates a document.
pub(super) fn translate(mut bom: Bom<'_>, format: String, original: Digest, notes: &mut Notes) -> Sbom {
    let components = std::mem::take(&mut bom.components);
    let nested = nested_in_subject(&mut bom.metadata);
    let metadata = section(&bom.metadata, "metadata", notes);
    let mut reading =
        Reading { notes, components: Vec::new(), distributions: Distributions::default(), sources: HashMap::new() };
    let subject = metadata.and_then(|metadata| reading.subject(metadata));
    reading.list(nested, "metadata.component", "components");
    reading.list(components, "", "components");
    let dependencies = reading.dependencies(&bom);
    reading.report_unread(&bom);
    let Reading { mut components, distributions, notes, .. } = reading;
    distributions.fill(&mut components, notes);
    Sbom {
        original,
        format,
        serial: notes.stated(&bom.serial_number, &"", "serialNumber").map(ToOwned::to_owned),
        created: metadata.and_then(|metadata| {
            let text = notes.stated(&metadata.timestamp, &"metadata", "timestamp");
            created(text, "metadata.timestamp", notes)
        }),
        creators: metadata.map(creators).unwrap_or_default(),
        subject,
        components,
        dependencies,
    }
}

/// An object of the document, with a warning if something else stands there.
fn section<'t, T>(field: &'t Lax<T>, name: &str, notes: &mut Notes) -> Option<&'t T> {
    if let Lax::Wrong(found) = field {
        notes.warn(name, format!("is {found} where an object is expected; left out"));
    }
    field.value()
}

/// Components nested in the subject: they are inside the product.
fn nested_in_subject<'a>(metadata: &mut Lax<Metadata<'a>>) -> List<Entry<'a>> {
    match metadata {
        Lax::Value(Metadata { component: Lax::Value(subject), .. }) => std::mem::take(&mut subject.components),
        _ => List::default(),
    }
}

/// State while a document is read.
struct Reading<'n> {
    notes: &'n mut Notes,
    components: Vec<Component>,
    distributions: Distributions,
    /// Source packages among the components, by reference: name and version.
    sources: HashMap<String, (String, Option<String>)>,
}

/// Where a component stands: `components[3].components[1]`.
struct Place<'p> {
    list: &'p str,
    index: usize,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.list, self.index)
    }
}

impl Reading<'_> {
    /// The subject. An operating system tells the packages' distribution.
    fn subject(&mut self, metadata: &Metadata<'_>) -> Option<Subject> {
        let place = "metadata.component";
        let entry = section(&metadata.component, place, self.notes)?;
        let subject = Subject {
            name: self.notes.stated(&entry.name, &place, "name").unwrap_or_default().to_owned(),
            version: self.notes.stated(&entry.version, &place, "version").and_then(known_version),
        };
        if entry.kind.as_str() == "operating-system" {
            self.distributions.operating_system(&subject.name, subject.version.as_deref());
        }
        Some(subject)
    }

    /// Components of one list, each followed by those nested in it.
    fn list(&mut self, entries: List<Entry<'_>>, parent: &str, name: &str) {
        let list = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
        for (index, mut entry) in self.notes.take_elements(entries, &parent, name) {
            let place = Place { list: &list, index };
            self.one(&entry, &place);
            let nested = std::mem::take(&mut entry.components);
            if !matches!(nested, Lax::Absent) {
                self.list(nested, &place.to_string(), "components");
            }
        }
    }

    fn one(&mut self, entry: &Entry<'_>, place: &Place<'_>) {
        let (mut component, purl) = component::translate(entry, place, self.notes);
        if let Some(purl) = &purl {
            component.distribution = self.distributions.package(self.components.len(), purl);
            self.remember_source(&component, purl);
        }
        if component.kind == Kind::OperatingSystem {
            self.distributions.operating_system(&component.name, component.version.as_deref());
        }
        self.components.push(component);
    }

    /// debsbom lists source packages as components of their own.
    fn remember_source(&mut self, component: &Component, purl: &Purl) {
        if purl.qualifier("arch") == Some("source") && !component.reference.is_empty() {
            let source = (component.name.clone(), component.version.clone());
            self.sources.insert(component.reference.clone(), source);
        }
    }

    /// Counts edges. An edge from a package to a source package says what it was built from.
    fn dependencies(&mut self, bom: &Bom<'_>) -> u64 {
        let mut edges = 0;
        let mut built_from: HashMap<&str, Vec<&(String, Option<String>)>> = HashMap::new();
        for (index, dependency) in self.notes.elements(&bom.dependencies, &"", "dependencies") {
            let place = Place { list: "dependencies", index };
            for (_, target) in self.notes.elements(&dependency.depends_on, &place, "dependsOn") {
                edges += 1;
                if let Some(source) = self.sources.get(target.as_ref()) {
                    built_from.entry(dependency.reference.as_str()).or_default().push(source);
                }
            }
        }
        for component in &mut self.components {
            if let Some(sources) = built_from.get(component.reference.as_str())
                && component.source_package.is_none()
            {
                component.source_package = own_source(component, sources);
            }
        }
        edges
    }

    /// Says what the document holds besides components.
    fn report_unread(&mut self, bom: &Bom<'_>) {
        if let Some(count) = bom.services.value().filter(|count| count.0 > 0) {
            self.notes.warn(
                "services",
                format!("{} services are listed; they are not components and were not read", count.0),
            );
        }
        if let Some(count) = bom.vulnerabilities.value().filter(|count| count.0 > 0) {
            let reason = format!("{} vulnerabilities are stated inside the SBOM; they were not read", count.0);
            self.notes.warn("vulnerabilities", reason);
        }
        if self.components.is_empty() {
            self.notes.warn("components", "the SBOM lists no components");
        }
    }
}

/// The source a package was built from: the only one, else the one of its name, else the one of its version
/// (`Built-Using` adds sources of what was copied in).
fn own_source(component: &Component, sources: &[&(String, Option<String>)]) -> Option<(String, Option<String>)> {
    let only = || sources.first().filter(|_| sources.len() == 1);
    let same_name = || sources.iter().find(|source| source.0 == component.name);
    let same_version = || sources.iter().find(|source| source.1.is_some() && source.1 == component.version);
    only().or_else(same_name).or_else(same_version).map(|source| (*source).clone())
}

/// A version, unless the word says nothing.
fn known_version(text: &str) -> Option<String> {
    placeholder(text).is_none().then(|| text.to_owned())
}

/// The first name among organisations.
fn organisation<'t>(field: &'t Lax<Organisations<'_>>) -> Option<&'t str> {
    let organisations = field.value().map_or(&[][..], |list| list.0.as_slice());
    organisations.iter().filter_map(Lax::value).map(|one| one.name.as_str().trim()).find(|name| !name.is_empty())
}

/// Tools, persons and organisations, written as SPDX writes them.
fn creators(metadata: &Metadata<'_>) -> Vec<String> {
    let tools = metadata.tools.value().map_or(&[][..], |tools| tools.0.as_slice());
    let mut creators: Vec<String> = tools.iter().filter_map(Lax::value).filter_map(tool).collect();
    for (_, author) in metadata.authors.values() {
        match (author.name.as_str().trim(), author.email.as_str().trim()) {
            ("", "") => {}
            ("", email) => creators.push(format!("Person: {email}")),
            (name, "") => creators.push(format!("Person: {name}")),
            (name, email) => creators.push(format!("Person: {name} ({email})")),
        }
    }
    let makers = [&metadata.manufacturer, &metadata.manufacture, &metadata.supplier];
    for name in makers.into_iter().filter_map(organisation) {
        let creator = format!("Organization: {name}");
        if !creators.contains(&creator) {
            creators.push(creator);
        }
    }
    creators
}

fn tool(tool: &Tool<'_>) -> Option<String> {
    let words = [tool.vendor.as_str().trim(), tool.name.as_str().trim(), tool.version.as_str().trim()];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| format!("Tool: {}", words.join(" ")))
}
