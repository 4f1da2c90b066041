//! One element of `affected` of a CVE record: whatever it names (package, CPE, vendor and product, repository) with the
//! same rules.
//!
//! The first rule that covers a version decides; versions that none covers have the `defaultStatus`, which is unknown
//! where it is not stated. Commits are said of the repository, everything else of the rest.

use std::collections::HashSet;

use standards::cve::{Affected as Stated, Version};
use standards::versions::Scheme;

use super::super::common::{Notes, says_nothing};
use super::super::packages::{cpe_pattern, from_collection, from_purl, scheme, with_any_version};
use super::super::range_text::{Read, bound, is_unstated, range, read};
use crate::model::advisory::{Affected, Bound, FixState, Rule, Standing, Target};

/// Translates one element that stands at `place`.
pub(super) fn translate(stated: &Stated<'_>, place: &str, out: &mut Vec<Affected>, notes: &mut Notes) {
    let default = standing(notes.text(&stated.default_status, format_args!("{place}.defaultStatus")));
    let default = default.unwrap_or(Standing::Unknown);
    let repo = notes.text(&stated.repo, format_args!("{place}.repo"));
    let conditions = conditions(stated, place, notes);
    let is_said_here = |version: &Version<'_>| repo.is_empty() || !is_commit(version);
    let mut common = says_nothing(Target::Repository(String::new()), default, place.to_owned());
    rules(stated, None, is_said_here, &mut common, notes);
    common.conditions.clone_from(&conditions);
    let only_commits = !stated.versions.values().any(|(_, version)| is_said_here(version));
    // Everything is said in commits, of the repository.
    let targets = if only_commits && stated.versions.values().next().is_some() {
        Vec::new()
    } else {
        targets(stated, !common.rules.is_empty(), place, notes)
    };
    for target in targets {
        let mut said = Affected { target, ..common.clone() };
        if let Target::Package { ecosystem, .. } = &said.target
            && let Some(order) = scheme(ecosystem)
        {
            // The package's own order. What cannot be read has been noted above.
            (said.rules, said.default) = (Vec::new(), default);
            rules(stated, Some(order), is_said_here, &mut said, &mut Notes::default());
        }
        out.push(said);
    }
    if !repo.is_empty() && stated.versions.values().any(|(_, version)| is_commit(version)) {
        let mut said = says_nothing(Target::Repository(repo.to_owned()), default, place.to_owned());
        rules(stated, Some(Scheme::Git), is_commit, &mut said, notes);
        said.conditions = conditions;
        out.push(said);
    }
}

/// Everything the element names, most exact first. Where rules say which versions, a CPE says none.
fn targets(stated: &Stated<'_>, has_rules: bool, place: &str, notes: &mut Notes) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut known = HashSet::new();
    let purl = notes.text(&stated.package_url, format_args!("{place}.packageURL"));
    if !purl.is_empty() {
        match from_purl(purl) {
            Ok((target, _)) => targets.push(target),
            Err(why) => {
                notes
                    .add(format_args!("{place}.packageURL"), format!("{purl:?} is left out: could not use it, {why}."));
            }
        }
    }
    let collection = notes.text(&stated.collection_url, format_args!("{place}.collectionURL"));
    let name = notes.text(&stated.package_name, format_args!("{place}.packageName"));
    if !name.is_empty() && targets.is_empty() {
        targets.extend(from_collection(collection, name));
    }
    for cpe in notes.texts(&stated.cpes, format_args!("{place}.cpes")) {
        match cpe_pattern(cpe) {
            Ok((pattern, _)) => {
                let pattern = if has_rules { with_any_version(pattern) } else { pattern };
                if known.insert(pattern.clone()) {
                    targets.push(Target::Cpe(pattern));
                }
            }
            Err(why) => notes.add(format_args!("{place}.cpes"), format!("A CPE is left out: could not {why}.")),
        }
    }
    let vendor = notes.text(&stated.vendor, format_args!("{place}.vendor"));
    let product = notes.text(&stated.product, format_args!("{place}.product"));
    let product = if is_unstated(product) { name } else { product };
    if !is_unstated(product) {
        let vendor = if is_unstated(vendor) { "" } else { vendor };
        targets.push(Target::Named { vendor: vendor.to_owned(), product: product.to_owned() });
    }
    targets
}

/// Platforms, as a condition in words.
fn conditions(stated: &Stated<'_>, place: &str, notes: &mut Notes) -> Vec<String> {
    let platforms: Vec<&str> = notes.texts(&stated.platforms, format_args!("{place}.platforms")).collect();
    let says_something =
        platforms.iter().any(|platform| !is_unstated(platform) && !platform.eq_ignore_ascii_case("all"));
    if says_something { vec![format!("on platforms: {}", platforms.join(", "))] } else { Vec::new() }
}

fn is_commit(version: &Version<'_>) -> bool {
    version.version_type.as_str().eq_ignore_ascii_case("git")
}

fn standing(word: &str) -> Option<Standing> {
    match word {
        "affected" => Some(Standing::Affected),
        "unaffected" => Some(Standing::Unaffected),
        "unknown" => Some(Standing::Unknown),
        _ => None,
    }
}

