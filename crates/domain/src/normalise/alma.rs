//! AlmaLinux' `errata.full.json` to advisories: one for each element of `data`.
//!
//! | Erratum | Ours |
//! |---|---|
//! | `id` | identifier, as in OSV's ecosystem `AlmaLinux` |
//! | `references` of type `cve` | related: an erratum covers vulnerabilities (R1) |
//! | `packages` | affected below their versions; see [`super::rpm`] |
//! | release | the erratum's own page, else the builds' tags, else the address the file came from |
//! | `type` other than `security`, without CVEs | kept without entries |

use jiff::Timestamp;
use standards::lenient::Lax;
use standards::rpm_errata::{AlmaErratum, AlmaPackage};

use super::Context;
use super::common::{Notes, add_reference, blank, parse, title};
use super::rpm::{self, Fix, Fixes};
use super::split::scan::Scanner;
use super::split::{Fault, RawRecord, Statement, visit_spans};
use crate::model::advisory::Advisory;
use crate::model::raw::Translated;
use crate::model::source::Family;

/// Cuts the document into errata.
pub(super) fn split<'a>(
    _from: &str,
    bytes: &'a [u8],
    visit: &mut dyn FnMut(RawRecord<'a>),
) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let mut spans = None;
    scanner.document(&mut |scanner, key| {
        match key {
            b"data" => spans = Some(scanner.elements()?),
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    let spans = spans.ok_or_else(|| scanner.fault(0, "the document has no list `data`"))?;
    let records = visit_spans(bytes, spans, &["id"], visit);
    Ok(Statement { records, ..Statement::default() })
}

/// Translates an erratum.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let erratum: AlmaErratum<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let id = notes.text(&erratum.id, "id");
    if id.is_empty() {
        return Err("The erratum has no `id`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    advisory.family = Family::OsVendor;
    advisory.published = seconds(&erratum.issued_date, "issued_date", &mut notes);
    if let Lax::Wrong(found) = &erratum.updated_date {
        return Err(format!("`updated_date` is {found} where a number of seconds belongs."));
    }
    advisory.modified = seconds(&erratum.updated_date, "updated_date", &mut notes).max(advisory.published);
    notes.text(&erratum.description, "description").clone_into(&mut advisory.description);
    advisory.title = title(notes.text(&erratum.title, "title"), &advisory.description, id);
    for (index, reference) in notes.list(&erratum.references, "references") {
        rpm::cover(&mut advisory, reference.id.as_str().trim());
        let href = notes.text(&reference.href, format_args!("references[{index}].href"));
        add_reference(&mut advisory.references, href, reference.kind.as_str());
    }
    if rpm::is_security(erratum.kind.as_str(), &advisory) {
        advisory.affected = fixes(&erratum, context, &mut notes).into_affected("packages", &mut notes);
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

fn seconds(field: &Lax<u64>, place: &str, notes: &mut Notes) -> Option<Timestamp> {
    let seconds = *notes.read(field, place)?;
    let instant = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    if instant.is_none() {
        notes.add(place, format!("{seconds} is no date; the field is ignored."));
    }
    instant
}

fn fixes(erratum: &AlmaErratum<'_>, context: &Context<'_>, notes: &mut Notes) -> Fixes {
    let own_page = erratum.references.values().find_map(|(_, link)| {
        (link.kind.as_str() == "self").then(|| rpm::release_in_address(link.href.as_str())).flatten()
    });
    let mut fixes = Fixes::default();
    for (index, package) in notes.list(&erratum.packages, "packages") {
        let place = format!("packages[{index}]");
        let Some(fix) = fix(package) else {
            notes.add(place, "The package has no name or no version; it is left out.");
            continue;
        };
        let of_build = || rpm::major_of_build(&fix.evr).map(|major| format!("AlmaLinux:{major}"));
        let release = own_page.clone().or_else(of_build).or_else(|| rpm::release_in_address(context.from));
        match release {
            Some(ecosystem) => fixes.add(Fix { ecosystem, ..fix }),
            None => notes.add(place, format!("Nothing says which release {} is of; it is left out.", fix.name)),
        }
    }
    if fixes.is_empty() {
        notes.add("packages", "The erratum lists no packages; it matches nothing.");
    }
    fixes
}

fn fix(package: &AlmaPackage<'_>) -> Option<Fix> {
    let (name, version) = (package.name.as_str().trim(), package.version.as_str().trim());
    if name.is_empty() || version.is_empty() {
        return None;
    }
    let mut module = package.module.as_str().trim().split(':');
    let module = match (module.next(), module.next()) {
        (Some(name), Some(stream)) if !name.is_empty() && !stream.is_empty() => format!("{name}:{stream}"),
        _ => String::new(),
    };
    Some(Fix {
        name: name.to_owned(),
        arch: package.arch.as_str().trim().to_owned(),
        module,
        evr: rpm::evr(package.epoch.as_str().trim(), version, package.release.as_str().trim()),
        ..Fix::default()
    })
}
