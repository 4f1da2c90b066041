//! The words by which a fetch record says how an archived object carries its documents, as in `zip osv`: by them the knowledge
//! is rebuilt, whatever has become of the source since.

use domain::normalise::Format;
use sources::{ArchiveKind, Content};

const KINDS: [(&str, ArchiveKind); 11] = [
    ("zip", ArchiveKind::Zip),
    ("zip.zip", ArchiveKind::ZipInZip),
    ("gz", ArchiveKind::Gz),
    ("bz2", ArchiveKind::Bz2),
    ("xz", ArchiveKind::Xz),
    ("zst", ArchiveKind::Zst),
    ("tar", ArchiveKind::Tar),
    ("tar.gz", ArchiveKind::TarGz),
    ("tar.bz2", ArchiveKind::TarBz2),
    ("tar.xz", ArchiveKind::TarXz),
    ("tar.zst", ArchiveKind::TarZst),
];

/// The words for some content: the way it is packed (`document`, `zip` …), then the format of the documents.
pub fn words(content: Content) -> String {
    let (packing, format) = match content {
        Content::Index => return "index".to_owned(),
        Content::Document(format) => ("document", format),
        Content::Archive(format, kind) => {
            (KINDS.iter().find(|(_, known)| *known == kind).map_or("archive", |(word, _)| word), format)
        }
    };
    format!("{packing} {}", format.name())
}

/// The content that the words mean; `otherwise` is the format where they name none.
pub fn content(words: &str, otherwise: Option<Format>) -> Option<Content> {
    let (packing, format) = words.split_once(' ').unwrap_or((words, ""));
    if packing == "index" {
        return Some(Content::Index);
    }
    let format = Format::from_name(format).or(otherwise)?;
    if packing == "document" {
        return Some(Content::Document(format));
    }
    KINDS.iter().find(|(word, _)| *word == packing).map(|(_, kind)| Content::Archive(format, *kind))
}
