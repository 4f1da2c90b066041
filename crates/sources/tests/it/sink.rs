//! A sink that splits documents and remembers their records, as the archive and the knowledge would.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::model::source::Exchange;
use domain::normalise::{Format, split};
use jiff::Timestamp;
use sources::http::{Http, Settings, Sleeper};
use sources::unpack::{self, Limits};
use sources::{Content, Received, Sink, Taken, Unusable};

/// What came.
#[derive(Debug, Default)]
pub(crate) struct Counting {
    /// Live records: identifier → the record's bytes.
    pub(crate) records: BTreeMap<String, Vec<u8>>,
    /// Identifiers shown in the last fetch.
    pub(crate) shown: BTreeSet<String>,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) indexes: usize,
    pub(crate) documents: usize,
    pub(crate) quarantined: u64,
}

impl Counting {
    /// Forgets what the last fetch showed.
    pub(crate) fn begin(&mut self) {
        self.shown.clear();
        self.exchanges.clear();
        (self.indexes, self.documents) = (0, 0);
    }

    /// Drops what a full set did not show.
    pub(crate) fn finish(&mut self, full_set: bool) {
        if full_set {
            self.records.retain(|id, _| self.shown.contains(id));
        }
    }

    fn document(&mut self, format: Format, bytes: &[u8], taken: &mut Taken) -> Result<(), Unusable> {
        if format == Format::EpssCsv {
            return self.scores(bytes, taken);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut found = Vec::new();
        let statement = split(format, bytes, &mut |record| found.push((record.id, record.bytes.to_vec())))
            .map_err(|fault| Unusable(fault.to_string()))?;
        for (id, bytes) in found {
            if id.is_empty() || serde_json::from_slice::<serde_json::Value>(&bytes).is_err() {
                taken.quarantined += 1;
                self.quarantined += 1;
                continue;
            }
            taken.records += 1;
            if format == Format::Osv {
                let record: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                taken.newest = taken.newest.max(record["modified"].as_str().and_then(|at| at.parse().ok()));
            }
            self.shown.insert(id.clone());
            self.records.insert(id, bytes);
        }
        taken.data_timestamp = taken.data_timestamp.max(statement.data_timestamp);
        taken.page = statement.page;
        Ok(())
    }

    fn scores(&mut self, bytes: &[u8], taken: &mut Taken) -> Result<(), Unusable> {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.starts_with('#'));
        if !lines.next().is_some_and(|head| head.starts_with("cve,epss")) {
            return Err(Unusable("has no column epss".to_owned()));
        }
        for (id, score) in lines.filter_map(|line| line.split_once(',')) {
            taken.records += 1;
            self.shown.insert(id.to_owned());
            self.records.insert(id.to_owned(), score.as_bytes().to_vec());
        }
        Ok(())
    }
}

impl Sink for Counting {
    fn take(&mut self, received: Received<'_>) -> Result<Taken, Unusable> {
        self.exchanges.push(received.exchange.clone());
        let mut taken = Taken::default();
        match received.content {
            Content::Index => {
                self.indexes += 1;
                return Ok(taken);
            }
            Content::Document(format) => self.document(format, &std::fs::read(received.body).unwrap(), &mut taken)?,
            Content::Archive(format, kind) => {
                let mut bad = None;
                let visit = &mut |name: &str, bytes: &[u8]| {
                    if unpack::is_document(format, name)
                        && let Err(reason) = self.document(format, bytes, &mut taken)
                    {
                        if format == Format::EpssCsv {
                            bad = Some(reason);
                        }
                        taken.quarantined += 1;
                    }
                    ControlFlow::Continue(())
                };
                let found = unpack::each_document(received.body, kind, &Limits::default(), visit);
                let found = found.map_err(|error| Unusable(error.to_string()))?;
                if let Some(reason) = bad {
                    return Err(reason);
                }
                taken.quarantined += found.skipped.len() as u64;
            }
        }
        self.documents += 1;
        Ok(taken)
    }

    fn note(&mut self, exchange: Exchange) {
        self.exchanges.push(exchange);
    }

    fn progress(&mut self, _done: u64, _of: Option<u64>, _what: &str) {}
}

/// Lets time pass at once, and remembers the waits.
#[derive(Debug, Default)]
pub(crate) struct Skipping(Mutex<Vec<Duration>>);

impl Skipping {
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap().clone()
    }
}

impl Sleeper for Skipping {
    fn elapsed(&self) -> Duration {
        self.waits().iter().sum()
    }

    fn sleep(&self, wait: Duration) {
        self.0.lock().unwrap().push(wait);
    }
}

/// A client for which waiting costs nothing.
pub(crate) fn hasty() -> (Http, Arc<Skipping>) {
    let sleeper = Arc::new(Skipping::default());
    let settings = Settings { sleeper: Arc::clone(&sleeper) as Arc<dyn Sleeper>, ..Settings::default() };
    (Http::new(settings).unwrap(), sleeper)
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
