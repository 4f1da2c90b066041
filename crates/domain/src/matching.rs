//! Matching: component × candidates → matches, each with its reasons.
//!
//! | Step | File |
//! |---|---|
//! | the component's keys, names and versions, read once | `subject` |
//! | what one entry of one record says about it | `statement`, with `cpe` for criteria and `range` for versions |
//! | which records speak of one vulnerability | [`crate::index::alias_cluster`] |
//! | both sides heard, and the ruling | `decide` |
//! | the same at length, for a person who asks why or why not | `explain` |
//!
//! Pure and deterministic: the same component and knowledge give the same bytes, whatever the order of records (R30).
//! Rule numbers (`R14`) in reasons are those of the matching rules in the reference documentation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::index::package_key::PackageKey;
use crate::model::advisory::{Advisory, Affected};
use crate::model::finding::{Confidence, Match};
use crate::model::sbom::Component;
use crate::model::source::Family;

mod cpe;
mod decide;
mod detail;
mod explain;
mod matcher;
mod range;
mod statement;
mod subject;

pub use explain::{Explained, Explanation, Looked, RecordSays, StatementSays, Verdict};
pub use matcher::Matcher;

/// Version of the rules: in every run record. It changes whenever the same data could give other matches.
pub const MATCHER_VERSION: &str = "2";

/// What matching needs from the knowledge. Implemented by `store::knowledge` and, in tests, by a list.
pub trait Candidates {
    /// Calls `visit` for everything live records say about `key`, in a stable order.
    ///
    /// `record` is a handle for [`Candidates::advisory`]; it is valid for the lifetime of this view of the knowledge.
    fn affected(&self, key: &PackageKey, visit: &mut dyn FnMut(RecordRef, Affected));

    /// The record behind a handle, without its `affected` list.
    fn advisory(&self, record: RecordRef) -> Advisory;

    /// Handles of all current records, live or not, whose own id or alias is `id`.
    fn named(&self, id: &str) -> Vec<RecordRef>;

    /// EPSS probability of a CVE in millionths, if known.
    fn epss_millionths(&self, cve: &str) -> Option<u32>;

    /// Whether any record speaks of this ecosystem and release (`npm`, `Debian:12`). Without one, "nothing applies"
    /// would be a guess: the component counts as not assessable instead (R22, R23).
    fn covers_ecosystem(&self, ecosystem: &str) -> bool {
        let _ = ecosystem;
        true
    }
}

/// Handle of a record in one view of the knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef(pub u64);

/// What the maker decides about matching.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The least confidence that makes a finding. What is weaker waits for a person.
    pub minimum: Confidence,
}

impl Default for Policy {
    fn default() -> Self {
        Self { minimum: Confidence::Derived }
    }
}

/// Everything the knowledge says about one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentMatches {
    /// Findings, sorted by vulnerability.
    pub matches: Vec<Match>,
    /// What a person has to decide: names agree, a record leaves it open, or records contradict. Sorted.
    pub candidates: Vec<Match>,
    /// Whether each family of [`Family::MATCHED`] could say anything. Freshness is not known here.
    pub outcomes: BTreeMap<Family, FamilyAnswer>,
    /// Whether anything but names identifies the component; if not, it belongs on the identification queue.
    pub identified: bool,
    /// Limits that were reached, as sentences; empty but for hostile input.
    pub notes: Vec<String>,
}

/// Whether a family could say anything about a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum FamilyAnswer {
    /// It understands an identity of the component.
    Assessable {
        /// A finding rests on one of its records.
        matched: bool,
    },
    /// It understands none. A distribution's package, for example, is not NVD's to judge (R4).
    NotAssessable,
}

/// Everything the knowledge says about one component. For many components, keep a [`Matcher`].
pub fn match_component(component: &Component, knowledge: &dyn Candidates, policy: &Policy) -> ComponentMatches {
    Matcher::new(knowledge, policy).match_component(component)
}

/// Why a named vulnerability does or does not apply to a component, in full.
///
/// `vulnerability` may be any name: a CVE, a GHSA, an erratum.
pub fn explain(component: &Component, vulnerability: &str, knowledge: &dyn Candidates, policy: &Policy) -> Explanation {
    Matcher::new(knowledge, policy).explain(component, vulnerability)
}
