//! OSV records to advisories (OSV schema 1.x, "Evaluation").
//!
//! | OSV | Ours |
//! |---|---|
//! | `events` | rules, see [`events`] |
//! | `versions` | exact versions |
//! | `GIT` ranges | an entry of their own about the repository |
//! | `aliases` | aliases; of an erratum that covers many CVEs: related (R1) |
//! | `upstream`, `related` | related |
//! | ecosystem of a distribution | family `os-vendor` |

mod events;

use standards::lenient::List;
use standards::osv::{Affected as OsvAffected, Package, Range, Record, Severity};
use standards::versions::Scheme;

use super::common::{Notes, add_once, add_reference, add_weakness, blank, is_cve, parse, says_nothing, title};
use super::packages::{from_purl, is_distribution, package, scheme};
use super::{Context, RawRecord};
use crate::model::advisory::{Advisory, Affected, FixState, Rule, Score, Standing, State, Target};
use crate::model::raw::Translated;
use crate::model::source::Family;

/// Beginnings of identifiers whose records cover many vulnerabilities (R1).
const ERRATA: [&str; 26] = [
    "ALSA-",
    "ALBA-",
    "ALEA-",
    "DSA-",
    "DLA-",
    "DTSA-",
    "RHSA-",
    "RHBA-",
    "RHEA-",
    "USN-",
    "LSN-",
    "RLSA-",
    "RXSA-",
    "RLBA-",
    "ELSA-",
    "ELBA-",
    "SUSE-",
    "openSUSE-",
    "ALAS",
    "MGASA-",
    "OESA-",
    "openEuler-",
    "FEDORA-",
    "ASA-",
    "PHSA-",
    "CESA-",
];

pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let osv: Record<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let id = notes.text(&osv.id, "id");
    if id.is_empty() {
        return Err("The record has no `id`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    names(&osv, &mut advisory, &mut notes);
    advisory.published = notes.timestamp(&osv.published, "published");
    advisory.modified = notes.changed(&osv.modified, "modified")?;
    if !notes.text(&osv.withdrawn, "withdrawn").is_empty() {
        advisory.state = State::Withdrawn { at: notes.timestamp(&osv.withdrawn, "withdrawn") };
    }
    notes.text(&osv.details, "details").clone_into(&mut advisory.description);
    advisory.title = title(notes.text(&osv.summary, "summary"), &advisory.description, id);
    for (index, link) in notes.list(&osv.references, "references") {
        let url = notes.text(&link.url, format_args!("references[{index}].url"));
        add_reference(&mut advisory.references, url, link.kind.as_str());
    }
    if let Some(specific) = notes.read(&osv.database_specific, "database_specific") {
        for cwe in notes.texts(&specific.cwe_ids, "database_specific.cwe_ids") {
            add_weakness(&mut advisory.weaknesses, cwe);
        }
    }
    let by = id.split('-').next().unwrap_or_default();
    scores(&osv.severity, by, "severity", &mut advisory.scores, &mut notes);
    for (index, entry) in notes.list(&osv.affected, "affected") {
        let place = format!("affected[{index}]");
        scores(&entry.severity, by, &format!("{place}.severity"), &mut advisory.scores, &mut notes);
        affected(entry, &place, &mut advisory.affected, &mut notes);
    }
    let of_distribution =
        |entry: &Affected| matches!(&entry.target, Target::Package { ecosystem, .. } if is_distribution(ecosystem));
    if advisory.affected.iter().any(of_distribution) {
        advisory.family = Family::OsVendor;
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// Aliases and related names.
fn names(osv: &Record<'_>, advisory: &mut Advisory, notes: &mut Notes) {
    let is_erratum = ERRATA.iter().any(|prefix| advisory.id.starts_with(prefix));
    for alias in notes.texts(&osv.aliases, "aliases") {
        let covered = is_erratum && is_cve(alias);
        if alias != advisory.id {
            add_once(if covered { &mut advisory.related } else { &mut advisory.aliases }, alias);
        }
    }
    for name in notes.texts(&osv.upstream, "upstream").chain(notes.texts(&osv.related, "related")) {
        if name != advisory.id && !advisory.aliases.iter().any(|alias| alias == name) {
            add_once(&mut advisory.related, name);
        }
    }
}

/// CVSS vectors; a distribution's own scale is no score.
fn scores(list: &List<Severity<'_>>, by: &str, place: &str, scores: &mut Vec<Score>, notes: &mut Notes) {
    for (index, severity) in notes.list(list, place) {
        if severity.kind.as_str().starts_with("CVSS") {
            notes.score(scores, by, severity.score.as_str().trim(), format_args!("{place}[{index}].score"));
        }
    }
}

/// One element of `affected`: an entry for the package, one for each repository.
fn affected(entry: &OsvAffected<'_>, place: &str, out: &mut Vec<Affected>, notes: &mut Notes) {
    let target =
        notes.read(&entry.package, format_args!("{place}.package")).and_then(|it| package_of(it, place, notes));
    let order = match &target {
        Some(Target::Package { ecosystem, .. }) => scheme(ecosystem),
        _ => None,
    };
    let mut rules = Vec::new();
    let mut repositories: Vec<(String, Vec<Rule>)> = Vec::new();
    for (index, range) in notes.list(&entry.ranges, format_args!("{place}.ranges")) {
        let place = format!("{place}.ranges[{index}]");
        if range.kind.as_str() == "GIT" {
            let repo = notes.text(&range.repo, format_args!("{place}.repo")).to_owned();
            let found = events::rules(&range.events, Scheme::Git, &place, notes);
            match repositories.iter_mut().find(|(known, _)| *known == repo) {
                Some((_, known)) => known.extend(found),
                None => repositories.push((repo, found)),
            }
        } else {
            rules.extend(events::rules(&range.events, order.unwrap_or(fallback(range)), &place, notes));
        }
    }
    let mut exact: Vec<String> =
        notes.texts(&entry.versions, format_args!("{place}.versions")).map(str::to_owned).collect();
    if let Some(target) = target {
        let mut said = says_nothing(target, Standing::Unaffected, place.to_owned());
        if rules.is_empty() && exact.is_empty() && repositories.is_empty() {
            notes.add(place, "Neither ranges nor versions are given; every version may be affected.");
            said.default = Standing::Unknown;
        }
        said.fix = fix_of(&rules);
        said.rules = rules;
        said.exact = std::mem::take(&mut exact);
        let is_useful = !said.rules.is_empty() || !said.exact.is_empty() || said.default == Standing::Unknown;
        out.extend(is_useful.then_some(said));
    }
    for (repo, rules) in repositories {
        if repo.is_empty() {
            notes.add(place, "A GIT range names no repository; it is left out.");
            continue;
        }
        let mut said = says_nothing(Target::Repository(repo), Standing::Unaffected, place.to_owned());
        said.fix = fix_of(&rules);
        said.rules = rules;
        said.exact.clone_from(&exact);
        out.push(said);
    }
}

/// The package by ecosystem and name, else by its package URL.
fn package_of(stated: &Package<'_>, place: &str, notes: &mut Notes) -> Option<Target> {
    let ecosystem = notes.text(&stated.ecosystem, format_args!("{place}.package.ecosystem"));
    let name = notes.text(&stated.name, format_args!("{place}.package.name"));
    let purl = notes.text(&stated.purl, format_args!("{place}.package.purl"));
    if !ecosystem.is_empty() && !name.is_empty() {
        return Some(package(ecosystem, name));
    }
    if purl.is_empty() {
        notes.add(
            format_args!("{place}.package"),
            "The package has no ecosystem and name, and no purl; it is left out.",
        );
        return None;
    }
    match from_purl(purl) {
        Ok((target, _)) => Some(target),
        Err(why) => {
            notes.add(
                format_args!("{place}.package.purl"),
                format!("The package is left out: could not use {purl:?}, {why}."),
            );
            None
        }
    }
}

/// The order of a range in an ecosystem that we do not know.
fn fallback(range: &Range<'_>) -> Scheme {
    if range.kind.as_str() == "SEMVER" { Scheme::Semver } else { Scheme::Generic }
}

/// The fix of the last range; no fix if it is open-ended.
fn fix_of(rules: &[Rule]) -> FixState {
    match rules.last() {
        Some(Rule { fixed: Some(version), .. }) => FixState::Fixed(version.clone()),
        Some(Rule { upper: None, .. }) => FixState::None,
        _ => FixState::Unknown,
    }
}
