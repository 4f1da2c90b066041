//! Product statuses and remediations of a CSAF vulnerability (3.2.3.9, 3.2.3.12) to entries about products.
//!
//! | Status group | Rule |
//! |---|---|
//! | `known_affected`, `first_affected`, `last_affected` | affected: the version, the range, or everything |
//! | `fixed`, `first_fixed`, `recommended` of a distribution's package | affected below the version, fixed there |
//! | `fixed`, `first_fixed` of other products | unaffected |
//! | `known_not_affected` | unaffected |
//! | `under_investigation`, `unknown` | unknown |
//!
//! A range that cannot be read covers everything: possibly affected, never "not affected".

use std::cmp::Ordering;
use std::collections::HashMap;

use standards::csaf::Vulnerability;
use standards::versions::{Scheme, compare};

use super::super::common::{Notes, says_nothing};
use super::super::packages::{is_distribution, scheme};
use super::super::range_text::{Read, bound, range, read};
use super::products::{Product, Products, Versions};
use crate::model::advisory::{Affected, FixState, Rule, Standing, Target};

/// Vulnerabilities named in one place; the rest is counted.
const INDEXES_NAMED: usize = 12;

/// Entries so far: the same statement about several vulnerabilities is kept once.
#[derive(Debug, Default)]
pub(super) struct Entries {
    all: Vec<(Affected, Vec<usize>)>,
    by_target: HashMap<Target, Vec<usize>>,
}

impl Entries {
    fn add(&mut self, said: Affected, vulnerability: usize) {
        let known = self.by_target.entry(said.target.clone()).or_default();
        let is_same = |at: &&usize| {
            let other = &self.all[**at].0;
            let same_words = other.place == said.place && other.conditions == said.conditions;
            same_words && other.rules == said.rules && other.default == said.default && other.fix == said.fix
        };
        if let Some(at) = known.iter().find(is_same) {
            let indexes = &mut self.all[*at].1;
            if indexes.last() != Some(&vulnerability) {
                indexes.push(vulnerability);
            }
        } else {
            known.push(self.all.len());
            self.all.push((said, vec![vulnerability]));
        }
    }

    /// The entries in document order, each with the vulnerabilities it is said of.
    pub(super) fn into_affected(self) -> Vec<Affected> {
        let finish = |(mut said, indexes): (Affected, Vec<usize>)| {
            let named: Vec<String> = indexes.iter().take(INDEXES_NAMED).map(ToString::to_string).collect();
            let more = if indexes.len() > INDEXES_NAMED { ",…" } else { "" };
            said.place = format!("vulnerabilities[{}{more}].product_status.{}", named.join(","), said.place);
            said
        };
        self.all.into_iter().map(finish).collect()
    }
}

/// What a status group says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Affected,
    Fixed,
    Recommended,
    NotAffected,
    Unknown,
}

/// Translates the statuses of one vulnerability.
pub(super) fn translate(
    vulnerability: &Vulnerability<'_>,
    index: usize,
    products: &Products<'_>,
    entries: &mut Entries,
    notes: &mut Notes,
) {
    let place = format!("vulnerabilities[{index}].product_status");
    let Some(groups) = notes.read(&vulnerability.product_status, &place) else { return };
    let fixes = remediations(vulnerability, products, notes);
    let flags = flags(vulnerability, products, notes);
    for (name, ids) in groups {
        let group = match name.as_ref() {
            "known_affected" | "first_affected" | "last_affected" => Group::Affected,
            "fixed" | "first_fixed" => Group::Fixed,
            "recommended" => Group::Recommended,
            "known_not_affected" => Group::NotAffected,
            "under_investigation" | "unknown" => Group::Unknown,
            other => {
                notes.add(format_args!("{place}.{other}"), "This status group is not known; it is ignored.");
                continue;
            }
        };
        for id in notes.texts(ids, format_args!("{place}.{name}")) {
            let Some(product) = products.by_id.get(id) else {
                notes.add(format_args!("{place}.{name}"), format!("The product {id:?} is not in the product tree."));
                continue;
            };
            let place = match flags.get(id).filter(|_| group == Group::NotAffected) {
                Some(label) => &format!("{name} ({label})"),
                None => name.as_ref(),
            };
            for target in &product.targets {
                if let Some(mut said) = entry(target, product, group, place, notes) {
                    remedy(&mut said, fixes.get(id), group);
                    entries.add(said, index);
                }
            }
        }
    }
}

/// What one status says about one target of a product.
fn entry(target: &Target, product: &Product, group: Group, place: &str, notes: &mut Notes) -> Option<Affected> {
    let is_package = matches!(target, Target::Package { ecosystem, .. } if is_distribution(ecosystem));
    let order = match target {
        Target::Package { ecosystem, .. } => scheme(ecosystem).unwrap_or(Scheme::Generic),
        _ => Scheme::Generic,
    };
    let mut said = says_nothing(target.clone(), Standing::Unaffected, place.to_owned());
    said.conditions.clone_from(&product.conditions);
    match (group, &product.versions) {
        (Group::Fixed | Group::Recommended, Versions::Exact(version)) if is_package => {
            let mut rule = range(order, None, Some(bound(version.as_str(), false)));
            rule.fixed = Some(version.clone());
            said.rules.push(rule);
            said.fix = FixState::Fixed(version.clone());
        }
        // What is fixed or recommended says nothing about other versions.
        (Group::Recommended, _) | (Group::Fixed, Versions::All) => return None,
        (_, versions) => {
            let standing = match group {
                Group::Affected => Standing::Affected,
                Group::Fixed | Group::Recommended | Group::NotAffected => Standing::Unaffected,
                Group::Unknown => Standing::Unknown,
            };
            said.rules = rules(versions, order, &product.name, notes);
            said.rules.iter_mut().for_each(|rule| rule.standing = standing);
        }
    }
    Some(said)
}

