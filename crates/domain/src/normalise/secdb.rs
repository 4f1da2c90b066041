//! Alpine's security database, also Wolfi's and Chainguard's, to advisories: one for each pair of source package and
//! vulnerability.
//!
//! The database knows only where something was fixed: below that version the package is affected. Under the version `0`
//! stand vulnerabilities that never applied. A key may hold several names in one text (`CVE-2019-1 CVE-2019-2`) and
//! words that are none.

use standards::lenient::Lax;
use standards::secdb::{Entry, Package};
use standards::versions::{Scheme, compare};

use super::common::{Notes, add_once, blank, is_cve, parse, says_nothing};
use super::packages::package;
use super::range_text::{bound, range};
use super::{Context, RawRecord};
use crate::model::advisory::{Advisory, FixState, Standing};
use crate::model::raw::Translated;
use crate::model::source::Family;

/// OSV's name of the release a database is about.
pub(super) fn ecosystem(release: Option<&str>, prefix: Option<&str>) -> String {
    let is_at = |host: &str| prefix.is_some_and(|prefix| prefix.contains(host));
    match release {
        Some(release) if !release.is_empty() => format!("Alpine:{release}"),
        _ if is_at("wolfi.dev") => "Wolfi".to_owned(),
        _ if is_at("cgr.dev") => "Chainguard".to_owned(),
        _ => "Alpine".to_owned(),
    }
}

/// Identifiers of the records in one element of `packages`, sorted; one empty identifier if it cannot be read.
pub(super) fn record_ids(bytes: &[u8], ecosystem: &str) -> Vec<String> {
    let entry = serde_json::from_slice::<Entry<'_>>(bytes).ok();
    let Some(Entry { pkg: Lax::Value(package) }) = entry else { return vec![String::new()] };
    let name = package.name.as_str();
    if name.is_empty() || !matches!(package.secfixes, Lax::Value(_) | Lax::Absent) {
        return vec![String::new()];
    }
    let mut names: Vec<String> =
        fixes(&package).map(|(_, name)| format!("{name}/{}/{ecosystem}", package.name.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Every fixed version with every name that stands under it.
fn fixes<'x>(package: &'x Package<'_>) -> impl Iterator<Item = (&'x str, &'x str)> {
    package.secfixes.value().into_iter().flatten().flat_map(|(version, names)| {
        let words = names.values().flat_map(|(_, text)| text.split([' ', ',', ';', '(', ')']));
        words.filter(|word| is_name(word)).map(move |word| (version.as_ref(), word))
    })
}

/// Whether a word is the name of a vulnerability: letters, then a year or code (`CVE-2019-14697`, `XSA-248`, `GHSA-…`).
fn is_name(word: &str) -> bool {
    let is_letter_or_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    let (start, rest) = word.split_once('-').unwrap_or_default();
    start.len() >= 2
        && start.bytes().all(|byte| byte.is_ascii_uppercase())
        && !rest.is_empty()
        && rest.bytes().any(|byte| byte.is_ascii_digit())
        && rest.bytes().all(is_letter_or_digit)
}

pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let entry: Entry<'_> = parse(record.bytes)?;
    let Lax::Value(pkg) = &entry.pkg else {
        return Err("The element has no object `pkg`.".to_owned());
    };
    let mut parts = record.id.splitn(3, '/');
    let (Some(name), Some(source_package), Some(ecosystem)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("The element names no package or no list of fixes (`pkg.name`, `pkg.secfixes`).".to_owned());
    };
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &record.id);
    advisory.family = Family::OsVendor;
    if is_cve(name) {
        advisory.aliases.push(name.to_owned());
    } else {
        add_once(&mut advisory.related, name);
    }
    let versions: Vec<&str> =
        fixes(pkg).filter(|(_, found)| *found == name).map(|(version, _)| version.trim()).collect();
    let mut said = says_nothing(package(ecosystem, source_package), Standing::Unaffected, "pkg.secfixes".to_owned());
    // The same name under two versions: it was fixed again, and only the later fix holds.
    let last = versions.iter().filter(|version| **version != "0").max_by(|a, b| compare(Scheme::Apk, a, b).ordering);
    match last {
        Some(version) => {
            said.place = format!("pkg.secfixes[{version:?}]");
            let mut rule = range(Scheme::Apk, None, Some(bound(*version, false)));
            rule.fixed = Some((*version).to_owned());
            said.rules.push(rule);
            said.fix = FixState::Fixed((*version).to_owned());
            advisory.title = format!("{source_package}: {name} fixed in {version}");
        }
        None if versions.is_empty() => return Err(format!("The element has no fix of {name}.")),
        None => {
            said.fix = FixState::NotAffected;
            advisory.title = format!("{source_package}: not affected by {name}");
        }
    }
    if versions.len() > 1 {
        notes.add(&said.place, format!("{name} stands under {}; the last fix counts.", versions.join(", ")));
    }
    advisory.affected.push(said);
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}
