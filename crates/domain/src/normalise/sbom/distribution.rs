//! Which release of a distribution a package belongs to, in OSV's spelling: `Debian:12`, `Alpine:v3.18`.
//!
//! A package's own purl says so, or the operating system listed beside it, or the other packages of the same SBOM when
//! they all agree. Where they do not, nothing is assumed.

use std::collections::{BTreeMap, BTreeSet};

use standards::purl::Purl;

use super::Notes;
use crate::model::sbom::Component;

/// Code names of Debian's releases.
const DEBIAN: [(&str, &str); 8] = [
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
];

/// Gathers what a document says about distributions, then fills the gaps.
#[derive(Debug, Default)]
pub(in crate::normalise) struct Distributions {
    stated: BTreeMap<String, BTreeSet<String>>,
    open: Vec<(usize, String)>,
}

impl Distributions {
    /// An operating system that the document lists.
    pub(in crate::normalise) fn operating_system(&mut self, name: &str, version: Option<&str>) {
        if let Some(distribution) = version.and_then(|version| of_release(name, version)) {
            self.remember(&distribution);
        }
    }

    /// The distribution of the component at `index`, as far as its own purl says; the rest is settled in `fill`.
    pub(in crate::normalise) fn package(&mut self, index: usize, purl: &Purl) -> Option<String> {
        let family = family(purl)?;
        let distribution = purl.qualifier("distro").and_then(|distro| of_qualifier(&family, distro));
        match &distribution {
            Some(distribution) => self.remember(distribution),
            None => self.open.push((index, family)),
        }
        distribution
    }

    /// Gives packages without a distribution the only one of their family that the document speaks of.
    pub(in crate::normalise) fn fill(self, components: &mut [Component], notes: &mut Notes) {
        let mut undecided = BTreeMap::<String, u64>::new();
        for (index, family) in self.open {
            let known = self.stated.get(&family);
            match known.filter(|known| known.len() == 1).and_then(BTreeSet::first) {
                Some(distribution) => components[index].distribution = Some(distribution.clone()),
                None => *undecided.entry(family).or_default() += 1,
            }
        }
        for (family, count) in undecided {
            let known: Vec<&str> = self.stated.get(&family).into_iter().flatten().map(String::as_str).collect();
            let named = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            notes.warn(
                "components",
                format!("{count} {family} packages do not say their release, and the SBOM names {named}"),
            );
        }
    }

    fn remember(&mut self, distribution: &str) {
        let family = distribution.split(':').next().unwrap_or(distribution);
        self.stated.entry(family.to_owned()).or_default().insert(distribution.to_owned());
    }
}

/// OSV's name of the distribution a purl's type and namespace speak of.
fn family(purl: &Purl) -> Option<String> {
    match purl.kind.as_str() {
        "deb" | "apk" | "rpm" => of_id(purl.namespace.as_deref()?).map(ToOwned::to_owned),
        "alpine" => Some("Alpine".to_owned()),
        _ => None,
    }
}

/// OSV's name of a distribution, from an `os-release` identifier or a name as people write it.
fn of_id(id: &str) -> Option<&'static str> {
    let id = id.trim().to_ascii_lowercase();
    let first = id.split([' ', '/', ':']).next().unwrap_or_default();
    Some(match first {
        "debian" => "Debian",
        "alpine" => "Alpine",
        "ubuntu" => "Ubuntu",
        "rocky" | "rockylinux" => "Rocky Linux",
        "almalinux" | "alma" => "AlmaLinux",
        "wolfi" => "Wolfi",
        "chainguard" => "Chainguard",
        _ => return None,
    })
}

/// The release as OSV spells it, from a distribution's name and version: `debian` and `12.15`, `alpine` and `3.18.4`.
pub(in crate::normalise) fn of_release(name: &str, version: &str) -> Option<String> {
    let family = of_id(name)?;
    let version = version.trim().trim_start_matches('v').to_ascii_lowercase();
    let numbers: Vec<&str> = version.split(['.', '_', '-', ' ']).collect();
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let first = numbers.first().filter(|text| is_number(text));
    let second = numbers.get(1).filter(|text| is_number(text));
    match family {
        "Wolfi" | "Chainguard" => Some(family.to_owned()),
        "Debian" => {
            let code_name = || DEBIAN.iter().find(|(name, _)| *name == version).map(|(_, number)| number);
            first.or_else(code_name).map(|number| format!("Debian:{number}"))
        }
        "Alpine" if version == "edge" => Some("Alpine:edge".to_owned()),
        "Alpine" => first.zip(second).map(|(major, minor)| format!("Alpine:v{major}.{minor}")),
        "Ubuntu" => first.zip(second).map(|(year, month)| ubuntu(year, month)),
        _ => first.map(|major| format!("{family}:{major}")),
    }
}

/// Ubuntu's releases of April in even years are supported longer, and OSV says so.
fn ubuntu(year: &str, month: &str) -> String {
    let long_term = month == "04" && year.parse::<u32>().is_ok_and(|year| year % 2 == 0);
    format!("Ubuntu:{year}.{month}{}", if long_term { ":LTS" } else { "" })
}

/// From the `distro` qualifier: `debian-12`, `bookworm`, `alpine-3.18.4`, `3.18.4`.
fn of_qualifier(family: &str, distro: &str) -> Option<String> {
    if let Some((id, version)) = distro.rsplit_once('-')
        && let Some(found) = of_release(id, version)
    {
        return found.starts_with(family).then_some(found);
    }
    of_release(family, distro)
}
