//! The EU's known exploited vulnerabilities to advisories, as JSON or CSV. They speak of CVEs, never of components.
//!
//! A JSON document is a list of entries; a CSV (RFC 4180) has a header line that names the columns, in whatever order. An
//! entry without a CVE goes by its EUVD identifier. `-` and `tbc` stand for nothing.

mod table;

use std::borrow::Cow;

use jiff::tz::TimeZone;
use standards::euvd::{Exploited, Words, day};
use standards::lenient::{Lax, Text};

use super::Context;
use super::common::{Notes, add_once, add_reference, add_weakness, blank, is_cve, parse, title};
use super::split::scan::{Scanner, peek};
use super::split::{Fault, RawRecord, Statement};
use crate::model::advisory::{Advisory, Exploitation};
use crate::model::raw::Translated;

/// Cuts a document into records.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let start = scanner.trimmed().start;
    let mut records = 0;
    if bytes.get(start) == Some(&b'[') {
        let spans = scanner.list_document()?;
        if spans.is_empty() {
            return Err(scanner.fault(start, "the list is empty"));
        }
        for span in spans {
            let text = &bytes[span.clone()];
            let stated = |names: [&str; 3]| names.iter().find_map(|name| peek(text, &[name])).unwrap_or_default();
            let id = identifier(&stated(["cveID", "cveId", "CVE"]), &stated(["euvdID", "euvdId", "EUVD"]));
            records += 1;
            visit(RawRecord { id, bytes: text, offset: span.start as u64 });
        }
        return Ok(Statement { records, ..Statement::default() });
    }
    let mut rows = table::rows(bytes, start)?.into_iter();
    let header = rows.next().map(|span| table::fields(&bytes[span])).unwrap_or_default();
    if !header.iter().any(|name| is_cve_column(name)) {
        return Err(Fault { offset: 0, reason: "the document is neither a list nor a table with CVEs".to_owned() });
    }
    for span in rows {
        let text = &bytes[span.clone()];
        let entry = entry(&header, &table::fields(text));
        let id = identifier(entry.cve_id.as_str(), entry.euvd_id.as_str());
        records += 1;
        visit(RawRecord { id, bytes: text, offset: span.start as u64 });
    }
    Ok(Statement { records, ..Statement::default() })
}

/// Translates a record.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let stated: Exploited<'_> = if record.bytes.first() == Some(&b'{') {
        parse(record.bytes)?
    } else {
        let header = table::first(context.document, Scanner::new(context.document).trimmed().start);
        entry(&table::fields(header), &table::fields(record.bytes))
    };
    let mut notes = Notes::default();
    let cve = said(notes.text(&stated.cve_id, "cveID"));
    let euvd = said(notes.text(&stated.euvd_id, "euvdID"));
    let id = identifier(cve, euvd);
    if id.is_empty() {
        return Err("The entry has neither a CVE nor an EUVD identifier.".to_owned());
    }
    if !cve.is_empty() && id != cve {
        notes.add("cveID", format!("The identifier is taken as {id}."));
    }
    let mut advisory = blank(record, context, &id);
    if id != euvd {
        add_once(&mut advisory.aliases, euvd);
    }
    said(notes.text(&stated.short_description, "shortDescription")).clone_into(&mut advisory.description);
    advisory.title = name(&stated, &advisory.description, &id, &mut notes);
    let text = notes.text(&stated.notes, "notes");
    for url in text.split([';', ' ', ',', '\n']).map(str::trim).filter(|part| part.starts_with("http")) {
        add_reference(&mut advisory.references, url, "");
    }
    for cwe in words(&stated.cwes) {
        add_weakness(&mut advisory.weaknesses, cwe);
    }
    let known_since = first_day(&stated, &mut notes);
    advisory.published = known_since.and_then(|day| TimeZone::UTC.to_timestamp(day.into()).ok());
    let ransomware = words(&stated.exploitation_type).any(|word| word.eq_ignore_ascii_case("ransomware"));
    advisory.exploitation = Some(Exploitation {
        known_since: known_since.map(|day| day.to_string()),
        ransomware: ransomware.then_some(true),
        ..Exploitation::default()
    });
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// The earlier of the days on which it was reported and added.
fn first_day(stated: &Exploited<'_>, notes: &mut Notes) -> Option<jiff::civil::Date> {
    let mut days = Vec::new();
    for (field, place) in [(&stated.date_reported, "dateReported"), (&stated.date_added, "dateAdded")] {
        let text = said(notes.text(field, place));
        match day(text) {
            Some(day) => days.push(day),
            None if text.is_empty() => {}
            None => notes.add(place, "This is no date; the field is ignored."),
        }
    }
    days.into_iter().min()
}

/// Its own name, else vendor and product.
fn name(stated: &Exploited<'_>, description: &str, id: &str, notes: &mut Notes) -> String {
    let own = said(notes.text(&stated.vulnerability_name, "vulnerabilityName"));
    let vendor = said(notes.text(&stated.vendor_project, "vendorProject"));
    let product = said(notes.text(&stated.product, "product"));
    let of_product = if product.starts_with(vendor) { product.to_owned() } else { format!("{vendor} {product}") };
    title(if own.is_empty() { of_product.trim() } else { own }, description, id)
}

/// The text, unless it stands for nothing.
fn said(text: &str) -> &str {
    let text = text.trim();
    if matches!(text, "-" | "n/a") || text.eq_ignore_ascii_case("tbc") { "" } else { text }
}

fn words<'x>(field: &'x Lax<Words<'_>>) -> impl Iterator<Item = &'x str> {
    field.value().into_iter().flat_map(|words| &words.0).map(|word| said(word)).filter(|word| !word.is_empty())
}

/// The CVE, else the EUVD identifier. `CVE 2024-8190` was once published.
fn identifier(cve: &str, euvd: &str) -> String {
    let cve = said(cve).to_ascii_uppercase().replace(' ', "-");
    if is_cve(&cve) { cve } else { said(euvd).to_owned() }
}

fn is_cve_column(name: &str) -> bool {
    matches!(name, "cveID" | "cveId" | "CVE")
}

/// A row as an entry.
fn entry<'a>(header: &[Cow<'_, str>], row: &[Cow<'a, str>]) -> Exploited<'a> {
    let mut entry = Exploited::default();
    for (name, value) in header.iter().zip(row) {
        let text = || Text::Value(value.clone());
        let list =
            || Lax::Value(Words(value.split([',', ';']).map(|word| Cow::Owned(word.trim().to_owned())).collect()));
        match name.as_ref() {
            name if is_cve_column(name) => entry.cve_id = text(),
            "euvdID" | "euvdId" | "EUVD" => entry.euvd_id = text(),
            "vendorProject" => entry.vendor_project = text(),
            "product" => entry.product = text(),
            "vulnerabilityName" => entry.vulnerability_name = text(),
            "dateReported" => entry.date_reported = text(),
            "dateAdded" => entry.date_added = text(),
            "shortDescription" => entry.short_description = text(),
            "exploitationType" => entry.exploitation_type = list(),
            "cwes" => entry.cwes = list(),
            "notes" => entry.notes = text(),
            _ => {}
        }
    }
    entry
}
