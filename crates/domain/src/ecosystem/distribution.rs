//! Distributions: which release a package belongs to, and which names its advisories use (R4, R7, R8).
//!
//! In: a package URL of type `deb`, `rpm`, `apk` or `alpm`, with what the SBOM knows about the source package and the
//! release. Out: the identities under which the distribution's own data speaks about it. A package whose release nobody
//! states has none: its versions mean nothing in another release.

mod release;

use standards::purl::Purl;
use standards::versions::Scheme;

use super::{PackageIdentity, stated_version};

pub use release::{debian_release, ubuntu_release};

/// A distribution.
#[derive(Debug, Clone, Copy)]
pub struct Distribution {
    /// OSV's name; our own for those OSV has not.
    pub name: &'static str,
    /// Type of its package URLs.
    pub purl_type: &'static str,
    /// Its identifiers as purl namespace or in the `distro` qualifier (os-release `ID`).
    pub ids: &'static [&'static str],
    /// How its versions are ordered.
    pub scheme: Scheme,
    /// Which names its advisories use.
    pub keyed_by: KeyedBy,
    /// How a release is written.
    pub(crate) releases: Releases,
    /// Whether names are spelled in lower case.
    pub(crate) lower_names: bool,
}

/// Which names a distribution's advisories use (R8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyedBy {
    /// Source packages.
    Source,
    /// Binary packages, and source packages as well.
    Both,
}

/// How a distribution writes its releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Releases {
    /// `12`, `sid`.
    Debian,
    /// `22.04:LTS`, `23.10`.
    Ubuntu,
    /// `v3.18`, `edge`.
    Alpine,
    /// `9`.
    Major,
    /// `2`, `2023`; `1` for the releases by year and month before (`2018.03`).
    Amazon,
    /// `enterprise_linux:9`.
    RedHat,
    /// `Linux Enterprise Server 15 SP5`.
    Sle,
    /// `Leap 15.5`, `Tumbleweed`.
    OpenSuse,
    /// The version as stated.
    Whole,
    /// One rolling release without a name (R22).
    Rolling,
}

/// Every distribution whose packages we can name.
pub const DISTRIBUTIONS: &[Distribution] = &[
    deb("Debian", &["debian"], Releases::Debian),
    deb("Ubuntu", &["ubuntu"], Releases::Ubuntu),
    deb("Echo", &["echo"], Releases::Rolling),
    apk("Alpine", &["alpine"], Releases::Alpine),
    apk("Wolfi", &["wolfi"], Releases::Rolling),
    apk("Chainguard", &["chainguard"], Releases::Rolling),
    apk("MinimOS", &["minimos"], Releases::Rolling),
    apk("Alpaquita", &["alpaquita"], Releases::Whole),
    apk("BellSoft Hardened Containers", &["bellsoft-hardened-containers"], Releases::Whole),
    rpm("AlmaLinux", &["almalinux", "alma"], Releases::Major),
    rpm("Rocky Linux", &["rocky", "rockylinux", "rocky-linux"], Releases::Major),
    rpm("Red Hat", &["rhel", "redhat"], Releases::RedHat),
    rpm("SUSE", &["sles", "suse", "sle_hpc", "sles_sap"], Releases::Sle),
    rpm("openSUSE", &["opensuse", "opensuse-leap", "opensuse-tumbleweed", "opensuse.leap"], Releases::OpenSuse),
    rpm("openEuler", &["openeuler"], Releases::Whole),
    rpm("Mageia", &["mageia"], Releases::Major),
    rpm("Azure Linux", &["azurelinux", "mariner", "cbl-mariner"], Releases::Major),
    rpm("Photon OS", &["photon"], Releases::Whole),
    // Without data in OSV: under our own names, by which their own feeds are read.
    rpm("Fedora", &["fedora"], Releases::Major),
    rpm("CentOS", &["centos"], Releases::Major),
    rpm("Oracle Linux", &["ol", "oracle", "oraclelinux", "oracle-linux"], Releases::Major),
    rpm("Amazon Linux", &["amzn", "amazon", "amazonlinux"], Releases::Amazon),
    Distribution {
        name: "Arch Linux",
        purl_type: "alpm",
        ids: &["arch", "archlinux"],
        scheme: Scheme::Alpm,
        keyed_by: KeyedBy::Both,
        releases: Releases::Rolling,
        lower_names: true,
    },
];

