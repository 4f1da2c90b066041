//! What a file is: by its encoding, its first character and the keys or root element it holds, never by its name.
//!
//! Keys may stand anywhere: several generators sort them, so that `bomFormat` comes after all components. A JSON document
//! is therefore passed over once for its keys, which costs a tenth of reading it.

use std::borrow::Cow;

use encoding_rs::Encoding;
use serde::Deserialize;
use serde_json::value::RawValue;
use standards::cyclonedx::xml;
use standards::lenient::Text;

use super::{Fault, Notes};

/// CycloneDX versions that are read.
const CYCLONEDX: [&str; 6] = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];
/// SPDX versions that are read.
const SPDX: [&str; 4] = ["2.0", "2.1", "2.2", "2.3"];

/// What a text is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Document<'a> {
    /// CycloneDX JSON of this version.
    CycloneDxJson(&'a str),
    /// CycloneDX XML of this version.
    CycloneDxXml(&'a str),
    /// SPDX JSON of this version.
    SpdxJson(&'a str),
    /// SPDX tag-value of this version.
    SpdxTagValue(&'a str),
    /// Something that holds a document.
    Wrapped(Wrapped<'a>),
}

/// A document around a document.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wrapped<'a> {
    /// DSSE: the payload in base64.
    Envelope(&'a RawValue),
    /// in-toto statement: the predicate.
    Statement(&'a RawValue),
    /// The answer of a dependency graph service: the value of `sbom`.
    Answer(&'a RawValue),
}

impl Wrapped<'_> {
    /// Its name for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Envelope(_) => "DSSE envelope",
            Self::Statement(_) => "in-toto statement",
            Self::Answer(_) => "\"sbom\" wrapper",
        }
    }
}

/// Turns bytes into text: byte-order marks and UTF-16 are understood; other bytes that are not UTF-8 are replaced.
pub(super) fn decode<'b>(bytes: &'b [u8], notes: &mut Notes) -> Result<Cow<'b, str>, Fault> {
    if let Some(kind) = packed(bytes) {
        return Err(Fault::new(format!("it is a {kind} file; unpack it and import what is inside")));
    }
    let encoding = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or_else(|| utf16_without_mark(bytes));
    let (text, encoding, broken) = encoding.unwrap_or(encoding_rs::UTF_8).decode(bytes);
    if broken {
        let reason = format!("has bytes that are not {}; each was replaced by U+FFFD", encoding.name());
        notes.warn("document", reason);
    }
    Ok(text)
}

/// Lines that end with a carriage return alone, as one generator writes them on every system.
pub(super) fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') && !text.contains('\n') {
        return Cow::Owned(text.replace('\r', "\n"));
    }
    Cow::Borrowed(text)
}

/// Compressed files and archives, by their first bytes.
fn packed(bytes: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 5] = [
        (b"\x1f\x8b", "gzip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"PK\x03\x04", "ZIP"),
        (b"BZh", "bzip2"),
        (b"\xfd7zXZ", "xz"),
    ];
    known.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

/// UTF-16 begins, in every format we read, with an ASCII character: one of its two bytes is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, first, ..] if first.is_ascii_graphic() => Some(encoding_rs::UTF_16BE),
        [first, 0, ..] if first.is_ascii_graphic() => Some(encoding_rs::UTF_16LE),
        _ => None,
    }
}

/// Recognises a text, or says by name what it is instead.
pub(super) fn document(text: &str) -> Result<Document<'_>, Fault> {
    match text.trim_start().chars().next() {
        None => Err(Fault::new("the file is empty")),
        Some('{') => json(text),
        Some('[') => Err(Fault::new("not an SBOM: the JSON document is a list; import its documents one by one")),
        Some('<') => xml_document(text),
        Some(_) => plain(text),
    }
}

/// The keys by which JSON documents are told apart.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Keys<'a> {
    #[serde(borrow)]
    bom_format: Text<'a>,
    #[serde(borrow)]
    spec_format: Text<'a>,
    #[serde(borrow)]
    spec_version: Text<'a>,
    #[serde(borrow)]
    spdx_version: Text<'a>,
    #[serde(borrow, rename = "@context")]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    payload_type: Text<'a>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    #[serde(borrow)]
    predicate: Option<&'a RawValue>,
    #[serde(borrow)]
    sbom: Option<&'a RawValue>,
}

