//! `provider-metadata.json` (CSAF 2.0, 7.1.7): where it lies, and which lists it names.

use serde::Deserialize;
use url::Url;

use super::may_lead_to;
use crate::session::Session;
use crate::unpack;

/// What we need of a provider's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metadata {
    /// Whether it promises digests and signatures for every document (7.2.3).
    pub(super) is_trusted: bool,
    feeds: Vec<Url>,
    directories: Vec<Url>,
}

/// Finds and reads the metadata: at the configured address if that is a JSON document; else below the configured domain, as
/// 7.3.1 says.
///
/// # Errors
/// A sentence.
pub(super) fn find(session: &mut Session<'_>) -> Result<Metadata, String> {
    let base = session.base()?;
    if unpack::has_ending(base.path(), "json") {
        return read(session, &base);
    }
    let mut first = None;
    for url in candidates(session, &base) {
        match read(session, &url) {
            Ok(metadata) => return Ok(metadata),
            Err(sentence) => first = first.or(Some(sentence)),
        }
    }
    Err(first.unwrap_or_else(|| format!("The address {base} leads to no provider metadata.")))
}

/// The well-known address, those in security.txt (RFC 9116, field `CSAF`), and the DNS name, in this order.
fn candidates(session: &mut Session<'_>, base: &Url) -> Vec<Url> {
    let mut urls: Vec<Url> = base.join("/.well-known/csaf/provider-metadata.json").into_iter().collect();
    if let Ok(url) = base.join("/.well-known/security.txt") {
        let request = session.document(url.clone());
        if let Ok(Some((found, _))) = session.index(&request, &|bytes| Ok(security_txt(bytes))) {
            urls.extend(found.into_iter().filter(|to| may_lead_to(&url, to)));
        }
    }
    if let Some(domain) = base.domain() {
        urls.extend(Url::parse(&format!("https://csaf.data.security.{domain}")));
    }
    urls
}

fn security_txt(bytes: &[u8]) -> Vec<Url> {
    let text = String::from_utf8_lossy(bytes);
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    fields
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("csaf"))
        .filter_map(|(_, url)| url.trim().parse().ok())
        .collect()
}

fn read(session: &mut Session<'_>, url: &Url) -> Result<Metadata, String> {
    let request = session.document(url.clone());
    match session.index(&request, &|bytes| parse(bytes, url)) {
        Ok(Some((metadata, _))) => Ok(metadata),
        Ok(None) => Err(format!("{url} answered that nothing has changed, which was not asked.")),
        Err(problem) => Err(format!("{problem}.")),
    }
}

pub(super) fn parse(bytes: &[u8], at: &Url) -> Result<Metadata, String> {
    let raw: Raw = serde_json::from_slice(bytes).map_err(|error| format!("is no provider metadata: {error}"))?;
    let (mut feeds, mut directories) = (Vec::new(), Vec::new());
    for distribution in raw.distributions {
        directories.extend(distribution.directory_url);
        let rolie = distribution.rolie.map(|rolie| rolie.feeds).unwrap_or_default();
        feeds.extend(rolie.into_iter().filter(Feed::is_public).map(|feed| feed.url));
    }
    feeds.retain(|url| may_lead_to(at, url));
    directories.retain(|url| may_lead_to(at, url));
    if feeds.is_empty() && directories.is_empty() {
        return Err("names neither a feed nor a directory that we may read".to_owned());
    }
    for directory in directories.iter_mut().filter(|url| !url.path().ends_with('/')) {
        let path = format!("{}/", directory.path());
        directory.set_path(&path);
    }
    Ok(Metadata { is_trusted: raw.role == "csaf_trusted_provider", feeds, directories })
}

impl Metadata {
    /// The addresses of the lists to read: feeds, and directories that no feed lies in (7.1.14: feeds are preferred).
    pub(super) fn lists(&self) -> Vec<Url> {
        let without_feed =
            |directory: &&Url| !self.feeds.iter().any(|feed| feed.as_str().starts_with(directory.as_str()));
        let others = self.directories.iter().filter(without_feed).filter(|_| self.feeds.is_empty());
        self.feeds.iter().chain(others).cloned().collect()
    }

    /// Whether `list` is a directory.
    pub(super) fn is_directory(&self, list: &Url) -> bool {
        self.directories.contains(list)
    }

    /// The directory that a feed lies in: what can be read when the feed is broken.
    pub(super) fn directory_of(&self, feed: &Url) -> Option<&Url> {
        self.directories.iter().find(|directory| feed.as_str().starts_with(directory.as_str()))
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    role: String,
    #[serde(default)]
    distributions: Vec<Distribution>,
}

#[derive(Deserialize)]
struct Distribution {
    #[serde(default)]
    directory_url: Option<Url>,
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

impl Feed {
    /// Other labels lie behind authentication (7.1.5).
    fn is_public(&self) -> bool {
        matches!(self.tlp_label.to_ascii_uppercase().as_str(), "" | "WHITE" | "CLEAR" | "UNLABELED")
    }
}
