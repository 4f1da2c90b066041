//! The one table of ecosystems: purl type, OSV's name, order of versions, and how names are spelled.
//!
//! In: a package URL. Out: a [`PackageIdentity`], the coordinates under which advisories speak about the package. To add
//! an ecosystem of a language, add a row to [`LANGUAGES`]; a distribution, a row to [`distribution::DISTRIBUTIONS`].

pub mod distribution;
mod names;

use standards::purl::Purl;
use standards::versions::Scheme;

pub use names::normalise_name;

/// An ecosystem of a language or of a package manager without releases.
#[derive(Debug, Clone, Copy)]
pub struct Ecosystem {
    /// OSV's name (OSV schema, "Defined ecosystems").
    pub name: &'static str,
    /// purl types of its packages; empty if it has none.
    pub purl_types: &'static [&'static str],
    /// How its versions are ordered.
    pub scheme: Scheme,
    /// How purl namespace and name form the name.
    pub(crate) joined: Joined,
    /// How the name is spelled.
    pub(crate) spelling: Spelling,
}

/// How a purl's namespace and name form an ecosystem's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joined {
    /// The name alone; a namespace means another registry and identifies nothing here.
    Name,
    /// Namespace, slash, name, slash, subpath.
    Path,
    /// Namespace, slash, name; the namespace of an npm package begins with `@`.
    Scope,
    /// `group:artifact`; without a group there is no identity (R21).
    Group,
    /// Namespace, slash, name; both are needed.
    Pair,
}

/// How an ecosystem spells a name, so that equal packages have equal names (R21).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As it is; case tells names apart.
    Exact,
    /// Lower case.
    Lower,
    /// PEP 503: lower case, runs of `-`, `_` and `.` become one `-`.
    Pep503,
    /// crates.io: lower case, `_` and `-` are one; the registry never gives out two such names.
    Crate,
    /// Go: escaped capitals (`!s`) become letters; then lower case, for tools that follow the old purl rule write it so.
    Go,
    /// A repository address without scheme and `.git`, lower case.
    Repository,
}

/// Ecosystems of languages.
pub const LANGUAGES: &[Ecosystem] = &[
    language("npm", &["npm"], Scheme::Semver, Joined::Scope, Spelling::Exact),
    language("PyPI", &["pypi"], Scheme::Pep440, Joined::Name, Spelling::Pep503),
    language("Maven", &["maven"], Scheme::Maven, Joined::Group, Spelling::Exact),
    language("Go", &["golang"], Scheme::Go, Joined::Path, Spelling::Go),
    language("crates.io", &["cargo"], Scheme::Semver, Joined::Name, Spelling::Crate),
    language("NuGet", &["nuget", "dotnet"], Scheme::Nuget, Joined::Name, Spelling::Lower),
    language("RubyGems", &["gem"], Scheme::Gem, Joined::Name, Spelling::Exact),
    language("Packagist", &["composer"], Scheme::Composer, Joined::Pair, Spelling::Lower),
    language("Hex", &["hex"], Scheme::Semver, Joined::Path, Spelling::Lower),
    language("Pub", &["pub"], Scheme::Semver, Joined::Name, Spelling::Lower),
    language("SwiftURL", &["swift"], Scheme::Semver, Joined::Pair, Spelling::Repository),
    language("CRAN", &["cran"], Scheme::Cran, Joined::Name, Spelling::Exact),
    language("Bioconductor", &["bioconductor"], Scheme::Cran, Joined::Name, Spelling::Exact),
    language("Hackage", &["hackage"], Scheme::Hackage, Joined::Name, Spelling::Exact),
    language("GHC", &[], Scheme::Hackage, Joined::Name, Spelling::Exact),
    language("ConanCenter", &["conan"], Scheme::Generic, Joined::Name, Spelling::Lower),
    language("Bitnami", &["bitnami"], Scheme::Semver, Joined::Name, Spelling::Lower),
    language("GitHub Actions", &["githubactions"], Scheme::Semver, Joined::Pair, Spelling::Lower),
    language("Julia", &["julia"], Scheme::Semver, Joined::Name, Spelling::Exact),
    language("opam", &["opam"], Scheme::Deb, Joined::Name, Spelling::Exact),
    language("VSCode", &["vscode-extension"], Scheme::Semver, Joined::Pair, Spelling::Lower),
    language("Kubernetes", &["k8s"], Scheme::Go, Joined::Path, Spelling::Go),
    language("Android", &[], Scheme::Generic, Joined::Name, Spelling::Exact),
    language("Linux", &[], Scheme::Generic, Joined::Name, Spelling::Exact),
    language("OSS-Fuzz", &[], Scheme::Generic, Joined::Name, Spelling::Lower),
    language("FreeBSD", &[], Scheme::Generic, Joined::Name, Spelling::Exact),
    language("GIT", &[], Scheme::Git, Joined::Path, Spelling::Repository),
];

const fn language(
    name: &'static str,
    purl_types: &'static [&'static str],
    scheme: Scheme,
    joined: Joined,
    spelling: Spelling,
) -> Ecosystem {
    Ecosystem { name, purl_types, scheme, joined, spelling }
}

