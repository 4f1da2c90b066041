//! Cuts a document into records without building a tree of it.
//!
//! Shape: the decompressed bytes in, one [`RawRecord`] after the other out, then what the document says about itself.
//! Only brackets, strings and separators are looked at. A record with invalid UTF-8 or a misspelt value is still cut
//! out, so that it costs only itself; a document that breaks off costs all of it, and nothing of it is visited.

pub(super) mod scan;
pub(super) mod xml;

use std::ops::Range;

use jiff::Timestamp;

use self::scan::Scanner;
use super::Format;
use super::common::timestamp;

/// One record, still as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRecord<'a> {
    /// The record's identifier; empty if it cannot be read. See the table of [`super`] for each format's.
    pub id: String,
    /// Its bytes, without the white space around them.
    pub bytes: &'a [u8],
    /// Offset of `bytes` in the document.
    pub offset: u64,
}

/// What a document says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statement {
    /// How many records the provider has in all, as the document states it (NVD `totalResults`, KEV `count`).
    pub stated_total: Option<u64>,
    /// When the provider says the data are from.
    pub data_timestamp: Option<Timestamp>,
    /// Position of an NVD page in the whole.
    pub page: Option<Page>,
    /// Records visited.
    pub records: u64,
}

/// Position of a page in the whole result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Index of the first record (`startIndex`).
    pub start: u64,
    /// Number of records, as stated (`resultsPerPage`); compare it with [`Statement::records`].
    pub len: u64,
    /// Number of records in all (`totalResults`).
    pub total: u64,
}

/// The document itself cannot be read: nothing of it may be taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (at byte {offset})")]
pub struct Fault {
    /// Where, in bytes from the beginning.
    pub offset: u64,
    /// What is wrong, as a fragment of a sentence.
    pub reason: String,
}

/// Cuts a document into records and calls `visit` for each, in document order.
///
/// # Errors
/// [`Fault`] when the document breaks off or is none of this format; `visit` has then not been called.
pub fn split<'a>(format: Format, bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    split_named(format, "", bytes, visit)
}

/// As [`split`], for a document that came from `from` (a URL, a file, an archive's member): some formats say only there
/// which release they are of.
///
/// # Errors
/// As [`split`].
pub fn split_named<'a>(
    format: Format,
    from: &str,
    bytes: &'a [u8],
    visit: &mut dyn FnMut(RawRecord<'a>),
) -> Result<Statement, Fault> {
    match format {
        Format::Osv => whole(bytes, &["id"], visit),
        Format::CveRecord => super::cve::split(from, bytes, visit),
        Format::Csaf => whole(bytes, &["document", "tracking", "id"], visit),
        Format::NvdPage => nvd(bytes, visit),
        Format::Kev => kev(bytes, visit),
        Format::DebianTracker => debian(bytes, visit),
        Format::AlpineSecdb => secdb(bytes, visit),
        Format::EpssCsv => Ok(Statement::default()),
        Format::EuKev => super::eu_kev::split(bytes, visit),
        Format::Euvd => super::euvd::split(bytes, visit),
        Format::UbuntuNotices => super::usn::split(bytes, visit),
        Format::UpdateInfo => super::updateinfo::split(from, bytes, visit),
        Format::Oval => super::oval::split(from, bytes, visit),
        Format::AlmaErrata => super::alma::split(from, bytes, visit),
        Format::RockyErrata => super::rocky::split(bytes, visit),
        Format::ArchGroups => super::arch::split(bytes, visit),
        Format::PhotonCves => super::photon::split(from, bytes, visit),
        Format::Cvrf => super::cvrf::split(bytes, visit),
        Format::YoctoCveCheck => super::yocto::split(from, bytes, visit),
        Format::Stix => super::stix::split(bytes, visit),
        Format::MispEvent => super::misp::split(bytes, visit),
        Format::NewsFeed => super::news_feed::split(bytes, visit),
        Format::Mail => super::mail::split(bytes, visit),
    }
}

/// The document is the record. Its end is not looked for: that is left to translation.
fn whole<'a>(bytes: &'a [u8], id_path: &[&str], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let scanner = Scanner::new(bytes);
    let span = scanner.trimmed();
    let text = &bytes[span.clone()];
    if text.first() != Some(&b'{') {
        return Err(scanner.fault(span.start, "the document is no JSON object"));
    }
    visit(RawRecord { id: scan::peek(text, id_path).unwrap_or_default(), bytes: text, offset: span.start as u64 });
    Ok(Statement { records: 1, ..Statement::default() })
}

