//! Pages from a template: the only place that knows how a document is set.
//!
//! In goes a Typst template and data as JSON, out comes PDF/A-2u (ISO 19005-2): archivable, with embedded fonts and
//! text that can be searched and copied. The same input gives the same bytes on every machine: no system font, no
//! clock, no network and no file besides the two given is read.

mod world;

use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use world::OfflineWorld;

/// What to set.
#[derive(Debug, Clone, Copy)]
pub struct Pages<'a> {
    /// Typst source. It reads its data with `json("data.json")`.
    pub template: &'a str,
    /// The data, as JSON text.
    pub data: &'a str,
    /// Identifies the document, stably: a record's digest.
    pub identifier: &'a str,
    /// Date and time of the document, in UTC: year, month, day, hour, minute, second.
    pub created: (i32, u8, u8, u8, u8, u8),
}

/// Why pages could not be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// The template or its data are wrong; the typesetter's own sentences.
    #[error("set the pages: {}", .0.join("; "))]
    Template(Vec<String>),
    /// The date is none.
    #[error("set the pages: {0:?} is no date and time")]
    Date((i32, u8, u8, u8, u8, u8)),
}

/// Sets pages as PDF/A-2u.
///
/// Characters that no embedded font holds are replaced by their code point in brackets (`[U+5F20]`): PDF/A-2u refuses
/// missing glyphs, and a record must not be lost for a name's spelling.
///
/// # Errors
/// [`SetError::Template`] when the template does not compile or the data do not fit it.
pub fn pdf_a(pages: &Pages<'_>) -> Result<Vec<u8>, SetError> {
    let (year, month, day, hour, minute, second) = pages.created;
    let created =
        Datetime::from_ymd_hms(year, month, day, hour, minute, second).ok_or(SetError::Date(pages.created))?;
    let world = OfflineWorld::new(pages.template, pages.data, created);
    let Warned { output, warnings: _ } = typst::compile::<PagedDocument>(&world);
    let document = output.map_err(|errors| sentences(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2u])
        .map_err(|error| SetError::Template(vec![error.message().to_string()]))?;
    let options = PdfOptions {
        ident: Smart::Custom(pages.identifier.to_owned()),
        creator: Smart::Custom(Some("Wardround".to_owned())),
        timestamp: Some(Timestamp::new_utc(created)),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| sentences(&errors))
}

fn sentences(errors: &[SourceDiagnostic]) -> SetError {
    SetError::Template(
        errors
            .iter()
            .map(|error| {
                let hints: Vec<&str> = error.hints.iter().map(|hint| hint.v.as_str()).collect();
                if hints.is_empty() {
                    error.message.to_string()
                } else {
                    format!("{} ({})", error.message, hints.join("; "))
                }
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests;