/// The versions of a product as rules.
fn rules(versions: &Versions, order: Scheme, name: &str, notes: &mut Notes) -> Vec<Rule> {
    let everything = || vec![range(order, None, None)];
    let text = match versions {
        Versions::All => return everything(),
        Versions::Exact(text) | Versions::Range(text) => text,
    };
    match read(text, order) {
        Read::Rules(rules) => rules,
        Read::Unstated => everything(),
        Read::Unreadable if matches!(versions, Versions::Exact(_)) => {
            let exactly = Some(bound(text.as_str(), true));
            vec![range(order, exactly.clone(), exactly)]
        }
        Read::Unreadable => {
            notes.add(
                format_args!("product_tree, {name}"),
                format!("The range {text:?} cannot be read; every version counts as possibly affected."),
            );
            everything()
        }
    }
}

/// A remedy's category, and the versions its text names.
type Remedy = (Category, Vec<String>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Category {
    NoneAvailable,
    NotPlanned,
    VendorFix,
}

/// Product identifier → the best that is said about a fix.
fn remediations<'x>(
    vulnerability: &'x Vulnerability<'_>,
    products: &Products<'x>,
    notes: &mut Notes,
) -> HashMap<&'x str, Remedy> {
    let mut found: HashMap<&str, Remedy> = HashMap::new();
    for (_, remediation) in notes.list(&vulnerability.remediations, "remediations") {
        let category = match remediation.category.as_str() {
            "vendor_fix" => Category::VendorFix,
            "no_fix_planned" => Category::NotPlanned,
            "none_available" | "fix_planned" => Category::NoneAvailable,
            _ => continue,
        };
        let named = || versions_in(remediation.details.as_str());
        let versions = if category == Category::VendorFix { named() } else { Vec::new() };
        let direct = remediation.product_ids.values().map(|(_, id)| id.as_ref());
        let groups = remediation.group_ids.values().filter_map(|(_, id)| products.groups.get(id.as_ref()));
        for id in direct.chain(groups.flatten().copied()) {
            let known = found.entry(id).or_insert((category, Vec::new()));
            if known.0 < category || known.0 == category && known.1.is_empty() {
                *known = (category, versions.clone());
            }
        }
    }
    found
}

/// Product identifier → why it is not affected, in the words of the VEX profile.
fn flags<'x>(
    vulnerability: &'x Vulnerability<'_>,
    products: &Products<'x>,
    notes: &mut Notes,
) -> HashMap<&'x str, &'x str> {
    let mut found = HashMap::new();
    for (_, flag) in notes.list(&vulnerability.flags, "flags") {
        let direct = flag.product_ids.values().map(|(_, id)| id.as_ref());
        let groups = flag.group_ids.values().filter_map(|(_, id)| products.groups.get(id.as_ref()));
        for id in direct.chain(groups.flatten().copied()) {
            found.entry(id).or_insert(flag.label.as_str());
        }
    }
    found
}

/// Puts the remedy into an affected entry.
fn remedy(said: &mut Affected, remedy: Option<&Remedy>, group: Group) {
    match (group, remedy) {
        (Group::NotAffected, _) => said.fix = FixState::NotAffected,
        (Group::Unknown, _) => said.fix = FixState::UnderInvestigation,
        (Group::Affected, Some((Category::NotPlanned, _))) => said.fix = FixState::WillNotFix,
        (Group::Affected, Some((Category::NoneAvailable, _))) => said.fix = FixState::None,
        (Group::Affected, Some((Category::VendorFix, versions))) => {
            // `< V7.0.3` with a vendor's fix: the version that ends the range is the fix.
            let last = said.rules.last().and_then(|rule| Some((rule.scheme, rule.upper.as_ref()?)));
            let end = last.filter(|(_, upper)| !upper.inclusive).map(|(_, upper)| upper.version.clone());
            // A sentence may name the affected version, too.
            let is_later = |version: &&String| {
                last.is_none_or(|(scheme, upper)| {
                    compare(scheme, version, &upper.version).ordering == Ordering::Greater
                })
            };
            let version = versions.iter().find(is_later).cloned();
            if let (Some(end), Some(rule)) = (&end, said.rules.last_mut()) {
                rule.fixed = Some(end.clone());
            }
            said.fix = end.or(version).map_or(FixState::Unknown, FixState::Fixed);
        }
        _ => {}
    }
}

/// The versions that a sentence such as "Update to V7.0.3 or later" names, the first few.
fn versions_in(details: &str) -> Vec<String> {
    let calls = ["update", "upgrade", "updated", "version", "firmware", "install"];
    let is_version = |word: &&str| {
        let digits = word.trim_start_matches(['v', 'V']);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.contains('.')
            && digits.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    let words = details.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let after_call = words.skip_while(|word| !calls.contains(&word.to_ascii_lowercase().as_str()));
    after_call.filter(is_version).take(4).map(str::to_owned).collect()
}