/// Under which coordinates advisories speak about a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageIdentity {
    /// OSV's name with its release: `npm`, `PyPI`, `Debian:12`, `Alpine:v3.18`.
    pub ecosystem: String,
    /// Name, spelled as [`normalise_name`] does.
    pub name: String,
    /// How its versions are ordered.
    pub scheme: Scheme,
    /// Version in that scheme, with its epoch; `None` if unknown.
    pub version: Option<String>,
    /// The package that led here, if another than `name`: a binary whose source package this is (R8).
    pub derived_from: Option<String>,
}

/// The first identity of a package URL: the package of a language, or of a distribution whose release the purl states.
///
/// `None` for types without advisories, for Maven artefacts without a group, and for distribution packages without release.
pub fn of_purl(purl: &Purl) -> Option<PackageIdentity> {
    of_language(purl).or_else(|| distribution::identities(purl, None, None).into_iter().next())
}

/// The identity of a package of a language.
pub fn of_language(purl: &Purl) -> Option<PackageIdentity> {
    let ecosystem = language_of(&purl.kind)?;
    let name = joined_name(ecosystem.joined, purl)?;
    Some(PackageIdentity {
        ecosystem: ecosystem.name.to_owned(),
        name: normalise_name(ecosystem.name, &name),
        scheme: ecosystem.scheme,
        version: purl.version.as_deref().and_then(stated_version).map(str::to_owned),
        derived_from: None,
    })
}

/// The ecosystem of a purl type, if it is a language's.
pub fn language_of(purl_type: &str) -> Option<&'static Ecosystem> {
    LANGUAGES.iter().find(|ecosystem| ecosystem.purl_types.contains(&purl_type))
}

/// How versions of an OSV ecosystem are ordered; generic for one that is not in the tables.
pub fn scheme_of(osv_ecosystem: &str) -> Scheme {
    let base = base_name(osv_ecosystem);
    named_language(base)
        .map(|ecosystem| ecosystem.scheme)
        .or_else(|| distribution::named(base).map(|distribution| distribution.scheme))
        .unwrap_or(Scheme::Generic)
}

/// How versions of a CPE vendor's product are ordered. Few products say so; the rest is generic.
pub fn scheme_of_cpe(vendor: &str, product: &str) -> Scheme {
    match (vendor, product) {
        (_, "openssl") => Scheme::Openssl,
        ("oracle" | "sun", "jdk" | "jre" | "openjdk") => Scheme::Jvm,
        ("golang", "go") => Scheme::Go,
        _ => Scheme::Generic,
    }
}

/// The ecosystem as package keys spell it: the table's case, and Red Hat's repository cut off
/// (`Red Hat:enterprise_linux:9::baseos` → `Red Hat:enterprise_linux:9`): an SBOM does not say it, the release decides.
pub fn key_ecosystem(osv_ecosystem: &str) -> String {
    let base = base_name(osv_ecosystem);
    let known = named_language(base).map(|ecosystem| ecosystem.name);
    let spelled = known.or_else(|| distribution::named(base).map(|found| found.name)).unwrap_or(base);
    let release = &osv_ecosystem[base.len()..];
    let release = if spelled == "Red Hat" { red_hat_release(release) } else { release };
    format!("{spelled}{release}")
}

/// Without the repository; of `enterprise_linux:10.0` the major release, which its minor ones follow.
fn red_hat_release(release: &str) -> &str {
    let release = release.split("::").next().unwrap_or(release);
    let is_minor = release.starts_with(":enterprise_linux:");
    release.split_once('.').filter(|_| is_minor).map_or(release, |(major, _)| major)
}

/// A version if the text states one. Generators fill the place with words.
pub fn stated_version(text: &str) -> Option<&str> {
    let text = text.trim();
    let placeholder = ["", "(devel)", "noassertion", "none", "unknown", "unspecified", "latest", "n/a", "*"];
    (!placeholder.contains(&text.to_ascii_lowercase().as_str()) && !text.contains("${")).then_some(text)
}

fn named_language(base: &str) -> Option<&'static Ecosystem> {
    LANGUAGES.iter().find(|ecosystem| ecosystem.name.eq_ignore_ascii_case(base))
}

/// An OSV ecosystem without its release.
fn base_name(osv_ecosystem: &str) -> &str {
    osv_ecosystem.split(':').next().unwrap_or(osv_ecosystem)
}

fn joined_name(joined: Joined, purl: &Purl) -> Option<String> {
    let name = purl.name.as_str();
    match (joined, purl.namespace.as_deref()) {
        (Joined::Name | Joined::Scope | Joined::Path, None) => Some(with_subpath(joined, name.to_owned(), purl)),
        // Conan's namespace is a user's own recipe, Pub and others have none: not the registry's package.
        (Joined::Name, Some(_)) | (Joined::Group | Joined::Pair, None) => None,
        (Joined::Scope, Some(scope)) => Some(format!("@{}/{name}", scope.trim_start_matches('@'))),
        (Joined::Group, Some(group)) => Some(format!("{group}:{name}")),
        (Joined::Pair, Some(owner)) => Some(format!("{owner}/{name}")),
        (Joined::Path, Some(path)) => Some(with_subpath(joined, format!("{path}/{name}"), purl)),
    }
}

/// Go: a module below the repository's root is often written as a subpath. The longer path is its name; see
/// `index::package_key` for the module that the subpath may be a package of.
fn with_subpath(joined: Joined, path: String, purl: &Purl) -> String {
    match (joined, purl.subpath.as_deref()) {
        (Joined::Path, Some(subpath)) if purl.kind == "golang" => format!("{path}/{subpath}"),
        _ => path,
    }
}

#[cfg(test)]
mod tests;
