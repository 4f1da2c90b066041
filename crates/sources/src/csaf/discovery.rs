//! Where a provider's metadata lie (CSAF 2.0, 7.3.1): at the configured address, below a domain, or in an aggregator's list.

use url::Url;

use super::aggregator::{self, Aggregator};
use super::metadata::{self, Metadata};
use super::{asked, may_lead_to};
use crate::session::{Problem, Session};
use crate::unpack;

/// What the configured address leads to.
#[derive(Debug)]
pub(super) enum Found {
    /// Providers with the addresses of their metadata: one; several, where security.txt names several.
    Providers(Vec<(Url, Metadata)>),
    /// An aggregator: its providers are still to be read.
    Aggregator(Aggregator),
}

/// Finds the metadata: at the configured address if that is a JSON document; else below the configured domain.
///
/// # Errors
/// A sentence.
pub(super) fn find(session: &mut Session<'_>) -> Result<Found, String> {
    let base = session.base()?;
    if unpack::has_ending(base.path(), "json") {
        let found = either(session, &base).map_err(|problem| format!("{problem}."))?;
        return Ok(match found {
            Either::Provider(metadata) => Found::Providers(vec![(base, *metadata)]),
            Either::Aggregator(aggregator) => Found::Aggregator(aggregator),
        });
    }
    let mut first: Option<Problem> = None;
    let mut providers: Vec<(Url, Metadata)> = Vec::new();
    let mut candidates = well_known(&base);
    candidates.extend(security_txt(session, &base));
    // The DNS name counts only where neither of the other ways led anywhere.
    for urls in [candidates, dns_name(&base).into_iter().collect()] {
        for url in urls {
            match provider(session, &url) {
                Ok(metadata) if providers.iter().any(|(_, known)| known.canonical == metadata.canonical) => {}
                Ok(metadata) => providers.push((url, metadata)),
                Err(problem) => first = first.or(Some(problem)),
            }
        }
        if !providers.is_empty() {
            return Ok(Found::Providers(providers));
        }
    }
    Err(match first {
        Some(problem) => format!("{base} leads to no provider metadata: {problem}."),
        None => format!("{base} leads to no provider metadata."),
    })
}

/// Reads a provider's metadata.
pub(super) fn provider(session: &mut Session<'_>, url: &Url) -> Result<Metadata, Problem> {
    let request = asked(session, url.clone());
    let found = session.index(&request, &|bytes| metadata::parse(bytes, url))?;
    found.map(|(metadata, _)| metadata).ok_or_else(|| unasked(url))
}

enum Either {
    Provider(Box<Metadata>),
    Aggregator(Aggregator),
}

fn either(session: &mut Session<'_>, url: &Url) -> Result<Either, Problem> {
    let request = asked(session, url.clone());
    let found = session.index(&request, &|bytes| match aggregator::parse(bytes, url) {
        Some(aggregator) => aggregator.map(Either::Aggregator),
        None => metadata::parse(bytes, url).map(Box::new).map(Either::Provider),
    })?;
    found.map(|(found, _)| found).ok_or_else(|| unasked(url))
}

fn unasked(url: &Url) -> Problem {
    Problem::Unusable {
        from: url.to_string(),
        reason: "answered that nothing has changed, which was not asked".to_owned(),
    }
}

/// Below the address itself where it has a path, and below its host.
fn below(base: &Url, path: &str) -> Vec<Url> {
    let mut folder = base.clone();
    if !folder.path().ends_with('/') {
        let path = format!("{}/", folder.path());
        folder.set_path(&path);
    }
    let mut urls: Vec<Url> = folder.join(path).into_iter().collect();
    urls.extend(base.join(&format!("/{path}")));
    urls.dedup();
    urls
}

fn well_known(base: &Url) -> Vec<Url> {
    below(base, ".well-known/csaf/provider-metadata.json")
}

/// What the fields `CSAF` of security.txt name (RFC 9116; CSAF 2.0, 7.1.8). Its old place counts where the new one is empty.
fn security_txt(session: &mut Session<'_>, base: &Url) -> Vec<Url> {
    for path in [".well-known/security.txt", "security.txt"] {
        for at in below(base, path) {
            let request = session.document(at.clone());
            if let Ok(Some((found, _))) = session.index(&request, &|bytes| Ok(csaf_fields(bytes))) {
                let found: Vec<Url> = found.into_iter().filter(|to| may_lead_to(&at, to)).collect();
                if !found.is_empty() {
                    return found;
                }
            }
        }
    }
    Vec::new()
}

pub(super) fn csaf_fields(bytes: &[u8]) -> Vec<Url> {
    let text = String::from_utf8_lossy(bytes);
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    let named = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case("csaf"));
    named.filter_map(|(_, url)| url.trim().parse().ok()).take(64).collect()
}

/// `https://csaf.data.security.DOMAIN` (7.1.10), which answers with the metadata itself.
pub(super) fn dns_name(base: &Url) -> Option<Url> {
    let domain = base.domain()?;
    let domain = domain.strip_prefix("www.").unwrap_or(domain);
    Url::parse(&format!("https://csaf.data.security.{domain}")).ok()
}
