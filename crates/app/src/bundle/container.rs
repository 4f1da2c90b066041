//! The file of a bundle: tar in Zstandard, made to be read once from front to back with little memory.
//!
//! | Entry | Holds |
//! |---|---|
//! | `signature` | a signed note (C2SP) over the manifest's digest |
//! | `manifest.json` | the manifest: canonical JSON |
//! | `objects/SHA-256` | the objects, in the manifest's order |
//!
//! A reader knows every name and length before it comes, so that nothing is written where an entry's name says, nothing
//! grows beyond what was signed, and nothing else is let in.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::path::Path;

use domain::model::raw::Digest;
use store::archive::Archive;
use tempfile::NamedTempFile;

use super::manifest::Object;
use crate::error::{Error, Result};

/// Largest manifest. One of a year of hourly fetches from thirty sources stays below it.
pub(super) const LARGEST_MANIFEST: u64 = 512 << 20;

/// Largest signed note.
const LARGEST_SIGNATURE: u64 = 64 << 10;

/// Zstandard level: most objects come compressed.
const LEVEL: i32 = 3;

/// Largest window that a reader grants, as a power of two: 128 MiB.
const WINDOW: u32 = 27;

/// Writes a bundle. The file is there as a whole or not at all.
pub(super) fn write(
    path: &Path,
    signature: &str,
    manifest: &[u8],
    objects: &[Object],
    archive: &Archive,
    hear: &mut dyn FnMut(u64),
) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = NamedTempFile::new_in(folder).map_err(Error::file("make a file in", folder))?;
    let failed = |error: io::Error| Error::file("write", path)(error);
    let encoder = zstd::Encoder::new(BufWriter::with_capacity(1 << 17, file), LEVEL).map_err(failed)?;
    let mut tar = tar::Builder::new(encoder);
    append(&mut tar, "signature", signature.len() as u64, signature.as_bytes()).map_err(failed)?;
    append(&mut tar, "manifest.json", manifest.len() as u64, manifest).map_err(failed)?;
    for (done, object) in (1..).zip(objects) {
        let reader = archive.open_reader(&object.digest)?;
        append(&mut tar, &name(object), object.bytes, reader).map_err(failed)?;
        hear(done);
    }
    let mut buffer = tar.into_inner().and_then(zstd::Encoder::finish).map_err(failed)?;
    buffer.flush().map_err(failed)?;
    let file = buffer.into_inner().map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// An entry without time, owner or place: the same content gives the same bytes.
fn append<W: io::Write>(tar: &mut tar::Builder<W>, name: &str, size: u64, data: impl Read) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_path(name)?;
    header.set_size(size);
    header.set_mode(0o644);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    tar.append(&header, data)
}

fn name(object: &Object) -> String {
    format!("objects/{}", object.digest)
}

/// An opened bundle.
pub(super) struct Container {
    tar: tar::Archive<zstd::Decoder<'static, BufReader<File>>>,
}

/// The head of a bundle: what is read before anything is believed.
pub(super) struct Head {
    /// The signed note.
    pub(super) signature: String,
    /// The manifest's bytes.
    pub(super) manifest: Vec<u8>,
}

impl Container {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(Error::file("open", path))?;
        let mut decoder = zstd::Decoder::new(file).map_err(|error| broken(&error))?;
        decoder.window_log_max(WINDOW).map_err(|error| broken(&error))?;
        Ok(Self { tar: tar::Archive::new(decoder) })
    }

    /// Reads the head, then shows `objects` what follows. `objects` must take all it wants through [`Objects::next`].
    pub(super) fn read<T>(mut self, walk: impl FnOnce(Head, &mut Objects<'_>) -> Result<T>) -> Result<T> {
        // Raw: no long names and no pax records, which the reader would take into memory whatever their size.
        let entries = self.tar.entries().map_err(|error| broken(&error))?.raw(true);
        let mut objects = Objects { entries: Box::new(entries) };
        let signature = objects.small("signature", LARGEST_SIGNATURE)?;
        let signature = String::from_utf8(signature).map_err(|error| broken(&error))?;
        let manifest = objects.small("manifest.json", LARGEST_MANIFEST)?;
        walk(Head { signature, manifest }, &mut objects)
    }
}

type Entry<'a> = tar::Entry<'a, zstd::Decoder<'static, BufReader<File>>>;

/// What follows in a bundle.
pub(super) struct Objects<'a> {
    entries: Box<dyn Iterator<Item = io::Result<Entry<'a>>> + 'a>,
}

impl<'a> Objects<'a> {
    /// The next object, which has to be this one. Its bytes are not checked yet.
    pub(super) fn next(&mut self, object: &Object) -> Result<impl Read + use<'a>> {
        let entry = self.entry(&name(object))?;
        if entry.size() != object.bytes {
            let (has, needed) = (entry.size(), object.bytes);
            return Err(refused(&format!("object {} has {has} bytes, the manifest says {needed}", object.digest)));
        }
        Ok(entry)
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Result<()> {
        match self.entries.next() {
            None => Ok(()),
            Some(Ok(entry)) => {
                let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                Err(refused(&format!("it holds {name:?}, which its manifest does not name")))
            }
            Some(Err(error)) => Err(broken(&error)),
        }
    }

    fn small(&mut self, name: &str, most: u64) -> Result<Vec<u8>> {
        let mut entry = self.entry(name)?;
        if entry.size() > most {
            return Err(refused(&format!("its {name} has {} bytes, the limit is {most}", entry.size())));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        if bytes.len() as u64 == entry.size() { Ok(bytes) } else { Err(refused(&format!("its {name} is cut off"))) }
    }

    fn entry(&mut self, name: &str) -> Result<Entry<'a>> {
        let next = self.entries.next().ok_or_else(|| refused(&format!("it ends before {name}")))?;
        let entry = next.map_err(|error| broken(&error))?;
        if entry.header().entry_type() != tar::EntryType::Regular || *entry.path_bytes() != *name.as_bytes() {
            let found = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            return Err(refused(&format!("{name} is expected, {found:?} is there")));
        }
        Ok(entry)
    }
}

/// Reads a stream to its end and returns its digest and length.
pub(super) fn digest(mut reader: impl Read) -> io::Result<(Digest, u64)> {
    use sha2::Digest as _;
    let mut hash = sha2::Sha256::new();
    let mut buffer = vec![0; 1 << 17];
    let mut length = 0;
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok((Digest(hash.finalize().into()), length)),
            count => {
                hash.update(&buffer[..count]);
                length += count as u64;
            }
        }
    }
}

/// The file cannot be read as a bundle.
pub(super) fn broken(error: &dyn std::fmt::Display) -> Error {
    refused(&format!("the file is damaged or no bundle ({error})"))
}

/// Why a bundle is not taken in. Nothing of it has been.
pub(super) fn refused(why: &str) -> Error {
    Error::refused(format!("import the bundle: {why}; nothing was imported"))
}
