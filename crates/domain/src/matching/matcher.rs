//! The matcher: holds what was read of the knowledge, so that no record is read twice.
//!
//! One matcher serves any number of components; each worker thread has its own. Results do not depend on what it has
//! seen before (R30).

use std::collections::{BTreeSet, HashMap};

use super::decide;
use super::detail::Detail;
use super::statement::Statement;
use super::subject::Subject;
use super::{Candidates, ComponentMatches, FamilyAnswer, Policy, RecordRef};
use crate::index::alias_cluster::{self, Cluster, MAX_NAMES, Names, Naming};
use crate::index::package_key::KeyKind;
use crate::model::sbom::Component;
use crate::model::source::Family;

/// Most statements about one component that are kept. Beyond it, counting goes on and a note says so.
const MAX_STATEMENTS: usize = 200_000;

/// Holds components against one view of the knowledge.
pub struct Matcher<'k, K: Candidates + ?Sized> {
    pub(super) policy: &'k Policy,
    reader: Reader<'k, K>,
    known: Vec<Vulnerability>,
    by_primary: HashMap<String, usize>,
    by_record: HashMap<RecordRef, Vec<usize>>,
}

/// A vulnerability with what its records say about it as a whole.
pub(super) struct Vulnerability {
    pub(super) cluster: Cluster<RecordRef>,
    /// Highest base score of a live record, in tenths.
    pub(super) score_tenths: Option<u8>,
    /// One line.
    pub(super) title: String,
    /// Earliest date in a known-exploited catalogue.
    pub(super) known_exploited: Option<String>,
    /// EPSS probability in millionths.
    pub(super) epss_millionths: Option<u32>,
}

/// What was said about a component, as far as it was kept.
pub(super) struct Said {
    /// In the order of records, then places.
    pub(super) statements: Vec<Statement>,
    /// Limits that were reached.
    pub(super) notes: Vec<String>,
}

impl<'k, K: Candidates + ?Sized> Matcher<'k, K> {
    /// A matcher over one view of the knowledge.
    pub fn new(knowledge: &'k K, policy: &'k Policy) -> Self {
        let reader = Reader { knowledge, details: HashMap::new(), named: HashMap::new() };
        Self { policy, reader, known: Vec::new(), by_primary: HashMap::new(), by_record: HashMap::new() }
    }

    /// Everything the knowledge says about one component.
    pub fn match_component(&mut self, component: &Component) -> ComponentMatches {
        let subject = Subject::of(component);
        let said = self.listen(&subject);
        let (matches, undecided) = decide::decide(self, &subject, &said.statements);
        let least = self.policy.minimum;
        let reasons = || matches.iter().flat_map(|found| &found.reasons).filter(|why| why.confidence >= least);
        let answer = |family| {
            let is_reason = reasons().any(|why| why.family == family);
            if is_reason || self.understands(family, &subject) {
                FamilyAnswer::Assessable { matched: is_reason }
            } else {
                FamilyAnswer::NotAssessable
            }
        };
        let outcomes = Family::MATCHED.into_iter().map(|family| (family, answer(family))).collect();
        let identified = subject.keys.iter().any(|key| key.stated.family_hint != KeyKind::Named);
        ComponentMatches { matches, candidates: undecided, outcomes, identified, notes: said.notes }
    }

    /// Collects what live records say under every key of the component.
    pub(super) fn listen(&self, subject: &Subject) -> Said {
        let mut statements: Vec<Statement> = Vec::new();
        let mut dropped = 0_u64;
        for (index, key) in subject.keys.iter().enumerate() {
            self.reader.knowledge.affected(&key.stated.key, &mut |record, affected| {
                if statements.len() < MAX_STATEMENTS {
                    statements.push(Statement::read(subject, index, record, affected));
                } else {
                    dropped += 1;
                }
            });
        }
        statements.sort_by(|left, right| {
            let order = |said: &Statement| (said.record, said.key);
            order(left).cmp(&order(right)).then_with(|| left.affected.place.cmp(&right.affected.place))
        });
        let notes = (dropped > 0).then(|| {
            format!("records say more about this component than is looked at: {dropped} statements were left out")
        });
        Said { statements, notes: notes.into_iter().collect() }
    }

    /// The record behind a handle, as far as matching needs it.
    pub(super) fn detail(&mut self, record: RecordRef) -> &Detail {
        self.reader.detail(record)
    }

    /// Records by name, and the vulnerabilities a name belongs to.
    pub(super) fn named(&mut self, name: &str) -> (Vec<RecordRef>, Vec<usize>) {
        let records = self.reader.named(name);
        let mut clusters: Vec<usize> = records.iter().flat_map(|record| self.clusters_of(*record)).collect();
        if alias_cluster::is_cve(name) {
            clusters.retain(|at| self.known[*at].cluster.names.iter().any(|known| known == name));
        }
        clusters.sort_unstable();
        clusters.dedup();
        (records, clusters)
    }

