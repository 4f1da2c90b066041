//! Alias clusters: which records speak of the same vulnerability (matching rules R1 and R2).
//!
//! In: the names every record carries. Out: [`Cluster`]s, found by walking from name to record to name. Only aliases
//! join; `related` never does. Errata and bulletins (RHSA, DSA, USN, ICSA …) are *containers*: they belong to every
//! vulnerability they cover and join none of them. A rejected name leaves the group, and the rest stays alive.
//!
//! The walk has no recursion and an upper limit; reaching it is noted, never silent.

use std::collections::{BTreeSet, VecDeque};

use crate::model::source::Family;

mod names;

pub use names::{embedded_cve, is_container, is_cve};

/// Most names one walk follows. The largest honest clusters have a few dozen.
pub const MAX_NAMES: usize = 4_096;

/// Prefixes under which distributions publish their view of one CVE (`DEBIAN-CVE-2024-0727`).
const VIEWS: [&str; 3] = ["ALPINE-", "DEBIAN-", "UBUNTU-"];

/// What a record is called, and whether it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// Its own identifier.
    pub id: String,
    /// Its family.
    pub family: Family,
    /// Other names of the same vulnerability.
    pub aliases: Vec<String>,
    /// Vulnerabilities it covers or mentions.
    pub related: Vec<String>,
    /// Neither rejected nor withdrawn.
    pub live: bool,
}

impl Naming {
    /// Whether the record bundles vulnerabilities instead of naming one: by its kind of identifier, or because it is a
    /// distribution's own number for CVEs that it only relates to.
    pub fn is_container(&self) -> bool {
        let is_public = |name: &str| is_cve(name) || name.starts_with("GHSA-");
        is_container(&self.id, self.family)
            || (self.family == Family::OsVendor
                && embedded_cve(&self.id).is_none()
                && !is_public(self.own_name())
                && !self.aliases.iter().any(|alias| is_public(alias))
                && self.related.iter().any(|name| is_cve(name)))
    }

    /// The CVEs a container covers, in its order: what it relates to, else what it has as aliases.
    pub fn covered(&self) -> impl Iterator<Item = &str> {
        let from = if self.related.iter().any(|name| is_cve(name)) { &self.related } else { &self.aliases };
        from.iter().map(String::as_str).filter(|name| is_cve(name))
    }

    /// The vulnerability's name in the record's own id: trackers number by vulnerability and package
    /// (`CVE-2023-5363/openssl`).
    pub fn own_name(&self) -> &str {
        self.id.split_once('/').map_or(self.id.as_str(), |(name, _)| name)
    }

    /// The names that say which vulnerability this is.
    fn joins(&self) -> impl Iterator<Item = &str> {
        let embedded = embedded_cve(&self.id);
        // A distribution's view of one CVE is that CVE, whatever else its record mentions.
        let aliases = if embedded.is_some() { &[] } else { self.aliases.as_slice() };
        let own = self.own_name();
        let id = Some(self.id.as_str()).filter(|id| *id != own);
        [own].into_iter().chain(id).chain(embedded).chain(aliases.iter().map(String::as_str))
    }
}

/// Where names and records are looked up; implemented over the knowledge with a memory of what was read.
pub trait Names {
    /// Handle of a record.
    type Record: Copy + Ord;
    /// Records whose own id or alias is `id`, live or not.
    fn named(&mut self, id: &str) -> Vec<Self::Record>;
    /// What a record is called.
    fn naming(&mut self, record: Self::Record) -> &Naming;
}

/// The records that speak of one vulnerability, and its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster<R> {
    /// The name shown: the live CVE, else the smallest GHSA, else the smallest native id.
    pub primary: String,
    /// All live names, sorted; `primary` is among them.
    pub names: Vec<String>,
    /// Live records that are about this vulnerability alone, by handle.
    pub records: Vec<R>,
    /// Doubts: a split group, a limit reached.
    pub notes: Vec<String>,
    /// Whether the walk reached its limit, so that another start could have given another group.
    pub capped: bool,
}

/// The clusters a record belongs to: one, or several when its group has two live CVEs. Never empty.
///
/// A container stands alone here; what it supports is the cluster of each CVE it covers, see [`of_cve`].
pub fn of_record<N: Names>(names: &mut N, record: N::Record) -> Vec<Cluster<N::Record>> {
    let naming = names.naming(record).clone();
    if naming.is_container() {
        return vec![alone(names, &naming)];
    }
    let joins: BTreeSet<&str> = naming.joins().collect();
    let mut found: Vec<Cluster<N::Record>> = Vec::new();
    for name in joins.into_iter().take(MAX_NAMES) {
        if is_dead(names, name) || found.iter().any(|cluster| cluster.names.iter().any(|known| known == name)) {
            continue;
        }
        found.extend(of_name(names, name).into_iter().filter(|cluster| cluster.records.contains(&record)));
        // An undivided group already has every other name of this record; a limit is reached only once.
        if found.iter().any(|cluster| cluster.notes.is_empty() || cluster.capped) {
            break;
        }
    }
    found.sort_by(|left, right| left.primary.cmp(&right.primary));
    found.dedup_by(|left, right| left.primary == right.primary);
    if found.is_empty() { vec![alone(names, &naming)] } else { found }
}

/// The cluster of a CVE, whether or not any record bears its name; `None` if the CVE is rejected.
pub fn of_cve<N: Names>(names: &mut N, cve: &str) -> Option<Cluster<N::Record>> {
    if is_dead(names, cve) {
        return None;
    }
    of_name(names, cve).into_iter().find(|cluster| cluster.primary == cve)
}

