//! Criteria of OVAL definitions to fixed versions, by the comments that distributions write.
//!
//! | Comment | Meaning |
//! |---|---|
//! | `Oracle Linux 8 is installed` | the release, for everything joined to it with AND |
//! | `Oracle Linux arch is aarch64` | the architecture, likewise |
//! | `Module virt:kvm_utils is enabled` | the module, likewise |
//! | `bind is earlier than 30:9.3.3-8.el5` | affected below that version |
//! | `libpng16-16-1.6.8-2.1 is installed` (SUSE) | the test asks for an earlier version: affected below it |
//! | `bind is signed with the Oracle Linux 5 key`, `… is ksplice-based` | says nothing that the version does not |
//! | anything else, and what is negated | noted, and the definition's other criteria count |

use standards::oval::{Criteria, Definition, Node};

use super::super::common::Notes;
use super::super::rpm::{self, Fix, Fixes};

/// What holds where the walk stands.
#[derive(Debug, Clone, Default)]
struct Place {
    /// Releases, of which any will do.
    releases: Vec<String>,
    arch: String,
    module: String,
}

/// What a comment says.
#[derive(Debug, PartialEq, Eq)]
enum Said<'a> {
    Release(String),
    /// A release or product that we have no name for.
    OtherPlatform,
    Arch(&'a str),
    Module(&'a str),
    Earlier {
        name: &'a str,
        evr: String,
    },
    /// Nothing that counts here.
    Nothing,
    Unreadable,
}

/// The fixes of a definition.
pub(super) fn fixes(definition: &Definition, notes: &mut Notes) -> Fixes {
    let mut fixes = Fixes::default();
    let releases = definition.platforms.iter().filter_map(|platform| rpm::release_named(platform)).collect();
    let place = Place { releases, ..Place::default() };
    match &definition.criteria {
        Some(criteria) => walk(criteria, &place, &mut fixes, notes),
        None => notes.add("criteria", "The definition has no criteria; it matches nothing."),
    }
    fixes
}

/// Collects what stands in `criteria`, which hold at `place`. As deep as the XML reader allows.
fn walk(criteria: &Criteria, place: &Place, fixes: &mut Fixes, notes: &mut Notes) {
    if criteria.negate {
        return notes.add("criteria", "Criteria that are negated are not read.");
    }
    let mut here = place.clone();
    if criteria.operator != "OR" {
        narrow(criteria, &mut here);
    }
    for node in &criteria.nodes {
        match node {
            Node::Criteria(inner) => walk(inner, &here, fixes, notes),
            Node::Extend(comment) => {
                notes.add("criteria", format!("The other definition that has to hold ({comment:?}) is not read."));
            }
            Node::Criterion { negate: true, comment } => {
                notes.add("criteria", format!("The negated criterion {comment:?} is not read."));
            }
            Node::Criterion { comment, .. } => match said(comment) {
                Said::Earlier { name, evr } => add(name, &evr, &here, fixes, notes),
                Said::Unreadable => notes.add("criteria", format!("The criterion {comment:?} is not understood.")),
                _ => {}
            },
        }
    }
}

/// Takes what is joined with AND: it holds for everything beside it.
fn narrow(criteria: &Criteria, here: &mut Place) {
    for node in &criteria.nodes {
        match node {
            Node::Criterion { comment, negate: false } => match said(comment) {
                Said::Release(release) => here.releases = vec![release],
                Said::OtherPlatform => here.releases.clear(),
                Said::Arch(arch) => arch.clone_into(&mut here.arch),
                Said::Module(module) => module.clone_into(&mut here.module),
                _ => {}
            },
            Node::Criteria(inner) => {
                if let Some(releases) = only_releases(inner) {
                    here.releases = releases;
                }
            }
            _ => {}
        }
    }
}

/// The releases of criteria that consist of nothing else, as SUSE writes them: any of these products.
fn only_releases(criteria: &Criteria) -> Option<Vec<String>> {
    if criteria.operator != "OR" || criteria.negate || criteria.nodes.is_empty() {
        return None;
    }
    let mut releases = Vec::new();
    for node in &criteria.nodes {
        match node {
            Node::Criterion { comment, negate: false } => match said(comment) {
                Said::Release(release) => releases.push(release),
                Said::OtherPlatform => {}
                _ => return None,
            },
            _ => return None,
        }
    }
    Some(releases)
}

fn add(name: &str, evr: &str, here: &Place, fixes: &mut Fixes, notes: &mut Notes) {
    if here.releases.is_empty() {
        notes.add("criteria", format!("Nothing says which release {name} is of; it is left out."));
    }
    for ecosystem in &here.releases {
        fixes.add(Fix {
            ecosystem: ecosystem.clone(),
            name: name.to_owned(),
            arch: here.arch.clone(),
            module: here.module.clone(),
            evr: evr.to_owned(),
            ..Fix::default()
        });
    }
}

fn said(comment: &str) -> Said<'_> {
    let comment = comment.trim();
    if let Some((name, evr)) = comment.split_once(" is earlier than ") {
        let (epoch, version) = evr.trim().split_once(':').unwrap_or(("", evr.trim()));
        let is_package = !name.trim().is_empty() && !name.trim().contains(' ') && !version.is_empty();
        return if is_package {
            Said::Earlier { name: name.trim(), evr: rpm::evr(epoch, version, "") }
        } else {
            Said::Unreadable
        };
    }
    if let Some((_, arch)) = comment.split_once(" arch is ") {
        return Said::Arch(arch.trim());
    }
    if let Some(module) = comment.strip_prefix("Module ").and_then(|rest| rest.strip_suffix(" is enabled")) {
        return Said::Module(module.trim());
    }
    if comment.contains(" is signed with ")
        || comment.ends_with(" is ksplice-based")
        || comment.ends_with(" is not affected")
    {
        return Said::Nothing;
    }
    if comment.ends_with(" must be installed") {
        return Said::Nothing;
    }
    match comment.strip_suffix(" is installed") {
        Some(product) => installed(product.trim()),
        None => Said::Unreadable,
    }
}

/// `Oracle Linux 8`, `SUSE Linux Enterprise Server 15 SP5`; `libpng16-16-1.6.8-2.1`, whose test asks for less.
fn installed(product: &str) -> Said<'_> {
    if product.contains(' ') {
        return rpm::release_named(product).map_or(Said::OtherPlatform, Said::Release);
    }
    if !product.contains('-') {
        return Said::Nothing;
    }
    let mut parts = product.rsplitn(3, '-');
    let (release, version, name) = (parts.next(), parts.next(), parts.next());
    match (name, version, release) {
        (Some(name), Some(version), Some(release)) if version.starts_with(|c: char| c.is_ascii_digit()) => {
            Said::Earlier { name, evr: rpm::evr("", version, release) }
        }
        _ => Said::Unreadable,
    }
}
