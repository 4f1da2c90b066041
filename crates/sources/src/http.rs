//! HTTP for feeds: what a polite and distrustful client does, over a blocking connection.
//!
//! | module | what it does |
//! |---|---|
//! | [`request`](Request) | what is asked, and the validators of last time |
//! | `answer` | the body into a spool file: decoding, limits, resumption (RFC 9110 sections 13 and 14) |
//! | `redirect` | where we may be led |
//! | `retry` | what is asked again, and when (`Retry-After`, RFC 9110 section 10.2.3) |
//! | `pace` | one request at a time to a host, and no more than it allows |
//! | `client` | connections: whose certificate, whose trust, through which proxy |
//! | `kept` | beginnings of large bodies that outlive the process |
//! | [`failure`](Failure) | what went wrong, in words for a person |
//!
//! Time passes through a [`Sleeper`], so that tests do not wait.

mod answer;
mod client;
mod failure;
mod kept;
mod pace;
mod redirect;
mod request;
mod retry;
mod sleeper;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::clock::Clock;
use domain::model::source::Exchange;
use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header;
use url::Url;

pub(crate) use answer::hexadecimal;
pub use answer::{Answer, Download};
pub use failure::{Failure, Reason};
pub(crate) use redirect::same_host;
pub use request::{Request, Validators};
pub use sleeper::{Sleeper, ThreadSleeper};

use answer::Partial;
use client::Clients;
use pace::Paces;

/// How patient the client is.
#[derive(Clone)]
pub struct Settings {
    /// Requests for one document until it is given up; at least 1.
    pub attempts: u32,
    /// Wait before the second attempt; doubled for each further one, with up to half of it added by chance.
    pub back_off: Duration,
    /// Longest wait that a provider may impose; a longer one ends the fetch.
    pub longest_wait: Duration,
    /// Longest silence of a connection.
    pub read_timeout: Duration,
    /// Longest time for a connection to come about.
    pub connect_timeout: Duration,
    /// Fewest bytes per second, on average after the first minute, before a body is given up.
    pub slowest_bytes_per_s: u64,
    /// Folder for bodies while they arrive; none: the system's temporary one.
    pub spool: Option<PathBuf>,
    /// Waits and measures waiting.
    pub sleeper: Arc<dyn Sleeper>,
    /// Once set, nothing more is asked for and transfers end where they are.
    pub stop: Arc<AtomicBool>,
}

impl Default for Settings {
    fn default() -> Self {
        let stop = Arc::<AtomicBool>::default();
        Self {
            attempts: 4,
            back_off: Duration::from_secs(2),
            longest_wait: Duration::from_mins(15),
            read_timeout: Duration::from_mins(2),
            connect_timeout: Duration::from_secs(30),
            slowest_bytes_per_s: 256,
            spool: None,
            sleeper: Arc::new(ThreadSleeper::until(Arc::clone(&stop))),
            stop,
        }
    }
}

impl Settings {
    /// Asks for nothing more, waits no longer and ends transfers once `stop` is set.
    #[must_use]
    pub fn until(self, stop: Arc<AtomicBool>) -> Self {
        Self { sleeper: Arc::new(ThreadSleeper::until(Arc::clone(&stop))), stop, ..self }
    }
}

/// The HTTP client. One serves all sources, so that hosts are paced together.
pub struct Http {
    clients: Clients,
    settings: Settings,
    paces: Paces,
}

/// The client could not be set up: no usable trust store, a malformed proxy.
#[derive(Debug, thiserror::Error)]
#[error("set up the HTTP client: {0}")]
pub struct SetUpError(String);

impl Http {
    /// A client. Proxies come from the environment (`HTTPS_PROXY` and friends) and are not used for this machine itself; trust
    /// comes from the platform, and from a source's own file.
    pub fn new(settings: Settings) -> Result<Self, SetUpError> {
        let clients = Clients::new(&settings).map_err(SetUpError)?;
        Ok(Self { clients, settings, paces: Paces::default() })
    }

    /// Whether the program is to stop.
    pub fn is_stopped(&self) -> bool {
        self.settings.stop.load(Ordering::Relaxed)
    }

