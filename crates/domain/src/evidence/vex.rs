//! VEX documents: the maker's judgements, written so that others' tools can read them.
//!
//! In: a header and one line per vulnerability × release × component. Out: OpenVEX 0.2.0 or CycloneDX 1.6, indented JSON.
//! The same input in any order gives the same bytes. Lines marked TLP:RED are never exported: leaving them out, and saying
//! so, is the caller's part, as is not writing a document without lines (OpenVEX forbids that).
//!
//! Neither format has a field for the Traffic Light Protocol. OpenVEX documents say it in `tooling` and `status_notes`,
//! CycloneDX documents in properties.

mod cyclonedx;
mod openvex;

use jiff::Timestamp;
use standards::purl::Purl;

use crate::model::assessment::Status;
use crate::model::product::ReleaseId;
use crate::model::tlp::Tlp;

pub use cyclonedx::cyclonedx;
pub use openvex::openvex;

/// One judgement as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexLine {
    /// Primary name of the vulnerability.
    pub vulnerability: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// The release.
    pub product: ReleaseId,
    /// The product's name as people say it.
    pub product_name: String,
    /// The component as people call it: `log4j-core 2.14.1`.
    pub component_label: String,
    /// Its purl, if it has one.
    pub component_purl: Option<String>,
    /// Its CPE 2.3 name, if it has one.
    pub component_cpe: Option<String>,
    /// The judgement.
    pub status: Status,
    /// Since when it holds.
    pub last_updated: Timestamp,
    /// Who may see it.
    pub tlp: Tlp,
}

/// Facts about the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexHeader {
    /// IRI of the document; a `urn:uuid:` becomes CycloneDX's serial number.
    pub id: String,
    /// Who makes the statements.
    pub author: String,
    /// In which role.
    pub role: Option<String>,
    /// When it was issued.
    pub timestamp: Timestamp,
    /// Version of the document, from 1.
    pub version: u32,
    /// What made it: `Wardround 0.1.0`.
    pub tooling: String,
    /// The strictest mark of the lines.
    pub tlp: Tlp,
}

impl VexLine {
    /// The other names, sorted, without the primary one.
    fn other_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.aliases.iter().map(String::as_str).collect();
        names.retain(|name| *name != self.vulnerability);
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The purl a release goes by in VEX: `pkg:generic/infusion-pump@2.1.0`.
fn product_purl(release: &ReleaseId) -> String {
    generic_purl(&release.product.0, Some(&release.version))
}

/// A generic purl, for what has no better name.
fn generic_purl(name: &str, version: Option<&str>) -> String {
    let purl = Purl {
        kind: "generic".to_owned(),
        namespace: None,
        name: name.to_owned(),
        version: version.map(ToOwned::to_owned),
        qualifiers: Vec::new(),
        subpath: None,
    };
    purl.to_string()
}

#[cfg(test)]
mod tests;
