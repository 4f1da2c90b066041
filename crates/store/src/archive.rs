//! The archive: every byte received or imported, by its SHA-256, for ever.
//!
//! A folder of files `ab/cdef….zst` (or `.raw` for what came compressed), named by the digest of the original bytes.
//! Nothing is ever changed or removed. [`Archive::put`] stages an object; it can be read through the same handle at
//! once, and [`Archive::sync`] makes everything staged durable in one go: bytes first, then names. A caller syncs
//! before it writes a journal entry that names a digest, so no entry ever names bytes that a power failure took.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use domain::model::raw::Digest;
use sha2::{Digest as _, Sha256};

mod error;
mod object;
mod staging;
mod verify;

pub use error::Error;
pub use object::Reader;
pub use verify::{Problem, Stored};

use object::Form;
use staging::Staging;

/// What the archive answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Bytes by digest. Can be shared between threads; several processes may read while one writes.
pub struct Archive {
    folder: PathBuf,
    staging: Staging,
}

impl Archive {
    /// Opens the archive in `folder`, creating the folder if needed, and removes what a killed process left half-written; what
    /// it left whole waits for [`Archive::recover`].
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|source| Error::storing(folder, source))?;
        Ok(Self { folder: folder.to_owned(), staging: Staging::open(folder)? })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Stages `bytes` and returns their digest. Bytes that are there already are not written again.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest> {
        let digest = Digest::of(bytes);
        if !self.contains(&digest) {
            let mut arriving = self.staging.begin(Form::of(bytes), Some(bytes.len() as u64))?;
            arriving.write(bytes)?;
            self.staging.accept(digest, arriving)?;
        }
        Ok(digest)
    }

    /// Stages the contents of the file at `path`; hashes and compresses in one pass with bounded memory.
    pub fn put_file(&self, path: &Path) -> Result<Digest> {
        let reading = |source| Error::Read { path: path.to_owned(), source };
        let file = File::open(path).map_err(reading)?;
        self.put_reader(file, path)
    }

    /// Stages everything `input` gives; `name` is what an error calls the input.
    pub fn put_reader(&self, mut input: impl Read, name: &Path) -> Result<Digest> {
        let mut buffer = vec![0; 1 << 18];
        let mut count = fill(&mut input, &mut buffer, name)?;
        let mut arriving = self.staging.begin(Form::of(&buffer[..count.min(Form::HEAD)]), None)?;
        let mut hash = Sha256::new();
        while count > 0 {
            hash.update(&buffer[..count]);
            arriving.write(&buffer[..count])?;
            count = fill(&mut input, &mut buffer, name)?;
        }
        let digest = Digest(hash.finalize().into());
        if !self.contains(&digest) {
            self.staging.accept(digest, arriving)?;
        }
        Ok(digest)
    }

    /// Stages again what a killed process had put and not synced, as far as it is whole. Returns how many objects that are.
    ///
    /// For the one process that writes: it has to know that nobody else does.
    pub fn recover(&self) -> Result<u64> {
        self.staging.recover()
    }

    /// Makes everything put so far durable. Call it before a digest is written anywhere else.
    ///
    /// Objects that were never synced are gone when the handle is dropped.
    pub fn sync(&self) -> Result<()> {
        self.staging.sync()
    }

    /// Whether an object is stored or staged.
    pub fn contains(&self, digest: &Digest) -> bool {
        self.find(digest).is_some()
    }

    /// The original bytes, checked against the digest.
    pub fn read(&self, digest: &Digest) -> Result<Vec<u8>> {
        let mut reader = self.open_reader(digest)?;
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|source| Error::reading(reader.path(), source))?;
        Ok(bytes)
    }

    /// A stream of the original bytes, which fails at its end if they do not match the digest.
    pub fn open_reader(&self, digest: &Digest) -> Result<Reader> {
        self.open_found(digest).map(|(reader, _)| reader)
    }

    /// A file with the original bytes, checked and positioned at its beginning, for readers that seek (ZIP).
    ///
    /// What is stored as received is opened where it lies; anything else is decompressed into an unnamed temporary file.
    pub fn open_file(&self, digest: &Digest) -> Result<File> {
        let (mut reader, form) = self.open_found(digest)?;
        let path = reader.path().to_owned();
        let reading = |source| Error::reading(&path, source);
        if form == Form::Raw {
            io::copy(&mut reader, &mut io::sink()).map_err(reading)?;
            return File::open(&path).map_err(reading);
        }
        let mut file = tempfile::tempfile().map_err(|source| Error::storing(&std::env::temp_dir(), source))?;
        io::copy(&mut reader, &mut file).map_err(reading)?;
        file.rewind().map_err(reading)?;
        Ok(file)
    }

    fn open_found(&self, digest: &Digest) -> Result<(Reader, Form)> {
        let open = || {
            let (path, form) = self.find(digest).ok_or_else(|| self.missing(digest))?;
            Ok((Reader::open(path, form, *digest)?, form))
        };
        // A sync in another thread may have moved the file between finding and opening it; it moves only once.
        match open() {
            Err(Error::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => open(),
            answer => answer,
        }
    }

    fn find(&self, digest: &Digest) -> Option<(PathBuf, Form)> {
        // Staged first: a sync in another thread moves objects from there to their names, never back.
        self.staging.find(digest).or_else(|| {
            let stored = |form: Form| (form.path(&self.folder, digest), form);
            Form::ALL.into_iter().map(stored).find(|(path, _)| path.is_file())
        })
    }

    fn missing(&self, digest: &Digest) -> Error {
        Error::Missing { archive: self.folder.clone(), digest: *digest }
    }
}

/// Reads until `buffer` is full or the input ends, so that the first bytes are all there when the form is chosen.
fn fill(input: &mut impl Read, buffer: &mut [u8], name: &Path) -> Result<usize> {
    let mut count = 0;
    while count < buffer.len() {
        match input.read(&mut buffer[count..]) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(Error::Read { path: name.to_owned(), source }),
        }
    }
    Ok(count)
}
