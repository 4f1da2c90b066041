//! Records of GCVE's numbering authorities (GCVE-BCP-04, GCVE-BCP-05): CVE records with an identifier of their own and stated
//! relationships.
//!
//! BCP-05 is a draft and leaves open where its object stands: at the record's top or in the CNA container.

use standards::cve::{Gcve, Record};

use super::super::common::{add_once, is_cve};
use super::super::split::scan::peek;
use crate::model::advisory::Advisory;

/// GCVE's statements, wherever they stand.
pub(super) fn of<'x, 'a>(record: &'x Record<'a>) -> Vec<&'x Gcve<'a>> {
    let containers = record.containers.value();
    let cna = containers.and_then(|containers| containers.cna.value());
    let inner = cna.into_iter().flat_map(|cna| cna.gcve.values());
    record.gcve.values().chain(inner).map(|(_, gcve)| gcve).collect()
}

/// The record's identifier: the authority's own in the metadata, else the CVE, else the one in GCVE's object.
pub(super) fn identifier<'x>(own: &'x str, cve: &'x str, gcve: &[&'x Gcve<'_>]) -> &'x str {
    let stated = || gcve.iter().map(|gcve| gcve.vuln_id.as_str().trim()).find(|id| !id.is_empty());
    match (own, cve) {
        ("", "") => stated().unwrap_or_default(),
        ("", cve) => cve,
        (own, _) => own,
    }
}

/// The same from a record's bytes, without reading it.
pub(super) fn record_id(bytes: &[u8]) -> String {
    let found = |path: &[&str]| peek(bytes, path).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    found(&["cveMetadata", "vulnId"])
        .or_else(|| found(&["cveMetadata", "cveId"]))
        .or_else(|| {
            // Rare: only records without an identifier in their metadata are read for it.
            let record: Record<'_> = serde_json::from_slice(bytes).ok()?;
            Some(identifier("", "", &of(&record)).to_owned()).filter(|id| !id.is_empty())
        })
        .unwrap_or_default()
}

/// Other names of the record's vulnerability, and those it only stands in relation to.
pub(super) fn names(cve: &str, gcve: &[&Gcve<'_>], advisory: &mut Advisory) {
    let own = advisory.id.clone();
    let mut alias = |name: &str| {
        if name != own {
            add_once(&mut advisory.aliases, name);
        }
    };
    alias(cve);
    // Authority 0 stands for the CVE programme (GCVE-BCP-04).
    if let Some((start, number)) = own.split_at_checked("GCVE-0-".len())
        && start.eq_ignore_ascii_case("GCVE-0-")
        && is_cve(&format!("CVE-{number}"))
    {
        alias(&format!("CVE-{number}"));
    }
    for gcve in gcve {
        alias(gcve.vuln_id.as_str().trim());
        for (_, relation) in gcve.relationships.values() {
            let other = relation.dest_id.as_str().trim();
            match relation.kind.as_str() {
                "equal" => alias(other),
                "related" | "possibly_related" | "superset" | "subset" | "overlap" if other != own => {
                    add_once(&mut advisory.related, other);
                }
                _ => {}
            }
        }
    }
}
