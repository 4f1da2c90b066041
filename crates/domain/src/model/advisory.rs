//! An advisory: a provider's opinion about a vulnerability. A vulnerability itself is only a name (see `index`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use standards::versions::Scheme;

use super::raw::{Digest, RawRef};
use super::source::{Family, SourceId};
use super::tlp::Tlp;

/// One record of one source, normalised. Everything in it can be derived again from `raw`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// The source that delivered it.
    pub source: SourceId,
    /// Its family.
    pub family: Family,
    /// The record's own identifier, as the provider spells it.
    pub id: String,
    /// SHA-256 of the record's own bytes: the revision.
    pub revision: Digest,
    /// Where those bytes lie.
    pub raw: RawRef,
    /// Other names of the same vulnerability. Symmetric and transitive (matching rule R1).
    pub aliases: Vec<String>,
    /// Vulnerabilities this record covers or speaks about without being the same (`upstream`, `related`, an erratum's CVEs).
    pub related: Vec<String>,
    /// Live, rejected or withdrawn: a property of this record alone (R2).
    pub state: State,
    /// When the provider first published it.
    pub published: Option<Timestamp>,
    /// When the provider last changed it.
    pub modified: Option<Timestamp>,
    /// One line.
    pub title: String,
    /// The provider's description, plain text or Markdown as received.
    pub description: String,
    /// Every score every party gave; all are kept, policy chooses.
    pub scores: Vec<Score>,
    /// CWE identifiers.
    pub weaknesses: Vec<String>,
    /// Links.
    pub references: Vec<Reference>,
    /// What is said about which package.
    pub affected: Vec<Affected>,
    /// Exploitation facts this record states (KEV entry, CISA-ADP KEV block, SSVC exploitation).
    pub exploitation: Option<Exploitation>,
    /// Who may see it.
    pub tlp: Tlp,
    /// What a bulletin's text names, sorted; empty for records that state what is affected. Shown, never matched.
    pub mentions: Vec<Mention>,
}

/// Something that a text names: a lead for a person, never a match.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mention {
    /// What kind of name it is.
    pub kind: MentionKind,
    /// The name: an identifier in its usual case, canonical purl, CPE 2.3 formatted string, or a product's name as written, behind
    /// its vendor where that is stated: `NextGen: Mirth Connect 4.4.0`.
    pub text: String,
}

/// What a [`Mention`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionKind {
    /// A vulnerability: CVE, GHSA, EUVD, an advisory's number.
    Vulnerability,
    /// A package URL.
    Purl,
    /// A CPE name.
    Cpe,
    /// A product by its name, with its vendor and version where the text is structured (STIX `software`).
    Product,
}

/// Whether a record counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It counts.
    Live,
    /// The numbering authority rejected the identifier (CVE `REJECTED`, NVD `Rejected`), with its reason.
    Rejected {
        /// As stated; may be empty.
        reason: String,
    },
    /// The publisher withdrew the record.
    Withdrawn {
        /// When, if stated.
        at: Option<Timestamp>,
    },
}

impl State {
    /// Whether the record may lead to findings.
    pub fn is_live(&self) -> bool {
        matches!(self, Self::Live)
    }
}

/// A CVSS score as its author stated it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Score {
    /// Who scored: `nvd@nist.gov`, `CISA-ADP`, a CNA's short name.
    pub by: String,
    /// The vector string, with its version prefix for 3.0 and later.
    pub vector: String,
    /// Base score (v4.0: the one score) in tenths, computed from the vector; 0 to 100.
    pub tenths: u8,
}

/// A link of an advisory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    /// The address.
    pub url: String,
    /// The provider's tag (`FIX`, `ADVISORY`, `Patch`, `Exploit`), else empty.
    pub kind: String,
}

/// Exploitation as an authority stated it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exploitation {
    /// Date the vulnerability was added to a known-exploited catalogue (`2021-12-10`).
    pub known_since: Option<String>,
    /// Used by ransomware campaigns, if stated.
    pub ransomware: Option<bool>,
    /// Due date of the catalogue, if stated.
    pub due: Option<String>,
    /// SSVC `Exploitation` value (`none`, `poc`, `active`), if stated.
    pub ssvc: Option<String>,
    /// SSVC `Automatable` value (`yes`, `no`), if stated.
    pub automatable: Option<String>,
    /// SSVC `Technical Impact` value (`partial`, `total`), if stated.
    pub technical_impact: Option<String>,
}

/// What a record says about one package, product or CPE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// What it is about.
    pub target: Target,
    /// Versions that no rule and no exact version decides.
    pub default: Standing,
    /// Ranges in the provider's order. For OSV the union counts; for CVE v5 the first rule that covers a version decides.
    pub rules: Vec<Rule>,
    /// Versions named one by one, compared as the target's scheme compares.
    pub exact: Vec<String>,
    /// What the provider says about a fix.
    pub fix: FixState,
    /// Platform facts that must also hold (NVD AND nodes, `target_hw`): shown with the finding, not yet evaluated.
    pub conditions: Vec<String>,
    /// Where in the record this stands: `affected[0]`, `configurations[1].nodes[0].cpeMatch[3]`, `cna.affected[0]`.
    pub place: String,
}

/// What an `Affected` is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// A package of an ecosystem; the name is normalised as the ecosystem does it (R21).
    Package {
        /// OSV's name with its release suffix: `npm`, `PyPI`, `Debian:12`, `Alpine:v3.18`, `AlmaLinux:9`.
        ecosystem: String,
        /// Normalised name; Maven `group:artifact`; npm with scope; distributions: the source package.
        name: String,
        /// purl qualifiers that narrow it (`arch=x86_64`), sorted; empty for most.
        qualifiers: Vec<(String, String)>,
    },
    /// A CPE 2.3 formatted string as pattern.
    Cpe(String),
    /// Vendor and product by name only (CVE v5, CISA CSAF): a candidate for a person, never a finding (R28).
    Named {
        /// As stated.
        vendor: String,
        /// As stated.
        product: String,
    },
    /// A source repository with commit ranges.
    Repository(String),
}

/// Whether a version is affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is.
    Affected,
    /// It is not.
    Unaffected,
    /// The record does not say.
    Unknown,
}

/// A range of versions and what holds inside: `[lower, upper)` or `[lower, upper]`, with status changes inside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The order in which versions are compared.
    pub scheme: Scheme,
    /// Lower bound; `None` is the beginning of all versions.
    pub lower: Option<Bound>,
    /// Upper bound; `None` is open-ended.
    pub upper: Option<Bound>,
    /// What holds between the bounds, before any change.
    pub standing: Standing,
    /// CVE v5 `changes`: from this version on the standing is another. Sorted by the record's order.
    pub changes: Vec<(String, Standing)>,
    /// The version that ends the range because it fixes the fault (OSV `fixed`, distribution fix), if the record says so.
    pub fixed: Option<String>,
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The version.
    pub version: String,
    /// Whether the version itself is inside.
    pub inclusive: bool,
}

/// What a provider says about a fix (R3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixState {
    /// Fixed in this version of the package's own stream.
    Fixed(String),
    /// Affected, no fix (yet).
    None,
    /// The vendor will not fix it.
    WillNotFix,
    /// Postponed.
    Deferred,
    /// Still being looked at.
    UnderInvestigation,
    /// The package is not affected in this release.
    NotAffected,
    /// The release is past its support.
    EndOfLife,
    /// The record does not say.
    Unknown,
}
