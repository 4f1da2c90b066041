//! A page of Rocky Linux' Apollo API (v3) to advisories: one for each element of `advisories`.
//!
//! | Erratum | Ours |
//! |---|---|
//! | `name` | identifier, as in OSV's ecosystem `Rocky Linux` |
//! | `cves` | related: an erratum covers vulnerabilities (R1); their vectors are scores |
//! | `packages` | affected below their versions; see [`super::rpm`] |
//! | products marked `(Legacy)` | count where the erratum has no current product of that release |
//! | `kind` other than `Security`, without CVEs | kept without entries |

use std::collections::BTreeSet;

use standards::rpm_errata::{RockyErratum, RockyPackage};

use super::Context;
use super::common::{Notes, add_reference, add_weakness, blank, parse, timestamp, title};
use super::rpm::{self, Fix, Fixes};
use super::split::scan::Scanner;
use super::split::{Fault, Page, RawRecord, Statement, visit_spans};
use crate::model::advisory::Advisory;
use crate::model::raw::Translated;
use crate::model::source::Family;

/// Cuts a page into errata.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let (mut spans, mut total, mut number, mut size, mut at) = (None, None, None, None, None);
    scanner.document(&mut |scanner, key| {
        match key {
            b"advisories" => spans = Some(scanner.elements()?),
            b"total" => total = scanner.number()?,
            b"page" => number = scanner.number()?,
            b"size" => size = scanner.number()?,
            b"last_updated_at" => at = scanner.text()?.as_deref().and_then(timestamp),
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    let spans = spans.ok_or_else(|| scanner.fault(0, "the document has no list `advisories`"))?;
    let records = visit_spans(bytes, spans, &["name"], visit);
    let page = match (number, size, total) {
        (Some(number), Some(size), Some(total)) => {
            Some(Page { start: number.saturating_sub(1).saturating_mul(size), len: size, total })
        }
        _ => None,
    };
    Ok(Statement { stated_total: total, data_timestamp: at, page, records })
}

/// Translates an erratum.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let erratum: RockyErratum<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let id = notes.text(&erratum.name, "name");
    if id.is_empty() {
        return Err("The erratum has no `name`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    advisory.family = Family::OsVendor;
    advisory.published = notes.timestamp(&erratum.published_at, "published_at");
    advisory.modified = notes.changed(&erratum.updated_at, "updated_at")?.or(advisory.published);
    notes.text(&erratum.description, "description").clone_into(&mut advisory.description);
    advisory.title = title(notes.text(&erratum.synopsis, "synopsis"), &advisory.description, id);
    for (index, cve) in notes.list(&erratum.cves, "cves") {
        rpm::cover(&mut advisory, cve.cve.as_str().trim());
        add_weakness(&mut advisory.weaknesses, cve.cwe.as_str());
        let vector = cve.cvss3_scoring_vector.as_str().trim();
        if vector.starts_with("CVSS:") {
            let place = format!("cves[{index}].cvss3_scoring_vector");
            notes.score(&mut advisory.scores, "Rocky Linux", vector, place);
        }
    }
    for (_, fix) in notes.list(&erratum.fixes, "fixes") {
        add_reference(&mut advisory.references, fix.source.as_str().trim(), "bug");
    }
    if rpm::is_security(erratum.kind.as_str(), &advisory) {
        advisory.affected = fixes(&erratum, &mut notes).into_affected("packages", &mut notes);
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

fn fixes(erratum: &RockyErratum<'_>, notes: &mut Notes) -> Fixes {
    let mut listed: Vec<(bool, Fix)> = Vec::new();
    for (index, package) in notes.list(&erratum.packages, "packages") {
        match fix(package) {
            Ok(fix) => listed.push((package.product_name.as_str().contains("Legacy"), fix)),
            Err(reason) => notes.add(format_args!("packages[{index}]"), reason),
        }
    }
    // A legacy product is an earlier minor release, which gets nothing new.
    let current: BTreeSet<(String, String, String)> =
        listed.iter().filter(|(legacy, _)| !legacy).map(|(_, fix)| what(fix)).collect();
    let mut fixes = Fixes::default();
    for (legacy, fix) in listed {
        if !legacy || !current.contains(&what(&fix)) {
            fixes.add(fix);
        }
    }
    if fixes.is_empty() {
        notes.add("packages", "The erratum lists no packages; it matches nothing.");
    }
    fixes
}

fn what(fix: &Fix) -> (String, String, String) {
    (fix.ecosystem.clone(), fix.name.clone(), fix.module.clone())
}

/// The fix in one package; `Err` says why there is none, as a sentence.
fn fix(package: &RockyPackage<'_>) -> Result<Fix, String> {
    let nevra = package.nevra.as_str().trim();
    let (name, evr, arch) =
        rpm::nevra(nevra).ok_or_else(|| format!("{nevra:?} is no name, version and architecture; it is left out."))?;
    let of_build = || rpm::major_of_build(&evr).map(|major| format!("Rocky Linux:{major}"));
    let ecosystem = rpm::release_named(package.product_name.as_str())
        .filter(|ecosystem| ecosystem.starts_with("Rocky Linux:"))
        .or_else(of_build)
        .ok_or_else(|| format!("Nothing says which release {nevra} is of; it is left out."))?;
    let module = match (package.module_name.as_str().trim(), package.module_stream.as_str().trim()) {
        ("", _) | (_, "") => String::new(),
        (name, stream) => format!("{name}:{stream}"),
    };
    Ok(Fix { ecosystem, name: name.to_owned(), arch: arch.to_owned(), module, evr, ..Fix::default() })
}
