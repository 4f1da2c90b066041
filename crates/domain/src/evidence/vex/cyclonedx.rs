//! The lines as CycloneDX 1.6: releases as components with the judged components inside, statements as vulnerabilities.
//!
//! CycloneDX has nine justifications where VEX has five. Each of ours is written as the nearest of theirs; the exact word
//! stands in the property `wardround:vex-justification`, and the detail says when the nearest is not equal.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use standards::cyclonedx::vex::{
    Affects, Analysis, Author, Component, Metadata, Property, Reference, Source, Tools, Vex, Vulnerability,
};

use super::{VexHeader, VexLine, product_purl};
use crate::model::assessment::{Justification, Status};
use crate::model::product::ReleaseId;

/// Writes a CycloneDX VEX document.
pub fn cyclonedx(header: &VexHeader, lines: &[VexLine]) -> Vec<u8> {
    let vulnerabilities: BTreeSet<Vulnerability> = lines.iter().map(vulnerability).collect();
    let vex = Vex {
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: header.id.starts_with("urn:uuid:").then(|| header.id.clone()),
        version: header.version,
        metadata: metadata(header),
        components: components(lines),
        vulnerabilities: vulnerabilities.into_iter().collect(),
    };
    vex.to_json()
}

fn metadata(header: &VexHeader) -> Metadata {
    let tool = Component {
        kind: "application",
        bom_ref: None,
        name: header.tooling.clone(),
        version: None,
        cpe: None,
        purl: None,
        components: Vec::new(),
    };
    let mut properties = vec![
        Property { name: "wardround:document-id", value: header.id.clone() },
        Property { name: "wardround:tlp", value: header.tlp.to_string() },
    ];
    if let Some(role) = &header.role {
        properties.push(Property { name: "wardround:author-role", value: role.clone() });
    }
    Metadata {
        timestamp: header.timestamp.to_string(),
        tools: Tools { components: vec![tool] },
        authors: vec![Author { name: header.author.clone() }],
        properties,
    }
}

/// One component per release, holding each component that a line is about once.
fn components(lines: &[VexLine]) -> Vec<Component> {
    let mut releases: BTreeMap<&ReleaseId, (&str, BTreeMap<String, Component>)> = BTreeMap::new();
    for line in lines {
        let (name, inside) = releases.entry(&line.product).or_insert_with(|| (&line.product_name, BTreeMap::new()));
        *name = (*name).min(line.product_name.as_str());
        let component = component(line);
        match inside.entry(component_ref(line)) {
            Entry::Vacant(place) => {
                place.insert(component);
            }
            Entry::Occupied(mut place) if component < *place.get() => {
                place.insert(component);
            }
            Entry::Occupied(_) => {}
        }
    }
    releases
        .into_iter()
        .map(|(release, (name, inside))| product(release, name, inside.into_values().collect()))
        .collect()
}

fn product(release: &ReleaseId, name: &str, components: Vec<Component>) -> Component {
    Component {
        kind: "application",
        bom_ref: Some(release.to_string()),
        name: name.to_owned(),
        version: Some(release.version.clone()),
        cpe: None,
        purl: Some(product_purl(release)),
        components,
    }
}

fn component(line: &VexLine) -> Component {
    Component {
        kind: "library",
        bom_ref: Some(component_ref(line)),
        name: line.component_label.clone(),
        version: None,
        cpe: line.component_cpe.clone(),
        purl: line.component_purl.clone(),
        components: Vec::new(),
    }
}

fn component_ref(line: &VexLine) -> String {
    let identity = line.component_purl.as_ref().or(line.component_cpe.as_ref()).unwrap_or(&line.component_label);
    format!("{}#{identity}", line.product)
}

fn vulnerability(line: &VexLine) -> Vulnerability {
    let (justification, detail, recommendation) = match &line.status {
        Status::NotAffected { justification, impact } => {
            (Some(*justification), joined(impact.as_deref(), lossy_note(*justification)), None)
        }
        Status::Affected { action } => (None, None, Some(action.clone())),
        Status::UnderInvestigation | Status::Fixed => (None, None, None),
    };
    let mut properties = vec![Property { name: "wardround:tlp", value: line.tlp.to_string() }];
    if let Some(justification) = justification {
        let value = justification.word().to_owned();
        properties.push(Property { name: "wardround:vex-justification", value });
    }
    Vulnerability {
        id: line.vulnerability.clone(),
        references: line.other_names().into_iter().map(reference).collect(),
        recommendation,
        analysis: Analysis {
            state: state(&line.status),
            justification: justification.map(nearest),
            detail,
            last_updated: line.last_updated.to_string(),
        },
        affects: vec![Affects { reference: component_ref(line) }],
        properties,
    }
}

fn reference(name: &str) -> Reference {
    let source = match name.split('-').next().unwrap_or_default() {
        "CVE" => "CVE Program",
        "GHSA" => "GitHub Advisory Database",
        prefix => prefix,
    };
    Reference { id: name.to_owned(), source: Source { name: source.to_owned() } }
}

/// CycloneDX's word for a status.
fn state(status: &Status) -> &'static str {
    match status {
        Status::UnderInvestigation => "in_triage",
        Status::Affected { .. } => "exploitable",
        Status::NotAffected { .. } => "not_affected",
        Status::Fixed => "resolved",
    }
}

/// The nearest of CycloneDX's nine justifications.
fn nearest(justification: Justification) -> &'static str {
    match justification {
        Justification::ComponentNotPresent | Justification::VulnerableCodeNotPresent => "code_not_present",
        Justification::VulnerableCodeNotInExecutePath => "code_not_reachable",
        Justification::VulnerableCodeCannotBeControlledByAdversary => "requires_environment",
        Justification::InlineMitigationsAlreadyExist => "protected_by_mitigating_control",
    }
}

/// What is lost by writing the nearest, if anything is.
fn lossy_note(justification: Justification) -> Option<&'static str> {
    match justification {
        Justification::ComponentNotPresent => Some(
            "The component is not in the product; CycloneDX has no word for that, code_not_present is the nearest.",
        ),
        Justification::VulnerableCodeCannotBeControlledByAdversary => Some(
            "An adversary cannot control the vulnerable code; CycloneDX has no word for that, requires_environment is \
             the nearest.",
        ),
        Justification::InlineMitigationsAlreadyExist => Some(
            "The mitigation is built into the product and cannot be switched off; protected_by_mitigating_control is \
             the nearest CycloneDX word.",
        ),
        Justification::VulnerableCodeNotPresent | Justification::VulnerableCodeNotInExecutePath => None,
    }
}

fn joined(first: Option<&str>, second: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = first.into_iter().chain(second).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}
