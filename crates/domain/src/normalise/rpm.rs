//! What the errata of RPM distributions have in common: packages, each at the version that brings the fix.
//!
//! Shape: [`Fixes`] collects one [`Fix`] for each package, architecture and repository an erratum lists, and becomes one
//! [`Affected`] for each package that fixes differ for. Matching rules R5 to R8:
//!
//! * The same fix for every listed architecture is said once, without architecture; else once for each.
//! * Several builds of one stream (`el8_6`): the earliest has the fix. Several streams: one entry each, on condition.
//! * Packages of a module have the qualifier `rpmmod=NAME:STREAM`.
//! * Names are those of binary packages, as all these feeds use them; versions have their epoch unless it is 0.

use std::collections::BTreeMap;

use standards::versions::{Scheme, compare};

use super::common::{Notes, add_once, is_cve, says_nothing, timestamp};
use super::packages::package;
use super::range_text::{bound, range};
use crate::model::advisory::{Advisory, Affected, FixState, Standing, Target};

/// A package at the version that brings the fix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Fix {
    /// OSV's name with the release.
    pub(super) ecosystem: String,
    /// Binary package.
    pub(super) name: String,
    /// Architecture; empty if none is stated.
    pub(super) arch: String,
    /// `NAME:STREAM`; empty if it is of no module.
    pub(super) module: String,
    /// Epoch, version and release; see [`evr`].
    pub(super) evr: String,
    /// The version at which the repository's line of versions begins, if it is one of several.
    pub(super) since: String,
    /// What else has to hold, as a fragment that follows "only if".
    pub(super) condition: String,
}

/// Everything but architecture and version: what one package of one repository is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    ecosystem: String,
    name: String,
    module: String,
    since: String,
    condition: String,
}

/// The fixes of an erratum.
#[derive(Debug, Default)]
pub(super) struct Fixes(BTreeMap<Subject, BTreeMap<String, Vec<String>>>);

