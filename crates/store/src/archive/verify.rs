//! Looking after the archive: how much it holds, and whether every byte is still what it was.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::object::{Form, Reader};
use super::{Archive, Error, Result};

/// Something in the archive that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong, as a fragment: `its bytes do not match its name …`.
    pub reason: String,
}

/// What the archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    /// Number of objects.
    pub objects: u64,
    /// Bytes on the disk, compressed.
    pub bytes: u64,
}

impl Archive {
    /// Counts the durable objects and their bytes on the disk.
    pub fn stored_bytes(&self) -> Result<Stored> {
        let mut stored = Stored::default();
        for path in self.files()? {
            if Form::parse(&path).is_some() {
                stored.objects += 1;
                stored.bytes += fs::metadata(&path).map_err(|source| Error::reading(&path, source))?.len();
            }
        }
        Ok(stored)
    }

    /// Reads every durable object and compares its bytes with its name. `progress` is called with the number of files
    /// looked at so far and the number of all, from several threads. Problems are sorted by path.
    pub fn verify_all(&self, progress: &(dyn Fn(u64, u64) + Sync)) -> Vec<Problem> {
        let files = match self.files() {
            Ok(files) => files,
            Err(error) => return vec![problem(self.folder(), &error)],
        };
        let (done, all) = (std::sync::atomic::AtomicU64::new(0), files.len() as u64);
        let mut problems: Vec<_> = files
            .par_iter()
            .filter_map(|path| {
                let found = verify(path);
                progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, all);
                found
            })
            .collect();
        problems.sort();
        problems
    }

    /// Every file in the folders `00` to `ff`.
    fn files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for folder in listing(self.folder())? {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            if name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                files.extend(listing(&folder)?);
            }
        }
        Ok(files)
    }
}

fn listing(folder: &Path) -> Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    paths.map_err(|source| Error::reading(folder, source))
}

fn verify(path: &Path) -> Option<Problem> {
    let Some((digest, form)) = Form::parse(path) else {
        return Some(Problem { path: path.to_owned(), reason: "is not an object of the archive".to_owned() });
    };
    drain(path, form, digest).err().map(|error| problem(path, &error))
}

/// Reads an object to its end, which compares its bytes with its digest.
pub(super) fn drain(path: &Path, form: Form, digest: domain::model::raw::Digest) -> Result<()> {
    let mut reader = Reader::open(path.to_owned(), form, digest)?;
    let mut buffer = vec![0; 1 << 17];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::reading(path, error)),
        }
    }
}

fn problem(path: &Path, error: &Error) -> Problem {
    let reason = match error {
        Error::Mismatch { found, .. } => format!("its bytes do not match its name, their digest is {found}"),
        Error::Undecodable { source, .. } => format!("it does not match its name, decompression fails: {source}"),
        Error::Read { source, .. } => format!("it cannot be read: {source}"),
        other => other.to_string(),
    };
    Problem { path: path.to_owned(), reason }
}
