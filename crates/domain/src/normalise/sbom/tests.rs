//! SBOMs of our own in every format, the same facts in each, and what hostile files do.

use super::read;
use crate::model::raw::{Translated, Warning};
use crate::model::sbom::{Component, Kind, Sbom};

mod broken;
mod cyclonedx;
mod spdx;

/// Reads a text that must be an SBOM.
fn sbom(text: &str) -> Translated<Sbom> {
    read(text.as_bytes(), "pump.json").unwrap_or_else(|fault| panic!("{fault}"))
}

/// Reads a text that must be refused, and gives the reason.
fn refusal(bytes: &[u8]) -> String {
    read(bytes, "pump.json").map(|read| read.value.format).expect_err("it should be refused").reason
}

/// A CycloneDX 1.5 document around the JSON of some components.
fn cyclonedx_with(components: &str) -> String {
    format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [{components}]}}"#)
}

/// The only component of a CycloneDX document.
fn only(component: &str) -> (Component, Vec<Warning>) {
    let read = sbom(&cyclonedx_with(component));
    assert_eq!(read.value.components.len(), 1);
    (read.value.components[0].clone(), read.warnings)
}

fn labels(sbom: &Sbom) -> Vec<String> {
    let label = |one: &Component| format!("{} {}", one.name, one.version.as_deref().unwrap_or("-"));
    sbom.components.iter().map(label).collect()
}
