//! Under which keys a component is looked up, and how sure each makes a match: the identity layer of matching.
//!
//! | What the component states | Keys | Confidence |
//! |---|---|---|
//! | purl of a language | its package | exact |
//! | purl of a distribution, release known | source package, for RPM the binary too (R4, R8) | exact; derived if the source has another name |
//! | purl of a distribution, release unknown | its CPEs | candidate |
//! | CPE | part, vendor, product | exact; derived beside a purl of a language, for such CPEs are guesses |
//! | CPE without vendor, or of any part | part and product (R20) | derived |
//! | purl of a Yocto recipe | the recipe | exact |
//! | repository (`pkg:github`, `vcs_url`) | the repository | exact, derived |
//! | supplier and name | both, folded | candidate |

use standards::cpe::{Cpe, Value};
use standards::purl::Purl;
use standards::versions::{Scheme, composite};

use super::{PackageKey, fold, parts};
use crate::ecosystem::{self, PackageIdentity, distribution, scheme_of_cpe, stated_version};
use crate::model::finding::Confidence;
use crate::model::sbom::Component;

/// A key under which a component is looked up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentKey {
    /// The key.
    pub key: PackageKey,
    /// What the component is identified by: its purl, CPE, source package, or supplier and name.
    pub identity: String,
    /// The version to compare; `None` if unknown or not applicable.
    pub version: Option<String>,
    /// The version is stated to be not applicable (CPE `-`): disjoint from every concrete version (R15).
    pub version_na: bool,
    /// How versions are ordered.
    pub scheme: Scheme,
    /// What kind of records can use the key.
    pub family_hint: KeyKind,
    /// How sure a match through this key is, before versions and conditions.
    pub confidence: Confidence,
}

/// What kind of records can use a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Package of a language: OSV, GHSA.
    Package,
    /// Package of a distribution: its own tracker (R4).
    DistroPackage,
    /// CPE: NVD, CVE records, CSAF.
    Cpe,
    /// Vendor and product by name: CVE records, CSAF.
    Named,
    /// Repository: OSV ranges of commits.
    Repository,
}

/// Every key of a component, strongest first; no key twice with the same version. Empty if nothing identifies it.
pub fn keys_of_component(component: &Component) -> Vec<ComponentKey> {
    let purl = component.purl.as_deref().and_then(|text| Purl::parse(text).ok());
    let origin = Origin::of(component, purl.as_ref());
    let mut keys = Vec::new();
    if let Some(purl) = &purl {
        keys.extend(package_keys(component, purl));
        keys.extend(repository_key(component, purl));
    }
    if let Some(strongest) = origin.cpe_confidence() {
        component.cpes.iter().for_each(|text| keys.extend(cpe_keys(component, text, strongest)));
    }
    if origin == Origin::Other {
        keys.extend(named_keys(component));
    }
    keys.sort_by_key(|key| std::cmp::Reverse(key.confidence));
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|key| seen.insert((key.key.clone(), key.version.clone())));
    keys
}

/// Where a component comes from decides what its CPEs are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A distribution's release that is known: only its own word counts (R4).
    Distribution,
    /// A distribution, but nobody knows which release.
    UnknownRelease,
    /// A language's registry.
    Language,
    /// Anything else: a vendor's product, firmware, a C library.
    Other,
}

impl Origin {
    fn of(component: &Component, purl: Option<&Purl>) -> Self {
        match purl {
            Some(purl) if distribution::is_distribution_type(&purl.kind) => {
                match distribution::ecosystem_of(purl, component.distribution.as_deref()) {
                    Some(_) => Self::Distribution,
                    None => Self::UnknownRelease,
                }
            }
            Some(purl) if ecosystem::language_of(&purl.kind).is_some() => Self::Language,
            _ => Self::Other,
        }
    }

    fn cpe_confidence(self) -> Option<Confidence> {
        match self {
            Self::Distribution => None,
            Self::UnknownRelease => Some(Confidence::Candidate),
            Self::Language => Some(Confidence::Derived),
            Self::Other => Some(Confidence::Exact),
        }
    }
}