/// The rules of the versions that `wanted` picks; in the package's own order, else in the one stated.
fn rules(
    stated: &Stated<'_>,
    order: Option<Scheme>,
    wanted: impl Fn(&Version<'_>) -> bool,
    said: &mut Affected,
    notes: &mut Notes,
) {
    let versions_place = format!("{}.versions", said.place);
    for (index, version) in notes.list(&stated.versions, &versions_place) {
        if wanted(version) {
            let place = format!("{versions_place}[{index}]");
            let scheme = if is_commit(version) { Scheme::Git } else { order.unwrap_or(stated_order(version)) };
            one(version, scheme, &place, said, notes);
        }
    }
    said.fix = said.rules.iter().rev().find_map(|rule| rule.fixed.clone()).map_or(FixState::Unknown, FixState::Fixed);
}

/// `versionType` is free text; these words are in use.
fn stated_order(version: &Version<'_>) -> Scheme {
    match version.version_type.as_str().to_ascii_lowercase().as_str() {
        "semver" => Scheme::Semver,
        "git" => Scheme::Git,
        "maven" => Scheme::Maven,
        "python" | "pep440" | "pypi" => Scheme::Pep440,
        "rpm" => Scheme::Rpm,
        "deb" | "dpkg" => Scheme::Deb,
        "apk" => Scheme::Apk,
        "gem" => Scheme::Gem,
        "nuget" => Scheme::Nuget,
        "date" => Scheme::Datetime,
        _ => Scheme::Generic,
    }
}

/// One element of `versions`.
fn one(version: &Version<'_>, scheme: Scheme, place: &str, said: &mut Affected, notes: &mut Notes) {
    let word = notes.text(&version.status, format_args!("{place}.status"));
    let standing_here = standing(word).unwrap_or_else(|| {
        notes.add(format_args!("{place}.status"), format!("The status {word:?} is taken as unknown."));
        Standing::Unknown
    });
    let start = notes.text(&version.version, format_args!("{place}.version"));
    let below = notes.text(&version.less_than, format_args!("{place}.lessThan"));
    let to = notes.text(&version.less_than_or_equal, format_args!("{place}.lessThanOrEqual"));
    if below.is_empty() && to.is_empty() {
        return alone(start, version, scheme, standing_here, place, said, notes);
    }
    let (end, inclusive) = if below.is_empty() { (to, true) } else { (below, false) };
    let mut rule = range(scheme, lower(start), upper(end, inclusive, scheme));
    rule.standing = standing_here;
    changes(version, place, &mut rule, notes);
    if rule.fixed.is_none() && standing_here == Standing::Affected && said.default == Standing::Unaffected {
        // Everything that is not listed is unaffected, so the first version outside is without the fault.
        rule.fixed =
            rule.upper.as_ref().filter(|upper| !upper.inclusive && upper.version == end).map(|_| end.to_owned());
    }
    said.rules.push(rule);
}

/// A version without an end: exactly this one, unless it is a range in words, everything, or nothing.
fn alone(
    text: &str,
    version: &Version<'_>,
    scheme: Scheme,
    standing: Standing,
    place: &str,
    said: &mut Affected,
    notes: &mut Notes,
) {
    let found = if scheme == Scheme::Git && !is_unstated(text) {
        Read::Rules(vec![range(scheme, Some(bound(text, true)), Some(bound(text, true)))])
    } else {
        read(text, scheme)
    };
    match found {
        Read::Rules(rules) => {
            for mut rule in rules {
                rule.standing = standing;
                if version.changes.values().next().is_some() {
                    // A beginning with changes and no end is a range (CVE Record Format, "Version Status Decision").
                    rule.upper = rule.upper.filter(|upper| rule.lower.as_ref() != Some(upper));
                    changes(version, place, &mut rule, notes);
                }
                said.rules.push(rule);
            }
        }
        Read::Unstated if standing == Standing::Affected => said.default = Standing::Unknown,
        Read::Unstated => {}
        Read::Unreadable => {
            notes
                .add(format_args!("{place}.version"), format!("{text:?} is no version or range that can be compared."));
            if standing != Standing::Unaffected && said.default == Standing::Unaffected {
                said.default = Standing::Unknown;
            }
        }
    }
}

fn lower(start: &str) -> Option<Bound> {
    let is_beginning = start == "0" || start == "*" || is_unstated(start);
    (!is_beginning).then(|| bound(start, true))
}

/// The end of a range. `*` is endless; `5.15.*` ends where `5.16` begins.
fn upper(end: &str, inclusive: bool, scheme: Scheme) -> Option<Bound> {
    if is_unstated(end) {
        return None;
    }
    let Some(branch) = end.strip_suffix('*') else { return Some(bound(end, inclusive)) };
    let branch = branch.trim_end_matches('.');
    let (before, last) = branch.rsplit_once('.').map_or(("", branch), |(before, last)| (before, last));
    let next = last.parse::<u64>().ok()?.checked_add(1)?;
    let mut version = if before.is_empty() { next.to_string() } else { format!("{before}.{next}") };
    if scheme == Scheme::Semver {
        // Below every pre-release of the next branch.
        let missing = 2_usize.saturating_sub(version.matches('.').count());
        version.push_str(&".0".repeat(missing));
        version.push_str("-0");
    }
    Some(bound(version, false))
}

/// Changes of status inside the range.
fn changes(version: &Version<'_>, place: &str, rule: &mut Rule, notes: &mut Notes) {
    for (index, change) in notes.list(&version.changes, format_args!("{place}.changes")) {
        let at = notes.text(&change.at, format_args!("{place}.changes[{index}].at"));
        match standing(notes.text(&change.status, format_args!("{place}.changes[{index}].status"))) {
            Some(status) if !is_unstated(at) => rule.changes.push((at.to_owned(), status)),
            _ => notes.add(format_args!("{place}.changes[{index}]"), "The change cannot be used."),
        }
    }
    if rule.standing == Standing::Affected {
        let mut changes = rule.changes.iter().rev();
        rule.fixed = changes.find(|(_, status)| *status == Standing::Unaffected).map(|(at, _)| at.clone());
    }
}
