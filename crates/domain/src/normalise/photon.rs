//! Photon OS' CVE data to advisories: one for each vulnerability in each package of a release.
//!
//! | File | Ours |
//! |---|---|
//! | `res_ver` is a version | affected below it, fixed there |
//! | `Not Affected` | not affected |
//! | `res_ver` is `NA`, `aff_ver` says "all versions … are vulnerable" | every version affected, no fix |
//! | anything else, `Fixed` without a version among it | unknown |
//!
//! Which release a file is of stands in its name alone; the versions' `.ph4` repeats it. `cve_score` comes without a
//! vector and is left out.

use std::collections::HashMap;

use standards::lenient::Lax;
use standards::photon::Entry;
use standards::versions::Scheme;

use super::Context;
use super::common::{Notes, add_once, blank, is_cve, parse, says_nothing};
use super::packages::package;
use super::range_text::{bound, is_unstated, range};
use super::split::scan::{Scanner, peek};
use super::split::{Fault, RawRecord, Statement};
use crate::model::advisory::{Advisory, Affected, FixState, Standing};
use crate::model::raw::Translated;
use crate::model::source::Family;

/// Cuts the list into entries. An entry that stands twice is numbered: the later fix counts, as the union of both.
pub(super) fn split<'a>(from: &str, bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let spans = scanner.list_document()?;
    if spans.is_empty() {
        return Err(scanner.fault(0, "the list of vulnerabilities is empty"));
    }
    let of_file = release_in(from);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for span in &spans {
        let text = &bytes[span.clone()];
        let field = |name: &str| peek(text, &[name]).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let release = of_file.map(str::to_owned).or_else(|| release_of(&field("res_ver")?));
        let ecosystem = release.map_or_else(|| "Photon OS".to_owned(), |release| format!("Photon OS:{release}"));
        let id = match (field("cve_id"), field("pkg")) {
            (Some(name), Some(package)) if is_shared(&name) => format!("{name}/{package}/{ecosystem}"),
            // A placeholder means something else in each package.
            (Some(name), Some(package)) => format!("{name}@{package}/{package}/{ecosystem}"),
            _ => String::new(),
        };
        let times = seen.entry(id.clone()).and_modify(|times| *times += 1).or_insert(1);
        let id = if *times > 1 && !id.is_empty() { format!("{id}#{times}") } else { id };
        visit(RawRecord { id, bytes: text, offset: span.start as u64 });
    }
    Ok(Statement { records: spans.len() as u64, ..Statement::default() })
}

/// Whether a name means the same vulnerability wherever it stands: a CVE, another database's number; not `UNK-1`, not a word.
fn is_shared(name: &str) -> bool {
    is_cve(name) || (name.starts_with("BDSA-") || name.starts_with("GHSA-"))
}

/// `4.0` of `…/cve_data_photon4.0.json`.
fn release_in(from: &str) -> Option<&str> {
    let name = from.rsplit(['/', '\\']).next()?;
    let rest = &name[name.find("photon")? + "photon".len()..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let release = rest[..end].trim_matches('.');
    (!release.is_empty()).then_some(release)
}

/// `4.0` of `8.16.0-1.ph4`.
fn release_of(version: &str) -> Option<String> {
    let (_, number) = version.rsplit_once(".ph")?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("{number}.0"))
}

/// Translates an entry.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let entry: Entry<'_> = parse(record.bytes)?;
    let mut parts = record.id.splitn(3, '/');
    let (Some(name), Some(package_name), Some(ecosystem)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("The entry names no vulnerability or no package (`cve_id`, `pkg`).".to_owned());
    };
    let ecosystem = ecosystem.split('#').next().unwrap_or(ecosystem);
    if entry.resolved == Lax::Absent {
        return Err("The entry does not say in which version it is resolved (`res_ver`).".to_owned());
    }
    let name = name.split('@').next().unwrap_or(name);
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &record.id);
    advisory.family = Family::OsVendor;
    if is_cve(name) {
        advisory.aliases.push(name.to_owned());
    } else if is_shared(name) {
        add_once(&mut advisory.related, name);
    }
    let said = affected(&entry, package_name, ecosystem, &mut notes);
    advisory.title = match &said.fix {
        FixState::Fixed(version) => format!("{package_name}: {name} fixed in {version}"),
        FixState::NotAffected => format!("{package_name}: not affected by {name}"),
        _ => format!("{package_name}: {name}"),
    };
    advisory.affected.push(said);
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// What the entry says about its package.
fn affected(entry: &Entry<'_>, name: &str, ecosystem: &str, notes: &mut Notes) -> Affected {
    let resolved = Some(notes.text(&entry.resolved, "res_ver")).filter(|version| !is_unstated(version));
    let (status, words) = (notes.text(&entry.status, "status"), notes.text(&entry.affected, "aff_ver"));
    let mut said = says_nothing(package(ecosystem, name), Standing::Unaffected, "res_ver".to_owned());
    let says_all = words.to_ascii_lowercase().starts_with("all versions") && words.ends_with("vulnerable");
    match (status.to_ascii_lowercase().as_str(), resolved) {
        ("not affected", _) => said.fix = FixState::NotAffected,
        (_, Some(version)) => {
            let mut rule = range(Scheme::Rpm, None, Some(bound(version, false)));
            rule.fixed = Some(version.to_owned());
            said.rules.push(rule);
            said.fix = FixState::Fixed(version.to_owned());
        }
        (state, None) if state != "fixed" && says_all => {
            said.rules.push(range(Scheme::Rpm, None, None));
            said.fix = FixState::None;
        }
        (state, None) => {
            notes.add("status", format!("The status {state:?} without a version is taken as unknown."));
            said.default = Standing::Unknown;
        }
    }
    said
}
