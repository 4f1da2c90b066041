//! What the file says, key by key. Unknown keys are refused; values that need a check keep their place in the file.

use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// `[organisation]`.
    pub organisation: Organisation,
    /// `[[product]]`.
    #[serde(default)]
    pub product: Vec<Product>,
    /// `[review]`.
    pub review: Review,
    /// `[policy]`.
    #[serde(default)]
    pub policy: Policy,
    /// `[check]`.
    #[serde(default)]
    pub check: Check,
    /// `[[source]]`.
    #[serde(default)]
    pub source: Vec<Source>,
}

/// The maker.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Where vulnerability reports are received.
    #[serde(default)]
    pub contact: String,
}

/// A product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Short name.
    pub id: Spanned<String>,
    /// Name as people say it.
    pub name: String,
}

/// The review plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Name of the plan.
    #[serde(default = "default_plan")]
    pub name: String,
    /// Rhythm.
    pub every: Spanned<String>,
    /// Reference to the maker's procedure.
    #[serde(default)]
    pub procedure: String,
}

fn default_plan() -> String {
    "Recurring vulnerability review".to_owned()
}

/// Policies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Reopen rules that are on.
    #[serde(default = "all_reopen_rules")]
    pub reopen: Vec<Spanned<String>>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { reopen: all_reopen_rules() }
    }
}

fn all_reopen_rules() -> Vec<Spanned<String>> {
    ["known_exploited", "withdrawn", "advisory_changed"].map(|rule| Spanned::new(0..0, rule.to_owned())).into()
}

/// `wardround check`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Base score from which it fails.
    #[serde(default = "default_fail_at")]
    pub fail_at: Spanned<f64>,
}

impl Default for Check {
    fn default() -> Self {
        Self { fail_at: default_fail_at() }
    }
}

fn default_fail_at() -> Spanned<f64> {
    Spanned::new(0..0, 7.0)
}

/// A source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name.
    pub id: Spanned<String>,
    /// What kind of source.
    pub kind: Spanned<String>,
    /// Base address; the kind's own where absent.
    pub url: Option<String>,
    /// OSV ecosystem.
    pub ecosystem: Option<String>,
    /// Alpine releases.
    #[serde(default)]
    pub releases: Vec<String>,
    /// Name of the environment variable that holds the API key.
    pub api_key_env: Option<String>,
    /// Requests allowed in a rolling 30 s, where it differs from the provider's published limit.
    pub requests_per_30_s: Option<u32>,
    /// Name for HTTP Basic authentication.
    pub user: Option<String>,
    /// Name of the environment variable that holds the password.
    pub password_env: Option<String>,
    /// PEM file with a client certificate and its key, relative to the workspace.
    pub client_certificate: Option<String>,
    /// PEM file with authorities to trust besides the platform's, relative to the workspace.
    pub trust: Option<String>,
    /// Fingerprints of a CSAF provider's OpenPGP keys that a person has accepted; where absent, the first ones seen count.
    #[serde(default)]
    pub keys: Vec<Spanned<String>>,
    /// Collection of a TAXII server: identifier or alias.
    pub collection: Option<String>,
    /// Why it is monitored.
    pub why: String,
    /// Who is responsible for it.
    #[serde(default)]
    pub owner: String,
    /// How completeness is judged; the kind's own rule where absent.
    pub completeness: Option<String>,
    /// Mark of what carries none itself; the kind's own where absent.
    pub tlp: Option<Spanned<String>>,
    /// Rhythm; the kind's own where absent.
    pub every: Option<Spanned<String>>,
    /// Freshness limit; the kind's own where absent.
    pub fresh: Option<Spanned<String>>,
    /// Age from which its data are stale by the provider's own time stamp, or `off`; the kind's own where absent.
    pub data_fresh: Option<Spanned<String>>,
    /// Share that may vanish in one fetch; the kind's own where absent.
    pub shrink_percent: Option<Spanned<u32>>,
}
