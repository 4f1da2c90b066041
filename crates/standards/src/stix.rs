//! STIX 2.1 (OASIS, 10 June 2021) and the TLP 2.0 extension of the STIX common objects: the properties we use, borrowed, all
//! tolerated.
//!
//! Shape: a bundle (section 8) or a TAXII envelope (TAXII 2.1 section 3.7) holds `objects`; each of them is one [`Object`],
//! whatever its type. Unknown properties are ignored.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{Lax, List, Members, Text, objects};

/// Identifier of the extension by which a marking definition states a TLP 2.0 label
/// (cti-stix-common-objects, extension definition "TLP 2.0").
pub const TLP_2_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// The marking definitions that stand for TLP labels wherever they are referred to: TLP 1.0 (STIX 2.1 section 7.2.1.4) and
/// TLP 2.0 (the extension's own examples). Their labels are spelt as TLP 2.0 spells them.
pub const TLP_MARKINGS: [(&str, &str); 9] = [
    ("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "CLEAR"),
    ("marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "GREEN"),
    ("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "AMBER"),
    ("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "RED"),
    ("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "CLEAR"),
    ("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "GREEN"),
    ("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "AMBER"),
    ("marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "AMBER+STRICT"),
    ("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "RED"),
];

/// Types whose objects have versions, by `modified` or, for marking definitions, by `created` (STIX 2.1 section 3.2). All others
/// are cyber-observables: the same identifier is the same object for ever.
pub const VERSIONED: [&str; 24] = [
    "attack-pattern",
    "campaign",
    "course-of-action",
    "extension-definition",
    "grouping",
    "identity",
    "incident",
    "indicator",
    "infrastructure",
    "intrusion-set",
    "language-content",
    "location",
    "malware",
    "malware-analysis",
    "marking-definition",
    "note",
    "observed-data",
    "opinion",
    "relationship",
    "report",
    "sighting",
    "threat-actor",
    "tool",
    "vulnerability",
];

/// An object of any type.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Object<'a> {
    /// Identifier, `TYPE--UUID`.
    pub id: Text<'a>,
    /// Type.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// When this object was first made.
    pub created: Text<'a>,
    /// When this version of it was made.
    pub modified: Text<'a>,
    /// Of a report: when it was published.
    pub published: Text<'a>,
    /// Whether its author takes it back.
    pub revoked: Lax<bool>,
    /// Name.
    pub name: Text<'a>,
    /// Text.
    pub description: Text<'a>,
    /// Of a note: a line.
    #[serde(rename = "abstract")]
    pub summary: Text<'a>,
    /// Of a note, an opinion: its text.
    pub content: Text<'a>,
    /// Of an opinion: its reasons.
    pub explanation: Text<'a>,
    /// Of an indicator: what it looks for.
    pub pattern: Text<'a>,
    /// Links and identifiers elsewhere.
    pub external_references: List<ExternalReference<'a>>,
    /// Of a report, a grouping, a note: what it brings together.
    pub object_refs: List<Cow<'a, str>>,
    /// Marking definitions that hold for the whole object.
    pub object_marking_refs: List<Cow<'a, str>>,
    /// Marking definitions that hold for parts of it.
    pub granular_markings: List<GranularMarking<'a>>,
    /// Of a relationship: its beginning.
    pub source_ref: Text<'a>,
    /// Of a relationship: its end.
    pub target_ref: Text<'a>,
    /// Of software: who makes it.
    pub vendor: Text<'a>,
    /// Of software, a tool: its version.
    pub version: Text<'a>,
    /// Of software: its CPE name.
    pub cpe: Text<'a>,
    /// Of software: its package URL; no property of the standard, but in use.
    pub purl: Text<'a>,
    /// Of a marking definition: `tlp`, `statement`.
    pub definition_type: Text<'a>,
    /// Of a marking definition: what it says.
    pub definition: Lax<Definition<'a>>,
    /// Extensions by the identifier of their definition.
    pub extensions: Members<'a, Lax<Extension<'a>>>,
}

/// A link or an identifier elsewhere (section 2.5).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct ExternalReference<'a> {
    /// Where: `cve`, `capec`, a site.
    pub source_name: Text<'a>,
    /// Text.
    pub description: Text<'a>,
    /// Address.
    pub url: Text<'a>,
    /// Identifier there.
    pub external_id: Text<'a>,
}

/// A marking of parts of an object (section 7.2.3).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct GranularMarking<'a> {
    /// The marking definition; absent where only a language is stated.
    pub marking_ref: Text<'a>,
}

/// What a marking definition says (sections 7.2.1.3 and 7.2.1.4).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Definition<'a> {
    /// TLP label.
    pub tlp: Text<'a>,
}

/// The TLP 2.0 extension of a marking definition.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Extension<'a> {
    /// TLP 2.0 label: `clear`, `green`, `amber`, `amber+strict`, `red`.
    pub tlp_2_0: Text<'a>,
}

objects!(Object, ExternalReference, GranularMarking, Definition, Extension);

impl Object<'_> {
    /// The TLP label that a marking definition states, as it spells it; empty if it states none.
    pub fn tlp_label(&self) -> &str {
        let extension = self.extensions.value().into_iter().flatten();
        let stated = extension.filter(|(name, _)| name == TLP_2_EXTENSION).find_map(|(_, value)| value.value());
        match stated.map(|extension| extension.tlp_2_0.as_str()) {
            Some(label) if !label.is_empty() => label,
            _ => self.definition.value().map_or("", |definition| definition.tlp.as_str()),
        }
    }
}

/// The label of a well-known marking definition.
pub fn tlp_of_marking(id: &str) -> Option<&'static str> {
    TLP_MARKINGS.iter().find(|(known, _)| *known == id).map(|(_, label)| *label)
}

/// Whether objects with this identifier have versions.
pub fn is_versioned(id: &str) -> bool {
    id.split_once("--").is_some_and(|(kind, _)| VERSIONED.contains(&kind))
}
