//! ROLIE feeds (CSAF 2.0, 7.1.15; RFC 8322 in JSON).

use serde::Deserialize;
use url::Url;

use super::listing::Entry;
use super::may_lead_to;

/// Reads a feed; its order is not relied on.
///
/// # Errors
/// A fragment: it is none, or leads where it may not.
pub(super) fn feed(bytes: &[u8], at: &Url) -> Result<Vec<Entry>, String> {
    let raw: Raw = serde_json::from_slice(bytes).map_err(|error| format!("is no ROLIE feed: {error}"))?;
    let entries: Vec<Entry> = raw.feed.entry.into_iter().map(|entry| entry.read(at)).collect::<Result<_, _>>()?;
    if entries.is_empty() { Err("is an empty feed".to_owned()) } else { Ok(super::listing::merged(vec![entries])) }
}

impl RawEntry {
    fn read(self, at: &Url) -> Result<Entry, String> {
        let (mut own, mut digests, mut signature) = (self.content.map(|content| content.src), Vec::new(), None);
        for link in self.link {
            match link.rel.as_str() {
                "self" => own = own.or(Some(link.href)),
                "hash" => digests.push(resolve(at, &link.href)?),
                "signature" => signature = Some(resolve(at, &link.href)?),
                _ => {}
            }
        }
        let place = own.ok_or_else(|| format!("has an entry without an address: {:?}", self.id))?;
        Ok(Entry { url: resolve(at, &place)?, updated: self.updated, digests: Some(digests), signature })
    }
}

fn resolve(at: &Url, link: &str) -> Result<Url, String> {
    let url = at.join(link).map_err(|error| format!("has an address that cannot be read: {link:?}: {error}"))?;
    if may_lead_to(at, &url) { Ok(url) } else { Err(format!("leads to {url} without TLS, which is refused")) }
}

#[derive(Deserialize)]
struct Raw {
    feed: RawFeed,
}

#[derive(Deserialize)]
struct RawFeed {
    #[serde(default)]
    entry: Vec<RawEntry>,
}

#[derive(Deserialize)]
struct RawEntry {
    #[serde(default)]
    id: String,
    #[serde(default)]
    updated: String,
    #[serde(default)]
    content: Option<RawContent>,
    #[serde(default)]
    link: Vec<RawLink>,
}

#[derive(Deserialize)]
struct RawContent {
    src: String,
}

#[derive(Deserialize)]
struct RawLink {
    #[serde(default)]
    rel: String,
    href: String,
}
