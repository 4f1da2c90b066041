//! What of ours a bulletin mentions: findings by their vulnerability's names, components by package, CPE or name.
//!
//! Names are compared without case, spaces and punctuation, whole and not in parts. Versions are not compared: a mention is a lead
//! for a person, never a match, and never makes a finding.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::index::package_key::{KeyKind, keys_of_component};
use domain::model::advisory::{Mention, MentionKind};
use domain::model::finding::FindingId;
use domain::model::product::ReleaseId;
use domain::model::sbom::{Component, Kind};
use store::records::name_hash;

use crate::error::Result;
use crate::workspace::Workspace;

/// Components listed for one mention.
const LISTED: usize = 20;

/// Something of ours that a mention leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lead {
    /// A finding of a vulnerability of this name.
    Finding {
        /// Its number.
        finding: FindingId,
        /// The release.
        release: ReleaseId,
        /// The name that the bulletin has.
        mention: String,
    },
    /// A component of this package, CPE or name.
    Component {
        /// How people call it.
        label: String,
        /// The release.
        release: ReleaseId,
        /// The name that the bulletin has.
        mention: String,
    },
}

impl Lead {
    /// The release it is about.
    pub fn release(&self) -> &ReleaseId {
        match self {
            Self::Finding { release, .. } | Self::Component { release, .. } => release,
        }
    }

    /// In one line: `F-12 in pump@2.1 (CVE-2021-44228)`.
    pub fn words(&self) -> String {
        match self {
            Self::Finding { finding, release, mention } => format!("{finding} in {release} ({mention})"),
            Self::Component { label, release, mention } => format!("{label} in {release} ({mention})"),
        }
    }
}

/// What we ship and have found, ready to be asked by name.
pub struct Inventory<'w> {
    workspace: &'w Workspace,
    /// Where a component is: label and release, by package key.
    by_key: HashMap<u64, BTreeSet<(String, ReleaseId)>>,
    /// The same by name.
    by_name: HashMap<String, BTreeSet<(String, ReleaseId)>>,
}

impl<'w> Inventory<'w> {
    /// Reads the SBOM in force of every release.
    pub fn read(workspace: &'w Workspace) -> Result<Self> {
        let mut inventory = Self { workspace, by_key: HashMap::new(), by_name: HashMap::new() };
        for row in workspace.records.releases(None)? {
            let Some(sbom) = workspace.records.current_sbom(&row.release)? else { continue };
            for found in workspace.records.inventory(&row.release, sbom.value.revision)? {
                inventory.put(&found.component, &row.release);
            }
        }
        Ok(inventory)
    }

    fn put(&mut self, component: &Component, release: &ReleaseId) {
        let place = (component.label(), release.clone());
        for key in package_keys(component) {
            self.by_key.entry(key).or_default().insert(place.clone());
        }
        if component.kind != Kind::File {
            self.by_name.entry(folded(&component.name)).or_default().insert(place);
        }
    }

    /// What the mentions lead to, sorted, each once.
    pub fn leads(&self, mentions: &[Mention]) -> Result<Vec<Lead>> {
        let mut leads = BTreeSet::new();
        for mention in mentions {
            match mention.kind {
                MentionKind::Vulnerability => leads.extend(self.findings(&mention.text)?),
                MentionKind::Purl => self.components(mention, &probe(Some(&mention.text), None), &mut leads),
                MentionKind::Cpe => self.components(mention, &probe(None, Some(&mention.text)), &mut leads),
                MentionKind::Product => {
                    let places = product_names(&mention.text).into_iter().filter_map(|name| self.by_name.get(&name));
                    leads.extend(places.flatten().take(LISTED).map(|place| lead(place, mention)));
                }
            }
        }
        Ok(leads.into_iter().collect())
    }

    fn findings(&self, name: &str) -> Result<Vec<Lead>> {
        let mut found = Vec::new();
        for id in self.workspace.records.findings_with_names(&[name_hash(name)])? {
            let Some(history) = self.workspace.records.finding(id)? else { continue };
            let names = &history.matched.aliases;
            let is_named = history.row.vulnerability == name || names.iter().any(|known| known == name);
            if is_named {
                let release = history.row.release;
                found.push(Lead::Finding { finding: id, release, mention: name.to_owned() });
            }
        }
        Ok(found)
    }

    fn components(&self, mention: &Mention, probe: &Component, leads: &mut BTreeSet<Lead>) {
        let by_key = package_keys(probe).into_iter().filter_map(|key| self.by_key.get(&key));
        let places: BTreeSet<&(String, ReleaseId)> = by_key.flatten().collect();
        leads.extend(places.into_iter().take(LISTED).map(|place| lead(place, mention)));
    }
}

fn lead((label, release): &(String, ReleaseId), mention: &Mention) -> Lead {
    Lead::Component { label: label.clone(), release: release.clone(), mention: mention.text.clone() }
}

/// The keys by which a component is known as a package or by a CPE; what is known by name only is compared by name.
fn package_keys(component: &Component) -> Vec<u64> {
    let keys = keys_of_component(component).into_iter().filter(|key| key.family_hint != KeyKind::Named);
    keys.map(|key| key.key.hash64()).collect()
}

/// A component that is nothing but a name.
fn probe(purl: Option<&str>, cpe: Option<&str>) -> Component {
    Component {
        reference: String::new(),
        kind: Kind::Library,
        group: None,
        name: String::new(),
        version: None,
        supplier: None,
        purl: purl.map(str::to_owned),
        cpes: cpe.map(str::to_owned).into_iter().collect(),
        hashes: Vec::new(),
        licences: Vec::new(),
        source_package: None,
        distribution: None,
        support_level: None,
        end_of_support: None,
    }
}

/// A name without case, spaces and punctuation.
fn folded(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The names that a mentioned product may have as a component: what stands behind the vendor, without a version at its end;
/// of alternatives (`xz / liblzma`) each.
fn product_names(text: &str) -> BTreeSet<String> {
    let product = text.split_once(": ").map_or(text, |(_, product)| product);
    let words: Vec<&str> = product.split_whitespace().collect();
    let is_version = |word: &&str| word.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
    let end = words.iter().skip(1).position(is_version).map_or(words.len(), |at| at + 1);
    let name = words[..end].join(" ");
    let alternatives = name.split(['/', ',']).chain([name.as_str()]).map(folded);
    alternatives.filter(|name| name.len() >= 2).collect()
}

/// Leads by release, for those who look at one product.
pub fn by_release(leads: &[Lead]) -> BTreeMap<&ReleaseId, Vec<&Lead>> {
    let mut found: BTreeMap<&ReleaseId, Vec<&Lead>> = BTreeMap::new();
    for lead in leads {
        found.entry(lead.release()).or_default().push(lead);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_without_case_spaces_and_punctuation_and_only_as_a_whole() {
        let names = |text: &str| product_names(text).into_iter().collect::<Vec<_>>();
        assert_eq!(names("NextGen Healthcare: Mirth Connect 4.4.0"), ["mirthconnect"]);
        assert_eq!(names("Tukaani: xz / liblzma"), ["liblzma", "xz", "xzliblzma"]);
        assert_eq!(names("OpenSSL: OpenSSL 3.0.6"), ["openssl"]);
        assert_eq!(names("log4j-core v2.14.1"), ["log4jcore"]);
        assert_eq!(folded("Log4j-Core"), "log4jcore");
    }
}
