//! Writing a new generation: push, remove, then commit all or nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::index::package_key::keys_of_target;
use domain::model::advisory::Advisory;
use domain::model::raw::Digest;
use domain::model::source::SourceId;
use rayon::prelude::*;

use super::builder::{Builder, NewRow};
use super::epss::{self, EpssTable};
use super::error::{Damage, Error, Result};
use super::manifest::{Manifest, SegmentEntry};
use super::numbers::{self, Numbers};
use super::record::{Encoded, encode, identity};
use super::tables::{Row, RowState};
use super::totals::Totals;
use super::view::{Part, View};
use super::{digest, merge};

/// Collects what changes. Dropped without [`Writer::commit`], nothing has changed.
///
/// Writers of one process may work beside each other, on different records. The caller sees to it that it is one process.
pub struct Writer {
    view: Arc<View>,
    numbers: Numbers,
    builder: Option<Builder>,
    finished: Option<SegmentEntry>,
    epss: Option<EpssTable>,
    keys: Vec<u64>,
    names: Vec<u64>,
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The generation that is current now.
    pub generation: u64,
    /// Its digest.
    pub digest: Digest,
    /// Hashes ([`domain::index::package_key::PackageKey::hash64`]) of all keys of new and replaced revisions, sorted.
    pub changed_keys: Vec<u64>,
    /// Hashes ([`super::name_hash`]) of ids and aliases of new and replaced revisions, sorted. EPSS changes are not in it.
    pub changed_names: Vec<u64>,
    /// Number of records pushed or removed.
    pub rows: u64,
}

impl Writer {
    pub(super) fn new(view: Arc<View>) -> Result<Self> {
        let alone = numbers::one_at_a_time();
        remove_strays(&view.folder, &Manifest::read(&view.folder)?)?;
        drop(alone);
        let numbers = Numbers::of(&view.folder);
        Ok(Self { view, numbers, builder: None, finished: None, epss: None, keys: Vec::new(), names: Vec::new() })
    }

