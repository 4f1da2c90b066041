//! From documents as received to our model: cut a document into records, translate each record.
//!
//! Both steps are pure. A record that cannot be read costs itself, never the document: it is reported and the rest
//! goes on. Cutting ([`split()`]) runs over everything at every sync and builds no tree; translating ([`translate`]) runs
//! only for records whose bytes have changed.
//!
//! | Format | Document | Record | Record id |
//! |---|---|---|---|
//! | OSV | one record | the document | `id` |
//! | CVE Record Format 5 | one record, or one a line (`.ndjson`) | the document, a line | `cveMetadata.cveId`, GCVE's `vulnId` |
//! | NVD API 2.0 page or feed file | envelope | `vulnerabilities[]` | `cve.id` |
//! | CISA KEV | catalogue | `vulnerabilities[]` | `cveID` |
//! | CSAF 2.0, 2.1 | one record | the document | `document.tracking.id` |
//! | EUVD | page or one record | `items[]` | `id` |
//! | EU KEV | list or table | an element, a row | `cveID` |
//! | EPSS | table | none, see [`epss()`] | – |
//! | Debian tracker | package → name → releases | one (package, name) pair | `CVE-2022-0778/openssl` |
//! | `updateinfo.xml` | `<updates>` | `<update>` | `<id>` |
//! | OVAL | `<definitions>` | `<definition>` | `ELSA-2022-4803`, else the definition's `id` |
//! | AlmaLinux' errata | `data[]` | one element | `id` |
//! | Rocky Linux' Apollo API | page | `advisories[]` | `name` |
//! | Alpine secdb | `packages[].pkg.secfixes` | one (package, name) pair | `CVE-2022-0778/openssl/Alpine:v3.15` |
//! | Ubuntu's notices | page, or the notices database | `notices[]` | `USN-6663-1` |
//! | Arch's groups | list | an element | `AVG-2847` |
//! | Photon's CVE data | list | an element | `CVE-2023-38545/curl/Photon OS:4.0` |
//! | CVRF 1.1, 1.2 | document | `Vulnerability` | `CVE-2024-21412/2024-Feb` |
//! | Yocto's `cve-check` | `package[]` | one recipe | `openssl/3.2.3` |

mod alma;
mod applicability;
mod arch;
mod common;
mod csaf;
mod cve;
mod cvrf;
mod cyclonedx;
mod dates;
mod debian;
mod epss;
mod eu_kev;
mod euvd;
mod kev;
mod mail;
mod mark;
mod mentions;
mod misp;
mod news_feed;
mod nvd;
mod osv;
mod oval;
mod packages;
mod photon;
mod plain_text;
mod range_text;
mod rocky;
mod rpm;
pub mod sbom;
mod secdb;
mod spdx;
mod split;
mod stix;
mod updateinfo;
mod usn;
mod yocto;

use serde::{Deserialize, Serialize};

use crate::model::advisory::Advisory;
use crate::model::raw::{Digest, Translated};
use crate::model::source::{Family, SourceId};
use crate::model::tlp::Tlp;

pub use csaf::{Edition as CsafEdition, edition as csaf_edition};
pub use epss::{EpssPoint, EpssRow, EpssScores, UnreadRow, epss, epss_of};
pub use mark::stated_mark;
pub use mentions::mentions;
pub use news_feed::{FeedEntry, feed_entries};
pub use split::{Fault, Page, RawRecord, Statement, split, split_named};

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
    /// The EU's known exploited vulnerabilities, as JSON or CSV.
    EuKev,
    /// A page of the EUVD's search, or one record of it (ENISA).
    Euvd,
    /// A page of Ubuntu's security notices, or the notices database.
    UbuntuNotices,
    /// `updateinfo.xml` of an RPM repository: Amazon Linux and others.
    UpdateInfo,
    /// OVAL definitions, as Oracle Linux and SUSE publish patches.
    Oval,
    /// `errata.full.json` of AlmaLinux.
    AlmaErrata,
    /// A page of Rocky Linux' Apollo API.
    RockyErrata,
    /// `all.json` of Arch Linux' security tracker.
    ArchGroups,
    /// `cve_data_photonX.Y.json` of Photon OS.
    PhotonCves,
    /// A CVRF 1.1 or 1.2 document, as Microsoft's monthly one.
    Cvrf,
    /// The JSON of Yocto's `cve-check`, as a build leaves it.
    YoctoCveCheck,
    /// STIX 2.1 objects: a TAXII envelope or a bundle.
    Stix,
    /// One MISP event.
    MispEvent,
    /// RSS 2.0, RSS 1.0 (RDF) or Atom.
    NewsFeed,
    /// One Internet message (RFC 5322), an `.eml` file.
    Mail,
}

impl Format {
    /// The name as it stands in records, as in `nvd-page`.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
    }
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
    /// The URL or file the object came from; empty where that is unknown. Some formats say only there which release they are of.
    pub from: &'c str,
    /// Mark of what carries none itself: the source's.
    pub tlp: Tlp,
    /// The document that the record was cut from. Some formats say only once, outside the records, what these speak about.
    pub document: &'c [u8],
}

/// Every edition of the record `id` that a document has: STIX documents may have several, of which [`split()`] shows the newest.
pub fn editions<'a>(format: Format, document: &'a [u8], id: &str) -> Vec<RawRecord<'a>> {
    if format == Format::Stix {
        return stix::editions(document, id);
    }
    let mut found = Vec::new();
    // A document that cannot be cut has no editions to show.
    let _ = split(format, document, &mut |record| found.extend(Some(record).filter(|record| record.id == id)));
    found
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
        Format::EuKev => eu_kev::translate(record, context),
        Format::Euvd => euvd::translate(record, context),
        Format::UbuntuNotices => usn::translate(record, context),
        Format::UpdateInfo => updateinfo::translate(record, context),
        Format::Oval => oval::translate(record, context),
        Format::AlmaErrata => alma::translate(record, context),
        Format::RockyErrata => rocky::translate(record, context),
        Format::ArchGroups => arch::translate(record, context),
        Format::PhotonCves => photon::translate(record, context),
        Format::Cvrf => cvrf::translate(record, context),
        Format::YoctoCveCheck => yocto::translate(record, context),
        Format::Stix => stix::translate(record, context),
        Format::MispEvent => misp::translate(record, context),
        Format::NewsFeed => news_feed::translate(record, context),
        Format::Mail => mail::translate(record, context),
    }
}
