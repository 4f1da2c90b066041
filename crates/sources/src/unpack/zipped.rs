//! ZIP: read by its directory at the end, so that a truncated one is refused as a whole.

use std::collections::HashSet;
use std::io::{self, BufReader, Read, Seek, Write};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::{Limits, Source, UnpackError, Walk, name};

/// A ratio means nothing below this size.
const SMALL_BYTES: u64 = 1 << 20;

/// Walks through a ZIP. With `nested`, entries that are ZIPs themselves are walked through, too, under `prefix`.
pub(super) fn walk(
    reader: impl Source,
    prefix: &str,
    nested: bool,
    walk: &mut Walk<'_, '_>,
) -> Result<(), UnpackError> {
    let mut archive = ZipArchive::new(reader).map_err(broken)?;
    if archive.len() as u64 > walk.limits.entries {
        return Err(UnpackError::TooLarge(format!("has {} entries", archive.len())));
    }
    let mut seen = HashSet::new();
    let mut content = Vec::new();
    for index in 0..archive.len() {
        walk.count()?;
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                walk.skip(&format!("{prefix}entry {index}"), format!("cannot be read: {error}"));
                continue;
            }
        };
        let name = format!("{prefix}{}", entry.name().unwrap_or_default());
        if entry.is_dir() {
            walk.found.entries -= 1;
        } else if let Some(reason) = objection(&entry, &name[prefix.len()..], walk.limits) {
            walk.skip(&name, reason);
        } else if !seen.insert(name.clone()) {
            walk.skip(&name, "occurs twice in the archive");
        } else if nested && name.to_ascii_lowercase().ends_with(".zip") {
            walk.found.entries -= 1;
            let inner = spool(&mut entry, walk.limits.total_bytes)?;
            self::walk(BufReader::new(inner), &format!("{name}!/"), false, walk)?;
        } else if let Err(reason) = read(&mut entry, walk.limits.entry_bytes, &mut content) {
            walk.skip(&name, reason);
        } else {
            walk.add(content.len() as u64)?;
            if (walk.visit)(&name, &content).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// One entry by name.
pub(super) fn one(reader: impl Source, name: &str, limits: &Limits) -> Result<Vec<u8>, UnpackError> {
    let mut archive = ZipArchive::new(reader).map_err(broken)?;
    let missing = || UnpackError::NoEntry(name.to_owned());
    let mut entry = archive.by_name(name).map_err(|_| missing())?;
    if objection(&entry, name, limits).is_some() {
        return Err(missing());
    }
    let mut content = Vec::new();
    read(&mut entry, limits.entry_bytes, &mut content).map_err(UnpackError::Broken)?;
    Ok(content)
}

fn objection<R: Read>(entry: &ZipFile<'_, R>, own_name: &str, limits: &Limits) -> Option<String> {
    if let Some(reason) = name::objection(own_name) {
        return Some(reason.to_owned());
    }
    if entry.is_symlink() {
        return Some("is a symbolic link".to_owned());
    }
    if entry.encrypted() {
        return Some("is encrypted".to_owned());
    }
    let (packed, whole) = (entry.compressed_size().max(1), entry.size());
    if whole > SMALL_BYTES && whole / packed > limits.ratio {
        return Some(format!("claims to inflate {} times", whole / packed));
    }
    None
}

/// Reads an entry. What the directory says about its size is not believed.
fn read(entry: &mut impl Read, most: u64, content: &mut Vec<u8>) -> Result<(), String> {
    content.clear();
    entry.take(most + 1).read_to_end(content).map_err(|error| format!("cannot be read: {error}"))?;
    if content.len() as u64 > most {
        content.clear();
        content.shrink_to(1 << 20);
        return Err(format!("is larger than {most} bytes"));
    }
    Ok(())
}

/// An inner ZIP has to be sought in, too, so it goes to disk for a while.
fn spool(entry: &mut impl Read, most: u64) -> Result<std::fs::File, UnpackError> {
    let mut file = tempfile::tempfile().map_err(UnpackError::Io)?;
    let copied =
        io::copy(&mut entry.take(most + 1), &mut file).map_err(|error| UnpackError::Broken(error.to_string()))?;
    if copied > most {
        return Err(UnpackError::TooLarge(format!("holds an archive of more than {most} bytes")));
    }
    file.flush().and_then(|()| file.rewind()).map_err(UnpackError::Io)?;
    Ok(file)
}

#[expect(clippy::needless_pass_by_value, reason = "used with map_err")]
fn broken(error: ZipError) -> UnpackError {
    UnpackError::Broken(error.to_string())
}
