//! What a source is: its kind, its address, its key and its limits.

use std::fmt;

use domain::model::source::{Family, SourceId};
use domain::normalise::Format;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A configured place to fetch from.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// Its name, as in `osv:npm`.
    pub id: SourceId,
    /// Which protocol and which documents.
    pub kind: Kind,
    /// Base address; [`Kind::default_url`] says what it is the base of.
    pub url: String,
    /// Key or token, where the provider gives one. Sent in a header, never written anywhere.
    pub api_key: Option<Secret>,
    /// How hard and how much is asked.
    pub limits: FetchLimits,
}

impl SourceConfig {
    /// A source with its kind's own limits.
    pub fn new(id: SourceId, kind: Kind, url: String) -> Self {
        let limits = FetchLimits::of(&kind);
        Self { id, kind, url, api_key: None, limits }
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
            (None, _) => None,
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
        let document_mib = match kind {
            Kind::Debian => 1024,
            Kind::Nvd | Kind::Epss => 256,
            _ => 64,
        };
        Self {
            requests_per_30_s: None,
            document_bytes: document_mib << 20,
            archive_bytes: 16 << 30,
            document_attempts: 2,
            single_requests: 500,
        }
    }
}

/// The kinds of source we know how to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// CVE list v5: GitHub releases with a daily baseline and hourly deltas.
    CveList,
    /// NVD API 2.0.
    Nvd,
    /// CISA's known exploited vulnerabilities, one file.
    CisaKev,
    /// Any CSAF provider (CSAF 2.0 section 7), CISA's by default.
    Csaf,
    /// One ecosystem of OSV's bucket.
    Osv {
        /// Its name as OSV spells it: `npm`, `crates.io`, `Rocky Linux`.
        ecosystem: String,
    },
    /// FIRST's exploit prediction scores, one file a day.
    Epss,
    /// Debian's security tracker, one file.
    Debian,
    /// Alpine's secdb: two files for each release.
    Alpine {
        /// Releases as the server spells them: `v3.18`, `edge`.
        releases: Vec<String>,
    },
}

impl Kind {
    /// The name used in configuration.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CveList => "cve-list",
            Self::Nvd => "nvd",
            Self::CisaKev => "cisa-kev",
            Self::Csaf => "csaf",
            Self::Osv { .. } => "osv",
            Self::Epss => "epss",
            Self::Debian => "debian",
            Self::Alpine { .. } => "alpine",
        }
    }

    /// The family whose coverage it gives. A distribution's ecosystem in OSV is an export of its own tracker.
    pub fn family(&self) -> Family {
        match self {
            Self::CveList => Family::CveList,
            Self::Nvd => Family::Nvd,
            Self::CisaKev => Family::Kev,
            Self::Csaf => Family::Csaf,
            Self::Osv { ecosystem } if is_distribution(ecosystem) => Family::OsVendor,
            Self::Osv { .. } => Family::Osv,
            Self::Epss => Family::Epss,
            Self::Debian | Self::Alpine { .. } => Family::OsVendor,
        }
    }

    /// The format of its documents.
    pub fn format(&self) -> Format {
        match self {
            Self::CveList => Format::CveRecord,
            Self::Nvd => Format::NvdPage,
            Self::CisaKev => Format::Kev,
            Self::Csaf => Format::Csaf,
            Self::Osv { .. } => Format::Osv,
            Self::Epss => Format::EpssCsv,
            Self::Debian => Format::DebianTracker,
            Self::Alpine { .. } => Format::AlpineSecdb,
        }
    }

    /// The provider's own address: for CVE list the repository in GitHub's REST API, for OSV the bucket, for Alpine the
    /// server, for CSAF the provider metadata (or a domain), else the document itself.
    pub fn default_url(&self) -> &'static str {
        match self {
            Self::CveList => "https://api.github.com/repos/CVEProject/cvelistV5",
            Self::Nvd => "https://services.nvd.nist.gov/rest/json/cves/2.0",
            Self::CisaKev => "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
            Self::Csaf => "https://www.cisa.gov/sites/default/files/csaf/provider-metadata.json",
            Self::Osv { .. } => "https://osv-vulnerabilities.storage.googleapis.com",
            Self::Epss => "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
            Self::Debian => "https://security-tracker.debian.org/tracker/data/json",
            Self::Alpine { .. } => "https://secdb.alpinelinux.org",
        }
    }

    /// Hours between two fetches, unless configured otherwise.
    pub fn rhythm_hours(&self) -> u32 {
        match self {
            Self::CveList | Self::CisaKev | Self::Osv { .. } => 1,
            Self::Nvd => 2,
            Self::Csaf => 4,
            Self::Debian | Self::Alpine { .. } => 6,
            Self::Epss => 24,
        }
    }

    /// Age in hours from which the last good fetch is stale, unless configured otherwise.
    pub fn fresh_hours(&self) -> u32 {
        if matches!(self, Self::Epss) { 72 } else { 48 }
    }

    /// Age in hours from which the provider's own time stamp is stale although it answers, where it states one and
    /// publishes on a rhythm. KEV is published on weekdays and has not rested for a week since it began.
    pub fn data_fresh_hours(&self) -> Option<u32> {
        match self {
            Self::CisaKev => Some(7 * 24),
            Self::Epss => Some(72),
            _ => None,
        }
    }

    /// Share of its live records, in percent, that a full set may lack before a person has to accept it.
    pub fn shrink_percent(&self) -> u32 {
        match self {
            Self::CveList | Self::Nvd => 2,
            Self::CisaKev | Self::Csaf => 5,
            Self::Osv { .. } | Self::Epss | Self::Debian | Self::Alpine { .. } => 10,
        }
    }
}

fn is_distribution(ecosystem: &str) -> bool {
    const DISTRIBUTIONS: [&str; 16] = [
        "AlmaLinux",
        "Alpaquita",
        "Alpine",
        "Azure Linux",
        "BellSoft Hardened Containers",
        "Chainguard",
        "Debian",
        "MinimOS",
        "Mageia",
        "Photon OS",
        "Red Hat",
        "Rocky Linux",
        "SUSE",
        "Ubuntu",
        "Wolfi",
        "openSUSE",
    ];
    let name = ecosystem.split(':').next().unwrap_or(ecosystem);
    DISTRIBUTIONS.contains(&name) || name == "openEuler"
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
