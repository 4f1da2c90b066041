//! Which release of a distribution a package belongs to (R4, R5, R22): `distro` qualifiers in the spellings of real tools.

use standards::purl::Purl;

use super::{DISTRIBUTIONS, Distribution, Releases, is_number, named};

/// Debian's codenames and releases (the Debian release list).
const DEBIAN: &[(&str, &str)] = &[
    ("squeeze", "6"),
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("duke", "15"),
    ("sid", "sid"),
    ("unstable", "sid"),
];

/// Ubuntu's codenames and releases.
const UBUNTU: &[(&str, &str)] = &[
    ("warty", "4.10"),
    ("hoary", "5.04"),
    ("breezy", "5.10"),
    ("dapper", "6.06"),
    ("edgy", "6.10"),
    ("feisty", "7.04"),
    ("gutsy", "7.10"),
    ("hardy", "8.04"),
    ("intrepid", "8.10"),
    ("jaunty", "9.04"),
    ("karmic", "9.10"),
    ("lucid", "10.04"),
    ("maverick", "10.10"),
    ("natty", "11.04"),
    ("oneiric", "11.10"),
    ("precise", "12.04"),
    ("quantal", "12.10"),
    ("raring", "13.04"),
    ("saucy", "13.10"),
    ("trusty", "14.04"),
    ("utopic", "14.10"),
    ("vivid", "15.04"),
    ("wily", "15.10"),
    ("xenial", "16.04"),
    ("yakkety", "16.10"),
    ("zesty", "17.04"),
    ("artful", "17.10"),
    ("bionic", "18.04"),
    ("cosmic", "18.10"),
    ("disco", "19.04"),
    ("eoan", "19.10"),
    ("focal", "20.04"),
    ("groovy", "20.10"),
    ("hirsute", "21.04"),
    ("impish", "21.10"),
    ("jammy", "22.04"),
    ("kinetic", "22.10"),
    ("lunar", "23.04"),
    ("mantic", "23.10"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
    ("resolute", "26.04"),
];

/// The release a Debian codename or version stands for: `bookworm` and `12.4` are `12`, `unstable` is `sid`.
///
/// `trixie/sid`, which testing calls itself, is the coming release.
pub fn debian_release(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let first = text.split('/').next().unwrap_or_default();
    codename(DEBIAN, first).map(str::to_owned).or_else(|| major(first))
}

/// The release that a `distro` qualifier states: `debian-12`, `bookworm`, `alpine-3.18.4`, `3.18.4`, `rhel-9.2`.
///
/// The distribution is the one the qualifier names, else the purl's namespace, else the one that has such a codename.
pub(super) fn stated(purl: &Purl, distro: &str) -> Option<(&'static Distribution, String)> {
    let distro = distro.trim().to_lowercase();
    if let Some((found, version)) = by_prefix(purl, &distro) {
        return found.with_release(version);
    }
    if let Some(found) = by_namespace(purl) {
        return found.with_release(&distro);
    }
    of_type(purl).find_map(|found| match found.releases {
        Releases::Debian => codename(DEBIAN, &distro).and_then(|release| found.with_release(release)),
        Releases::Ubuntu => codename(UBUNTU, &distro).and_then(|release| found.with_release(release)),
        _ => None,
    })
}

/// A rolling distribution needs no release.
pub(super) fn rolling(purl: &Purl) -> Option<(&'static Distribution, String)> {
    let found = by_namespace(purl)?;
    (found.releases == Releases::Rolling).then(|| (found, found.name.to_owned()))
}

/// The release that the SBOM as a whole states, if it is one of the package's distribution.
pub(super) fn from_sbom(purl: &Purl, ecosystem: &str) -> Option<(&'static Distribution, String)> {
    let (base, release) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
    let found = named(base)?;
    let same_type = of_type(purl).any(|other| other.name == found.name);
    // A third-party namespace (`pkg:rpm/remi/…`) is another supplier's package (R9).
    let same_origin = purl.namespace.is_none() || by_namespace(purl).is_some_and(|other| other.name == found.name);
    let has_release = found.releases == Releases::Rolling || !release.is_empty();
    (same_type && same_origin && has_release).then(|| (found, ecosystem.to_owned()))
}

fn of_type(purl: &Purl) -> impl Iterator<Item = &'static Distribution> {
    let kind = if purl.kind == "alpine" { "apk" } else { purl.kind.as_str() }.to_owned();
    DISTRIBUTIONS.iter().filter(move |found| found.purl_type == kind)
}

fn by_namespace(purl: &Purl) -> Option<&'static Distribution> {
    // `pkg:alpine/busybox` names its distribution by its type.
    let namespace = purl.namespace.as_deref().or_else(|| (purl.kind == "alpine").then_some("alpine"))?;
    of_type(purl).find(|found| found.ids.contains(&namespace))
}

