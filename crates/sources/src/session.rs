//! One fetch: the requests it makes, what it hands over, what it owes.
//!
//! A protocol module asks through a [`Session`] and ends it; the outcome follows from what was taken in and what is owed,
//! so that no module can call a fetch good that was not.

use std::collections::{BTreeMap, BTreeSet};

use domain::clock::Clock;
use domain::model::raw::Digest;
use domain::model::source::{Check, FetchOutcome};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::SourceConfig;
use crate::delivery::{Content, End, Received, Sink, Taken, Usable};
use crate::http::{Answer, Download, Failure, Http, Request, Validators, same_host};

/// A fetch in progress.
pub(crate) struct Session<'a> {
    pub(crate) config: &'a SourceConfig,
    pub(crate) http: &'a Http,
    /// The fetch's present: when it began, before all interruptions.
    pub(crate) clock: Began,
    real_clock: &'a dyn Clock,
    /// What the provider states as its total.
    pub(crate) stated: Option<u64>,
    /// When the provider says the data are from: the newest of what its documents say.
    pub(crate) data_timestamp: Option<Timestamp>,
    /// Every record was shown.
    pub(crate) full_set: bool,
    sink: &'a mut dyn Sink,
    previous: Option<&'a str>,
    owed: Vec<String>,
    checks: Vec<Check>,
    records: u64,
}

/// The moment at which a fetch began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Began(Timestamp);

impl Began {
    /// That moment.
    pub(crate) fn now(self) -> Timestamp {
        self.0
    }
}

/// Why a document was not taken in, as a sentence without its full stop.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// It did not arrive.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// It arrived, but cannot be used.
    #[error("{from} {reason}")]
    Unusable { from: String, reason: String },
}

impl Problem {
    /// Whether the server says that there is no such document.
    pub(crate) fn is_absence(&self) -> bool {
        matches!(self, Self::Failed(failure) if failure.is_absence())
    }
}

