//! What each kind of source speaks about: the one table, for coverage and for the freshness of a run's silence.

use crate::index::package_key::fold_vendor;

/// What a source speaks about, as far as components can be identified by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// Packages of every ecosystem.
    EveryEcosystem,
    /// Packages of these ecosystems, in OSV's spelling; one without a release stands for all its releases.
    Ecosystems(Vec<String>),
    /// Products by CPE.
    Cpes,
    /// No components, or only by name: scores, exploitation, bulletins, most advisories of governments and vendors.
    Nothing,
}

impl Served {
    /// What a source of a kind speaks about. `part` is what is asked for of it: an ecosystem, releases.
    pub fn of(kind: &str, part: &[String], url: &str) -> Self {
        let whole = |name: &str| Self::Ecosystems(vec![name.to_owned()]);
        let releases = |name: &str| Self::Ecosystems(part.iter().map(|release| format!("{name}:{release}")).collect());
        match kind {
            "cve-list" | "nvd" | "nvd-feeds" => Self::Cpes,
            "osv" if part.is_empty() => Self::EveryEcosystem,
            "osv" => Self::Ecosystems(part.to_vec()),
            "debian" => whole("Debian"),
            "ubuntu" => whole("Ubuntu"),
            "alpine" => releases("Alpine"),
            "secdb" if url.contains("chainguard") => whole("Chainguard"),
            "secdb" => whole("Wolfi"),
            "amazon-linux" if url.contains("2023") => whole("Amazon Linux:2023"),
            "amazon-linux" if url.contains("/2/") => whole("Amazon Linux:2"),
            "amazon-linux" => whole("Amazon Linux"),
            "oracle-linux" => whole("Oracle Linux"),
            "alma-linux" => releases("AlmaLinux"),
            "rocky-linux" => whole("Rocky Linux"),
            "arch" => whole("Arch Linux"),
            "photon" => releases("Photon OS"),
            "red-hat" => whole("Red Hat"),
            "csaf" if is_own_address("Red Hat", url) => whole("Red Hat"),
            "csaf" if is_own_address("SUSE", url) => Self::Ecosystems(vec!["SUSE".to_owned(), "openSUSE".to_owned()]),
            _ => Self::Nothing,
        }
    }

    /// Whether it brings what is said about packages of an ecosystem: `npm`, `Debian:12`.
    pub fn brings(&self, ecosystem: &str) -> bool {
        let base = ecosystem.split(':').next().unwrap_or(ecosystem);
        match self {
            Self::EveryEcosystem => true,
            Self::Ecosystems(known) => {
                known.iter().any(|known| known.eq_ignore_ascii_case(ecosystem) || known.eq_ignore_ascii_case(base))
            }
            Self::Cpes | Self::Nothing => false,
        }
    }

    /// Whether it speaks of products by CPE.
    pub fn speaks_of_cpes(&self) -> bool {
        *self == Self::Cpes
    }
}

/// Whether a source of this kind may be a supplier's own: its address is the publisher's.
pub(super) fn may_be_own(kind: &str) -> bool {
    matches!(kind, "csaf" | "red-hat" | "msrc" | "news-feed")
}

/// Whether an address is a supplier's own: the domain is its name, or the first word of it. `Siemens Healthineers` publishes at
/// `cert-portal.siemens.com`.
pub(super) fn is_own_address(supplier: &str, url: &str) -> bool {
    let Some(domain) = domain(url) else { return false };
    let folded = fold_vendor(supplier);
    let first = folded.split(' ').next().unwrap_or_default();
    let joined: String = folded.split(' ').collect();
    !domain.is_empty() && (joined == domain || (first.chars().count() >= 4 && first == domain))
}

/// The name in a host: `siemens` of `cert-portal.siemens.com`, `example` of `www.example.co.uk`.
fn domain(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next()?;
    let labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
    let second_level = |label: &&str| matches!(*label, "co" | "com" | "org" | "gov" | "ac" | "net");
    match labels.as_slice() {
        [.., name, second, _] if second_level(second) => Some(name),
        [.., name, _] => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ecosystem_without_release_stands_for_all_its_releases() {
        let debian = Served::of("debian", &[], "");
        assert!(debian.brings("Debian:12") && debian.brings("Debian") && !debian.brings("Ubuntu:22.04:LTS"));
        let alpine = Served::of("alpine", &["v3.18".to_owned()], "");
        assert!(alpine.brings("Alpine:v3.18") && !alpine.brings("Alpine:v3.19"));
        assert!(Served::of("osv", &[], "").brings("npm"));
        assert!(Served::of("osv", &["npm".to_owned()], "").brings("npm"));
        assert!(!Served::of("cisa-kev", &[], "").brings("npm"));
    }

    #[test]
    fn a_suppliers_own_address_bears_its_name() {
        assert!(is_own_address(
            "Siemens AG",
            "https://cert-portal.siemens.com/productcert/csaf/provider-metadata.json"
        ));
        assert!(is_own_address("Siemens Healthineers", "https://cert-portal.siemens.com/x"));
        assert!(is_own_address("Red Hat, Inc.", "https://security.access.redhat.com/data/csaf/v2/vex/"));
        assert!(is_own_address("Example", "https://www.example.co.uk"));
        assert!(!is_own_address("Open Robotics", "https://www.openplc.com"));
        assert!(!is_own_address("", "https://www.example.com") && !is_own_address("x", "nowhere"));
    }
}
