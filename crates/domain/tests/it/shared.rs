//! The shared test data: third-party documents that are not part of this repository.

use std::io::Write as _;
use std::path::PathBuf;

/// Their folder: `WARDROUND_SHARED`, else `target/shared` of the workspace. Says so when it is not there.
pub(crate) fn folder() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/shared");
    let folder = PathBuf::from(std::env::var("WARDROUND_SHARED").unwrap_or_else(|_| default.to_owned()));
    if folder.is_dir() {
        return Some(folder);
    }
    show(&format!("skipped: no shared data at {}\n", folder.display()));
    None
}

/// Prints a report of a test; test runners show it on request.
pub(crate) fn show(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Every file of some of the upstreams' sample archives, by its path inside them.
pub(crate) fn samples(archives: &[&str]) -> Option<Vec<(String, Vec<u8>)>> {
    let folder = folder()?.join("corpus/upstream-samples");
    let mut files = Vec::new();
    for name in archives {
        let file = std::fs::File::open(folder.join(format!("{name}.tar.zst"))).ok()?;
        let mut archive = tar::Archive::new(zstd::stream::read::Decoder::new(file).ok()?);
        for entry in archive.entries().ok()? {
            let mut entry = entry.ok()?;
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut bytes).ok()?;
            files.push((path, bytes));
        }
    }
    Some(files)
}

/// The content of a file that may be gzip; none: it is broken.
pub(crate) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Some(bytes.to_vec());
    }
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut plain).ok()?;
    Some(plain)
}