/// A document that was handed over.
pub(crate) struct Delivered {
    pub(crate) taken: Taken,
    pub(crate) validators: Validators,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        config: &'a SourceConfig,
        cursor: Option<&'a str>,
        http: &'a Http,
        clock: &'a dyn Clock,
        sink: &'a mut dyn Sink,
    ) -> Self {
        Self {
            config,
            http,
            clock: Began(sink.began().unwrap_or_else(|| clock.now())),
            real_clock: clock,
            stated: None,
            data_timestamp: None,
            full_set: false,
            sink,
            previous: cursor,
            owed: Vec::new(),
            checks: Vec::new(),
            records: 0,
        }
    }

    /// The cursor of last time; the beginning if there is none or it cannot be read.
    pub(crate) fn cursor<C: DeserializeOwned + Default>(&self) -> C {
        let Some(text) = self.previous else { return C::default() };
        serde_json::from_str(text).unwrap_or_else(|error| {
            tracing::warn!(source = %self.config.id, %error, "the cursor cannot be read; fetching from the beginning");
            C::default()
        })
    }

    /// The source's address.
    ///
    /// # Errors
    /// A sentence for a person: the configured address is no URL.
    pub(crate) fn base(&self) -> Result<Url, String> {
        self.config.url.parse().map_err(|error| format!("The address {:?} cannot be read: {error}.", self.config.url))
    }

    /// A request for a document, paced and limited as the source is. Name, password and certificates of the source go to its
    /// own host only.
    pub(crate) fn document(&self, url: Url) -> Request {
        let own_host = self.config.url.parse().is_ok_and(|base: Url| same_host(&base, &url));
        let mut request = Request::new(url, self.config.limits.document_bytes);
        request.rate_per_30_s = self.config.rate_per_30_s();
        if own_host {
            request.login.clone_from(&self.config.login);
            request.tls = Some(self.config.tls.clone());
        }
        request
    }

    /// A request for an archive, which goes on where its transfer broke: after a kill, too.
    pub(crate) fn archive(&self, url: Url) -> Request {
        let mut request = self.document(url).resumable();
        request.limit_bytes = self.config.limits.archive_bytes;
        request.keep = self.sink.beginnings();
        request
    }

    /// Asks for a document without handing it over yet. What an interrupted fetch received is not asked for again.
    pub(crate) fn get(&mut self, request: &Request) -> Result<Answer, Failure> {
        if let Some(answer) = self.received_before(request) {
            return Ok(answer);
        }
        let answer = self.http.get(request, self.real_clock, &mut |exchange| self.sink.note(exchange))?;
        if let Answer::Unchanged(exchange) = &answer {
            self.sink.remember(&Usable { asked: &request.asked(), exchange, headers: Vec::new() });
        }
        Ok(answer)
    }

    fn received_before(&mut self, request: &Request) -> Option<Answer> {
        let earlier = self.sink.received_before(&request.asked())?;
        let Some(mut body) = earlier.body else {
            let expected = !request.validators.is_empty();
            return expected.then(|| {
                self.sink.note(earlier.exchange.clone());
                Answer::Unchanged(earlier.exchange)
            });
        };
        let spooled = self.http.spool().and_then(|mut file| {
            std::io::copy(&mut body, &mut file)?;
            Ok(file)
        });
        match spooled {
            Ok(file) => Some(Answer::Body(Download::recalled(earlier.exchange, &earlier.headers, file))),
            Err(error) => {
                tracing::warn!(url = %earlier.exchange.from, %error, "what was received before cannot be read; asking again");
                None
            }
        }
    }

    /// Lets an answer that was handed over count as usable: should the fetch be interrupted, it is not asked for again.
    fn remember(&mut self, download: &Download) {
        if !download.recalled {
            let (exchange, headers) = (&download.exchange, download.headers());
            self.sink.remember(&Usable { asked: &download.asked, exchange, headers });
        }
    }

    /// Hands a document over.
    pub(crate) fn hand_over(&mut self, download: &Download, content: Content) -> Result<Taken, Problem> {
        let received = Received { exchange: download.exchange.clone(), body: download.path(), content };
        match self.sink.take(received) {
            Ok(taken) => {
                self.records += taken.records;
                self.data_timestamp = self.data_timestamp.max(taken.data_timestamp);
                if content != Content::Index {
                    self.remember(download);
                }
                if taken.quarantined > 0 {
                    let records = if taken.quarantined == 1 {
                        "1 record".to_owned()
                    } else {
                        format!("{} records", taken.quarantined)
                    };
                    self.owe(format!("{records} of {} could not be read and set aside.", download.exchange.from));
                }
                Ok(taken)
            }
            Err(reason) => Err(unusable(download, &reason.to_string())),
        }
    }

    /// Asks for a document, checks it and hands it over; asks once more when it is unusable. None: unchanged.
    ///
    /// `check` looks at the bytes before they are handed over, for a length or digest stated elsewhere; what it refuses
    /// is kept as evidence and not taken in.
    pub(crate) fn deliver(
        &mut self,
        request: &Request,
        content: Content,
        check: &dyn Fn(&Download) -> Result<(), String>,
    ) -> Result<Option<Delivered>, Problem> {
        let mut attempt = 1;
        loop {
            let download = match self.get(request)? {
                Answer::Unchanged(_) => return Ok(None),
                Answer::Body(download) => download,
            };
            let result = match check(&download) {
                Ok(()) => self.hand_over(&download, content),
                Err(reason) => {
                    // A sink that cannot archive says so with the next document, too.
                    let _ = self.hand_over(&download, Content::Index);
                    Err(unusable(&download, &reason))
                }
            };
            match result {
                Ok(taken) => return Ok(Some(Delivered { taken, validators: download.validators() })),
                Err(problem) if attempt >= self.config.limits.document_attempts => return Err(problem),
                Err(_) => self.http.wait_before_repeat(attempt),
            }
            attempt += 1;
        }
    }

    /// Asks for a list or metadata: archives it and returns its bytes; asks once more when `read` cannot use it.
    /// None: unchanged.
    pub(crate) fn index<T>(
        &mut self,
        request: &Request,
        read: &dyn Fn(&[u8]) -> Result<T, String>,
    ) -> Result<Option<(T, Validators)>, Problem> {
        Ok(self.list(request, read)?.map(|(value, validators, _)| (value, validators)))
    }

    /// As [`Session::index`], with the digest by which the bytes can be had again ([`Session::recall`]).
    pub(crate) fn list<T>(
        &mut self,
        request: &Request,
        read: &dyn Fn(&[u8]) -> Result<T, String>,
    ) -> Result<Option<(T, Validators, Digest)>, Problem> {
        let mut attempt = 1;
        loop {
            let download = match self.get(request)? {
                Answer::Unchanged(_) => return Ok(None),
                Answer::Body(download) => download,
            };
            self.hand_over(&download, Content::Index)?;
            let bytes = download
                .bytes()
                .map_err(|error| unusable(&download, &format!("could not be read from the spool: {error}")))?;
            match read(without_mark(&bytes)) {
                Ok(value) => {
                    self.remember(&download);
                    return Ok(Some((value, download.validators(), Digest::of(&bytes))));
                }
                Err(reason) if attempt >= self.config.limits.document_attempts => {
                    return Err(unusable(&download, &reason));
                }
                Err(_) => self.http.wait_before_repeat(attempt),
            }
            attempt += 1;
        }
    }

    /// The bytes of a list that was handed over in an earlier fetch, without a byte order mark; none: not at hand.
    pub(crate) fn recall(&mut self, object: &Digest) -> Option<Vec<u8>> {
        self.sink.recall(object).map(|bytes| without_mark(&bytes).to_vec())
    }

    /// Says that documents are gone, by file name. Returns the names that led to no record.
    pub(crate) fn retract(&mut self, names: &BTreeSet<String>) -> Vec<String> {
        if names.is_empty() { Vec::new() } else { self.sink.retract(names) }
    }

    /// Names something that is owed, as a sentence.
    pub(crate) fn owe(&mut self, sentence: String) {
        self.owed.push(sentence);
    }

    /// Names a document that is owed.
    pub(crate) fn owe_document(&mut self, problem: &Problem) {
        self.owe(format!("{problem}."));
    }

    /// Records a statement of the provider about its own data beside what was found. A disagreement is owed.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts alike, without a `&` at each call")]
    pub(crate) fn check(&mut self, what: &str, stated: impl ToString, found: impl ToString) {
        let (stated, found) = (stated.to_string(), found.to_string());
        let agrees = stated == found;
        if !agrees {
            self.owe(format!("{what} states {stated}, and {found} was found."));
        }
        self.checks.push(Check { what: what.to_owned(), stated, found, agrees });
    }

    /// Records a statement and what was found, where a disagreement is owed already or owes nothing.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts alike, without a `&` at each call")]
    pub(crate) fn checked(&mut self, what: &str, stated: impl ToString, found: impl ToString) {
        let (stated, found) = (stated.to_string(), found.to_string());
        let agrees = stated == found;
        self.checks.push(Check { what: what.to_owned(), stated, found, agrees });
    }

    /// Records a statement of the provider that does not fit what was found to the letter, and is kept all the same: `found`
    /// says why.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts alike, without a `&` at each call")]
    pub(crate) fn remark(&mut self, what: &str, stated: impl ToString, found: impl ToString) {
        let (stated, found) = (stated.to_string(), found.to_string());
        self.checks.push(Check { what: what.to_owned(), stated, found, agrees: true });
    }

    /// How many records are held, with what this fetch has brought; none: nobody knows. See [`Sink::held`].
    pub(crate) fn held(&mut self, published: Option<(Timestamp, Timestamp)>) -> Option<u64> {
        self.sink.held(published)
    }

    /// Whether a record is held. See [`Sink::holds`].
    pub(crate) fn holds(&mut self, id: &str) -> Option<bool> {
        self.sink.holds(id)
    }

    /// Whether anything is owed.
    pub(crate) fn owes(&self) -> bool {
        !self.owed.is_empty()
    }

    /// Tells how far the fetch has come.
    pub(crate) fn progress(&mut self, done: usize, of: Option<usize>, what: &str) {
        self.sink.progress(done as u64, of.map(|of| of as u64), what);
    }

    /// Ends the fetch. The cursor counts only if something was taken in or nothing is owed.
    pub(crate) fn end<C: Serialize>(self, cursor: &C) -> End {
        let outcome = match (self.owed.is_empty(), self.records) {
            (true, _) => FetchOutcome::Ok,
            (false, 0) => FetchOutcome::Failed,
            (false, _) => FetchOutcome::Incomplete,
        };
        let previous = self.previous.map(str::to_owned);
        let cursor = match outcome {
            FetchOutcome::Failed => previous,
            // A cursor is made of strings, numbers and times; should one not be writable, the old one is asked from again.
            _ => serde_json::to_string(cursor).ok().or(previous),
        };
        End {
            outcome,
            owed: self.owed,
            cursor,
            stated: self.stated,
            data_timestamp: self.data_timestamp,
            full_set: self.full_set && outcome != FetchOutcome::Failed,
            checks: self.checks,
        }
    }

    /// Ends the fetch because of a problem that leaves nothing more to do.
    pub(crate) fn end_with(mut self, sentence: String) -> End {
        self.owe(sentence);
        let previous: serde_json::Value = self.cursor();
        self.end(&previous)
    }
}

fn unusable(download: &Download, reason: &str) -> Problem {
    Problem::Unusable { from: download.exchange.from.clone(), reason: reason.to_owned() }
}

/// UTF-8's byte order mark means nothing (RFC 8259 section 8.1 lets us ignore it).
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What each address's last answer was known by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Known(BTreeMap<String, Validators>);

impl Known {
    /// Those of an address, if they are to be believed at `now`.
    pub(crate) fn of(&self, url: &Url, now: Timestamp) -> Option<&Validators> {
        self.0.get(url.as_str()).filter(|validators| validators.are_believed(now))
    }

    /// Remembers an answer.
    pub(crate) fn keep(&mut self, url: &Url, validators: Validators) {
        if validators.is_empty() {
            self.0.remove(url.as_str());
        } else {
            self.0.insert(url.as_str().to_owned(), validators);
        }
    }

    /// Forgets an address: it is asked for unconditionally next time.
    pub(crate) fn forget(&mut self, url: &Url) {
        self.0.remove(url.as_str());
    }
}
