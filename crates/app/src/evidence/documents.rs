//! A review's documents: canonical JSON (what was signed), HTML, and PDF/A drawn from it.

use askama::Template as _;
use domain::model::raw::Digest;
use domain::model::review::{ReviewId, Signature};
use domain::review::record::ReviewRecord;
use jiff::tz::TimeZone;
use typeset::Pages;

use super::page::ReviewPage;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// The PDF's layout.
const TEMPLATE: &str = include_str!("../../templates/review.typ");

/// The documents of a review.
#[derive(Debug)]
pub struct Documents {
    /// Canonical JSON of the record: its SHA-256 is what signatures bind to.
    pub json: Vec<u8>,
    /// The record as a web page that needs no other file.
    pub html: String,
    /// The record as PDF/A-2u.
    pub pdf: Vec<u8>,
    /// Digest of `json`.
    pub digest: Digest,
    /// The signatures shown.
    pub signatures: Vec<Signature>,
    /// The record itself.
    pub record: ReviewRecord,
}

/// Draws the documents of a concluded review.
pub fn documents(workspace: &Workspace, id: ReviewId) -> Result<Documents> {
    let (record, digest, signatures) = crate::review::frozen(workspace, id)?;
    let json = workspace.archive.read(&digest)?;
    let page = ReviewPage::of(&record, &digest.to_string(), &signatures);
    Ok(Documents { json, html: html(&page)?, pdf: pdf(&page, &record, &signatures)?, digest, signatures, record })
}

/// The page as HTML.
pub fn html(page: &ReviewPage) -> Result<String> {
    page.render().map_err(|error| Error::refused(format!("write the record as HTML: {error}")))
}

/// The page as PDF/A. Dated by its last signature, or by the record, so that the same record gives the same bytes.
fn pdf(page: &ReviewPage, record: &ReviewRecord, signatures: &[Signature]) -> Result<Vec<u8>> {
    let at = signatures
        .iter()
        .map(|signature| signature.at)
        .max()
        .unwrap_or(record.performed_at)
        .to_zoned_datetime(TimeZone::UTC);
    let small = |value: i8| u8::try_from(value).unwrap_or(0);
    let created = (
        i32::from(at.year()),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    );
    let data =
        serde_json::to_string(page).map_err(|error| Error::refused(format!("write the record as PDF: {error}")))?;
    Ok(typeset::pdf_a(&Pages { template: TEMPLATE, data: &data, identifier: &page.digest, created })?)
}
