//! ENISA's EUVD to advisories: a page of the search (`{"items": […], "total": …}`), or one record alone.
//!
//! Products and vendors are names only, so they are candidates for a person. The score is the numbering authority's own;
//! the EPSS value is FIRST's and is taken from there.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use standards::euvd::{Record, instant};
use standards::lenient::Text;
use standards::versions::Scheme;

use super::Context;
use super::common::{Notes, add_once, add_reference, blank, is_cve, parse, says_nothing, title};
use super::range_text::{Read, bound, is_unstated, range, read};
use super::split::scan::{Scanner, peek};
use super::split::{Fault, RawRecord, Statement};
use crate::model::advisory::{Advisory, Affected, Exploitation, Rule, Standing, State, Target};
use crate::model::raw::Translated;

/// Beginnings of identifiers that name one vulnerability, as a CVE does. All others are advisories about some.
const NAMES: [&str; 6] = ["GHSA-", "PYSEC-", "RUSTSEC-", "GO-", "GSD-", "OSV-"];

/// Cuts a document into records: the elements of `items`, else the document itself.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let whole = scanner.trimmed();
    let (mut spans, mut total, mut is_record) = (None, None, false);
    scanner.document(&mut |scanner, key| {
        match key {
            b"items" => spans = Some(scanner.elements()?),
            b"total" => total = scanner.number()?,
            _ => {
                is_record |= key == b"id" || key == b"enisaUuid";
                scanner.skip()?;
            }
        }
        Ok(())
    })?;
    let spans = match spans {
        Some(spans) => spans,
        None if is_record => vec![whole],
        None => return Err(scanner.fault(0, "the document has neither a list `items` nor an `id`")),
    };
    let records = spans.len() as u64;
    for span in spans {
        let text = &bytes[span.clone()];
        visit(RawRecord { id: peek(text, &["id"]).unwrap_or_default(), bytes: text, offset: span.start as u64 });
    }
    Ok(Statement { stated_total: total, records, ..Statement::default() })
}

/// Translates a record.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let stated: Record<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let id = notes.text(&stated.id, "id");
    if id.is_empty() {
        return Err("The record has no `id`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    advisory.published = date(&stated.date_published, "datePublished", &mut notes);
    advisory.modified = date(&stated.date_updated, "dateUpdated", &mut notes);
    notes.text(&stated.description, "description").clone_into(&mut advisory.description);
    advisory.title = title("", &advisory.description, id);
    if is_rejected(&advisory.description) {
        advisory.state = State::Rejected { reason: advisory.description.clone() };
    }
    names(notes.text(&stated.aliases, "aliases"), &mut advisory);
    for url in lines(notes.text(&stated.references, "references")) {
        add_reference(&mut advisory.references, url, "");
    }
    let vector = notes.text(&stated.base_score_vector, "baseScoreVector");
    let assigner = notes.text(&stated.assigner, "assigner");
    notes.score(&mut advisory.scores, assigner, vector, "baseScoreVector");
    if let Some(since) = date(&stated.exploited_since, "exploitedSince", &mut notes) {
        let known_since = Some(TimeZone::UTC.to_datetime(since).date().to_string());
        advisory.exploitation = Some(Exploitation { known_since, ..Exploitation::default() });
    }
    products(&stated, &mut advisory.affected, &mut notes);
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty())
}

fn date(field: &Text<'_>, place: &str, notes: &mut Notes) -> Option<jiff::Timestamp> {
    let text = notes.text(field, place);
    let found = instant(text).or_else(|| super::common::timestamp(text));
    if found.is_none() && !text.is_empty() {
        notes.add(place, "This is no date; the field is ignored.");
    }
    found
}

/// The mark that the CVE list's own descriptions had before records had a state.
fn is_rejected(description: &str) -> bool {
    description.starts_with("** REJECT") || description.starts_with("Rejected reason:")
}

/// A record is one vulnerability. Where it lists several CVEs they cannot all be the same, and are related only (R1).
fn names(text: &str, advisory: &mut Advisory) {
    let several = lines(text).filter(|name| is_cve(name)).nth(1).is_some();
    for name in lines(text).filter(|name| *name != advisory.id) {
        let same = if is_cve(name) { !several } else { NAMES.iter().any(|prefix| name.starts_with(prefix)) };
        add_once(if same { &mut advisory.aliases } else { &mut advisory.related }, name);
    }
}

/// One entry for each product; the vendor is named where there is but one.
fn products(stated: &Record<'_>, affected: &mut Vec<Affected>, notes: &mut Notes) {
    let mut vendors = notes.list(&stated.enisa_id_vendor, "enisaIdVendor");
    let vendor = match (vendors.next(), vendors.next()) {
        (Some((_, only)), None) => only.vendor.value().map_or("", |vendor| vendor.name.as_str()),
        _ => "",
    };
    let vendor = if is_unstated(vendor) { "" } else { vendor.trim() };
    let mut at: HashMap<&str, usize> = HashMap::new();
    for (index, entry) in notes.list(&stated.enisa_id_product, "enisaIdProduct") {
        let name = entry.product.value().map_or("", |product| product.name.as_str()).trim();
        if is_unstated(name) {
            continue;
        }
        let place = format!("enisaIdProduct[{index}]");
        let number = *at.entry(name).or_insert_with(|| {
            let target = Target::Named { vendor: vendor.to_owned(), product: name.to_owned() };
            affected.push(says_nothing(target, Standing::Unknown, place.clone()));
            affected.len() - 1
        });
        let version = notes.text(&entry.product_version, format_args!("{place}.product_version"));
        match rules(version) {
            Some(found) => affected[number].rules.extend(found),
            None => notes.add(
                format_args!("{place}.product_version"),
                "This is no version or range that can be compared; any version may be affected.",
            ),
        }
    }
}

/// `5.1 <5.1.5` begins at 5.1, `<5.1.5` at the beginning, `5.1` is alone, `patch: 1.2` is where the fault ends.
fn rules(text: &str) -> Option<Vec<Rule>> {
    if let Some(fixed) = text.strip_prefix("patch:").map(str::trim) {
        let mut rule = range(Scheme::Generic, None, Some(bound(fixed, false)));
        rule.fixed = Some(fixed.to_owned());
        // A digest of an image is no version with an order.
        return (!fixed.is_empty() && !fixed.contains(':')).then(|| vec![rule]);
    }
    let end = ['<', '≤'].iter().find_map(|sign| text.split_once(*sign).map(|(start, end)| (start, end, *sign)));
    let Some((start, end, sign)) = end else {
        return match read(text, Scheme::Generic) {
            Read::Rules(rules) => Some(rules),
            Read::Unstated => Some(Vec::new()),
            Read::Unreadable => None,
        };
    };
    let (end, inclusive) = match end.strip_prefix('=') {
        Some(end) => (end.trim(), true),
        None => (end.trim(), sign == '≤'),
    };
    let start = start.trim();
    let lower = (!is_unstated(start) && start != "0" && start != "*").then(|| bound(start, true));
    let upper = (!is_unstated(end) && end != "*").then(|| bound(end, inclusive));
    Some(vec![range(Scheme::Generic, lower, upper)])
}
