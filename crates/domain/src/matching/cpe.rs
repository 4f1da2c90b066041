//! CPE criteria against a component: which attributes agree, which are open (matching rules R15 to R17, R20).
//!
//! In: a criterion as a record states it, and a component's key. Out: a [`Fit`], which says whether the criterion can
//! apply and how its version is to be read. Ranges are `range`'s business.

use standards::cpe::{Cpe, Relation, Value};
use standards::versions::composite;

use super::subject::{Key, Subject};

/// How a criterion fits a component, before any range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// An attribute excludes the component; the sentence says which.
    Excluded(String),
    /// The criterion names this one version, with its update put into it.
    Version {
        /// The version.
        version: String,
        /// What the component leaves open.
        open: Vec<String>,
    },
    /// The criterion is "no version" (`-`), or a pattern, and the component's version fits it or is unknown.
    Fits {
        /// What the component leaves open.
        open: Vec<String>,
    },
    /// The criterion leaves the version open: ranges decide.
    AnyVersion {
        /// What the component leaves open.
        open: Vec<String>,
    },
}

/// Target software that is a registry of packages, by purl type. Anything else hosts plugins, which no library is.
const REGISTRIES: [(&str, &str); 12] = [
    ("node.js", "npm"),
    ("nodejs", "npm"),
    ("python", "pypi"),
    ("ruby", "gem"),
    ("rust", "cargo"),
    ("go", "golang"),
    ("golang", "golang"),
    ("java", "maven"),
    ("maven", "maven"),
    (".net", "nuget"),
    ("asp.net", "nuget"),
    ("php", "composer"),
];

/// Reads `criterion` against the component's name under `key`.
pub(super) fn fit(criterion: &Cpe, key: &Key, subject: &Subject) -> Fit {
    let mut open = Vec::new();
    if let Some(why) = key.cpe.as_ref().and_then(|name| excluded_by_name(criterion, name)) {
        return Fit::Excluded(why);
    }
    let software = key.cpe.as_ref().map_or(&Value::Any, |name| &name.target_sw);
    if let Err(why) = suits(criterion, software, subject, &mut open) {
        return Fit::Excluded(why);
    }
    if let Err(why) = runs_on(criterion, key, subject, &mut open) {
        return Fit::Excluded(why);
    }
    fit_version(criterion, key, open)
}

/// R20 and the naming specification: an attribute that both state must agree. Version and update are read apart.
fn excluded_by_name(criterion: &Cpe, name: &Cpe) -> Option<String> {
    const LABELS: [&str; 11] = [
        "part",
        "vendor",
        "product",
        "version",
        "update",
        "edition",
        "language",
        "software edition",
        "target software",
        "target hardware",
        "other",
    ];
    let sides = criterion.values().into_iter().zip(name.values()).zip(LABELS);
    for (index, ((left, right), label)) in sides.enumerate() {
        let apart = matches!(left.relation(right), Relation::Disjoint | Relation::Undefined);
        if apart && !matches!(index, 3 | 4) {
            return Some(format!("the criterion's {label} {left} excludes the component's {right}"));
        }
    }
    let vendor = criterion.vendor.relation(&name.vendor);
    let product = criterion.product.relation(&name.product);
    let crossed =
        matches!((vendor, product), (Relation::Subset, Relation::Superset) | (Relation::Superset, Relation::Subset));
    crossed.then(|| "vendor and product are each known to one side only".to_owned())
}

/// R17: a criterion for a plugin or a registry's package suits only components of that kind.
fn suits(criterion: &Cpe, stated: &Value, subject: &Subject, open: &mut Vec<String>) -> Result<(), String> {
    let Some(wanted) = criterion.target_sw.plain() else { return Ok(()) };
    if *stated != Value::Any {
        return Ok(()); // The naming relation has decided already.
    }
    let Some(purl) = &subject.purl else {
        open.push(format!("the criterion is for {wanted}; the component does not say what it runs on"));
        return Ok(());
    };
    let registry = REGISTRIES.iter().find(|(software, _)| *software == wanted).map(|(_, kind)| *kind);
    match (registry, purl.kind.as_str()) {
        (Some(registry), kind) if registry == kind => Ok(()),
        (_, "generic" | "github" | "gitlab" | "bitbucket") => {
            open.push(format!("the criterion is for {wanted}; the component does not say what it runs on"));
            Ok(())
        }
        (_, kind) => Err(format!("the criterion is for {wanted}, the component is a package of type {kind}")),
    }
}