/// The distribution whose identifier opens the qualifier, and what follows it. The longest identifier wins.
fn by_prefix<'a>(purl: &Purl, distro: &'a str) -> Option<(&'static Distribution, &'a str)> {
    of_type(purl)
        .flat_map(|found| found.ids.iter().map(move |id| (found, *id)))
        .filter_map(|(found, id)| Some((id.len(), found, after_id(distro, id)?)))
        .max_by_key(|(length, ..)| *length)
        .map(|(_, found, version)| (found, version))
}

fn after_id<'a>(distro: &'a str, id: &str) -> Option<&'a str> {
    let rest = distro.strip_prefix(id)?;
    match rest.strip_prefix(['-', ':', '_', ' ']) {
        Some(version) => Some(version),
        None => (rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest),
    }
}

impl Distribution {
    /// OSV's name with the release that `version` means, or `None` if it means none.
    fn with_release(&'static self, version: &str) -> Option<(&'static Self, String)> {
        let release = match self.releases {
            Releases::Rolling => return Some((self, self.name.to_owned())),
            Releases::Debian => debian_release(version)?,
            Releases::Ubuntu => ubuntu_release(version)?,
            Releases::Alpine => alpine_release(version)?,
            Releases::Major => major(version)?,
            Releases::Amazon => amazon_release(version)?,
            Releases::RedHat => format!("enterprise_linux:{}", major(version)?),
            Releases::Sle => sle_release(version)?,
            Releases::OpenSuse => opensuse_release(version)?,
            Releases::Whole => (!version.is_empty()).then(|| version.to_owned())?,
        };
        Some((self, format!("{}:{release}", self.name)))
    }
}

fn codename(table: &[(&str, &'static str)], text: &str) -> Option<&'static str> {
    table.iter().find(|(name, _)| *name == text).map(|(_, release)| *release)
}

/// The first number of a version.
fn major(version: &str) -> Option<String> {
    let first = version.trim().trim_start_matches('v').split(['.', '-', ' ', '_']).next()?;
    is_number(first).then(|| first.to_owned())
}

/// `2` and `2023.1.20230705` are `2` and `2023`; what came before was named by year and month, as `2018.03`.
fn amazon_release(version: &str) -> Option<String> {
    let version = version.trim();
    let before = ["2010", "2011", "2012", "2013", "2014", "2015", "2016", "2017", "2018"];
    major(version).map(|major| if before.contains(&major.as_str()) { "1".to_owned() } else { major })
}

/// The release an Ubuntu codename or version stands for: `jammy` and `22.04.3` are `22.04:LTS`. The April release of an even
/// year is supported for long.
pub fn ubuntu_release(version: &str) -> Option<String> {
    let version = codename(UBUNTU, version).unwrap_or(version);
    let mut numbers = version.split(['.', ' ', '-']);
    let (year, month) = (numbers.next()?, numbers.next()?);
    let number: u32 = year.parse().ok()?;
    if !is_number(month) {
        return None;
    }
    let is_long = (month == "04" && number.is_multiple_of(2) && number >= 8) || (year, month) == ("6", "06");
    let suffix = if is_long { ":LTS" } else { "" };
    Some(format!("{year}.{month}{suffix}"))
}

/// `3.18.4` is `v3.18`; a pre-release (`3.22_alpha20250108`) and `edge` are `edge`.
fn alpine_release(version: &str) -> Option<String> {
    let version = version.trim_start_matches('v');
    if version == "edge" || version.contains("_alpha") {
        return Some("edge".to_owned());
    }
    let mut numbers = version.split('.');
    let (first, second) = (numbers.next()?, numbers.next()?);
    (is_number(first) && is_number(second)).then(|| format!("v{first}.{second}"))
}

/// `15.5` is `Linux Enterprise Server 15 SP5`.
fn sle_release(version: &str) -> Option<String> {
    let version = version.replace("-sp", ".").replace("sp", ".");
    let (first, pack) = version.split_once('.').unwrap_or((&version, "0"));
    if !is_number(first) || !is_number(pack) {
        return None;
    }
    let pack = if pack == "0" { String::new() } else { format!(" SP{pack}") };
    Some(format!("Linux Enterprise Server {first}{pack}"))
}

/// `leap-15.5` and `15.5` are `Leap 15.5`; a date is a snapshot of Tumbleweed.
fn opensuse_release(version: &str) -> Option<String> {
    let version = version.trim_start_matches("leap").trim_start_matches(['-', '.', ' ']);
    if version.starts_with("tumbleweed") || (version.len() == 8 && is_number(version)) {
        return Some("Tumbleweed".to_owned());
    }
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("Leap {version}"))
}