    /// A vulnerability by its number in this matcher.
    pub(super) fn known(&self, index: usize) -> &Vulnerability {
        &self.known[index]
    }

    /// The vulnerabilities a record supports; numbers for [`Matcher::known`].
    pub(super) fn clusters_of(&mut self, record: RecordRef) -> Vec<usize> {
        if let Some(known) = self.by_record.get(&record) {
            return known.clone();
        }
        let naming = self.reader.naming(record).clone();
        let mut numbers: Vec<usize> = if naming.is_container() { self.covered_by(&naming) } else { Vec::new() };
        if numbers.is_empty() {
            let clusters = alias_cluster::of_record(&mut self.reader, record);
            numbers = clusters.into_iter().map(|cluster| self.learn(cluster)).collect();
        }
        self.by_record.insert(record, numbers.clone());
        numbers
    }

    /// Each CVE of an erratum or bulletin, from memory where it is known.
    fn covered_by(&mut self, naming: &Naming) -> Vec<usize> {
        let mut numbers = Vec::new();
        let covered: BTreeSet<&str> = naming.covered().take(MAX_NAMES).collect();
        for cve in covered {
            if let Some(known) = self.by_primary.get(cve) {
                numbers.push(*known);
            } else if let Some(cluster) = alias_cluster::of_cve(&mut self.reader, cve) {
                numbers.push(self.learn(cluster));
            }
        }
        numbers
    }

    fn learn(&mut self, cluster: Cluster<RecordRef>) -> usize {
        let number = self.known.len();
        // A walk that was cut short depends on where it began, so it is not remembered (R30).
        if !cluster.capped {
            if let Some(known) = self.by_primary.get(&cluster.primary) {
                return *known;
            }
            self.by_primary.insert(cluster.primary.clone(), number);
        }
        if cluster.notes.is_empty() {
            for record in &cluster.records {
                self.by_record.insert(*record, vec![number]);
            }
        }
        let known = self.summarise(cluster);
        self.known.push(known);
        number
    }

    fn summarise(&mut self, cluster: Cluster<RecordRef>) -> Vulnerability {
        let epss_millionths = cluster
            .names
            .iter()
            .filter(|name| alias_cluster::is_cve(name))
            .find_map(|cve| self.reader.knowledge.epss_millionths(cve));
        let mut known =
            Vulnerability { cluster, score_tenths: None, title: String::new(), known_exploited: None, epss_millionths };
        let mut best: Option<(u8, String, String)> = None;
        for at in 0..known.cluster.records.len() {
            let detail = self.reader.detail(known.cluster.records[at]);
            known.score_tenths = known.score_tenths.max(detail.score_tenths);
            let dates = known.known_exploited.take().into_iter().chain(detail.known_since.clone());
            known.known_exploited = dates.min();
            let rank = (detail.title_rank(), detail.source.0.clone(), detail.naming.id.clone());
            if !detail.title.is_empty() && best.as_ref().is_none_or(|best| rank < *best) {
                known.title.clone_from(&detail.title);
                best = Some(rank);
            }
        }
        known
    }

    /// Whether a family can say anything about the component at all.
    fn understands(&self, family: Family, subject: &Subject) -> bool {
        subject.keys.iter().any(|key| match (key.stated.family_hint, family) {
            (KeyKind::Package, Family::Osv) | (KeyKind::DistroPackage, Family::OsVendor) => {
                self.reader.knowledge.covers_ecosystem(ecosystem_of(&key.stated.key.0))
            }
            (KeyKind::Package, Family::CveList | Family::Csaf)
            | (KeyKind::Cpe, Family::Nvd | Family::CveList | Family::Csaf)
            | (KeyKind::Repository, Family::Osv | Family::CveList) => true,
            _ => false,
        })
    }
}

/// The ecosystem of a package key: what stands before the bar.
fn ecosystem_of(key: &str) -> &str {
    key.split_once('|').map_or(key, |(ecosystem, _)| ecosystem)
}

/// The knowledge with a memory.
struct Reader<'k, K: Candidates + ?Sized> {
    knowledge: &'k K,
    details: HashMap<RecordRef, Detail>,
    named: HashMap<String, Vec<RecordRef>>,
}

impl<K: Candidates + ?Sized> Reader<'_, K> {
    fn detail(&mut self, record: RecordRef) -> &Detail {
        self.details.entry(record).or_insert_with(|| Detail::of(self.knowledge.advisory(record)))
    }
}

impl<K: Candidates + ?Sized> Names for Reader<'_, K> {
    type Record = RecordRef;

    fn named(&mut self, id: &str) -> Vec<RecordRef> {
        if let Some(known) = self.named.get(id) {
            return known.clone();
        }
        let mut records = self.knowledge.named(id);
        // A bulletin mentions. What it is called says nothing about a vulnerability.
        records.retain(|record| self.detail(*record).naming.family != Family::Bulletin);
        self.named.insert(id.to_owned(), records.clone());
        records
    }

    fn naming(&mut self, record: RecordRef) -> &Naming {
        &self.detail(record).naming
    }
}