    /// Asks for a document until it is whole, unchanged or given up. `note` hears of every answer that was not the
    /// document: redirects, 304, errors.
    pub fn get(&self, request: &Request, clock: &dyn Clock, note: &mut dyn FnMut(Exchange)) -> Result<Answer, Failure> {
        let mut partial = kept::left_over(request);
        let mut attempt = 1;
        loop {
            let mut failure = match self.attempt(request, &mut partial, clock, note) {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            failure.attempts = attempt;
            let wait = failure.retry_after.unwrap_or_else(|| {
                // A limiter that does not say for how long counts in windows: only a whole one helps (NVD answers 403 so).
                let windows = request.rate_per_30_s.is_some() && failure.is_throttling();
                let first = self.settings.back_off * if windows { retry::BACK_OFFS_OF_A_WINDOW } else { 1 };
                retry::back_off(first, attempt)
            });
            let refused = request.refusal_is_final && failure.is_refusal();
            let given_up = refused
                || !failure.is_passing()
                || attempt >= self.settings.attempts
                || wait > self.settings.longest_wait;
            if given_up || self.is_stopped() {
                if let Some(partial) = partial.filter(|_| request.keep.is_some()) {
                    partial.keep();
                }
                return Err(failure);
            }
            if failure.retry_after.is_some() {
                self.paces.hold(&request.url, self.settings.sleeper.elapsed() + wait);
            }
            tracing::debug!(url = %failure.url, attempt, wait_ms = wait.as_millis(), "asking again: {failure}");
            self.settings.sleeper.sleep(wait);
            attempt += 1;
        }
    }

    /// Waits before a document that arrived whole but unusable is asked for again.
    pub(crate) fn wait_before_repeat(&self, attempt: u32) {
        self.settings.sleeper.sleep(retry::back_off(self.settings.back_off, attempt));
    }

    /// An empty spool file, removed when dropped.
    pub(crate) fn spool(&self) -> std::io::Result<tempfile::NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("wardround-spool-");
        match &self.settings.spool {
            Some(folder) => builder.tempfile_in(folder),
            None => builder.tempfile(),
        }
    }

    /// One request, with its redirects.
    fn attempt(
        &self,
        request: &Request,
        partial: &mut Option<Partial>,
        clock: &dyn Clock,
        note: &mut dyn FnMut(Exchange),
    ) -> Result<Answer, Failure> {
        let mut url = request.url.clone();
        let mut passed = Vec::new();
        loop {
            let told = failure::told(&request.url, &url);
            // Held until the body is in.
            let _turn = self
                .paces
                .turn(&url, request.rate_per_30_s, &self.settings)
                .ok_or_else(|| Failure::new(&told, Reason::Stopped))?;
            let response = self.send(request, &url, &told, partial.as_ref())?;
            let status = response.status();
            if redirect::is_redirect(status) {
                note(answer::exchange(&told, &response, clock, 0));
                let next = redirect::target(&request.url, &url, &response, &passed)?;
                passed.push(std::mem::replace(&mut url, next));
                continue;
            }
            return match status {
                StatusCode::OK | StatusCode::PARTIAL_CONTENT => {
                    answer::receive(self, request, &told, response, partial, clock).map(Answer::Body)
                }
                StatusCode::NOT_MODIFIED if !request.validators.is_empty() => {
                    let exchange = answer::exchange(&told, &response, clock, 0);
                    note(exchange.clone());
                    Ok(Answer::Unchanged(exchange))
                }
                _ => {
                    if status == StatusCode::RANGE_NOT_SATISFIABLE {
                        *partial = None;
                    }
                    note(answer::exchange(&told, &response, clock, 0));
                    Err(Failure::from_status(&told, &response))
                }
            };
        }
    }

    fn send(&self, request: &Request, url: &Url, told: &Url, partial: Option<&Partial>) -> Result<Response, Failure> {
        let own_host = same_host(&request.url, url);
        let client = self.clients.of(url, request.tls.as_ref().filter(|_| own_host), &self.settings);
        let client = client.map_err(|reason| Failure::new(told, Reason::SetUp(reason)))?;
        let mut builder = client.get(url.clone()).header(header::ACCEPT, request.accept);
        let resume = partial.filter(|partial| partial.received > 0);
        let encoding = if request.compressed && resume.is_none() { "gzip" } else { "identity" };
        builder = builder.header(header::ACCEPT_ENCODING, encoding);
        if own_host {
            if let Some(login) = &request.login {
                builder = builder.basic_auth(&login.user, Some(login.password.reveal()));
            }
            if let Some((name, secret)) = &request.secret {
                builder = builder.header(*name, secret.reveal());
            }
        }
        if let Some(partial) = resume {
            builder = builder
                .header(header::RANGE, format!("bytes={}-", partial.received))
                .header(header::IF_RANGE, &partial.validator);
        } else {
            builder = request.validators.apply(builder);
        }
        builder.send().map_err(|error| Failure::broken(told, error))
    }
}
