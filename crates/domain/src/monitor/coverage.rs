//! Coverage: which suppliers and components of the SBOMs in force no source speaks about, and no person watches.
//!
//! A component is *served* when one of its identities lies in what a source brings: a package of an ecosystem ([`Served`]), a CPE
//! where NVD or the CVE list is a source. A supplier is served when a component of it is, or when a source is the supplier's own
//! (its name stands in the source's address: `Siemens AG` and `cert-portal.siemens.com`). What only bears a name similar to one in
//! an advisory is a candidate, not served. A supplier without a source needs a manual watch.

mod served;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use standards::cpe::{Cpe, Value};
use standards::purl::Purl;

use crate::ecosystem::distribution;
use crate::index::package_key::{KeyKind, fold_vendor, keys_of_component};
use crate::model::sbom::{Component, Kind};

pub use served::Served;
use served::is_own_address;

/// A source, as far as coverage is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// Its name.
    pub source: String,
    /// What it speaks about.
    pub served: Served,
    /// Its address, where that may be a supplier's own.
    pub own_address: Option<String>,
}

impl Speaker {
    /// A source of a kind, named as in configuration. `part` is what is asked for of it: an ecosystem, releases.
    pub fn new(source: &str, kind: &str, part: &[String], url: &str) -> Self {
        Self {
            source: source.to_owned(),
            served: Served::of(kind, part, url),
            own_address: served::may_be_own(kind).then(|| url.to_owned()),
        }
    }
}

/// A supplier or components that a person watches by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// The supplier, as SBOMs name it; or a component's name.
    pub supplier: String,
    /// Names of components.
    pub components: Vec<String>,
}

/// A supplier over all releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Supplier {
    /// As the SBOMs name it, in one of its spellings.
    pub name: String,
    /// Distinct components of it.
    pub components: u64,
    /// Of them served by a source.
    pub served: u64,
    /// Sources that speak about it, sorted.
    pub sources: Vec<String>,
    /// Whether a person watches it.
    pub watched: bool,
    /// Some of its components, as people call them.
    pub examples: Vec<String>,
}

/// A component that no source can identify.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Bare {
    /// How people call it.
    pub component: String,
    /// Its supplier, where one is stated.
    pub supplier: Option<String>,
    /// Releases that hold it, sorted.
    pub releases: Vec<String>,
}

/// Sums over all components of the SBOMs in force, each distinct component once; files are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Components.
    pub components: u64,
    /// Served by a source.
    pub served: u64,
    /// Identified, but no source brings what would speak about them.
    pub without_source: u64,
    /// Without identity, watched by a person.
    pub watched: u64,
    /// Without identity and without watch.
    pub without_identity_or_watch: u64,
    /// Suppliers.
    pub suppliers: u64,
    /// Suppliers with a source.
    pub suppliers_with_source: u64,
    /// Suppliers without a source, watched by a person.
    pub suppliers_watched: u64,
    /// Suppliers with neither.
    pub suppliers_without: u64,
}

/// What coverage says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Sums.
    pub totals: Totals,
    /// Every supplier, the ones without source and watch first, then by name.
    pub suppliers: Vec<Supplier>,
    /// Components with neither identity nor watch, sorted.
    pub bare: Vec<Bare>,
    /// Ecosystems of identified components that no source brings, with the number of components.
    pub ecosystems_without_source: BTreeMap<String, u64>,
}

/// Components named as examples of a supplier.
const EXAMPLES: usize = 3;

/// Looks at every component, given with the release that holds it.
pub fn coverage<'c>(
    components: impl IntoIterator<Item = (&'c Component, &'c str)>,
    speakers: &[Speaker],
    watched: &[Watched],
) -> Coverage {
    let by_hand = Watches::of(watched);
    let mut distinct: BTreeMap<Component, BTreeSet<&str>> = BTreeMap::new();
    for (component, release) in components {
        if component.kind != Kind::File {
            let anonymous = Component { reference: String::new(), ..component.clone() };
            distinct.entry(anonymous).or_default().insert(release);
        }
    }
    let mut coverage = Coverage::default();
    let mut suppliers: BTreeMap<String, (Supplier, BTreeSet<String>)> = BTreeMap::new();
    for (component, releases) in &distinct {
        let found = sources_of(component, speakers);
        let name = supplier_of(component);
        let is_watched = by_hand.covers(name.as_deref(), &component.name);
        count(&mut coverage, component, &found, is_watched, releases);
        if let Some(name) = name {
            let (supplier, sources) = suppliers.entry(fold_vendor(&name)).or_default();
            supplier.components += 1;
            supplier.served += u64::from(!found.sources.is_empty());
            supplier.watched |= by_hand.covers(Some(&name), "");
            if supplier.examples.len() < EXAMPLES {
                supplier.examples.push(component.label());
            }
            let is_own =
                |speaker: &&Speaker| speaker.own_address.as_deref().is_some_and(|url| is_own_address(&name, url));
            let own = speakers.iter().filter(is_own);
            sources.extend(own.map(|speaker| speaker.source.clone()));
            sources.extend(found.sources);
            supplier.name = if supplier.name.is_empty() { name } else { std::mem::take(&mut supplier.name) };
        }
    }
    coverage.suppliers = suppliers
        .into_values()
        .map(|(supplier, sources)| Supplier { sources: sources.into_iter().collect(), ..supplier })
        .collect();
    coverage.suppliers.sort_by_key(|supplier| {
        (!supplier.sources.is_empty(), supplier.watched, supplier.name.to_lowercase(), supplier.name.clone())
    });
    sum_suppliers(&mut coverage);
    coverage.bare.sort();
    coverage
}

