//! One stored object: its name, the form its bytes are kept in, and a reader that checks them.
//!
//! `ab/cdef….zst` is a Zstandard frame (RFC 8878), `ab/cdef….raw` holds the bytes as they came. The name is always the
//! SHA-256 of the bytes as they came.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use domain::model::raw::Digest;
use sha2::{Digest as _, Sha256};

use super::Error;

/// How an object's bytes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Compressed by us.
    Zstd,
    /// As received, because it is compressed already.
    Raw,
}

impl Form {
    /// Every form, the likelier first.
    pub(super) const ALL: [Self; 2] = [Self::Zstd, Self::Raw];

    /// How many first bytes [`Form::of`] looks at.
    pub(super) const HEAD: usize = 6;

    /// The form for bytes that begin with `head`: compressing ZIP, gzip, Zstandard, xz or bzip2 again gains nothing.
    pub(super) fn of(head: &[u8]) -> Self {
        const COMPRESSED: [&[u8]; 6] =
            [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"BZh"];
        if COMPRESSED.iter().any(|magic| head.starts_with(magic)) { Self::Raw } else { Self::Zstd }
    }

    /// The ending of the file's name.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Zstd => "zst",
            Self::Raw => "raw",
        }
    }

    /// Where an object of this form lies below `archive`.
    pub(super) fn path(self, archive: &Path, digest: &Digest) -> PathBuf {
        let hex = digest.to_string();
        archive.join(&hex[..2]).join(format!("{}.{}", &hex[2..], self.ending()))
    }

    /// The digest and form that a path below the archive stands for, if it is an object's.
    pub(super) fn parse(path: &Path) -> Option<(Digest, Self)> {
        let folder = path.parent()?.file_name()?.to_str()?;
        let (stem, ending) = path.file_name()?.to_str()?.split_once('.')?;
        let form = Self::ALL.into_iter().find(|form| form.ending() == ending)?;
        let digest: Digest = format!("{folder}{stem}").parse().ok()?;
        (folder.len() == 2 && digest.to_string() == format!("{folder}{stem}")).then_some((digest, form))
    }
}

/// The original bytes of an object, checked against its digest when the end is reached.
///
/// A reader that stops before the end has not checked anything.
pub struct Reader {
    path: PathBuf,
    bytes: Box<dyn Read + Send>,
    expected: Digest,
    /// Taken when the end has been reached and checked.
    hash: Option<Sha256>,
}

impl Reader {
    /// Opens the stored file at `path`.
    pub(super) fn open(path: PathBuf, form: Form, expected: Digest) -> Result<Self, Error> {
        let file = File::open(&path).map_err(|source| Error::reading(&path, source))?;
        let bytes: Box<dyn Read + Send> = match form {
            Form::Raw => Box::new(file),
            Form::Zstd => Box::new(
                zstd::Decoder::with_buffer(BufReader::with_capacity(1 << 17, file))
                    .map_err(|source| Error::reading(&path, source))?,
            ),
        };
        Ok(Self { path, bytes, expected, hash: Some(Sha256::new()) })
    }

    /// The stored file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn check(&mut self) -> io::Result<()> {
        let Some(hash) = self.hash.take() else { return Ok(()) };
        let found = Digest(hash.finalize().into());
        if found == self.expected {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, Error::Mismatch { path: self.path.clone(), found }))
    }

    /// The operating system's errors carry a number; the decompressor's do not.
    fn explain(&self, source: io::Error) -> io::Error {
        if source.raw_os_error().is_some() || source.kind() == io::ErrorKind::Interrupted {
            return source;
        }
        io::Error::new(io::ErrorKind::InvalidData, Error::Undecodable { path: self.path.clone(), source })
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer).map_err(|source| self.explain(source))?;
        if count > 0 {
            if let Some(hash) = &mut self.hash {
                hash.update(&buffer[..count]);
            }
        } else if !buffer.is_empty() {
            self.check()?;
        }
        Ok(count)
    }
}