impl Fixes {
    /// Adds one.
    pub(super) fn add(&mut self, fix: Fix) {
        let Fix { ecosystem, name, arch, module, evr, since, condition } = fix;
        let subject = Subject { ecosystem, name, module, since, condition };
        let builds = self.0.entry(subject).or_default().entry(arch).or_default();
        if !builds.contains(&evr) {
            builds.push(evr);
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As entries; `place` is the list in the record that they come from.
    pub(super) fn into_affected(self, place: &str, notes: &mut Notes) -> Vec<Affected> {
        let mut affected = Vec::new();
        for (subject, mut by_arch) in self.0 {
            // A source package beside binaries of its name speaks for them only where it has their version.
            if by_arch.len() > 1 {
                by_arch.retain(|arch, _| !is_source(arch));
            }
            let mut streams: Vec<(String, BTreeMap<String, String>)> = by_arch
                .into_iter()
                .map(|(arch, builds)| (arch, earliest(&subject.name, builds, place, notes)))
                .collect();
            if streams.windows(2).all(|pair| pair[0].1 == pair[1].1) {
                streams.truncate(1);
                for (arch, _) in &mut streams {
                    arch.clear();
                }
            }
            for (arch, fixed) in streams {
                let several = fixed.len() > 1;
                for (stream, evr) in &fixed {
                    let stream = if several { stream } else { "" };
                    affected.push(said(&subject, &arch, stream, evr, place));
                }
            }
        }
        affected
    }
}

/// The earliest build of each stream.
fn earliest(name: &str, builds: Vec<String>, place: &str, notes: &mut Notes) -> BTreeMap<String, String> {
    let mut of_stream: BTreeMap<String, String> = BTreeMap::new();
    for evr in builds {
        let stream = stream(&evr).to_owned();
        match of_stream.get_mut(&stream) {
            None => {
                of_stream.insert(stream, evr);
            }
            Some(known) => {
                let is_earlier = compare(Scheme::Rpm, &evr, known).ordering.is_lt();
                let (first, second) = if is_earlier { (&evr, &*known) } else { (&*known, &evr) };
                notes.add(
                    format_args!("{place}[{name}]"),
                    format!("Both {first} and {second} bring the fix; the first counts."),
                );
                if is_earlier {
                    *known = evr;
                }
            }
        }
    }
    of_stream
}

/// What is said about one package.
fn said(subject: &Subject, arch: &str, stream: &str, evr: &str, list: &str) -> Affected {
    let mut target = package(&subject.ecosystem, &subject.name);
    if let Target::Package { qualifiers, .. } = &mut target {
        if !arch.is_empty() && !is_source(arch) {
            qualifiers.push(("arch".to_owned(), arch.to_owned()));
        }
        if !subject.module.is_empty() {
            qualifiers.push(("rpmmod".to_owned(), subject.module.clone()));
        }
    }
    let mut place = format!("{list}[{}/{}", subject.ecosystem, subject.name);
    let marks = [("@", subject.module.as_str()), (".", arch), (" ", stream), (" >= ", subject.since.as_str())];
    for (sign, mark) in marks.into_iter().filter(|(_, mark)| !mark.is_empty()) {
        place.push_str(sign);
        place.push_str(mark);
    }
    place.push(']');
    let mut said = says_nothing(target, Standing::Unaffected, place);
    let since = (!subject.since.is_empty()).then(|| bound(subject.since.as_str(), true));
    let mut rule = range(Scheme::Rpm, since, Some(bound(evr, false)));
    rule.fixed = Some(evr.to_owned());
    said.rules.push(rule);
    said.fix = FixState::Fixed(evr.to_owned());
    said.conditions.extend((!subject.condition.is_empty()).then(|| subject.condition.clone()));
    said.conditions.extend((!stream.is_empty()).then(|| format!("the package is of the line {stream}")));
    said
}

fn is_source(arch: &str) -> bool {
    matches!(arch, "src" | "nosrc" | "source")
}

/// A version with its release, and with its epoch unless that is 0: `30:9.3.3-8.el5`, `8.2204.0-3.amzn2023.0.2`.
pub(super) fn evr(epoch: &str, version: &str, release: &str) -> String {
    let release = if release.is_empty() { String::new() } else { format!("-{release}") };
    match epoch {
        "" | "0" | "(none)" => format!("{version}{release}"),
        epoch => format!("{epoch}:{version}{release}"),
    }
}

/// Name, version and architecture of `delve-0:1.25.2-1.el10_1.aarch64.rpm`, separated from the right.
pub(super) fn nevra(text: &str) -> Option<(&str, String, &str)> {
    let (stem, arch) = text.strip_suffix(".rpm").unwrap_or(text).rsplit_once('.')?;
    let (stem, release) = stem.rsplit_once('-')?;
    let (name, version) = stem.rsplit_once('-')?;
    let (epoch, version) = version.split_once(':').unwrap_or(("", version));
    let is_whole = [name, version, release, arch].iter().all(|part| !part.is_empty());
    is_whole.then(|| (name, evr(epoch, version, release), arch))
}

/// The stream of a build: `el8_6` of `11.el8_6.2`, `el8.4.0` of `2.module+el8.4.0+557+48ba8b2f`; empty if it shows none.
fn stream(evr: &str) -> &str {
    let Some(start) =
        [".module+el", ".module_el", ".el"].iter().find_map(|mark| Some(evr.rfind(mark)? + mark.len() - 2))
    else {
        return "";
    };
    let is_module = evr[..start].ends_with("module+") || evr[..start].ends_with("module_");
    let is_part = |c: char| c.is_ascii_digit() || c == '_' || (is_module && c == '.');
    let digits = evr[start + 2..].find(|c| !is_part(c)).unwrap_or(evr.len() - start - 2);
    evr[start..start + 2 + digits].trim_end_matches(['_', '.'])
}

/// The major release in a build's tag: `8` of `…el8_6`.
pub(super) fn major_of_build(evr: &str) -> Option<&str> {
    let digits = stream(evr).strip_prefix("el")?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    (end > 0).then(|| &digits[..end])
}

/// Names of releases in texts of distributions, and their OSV names.
const RELEASES: [(&str, &str); 8] = [
    ("amazon linux", "Amazon Linux"),
    ("oracle linux", "Oracle Linux"),
    ("almalinux", "AlmaLinux"),
    ("alma linux", "AlmaLinux"),
    ("rocky linux", "Rocky Linux"),
    ("red hat enterprise linux", "Red Hat:enterprise_linux"),
    ("fedora", "Fedora"),
    ("centos", "CentOS"),
];

/// OSV's name of the release that a text names: `Amazon Linux 2023`, `Rocky Linux 8.6 x86_64 (Legacy)`,
/// `almalinux-9-for-x86_64-baseos-rpms`, `SUSE Linux Enterprise Server 15 SP5`.
pub(super) fn release_named(text: &str) -> Option<String> {
    let text: String = text.chars().take(200).collect();
    let folded = text.to_ascii_lowercase().replace(['-', '_'], " ");
    if folded.contains("amazon linux ami") {
        return Some("Amazon Linux:1".to_owned());
    }
    if let Some(release) = text.strip_prefix("SUSE Linux Enterprise ") {
        return Some(format!("SUSE:Linux Enterprise {}", release.trim()));
    }
    if let Some(release) = text.strip_prefix("openSUSE ") {
        return Some(format!("openSUSE:{}", release.trim()));
    }
    RELEASES.iter().find_map(|(name, ecosystem)| {
        let rest = &folded[folded.find(name)? + name.len()..];
        let digits = rest.trim_start().trim_start_matches("linux ");
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        (end > 0).then(|| format!("{ecosystem}:{}", &digits[..end]))
    })
}

/// OSV's name of the release that an address is of: `https://cdn.amazonlinux.com/al2023/core/…`, `…/rocky/9/AppStream/…`.
pub(super) fn release_in_address(from: &str) -> Option<String> {
    let folded = from.to_ascii_lowercase();
    let parts: Vec<&str> = folded.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        (end > 0 && text[end..].chars().all(|c| c.is_ascii_digit() || c == '.')).then(|| text[..end].to_owned())
    };
    if let Some(year) =
        parts.iter().find_map(|part| part.strip_prefix("al").filter(|year| matches!(*year, "2022" | "2023")))
    {
        return Some(format!("Amazon Linux:{year}"));
    }
    parts.windows(2).enumerate().find_map(|(at, pair)| match (pair[0], pair[1]) {
        ("2", "core" | "extras") if parts[..=at].iter().any(|part| part.contains("amazon")) => {
            Some("Amazon Linux:2".to_owned())
        }
        (host, year) if host.ends_with("amazonaws.com") && number(year).is_some_and(|year| year.len() == 4) => {
            Some("Amazon Linux:1".to_owned())
        }
        ("rocky", release) => number(release).map(|release| format!("Rocky Linux:{release}")),
        ("almalinux" | "alma" | "errata.almalinux.org", release) => {
            number(release).map(|release| format!("AlmaLinux:{release}"))
        }
        ("oraclelinux", release) => {
            number(release.strip_prefix("ol")?).map(|release| format!("Oracle Linux:{release}"))
        }
        _ => None,
    })
}

/// An instant as these feeds write it: a date, a date and time (UTC), or seconds since 1970.
pub(super) fn instant(text: &str) -> Option<jiff::Timestamp> {
    match text.trim().parse::<i64>() {
        Ok(seconds) => jiff::Timestamp::from_second(seconds).ok(),
        Err(_) => timestamp(text),
    }
}

/// An instant of a record; text that is none is noted.
pub(super) fn noted_instant(text: &str, place: &str, notes: &mut Notes) -> Option<jiff::Timestamp> {
    let found = instant(text);
    if found.is_none() && !text.trim().is_empty() {
        notes.add(place, format!("{text:?} is no date; the field is ignored."));
    }
    found
}

/// Adds a CVE that the erratum covers. An erratum is a container: its CVEs are never its aliases (R1).
pub(super) fn cover(advisory: &mut Advisory, name: &str) {
    if is_cve(name) {
        add_once(&mut advisory.related, name);
    }
}

/// Whether an erratum is about vulnerabilities: one of another kind that names none says nothing that is to be matched.
pub(super) fn is_security(kind: &str, advisory: &Advisory) -> bool {
    kind.eq_ignore_ascii_case("security") || !advisory.related.is_empty()
}

#[cfg(test)]
mod tests;