/// Which sources speak about a component, and whether anything but its name identifies it.
struct Found {
    sources: BTreeSet<String>,
    identified: bool,
    ecosystems: BTreeSet<String>,
}

fn sources_of(component: &Component, speakers: &[Speaker]) -> Found {
    let mut found = Found { sources: BTreeSet::new(), identified: false, ecosystems: BTreeSet::new() };
    for key in keys_of_component(component) {
        found.identified |= key.family_hint != KeyKind::Named;
        let ecosystem = key.key.0.split('|').next().unwrap_or_default();
        let speaks = |speaker: &&Speaker| match key.family_hint {
            KeyKind::Package | KeyKind::DistroPackage => speaker.served.brings(ecosystem),
            KeyKind::Cpe => speaker.served.speaks_of_cpes(),
            KeyKind::Repository => speaker.served.brings("GIT"),
            KeyKind::Named => false,
        };
        found.sources.extend(speakers.iter().filter(speaks).map(|speaker| speaker.source.clone()));
        if matches!(key.family_hint, KeyKind::Package | KeyKind::DistroPackage) {
            found.ecosystems.insert(ecosystem.to_owned());
        }
    }
    found
}

fn count(coverage: &mut Coverage, component: &Component, found: &Found, is_watched: bool, releases: &BTreeSet<&str>) {
    let totals = &mut coverage.totals;
    totals.components += 1;
    if !found.sources.is_empty() {
        totals.served += 1;
    } else if is_watched {
        totals.watched += 1;
    } else if found.identified {
        totals.without_source += 1;
        for ecosystem in &found.ecosystems {
            *coverage.ecosystems_without_source.entry(ecosystem.clone()).or_default() += 1;
        }
    } else {
        totals.without_identity_or_watch += 1;
        coverage.bare.push(Bare {
            component: component.label(),
            supplier: component.supplier.clone(),
            releases: releases.iter().map(|release| (*release).to_owned()).collect(),
        });
    }
}

fn sum_suppliers(coverage: &mut Coverage) {
    let totals = &mut coverage.totals;
    totals.suppliers = coverage.suppliers.len() as u64;
    for supplier in &coverage.suppliers {
        *match (supplier.sources.is_empty(), supplier.watched) {
            (false, _) => &mut totals.suppliers_with_source,
            (true, true) => &mut totals.suppliers_watched,
            (true, false) => &mut totals.suppliers_without,
        } += 1;
    }
}

/// Who supplies a component: its distribution, for whoever builds a package answers for it; else the supplier that the SBOM
/// states, its group, the namespace of its purl, or the vendor of its CPE. None where nobody is named.
pub fn supplier_of(component: &Component) -> Option<String> {
    let purl = component.purl.as_deref().and_then(|text| Purl::parse(text).ok());
    let distribution = purl
        .as_ref()
        .filter(|purl| distribution::is_distribution_type(&purl.kind))
        .and_then(|purl| distribution::ecosystem_of(purl, component.distribution.as_deref()))
        .map(|(distribution, _)| distribution.name.to_owned());
    let vendor = || {
        let cpe = component.cpes.iter().find_map(|text| Cpe::repair(text).ok())?.0;
        match &cpe.vendor {
            Value::Text(_) => Some(cpe.vendor.to_string()),
            _ => None,
        }
    };
    distribution
        .or_else(|| component.supplier.clone())
        .or_else(|| component.group.clone())
        .or_else(|| purl.and_then(|purl| purl.namespace))
        .or_else(vendor)
        .filter(|name| !fold_vendor(name).is_empty())
}

/// What persons watch, folded.
struct Watches(BTreeSet<String>);

impl Watches {
    fn of(watched: &[Watched]) -> Self {
        let names = watched.iter().flat_map(|watch| std::iter::once(&watch.supplier).chain(&watch.components));
        Self(names.map(|name| fold_vendor(name)).filter(|name| !name.is_empty()).collect())
    }

    fn covers(&self, supplier: Option<&str>, component: &str) -> bool {
        supplier.is_some_and(|supplier| self.0.contains(&fold_vendor(supplier)))
            || self.0.contains(&fold_vendor(component))
    }
}

#[cfg(test)]
mod tests;
