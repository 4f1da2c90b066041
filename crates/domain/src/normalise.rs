//! From documents as received to our model: cut a document into records, translate each record.
//!
//! Both steps are pure. A record that cannot be read costs itself, never the document: it is reported and the rest
//! goes on. Cutting ([`split()`]) runs over everything at every sync and builds no tree; translating ([`translate`]) runs
//! only for records whose bytes have changed.
//!
//! | Format | Document | Record | Record id |
//! |---|---|---|---|
//! | OSV | one record | the document | `id` |
//! | CVE Record Format 5 | one record | the document | `cveMetadata.cveId` |
//! | NVD API 2.0 page or feed file | envelope | `vulnerabilities[]` | `cve.id` |
//! | CISA KEV | catalogue | `vulnerabilities[]` | `cveID` |
//! | CSAF 2.0, 2.1 | one record | the document | `document.tracking.id` |
//! | EPSS | table | none, see [`epss()`] | – |
//! | Debian tracker | package → name → releases | one (package, name) pair | `CVE-2022-0778/openssl` |
//! | Alpine secdb | `packages[].pkg.secfixes` | one (package, name) pair | `CVE-2022-0778/openssl/Alpine:v3.15` |

mod applicability;
mod common;
mod csaf;
mod cve;
mod cyclonedx;
mod debian;
mod epss;
mod kev;
mod nvd;
mod osv;
mod packages;
mod range_text;
pub mod sbom;
mod secdb;
mod spdx;
mod split;

use serde::{Deserialize, Serialize};

use crate::model::advisory::Advisory;
use crate::model::raw::{Digest, Translated};
use crate::model::source::{Family, SourceId};

pub use epss::{EpssRow, EpssScores, epss};
pub use split::{Fault, Page, RawRecord, Statement, split};

/// A document format we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// OSV schema 1.x: one record.
    Osv,
    /// CVE Record Format 5.x: one record.
    CveRecord,
    /// A page of the NVD CVE API 2.0, or a feed file of the same shape.
    NvdPage,
    /// The known exploited vulnerabilities catalogue.
    Kev,
    /// CSAF 2.0 or 2.1: one document.
    Csaf,
    /// EPSS daily scores, CSV.
    EpssCsv,
    /// The Debian security tracker's JSON.
    DebianTracker,
    /// Alpine's security database, also Wolfi's and Chainguard's.
    AlpineSecdb,
}

/// Where a record comes from: what translation cannot read from its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The source that delivered it.
    pub source: &'c SourceId,
    /// The family of the source. OSV records of a distribution's ecosystem are [`Family::OsVendor`] all the same.
    pub family: Family,
    /// The archived object the record lies in.
    pub object: Digest,
    /// Name of the archive's member; empty when the object is the document.
    pub entry: &'c str,
}

/// Translates one record as [`split()`] cut it: an advisory, and what could not be taken as it stands.
///
/// # Errors
/// A sentence with the place, when nothing can be read: the record goes to quarantine.
pub fn translate(
    format: Format,
    record: &RawRecord<'_>,
    context: &Context<'_>,
) -> Result<Translated<Advisory>, String> {
    match format {
        Format::Osv => osv::translate(record, context),
        Format::CveRecord => cve::translate(record, context),
        Format::NvdPage => nvd::translate(record, context),
        Format::Kev => kev::translate(record, context),
        Format::Csaf => csaf::translate(record, context),
        Format::EpssCsv => Err("EPSS scores are a table and hold no advisories.".to_owned()),
        Format::DebianTracker => debian::translate(record, context),
        Format::AlpineSecdb => secdb::translate(record, context),
    }
}
