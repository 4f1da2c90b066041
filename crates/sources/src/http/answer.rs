//! The body of an answer, into a spool file: decoded, limited, resumed where it broke.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use domain::clock::Clock;
use domain::model::source::Exchange;
use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{self, HeaderMap, HeaderName};
use sha2::Digest;
use tempfile::NamedTempFile;
use url::Url;

use super::failure::{Failure, Reason, chain, shown};
use super::request::{Request, Validators};
use super::{Http, kept};
use crate::unpack::GzipReader;

/// What a request led to.
#[derive(Debug)]
pub enum Answer {
    /// The server says that nothing has changed.
    Unchanged(Exchange),
    /// The document.
    Body(Download),
}

/// A document on the spool, removed when dropped.
#[derive(Debug)]
pub struct Download {
    /// The exchange that completed it.
    pub exchange: Exchange,
    /// What was asked.
    pub(crate) asked: String,
    headers: HeaderMap,
    file: NamedTempFile,
    /// Whether an interrupted fetch had received it.
    pub(crate) recalled: bool,
}

impl Download {
    /// One that an interrupted fetch had received.
    pub(crate) fn recalled(exchange: Exchange, headers: &[(String, String)], file: NamedTempFile) -> Self {
        let parsed = headers.iter().filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)));
        let mut map = HeaderMap::new();
        parsed.for_each(|(name, value): (HeaderName, header::HeaderValue)| {
            map.append(name, value);
        });
        Self { exchange, asked: String::new(), headers: map, file, recalled: true }
    }

    /// Its headers, as far as they are text and may be kept.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let kept = self.headers.iter().filter(|(name, _)| **name != header::SET_COOKIE);
        kept.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect()
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// What it is known by next time.
    pub fn validators(&self) -> Validators {
        Validators {
            etag: self.exchange.etag.clone(),
            last_modified: self.exchange.last_modified.clone(),
            at: Some(self.exchange.at),
        }
    }

    /// The values of a header, as far as they are text.
    pub fn header<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
    }

    /// Its digest in lower-case hexadecimal digits.
    pub(crate) fn digest<D: Digest>(&self) -> io::Result<String> {
        let mut file = File::open(self.path())?;
        let (mut hash, mut buffer) = (D::new(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(hexadecimal(&hash.finalize())),
                read => hash.update(&buffer[..read]),
            }
        }
    }

    /// The whole content. Only for documents that were asked for with a small limit.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        std::fs::read(self.path())
    }
}

/// Two lower-case digits for each byte.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The beginning of a body whose transfer broke.
#[derive(Debug)]
pub(super) struct Partial {
    pub(super) file: NamedTempFile,
    /// Bytes that arrived.
    pub(super) received: u64,
    /// A strong `ETag`, else `Last-Modified`: for `If-Range` (RFC 9110 section 13.1.5).
    pub(super) validator: String,
}

impl Partial {
    /// Leaves the file to a later fetch.
    pub(super) fn keep(self) {
        // What cannot be kept is received again.
        let _ = self.file.keep();
    }
}

/// The record of an answer from `url`.
pub(super) fn exchange(url: &Url, response: &Response, clock: &dyn Clock, bytes: u64) -> Exchange {
    Exchange {
        from: shown(url),
        at: clock.now(),
        status: response.status().as_u16(),
        etag: text(response.headers(), header::ETAG),
        last_modified: text(response.headers(), header::LAST_MODIFIED),
        bytes,
        object: None,
        carried: None,
        tlp: None,
    }
}

