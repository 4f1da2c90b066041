//! Ubuntu's security notices to advisories: one for each notice. Its CVEs are related, never aliases (R1).
//!
//! | Notice | Ours |
//! |---|---|
//! | `release_packages`, `releases` of the database | a source package of `Ubuntu:22.04:LTS`: affected below the version, fixed there |
//! | pocket `esm-…` | the same for `Ubuntu:Pro:…`; in the release itself affected without a fix, for its own pocket has none |
//! | binary packages alone | their source package as the links name it, else the binary's own name |
//! | no version, as in early notices | unknown |
//! | `LSN-…` | no packages: a live patch's versions are not those of packages |
//! | `is_hidden` | withdrawn |

use standards::lenient::Lax;
use standards::usn::{Built, Notice, Package, Release};
use standards::versions::Scheme;

use super::Context;
use super::common::{Notes, add_once, add_reference, blank, is_cve, parse, says_nothing, title};
use super::packages::package;
use super::range_text::{bound, range};
use super::split::scan::{Scanner, unescape};
use super::split::{Fault, Page, RawRecord, Statement, visit_spans};
use crate::ecosystem::distribution::ubuntu_release;
use crate::model::advisory::{Advisory, Affected, FixState, Standing, State};
use crate::model::raw::Translated;
use crate::model::source::Family;

/// Cuts a page, or the database, into notices.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let (mut notices, mut offset, mut total, mut others) = (None, None, None, Vec::new());
    scanner.document(&mut |scanner, key| {
        match key {
            b"notices" => notices = Some(scanner.elements()?),
            b"offset" => offset = scanner.number()?,
            b"total_results" => total = scanner.number()?,
            _ => others.push((key, scanner.value()?)),
        }
        Ok(())
    })?;
    if let Some(spans) = notices {
        let records = visit_spans(bytes, spans, &["id"], visit);
        let page = offset.zip(total).map(|(start, total)| Page { start, len: records, total });
        return Ok(Statement { stated_total: total, page, records, ..Statement::default() });
    }
    if !others.iter().any(|(key, _)| is_number(&unescape(key))) {
        return Err(scanner.fault(0, "the document has no list `notices` and is no database of notices"));
    }
    let records = others.len() as u64;
    for (key, span) in others {
        let number = unescape(key);
        let id = if is_number(&number) { full_id(&number) } else { String::new() };
        visit(RawRecord { id, bytes: &bytes[span.clone()], offset: span.start as u64 });
    }
    Ok(Statement { records, ..Statement::default() })
}

/// `6342-1`, with or without letters before it.
fn is_number(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = id.trim_start_matches(|c: char| c.is_ascii_uppercase()).trim_start_matches('-');
    number.split_once('-').is_some_and(|(number, edition)| digits(number) && digits(edition))
}

/// The database leaves out `USN-`.
fn full_id(id: &str) -> String {
    if id.starts_with(|c: char| c.is_ascii_digit()) { format!("USN-{id}") } else { id.to_owned() }
}