/// The clusters a live name belongs to: one, or several when the group has two live CVEs and is split.
fn of_name<N: Names>(names: &mut N, name: &str) -> Vec<Cluster<N::Record>> {
    let whole = walk(names, [name.to_owned()], &Walls::default());
    let cves: BTreeSet<String> = whole.names.iter().filter(|name| is_cve(name)).cloned().collect();
    if cves.len() <= 1 {
        return vec![whole.into_cluster(Vec::new())];
    }
    split(names, &whole, &cves)
}

/// Whether every record under this very id is rejected or withdrawn, or the CVE list itself rejects it (R2).
pub fn is_dead<N: Names>(names: &mut N, id: &str) -> bool {
    let records = names.named(id);
    is_dead_among(names, id, &records)
}

fn is_dead_among<N: Names>(names: &mut N, id: &str, records: &[N::Record]) -> bool {
    let (mut owners, mut living) = (0_usize, 0_usize);
    for record in records {
        let naming = names.naming(*record);
        if naming.id != id {
            continue;
        }
        if !naming.live && naming.family == Family::CveList {
            return true;
        }
        owners += 1;
        living += usize::from(naming.live);
    }
    owners > 0 && living == 0
}

/// A record that no live name joins to others stands under its own id.
fn alone<N: Names>(names: &mut N, naming: &Naming) -> Cluster<N::Record> {
    let mut records = names.named(&naming.id);
    records.retain(|record| {
        let other = names.naming(*record);
        other.live && other.id == naming.id
    });
    records.sort_unstable();
    records.dedup();
    let notes = if is_dead(names, &naming.id) {
        vec![format!(
            "the identifier {} was rejected or withdrawn by its authority; this record still counts",
            naming.id
        )]
    } else {
        Vec::new()
    };
    let own = naming.own_name().to_owned();
    Cluster { primary: own.clone(), names: vec![own], records, notes, capped: false }
}

/// One cluster for each CVE, and one for each group that names none of them directly.
fn split<N: Names>(names: &mut N, whole: &Walk<N::Record>, cves: &BTreeSet<String>) -> Vec<Cluster<N::Record>> {
    let listed = cves.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    let note = format!("aliases join {} live CVEs ({listed}); the group was split", cves.len());
    let mut left: BTreeSet<N::Record> = whole.records.clone();
    let mut clusters = Vec::new();
    for cve in cves {
        let part = walk(names, [cve.clone()], &Walls { of: Some(cves), door: Some(cve) });
        left.retain(|record| !part.records.contains(record));
        clusters.push(part.into_cluster(vec![note.clone()]));
    }
    while let Some(record) = left.pop_first() {
        let naming = names.naming(record).clone();
        let starts: Vec<String> = naming.joins().map(str::to_owned).collect();
        let part = walk(names, starts, &Walls { of: Some(cves), door: None });
        left.retain(|other| !part.records.contains(other));
        clusters.push(if part.names.is_empty() {
            alone(names, &naming)
        } else {
            part.into_cluster(vec![note.clone()])
        });
    }
    clusters
}

/// Names that a walk does not enter, but for one.
#[derive(Default)]
struct Walls<'a> {
    of: Option<&'a BTreeSet<String>>,
    door: Option<&'a str>,
}

impl Walls<'_> {
    fn bar(&self, name: &str) -> bool {
        self.door != Some(name) && self.of.is_some_and(|names| names.contains(name))
    }
}

struct Walk<R> {
    names: BTreeSet<String>,
    records: BTreeSet<R>,
    capped: bool,
}

/// Walks breadth first from `starts`. Walls are not entered, and a record that names one leads nowhere.
fn walk<N: Names>(names: &mut N, starts: impl IntoIterator<Item = String>, walls: &Walls<'_>) -> Walk<N::Record> {
    let mut found = Walk { names: BTreeSet::new(), records: BTreeSet::new(), capped: false };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut queue: VecDeque<String> = starts.into_iter().filter(|name| !walls.bar(name)).collect();
    while let Some(name) = queue.pop_front() {
        if seen.len() >= MAX_NAMES {
            found.capped = true;
            break;
        }
        if !seen.insert(name.clone()) {
            continue;
        }
        let records = names.named(&name);
        if is_dead_among(names, &name, &records) {
            continue;
        }
        let views = views_of(names, &name);
        let mut next = BTreeSet::new();
        for record in records.into_iter().chain(views) {
            let naming = names.naming(record);
            if !naming.live || naming.is_container() || !found.records.insert(record) {
                continue;
            }
            if !naming.joins().any(|other| walls.bar(other)) {
                next.extend(naming.joins().filter(|other| !seen.contains(*other)).map(str::to_owned));
            }
        }
        found.names.insert(name);
        queue.extend(next);
    }
    found
}

fn views_of<N: Names>(names: &mut N, name: &str) -> Vec<N::Record> {
    if is_cve(name) {
        VIEWS.iter().flat_map(|view| names.named(&format!("{view}{name}"))).collect()
    } else {
        Vec::new()
    }
}

impl<R: Copy + Ord> Walk<R> {
    fn into_cluster(self, mut notes: Vec<String>) -> Cluster<R> {
        if self.capped {
            notes.push(format!("more than {MAX_NAMES} names are joined by aliases; the rest was not followed"));
        }
        let names = names::shown(self.names);
        Cluster {
            primary: names::primary(&names).unwrap_or_default().to_owned(),
            names,
            records: self.records.into_iter().collect(),
            notes,
            capped: self.capped,
        }
    }
}

#[cfg(test)]
mod tests;
