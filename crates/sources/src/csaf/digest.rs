//! A document's digest beside it (CSAF 2.0, 7.1.18): `HEX  file-name` in `….sha512` or `….sha256`.

use sha2::{Sha256, Sha512};

use super::document::beside;
use super::listing::Entry;
use super::trust::Trust;
use crate::http::Download;
use crate::session::{Problem, Session};

/// A stated digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digest {
    hex: String,
}

impl Digest {
    /// Compares a document with it.
    ///
    /// # Errors
    /// A fragment with both.
    pub(super) fn check(&self, download: &Download) -> Result<(), String> {
        let (name, found) = match self.hex.len() {
            128 => ("SHA-512", download.digest::<Sha512>()),
            _ => ("SHA-256", download.digest::<Sha256>()),
        };
        let found = found.map_err(|error| format!("could not be read from the spool: {error}"))?;
        if found == self.hex {
            return Ok(());
        }
        Err(format!("does not fit its digest: {} is stated, {found} came ({name})", self.hex))
    }
}

/// Asks for a document's digest, the stronger one first. None: the provider gives none and need not.
pub(super) fn of(session: &mut Session<'_>, trust: &Trust, entry: &Entry) -> Result<Option<Digest>, Problem> {
    let guessed = entry.digests.is_none();
    let mut urls =
        entry.digests.clone().unwrap_or_else(|| ["sha512", "sha256"].map(|kind| beside(&entry.url, kind)).to_vec());
    let first = if guessed && trust.prefers_sha256.get() { ".sha256" } else { ".sha512" };
    urls.sort_by_key(|url| !url.path().ends_with(first));
    let mut missing = None;
    for url in urls {
        let is_weaker = url.path().ends_with(".sha256");
        let request = Trust::request(session, url);
        match session.index(&request, &parse) {
            Ok(digest) => {
                trust.prefers_sha256.set(is_weaker);
                return Ok(digest.map(|(digest, _)| digest));
            }
            Err(problem) if guessed && problem.is_absence() => missing = Some(problem),
            Err(problem) => return Err(problem),
        }
    }
    match missing {
        Some(problem) if trust.owes_digests => Err(problem),
        None if trust.owes_digests => {
            let reason = "has no digest, which a trusted provider owes".to_owned();
            Err(Problem::Unusable { from: entry.url.to_string(), reason })
        }
        _ => Ok(None),
    }
}

pub(super) fn parse(bytes: &[u8]) -> Result<Digest, String> {
    let text = String::from_utf8_lossy(bytes);
    let hex = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    let is_digest = matches!(hex.len(), 64 | 128) && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_digest { Ok(Digest { hex }) } else { Err("holds no SHA-256 or SHA-512 digest".to_owned()) }
}
