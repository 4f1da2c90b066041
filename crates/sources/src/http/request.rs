//! What is asked for, and what is known of it from last time.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use reqwest::blocking::RequestBuilder;
use reqwest::header;
use serde::{Deserialize, Serialize};
use url::Url;

use super::failure::shown;
use crate::config::{Login, Secret, Tls};

/// A GET request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its address.
    pub url: Url,
    /// What we understand.
    pub accept: &'static str,
    /// Whether the answer may be compressed for transport. Such an answer cannot be resumed.
    pub compressed: bool,
    /// A header with a key, sent to this host only.
    pub secret: Option<(&'static str, Secret)>,
    /// Name and password, sent to this host only.
    pub login: Option<Login>,
    /// Certificates of the connection to this host.
    pub tls: Option<Tls>,
    /// Folder in which the beginning of a body that broke outlives the process.
    pub keep: Option<PathBuf>,
    /// What last time's answer was known by.
    pub validators: Validators,
    /// Most bytes of the body, after decoding.
    pub limit_bytes: u64,
    /// Requests allowed to this host in a rolling 30 s.
    pub rate_per_30_s: Option<u32>,
    /// Whether 403 means that the account may not, so that nothing is asked again; else it is how rate limiters answer.
    pub refusal_is_final: bool,
}

impl Request {
    /// A request for a document of at most `limit_bytes`, unconditional and compressed in transport.
    pub fn new(url: Url, limit_bytes: u64) -> Self {
        Self {
            url,
            accept: "*/*",
            compressed: true,
            secret: None,
            login: None,
            tls: None,
            keep: None,
            validators: Validators::default(),
            limit_bytes,
            rate_per_30_s: None,
            refusal_is_final: false,
        }
    }

    /// What is asked, in one line and without secrets: by it an interrupted fetch finds what it had received.
    pub(crate) fn asked(&self) -> String {
        format!("{} {}", self.accept, shown(&self.url))
    }

    /// For archives: not compressed once more, so that a broken transfer can go on where it ended.
    #[must_use]
    pub fn resumable(mut self) -> Self {
        self.compressed = false;
        self
    }

    /// Asks only for a change since `validators`, if there are any.
    #[must_use]
    pub fn if_changed(mut self, validators: Option<&Validators>) -> Self {
        self.validators = validators.cloned().unwrap_or_default();
        self
    }
}

/// What an answer is known by (RFC 9110 section 8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Last-Modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// When the answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

impl Validators {
    /// How long they are believed. A server with one `ETag` for ever costs a day, not a year.
    const BELIEVED: SignedDuration = SignedDuration::from_hours(24);

    /// Whether there is nothing to compare with.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// Whether they are young enough to be believed at `now`.
    pub fn are_believed(&self, now: Timestamp) -> bool {
        self.at.is_some_and(|at| now.duration_since(at) < Self::BELIEVED)
    }

    pub(super) fn apply(&self, mut builder: RequestBuilder) -> RequestBuilder {
        if let Some(etag) = &self.etag {
            builder = builder.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &self.last_modified {
            builder = builder.header(header::IF_MODIFIED_SINCE, date);
        }
        builder
    }
}