fn package_keys(component: &Component, purl: &Purl) -> Vec<ComponentKey> {
    if distribution::is_distribution_type(&purl.kind) {
        let source = component.source_package.as_ref().map(|(name, version)| (name.as_str(), version.as_deref()));
        return distribution::identities(purl, source, component.distribution.as_deref())
            .into_iter()
            .map(|identity| package_key(component, identity, KeyKind::DistroPackage))
            .collect();
    }
    if purl.kind == "yocto" {
        return vec![recipe_key(component, purl)];
    }
    let purl = with_group(component, purl);
    let mut keys: Vec<ComponentKey> = ecosystem::of_language(&purl)
        .into_iter()
        .map(|identity| package_key(component, identity, KeyKind::Package))
        .collect();
    keys.extend(enclosing_module(component, &purl));
    keys
}

fn package_key(component: &Component, identity: PackageIdentity, family_hint: KeyKind) -> ComponentKey {
    let stated = component.purl.clone().unwrap_or_default();
    let (confidence, named_by) = match &identity.derived_from {
        Some(_) => (Confidence::Derived, format!("{} (source package {})", stated, identity.name)),
        None => (Confidence::Exact, stated),
    };
    // A purl without version leaves it to the component; a source package's version is never the component's.
    let own = || component.version.as_deref().and_then(stated_version).map(str::to_owned);
    let version = identity.version.or_else(|| if identity.derived_from.is_none() { own() } else { None });
    ComponentKey {
        key: PackageKey::package(&identity.ecosystem, &identity.name),
        identity: named_by,
        version,
        version_na: false,
        scheme: identity.scheme,
        family_hint,
        confidence,
    }
}

/// A recipe of Yocto, whatever layer it is from: the build's own word is about it. Its CPEs are no guesses, but made by the
/// build for NVD.
fn recipe_key(component: &Component, purl: &Purl) -> ComponentKey {
    let identity = PackageIdentity {
        ecosystem: "Yocto".to_owned(),
        name: purl.name.clone(),
        scheme: Scheme::Generic,
        version: purl.version.clone(),
        derived_from: None,
    };
    package_key(component, identity, KeyKind::DistroPackage)
}

/// Maven needs a group; some tools state it beside the purl only.
fn with_group(component: &Component, purl: &Purl) -> Purl {
    let mut purl = purl.clone();
    if purl.kind == "maven" && purl.namespace.is_none() {
        purl.namespace = component.group.clone().filter(|group| !group.is_empty());
    }
    purl
}

/// Go: a subpath may be a package inside the module that namespace and name give, or the rest of the module's own path.
/// If the component's name is the longer path, it is the module; else the shorter one is looked up too.
fn enclosing_module(component: &Component, purl: &Purl) -> Option<ComponentKey> {
    let subpath = purl.subpath.as_deref().filter(|_| purl.kind == "golang")?;
    if component.name.ends_with(subpath) {
        return None;
    }
    let outer = ecosystem::of_language(&Purl { subpath: None, ..purl.clone() })?;
    let key = package_key(component, outer, KeyKind::Package);
    Some(ComponentKey { confidence: Confidence::Derived, ..key })
}

fn cpe_keys(component: &Component, text: &str, strongest: Confidence) -> Vec<ComponentKey> {
    let Ok((cpe, _)) = Cpe::repair(text) else { return Vec::new() };
    let Some(product) = cpe.product.plain() else { return Vec::new() };
    let vendor = cpe.vendor.plain();
    let confidence =
        if vendor.is_none() || cpe.part.plain().is_none() { strongest.min(Confidence::Derived) } else { strongest };
    // A build makes CPEs with every part open (Yocto), and names the vendor only in some places: its own word on a product
    // may have none.
    let of_any_vendor = vendor.is_none() || cpe.part.plain().is_none();
    let keys = parts(&cpe.part).into_iter().flat_map(|part| {
        let named = vendor.map(|vendor| PackageKey::cpe(part, vendor, product));
        named.into_iter().chain(of_any_vendor.then(|| PackageKey::cpe_any_vendor(part, product)))
    });
    keys.map(|key| ComponentKey {
        key,
        identity: cpe.to_formatted(),
        version: cpe_version(component, &cpe),
        version_na: cpe.version == Value::Na,
        scheme: scheme_of_cpe(vendor.unwrap_or_default(), product),
        family_hint: KeyKind::Cpe,
        confidence,
    })
    .collect()
}

