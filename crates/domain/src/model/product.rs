//! What the maker ships: products, their releases, and the SBOM revisions held against each release.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::raw::Digest;

/// A product's short name, chosen by the maker: lower-case letters, digits, `-`, `.` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductId(pub String);

impl fmt::Display for ProductId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One version of a product, written `product@version`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseId {
    /// The product.
    pub product: ProductId,
    /// The maker's version of it.
    pub version: String,
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.product, self.version)
    }
}

/// The text does not name a release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read {0:?} as a release: PRODUCT@VERSION is needed, as in infusion-pump@2.1.0")]
pub struct InvalidReleaseId(pub String);

impl FromStr for ReleaseId {
    type Err = InvalidReleaseId;

    fn from_str(text: &str) -> Result<Self, InvalidReleaseId> {
        match text.split_once('@') {
            Some((product, version)) if !product.is_empty() && !version.is_empty() => {
                Ok(Self { product: ProductId(product.to_owned()), version: version.to_owned() })
            }
            _ => Err(InvalidReleaseId(text.to_owned())),
        }
    }
}

impl Serialize for ReleaseId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReleaseId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A product as configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its short name.
    pub id: ProductId,
    /// Its name as people say it.
    pub name: String,
}

/// One SBOM held against one release, from a moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SbomRevision {
    /// The release it describes.
    pub release: ReleaseId,
    /// 1, 2, 3 … per release.
    pub revision: u32,
    /// The original bytes.
    pub original: Digest,
    /// The read form (canonical JSON of [`super::sbom::Sbom`]), archived beside it so that a later reader changes no past run.
    pub inventory: Digest,
    /// File name it came under.
    pub file_name: String,
    /// Format and version.
    pub format: String,
    /// Components in it.
    pub components: u64,
    /// When it was imported.
    pub imported: Timestamp,
}
