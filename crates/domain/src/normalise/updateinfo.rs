//! `updateinfo.xml` of an RPM repository to advisories: Amazon Linux' repositories, and others in this form.
//!
//! | Update | Ours |
//! |---|---|
//! | `<id>` | identifier |
//! | `<reference type="cve">` | related: an update covers vulnerabilities (R1) |
//! | `<package>` | affected below its version; see [`super::rpm`] |
//! | `<collection>` | the release, else `<release>`, title, identifier, the address it came from |
//! | `type` other than `security`, without CVEs | kept without entries: a bug fix is no vulnerability |
//!
//! A repository beside the distribution's own (`Amazon Linux 2 - Kernel-5.15`) has its own line of versions. An SBOM rarely
//! says from where a package is, so the entry holds on condition, and from the line's first version on.

use standards::updateinfo::{Collection, Package, Update};

use super::Context;
use super::common::{Notes, add_reference, blank, title};
use super::rpm::{self, Fix, Fixes};
use super::split::xml;
use super::split::{Fault, RawRecord, Statement};
use crate::model::advisory::{Advisory, State};
use crate::model::raw::Translated;
use crate::model::source::Family;

/// Cuts a document into its updates.
pub(super) fn split<'a>(
    _from: &str,
    bytes: &'a [u8],
    visit: &mut dyn FnMut(RawRecord<'a>),
) -> Result<Statement, Fault> {
    let spans = xml::elements(bytes, &["updates", "update"])?;
    let records = spans.len() as u64;
    for span in spans {
        let text = &bytes[span.clone()];
        let id = xml::peek(text, "id").map(|id| String::from_utf8_lossy(id).into_owned()).unwrap_or_default();
        visit(RawRecord { id, bytes: text, offset: span.start as u64 });
    }
    Ok(Statement { records, ..Statement::default() })
}

/// Translates an update.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let text = std::str::from_utf8(record.bytes).map_err(|error| format!("The update is no UTF-8: {error}."))?;
    let update = Update::from_xml(text).map_err(|error| {
        format!("The update cannot be read: {error} (line {}, column {}).", error.line, error.column)
    })?;
    if update.id.is_empty() {
        return Err("The update has no `<id>`.".to_owned());
    }
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &update.id);
    advisory.family = Family::OsVendor;
    advisory.published = rpm::noted_instant(&update.issued, "issued", &mut notes);
    advisory.modified = rpm::noted_instant(&update.updated, "updated", &mut notes).or(advisory.published);
    update.description.clone_into(&mut advisory.description);
    advisory.title =
        title(&update.title, if update.summary.is_empty() { &update.description } else { &update.summary }, &update.id);
    if matches!(update.status.as_str(), "obsolete" | "revoked" | "withdrawn" | "unpushed") {
        advisory.state = State::Withdrawn { at: None };
    }
    for reference in &update.references {
        rpm::cover(&mut advisory, reference.id.trim());
        add_reference(&mut advisory.references, &reference.href, &reference.kind);
    }
    if rpm::is_security(&update.kind, &advisory) {
        advisory.affected = fixes(&update, context, &mut notes).into_affected("pkglist", &mut notes);
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

fn fixes(update: &Update, context: &Context<'_>, notes: &mut Notes) -> Fixes {
    let mut fixes = Fixes::default();
    for (index, collection) in update.collections.iter().enumerate() {
        let place = format!("pkglist[{index}]");
        for package in &collection.packages {
            if package.name.is_empty() || package.version.is_empty() {
                notes.add(&place, "A package has no name or no version; it is left out.");
                continue;
            }
            let Some(ecosystem) = release(update, collection, package, context) else {
                notes.add(&place, format!("Nothing says which release {} is of; it is left out.", package.name));
                continue;
            };
            fixes.add(fix(collection, package, ecosystem));
        }
    }
    if fixes.is_empty() {
        notes.add("pkglist", "The update lists no packages; it matches nothing.");
    }
    fixes
}

fn fix(collection: &Collection, package: &Package, ecosystem: String) -> Fix {
    let repository = beside(&collection.name);
    let since = repository.and_then(|name| first_of_line(name, &package.version));
    Fix {
        ecosystem,
        name: package.name.clone(),
        arch: package.arch.clone(),
        module: collection.module.clone(),
        evr: rpm::evr(&package.epoch, &package.version, &package.release),
        since: since.map(|version| rpm::evr(&package.epoch, version, "")).unwrap_or_default(),
        condition: repository.map(|name| format!("the package is from the repository {name}")).unwrap_or_default(),
    }
}

/// The release: as the collection says, the update, the build's own tag, the address.
fn release(update: &Update, collection: &Collection, package: &Package, context: &Context<'_>) -> Option<String> {
    let stated = [&collection.name, &collection.short, &update.release, &update.title];
    stated
        .into_iter()
        .find_map(|text| rpm::release_named(text))
        .or_else(|| of_amazon(&package.release))
        .or_else(|| rpm::release_in_address(context.from))
}

/// Amazon Linux marks every build: `38.79.amzn2`, `3.amzn2023.0.2`.
fn of_amazon(release: &str) -> Option<String> {
    let digits = release.split(".amzn").nth(1)?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    (end > 0).then(|| format!("Amazon Linux:{}", &digits[..end]))
}

/// The repository beside the distribution's own that a collection names: `Kernel-5.15` of `Amazon Linux 2 - Kernel-5.15`.
fn beside(collection: &str) -> Option<&str> {
    let (_, repository) = collection.strip_prefix("Amazon Linux ")?.split_once(" - ")?;
    Some(repository.trim()).filter(|name| !name.is_empty())
}

/// Where the versions of a line begin, if its repository is named after them: `5.15` of `Kernel-5.15`.
fn first_of_line<'n>(repository: &'n str, version: &str) -> Option<&'n str> {
    let start = repository.rfind(|c: char| !c.is_ascii_digit() && c != '.')? + 1;
    let line = repository[start..].trim_matches('.');
    let rest = version.strip_prefix(line).filter(|_| !line.is_empty())?;
    (rest.is_empty() || rest.starts_with('.')).then_some(line)
}