/// The version of a CPE with its update (R16). `*` leaves it to the component's own version; `-` has none (R15).
fn cpe_version(component: &Component, cpe: &Cpe) -> Option<String> {
    match &cpe.version {
        Value::Na => None,
        Value::Text(_) => cpe.version.plain().map(|version| composite(version, cpe.update.plain().unwrap_or_default())),
        Value::Any => component.version.as_deref().and_then(stated_version).map(str::to_owned),
    }
}

fn repository_key(component: &Component, purl: &Purl) -> Option<ComponentKey> {
    let (url, confidence) = match (purl.kind.as_str(), purl.namespace.as_deref()) {
        ("github", Some(owner)) => (format!("github.com/{owner}/{}", purl.name), Confidence::Exact),
        ("bitbucket", Some(owner)) => (format!("bitbucket.org/{owner}/{}", purl.name), Confidence::Exact),
        ("gitlab", Some(owner)) => (format!("gitlab.com/{owner}/{}", purl.name), Confidence::Exact),
        ("git", Some(host)) => (format!("{host}/{}", purl.name), Confidence::Exact),
        ("generic" | "yocto" | "vcpkg" | "conan" | "bazel", _) => {
            (purl.qualifier("vcs_url")?.to_owned(), Confidence::Derived)
        }
        _ => return None,
    };
    let own = purl.version.as_deref().or(component.version.as_deref()).and_then(stated_version);
    let version = commit_of(&url).or(own).map(str::to_owned);
    let scheme = if version.as_deref().is_some_and(is_commit) { Scheme::Git } else { Scheme::Generic };
    Some(ComponentKey {
        key: PackageKey::repository(&url),
        identity: component.purl.clone().unwrap_or_default(),
        version,
        version_na: false,
        scheme,
        family_hint: KeyKind::Repository,
        confidence,
    })
}

/// The commit at the end of a `vcs_url`: `git+https://host/repo.git@4345abcd`.
fn commit_of(url: &str) -> Option<&str> {
    url.rsplit_once('@').map(|(_, revision)| revision).filter(|revision| is_commit(revision))
}

fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Supplier and name as stated, and vendor and product of every CPE, as records without identifiers name products.
fn named_keys(component: &Component) -> Vec<ComponentKey> {
    let supplier = component.supplier.as_deref().map(|supplier| (supplier.to_owned(), component.name.clone()));
    let version = || component.version.as_deref().and_then(stated_version).map(str::to_owned);
    let mut named: Vec<((String, String), Option<String>)> =
        supplier.map(|pair| (pair, version())).into_iter().collect();
    for (cpe, _) in component.cpes.iter().filter_map(|text| Cpe::repair(text).ok()) {
        if let (Some(vendor), Some(product)) = (cpe.vendor.plain(), cpe.product.plain()) {
            named.push(((vendor.to_owned(), product.to_owned()), cpe_version(component, &cpe)));
        }
    }
    named.retain(|((vendor, product), _)| !fold::names_nothing(vendor) && !fold::names_nothing(product));
    named
        .into_iter()
        .map(|((vendor, product), version)| ComponentKey {
            key: PackageKey::named(&vendor, &product),
            identity: format!("{vendor} {product}"),
            version,
            version_na: false,
            scheme: Scheme::Generic,
            family_hint: KeyKind::Named,
            confidence: Confidence::Candidate,
        })
        .collect()
}
