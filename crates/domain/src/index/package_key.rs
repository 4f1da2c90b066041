//! Package keys: the text under which a component and what advisories say about it meet.
//!
//! | Key | For |
//! |---|---|
//! | `npm\|@scope/name` | packages: OSV ecosystem with release, then the normalised name |
//! | `Debian:12\|openssl` | distribution packages: the source package |
//! | `cpe\|a\|apache\|log4j` | CPE part, vendor and product, lower case, unescaped |
//! | `cpe\|a\|*\|log4j` | CPE by product alone, for a component whose vendor is unknown (R20) |
//! | `name\|siemens\|simatic s7-1200` | vendor and product by name, folded: candidates only |
//! | `git\|github.com/madler/zlib` | repositories |

use std::fmt;

use serde::{Deserialize, Serialize};

/// A package key. Equal text means the same package; the hash is stable on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageKey(pub String);

impl PackageKey {
    /// XXH3 of the key's text: what indexes store. Collisions are told apart by the record's own target.
    pub fn hash64(&self) -> u64 {
        xxhash_rust::xxh3::xxh3_64(self.0.as_bytes())
    }
}

impl fmt::Display for PackageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
