//! `aggregator.json` (CSAF 2.0, 7.1.21 to 7.1.23): whose documents an aggregator or lister names.

use serde::Deserialize;
use url::Url;

use super::may_lead_to;

/// Providers of one list; more are refused.
const MOST_PROVIDERS: usize = 10_000;

/// An aggregator's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aggregator {
    pub(super) providers: Vec<Listed>,
    /// Entries that cannot be read or lead where we may not go.
    pub(super) unreadable: usize,
}

/// A provider or publisher as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its metadata.
    pub(super) url: Url,
    /// The metadata of its mirrors at the aggregator.
    pub(super) mirrors: Vec<Url>,
    /// A publisher has no lists of its own: only its mirrors have.
    pub(super) is_publisher: bool,
}

/// Reads an aggregator's list. None: the document is none.
pub(super) fn parse(bytes: &[u8], at: &Url) -> Option<Result<Aggregator, String>> {
    let raw: Raw = serde_json::from_slice(bytes).ok()?;
    let stated = raw.csaf_providers?;
    let mut aggregator = Aggregator { providers: Vec::new(), unreadable: 0 };
    let mut seen = std::collections::HashSet::new();
    let providers = stated.into_iter().map(|entry| (entry, false));
    for (entry, is_publisher) in providers.chain(raw.csaf_publishers.into_iter().map(|entry| (entry, true))) {
        match Entry::deserialize(entry) {
            Ok(entry) if may_lead_to(at, &entry.metadata.url) => {
                let mirrors = entry.mirrors.into_iter().filter(|url| may_lead_to(at, url)).collect();
                if seen.insert(entry.metadata.url.clone()) {
                    aggregator.providers.push(Listed { url: entry.metadata.url, mirrors, is_publisher });
                }
            }
            _ => aggregator.unreadable += 1,
        }
    }
    Some(match aggregator.providers.len() {
        0 => Err("is an aggregator's list without providers".to_owned()),
        1..=MOST_PROVIDERS => Ok(aggregator),
        many => Err(format!("lists {many} providers, more than the {MOST_PROVIDERS} we take")),
    })
}

#[derive(Deserialize)]
struct Raw {
    /// Every aggregator has them; nothing else does.
    #[serde(default)]
    csaf_providers: Option<Vec<serde_json::Value>>,
    #[serde(default)]
    csaf_publishers: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Entry {
    metadata: Reference,
    #[serde(default)]
    mirrors: Vec<Url>,
}

#[derive(Deserialize)]
struct Reference {
    url: Url,
}
