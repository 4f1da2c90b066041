//! `repomd.xml`: which files an RPM repository consists of, with their digests (createrepo_c; no published schema).

use quick_xml::events::BytesStart;

use crate::xml::{Cursor, XmlError, attribute, text_of};

/// One file of the repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Data {
    /// What it holds: `updateinfo`, `primary`, `filelists`.
    pub kind: String,
    /// Algorithm of the digest: `sha256`, `sha512`, `sha` (SHA-1).
    pub algorithm: String,
    /// Digest of the file as it is transferred, in hexadecimal digits.
    pub checksum: String,
    /// Where it lies, relative to the repository.
    pub location: String,
    /// Another base address than the repository's, if stated (`xml:base`).
    pub base: String,
    /// Seconds since 1970.
    pub timestamp: String,
    /// Bytes as transferred.
    pub size: String,
}

/// Reads `repomd.xml`.
///
/// # Errors
/// [`XmlError`] when the text is not well-formed, has a document type definition, or has another root than `repomd`.
pub fn from_xml(text: &str) -> Result<Vec<Data>, XmlError> {
    let (mut cursor, root) = Cursor::open(text)?;
    if root.local_name().into_inner() != "repomd" {
        let reason = format!("the root element is {:?}, not \"repomd\"", root.local_name().into_inner());
        return Err(XmlError { reason, line: 1, column: 1 });
    }
    let mut files = Vec::new();
    cursor.children(|cursor, name, start| {
        if name == "data" {
            files.push(data(cursor, start)?);
            return Ok(());
        }
        cursor.skip()
    })?;
    cursor.close()?;
    Ok(files)
}

fn data(cursor: &mut Cursor<'_>, start: &BytesStart<'_>) -> Result<Data, XmlError> {
    let mut data = Data { kind: text_of(attribute(start, "type")), ..Data::default() };
    cursor.children(|cursor, name, start| {
        match name {
            "checksum" => {
                data.algorithm = text_of(attribute(start, "type"));
                data.checksum = text_of(cursor.text()?);
            }
            "location" => {
                data.location = text_of(attribute(start, "href"));
                data.base = text_of(attribute(start, "xml:base"));
                cursor.skip()?;
            }
            "timestamp" => data.timestamp = text_of(cursor.text()?),
            "size" => data.size = text_of(cursor.text()?),
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(data)
}