/// Receives the body. When the transfer breaks and can go on, its beginning is left in `partial`.
pub(super) fn receive(
    http: &Http,
    request: &Request,
    url: &Url,
    mut response: Response,
    partial: &mut Option<Partial>,
    clock: &dyn Clock,
) -> Result<Download, Failure> {
    let fail = |reason| Failure::new(url, reason);
    let mut exchange = exchange(url, &response, clock, 0);
    let headers = response.headers().clone();
    let coding = text(&headers, header::CONTENT_ENCODING).unwrap_or_default();
    let resumable = matches!(coding.as_str(), "" | "identity");
    let (file, before) = match beginning(&response, partial.take()).map_err(fail)? {
        Some(beginning) => beginning,
        None => (new_spool(http, request, &response, resumable).map_err(fail)?, 0),
    };
    if response.content_length().is_some_and(|length| before.saturating_add(length) > request.limit_bytes) {
        return Err(fail(Reason::TooLarge { limit_bytes: request.limit_bytes }));
    }
    let mut spool = Spool { file, received: before, limit_bytes: request.limit_bytes };
    let copied = match coding.as_str() {
        "" | "identity" => spool.copy(&mut response, http),
        "gzip" | "x-gzip" => spool.copy(&mut GzipReader::new(BufReader::with_capacity(1 << 16, response)), http),
        _ => return Err(fail(Reason::Coding(coding))),
    };
    match copied {
        Ok(()) if spool.received == 0 => Err(fail(Reason::Empty)),
        Ok(()) => {
            exchange.bytes = spool.received;
            exchange.at = clock.now();
            Ok(Download { exchange, asked: request.asked(), headers, file: spool.file, recalled: false })
        }
        Err(reason) => {
            if resumable && matches!(reason, Reason::Broken(_) | Reason::Stopped) {
                *partial = if_range(&headers).map(|validator| Partial {
                    file: spool.file,
                    received: spool.received,
                    validator,
                });
            }
            Err(fail(reason))
        }
    }
}

/// The broken beginning to write on and its length, when the server goes on exactly there; none when it begins anew.
fn beginning(response: &Response, partial: Option<Partial>) -> Result<Option<(NamedTempFile, u64)>, Reason> {
    if response.status() != StatusCode::PARTIAL_CONTENT {
        return Ok(None);
    }
    let start = text(response.headers(), header::CONTENT_RANGE).and_then(|range| range_start(&range));
    match partial {
        Some(mut partial) if start == Some(partial.received) => {
            partial.file.seek(io::SeekFrom::Start(partial.received)).map_err(Reason::Spool)?;
            Ok(Some((partial.file, partial.received)))
        }
        _ => Err(Reason::Broken("the server sent another part than the one asked for".to_owned())),
    }
}

/// An empty file to write on: one that outlives the process where that was wanted and the transfer can go on.
fn new_spool(http: &Http, request: &Request, response: &Response, resumable: bool) -> Result<NamedTempFile, Reason> {
    let validator = if_range(response.headers()).filter(|_| resumable);
    match kept::begin(request, validator, response.content_length()) {
        Some(file) => Ok(file),
        None => http.spool().map_err(Reason::Spool),
    }
}

/// `bytes 1000-1999/2000` begins at 1000 (RFC 9110 section 14.4).
fn range_start(range: &str) -> Option<u64> {
    range.strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}

fn if_range(headers: &HeaderMap) -> Option<String> {
    text(headers, header::ETAG).filter(|etag| !etag.starts_with("W/")).or_else(|| text(headers, header::LAST_MODIFIED))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

struct Spool {
    file: NamedTempFile,
    received: u64,
    limit_bytes: u64,
}

impl Spool {
    fn copy(&mut self, body: &mut dyn Read, http: &Http) -> Result<(), Reason> {
        let began = http.settings.sleeper.elapsed();
        let before = self.received;
        let mut buffer = vec![0; 1 << 16];
        loop {
            if http.is_stopped() {
                return Err(Reason::Stopped);
            }
            let read = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Reason::Broken(chain(&error))),
            };
            self.received += read as u64;
            if self.received > self.limit_bytes {
                return Err(Reason::TooLarge { limit_bytes: self.limit_bytes });
            }
            self.file.write_all(&buffer[..read]).map_err(Reason::Spool)?;
            let took = http.settings.sleeper.elapsed().saturating_sub(began);
            let least = took.as_secs().saturating_mul(http.settings.slowest_bytes_per_s);
            if took > Duration::from_mins(1) && self.received - before < least {
                return Err(Reason::Broken("the transfer all but stands still".to_owned()));
            }
        }
        self.file.flush().map_err(Reason::Spool)
    }
}
