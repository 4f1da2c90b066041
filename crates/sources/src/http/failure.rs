//! What went wrong with a request, in words for a person and without secrets.

use std::error::Error;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::Response;
use url::Url;

use super::retry;

/// A document did not arrive.
#[derive(Debug, thiserror::Error)]
#[error("{url} {reason}{}", if *attempts > 1 { format!(", {attempts} times") } else { String::new() })]
pub struct Failure {
    /// The address asked, without user, password and a redirect's query.
    pub url: String,
    /// The last attempt's reason.
    pub reason: Reason,
    /// How often it was asked for.
    pub attempts: u32,
    /// How long the server asks us to wait.
    pub retry_after: Option<Duration>,
}

/// Why, as the end of a sentence that begins with the address.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// An answer with another status. `message` is NVD's header of that name, else empty.
    #[error("answered {status}{}", if message.is_empty() { String::new() } else { format!(": {message}") })]
    Status {
        /// HTTP status.
        status: StatusCode,
        /// The provider's explanation.
        message: String,
    },
    /// No connection, a reset, a time-out, an early end, or a broken content coding.
    #[error("could not be read: {0}")]
    Broken(String),
    /// 200 and nothing.
    #[error("answered with nothing")]
    Empty,
    /// More bytes than such a document may have.
    #[error("sent more than {limit_bytes} bytes, which is refused")]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// Nothing to ask with: a file of certificates that cannot be used, an address that is not HTTP.
    #[error("cannot be asked: {0}")]
    SetUp(String),
    /// The program is to stop.
    #[error("was not waited for: the program was told to stop")]
    Stopped,
    /// A redirect that we do not follow.
    #[error("{0}")]
    Redirect(String),
    /// A content coding that we did not ask for.
    #[error("answered in the content coding {0:?}, which was not asked for")]
    Coding(String),
    /// Our own disk.
    #[error("could not be spooled to disk: {0}")]
    Spool(std::io::Error),
}

impl Failure {
    pub(super) fn new(url: &Url, reason: Reason) -> Self {
        Self { url: shown(url), reason, attempts: 1, retry_after: None }
    }

    pub(super) fn broken(url: &Url, error: reqwest::Error) -> Self {
        Self::new(url, Reason::Broken(chain(&error.without_url())))
    }

    pub(super) fn from_status(url: &Url, response: &Response) -> Self {
        let message = response.headers().get("message").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let reason = Reason::Status {
            status: response.status(),
            message: message.trim_end_matches('.').chars().take(200).collect(),
        };
        Self { retry_after: retry::asked_to_wait(response.headers()), ..Self::new(url, reason) }
    }

    /// Whether asking again may help. 403 is how rate limiters answer (NVD, GitHub).
    pub fn is_passing(&self) -> bool {
        match &self.reason {
            Reason::Status { status, .. } => {
                status.is_server_error() || matches!(status.as_u16(), 403 | 408 | 416 | 425 | 429)
            }
            Reason::Broken(_) | Reason::Empty => true,
            Reason::TooLarge { .. }
            | Reason::Redirect(_)
            | Reason::Coding(_)
            | Reason::Spool(_)
            | Reason::SetUp(_)
            | Reason::Stopped => false,
        }
    }

    /// Whether the server does not accept who asks.
    pub fn is_refusal(&self) -> bool {
        matches!(&self.reason, Reason::Status { status, .. } if matches!(status.as_u16(), 401 | 403))
    }

    /// Whether the server limits how often it is asked: 429, or 403 as NVD and GitHub answer then.
    pub(super) fn is_throttling(&self) -> bool {
        matches!(self.status(), Some(403 | 429))
    }

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match &self.reason {
            Reason::Status { status, .. } => Some(status.as_u16()),
            _ => None,
        }
    }

    /// Whether the server says that there is no such document.
    pub fn is_absence(&self) -> bool {
        matches!(&self.reason, Reason::Status { status, .. } if matches!(status.as_u16(), 404 | 410))
    }
}

/// An error and its causes in one line, each said once.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let part = error.to_string();
        if !text.contains(&part) {
            text = format!("{text}: {part}");
        }
        cause = error.source();
    }
    text
}

/// The address to tell of: where a redirect led, a query may hold a signature and is left out.
pub(super) fn told(first: &Url, url: &Url) -> Url {
    let mut told = url.clone();
    if url != first {
        told.set_query(None);
    }
    told
}

/// An address without user and password.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for addresses that cannot have them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}