    /// Adds an advisory; it replaces every earlier revision of the same record.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the caller is done with it, and a list of them must not pile up"
    )]
    pub fn push(&mut self, advisory: Advisory) -> Result<()> {
        self.push_encoded(&encode(&advisory))
    }

    /// Adds an advisory that another thread has encoded.
    pub fn push_encoded(&mut self, new: &Encoded) -> Result<()> {
        let row = NewRow {
            source: &new.source,
            family: new.family,
            identity: new.identity,
            revision: new.revision.0,
            state: new.state.code(),
            modified: new.modified,
            detail: &new.detail,
            affected: &new.affected,
        };
        let builder = self.builder()?;
        let number = builder.row(&row, new.ends.iter().copied())?;
        let postings = new.keys.iter().chain(&new.ecosystems);
        postings.for_each(|(key, nth)| builder.posting(*key, number, *nth));
        new.names.iter().for_each(|name| builder.name(*name, number));
        self.keys.extend(new.keys.iter().map(|(key, _)| key));
        self.names.extend(&new.names);
        Ok(())
    }

    /// Marks a record as gone from its source's full set: it stays readable, withdrawn. False if there is none, or if it
    /// was gone already.
    pub fn remove(&mut self, source: &SourceId, id: &str) -> Result<bool> {
        let identity = identity(source, id);
        if let Some(builder) = self.builder.as_mut().filter(|builder| builder.contains(&identity)) {
            return Ok(builder.mark_gone(&identity));
        }
        let view = Arc::clone(&self.view);
        let Some((part, row)) = view.find(&identity).filter(|(_, row)| !row.is_gone()) else { return Ok(false) };
        self.copy_as_gone(part, row)?;
        Ok(true)
    }

    fn copy_as_gone(&mut self, part: &Part, row: &Row) -> Result<()> {
        let (source, family) = part.segment.source(row)?;
        let (first, count) = (row.affected.get(), row.affected_count.get());
        let gone = NewRow {
            source,
            family: *family,
            identity: row.identity,
            revision: row.revision,
            state: RowState::Gone.code(),
            modified: row.modified(),
            detail: part.segment.detail(row)?,
            affected: part.segment.affected_bytes(first, count)?,
        };
        let ends = merge::ends(part, first, count)?;
        let names = part.segment.names_of(row)?;
        let builder = self.builder()?;
        let number = builder.row(&gone, ends.into_iter())?;
        names.hashes().for_each(|name| builder.name(name, number));
        Ok(())
    }

    /// Replaces the EPSS scores. A table older than the current one, or than one given before, is left out.
    pub fn epss(&mut self, table: &EpssTable) {
        let current = self.epss.as_ref().map(|table| table.date.as_str()).or(epss_date(&self.view.manifest));
        if current.is_none_or(|date| date <= table.date.as_str()) {
            self.epss = Some(table.clone());
        }
    }

    /// Sorts and writes what was pushed, and makes it durable, without making it current: what takes time before a commit.
    /// Nothing may be pushed or removed afterwards.
    pub fn finish(&mut self) -> Result<()> {
        if let Some(builder) = self.builder.take() {
            self.finished = Some(builder.finish()?);
        }
        Ok(())
    }

    /// Makes everything current at once. Before it returns, nothing has changed; after, all of it is durable.
    ///
    /// Small segments are merged when there are many. Without changes the generation stays.
    ///
    /// # Errors
    /// [`Error::Outdated`] when another writer has committed one of the same records since this one began.
    pub fn commit(self) -> Result<Commit> {
        self.commit_merging(merge::due)
    }

    /// Commits, and merges the segments that `due` names.
    pub(super) fn commit_merging(mut self, due: impl Fn(&[Part]) -> Vec<usize>) -> Result<Commit> {
        self.finish()?;
        let alone = numbers::one_at_a_time();
        let current = self.current()?;
        let mut manifest = current.manifest.clone();
        let mut parts = current.parts.clone();
        let rows = self.take_in_rows(&mut manifest, &mut parts)?;
        if let Some(table) = self.epss.take()
            && epss_date(&manifest).is_none_or(|date| date <= table.date.as_str())
        {
            let number = self.numbers.take(manifest.next_file);
            manifest.epss = Some(epss::write(&self.view.folder, number, &table)?);
        }
        let due = due(&parts);
        self.merge(&manifest, &mut parts, &due)?;
        manifest.segments = parts.into_iter().map(|part| part.entry).collect();
        if let Some(largest) = self.numbers.largest() {
            manifest.next_file = manifest.next_file.max(largest);
            manifest.generation += 1;
            manifest.write(&self.view.folder)?;
            // The generation stands. What cannot be removed now is removed by the next writer.
            let _ = remove_strays(&self.view.folder, &manifest);
        }
        drop(alone);
        Ok(Commit {
            generation: manifest.generation,
            digest: digest::total(&manifest.buckets, manifest.epss.as_ref().map(|epss| &epss.digest)),
            changed_keys: sorted(std::mem::take(&mut self.keys)),
            changed_names: sorted(std::mem::take(&mut self.names)),
            rows,
        })
    }

    /// The generation to commit on: the one this writer began on, or the newer one that others have made of it.
    fn current(&self) -> Result<Arc<View>> {
        let on_disk = Manifest::read(&self.view.folder)?;
        if on_disk.generation == self.view.manifest.generation {
            return Ok(Arc::clone(&self.view));
        }
        View::open(&self.view.folder).map(Arc::new)
    }

    /// Adds the new segment, kills what it replaces, and brings totals and digests up to date.
    fn take_in_rows(&mut self, manifest: &mut Manifest, parts: &mut Vec<Part>) -> Result<u64> {
        let Some(entry) = self.finished.take() else { return Ok(0) };
        let new = Part::open(&self.view.folder, entry)?;
        if manifest.generation != self.view.manifest.generation && self.is_contended(&new, parts) {
            let (opened, on_disk) = (self.view.manifest.generation, manifest.generation);
            return Err(Error::Outdated { folder: self.view.folder.clone(), opened, on_disk });
        }
        let replaced = find_replaced(&new, parts);
        let mut totals = Totals::of(&manifest.sources);
        for (at, number) in &replaced {
            let part = &mut parts[*at];
            part.entry.kill(*number);
            let row = part.row(*number).expect("a replaced row was found in this segment");
            totals.remove(part.segment.source(row)?, row);
        }
        for (_, row) in new.current() {
            totals.add(new.segment.source(row)?, row);
        }
        self.note_replaced(&replaced, parts)?;
        let touched: BTreeSet<_> = new.segment.rows().iter().map(|row| digest::bucket_of(&row.identity)).collect();
        let rows = u64::from(new.entry.rows);
        parts.push(new);
        manifest.sources = totals.finish(parts)?;
        digest::update(&mut manifest.buckets, &touched, parts);
        Ok(rows)
    }

    /// Whether one of the new records is no longer as it was when this writer began.
    fn is_contended(&self, new: &Part, parts: &[Part]) -> bool {
        new.segment.rows().par_iter().any(|row| {
            let then = self.view.find(&row.identity).map(|(_, row)| (row.revision, row.state));
            let now = parts.iter().find_map(|part| part.find(&row.identity)).map(|(_, row)| (row.revision, row.state));
            then != now
        })
    }

    /// Adds keys and names of replaced revisions to the changed ones.
    fn note_replaced(&mut self, replaced: &[(usize, u32)], parts: &[Part]) -> Result<(), Damage> {
        let read = |(at, number): &(usize, u32)| {
            let part = &parts[*at];
            let row = part.row(*number).expect("a replaced row was found in this segment");
            let affected = part.segment.affected_of(row)?;
            let keys = affected.iter().flat_map(|entry| keys_of_target(&entry.target)).map(|key| key.hash64());
            Ok((keys.collect(), part.segment.names_of(row)?.hashes().collect()))
        };
        let found: Vec<(Vec<u64>, Vec<u64>)> = replaced.par_iter().map(read).collect::<Result<_, Damage>>()?;
        for (keys, names) in found {
            self.keys.extend(keys);
            self.names.extend(names);
        }
        Ok(())
    }

    fn merge(&mut self, manifest: &Manifest, parts: &mut Vec<Part>, due: &[usize]) -> Result<()> {
        if due.is_empty() {
            return Ok(());
        }
        let number = self.numbers.take(manifest.next_file);
        let old: Vec<_> = due.iter().map(|at| &parts[*at]).collect();
        let merged = merge::merge(&self.view.folder, number, &old)?;
        for at in due.iter().rev() {
            parts.remove(*at);
        }
        if let Some(entry) = merged {
            parts.push(Part::open(&self.view.folder, entry)?);
        }
        Ok(())
    }

    fn builder(&mut self) -> Result<&mut Builder> {
        if self.builder.is_none() {
            let number = self.numbers.take(self.view.manifest.next_file);
            self.builder = Some(Builder::create(&self.view.folder, number)?);
        }
        Ok(self.builder.as_mut().expect("it was made just now, if there was none"))
    }
}

