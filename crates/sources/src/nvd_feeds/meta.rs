//! `.meta`: what NVD states of a feed. Lines `name:value` that end in CR LF; size and digest are those of the JSON, before it
//! was packed.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::http::hexadecimal;
use crate::unpack::GzipReader;

/// What is stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    /// SHA-256 of the JSON, in lower-case digits.
    pub(super) sha256: String,
    /// Bytes of the JSON.
    pub(super) size: u64,
    /// Bytes of the `.json.gz`.
    pub(super) gz_size: Option<u64>,
    /// When the feed was built.
    pub(super) last_modified: Option<Timestamp>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unpacked {
    pub(super) sha256: String,
    pub(super) bytes: u64,
    pub(super) packed_bytes: u64,
    /// Bytes lie behind the end of the stream.
    pub(super) trailing: bool,
}

/// Reads a `.meta`.
///
/// # Errors
/// A fragment: it is none.
pub(super) fn read(bytes: &[u8]) -> Result<Meta, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no .meta file: it is no UTF-8".to_owned())?;
    let value = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
    };
    let size = value("size").and_then(|size| size.parse().ok());
    let is_digest = |digest: &&str| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (size, value("sha256").filter(is_digest)) {
        (Some(size), Some(sha256)) => Ok(Meta {
            sha256: sha256.to_ascii_lowercase(),
            size,
            gz_size: value("gzSize").and_then(|size| size.parse().ok()),
            last_modified: value("lastModifiedDate").and_then(|at| at.parse().ok()),
        }),
        _ => Err("is no .meta file: it states no size and SHA-256".to_owned()),
    }
}

impl Meta {
    /// Whether two statements are about the same content, whenever it was built.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.sha256, self.size) == (&other.sha256, other.size)
    }

    /// Holds a feed against its statement. Bytes behind the end of the stream are no content.
    ///
    /// # Errors
    /// A fragment with both.
    pub(super) fn check(&self, found: &Unpacked) -> Result<(), String> {
        if self.sha256 != found.sha256 {
            let (stated, came) = (&self.sha256, &found.sha256);
            return Err(format!("does not fit its digest: {stated} is stated, {came} came (SHA-256)"));
        }
        if self.size != found.bytes {
            return Err(format!("has {} bytes where {} are stated", found.bytes, self.size));
        }
        Ok(())
    }
}

/// Size and digest of what is packed in a gzip file.
///
/// # Errors
/// A fragment: it cannot be unpacked, or to more than `limit` bytes.
pub(super) fn unpack(path: &Path, limit: u64) -> Result<Unpacked, String> {
    let broken = |error: std::io::Error| format!("cannot be unpacked: {error}");
    let file = File::open(path).map_err(broken)?;
    let packed_bytes = file.metadata().map_err(broken)?.len();
    let mut reader = GzipReader::new(BufReader::with_capacity(1 << 16, file));
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        match reader.read(&mut buffer).map_err(broken)? {
            0 => break,
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
        if bytes > limit {
            return Err(format!("unpacks to more than {limit} bytes, which is refused"));
        }
    }
    Ok(Unpacked { sha256: hexadecimal(&hash.finalize()), bytes, packed_bytes, trailing: reader.has_trailing_bytes() })
}
