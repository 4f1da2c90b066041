//! tar: read from front to back; a stream that breaks is refused from there on.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::{UnpackError, Walk, name};

/// What a header with its long name and pax records may take at most.
const HEADER_BYTES: u64 = 1 << 20;

/// Walks through a tar stream.
pub(super) fn walk(reader: impl Read, walk: &mut Walk<'_, '_>) -> Result<(), UnpackError> {
    let allowance = Rc::new(Cell::new(HEADER_BYTES));
    let mut archive = tar::Archive::new(Metered { reader, allowance: Rc::clone(&allowance) });
    let mut content = Vec::new();
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        walk.count()?;
        let size = entry.size();
        walk.add(size)?;
        // What is skipped is still read over by the next step.
        allowance.set(size.saturating_add(2 * HEADER_BYTES));
        if let Some(reason) = objection(kind, &path, size, walk.limits.entry_bytes) {
            walk.skip(&path, reason);
            continue;
        }
        content.clear();
        entry.read_to_end(&mut content).map_err(broken)?;
        if (walk.visit)(&path, &content).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

fn objection(kind: tar::EntryType, path: &str, size: u64, most: u64) -> Option<String> {
    match name::objection(path) {
        Some(reason) => Some(reason.to_owned()),
        None if kind.is_symlink() || kind.is_hard_link() => Some("is a link".to_owned()),
        None if !kind.is_file() => Some("is no file".to_owned()),
        None if size > most => Some(format!("is larger than {most} bytes")),
        None => None,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used with map_err")]
fn broken(error: io::Error) -> UnpackError {
    UnpackError::Broken(error.to_string())
}

/// A reader that gives no more than it is allowed: the tar reader takes long names into memory whatever their size.
struct Metered<R> {
    reader: R,
    allowance: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let allowed = usize::try_from(self.allowance.get()).unwrap_or(usize::MAX).min(buffer.len());
        if allowed == 0 && !buffer.is_empty() {
            return Err(io::Error::other("a header is larger than any name needs"));
        }
        let read = self.reader.read(&mut buffer[..allowed])?;
        self.allowance.set(self.allowance.get() - read as u64);
        Ok(read)
    }
}
