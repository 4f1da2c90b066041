//! Opens archives and compressed documents within limits, one entry in memory at a time.
//!
//! Nothing is ever written under an entry's name, and names that climb, begin at the root, name a drive or are links are
//! skipped all the same: whoever sends them is not to be believed. An entry that cannot be read costs itself and is named
//! in [`Unpacked::skipped`]; a container that cannot be read is an error.
//!
//! Formats: ZIP (APPNOTE 6.3), gzip (RFC 1952), bzip2, xz (1.2.1), Zstandard (RFC 8878), tar (POSIX ustar and pax, GNU long
//! names). The first bytes decide which one it is, never a name.

mod member;
mod name;
mod tarball;
mod zipped;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;

use domain::normalise::Format;

pub use member::{Bzip2Reader, GzipReader, Member, MemberReader, XzReader};

/// A way of packing documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveKind {
    /// ZIP.
    Zip,
    /// A ZIP whose entry is a ZIP of documents, as the CVE list's baseline is. Entries are named `cves.zip!/cves/…`.
    ZipInZip,
    /// One gzip document. Its entry has the empty name.
    Gz,
    /// One bzip2 document. Its entry has the empty name.
    Bz2,
    /// One xz document. Its entry has the empty name.
    Xz,
    /// One Zstandard document. Its entry has the empty name.
    Zst,
    /// tar.
    Tar,
    /// tar in gzip.
    TarGz,
    /// tar in bzip2.
    TarBz2,
    /// tar in xz.
    TarXz,
    /// tar in Zstandard.
    TarZst,
}

impl ArchiveKind {
    /// Recognises a file by its first bytes; none: it is no archive. A ZIP in a ZIP is recognised by its name, `….zip.zip`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn recognise(path: &Path) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        File::open(path)?.take(512).read_to_end(&mut head)?;
        let nested = path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".zip.zip"));
        Ok(match head.as_slice() {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(if nested { Self::ZipInZip } else { Self::Zip }),
            [0x1f, 0x8b, ..] => Some(if holds_tar(GzipReader::new(buffered(path)?)) { Self::TarGz } else { Self::Gz }),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => {
                Some(if holds_tar(Bzip2Reader::new(buffered(path)?)) { Self::TarBz2 } else { Self::Bz2 })
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => {
                Some(if holds_tar(XzReader::new(buffered(path)?)) { Self::TarXz } else { Self::Xz })
            }
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(if holds_tar(zstandard(path)?) { Self::TarZst } else { Self::Zst }),
            head if is_tar(head) => Some(Self::Tar),
            _ => None,
        })
    }
}

/// Bounds of what is unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of all entries together.
    pub total_bytes: u64,
    /// Most bytes of an entry of an archive.
    pub entry_bytes: u64,
    /// Most bytes of a single compressed document.
    pub document_bytes: u64,
    /// Most entries.
    pub entries: u64,
    /// Most bytes that one compressed byte of a ZIP entry may become. JSON reaches about 50; DEFLATE can 1,032.
    pub ratio: u64,
}

