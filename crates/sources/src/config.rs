//! What a configured source is: its kind, its address, its credentials and its limits.

use std::fmt;
use std::path::PathBuf;

use domain::model::source::SourceId;
use domain::model::tlp::Tlp;
use zeroize::Zeroizing;

use crate::kind::Kind;

/// A configured place to fetch from.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// Its name, as in `osv:npm`.
    pub id: SourceId,
    /// Which protocol and which documents.
    pub kind: Kind,
    /// Base address; the kind's [`crate::Facts`] say what it is the base of.
    pub url: String,
    /// Key or token, where the provider gives one. Sent in a header, never written anywhere.
    pub api_key: Option<Secret>,
    /// Name and password for HTTP Basic authentication (RFC 7617), where the provider asks for them.
    pub login: Option<Login>,
    /// How the connection is secured beyond the platform's trust.
    pub tls: Tls,
    /// Fingerprints of the provider's OpenPGP keys that a person has accepted, in hexadecimal. Empty: the first ones seen.
    pub keys: Vec<String>,
    /// Mark of what carries none itself.
    pub tlp: Tlp,
    /// How hard and how much is asked.
    pub limits: FetchLimits,
}

impl SourceConfig {
    /// A source with its kind's own limits.
    pub fn new(id: SourceId, kind: Kind, url: String) -> Self {
        let limits = FetchLimits::of(&kind);
        Self {
            id,
            kind,
            url,
            api_key: None,
            login: None,
            tls: Tls::default(),
            keys: Vec::new(),
            tlp: Tlp::Clear,
            limits,
        }
    }

    /// Allows so many requests in a rolling 30 s to this source's host; 0 lifts the limit.
    pub fn set_rate_per_30_s(&mut self, requests: u32) {
        self.limits.requests_per_30_s = Some(requests);
    }

    /// Requests allowed in a rolling 30 s, if any limit holds: the configured one, else the provider's published one.
    ///
    /// NVD: 5 without a key, 50 with one (NVD, "Start here", rate limits).
    pub fn rate_per_30_s(&self) -> Option<u32> {
        match (self.limits.requests_per_30_s, &self.kind) {
            (Some(0), _) => None,
            (Some(requests), _) => Some(requests),
            (None, Kind::Nvd) => Some(if self.api_key.is_some() { 50 } else { 5 }),
            (None, kind) => kind.facts().rate_per_30_s,
        }
    }
}

/// Bounds of one fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchLimits {
    /// Requests in a rolling 30 s; none: the provider's published limit, 0: no limit.
    pub requests_per_30_s: Option<u32>,
    /// Most bytes of one document, after transport encoding is removed.
    pub document_bytes: u64,
    /// Most bytes of one archive.
    pub archive_bytes: u64,
    /// How often a document that arrived whole but is unusable (a web page, half a file) is asked for.
    pub document_attempts: u32,
    /// From how many changed records on the whole archive is cheaper than single requests.
    pub single_requests: usize,
}

impl FetchLimits {
    fn of(kind: &Kind) -> Self {
        Self {
            requests_per_30_s: None,
            document_bytes: kind.facts().document_mib << 20,
            archive_bytes: 16 << 30,
            document_attempts: 2,
            single_requests: if matches!(kind, Kind::Osv { ecosystem: None }) { 5_000 } else { 500 },
        }
    }
}

/// A name and a password.
#[derive(Debug, Clone)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

/// Certificates of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Tls {
    /// PEM file with our own certificate and its private key (client certificate authentication).
    pub identity: Option<PathBuf>,
    /// PEM file with certificates to trust besides the platform's: a private authority.
    pub trust: Option<PathBuf>,
}

/// A key or token. It is never shown, not even in debugging output, and leaves memory when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps a secret.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// As a bearer token (RFC 6750 section 2.1).
    pub(crate) fn bearer(&self) -> Self {
        Self(Zeroizing::new(format!("Bearer {}", self.reveal())))
    }

    /// The secret itself, for a request header.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