/// R17: the instruction set, where both sides state one.
fn runs_on(criterion: &Cpe, key: &Key, subject: &Subject, open: &mut Vec<String>) -> Result<(), String> {
    let Some(wanted) = criterion.target_hw.plain() else { return Ok(()) };
    if key.cpe.as_ref().is_some_and(|name| name.target_hw != Value::Any) {
        return Ok(());
    }
    match subject.qualifier("arch") {
        Some(arch) if is_other_hardware(wanted, arch) => {
            Err(format!("the criterion is for {wanted}, the component for {arch}"))
        }
        Some(arch) if same_hardware(wanted, arch) => Ok(()),
        _ => {
            open.push(format!("the criterion is for {wanted} hardware; the component does not say"));
            Ok(())
        }
    }
}

fn hardware(name: &str) -> Option<&'static str> {
    match name {
        "x86" | "i386" | "i486" | "i586" | "i686" | "32-bit" => Some("x86"),
        "x64" | "x86_64" | "amd64" => Some("x64"),
        "arm64" | "aarch64" => Some("arm64"),
        "arm" | "armhf" | "armv7" | "armv7hl" | "armel" => Some("arm"),
        "s390x" => Some("s390x"),
        "ppc64le" | "ppc64el" => Some("ppc64le"),
        _ => None,
    }
}

fn same_hardware(left: &str, right: &str) -> bool {
    hardware(left).is_some_and(|known| hardware(right) == Some(known))
}

fn is_other_hardware(left: &str, right: &str) -> bool {
    matches!((hardware(left), hardware(right)), (Some(left), Some(right)) if left != right)
}

/// R15 and R16: `-` is not `*`, and a patch level may stand in the update field.
fn fit_version(criterion: &Cpe, key: &Key, mut open: Vec<String>) -> Fit {
    let update = |name: &Cpe| name.update.clone();
    let own_update = key.cpe.as_ref().map_or(Value::Any, update);
    match &criterion.version {
        Value::Any => {
            if matches!(criterion.update.relation(&own_update), Relation::Disjoint | Relation::Undefined) {
                return Fit::Excluded(format!("the criterion's update {} excludes {own_update}", criterion.update));
            }
            Fit::AnyVersion { open }
        }
        Value::Na if key.stated.version_na => Fit::Fits { open },
        Value::Na if key.version.is_some() => {
            Fit::Excluded("the criterion is for no version at all (`-`), the component has one".to_owned())
        }
        Value::Na => {
            open.push("the criterion is for no version at all (`-`), the component's is unknown".to_owned());
            Fit::Fits { open }
        }
        Value::Text(_) if key.stated.version_na => {
            Fit::Excluded("the component has no version (`-`), the criterion names one".to_owned())
        }
        Value::Text(_) => fit_stated_version(criterion, key, &own_update, open),
    }
}

fn fit_stated_version(criterion: &Cpe, key: &Key, own_update: &Value, mut open: Vec<String>) -> Fit {
    let Some(version) = criterion.version.plain() else {
        return fit_pattern(criterion, key, open);
    };
    let same_version = |name: &Cpe| name.version.plain() == Some(version);
    match &criterion.update {
        Value::Text(text) if text.has_wildcard() => {
            if matches!(criterion.update.relation(own_update), Relation::Disjoint | Relation::Undefined) {
                return Fit::Excluded(format!("the criterion's update {} excludes {own_update}", criterion.update));
            }
            Fit::Version { version: own_composite(version, own_update), open }
        }
        // `*` takes every update: the component's own is put on both sides.
        Value::Any => Fit::Version { version: own_composite(version, own_update), open },
        Value::Na => Fit::Version { version: version.to_owned(), open },
        Value::Text(text) if *own_update == Value::Any && key.cpe.as_ref().is_some_and(same_version) => {
            open.push(format!("the criterion is for update {}; the component does not state its update", text.plain));
            Fit::Version { version: key.version.clone().unwrap_or_default(), open }
        }
        Value::Text(text) => Fit::Version { version: composite(version, &text.plain), open },
    }
}

fn own_composite(version: &str, own_update: &Value) -> String {
    composite(version, own_update.plain().unwrap_or_default())
}

/// A version with wildcards (`1.*`), by text.
fn fit_pattern(criterion: &Cpe, key: &Key, mut open: Vec<String>) -> Fit {
    let own = match &key.cpe {
        Some(name) if name.version != Value::Any => name.version.clone(),
        _ => key.version.as_deref().map_or(Value::Any, Value::literal),
    };
    match criterion.version.relation(&own) {
        Relation::Disjoint | Relation::Undefined => {
            Fit::Excluded(format!("the criterion's version {} excludes {own}", criterion.version))
        }
        Relation::Subset => {
            open.push("the component's version is unknown".to_owned());
            Fit::Fits { open }
        }
        Relation::Equal | Relation::Superset => Fit::Fits { open },
    }
}