fn json(text: &str) -> Result<Document<'_>, Fault> {
    let keys: Keys<'_> = serde_json::from_str(text).map_err(|error| Fault::json(&error))?;
    if keys.bom_format.as_str().eq_ignore_ascii_case("CycloneDX") {
        return Ok(Document::CycloneDxJson(cyclonedx(keys.spec_version.as_str())?));
    }
    if keys.spec_format.as_str().eq_ignore_ascii_case("CycloneDX") {
        return Err(unsupported_cyclonedx(keys.spec_version.as_str()));
    }
    if keys.spdx_version.value().is_some() {
        return Ok(Document::SpdxJson(spdx(keys.spdx_version.as_str())?));
    }
    if let Some(context) = keys.context {
        return Err(linked_data(context.get()));
    }
    match keys {
        Keys { payload: Some(payload), payload_type: Text::Value(_), .. } => {
            Ok(Document::Wrapped(Wrapped::Envelope(payload)))
        }
        Keys { predicate: Some(predicate), .. } => Ok(Document::Wrapped(Wrapped::Statement(predicate))),
        Keys { sbom: Some(sbom), .. } => Ok(Document::Wrapped(Wrapped::Answer(sbom))),
        _ => Err(not_an_sbom()),
    }
}

/// The version, if it is one that is read.
pub(super) fn cyclonedx(version: &str) -> Result<&'static str, Fault> {
    let version = version.trim();
    CYCLONEDX.into_iter().find(|known| *known == version).ok_or_else(|| unsupported_cyclonedx(version))
}

fn unsupported_cyclonedx(version: &str) -> Fault {
    Fault::new(match version.trim() {
        "" => "CycloneDX without a specVersion: 1.2 to 1.7 are read".to_owned(),
        old @ ("1.0" | "1.1") => format!("CycloneDX {old} is too old: 1.2 to 1.7 are read"),
        version => format!("CycloneDX {version} is not supported yet: 1.2 to 1.7 are"),
    })
}

/// The version, if it is one that is read.
pub(super) fn spdx(version: &str) -> Result<&'static str, Fault> {
    let number = version.trim().trim_start_matches("SPDX-");
    SPDX.into_iter().find(|known| *known == number).ok_or_else(|| unsupported_spdx(number))
}

fn unsupported_spdx(version: &str) -> Fault {
    Fault::new(match version {
        "" => "SPDX without a version: 2.0 to 2.3 are read".to_owned(),
        version => format!("SPDX {version} is not supported yet: 2.0 to 2.3 are"),
    })
}

/// JSON-LD: SPDX 3 names its version in the context.
fn linked_data(context: &str) -> Fault {
    let after = context.split_once("spdx.org/rdf/").map(|(_, after)| after);
    match after.and_then(|after| after.split(['/', '"']).next()) {
        Some(version) => unsupported_spdx(version.trim_start_matches('v')),
        None if context.contains("openvex") => Fault::new("not an SBOM: it is an OpenVEX document"),
        None => Fault::new("not an SBOM: JSON-LD whose context is not SPDX"),
    }
}

fn xml_document(text: &str) -> Result<Document<'_>, Fault> {
    let root = xml::root(text)?;
    if let Some(version) = root.namespace.strip_prefix("http://cyclonedx.org/schema/bom/") {
        return Ok(Document::CycloneDxXml(cyclonedx(version)?));
    }
    Err(match root.name.as_str() {
        "RDF" if text.contains("spdx.org/rdf/terms") => other_serialisation("RDF/XML", text),
        "Document" if text.contains("<spdxVersion>") => other_serialisation("XML", text),
        "SoftwareIdentity" => Fault::new("SWID tags are not supported: CycloneDX and SPDX are"),
        name => Fault::new(format!("not an SBOM: the XML's root element <{name}> is no CycloneDX bom")),
    })
}

/// Texts that are neither JSON nor XML are known by the beginning of a line.
fn plain(text: &str) -> Result<Document<'_>, Fault> {
    let value = |key: &str| text.split(['\n', '\r']).find_map(|line| line.trim_end().strip_prefix(key)).map(str::trim);
    if let Some(version) = value("SPDXVersion:") {
        return Ok(Document::SpdxTagValue(spdx(version)?));
    }
    if let Some(version) = value("spdxVersion:").or_else(|| value("\"spdxVersion\":")) {
        let version = version.trim_matches(['"', '\'']).trim_start_matches("SPDX-");
        return Err(Fault::new(format!("SPDX {version} YAML is not supported yet: JSON and tag-value are")));
    }
    if value("bomFormat:").is_some() {
        return Err(Fault::new("CycloneDX as YAML is not a form the specification knows: JSON and XML are read"));
    }
    if (text.contains("@prefix") || text.contains("PREFIX ")) && text.contains("spdx.org/rdf/") {
        return Err(other_serialisation("Turtle", text));
    }
    Err(not_an_sbom())
}

fn other_serialisation(name: &str, text: &str) -> Fault {
    let is_version = |after: &&str| matches!(after.as_bytes(), [b'0'..=b'9', b'.', b'0'..=b'9', ..]);
    let version = text.split("SPDX-").skip(1).find(is_version).map_or("2", |after| &after[..3]);
    Fault::new(format!("SPDX {version} {name} is not supported yet: JSON and tag-value are"))
}

fn not_an_sbom() -> Fault {
    Fault::new("not an SBOM: neither bomFormat nor spdxVersion found")
}
