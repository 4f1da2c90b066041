//! What the types ask of their parts (purl-spec, type definitions): case, spelling, what must be there.
//!
//! | Requirement | Types | When broken |
//! |---|---|---|
//! | no namespace | `cargo`, `gem`, `nuget`, `pypi`, … | error |
//! | a namespace | `swift`, `vscode-extension` | error: the name alone names nothing |
//! | a namespace | `deb`, `golang`, `maven`, … | accepted: `pkg:golang/stdlib` and bare distribution packages are common |

use super::Purl;

/// Types whose namespace is spelled in lower case.
const LOWER_NAMESPACE: &[&str] = &[
    "alpm",
    "apk",
    "bitbucket",
    "brew",
    "composer",
    "deb",
    "github",
    "hex",
    "luarocks",
    "qpkg",
    "rpm",
    "vscode-extension",
    "yocto",
];

/// Types whose name is spelled in lower case.
const LOWER_NAME: &[&str] = &[
    "alpm",
    "apk",
    "bitbucket",
    "bitnami",
    "brew",
    "chrome-extension",
    "composer",
    "deb",
    "github",
    "hex",
    "luarocks",
    "oci",
    "otp",
    "pub",
    "pypi",
    "vscode-extension",
];

/// Types whose version is spelled in lower case.
const LOWER_VERSION: &[&str] = &["huggingface", "oci", "pypi", "vscode-extension"];

/// Types that have no namespace.
const NO_NAMESPACE: &[&str] = &[
    "bazel",
    "bitnami",
    "cargo",
    "chrome-extension",
    "cocoapods",
    "conda",
    "cran",
    "gem",
    "hackage",
    "julia",
    "mlflow",
    "nuget",
    "oci",
    "opam",
    "otp",
    "pub",
    "pypi",
    "vcpkg",
];

/// Types whose name says nothing without a namespace.
const NEEDS_NAMESPACE: &[&str] = &["swift", "vscode-extension"];

/// Spells the parts as the type's definition asks.
pub(super) fn normalise(purl: &mut Purl) {
    let kind = purl.kind.as_str();
    if LOWER_NAMESPACE.contains(&kind) {
        purl.namespace = purl.namespace.take().map(|text| text.to_lowercase());
    }
    if LOWER_NAME.contains(&kind) {
        purl.name = purl.name.to_lowercase();
    }
    if LOWER_VERSION.contains(&kind) {
        purl.version = purl.version.take().map(|text| text.to_lowercase());
    }
    match kind {
        "pypi" => purl.name = purl.name.replace('_', "-"),
        "pub" => purl.name = purl.name.replace(|c: char| !c.is_ascii_alphanumeric(), "_"),
        "git" => split_git_host(purl),
        "mlflow" if on_databricks(purl) => purl.name = purl.name.to_lowercase(),
        _ => {}
    }
}

/// The rule of its type that a purl breaks, if any.
pub(super) fn broken_rule(purl: &Purl) -> Option<&'static str> {
    let kind = purl.kind.as_str();
    if purl.namespace.is_some() && NO_NAMESPACE.contains(&kind) {
        return Some("this type has no namespace");
    }
    if purl.namespace.is_none() && NEEDS_NAMESPACE.contains(&kind) {
        return Some("this type needs a namespace");
    }
    match kind {
        "cpan" if purl.name.contains("::") => Some("the name is a distribution, not a module with '::'"),
        "julia" if purl.qualifier("uuid").is_none() => Some("the qualifier uuid is needed"),
        "chrome-extension" if !is_extension_id(&purl.name) => Some("the name is 32 letters from a to p"),
        "chrome-extension" if !purl.version.as_deref().is_none_or(is_extension_version) => {
            Some("the version is one to four numbers")
        }
        _ => None,
    }
}

/// `git`: the namespace is the host, the name is the whole path on it.
fn split_git_host(purl: &mut Purl) {
    if let Some((host, path)) = purl.namespace.as_deref().and_then(|text| text.split_once('/')) {
        purl.name = format!("{path}/{}", purl.name);
        purl.namespace = Some(host.to_owned());
    }
    // Paths on GitHub have no case.
    if purl.namespace.as_deref().is_some_and(|host| host.eq_ignore_ascii_case("github") || host == "github.com") {
        purl.name = purl.name.to_lowercase();
    }
}

/// `mlflow`: model names on Databricks have no case, on Azure ML they do.
fn on_databricks(purl: &Purl) -> bool {
    purl.qualifier("repository_url").is_some_and(|url| url.contains("databricks"))
}

fn is_extension_id(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| (b'a'..=b'p').contains(&byte))
}

fn is_extension_version(version: &str) -> bool {
    let numbers: Vec<&str> = version.split('.').collect();
    numbers.len() <= 4 && numbers.iter().all(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
}
