//! Beginnings of large bodies that outlive the process: `NAME.part` and, in `NAME.json`, what it is the beginning of.
//!
//! After a kill the transfer goes on with `Range` and `If-Range` (RFC 9110 section 13.1.5): should the document have changed
//! meanwhile, the server sends all of it. A file in use is locked, so that nobody takes it for a left-over.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};

use super::answer::{Partial, hexadecimal};
use super::request::Request;

/// What a beginning is the beginning of.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    url: String,
    validator: String,
    /// Bytes of the whole, where the server said so.
    total: Option<u64>,
}

/// The beginning that an earlier process left, if there is one.
pub(super) fn left_over(request: &Request) -> Option<Partial> {
    let (part, note) = paths(request)?;
    let kept: Kept = serde_json::from_slice(&fs::read(note).ok()?).ok()?;
    if kept.url != request.url.as_str() {
        return None;
    }
    let file = OpenOptions::new().read(true).write(true).open(&part).ok()?;
    file.try_lock().ok()?;
    let mut received = file.metadata().ok()?.len();
    if kept.total.is_some_and(|total| total <= received) {
        // Nothing follows the last byte, and the server refuses to send that: the last byte is asked for again.
        received = kept.total?.checked_sub(1)?;
        file.set_len(received).ok()?;
    }
    let file = NamedTempFile::from_parts(file, TempPath::try_from_path(part).ok()?);
    Some(Partial { file, received, validator: kept.validator })
}

/// An empty file for a body that is to be kept; none if it need not or cannot be.
pub(super) fn begin(request: &Request, validator: Option<String>, total: Option<u64>) -> Option<NamedTempFile> {
    let (part, note) = paths(request)?;
    let kept = Kept { url: request.url.to_string(), validator: validator?, total };
    create(&part, &note, &kept)
        .inspect_err(|error| tracing::debug!(%error, "the beginning of a body cannot be kept"))
        .ok()
        .flatten()
}

fn create(part: &Path, note: &Path, kept: &Kept) -> io::Result<Option<NamedTempFile>> {
    fs::create_dir_all(part.parent().unwrap_or(Path::new(".")))?;
    let file: File = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(part)?;
    if file.try_lock().is_err() {
        return Ok(None);
    }
    file.set_len(0)?;
    fs::write(note, serde_json::to_vec(kept)?)?;
    Ok(Some(NamedTempFile::from_parts(file, TempPath::try_from_path(part)?)))
}

fn paths(request: &Request) -> Option<(PathBuf, PathBuf)> {
    let folder = request.keep.as_deref()?;
    let name = &hexadecimal(&Sha256::digest(request.url.as_str()))[..32];
    Some((folder.join(format!("{name}.part")), folder.join(format!("{name}.json"))))
}