/// The date of the current scores.
fn epss_date(manifest: &Manifest) -> Option<&str> {
    manifest.epss.as_ref().map(|epss| epss.edition.date.as_str())
}

/// For each row of the new segment the row it replaces, as part and number.
fn find_replaced(new: &Part, parts: &[Part]) -> Vec<(usize, u32)> {
    let older = |row: &Row| {
        parts.iter().enumerate().find_map(|(at, part)| part.find(&row.identity).map(|(number, _)| (at, number)))
    };
    new.segment.rows().par_iter().filter_map(older).collect()
}

/// Removes files that a killed writer left without a commit, and those of earlier generations.
fn remove_strays(folder: &Path, manifest: &Manifest) -> Result<()> {
    let listing = fs::read_dir(folder).map_err(|source| Error::reading(folder, source))?;
    for entry in listing.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let ours =
            path.extension().is_some_and(|ending| ["index", "details", "epss", "tmp"].iter().any(|our| ending == *our));
        let name = name.to_string_lossy();
        let being_written = name
            .split_once('.')
            .and_then(|(number, _)| number.parse().ok())
            .is_some_and(|number| numbers::is_in_use(folder, number));
        if ours && !being_written && !manifest.names(&name) {
            fs::remove_file(&path).map_err(|source| Error::writing(&path, source))?;
        }
    }
    Ok(())
}

fn sorted(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.par_sort_unstable();
    hashes.dedup();
    hashes
}
