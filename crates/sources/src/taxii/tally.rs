//! Which versions of which objects were read, in a few bytes: their number and a sum over hashes of their names. Two sets with the
//! same tally are the same set, by any chance that matters.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use standards::stix;

/// A set of versions that only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Tally {
    versions: u64,
    sum: u64,
}

impl Tally {
    /// Counts a version that was not counted before.
    pub(super) fn add(&mut self, version: u64) {
        self.versions += 1;
        self.sum = self.sum.wrapping_add(version);
    }

    /// How many were counted.
    pub(super) fn count(&self) -> u64 {
        self.versions
    }
}

/// The hash of a version's name. Of objects without versions the identifier is the name: a manifest gives them one that the objects
/// do not have.
pub(super) fn hash(id: &str, version: &str) -> u64 {
    let mut sha = Sha256::new();
    sha.update(id);
    if stix::is_versioned(id) {
        match version.parse::<Timestamp>() {
            Ok(instant) => sha.update(instant.as_nanosecond().to_le_bytes()),
            Err(_) => sha.update(version),
        }
    }
    let digest = sha.finalize();
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