const fn deb(name: &'static str, ids: &'static [&'static str], releases: Releases) -> Distribution {
    let (scheme, keyed_by) = (Scheme::Deb, KeyedBy::Source);
    Distribution { name, purl_type: "deb", ids, scheme, keyed_by, releases, lower_names: true }
}

const fn apk(name: &'static str, ids: &'static [&'static str], releases: Releases) -> Distribution {
    let (scheme, keyed_by) = (Scheme::Apk, KeyedBy::Source);
    Distribution { name, purl_type: "apk", ids, scheme, keyed_by, releases, lower_names: true }
}

const fn rpm(name: &'static str, ids: &'static [&'static str], releases: Releases) -> Distribution {
    let (scheme, keyed_by) = (Scheme::Rpm, KeyedBy::Both);
    Distribution { name, purl_type: "rpm", ids, scheme, keyed_by, releases, lower_names: false }
}

/// The distribution with this OSV name (without release), in any case.
pub fn named(name: &str) -> Option<&'static Distribution> {
    DISTRIBUTIONS.iter().find(|distribution| distribution.name.eq_ignore_ascii_case(name))
}

/// Whether packages of this purl type belong to a distribution. `alpine` is what older tools write for `apk`.
pub fn is_distribution_type(purl_type: &str) -> bool {
    matches!(purl_type, "deb" | "rpm" | "apk" | "alpine" | "alpm")
}

/// The distribution and release of a package in OSV's spelling (`Debian:12`): as the purl states it, else `fallback`.
pub fn ecosystem_of(purl: &Purl, fallback: Option<&str>) -> Option<(&'static Distribution, String)> {
    let stated = purl.qualifier("distro").and_then(|distro| release::stated(purl, distro));
    stated.or_else(|| release::rolling(purl)).or_else(|| release::from_sbom(purl, fallback?))
}

/// Every identity of a distribution's package, the strongest first: source package, or binary then source package.
///
/// `source` is what the SBOM states beside the purl; else the purl's `upstream` qualifier counts. `release` is the
/// release the SBOM knows, in OSV's spelling.
pub fn identities(purl: &Purl, source: Option<(&str, Option<&str>)>, release: Option<&str>) -> Vec<PackageIdentity> {
    let Some((distribution, ecosystem)) = ecosystem_of(purl, release) else { return Vec::new() };
    let binary = Package { name: purl.name.clone(), version: with_epoch(purl) };
    let source = source
        .map(|(name, version)| Package { name: name.to_owned(), version: version.map(str::to_owned) })
        .or_else(|| purl.qualifier("upstream").and_then(|text| upstream(distribution, text)))
        .filter(|package| !package.name.is_empty());
    let identity = |package: Package, derived_from: Option<String>| PackageIdentity {
        ecosystem: ecosystem.clone(),
        name: super::normalise_name(distribution.name, &package.name),
        scheme: distribution.scheme,
        version: package.version.as_deref().and_then(stated_version).map(|text| without_rebuild(distribution, text)),
        derived_from,
    };
    let differs = source.as_ref().is_some_and(|package| package.name != binary.name);
    match (distribution.keyed_by, source) {
        (KeyedBy::Source, Some(source)) => {
            let version = source.version.or_else(|| binary.version.clone());
            vec![identity(Package { name: source.name, version }, differs.then_some(binary.name))]
        }
        (KeyedBy::Both, Some(source)) if differs => {
            // The epoch of a binary is not the source's (R7): without a version of its own the source has the binary's
            // version without epoch.
            let version = source.version.or_else(|| purl.version.as_deref().map(|text| without_epoch(text).to_owned()));
            let name = binary.name.clone();
            vec![identity(binary, None), identity(Package { name: source.name, version }, Some(name))]
        }
        _ => vec![identity(binary, None)],
    }
}

struct Package {
    name: String,
    version: Option<String>,
}

/// The purl's version with the epoch of its `epoch` qualifier; one that the version has already wins (R7).
fn with_epoch(purl: &Purl) -> Option<String> {
    let version = purl.version.as_deref()?;
    match purl.qualifier("epoch") {
        Some(epoch) if !version.contains(':') && epoch.bytes().all(|byte| byte.is_ascii_digit()) && epoch != "0" => {
            Some(format!("{epoch}:{version}"))
        }
        _ => Some(version.to_owned()),
    }
}

fn without_epoch(version: &str) -> &str {
    version.split_once(':').map_or(version, |(_, rest)| rest)
}

/// Reads an `upstream` qualifier: `openssl`, `openssl@3.0.11-1~deb12u2`, `openssl-3.0.7-24.el9.src.rpm`.
fn upstream(distribution: &Distribution, text: &str) -> Option<Package> {
    // Several sources are stated one after the other; the first is the package's own.
    let text = text.split(',').next()?.trim();
    if distribution.purl_type == "rpm"
        && let Some(package) = source_rpm(text)
    {
        return Some(package);
    }
    let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)));
    Some(Package { name: name.to_owned(), version: version.map(str::to_owned) })
}

/// Reads the file name of a source RPM: name, version and release, separated from the right.
pub fn source_rpm_name(file: &str) -> Option<(&str, &str)> {
    let stem = file.strip_suffix(".src.rpm").or_else(|| file.strip_suffix(".nosrc.rpm"))?;
    let release = stem.rfind('-')?;
    let version = stem[..release].rfind('-')?;
    Some((&stem[..version], &stem[version + 1..]))
}

fn source_rpm(file: &str) -> Option<Package> {
    let (name, version) = source_rpm_name(file)?;
    Some(Package { name: name.to_owned(), version: Some(version.to_owned()) })
}

/// Debian rebuilds a binary without touching its source and marks it `+b1`; the source's version has no such mark (R8).
fn without_rebuild(distribution: &Distribution, version: &str) -> String {
    let cut = match version.rsplit_once("+b") {
        Some((before, number)) if distribution.purl_type == "deb" && is_number(number) => before,
        _ => version,
    };
    cut.to_owned()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
