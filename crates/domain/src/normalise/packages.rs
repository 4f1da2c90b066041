//! From the providers' ways to name a package to [`Target`]: ecosystem names, package URLs, collection addresses, CPEs.

use std::ops::Range;

use standards::cpe::Cpe;
use standards::purl::Purl;
use standards::versions::Scheme;

use crate::ecosystem::distribution::{self, is_distribution_type};
use crate::ecosystem::{normalise_name, of_language, scheme_of};
use crate::model::advisory::Target;

/// Whether the ecosystem is a distribution's.
pub(super) fn is_distribution(ecosystem: &str) -> bool {
    distribution::named(ecosystem.split(':').next().unwrap_or_default()).is_some()
}

/// The order of versions in an ecosystem; `None` if we do not know the ecosystem.
pub(super) fn scheme(ecosystem: &str) -> Option<Scheme> {
    Some(scheme_of(ecosystem)).filter(|scheme| *scheme != Scheme::Generic)
}

/// A package of an ecosystem, its name normalised.
pub(super) fn package(ecosystem: &str, name: &str) -> Target {
    let name = normalise_name(ecosystem, name);
    Target::Package { ecosystem: ecosystem.to_owned(), name, qualifiers: Vec::new() }
}

/// The target of a package URL and the version in it, with its epoch. `Err` says why there is none.
pub(super) fn from_purl(text: &str) -> Result<(Target, Option<String>), String> {
    let purl = Purl::parse(text).map_err(|error| error.to_string())?;
    if let Some(identity) = of_language(&purl) {
        return Ok((package(&identity.ecosystem, &identity.name), identity.version));
    }
    let owner = purl.namespace.as_deref().unwrap_or_default();
    if matches!(purl.kind.as_str(), "github" | "bitbucket") && !owner.is_empty() {
        let host = if purl.kind == "github" { "github.com" } else { "bitbucket.org" };
        return Ok((Target::Repository(format!("https://{host}/{owner}/{}", purl.name)), purl.version));
    }
    if !is_distribution_type(&purl.kind) {
        return Err(format!("packages of type {} belong to no ecosystem we know", purl.kind));
    }
    let known = distribution::DISTRIBUTIONS.iter().find(|found| found.ids.contains(&owner));
    let stated = distribution::ecosystem_of(&purl, None).map(|(_, ecosystem)| ecosystem);
    let ecosystem = stated.or_else(|| known.map(|found| found.name.to_owned()));
    let ecosystem = ecosystem.ok_or_else(|| format!("the distribution {owner:?} is not known"))?;
    let epoch = purl.qualifier("epoch").filter(|epoch| !matches!(*epoch, "" | "0"));
    let version = purl.version.as_deref().map(|version| match epoch {
        Some(epoch) if !version.contains(':') => format!("{epoch}:{version}"),
        _ => version.to_owned(),
    });
    Ok((package(&ecosystem, &purl.name), version))
}

/// The package that a CVE record names by collection and name (CVE Record Format, `collectionURL`).
pub(super) fn from_collection(url: &str, name: &str) -> Option<Target> {
    let address = url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let ecosystem = match host.to_ascii_lowercase().as_str() {
        "registry.npmjs.org" | "npmjs.com" | "npmjs.org" => "npm",
        "pypi.org" | "pypi.python.org" | "pypi.io" => "PyPI",
        "repo.maven.apache.org"
        | "repo1.maven.org"
        | "search.maven.org"
        | "central.sonatype.com"
        | "mvnrepository.com"
        | "maven.apache.org"
        | "repository.apache.org" => "Maven",
        "crates.io" => "crates.io",
        "rubygems.org" => "RubyGems",
        "nuget.org" | "api.nuget.org" => "NuGet",
        "packagist.org" | "repo.packagist.org" => "Packagist",
        "pkg.go.dev" | "proxy.golang.org" => "Go",
        "hex.pm" | "repo.hex.pm" => "Hex",
        "pub.dev" => "Pub",
        "hackage.haskell.org" => "Hackage",
        "cran.r-project.org" => "CRAN",
        "github.com" | "gitlab.com" => {
            let path = [path.trim_matches('/'), name.trim_matches('/')];
            let full = if name.contains('/') { path[1].to_owned() } else { path.join("/") };
            let is_repository = full.split('/').filter(|part| !part.is_empty()).count() >= 2;
            return is_repository.then(|| Target::Repository(format!("https://{host}/{}", full.trim_matches('/'))));
        }
        _ => return None,
    };
    let is_coordinate = ecosystem != "Maven" || name.contains(':');
    is_coordinate.then(|| package(ecosystem, name))
}

/// The CPE 2.3 formatted string of a name in either binding, and what had to be repaired. `Err` says why there is none.
pub(super) fn cpe_pattern(text: &str) -> Result<(String, Option<String>), String> {
    if is_formatted(text) {
        return Ok((text.to_owned(), None));
    }
    let (cpe, repairs) = Cpe::repair(text).map_err(|error| error.to_string())?;
    Ok((cpe.to_formatted(), repairs.first().map(ToString::to_string)))
}

/// Whether the text has the eleven attributes of a formatted string; their grammar is left to matching.
fn is_formatted(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("cpe:2.3:") else { return false };
    let mut escaped = false;
    let mut colons = 0;
    for byte in rest.bytes() {
        colons += usize::from(byte == b':' && !escaped);
        escaped = byte == b'\\' && !escaped;
    }
    colons == 10 && !rest.contains("::") && !rest.ends_with(':')
}

/// The version attribute of a formatted string, still escaped.
pub(super) fn cpe_version(pattern: &str) -> &str {
    version_span(pattern).map_or("", |span| &pattern[span])
}

/// The pattern with any version, for a range that says which ones. An attribute that holds a version, or `-` as some
/// write it, would rule out what the range covers.
pub(super) fn with_any_version(pattern: String) -> String {
    match version_span(&pattern) {
        Some(span) if &pattern[span.clone()] != "*" => format!("{}*{}", &pattern[..span.start], &pattern[span.end..]),
        _ => pattern,
    }
}

fn version_span(pattern: &str) -> Option<Range<usize>> {
    let mut escaped = false;
    let mut colons = 0;
    let mut start = 0;
    for (index, byte) in pattern.bytes().enumerate() {
        if byte == b':' && !escaped {
            colons += 1;
            match colons {
                5 => start = index + 1,
                6 => return Some(start..index),
                _ => {}
            }
        }
        escaped = byte == b'\\' && !escaped;
    }
    None
}