impl Default for Limits {
    /// Room for the CVE list ten times over. A single document is held in memory: the largest we know, Oracle's OVAL, is a
    /// third of what is allowed.
    fn default() -> Self {
        Self { total_bytes: 64 << 30, entry_bytes: 64 << 20, document_bytes: 640 << 20, entries: 4_000_000, ratio: 400 }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unpacked {
    /// Entries visited.
    pub entries: u64,
    /// Entries not visited, with the reason as a fragment; folders are not counted. At most a thousand are kept.
    pub skipped: Vec<(String, String)>,
    /// Whether bytes lay behind the end of a compressed document. They were not read.
    pub trailing_bytes: bool,
    bytes: u64,
}

/// The container cannot be read, as a whole or any further.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// Our own disk, or the file is gone.
    #[error("read the archive")]
    Io(#[source] io::Error),
    /// Not such a container, or broken: truncated, no directory, a wrong checksum.
    #[error("the archive is broken: {0}")]
    Broken(String),
    /// More than [`Limits`] allow.
    #[error("the archive {0}, which is refused")]
    TooLarge(String),
    /// [`one_document`]: there is no such entry, or it was skipped.
    #[error("the archive has no readable entry {0:?}")]
    NoEntry(String),
}

/// A visitor of entries: name and content. It may end the walk.
pub type Visit<'a> = dyn FnMut(&str, &[u8]) -> ControlFlow<()> + 'a;

/// Shows `visit` each document in the archive at `path`, in the archive's order.
///
/// # Errors
/// The container is broken or too large. Entries before that point have been visited: take them back.
pub fn each_document(
    path: &Path,
    kind: ArchiveKind,
    limits: &Limits,
    visit: &mut Visit<'_>,
) -> Result<Unpacked, UnpackError> {
    let mut walk = Walk { limits, found: Unpacked::default(), visit };
    let file = buffered(path).map_err(UnpackError::Io)?;
    match kind {
        ArchiveKind::Zip => zipped::walk(file, "", false, &mut walk)?,
        ArchiveKind::ZipInZip => zipped::walk(file, "", true, &mut walk)?,
        ArchiveKind::Tar => tarball::walk(file, &mut walk)?,
        ArchiveKind::TarGz => tarball::walk(GzipReader::new(file), &mut walk)?,
        ArchiveKind::TarBz2 => tarball::walk(Bzip2Reader::new(file), &mut walk)?,
        ArchiveKind::TarXz => tarball::walk(XzReader::new(file), &mut walk)?,
        ArchiveKind::TarZst => tarball::walk(zstandard(path).map_err(UnpackError::Io)?, &mut walk)?,
        ArchiveKind::Gz => walk.members(GzipReader::new(file))?,
        ArchiveKind::Bz2 => walk.members(Bzip2Reader::new(file))?,
        ArchiveKind::Xz => walk.members(XzReader::new(file))?,
        ArchiveKind::Zst => walk.single(&mut zstandard(path).map_err(UnpackError::Io)?)?,
    }
    Ok(walk.found)
}

/// The content of one entry, by the name under which [`each_document`] shows it.
///
/// # Errors
/// As [`each_document`]; or there is no such entry.
pub fn one_document(path: &Path, kind: ArchiveKind, entry: &str) -> Result<Vec<u8>, UnpackError> {
    let limits = Limits::default();
    if kind == ArchiveKind::Zip {
        return zipped::one(buffered(path).map_err(UnpackError::Io)?, entry, &limits);
    }
    let mut content = None;
    each_document(path, kind, &limits, &mut |name, bytes| {
        if name == entry {
            content = Some(bytes.to_vec());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    content.ok_or_else(|| UnpackError::NoEntry(entry.to_owned()))
}

/// Whether an archive's entry, or a file of a folder, is by its name a document of `format`: change logs, lists, digests
/// and signatures lie beside documents.
pub fn is_document(format: Format, entry: &str) -> bool {
    let name = entry.rsplit('/').next().unwrap_or(entry).to_ascii_lowercase();
    let json = has_ending(&name, "json");
    match format {
        Format::CveRecord => json && name.starts_with("cve-"),
        Format::Csaf => json && !is_csaf_list(&name),
        Format::EpssCsv => name.is_empty() || has_ending(&name, "csv"),
        Format::Kev => name.is_empty() || json && !name.ends_with("schema.json"),
        Format::UpdateInfo => name.is_empty() || has_ending(&name, "xml") && name.contains("updateinfo"),
        Format::Oval | Format::Cvrf => name.is_empty() || has_ending(&name, "xml"),
        Format::Mail => name.is_empty() || has_ending(&name, "eml"),
        Format::NewsFeed => {
            name.is_empty() || ["xml", "rss", "rdf", "atom"].iter().any(|ending| has_ending(&name, ending))
        }
        Format::MispEvent => name.is_empty() || json && name != "manifest.json",
        _ => name.is_empty() || json,
    }
}

/// Whether a name ends in `.ENDING`, in whatever case.
pub(crate) fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

fn is_csaf_list(name: &str) -> bool {
    const LISTS: [&str; 6] =
        ["provider-metadata.json", "aggregator.json", "service.json", "index.json", "changes.json", "category.json"];
    LISTS.contains(&name) || name.contains("-feed-") || name.starts_with("feed-") || name.ends_with("-feed.json")
}

/// A walk through a container: its limits, what it has found, and who is told.
struct Walk<'a, 'v> {
    limits: &'a Limits,
    found: Unpacked,
    visit: &'a mut Visit<'v>,
}

impl Walk<'_, '_> {
    /// Counts an entry before it is read.
    fn count(&mut self) -> Result<(), UnpackError> {
        self.found.entries += 1;
        if self.found.entries > self.limits.entries {
            return Err(UnpackError::TooLarge(format!("has more than {} entries", self.limits.entries)));
        }
        Ok(())
    }

    /// Counts an entry's bytes.
    fn add(&mut self, bytes: u64) -> Result<(), UnpackError> {
        self.found.bytes += bytes;
        if self.found.bytes > self.limits.total_bytes {
            return Err(UnpackError::TooLarge(format!("unpacks to more than {} bytes", self.limits.total_bytes)));
        }
        Ok(())
    }

    fn skip(&mut self, name: &str, reason: impl Into<String>) {
        const KEPT: usize = 1000;
        self.found.entries = self.found.entries.saturating_sub(1);
        if self.found.skipped.len() < KEPT {
            self.found.skipped.push((name.chars().take(200).collect(), reason.into()));
        }
    }

    /// A compressed document of one or more members.
    fn members<M: Member>(&mut self, mut reader: MemberReader<M>) -> Result<(), UnpackError> {
        self.single(&mut reader)?;
        self.found.trailing_bytes = reader.has_trailing_bytes();
        Ok(())
    }

    /// A compressed document without a container.
    fn single(&mut self, reader: &mut dyn Read) -> Result<(), UnpackError> {
        let most = self.limits.document_bytes.min(self.limits.total_bytes);
        let mut content = Vec::new();
        reader.take(most + 1).read_to_end(&mut content).map_err(|error| UnpackError::Broken(error.to_string()))?;
        if content.len() as u64 > most {
            return Err(UnpackError::TooLarge(format!("unpacks to more than {most} bytes")));
        }
        self.found.entries = 1;
        // A single document has no successor to stop at.
        let _ = (self.visit)("", &content);
        Ok(())
    }
}

fn buffered(path: &Path) -> io::Result<BufReader<File>> {
    File::open(path).map(|file| BufReader::with_capacity(1 << 16, file))
}

/// A decoder that accepts windows of up to 128 MiB (`zstd --long=27`), as large archives of feeds use.
fn zstandard(path: &Path) -> io::Result<impl Read + use<>> {
    let mut decoder = zstd::stream::read::Decoder::new(File::open(path)?)?;
    decoder.window_log_max(27)?;
    Ok(decoder)
}

fn holds_tar(reader: impl Read) -> bool {
    let mut head = Vec::new();
    reader.take(512).read_to_end(&mut head).is_ok() && is_tar(&head)
}

fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// What a ZIP is read from.
trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

#[cfg(test)]
mod tests;
