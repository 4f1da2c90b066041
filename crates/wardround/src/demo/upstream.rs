//! Our own small upstream: HTTP on loopback, answering as every source does on the story's day.
//!
//! | Path | As the real one |
//! |---|---|
//! | `/cve-list/…` | GitHub releases of the CVE list: a baseline, and the day's delta |
//! | `/nvd/rest/json/cves/2.0` | NVD API 2.0: pages, windows of modification |
//! | `/cisa-kev/known_exploited_vulnerabilities.json` | CISA's catalogue |
//! | `/cisa-csaf/…` | a CSAF provider: metadata, lists, documents with digests |
//! | `/osv/ECOSYSTEM/…` | OSV's bucket: archive, list of changes, single records |
//! | `/epss/epss_scores-current.csv.gz` | FIRST's scores of the day |
//! | `/debian/tracker/data/json` | Debian's security tracker |
//!
//! Answers carry an `ETag`, and what is known is answered with 304. A source that is [`Upstream::kill`]ed answers 503.

mod archive;
mod catalogue;
mod csaf;
mod cve_list;
mod nvd;
mod osv;
mod whole_file;

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context as _, Result};
use domain::model::raw::Digest;
use jiff::Timestamp;

use super::clock::StoryClock;

/// The server. It runs until the program ends.
pub(super) struct Upstream {
    shared: Arc<Shared>,
}

struct Shared {
    url: String,
    clock: Arc<StoryClock>,
    dead: Mutex<Option<&'static str>>,
}

/// What is asked for.
struct Asked<'a> {
    /// Address of this server.
    url: &'a str,
    /// Path below the source's name.
    path: &'a str,
    query: &'a str,
    /// The story's time.
    now: Timestamp,
}

impl Upstream {
    /// Begins to serve on a free port of the loopback interface.
    pub(super) fn start(clock: Arc<StoryClock>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("listen on loopback")?;
        let url = format!("http://{}", listener.local_addr().context("listen on loopback")?);
        let shared = Arc::new(Shared { url, clock, dead: Mutex::new(None) });
        let of_server = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&of_server);
                // A connection that breaks concerns nobody but its client.
                thread::spawn(move || drop(serve(stream, &shared)));
            }
        });
        Ok(Self { shared })
    }

    /// Address of the server, without a slash at the end.
    pub(super) fn url(&self) -> &str {
        &self.shared.url
    }

    /// Lets a source answer 503 from now on.
    pub(super) fn kill(&self, source: &'static str) {
        *self.shared.dead.lock().unwrap_or_else(PoisonError::into_inner) = Some(source);
    }

    /// Lets every source answer again.
    pub(super) fn revive(&self) {
        *self.shared.dead.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Answers the requests of one connection.
fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some((target, known)) = read_request(&mut reader)? {
        let answer = answer(&target, shared);
        let etag = answer.as_ref().map(|body| format!("\"{}\"", Digest::of(body).short())).unwrap_or_default();
        let (head, body) = match answer {
            // Who asks us to wait longer than a client is willing to is not asked again within this fetch.
            Err(Refusal::Dead) => ("503 Service Unavailable\r\nRetry-After: 86400".to_owned(), Vec::new()),
            Err(Refusal::Absent) => ("404 Not Found".to_owned(), Vec::new()),
            Ok(_) if known.as_deref() == Some(etag.as_str()) => {
                (format!("304 Not Modified\r\nETag: {etag}"), Vec::new())
            }
            Ok(body) => (format!("200 OK\r\nETag: {etag}"), body),
        };
        // In one piece: a body that follows its head by itself would wait for the client's acknowledgement.
        let mut whole = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
        whole.extend_from_slice(&body);
        stream.write_all(&whole)?;
    }
    Ok(())
}

/// Target and `If-None-Match` of the next request; none at the connection's end.
fn read_request(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<(String, Option<String>)>> {
    const LONGEST_HEAD: u64 = 1 << 16;
    let mut lines = reader.by_ref().take(LONGEST_HEAD).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(None) };
    let target = first.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut known = None;
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("if-none-match") {
            known = Some(value.trim().to_owned());
        }
    }
    Ok(Some((target, known)))
}

/// Why there is no body.
enum Refusal {
    Dead,
    Absent,
}

fn answer(target: &str, shared: &Shared) -> Result<Vec<u8>, Refusal> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (source, path) = path.trim_start_matches('/').split_once('/').ok_or(Refusal::Absent)?;
    if *shared.dead.lock().unwrap_or_else(PoisonError::into_inner) == Some(source) {
        return Err(Refusal::Dead);
    }
    let asked = Asked { url: &shared.url, path, query, now: shared.clock.peek() };
    let body = match source {
        "cve-list" => cve_list::answer(&asked),
        "nvd" => nvd::answer(&asked),
        "cisa-csaf" => csaf::answer(&asked),
        "osv" => osv::answer(&asked),
        "cisa-kev" => Some(whole_file::kev(&asked)),
        "epss" => whole_file::epss(&asked),
        "debian" => Some(whole_file::debian(&asked)),
        _ => None,
    };
    body.ok_or(Refusal::Absent)
}
