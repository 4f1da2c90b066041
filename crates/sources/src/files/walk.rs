//! Finds documents in a folder, in a fixed order.

use std::io;
use std::path::{Path, PathBuf};

use domain::normalise::Format;

use super::{is_packed, is_wanted};

const DEEPEST: usize = 16;

/// What a folder holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Archives and compressed documents: snapshots before deltas, then by name.
    pub(super) packed: Vec<PathBuf>,
    /// Documents, by path.
    pub(super) loose: Vec<PathBuf>,
    /// What could not be read, and why.
    pub(super) unread: Vec<(String, String)>,
}

/// Looks at a file, or through a folder.
pub(super) fn find(path: &Path, format: Format) -> io::Result<Found> {
    let mut found = Found::default();
    let metadata = path.metadata()?;
    if metadata.is_dir() {
        folder(path, format, 0, &mut found);
    } else {
        let packed = crate::unpack::ArchiveKind::recognise(path)?.is_some();
        if packed { &mut found.packed } else { &mut found.loose }.push(path.to_owned());
    }
    found.packed.sort_by_cached_key(|path| (is_delta(path), path.clone()));
    found.loose.sort();
    Ok(found)
}

fn folder(path: &Path, format: Format, depth: usize, found: &mut Found) {
    let entries = match path.read_dir() {
        Ok(_) if depth > DEEPEST => {
            return found.unread.push((path.display().to_string(), "it lies too deep".to_owned()));
        }
        Ok(entries) => entries,
        Err(error) => return found.unread.push((path.display().to_string(), error.to_string())),
    };
    for entry in entries {
        let (path, kind) = match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
            Ok(entry) => entry,
            Err(error) => {
                found.unread.push((path.display().to_string(), error.to_string()));
                continue;
            }
        };
        let name = path.to_string_lossy();
        if kind.is_dir() {
            folder(&path, format, depth + 1, found);
        } else if kind.is_file() && is_wanted(format, &name) {
            if is_packed(&name) { &mut found.packed } else { &mut found.loose }.push(path);
        }
    }
}

/// A change since an earlier state has to be read after that state.
fn is_delta(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains("delta"))
}
