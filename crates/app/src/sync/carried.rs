//! The words by which a fetch record says what an archived object is, so that it can be read again.

use domain::normalise::Format;
use sources::{ArchiveKind, Content};

/// The word for some content.
pub fn word(content: Content) -> &'static str {
    match content {
        Content::Index => "index",
        Content::Document(_) => "document",
        Content::Archive(_, kind) => match kind {
            ArchiveKind::Zip => "zip",
            ArchiveKind::ZipInZip => "zip.zip",
            ArchiveKind::Gz => "gz",
            ArchiveKind::Zst => "zst",
            ArchiveKind::Tar => "tar",
            ArchiveKind::TarGz => "tar.gz",
            ArchiveKind::TarZst => "tar.zst",
        },
    }
}

/// The content that a word means; `format` is the source's.
pub fn content(word: &str, format: Format) -> Option<Content> {
    let kind = match word {
        "index" => return Some(Content::Index),
        "document" => return Some(Content::Document(format)),
        "zip" => ArchiveKind::Zip,
        "zip.zip" => ArchiveKind::ZipInZip,
        "gz" => ArchiveKind::Gz,
        "zst" => ArchiveKind::Zst,
        "tar" => ArchiveKind::Tar,
        "tar.gz" => ArchiveKind::TarGz,
        "tar.zst" => ArchiveKind::TarZst,
        _ => return None,
    };
    Some(Content::Archive(format, kind))
}
