//! Taking in: bytes to the archive first, then documents to records, records to advisories, advisories to knowledge.
//!
//! Unpacking runs in one thread while the records of the documents before are translated on every core. A record whose
//! bytes are known already is never translated. A record that cannot be read is set aside with place and reason.

mod edition;
mod held;
mod record;
mod scores;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

use domain::model::raw::{Digest, Quarantined, RawRef};
use domain::model::source::{Check, Counts, Exchange, Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{self, Format, RawRecord, Statement};
use jiff::Timestamp;
use rayon::prelude::*;
use sources::unpack::{self, ArchiveKind, Limits};
use sources::{Content, Earlier, Received, Sink, Taken, Unusable, Usable};
use store::archive::Archive;
use store::knowledge::{Knowledge, Writer};

use crate::sync::carried;
use crate::sync::fetching::Turnstile;
use crate::sync::inflight::Inflight;
use record::{Fate, Origin};

/// Documents are handed to the translators in batches of about so many bytes: enough for every core, little in memory.
const BATCH_BYTES: usize = 8 << 20;

/// Records of one large document are translated in batches of so many.
const BATCH_RECORDS: usize = 4_000;

/// Most quarantined records listed in a fetch record; the count has them all.
const LISTED_QUARANTINE: usize = 1_000;

/// Hears how far a fetch has come: done, of how many, of what.
pub type Hear<'p> = dyn FnMut(u64, Option<u64>, &str) + 'p;

/// Takes in what one fetch of one source brings.
pub struct Ingest<'w, 'p> {
    archive: &'w Archive,
    knowledge: &'w Knowledge,
    writer: Writer,
    source: SourceId,
    family: Family,
    /// Mark of what carries none itself.
    tlp: Tlp,
    hear: &'p mut Hear<'p>,
    /// The exchanges so far, in order.
    pub exchanges: Vec<Exchange>,
    /// What came so far.
    pub counts: Counts,
    /// Records set aside, at most a thousand.
    pub quarantined: Vec<Quarantined>,
    /// Newest `modified` seen.
    pub newest: Option<Timestamp>,
    /// Warnings of the translators, counted.
    pub warnings: u64,
    /// Bytes of documents read, decompressed.
    pub bytes_read: u64,
    /// Hashes of the identifiers seen: what a full set does not show is gone.
    seen: HashSet<u64>,
    /// What of it is held now and was not before.
    brought: held::Brought,
    /// What the documents state about themselves.
    pub checks: Vec<Check>,
    /// Records that this fetch has shown with the latest `modified` so far: TAXII pages may bring an object in several editions,
    /// of which the latest counts. Kept for that format only.
    editions: HashMap<u64, Option<Timestamp>>,
    /// Identifiers of records whose documents the provider took away.
    pub retracted: Vec<String>,
    /// Identifiers of the CSAF documents seen: by them the provider's file names are told.
    named: Vec<String>,
    /// What is taken in at present is marked no lower.
    floor: Tlp,
    /// What this fetch has received, should it be interrupted, and what it had before it was.
    pub(crate) inflight: Option<Inflight>,
    /// Bounds how many read documents at once.
    pub(crate) turnstile: Option<&'w Turnstile>,
}

impl<'w, 'p> Ingest<'w, 'p> {
    /// Begins to take in.
    pub fn begin(
        archive: &'w Archive,
        knowledge: &'w Knowledge,
        source: SourceId,
        family: Family,
        tlp: Tlp,
        hear: &'p mut Hear<'p>,
    ) -> Result<Self, store::knowledge::Error> {
        Ok(Self {
            archive,
            knowledge,
            writer: knowledge.writer()?,
            source,
            family,
            tlp,
            hear,
            exchanges: Vec::new(),
            counts: Counts::default(),
            quarantined: Vec::new(),
            newest: None,
            warnings: 0,
            bytes_read: 0,
            seen: HashSet::new(),
            brought: held::Brought::default(),
            checks: Vec::new(),
            editions: HashMap::new(),
            retracted: Vec::new(),
            named: Vec::new(),
            floor: Tlp::Clear,
            inflight: None,
            turnstile: None,
        })
    }

    /// Live records of the source that this fetch did not show.
    pub fn unseen(&self) -> Vec<String> {
        let unseen = |id: &String| !self.seen.contains(&hash(id));
        let live = |id: &String| self.knowledge.current(&self.source, id).is_some_and(|current| current.live);
        self.knowledge.ids(&self.source).filter(|id| unseen(id) && live(id)).collect()
    }

    /// Marks records as gone from a full set.
    pub fn remove(&mut self, ids: &[String]) -> Result<(), store::knowledge::Error> {
        for id in ids {
            let removed = self.writer.remove(&self.source, id)?;
            self.counts.withdrawn += u64::from(removed);
        }
        Ok(())
    }

    /// Writes down what was taken in, without publishing it.
    pub(crate) fn finish(mut self) -> Result<Writer, store::knowledge::Error> {
        self.writer.finish()?;
        Ok(self.writer)
    }

    /// Publishes what was taken in.
    pub fn commit(self) -> Result<store::knowledge::Commit, store::knowledge::Error> {
        self.writer.commit()
    }

    /// Takes in an archived object again, from a file that holds its bytes: how knowledge is rebuilt. `floor` is the mark of
    /// the list that led to it.
    pub fn take_archived(
        &mut self,
        object: Digest,
        body: &Path,
        content: Content,
        from: &str,
        floor: Option<Tlp>,
    ) -> Result<Taken, Unusable> {
        self.floor = floor.unwrap_or_default();
        match content {
            Content::Index => Ok(Taken::default()),
            Content::Document(format) => {
                let bytes = std::fs::read(body).map_err(|error| Unusable(format!("cannot be read back: {error}")))?;
                self.document(format, object, &bytes, from)
            }
            Content::Archive(format, kind) => self.members(format, object, body, kind, from),
        }
    }

    fn document(&mut self, format: Format, object: Digest, bytes: &[u8], from: &str) -> Result<Taken, Unusable> {
        if format == Format::EpssCsv {
            return self.scores(object, bytes, from.rsplit('/').next().unwrap_or_default());
        }
        self.bytes_read += bytes.len() as u64;
        let mut records: Vec<RawRecord<'_>> = Vec::new();
        let statement = normalise::split_named(format, from, bytes, &mut |record| records.push(record))
            .map_err(|fault| Unusable(fault.to_string()))?;
        if format == Format::Csaf {
            self.named.extend(records.iter().map(|record| record.id.clone()));
        }
        let quarantined_before = self.counts.quarantined;
        let mut newest = None;
        for batch in records.chunks(BATCH_RECORDS) {
            let origin = Origin {
                archive: self.archive,
                floor: self.floor,
                knowledge: self.knowledge,
                source: &self.source,
                family: self.family,
                format,
                object,
                entry: "",
                from,
                tlp: self.tlp,
                editions: &self.editions,
                document: bytes,
            };
            let fates: Vec<Fate> = batch.par_iter().map(|record| record::fate(&origin, record)).collect();
            newest = newest.max(self.settle(format, fates)?);
        }
        Ok(taken(&statement, newest, self.counts.quarantined - quarantined_before))
    }

    /// Takes in the documents of an archive while it is being unpacked.
    fn members(
        &mut self,
        format: Format,
        object: Digest,
        body: &Path,
        kind: ArchiveKind,
        from: &str,
    ) -> Result<Taken, Unusable> {
        if format == Format::EpssCsv || matches!(format, Format::NvdPage | Format::DebianTracker | Format::Kev) {
            return self.large_members(format, object, body, kind, from);
        }
        let mut all = Taken::default();
        let (send, receive) = sync_channel::<Vec<(String, Vec<u8>)>>(2);
        let unpacked = std::thread::scope(|scope| {
            let unpacking = scope.spawn(move || {
                let mut batch = Vec::new();
                let mut size = 0;
                let unpacked = unpack::each_document(body, kind, &Limits::default(), &mut |entry, bytes| {
                    if !unpack::is_document(format, entry) {
                        return ControlFlow::Continue(());
                    }
                    size += bytes.len();
                    batch.push((entry.to_owned(), bytes.to_vec()));
                    if size < BATCH_BYTES {
                        return ControlFlow::Continue(());
                    }
                    size = 0;
                    if send.send(std::mem::take(&mut batch)).is_err() {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                });
                // The receiver only goes away on an error of its own, which it reports.
                let _ = send.send(batch);
                unpacked
            });
            let mut failed = None;
            for batch in receive {
                match self.batch(format, object, &batch, from) {
                    Ok(taken) => add(&mut all, &taken),
                    Err(unusable) => {
                        failed = Some(unusable);
                        break;
                    }
                }
                (self.hear)(self.counts.seen, None, "records");
            }
            let unpacked = unpacking
                .join()
                .unwrap_or_else(|_| Err(unpack::UnpackError::Broken("unpacking ended abnormally".to_owned())));
            failed.map_or(unpacked.map_err(|error| Unusable(chain(&error))), Err)
        })?;
        for (entry, reason) in unpacked.skipped {
            self.set_aside(Quarantined {
                id: String::new(),
                raw: RawRef { object, entry, offset: 0, length: 0 },
                reason,
            });
            all.quarantined += 1;
        }
        Ok(all)
    }

    /// Archives with few large documents: each is read apart, and its records share the cores.
    fn large_members(
        &mut self,
        format: Format,
        object: Digest,
        body: &Path,
        kind: ArchiveKind,
        from: &str,
    ) -> Result<Taken, Unusable> {
        let mut all = Taken::default();
        let mut failed = None;
        let member_name = from.strip_suffix(".gz").unwrap_or(from);
        unpack::each_document(body, kind, &Limits::default(), &mut |entry, bytes| {
            let entry_name = if entry.is_empty() { member_name } else { entry };
            match self.document(format, object, bytes, entry_name) {
                Ok(taken) => {
                    all.page = taken.page;
                    all.data_timestamp = all.data_timestamp.max(taken.data_timestamp);
                    add(&mut all, &taken);
                    ControlFlow::Continue(())
                }
                Err(unusable) => {
                    failed = Some(unusable);
                    ControlFlow::Break(())
                }
            }
        })
        .map_err(|error| Unusable(chain(&error)))?;
        failed.map_or(Ok(all), Err)
    }

    fn batch(
        &mut self,
        format: Format,
        object: Digest,
        batch: &[(String, Vec<u8>)],
        from: &str,
    ) -> Result<Taken, Unusable> {
        let (knowledge, source, family, tlp) = (self.knowledge, &self.source, self.family, self.tlp);
        let (archive, floor) = (self.archive, self.floor);
        let named = Mutex::new(std::mem::take(&mut self.named));
        let editions = &self.editions;
        let read = |(entry, bytes): &(String, Vec<u8>)| {
            let document = bytes.as_slice();
            let origin = Origin {
                archive,
                knowledge,
                source,
                family,
                format,
                object,
                entry,
                from,
                tlp,
                floor,
                editions,
                document,
            };
            let mut fates = Vec::new();
            let split = normalise::split_named(format, entry, bytes, &mut |record| {
                if format == Format::Csaf {
                    named.lock().unwrap_or_else(PoisonError::into_inner).push(record.id.clone());
                }
                fates.push(record::fate(&origin, &record));
            });
            if let Err(fault) = split {
                let length = bytes.len() as u64;
                let raw = RawRef { object, entry: entry.clone(), offset: 0, length };
                fates.push(Fate::SetAside(Quarantined { id: String::new(), raw, reason: fault.to_string() }));
            }
            fates
        };
        let fates: Vec<Fate> = batch.par_iter().flat_map_iter(read).collect();
        self.named = named.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.bytes_read += batch.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>();
        let (before, count) = (self.counts.quarantined, fates.len() as u64);
        let newest = self.settle(format, fates)?;
        Ok(Taken {
            records: count,
            quarantined: self.counts.quarantined - before,
            page: None,
            data_timestamp: None,
            newest,
        })
    }

    /// Counts what became of records, and writes what is new. Returns the newest `modified` among them.
    fn settle(&mut self, format: Format, fates: Vec<Fate>) -> Result<Option<Timestamp>, Unusable> {
        let mut newest = None;
        for fate in fates {
            self.counts.seen += 1;
            match fate {
                Fate::Unchanged { id, modified } => {
                    self.seen.insert(id);
                    self.is_latest(format, id, modified);
                    self.counts.unchanged += 1;
                    newest = newest.max(modified);
                }
                Fate::Read(read) => {
                    self.seen.insert(read.id);
                    self.brought.take(&read);
                    self.warnings += read.warnings;
                    *(if read.known { &mut self.counts.changed } else { &mut self.counts.new }) += 1;
                    self.counts.withdrawn += u64::from(read.withdrawn);
                    newest = newest.max(read.modified);
                    if self.is_latest(format, read.id, read.modified) {
                        self.writer.push_encoded(&read.encoded).map_err(|error| Unusable(chain(&error)))?;
                    }
                }
                Fate::SetAside(quarantined) => {
                    // A record that became unreadable is not gone: its last readable revision stands.
                    self.seen.insert(hash(&quarantined.id));
                    self.set_aside(quarantined);
                }
            }
        }
        self.newest = self.newest.max(newest);
        Ok(newest)
    }

    /// Whether no later edition of a record was shown in this fetch, and remembers this one.
    fn is_latest(&mut self, format: Format, id: u64, modified: Option<Timestamp>) -> bool {
        if !matches!(format, Format::Stix | Format::Osv) {
            return true;
        }
        let latest = self.editions.entry(id).or_insert(modified);
        let is_latest = *latest <= modified;
        *latest = modified.max(*latest);
        is_latest
    }

    fn set_aside(&mut self, quarantined: Quarantined) {
        self.counts.quarantined += 1;
        if self.quarantined.len() < LISTED_QUARANTINE {
            self.quarantined.push(quarantined);
        }
    }
}

impl Sink for Ingest<'_, '_> {
    fn take(&mut self, received: Received<'_>) -> Result<Taken, Unusable> {
        let Received { mut exchange, body, content } = received;
        let _room = self.turnstile.map(Turnstile::pass);
        let object = self
            .archive
            .put_file(body)
            .map_err(|error| Unusable(format!("could not be archived: {}", chain(&error))))?;
        exchange.object = Some(object);
        exchange.carried = Some(carried::words(content));
        let (from, floor) = (exchange.from.clone(), exchange.tlp);
        self.exchanges.push(exchange);
        self.take_archived(object, body, content, &from, floor)
    }

    fn note(&mut self, exchange: Exchange) {
        self.exchanges.push(exchange);
    }

    fn progress(&mut self, done: u64, of: Option<u64>, what: &str) {
        (self.hear)(done, of, what);
    }

    fn held(&mut self, published: Option<(Timestamp, Timestamp)>) -> Option<u64> {
        Some(self.brought.held(self.knowledge, &self.source, published))
    }

    fn holds(&mut self, id: &str) -> Option<bool> {
        Some(self.brought.holds(self.knowledge, &self.source, id))
    }

    fn recall(&mut self, object: &Digest) -> Option<Vec<u8>> {
        self.archive.read(object).ok()
    }

    fn retract(&mut self, names: &BTreeSet<String>) -> Vec<String> {
        let mut unknown = names.clone();
        let mut gone = BTreeSet::new();
        for id in self.knowledge.ids(&self.source).chain(self.named.iter().cloned()) {
            let name = standards::csaf::file_name(&id);
            if names.contains(&name) {
                unknown.remove(&name);
                gone.insert(id);
            }
        }
        self.retracted.extend(gone);
        unknown.into_iter().collect()
    }

    fn began(&self) -> Option<Timestamp> {
        self.inflight.as_ref().map(Inflight::began)
    }

    fn received_before(&mut self, asked: &str) -> Option<Earlier> {
        self.inflight.as_mut()?.received_before(asked, self.archive)
    }

    fn remember(&mut self, answer: &Usable<'_>) {
        let Some(inflight) = &mut self.inflight else { return };
        let same = |known: &&Exchange| known.from == answer.exchange.from && known.at == answer.exchange.at;
        let recorded = self.exchanges.iter().rev().find(same).unwrap_or(answer.exchange);
        inflight.remember(answer, recorded, self.archive);
    }

    fn beginnings(&self) -> Option<PathBuf> {
        self.inflight.as_ref().map(Inflight::parts)
    }
}

fn taken(statement: &Statement, newest: Option<Timestamp>, quarantined: u64) -> Taken {
    let page =
        statement.page.map(|page| sources::Page { start: page.start, len: statement.records, total: page.total });
    Taken { records: statement.records, quarantined, page, data_timestamp: statement.data_timestamp, newest }
}

fn add(all: &mut Taken, one: &Taken) {
    all.records += one.records;
    all.quarantined += one.quarantined;
    all.newest = all.newest.max(one.newest);
}

/// Hash of a record's identifier within its source.
fn hash(id: &str) -> u64 {
    store::knowledge::name_hash(id)
}

/// An error with its causes, as one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}
