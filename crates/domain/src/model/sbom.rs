//! An SBOM: someone's statement of what is inside a release, at a time. Read into one shape from every format.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::raw::Digest;

/// A read SBOM. `original` names the archived bytes, which are never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sbom {
    /// Digest of the original bytes.
    pub original: Digest,
    /// Format and version: `CycloneDX 1.5 JSON`, `SPDX 2.3 JSON`.
    pub format: String,
    /// `serialNumber` or `documentNamespace`, if given.
    pub serial: Option<String>,
    /// When its author made it, if stated.
    pub created: Option<Timestamp>,
    /// Tools and persons that made it, as stated.
    pub creators: Vec<String>,
    /// Name and version of what it describes, if stated.
    pub subject: Option<Subject>,
    /// Every component, in document order. Nothing is left out; duplicates are occurrences of one identity.
    pub components: Vec<Component>,
    /// How many dependency edges it states.
    pub dependencies: u64,
}

/// What an SBOM says it describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Name.
    pub name: String,
    /// Version, if stated.
    pub version: Option<String>,
}

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Library, framework, package.
    Library,
    /// Application.
    Application,
    /// Operating system.
    OperatingSystem,
    /// Firmware.
    Firmware,
    /// Device or hardware.
    Device,
    /// Container image.
    Container,
    /// A single file: kept, but not expected to be found in any advisory.
    File,
    /// Data, machine learning model, anything else.
    Other,
}

/// One entry of an SBOM.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Component {
    /// `bom-ref` or SPDXID; empty if none.
    pub reference: String,
    /// What it is.
    pub kind: Kind,
    /// Group or namespace, if given apart from the name.
    pub group: Option<String>,
    /// Name as stated.
    pub name: String,
    /// Version as stated; `None` for absent, empty, `NOASSERTION` and other placeholders.
    pub version: Option<String>,
    /// Supplier, manufacturer, publisher or originator, the first that is stated.
    pub supplier: Option<String>,
    /// The purl as stated, if it parses.
    pub purl: Option<String>,
    /// CPE 2.3 formatted strings (2.2 URIs are converted), as stated, in order.
    pub cpes: Vec<String>,
    /// Hashes as `algorithm:hex`, lower case.
    pub hashes: Vec<String>,
    /// Licence expression or names, as stated.
    pub licences: Vec<String>,
    /// Source package name and version of a distribution package, if the SBOM says so (purl `upstream`, properties).
    pub source_package: Option<(String, Option<String>)>,
    /// Distribution release the package belongs to, in OSV's spelling (`Debian:12`, `Alpine:v3.18`), if it can be known.
    pub distribution: Option<String>,
    /// FDA's level of support, as stated.
    pub support_level: Option<String>,
    /// FDA's end of support, as stated (often free text).
    pub end_of_support: Option<String>,
}

impl Component {
    /// What the component is, whatever an SBOM calls its entry: SHA-256 of its canonical JSON with an empty `reference`.
    pub fn identity(&self) -> Digest {
        let anonymous = Self { reference: String::new(), ..self.clone() };
        Digest::of(&standards::canonical_json::to_vec(&anonymous).expect("text, lists and words have a canonical form"))
    }

    /// How people call it: `log4j-core 2.14.1`.
    pub fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.clone(),
        }
    }
}
