//! The knowledge as a list, for tests, and how to write documents and components briefly.

use std::collections::{BTreeMap, BTreeSet};

use domain::index::package_key::{PackageKey, keys_of_target};
use domain::matching::{Candidates, ComponentMatches, Explanation, Policy, RecordRef, explain, match_component};
use domain::model::advisory::{Advisory, Affected};
use domain::model::finding::Match;
use domain::model::raw::Digest;
use domain::model::sbom::{Component, Kind};
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{Context, Format, split, translate};
use serde_json::{Value, json};

/// Records in the order in which they were put there.
#[derive(Default, Clone)]
pub(crate) struct Shelf {
    pub(crate) records: Vec<Advisory>,
    pub(crate) epss: BTreeMap<String, u32>,
    keys: BTreeMap<String, Vec<(usize, usize)>>,
    names: BTreeMap<String, BTreeSet<usize>>,
}

impl Shelf {
    pub(crate) fn of(records: Vec<Advisory>) -> Self {
        let mut shelf = Self::default();
        for record in records {
            shelf.put(record);
        }
        shelf
    }

    pub(crate) fn put(&mut self, record: Advisory) {
        let number = self.records.len();
        for (at, affected) in record.affected.iter().enumerate() {
            for key in keys_of_target(&affected.target) {
                self.keys.entry(key.0).or_default().push((number, at));
            }
        }
        for name in record.aliases.iter().chain([&record.id]) {
            self.names.entry(name.clone()).or_default().insert(number);
        }
        self.records.push(record);
    }

    /// Reads a document as it would come from a provider and puts its records there.
    pub(crate) fn read(self, format: Format, source: &str, family: Family, document: &Value) -> Self {
        self.read_bytes(format, source, family, &serde_json::to_vec(document).expect("a JSON value is written"))
    }

    /// As [`Shelf::read`], for a document that is no JSON.
    pub(crate) fn read_bytes(mut self, format: Format, source: &str, family: Family, bytes: &[u8]) -> Self {
        let source = SourceId(source.to_owned());
        let context = Context {
            source: &source,
            family,
            object: Digest::of(bytes),
            entry: "",
            from: "",
            tlp: Tlp::Clear,
            document: bytes,
        };
        split(format, bytes, &mut |record| {
            self.put(translate(format, &record, &context).expect("our documents are read").value);
        })
        .expect("our documents are cut");
        self
    }

    pub(crate) fn osv(self, document: &Value) -> Self {
        self.read(Format::Osv, "osv", Family::Osv, document)
    }

    pub(crate) fn cve(self, document: &Value) -> Self {
        self.read(Format::CveRecord, "cve-list", Family::CveList, document)
    }

    pub(crate) fn nvd(self, cve: &Value) -> Self {
        self.read(Format::NvdPage, "nvd", Family::Nvd, &json!({"vulnerabilities": [{"cve": cve}]}))
    }

    pub(crate) fn matches(&self, component: &Component) -> ComponentMatches {
        match_component(component, self, &Policy::default())
    }

    /// Names of the findings.
    pub(crate) fn findings(&self, component: &Component) -> Vec<String> {
        names(&self.matches(component).matches)
    }

    /// Names of what waits for a person.
    pub(crate) fn candidates(&self, component: &Component) -> Vec<String> {
        names(&self.matches(component).candidates)
    }

    pub(crate) fn explain(&self, component: &Component, vulnerability: &str) -> Explanation {
        explain(component, vulnerability, self, &Policy::default())
    }
}

pub(crate) fn names(matches: &[Match]) -> Vec<String> {
    matches.iter().map(|found| found.vulnerability.clone()).collect()
}

impl Candidates for Shelf {
    fn affected(&self, key: &PackageKey, visit: &mut dyn FnMut(RecordRef, Affected)) {
        for (number, at) in self.keys.get(&key.0).into_iter().flatten() {
            if self.records[*number].state.is_live() {
                visit(RecordRef(*number as u64), self.records[*number].affected[*at].clone());
            }
        }
    }

