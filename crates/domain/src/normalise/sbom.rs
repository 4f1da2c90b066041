//! From the bytes of an SBOM to [`Sbom`]: recognised by content, unwrapped, read into one shape.
//!
//! | Format | Versions | Serialisations |
//! |---|---|---|
//! | CycloneDX | 1.2 to 1.7 | JSON, XML |
//! | SPDX | 2.0 to 2.3 | JSON, tag-value |
//!
//! A DSSE envelope, an in-toto statement and `{"sbom": …}` are opened. Everything else is refused with its name, so that
//! nobody has to guess what is wrong with a file. A field that cannot be taken costs itself and leaves a warning; the
//! component stays. Nothing is fetched, no entity is expanded, and nesting is bounded.

mod distribution;
mod hash;
mod identity;
mod notes;
mod recognise;
mod source_package;
mod words;
mod wrapper;

use serde::{Deserialize, Serialize};

use super::{cyclonedx, spdx};
use crate::model::raw::{Digest, Translated};
use crate::model::sbom::Sbom;
use recognise::Document;

pub(super) use distribution::Distributions;
pub(super) use hash::hash;
pub(super) use identity::Identity;
pub(super) use notes::Notes;
pub(super) use source_package::{of_purl as source_of_purl, srpm};
pub(super) use words::{Placeholder, created, placeholder, version};

/// Largest file that is read: real SBOMs stay below 20 MB.
const BYTES_MAX: usize = 1 << 30;

/// Why a file cannot be read as an SBOM.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
#[error("read {place} as an SBOM: {reason}")]
pub struct Unreadable {
    /// What is wrong, with format, version, line and column as far as they are known.
    pub reason: String,
    /// The file, and the line in it if there is one: `pump.cdx.json`, `pump.cdx.json line 812 column 4`.
    pub place: String,
}

/// Reads an SBOM of any supported format, found by content; the file's name is used for messages only.
///
/// # Errors
/// [`Unreadable`] when the bytes are no SBOM, of a format or version we do not read, or broken.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Translated<Sbom>, Unreadable> {
    let original = Digest::of(bytes);
    let mut notes = Notes::default();
    let refused = |fault: Fault| fault.about(file_name);
    if bytes.len() > BYTES_MAX {
        return Err(refused(Fault::new(format!("the file is larger than {} MB", BYTES_MAX >> 20))));
    }
    let text = recognise::decode(bytes, &mut notes).map_err(refused)?;
    let value = read_text(&text, original, &mut notes, 0).map_err(refused)?;
    source_package::report(&value.components, &mut notes);
    Ok(Translated { value, warnings: notes.into_warnings() })
}

/// Reads one document; `depth` counts the wrappers around it.
fn read_text(text: &str, original: Digest, notes: &mut Notes, depth: usize) -> Result<Sbom, Fault> {
    if let Some(sbom) = read_directly(text, original, notes) {
        return Ok(sbom);
    }
    match recognise::document(text)? {
        Document::CycloneDxJson(version) => {
            let bom = standards::cyclonedx::from_json(text).map_err(|error| Fault::json(&error))?;
            Ok(cyclonedx::translate(bom, format!("CycloneDX {version} JSON"), original, notes))
        }
        Document::CycloneDxXml(version) => {
            let bom = standards::cyclonedx::xml::from_xml(text).map_err(Fault::from)?;
            Ok(cyclonedx::translate(bom, format!("CycloneDX {version} XML"), original, notes))
        }
        Document::SpdxJson(version) => {
            let document = standards::spdx::from_json(text).map_err(|error| Fault::json(&error))?;
            Ok(spdx::translate(&document, format!("SPDX {version} JSON"), original, notes))
        }
        Document::SpdxTagValue(version) => {
            let text = recognise::with_line_feeds(text);
            let document = standards::spdx::from_tag_value(&text);
            Ok(spdx::translate(&document, format!("SPDX {version} tag-value"), original, notes))
        }
        Document::Wrapped(wrapped) => {
            let inner = wrapper::open(wrapped, notes, depth)?;
            read_text(&inner, original, notes, depth + 1).map_err(|fault| fault.inside(wrapped.name()))
        }
    }
}

/// Reads the two usual forms without recognising them first, which saves a pass over the text. Whatever is unusual about
/// a document makes this give up, and the slow way says what it is.
fn read_directly(text: &str, original: Digest, notes: &mut Notes) -> Option<Sbom> {
    if text.contains("\"bomFormat\"") {
        let bom = standards::cyclonedx::from_json(text).ok()?;
        let is_cyclonedx = bom.bom_format.as_str().eq_ignore_ascii_case("CycloneDX");
        let version = recognise::cyclonedx(bom.spec_version.as_str()).ok().filter(|_| is_cyclonedx)?;
        return Some(cyclonedx::translate(bom, format!("CycloneDX {version} JSON"), original, notes));
    }
    if text.contains("\"spdxVersion\"") {
        let document = standards::spdx::from_json(text).ok()?;
        let version = recognise::spdx(document.spdx_version.as_str()).ok()?;
        return Some(spdx::translate(&document, format!("SPDX {version} JSON"), original, notes));
    }
    None
}

/// Why a text cannot be read, before the file's name is known.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    reason: String,
    position: Option<String>,
}

impl Fault {
    /// `reason` may quote the file.
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: words::printable(&reason.into()), position: None }
    }

    fn at(reason: &str, line: usize, column: usize) -> Self {
        let position = format!("line {line} column {column}");
        Self { reason: format!("{} at {position}", words::printable(reason)), position: Some(position) }
    }

    fn json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or(&text);
        if error.is_eof() {
            Self::at("the JSON ends early", error.line(), error.column())
        } else if what == "recursion limit exceeded" {
            Self::at("the JSON is nested too deeply", error.line(), error.column())
        } else if what == "trailing characters" {
            Self::at("something follows the end of the JSON document", error.line(), error.column())
        } else {
            Self::at(&format!("the JSON is broken: {what}"), error.line(), error.column())
        }
    }

    fn inside(self, wrapper: &str) -> Self {
        Self { reason: format!("{} (inside the {wrapper})", self.reason), ..self }
    }

    fn about(self, file_name: &str) -> Unreadable {
        let place = match self.position {
            Some(position) => format!("{file_name} {position}"),
            None => file_name.to_owned(),
        };
        Unreadable { reason: self.reason, place }
    }
}

impl From<standards::cyclonedx::xml::XmlError> for Fault {
    fn from(error: standards::cyclonedx::xml::XmlError) -> Self {
        Self::at(&error.reason, error.line, error.column)
    }
}

#[cfg(test)]
mod tests;
