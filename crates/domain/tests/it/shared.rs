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
