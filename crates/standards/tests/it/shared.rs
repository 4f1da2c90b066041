//! Finds the shared data: `WARDROUND_SHARED`, else `target/shared` under the workspace root.

use std::path::{Path, PathBuf};

/// The path of `relative` inside the shared data, or `None` after one line that says it was skipped.
#[expect(clippy::print_stdout, reason = "a skipped test must say so")]
pub(crate) fn path(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WARDROUND_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/shared"), PathBuf::from);
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no shared data at {}", path.display());
    None
}

/// The lines of a text file inside the shared data.
pub(crate) fn lines(relative: &str) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(path(relative)?).expect("shared data is readable UTF-8");
    Some(text.lines().map(str::to_owned).collect())
}

/// The objects of a JSON-lines file inside the shared data.
pub(crate) fn json_lines(relative: &str) -> Option<Vec<serde_json::Value>> {
    let lines = lines(relative)?;
    Some(lines.iter().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect())
}