/// Gives every span to `visit`, with the identifier that stands in it.
pub(super) fn visit_spans<'a>(
    bytes: &'a [u8],
    spans: Vec<Range<usize>>,
    id_path: &[&str],
    visit: &mut dyn FnMut(RawRecord<'a>),
) -> u64 {
    let records = spans.len() as u64;
    for span in spans {
        let text = &bytes[span.clone()];
        visit(RawRecord { id: scan::peek(text, id_path).unwrap_or_default(), bytes: text, offset: span.start as u64 });
    }
    records
}

/// NVD: the envelope of the CVE API 2.0 (`cve_api_json_2.0.schema`).
fn nvd<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let (mut spans, mut start, mut len, mut total, mut at) = (None, None, None, None, None);
    scanner.document(&mut |scanner, key| {
        match key {
            b"vulnerabilities" => spans = Some(scanner.elements()?),
            b"startIndex" => start = scanner.number()?,
            b"resultsPerPage" => len = scanner.number()?,
            b"totalResults" => total = scanner.number()?,
            b"timestamp" => at = scanner.text()?.as_deref().and_then(timestamp),
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    let spans = spans.ok_or_else(|| scanner.fault(0, "the document has no list `vulnerabilities`"))?;
    let records = visit_spans(bytes, spans, &["cve", "id"], visit);
    let page = match (start, len, total) {
        (Some(start), Some(len), Some(total)) => Some(Page { start, len, total }),
        _ => None,
    };
    Ok(Statement { stated_total: total, data_timestamp: at, page, records })
}

/// KEV: the stated count must hold, because a cut-off catalogue was once published.
fn kev<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let (mut spans, mut count, mut released, mut version) = (None, None, None, None);
    scanner.document(&mut |scanner, key| {
        match key {
            b"vulnerabilities" => spans = Some(scanner.elements()?),
            b"count" => count = scanner.number()?,
            b"dateReleased" => released = scanner.text()?.as_deref().and_then(timestamp),
            b"catalogVersion" => version = scanner.text()?,
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    let spans = spans.ok_or_else(|| scanner.fault(0, "the document has no list `vulnerabilities`"))?;
    let count = count.ok_or_else(|| scanner.fault(0, "the catalogue does not state its `count`"))?;
    if count != spans.len() as u64 {
        let reason = format!("the catalogue states {count} entries and holds {}", spans.len());
        return Err(Fault { offset: 0, reason });
    }
    let from_version = || version.as_deref().and_then(|text| timestamp(&text.replace('.', "-")));
    let data_timestamp = released.or_else(from_version);
    let records = visit_spans(bytes, spans, &["cveID"], visit);
    Ok(Statement { stated_total: Some(count), data_timestamp, page: None, records })
}

/// Debian: package → name of the vulnerability → what is known.
fn debian<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let mut cut = Vec::new();
    scanner.document(&mut |scanner, package| {
        scanner.members(&mut |scanner, name| {
            cut.push((package, name, scanner.value()?));
            Ok(())
        })
    })?;
    let records = cut.len() as u64;
    for (package, name, span) in cut {
        let id = format!("{}/{}", scan::unescape(name), scan::unescape(package));
        visit(RawRecord { id, bytes: &bytes[span.clone()], offset: span.start as u64 });
    }
    Ok(Statement { records, ..Statement::default() })
}

/// Alpine: one record for every name in a package's `secfixes`; its bytes are the versions under which it stands.
fn secdb<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let (mut packages, mut release, mut prefix) = (None, None, None);
    scanner.document(&mut |scanner, key| {
        match key {
            b"packages" => packages = Some(scanner.elements()?),
            b"distroversion" => release = scanner.text()?,
            b"urlprefix" => prefix = scanner.text()?,
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    let packages = packages.ok_or_else(|| scanner.fault(0, "the document has no list `packages`"))?;
    let ecosystem = super::secdb::ecosystem(release.as_deref(), prefix.as_deref());
    let mut records = 0;
    for span in packages {
        let text = &bytes[span.clone()];
        // What cannot be read is one record without a name: it is set aside.
        let whole = || vec![(String::new(), 0..text.len())];
        for (id, part) in super::secdb::cut(text, &ecosystem).unwrap_or_else(whole) {
            records += 1;
            visit(RawRecord { id, bytes: &text[part.clone()], offset: (span.start + part.start) as u64 });
        }
    }
    Ok(Statement { records, ..Statement::default() })
}