/// Translates a notice.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let notice: Notice<'_> = parse(record.bytes)?;
    if notice.release_packages.value().is_none() && notice.releases.value().is_none() {
        return Err("The notice has no packages (`release_packages`, or `releases` of the database).".to_owned());
    }
    let mut notes = Notes::default();
    let id = if record.id.is_empty() { notes.text(&notice.id, "id") } else { record.id.as_str() };
    if id.is_empty() {
        return Err("The notice has no `id`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    advisory.family = Family::OsVendor;
    notes.text(&notice.description, "description").clone_into(&mut advisory.description);
    let stated = notes.text(&notice.title, "title");
    let stated = if stated.is_empty() { notes.text(&notice.summary, "summary") } else { stated };
    advisory.title = title(stated, &advisory.description, id);
    advisory.published = notes.timestamp(&notice.published, "published").or_else(|| seconds(&notice));
    advisory.modified = notes.changed(&notice.updated, "updated")?.or(advisory.published);
    if notice.is_hidden.value() == Some(&true) {
        advisory.state = State::Withdrawn { at: None };
    }
    names(&notice, id, &mut advisory, &mut notes);
    if id.starts_with("LSN-") {
        notes.add("release_packages", "A live patch's versions are not those of packages; they are left out.");
    } else {
        for fix in fixes(&notice, &mut notes) {
            fix.affected(&mut advisory.affected);
        }
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

fn seconds(notice: &Notice<'_>) -> Option<jiff::Timestamp> {
    notice.timestamp.value().and_then(|seconds| jiff::Timestamp::from_second(seconds.0).ok())
}

/// CVEs and links.
fn names(notice: &Notice<'_>, id: &str, advisory: &mut Advisory, notes: &mut Notes) {
    let stated: Vec<&str> = notes
        .texts(&notice.cves_ids, "cves_ids")
        .chain(notes.list(&notice.cves, "cves").map(|(_, cve)| cve.id.as_str().trim()))
        .chain(notes.texts(&notice.references, "references"))
        .collect();
    for name in stated {
        if is_cve(name) {
            add_once(&mut advisory.related, name);
        } else if name.starts_with("http") {
            add_reference(&mut advisory.references, name, "REPORT");
        }
    }
    add_reference(&mut advisory.references, &format!("https://ubuntu.com/security/notices/{id}"), "ADVISORY");
}

/// One package that an update brings.
struct Fix {
    release: String,
    name: String,
    version: String,
    extended: bool,
    place: String,
}

impl Fix {
    /// What it says of the release, and of the extended one.
    fn affected(self, out: &mut Vec<Affected>) {
        let entry = |ecosystem: String, fixed: bool| {
            let mut said = says_nothing(package(&ecosystem, &self.name), Standing::Unaffected, self.place.clone());
            if self.version.is_empty() {
                said.default = Standing::Unknown;
                return said;
            }
            let mut rule = range(Scheme::Deb, None, Some(bound(self.version.as_str(), false)));
            rule.fixed = fixed.then(|| self.version.clone());
            said.rules.push(rule);
            said.fix = if fixed { FixState::Fixed(self.version.clone()) } else { FixState::None };
            said
        };
        if self.extended {
            out.push(entry(format!("Ubuntu:Pro:{}", self.release), true));
        }
        out.push(entry(format!("Ubuntu:{}", self.release), !self.extended));
    }
}

/// Every source package that the notice names, in either form; none twice.
fn fixes(notice: &Notice<'_>, notes: &mut Notes) -> Vec<Fix> {
    let mut found = Vec::new();
    for (codename, list) in notes.read(&notice.release_packages, "release_packages").into_iter().flatten() {
        let place = format!("release_packages.{codename}");
        let release = release_name(codename, &place, notes);
        let listed: Vec<(usize, &Package<'_>)> = notes.list(list, &place).collect();
        let has_sources = listed.iter().any(|(_, it)| it.is_source.value() == Some(&true));
        for (index, it) in listed {
            if has_sources && it.is_source.value() != Some(&true) {
                continue;
            }
            let (name, version) = source_of(it);
            push(&mut found, &release, (name, version, it.pocket.as_str()), format!("{place}[{index}]"));
        }
    }
    // The other form's list of releases says nothing that the packages do not say.
    let Lax::Value(releases) = &notice.releases else { return found };
    for (codename, release) in releases {
        let place = format!("releases.{codename}");
        let Some(packages) = notes.read(release, &place) else { continue };
        let name = release_name(codename, &place, notes);
        of_database(packages, &name, &place, &mut found);
    }
    found
}

/// Packages of the database. A source's pocket is that of its binaries.
fn of_database(release: &Release<'_>, name: &str, place: &str, found: &mut Vec<Fix>) {
    let sources = built(&release.sources);
    let binaries: Vec<_> = built(&release.allbinaries).into_iter().chain(built(&release.binaries)).collect();
    for (source, it) in &sources {
        let own = binaries.iter().find(|(_, binary)| binary.source.as_str() == *source).or(binaries.first());
        let pocket = own.map_or("", |(_, binary)| binary.pocket.as_str());
        push(found, name, (source, it.version.as_str(), pocket), format!("{place}.sources.{source}"));
    }
    if sources.is_empty() {
        for (binary, it) in &binaries {
            let (source, from) = (it.source.as_str(), it.version.as_str());
            let package = if source.is_empty() { binary } else { source };
            push(found, name, (package, from, it.pocket.as_str()), format!("{place}.binaries.{binary}"));
        }
    }
}

fn built<'x>(members: &'x standards::lenient::Members<'_, Lax<Built<'_>>>) -> Vec<(&'x str, &'x Built<'x>)> {
    let all = members.value().into_iter().flatten();
    all.filter_map(|(name, it)| Some((name.as_ref(), it.value()?))).collect()
}

/// The source package and its version: itself, else as a binary's links name it.
fn source_of<'x>(it: &'x Package<'_>) -> (&'x str, &'x str) {
    let (name, version) = (it.name.as_str().trim(), it.version.as_str().trim());
    if it.is_source.value() == Some(&true) {
        return (name, version);
    }
    let after = |link: &'x str| link.split_once("/+source/").map(|(_, rest)| rest.trim_matches('/'));
    match after(it.version_link.as_str()).and_then(|rest| rest.split_once('/')) {
        Some((source, own)) if !source.is_empty() => (source, if own.is_empty() { version } else { own }),
        _ => match after(it.source_link.as_str()) {
            Some(source) if !source.is_empty() && !source.contains('/') => (source, version),
            _ => (name, version),
        },
    }
}

fn push(found: &mut Vec<Fix>, release: &str, (name, version, pocket): (&str, &str, &str), place: String) {
    if name.is_empty() || release.is_empty() {
        return;
    }
    let extended = pocket.trim().starts_with("esm");
    let known = found.iter().any(|it| it.release == release && it.name == name && it.version == version);
    if !known {
        let (release, name, version) = (release.to_owned(), name.to_owned(), version.to_owned());
        found.push(Fix { release, name, version, extended, place });
    }
}

/// `22.04:LTS` of `jammy`; empty, and noted, for a name that nobody knows.
fn release_name(codename: &str, place: &str, notes: &mut Notes) -> String {
    ubuntu_release(codename).unwrap_or_else(|| {
        notes.add(place, format!("No release of Ubuntu is called {codename:?}; its packages are left out."));
        String::new()
    })
}
