//! Matching: component × candidates → matches, each with its reasons.

use crate::index::package_key::PackageKey;
use crate::model::advisory::{Advisory, Affected};

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
}

/// Handle of a record in one view of the knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef(pub u64);
