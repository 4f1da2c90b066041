//! A sink that splits documents and remembers their records, as the archive and the knowledge would.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::model::raw::Digest;
use domain::model::source::Exchange;
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{Context, Format, RawRecord, epss, split_named, translate};
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
    /// Whether it can say what it holds, as the application can.
    pub(crate) counts: bool,
    /// Days of the score tables taken in, in the order in which they came.
    pub(crate) tables: Vec<String>,
    /// Lists by their digest, as the archive keeps them.
    lists: HashMap<Digest, Vec<u8>>,
    /// Identifiers of records whose documents were taken away in the last fetch.
    pub(crate) retracted: BTreeSet<String>,
}

impl Counting {
    /// Forgets what the last fetch showed.
    pub(crate) fn begin(&mut self) {
        self.shown.clear();
        self.retracted.clear();
        self.exchanges.clear();
        (self.indexes, self.documents) = (0, 0);
    }

    /// Drops what a full set did not show.
    pub(crate) fn finish(&mut self, full_set: bool) {
        if full_set {
            self.records.retain(|id, _| self.shown.contains(id));
        }
        self.records.retain(|id, _| !self.retracted.contains(id));
    }

    fn document(&mut self, format: Format, from: &str, bytes: &[u8], taken: &mut Taken) -> Result<(), Unusable> {
        if format == Format::EpssCsv {
            return self.scores(bytes, from, taken);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut found = Vec::new();
        let statement = split_named(format, from, bytes, &mut |record| {
            let is_readable = !record.id.is_empty() && is_readable(format, from, bytes, &record);
            found.push((record.id, record.bytes.to_vec(), is_readable));
        })
        .map_err(|fault| Unusable(fault.to_string()))?;
        for (id, bytes, is_readable) in found {
            if !is_readable {
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

    fn scores(&mut self, bytes: &[u8], from: &str, taken: &mut Taken) -> Result<(), Unusable> {
        let found = epss(bytes, from.rsplit('/').next().unwrap()).map_err(|fault| Unusable(fault.to_string()))?.value;
        taken.records += found.rows.len() as u64;
        taken.data_timestamp = format!("{}T00:00:00Z", found.date).parse().ok();
        let is_newest = self.tables.iter().all(|table| *table <= found.date);
        self.tables.push(found.date);
        if is_newest {
            taken.quarantined += found.unread.len() as u64;
            for row in found.rows {
                self.shown.insert(row.cve.clone());
                self.records.insert(row.cve, row.probability_millionths.to_le_bytes().to_vec());
            }
            self.shown.extend(found.unread.into_iter().map(|row| row.cve));
        }
        Ok(())
    }

    /// When an NVD record was published. Looked for and not parsed: it is asked of every record, many times.
    fn published(bytes: &[u8]) -> Option<Timestamp> {
        const KEY: &[u8] = b"\"published\":\"";
        let start = bytes.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
        format!("{}Z", std::str::from_utf8(bytes.get(start..start + 23)?).unwrap()).parse().ok()
    }
}

impl Sink for Counting {
    fn take(&mut self, received: Received<'_>) -> Result<Taken, Unusable> {
        self.exchanges.push(received.exchange.clone());
        let mut taken = Taken::default();
        match received.content {
            Content::Index => {
                let bytes = std::fs::read(received.body).unwrap();
                self.lists.insert(Digest::of(&bytes), bytes);
                self.indexes += 1;
                return Ok(taken);
            }
            Content::Document(format) => {
                let bytes = std::fs::read(received.body).unwrap();
                self.document(format, &received.exchange.from, &bytes, &mut taken)?;
                if format == Format::NewsFeed {
                    self.lists.insert(Digest::of(&bytes), bytes);
                }
            }
            Content::Archive(format, kind) => {
                let mut bad = None;
                let address = received.exchange.from.as_str();
                let visit = &mut |name: &str, bytes: &[u8]| {
                    if unpack::is_document(format, name)
                        && let Err(reason) =
                            self.document(format, if name.is_empty() { address } else { name }, bytes, &mut taken)
                    {
                        if name.is_empty() {
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

    fn held(&mut self, published: Option<(Timestamp, Timestamp)>) -> Option<u64> {
        let Some((from, to)) = published else { return self.counts.then_some(self.records.len() as u64) };
        let is_then = |bytes: &&Vec<u8>| Self::published(bytes).is_some_and(|at| from <= at && at <= to);
        self.counts.then(|| self.records.values().filter(is_then).count() as u64)
    }

    fn holds(&mut self, id: &str) -> Option<bool> {
        self.counts.then(|| self.records.contains_key(id))
    }

    fn recall(&mut self, object: &Digest) -> Option<Vec<u8>> {
        self.lists.get(object).cloned()
    }

    fn retract(&mut self, names: &BTreeSet<String>) -> Vec<String> {
        let known: BTreeMap<String, String> =
            self.records.keys().map(|id| (standards::csaf::file_name(id), id.clone())).collect();
        self.retracted.extend(names.iter().filter_map(|name| known.get(name).cloned()));
        names.iter().filter(|name| !known.contains_key(*name)).cloned().collect()
    }
}

/// Whether a record can be read: translated where a format has more than JSON to it.
fn is_readable(format: Format, from: &str, document: &[u8], record: &RawRecord<'_>) -> bool {
    let plain = [Format::Osv, Format::CveRecord, Format::NvdPage, Format::Kev, Format::Csaf, Format::DebianTracker];
    if plain.contains(&format) {
        return serde_json::from_slice::<serde_json::Value>(record.bytes).is_ok();
    }
    let source = SourceId("test".to_owned());
    let object = Digest::of(document);
    let family = Family::OsVendor;
    let context = Context { source: &source, family, object, entry: "", from, tlp: Tlp::Clear, document };
    translate(format, record, &context).is_ok()
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
