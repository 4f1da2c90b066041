//! A document's digest beside it (CSAF 2.0, 7.1.18): `HEX  file-name` in `….sha512` or `….sha256`.

use sha2::{Sha256, Sha512};
use url::Url;

use super::listing::Entry;
use super::metadata::Metadata;
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
pub(super) fn of(session: &mut Session<'_>, metadata: &Metadata, entry: &Entry) -> Result<Option<Digest>, Problem> {
    let guessed = entry.digests.is_none();
    let mut urls =
        entry.digests.clone().unwrap_or_else(|| ["sha512", "sha256"].map(|kind| beside(&entry.url, kind)).to_vec());
    urls.sort_by_key(|url| !url.path().ends_with(".sha512"));
    let mut missing = None;
    for url in urls {
        let request = session.document(url);
        match session.index(&request, &parse) {
            Ok(digest) => return Ok(digest.map(|(digest, _)| digest)),
            Err(problem) if guessed && problem.is_absence() => missing = Some(problem),
            Err(problem) => return Err(problem),
        }
    }
    match missing {
        Some(problem) if metadata.is_trusted => Err(problem),
        None if metadata.is_trusted => {
            let reason = "has no digest, which a trusted provider owes".to_owned();
            Err(Problem::Unusable { from: entry.url.to_string(), reason })
        }
        _ => Ok(None),
    }
}

fn beside(url: &Url, kind: &str) -> Url {
    let mut url = url.clone();
    url.set_path(&format!("{}.{kind}", url.path()));
    url
}

pub(super) fn parse(bytes: &[u8]) -> Result<Digest, String> {
    let text = String::from_utf8_lossy(bytes);
    let hex = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    let is_digest = matches!(hex.len(), 64 | 128) && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_digest { Ok(Digest { hex }) } else { Err("holds no SHA-256 or SHA-512 digest".to_owned()) }
}
