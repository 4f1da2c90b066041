//! Bytes as received, named by their SHA-256, and the warnings that reading them produced.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// SHA-256 of some bytes. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The first twelve hexadecimal digits, for lists that people read.
    pub fn short(&self) -> String {
        self.to_string()[..12].to_owned()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read {0:?} as a SHA-256 digest: 64 hexadecimal digits are needed")]
pub struct InvalidDigest(pub String);

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let invalid = || InvalidDigest(text.to_owned());
        let hex = text.strip_prefix("sha256:").unwrap_or(text);
        if hex.len() != 64 || !hex.is_ascii() {
            return Err(invalid());
        }
        let mut bytes = [0_u8; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).map_err(|_| invalid())?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    /// Text where the format is read by people, 32 bytes where it is not.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
        } else {
            <[u8; 32]>::deserialize(deserializer).map(Self)
        }
    }
}

/// Where a record's own bytes lie inside an archived object.
///
/// `object` names the archived bytes; `entry` is the member's name when they are a ZIP or tar, else empty;
/// `offset` and `length` cut the record out of the (decompressed) member, so that the very bytes a finding rests on
/// can be shown again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RawRef {
    /// The archived object, as received.
    pub object: Digest,
    /// Name of the member of an archive; empty when the object is the document itself.
    pub entry: String,
    /// Byte offset of the record in the decompressed member.
    pub offset: u64,
    /// Length of the record in bytes.
    pub length: u64,
}

/// One thing a reader could not take as it stands: the record lives on, the person is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Warning {
    /// Field or place, in the document's own words: `affected[2].ranges[0].events`, `components[17].purl`.
    pub place: String,
    /// What is wrong and what was done about it, as a sentence.
    pub reason: String,
}

impl Warning {
    /// A warning about `place`.
    pub fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { place: place.into(), reason: reason.into() }
    }
}

/// What a reader understood, and what it could not take. Readers of foreign data return this, never an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated<T> {
    /// What was understood.
    pub value: T,
    /// What was not, in document order.
    pub warnings: Vec<Warning>,
}

/// A record that could not be read at all: kept aside with its place and reason, counted in the fetch record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quarantined {
    /// Identifier as far as it could be read, else empty.
    pub id: String,
    /// Where it lies.
    pub raw: RawRef,
    /// Why it could not be read, as a sentence.
    pub reason: String,
}