    fn advisory(&self, record: RecordRef) -> Advisory {
        let stored = &self.records[usize::try_from(record.0).expect("it was given out by this shelf")];
        Advisory { affected: Vec::new(), ..stored.clone() }
    }

    fn named(&self, id: &str) -> Vec<RecordRef> {
        self.names.get(id).into_iter().flatten().map(|number| RecordRef(*number as u64)).collect()
    }

    fn epss_millionths(&self, cve: &str) -> Option<u32> {
        self.epss.get(cve).copied()
    }

    fn covers_ecosystem(&self, ecosystem: &str) -> bool {
        let prefix = format!("{ecosystem}|");
        self.keys.range(prefix.clone()..).next().is_some_and(|(key, _)| key.starts_with(&prefix))
    }
}

/// A component with a package URL; its version is the purl's.
pub(crate) fn purl(text: &str) -> Component {
    let parsed = standards::purl::Purl::parse(text).expect("our purls are right");
    Component { version: parsed.version, purl: Some(text.to_owned()), ..named(&parsed.name) }
}

/// A component with a CPE name.
pub(crate) fn cpe(text: &str) -> Component {
    let parsed = standards::cpe::Cpe::parse(text).expect("our CPE names are right");
    let version = parsed.version.plain().map(str::to_owned);
    Component { version, cpes: vec![text.to_owned()], ..named(parsed.product.plain().unwrap_or("unnamed")) }
}

/// A component that only has a name.
pub(crate) fn named(name: &str) -> Component {
    Component {
        reference: String::new(),
        kind: Kind::Library,
        group: None,
        name: name.to_owned(),
        version: None,
        supplier: None,
        purl: None,
        cpes: Vec::new(),
        hashes: Vec::new(),
        licences: Vec::new(),
        source_package: None,
        distribution: None,
        support_level: None,
        end_of_support: None,
    }
}

/// A record in OSV's format about one package. Events are written `introduced 1.0 fixed 2.0`.
pub(crate) fn osv(id: &str, aliases: &[&str], ecosystem: &str, package: &str, events: &str) -> Value {
    let words: Vec<&str> = events.split_whitespace().collect();
    let events: Vec<Value> = words.chunks(2).map(|pair| json!({pair[0]: pair[1]})).collect();
    json!({
        "schema_version": "1.6.0", "id": id, "modified": "2024-01-01T00:00:00Z", "aliases": aliases,
        "summary": format!("{id} in {package}"),
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": package},
            "ranges": [{"type": "ECOSYSTEM", "events": events}]
        }]
    })
}

/// A record in the CVE format whose authority states `affected`.
pub(crate) fn cve(id: &str, affected: &Value) -> Value {
    json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": id, "state": "PUBLISHED"},
        "containers": {"cna": {
            "title": format!("{id} as its authority calls it"),
            "descriptions": [{"lang": "en", "value": "A fault."}],
            "affected": affected
        }}
    })
}

/// A rejected record in the CVE format.
pub(crate) fn rejected(id: &str) -> Value {
    json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": id, "state": "REJECTED"},
        "containers": {"cna": {"rejectedReasons": [{"lang": "en", "value": "A duplicate."}]}}
    })
}

/// A record of NVD with one configuration of alternatives: criteria, and the words of a range (`>= 1.0 < 2.0`).
pub(crate) fn nvd(id: &str, criteria: &[(&str, &str)]) -> Value {
    let leaves: Vec<Value> = criteria.iter().map(|(criterion, range)| leaf(criterion, range)).collect();
    json!({
        "id": id, "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "A fault of it. And more."}],
        "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": leaves}]}]
    })
}

pub(crate) fn leaf(criterion: &str, range: &str) -> Value {
    let mut leaf = json!({"vulnerable": true, "criteria": criterion});
    let words: Vec<&str> = range.split_whitespace().collect();
    for pair in words.chunks(2) {
        let field = match pair[0] {
            ">=" => "versionStartIncluding",
            ">" => "versionStartExcluding",
            "<=" => "versionEndIncluding",
            _ => "versionEndExcluding",
        };
        leaf[field] = json!(pair[1]);
    }
    leaf
}
