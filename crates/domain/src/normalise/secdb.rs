//! Alpine's security database, also Wolfi's and Chainguard's, to advisories: one for each pair of source package and
//! vulnerability.
//!
//! The database knows only where something was fixed: below that version the package is affected. Under the version `0`
//! stand vulnerabilities that never applied. A key may hold several names in one text (`CVE-2019-1 CVE-2019-2`) and
//! words that are none.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use standards::lenient::List;
use standards::secdb::Fixes;
use standards::versions::{Scheme, compare};

use super::common::{Notes, add_once, blank, is_cve, parse, says_nothing};
use super::packages::package;
use super::range_text::{bound, range};
use super::split::scan::Scanner;
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

/// The records of one element of `packages`: each name's identifier, and where in `element` it stands, from the first to
/// the last version that names it. Sorted. `None` if the element cannot be read.
///
/// A record is no more than that, so that a package with a thousand names is read once, and one name more changes one
/// record.
pub(super) fn cut(element: &[u8], ecosystem: &str) -> Option<Vec<(String, Range<usize>)>> {
    let (mut package, mut fixes) = (None, None);
    let mut scanner = Scanner::new(element);
    let read = scanner.document(&mut |scanner, key| {
        if key != b"pkg" {
            return scanner.skip();
        }
        scanner.members(&mut |scanner, key| {
            match key {
                b"name" => package = scanner.text()?,
                b"secfixes" => fixes = members(element, scanner.value()?),
                _ => scanner.skip()?,
            }
            Ok(())
        })
    });
    let package = package.filter(|name| !name.is_empty())?;
    let mut names: BTreeMap<String, Range<usize>> = BTreeMap::new();
    for (span, list) in read.ok().and(fixes)? {
        let list: List<Cow<'_, str>> = serde_json::from_slice(&element[list]).ok()?;
        for name in words(&list) {
            names.entry(name.to_owned()).and_modify(|whole| whole.end = span.end).or_insert_with(|| span.clone());
        }
    }
    Some(names.into_iter().map(|(name, span)| (format!("{name}/{package}/{ecosystem}"), span)).collect())
}

/// Every member of the object at `object`: where it stands with its name, and its value alone. Nothing in place of an
/// absent object.
fn members(element: &[u8], object: Range<usize>) -> Option<Vec<(Range<usize>, Range<usize>)>> {
    if &element[object.clone()] == b"null" {
        return Some(Vec::new());
    }
    let mut members = Vec::new();
    let mut scanner = Scanner::new(&element[object.clone()]);
    let read = scanner.document(&mut |scanner, key| {
        let value = scanner.value()?;
        let value = object.start + value.start..object.start + value.end;
        let before = element[..value.start].trim_ascii_end();
        let before = before.strip_suffix(b":").unwrap_or(before).trim_ascii_end();
        members.push((before.len().saturating_sub(key.len() + 2)..value.end, value));
        Ok(())
    });
    read.ok().map(|()| members)
}

/// The names of vulnerabilities in a list.
fn words<'x>(list: &'x List<Cow<'_, str>>) -> impl Iterator<Item = &'x str> {
    list.values().flat_map(|(_, text)| text.split([' ', ',', ';', '(', ')'])).filter(|word| is_name(word))
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
    let mut parts = record.id.splitn(3, '/');
    let (Some(name), Some(source_package), Some(ecosystem)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("The element names no package or no list of fixes (`pkg.name`, `pkg.secfixes`).".to_owned());
    };
    let object = [b"{", record.bytes, b"}"].concat();
    let fixes: Fixes<'_> = parse(&object)?;
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &record.id);
    advisory.family = Family::OsVendor;
    if is_cve(name) {
        advisory.aliases.push(name.to_owned());
    } else {
        add_once(&mut advisory.related, name);
    }
    let versions: Vec<&str> = (fixes.value().into_iter().flatten())
        .filter(|(_, list)| words(list).any(|word| word == name))
        .map(|(version, _)| version.trim())
        .collect();
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
