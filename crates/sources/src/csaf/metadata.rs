//! `provider-metadata.json` (CSAF 2.0, 7.1.7 and 3.2 of its schema; 2.1 likewise): role, lists, keys.

use domain::model::tlp::Tlp;
use serde::Deserialize;
use url::Url;

use super::may_lead_to;

/// What we need of a provider's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// Where it says that it lies itself; else where it was found.
    pub(crate) canonical: Url,
    /// The publisher's name; its address where it states none.
    pub(crate) name: String,
    /// Whether it promises digests and signatures for every document (7.2.3).
    pub(crate) is_trusted: bool,
    /// Keys with which documents are signed.
    pub(crate) keys: Vec<StatedKey>,
    /// Feeds, in the metadata's order.
    pub(super) feeds: Vec<List>,
    /// Directories, each with a slash at its end.
    pub(super) directories: Vec<List>,
}

/// A list of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) url: Url,
    /// Its mark, if the metadata give one that can be read.
    pub(crate) tlp: Option<Tlp>,
    pub(crate) is_directory: bool,
}

/// A key as the metadata state it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatedKey {
    pub(crate) url: Url,
    /// Upper-case hexadecimal digits, if stated.
    pub(crate) fingerprint: Option<String>,
}

/// Reads metadata found at `at`.
///
/// # Errors
/// A fragment: they are none, or lead nowhere that we may go.
pub(crate) fn parse(bytes: &[u8], at: &Url) -> Result<Metadata, String> {
    let raw: Raw = serde_json::from_slice(bytes).map_err(|error| format!("is no provider metadata: {error}"))?;
    let (mut feeds, mut directories) = (Vec::new(), Vec::new());
    for distribution in raw.distributions {
        directories.extend(distribution.directory_url.map(|url| List::directory(url, "")));
        directories
            .extend(distribution.directory.map(|directory| List::directory(directory.url, &directory.tlp_label)));
        feeds.extend(distribution.rolie.map(|rolie| rolie.feeds).unwrap_or_default().into_iter().map(List::feed));
    }
    feeds.retain(|list| may_lead_to(at, &list.url));
    directories.retain(|list| may_lead_to(at, &list.url));
    if feeds.is_empty() && directories.is_empty() {
        return Err("names neither a feed nor a directory that we may read".to_owned());
    }
    let mut keys: Vec<StatedKey> = raw.public_openpgp_keys.into_iter().filter_map(|key| key.stated(at)).collect();
    keys.truncate(16);
    let publisher = raw.publisher.unwrap_or_default();
    let canonical = raw.canonical_url.filter(|url| may_lead_to(at, url)).unwrap_or_else(|| at.clone());
    let name = Some(publisher.name).filter(|name| !name.trim().is_empty());
    let name = name.unwrap_or_else(|| canonical.host_str().unwrap_or("the provider").to_owned());
    let is_trusted = raw.role == "csaf_trusted_provider";
    Ok(Metadata { canonical, name, is_trusted, keys, feeds, directories })
}

impl Metadata {
    /// The lists to read: feeds, and directories where there is no feed (7.1.14: feeds are preferred). What is marked above
    /// TLP:CLEAR lies behind authentication (7.1.5) and is asked for with credentials only.
    pub(super) fn lists(&self, with_credentials: bool) -> Vec<&List> {
        let open = |list: &&List| with_credentials || list.tlp.is_none_or(|tlp| tlp == Tlp::Clear);
        let feeds: Vec<&List> = self.feeds.iter().filter(open).collect();
        if feeds.is_empty() { self.directories.iter().filter(open).collect() } else { feeds }
    }

    /// Feeds and directories that are not read for want of credentials.
    pub(super) fn closed(&self) -> usize {
        let all = self.feeds.iter().chain(&self.directories);
        all.filter(|list| list.tlp.is_some_and(|tlp| tlp > Tlp::Clear)).count()
    }

    /// The directory that a feed lies in, else the only one: what can be read when the feed is broken.
    pub(super) fn directory_of(&self, feed: &Url) -> Option<&List> {
        let around = self.directories.iter().find(|directory| feed.as_str().starts_with(directory.url.as_str()));
        around.or(match (self.directories.as_slice(), self.feeds.as_slice()) {
            ([only], [_]) => Some(only),
            _ => None,
        })
    }
}

impl List {
    pub(crate) fn directory(mut url: Url, label: &str) -> Self {
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Self { url, tlp: label.parse().ok(), is_directory: true }
    }

    fn feed(feed: Feed) -> Self {
        let tlp = match feed.tlp_label.as_str() {
            "" | "UNLABELED" | "UNLABELLED" => None,
            // A mark that nobody knows is not free to read.
            label => Some(label.parse().unwrap_or(Tlp::Amber)),
        };
        Self { url: feed.url, tlp, is_directory: false }
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    canonical_url: Option<Url>,
    #[serde(default)]
    role: String,
    #[serde(default)]
    publisher: Option<Publisher>,
    #[serde(default)]
    distributions: Vec<Distribution>,
    #[serde(default)]
    public_openpgp_keys: Vec<RawKey>,
}

#[derive(Deserialize, Default)]
struct Publisher {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Distribution {
    /// CSAF 2.0.
    #[serde(default)]
    directory_url: Option<Url>,
    /// CSAF 2.1.
    #[serde(default)]
    directory: Option<Feed>,
    #[serde(default)]
    rolie: Option<Rolie>,
}

#[derive(Deserialize)]
struct Rolie {
    #[serde(default)]
    feeds: Vec<Feed>,
}

#[derive(Deserialize)]
struct Feed {
    url: Url,
    #[serde(default)]
    tlp_label: String,
}

#[derive(Deserialize)]
struct RawKey {
    #[serde(default)]
    fingerprint: Option<String>,
    url: Url,
}

impl RawKey {
    fn stated(self, at: &Url) -> Option<StatedKey> {
        let plain = |text: String| text.replace([' ', ':'], "").to_uppercase();
        may_lead_to(at, &self.url).then(|| StatedKey {
            url: self.url,
            fingerprint: self.fingerprint.map(plain).filter(|text| !text.is_empty()),
        })
    }
}
