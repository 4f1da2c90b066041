//! What a fetch has received so far, so that one that was killed goes on where it was.
//!
//! `inflight/SOURCE.jsonl`: one line that says when the fetch began and from which cursor, then a line for each answer that was
//! usable. Its bytes are in the archive, durable or at least staged ([`Archive::recover`]). The next fetch of the source takes
//! the answers from there instead of asking again, if it begins with the same cursor and the interrupted one is younger than a
//! day; it counts as begun when that one began, so that it asks the same questions. `inflight/SOURCE.parts/` holds the
//! beginnings of archives. Both are removed when the fetch ends.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::model::raw::Digest;
use domain::model::source::{Exchange, SourceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sources::{Earlier, Usable};
use store::archive::Archive;

use super::fetching::{Common, path_of};
use crate::error::{Error, Result};

/// Name of the folder in the workspace.
pub const FOLDER: &str = "inflight";

/// An interrupted fetch that is older begins anew: its lists are out of date.
const USABLE: SignedDuration = SignedDuration::from_hours(24);

/// A power failure costs so much work at most; a kill costs none.
const DURABLE_EVERY: Duration = Duration::from_secs(5);

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    source: SourceId,
    began: Timestamp,
    /// Of the cursor it began with.
    cursor: Option<Digest>,
}

/// Every other line.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    asked: String,
    exchange: Exchange,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
}

/// The log of a fetch in progress. Dropped, it stays.
pub struct Inflight {
    path: PathBuf,
    parts: PathBuf,
    file: File,
    began: Timestamp,
    resumed: Option<Timestamp>,
    earlier: HashMap<String, VecDeque<Line>>,
    synced: Instant,
}

impl Inflight {
    /// Opens the log of an interrupted fetch, or begins one.
    pub(super) fn begin(source: &SourceId, cursor: Option<&str>, common: &Common) -> Result<Self> {
        let folder = &common.inflight;
        fs::create_dir_all(folder).map_err(Error::file("make the folder", folder))?;
        let path = path_of(folder, source, ".jsonl");
        let parts = path_of(folder, source, ".parts");
        let now = common.clock.now();
        let cursor = cursor.map(|cursor| Digest::of(cursor.as_bytes()));
        let fits = |head: &Head| {
            let age = now.duration_since(head.began);
            head.source == *source && head.cursor == cursor && !age.is_negative() && age < USABLE
        };
        if let Some((head, lines, length)) = read(&path).filter(|(head, ..)| fits(head)) {
            let file = OpenOptions::new().append(true).open(&path).map_err(Error::file("open", &path))?;
            // A line that a kill cut off must not spoil the next one.
            file.set_len(length).map_err(Error::file("write", &path))?;
            let mut earlier: HashMap<String, VecDeque<Line>> = HashMap::new();
            let kept = |line: &Line| line.exchange.object.is_none_or(|object| common.archive.contains(&object));
            for line in lines.into_iter().filter(kept) {
                earlier.entry(line.asked.clone()).or_default().push_back(line);
            }
            let (began, resumed) = (head.began, (!earlier.is_empty()).then_some(now));
            return Ok(Self { path, parts, file, began, resumed, earlier, synced: Instant::now() });
        }
        let mut file = File::create(&path).map_err(Error::file("make", &path))?;
        let head = Head { source: source.clone(), began: now, cursor };
        write(&mut file, &head).map_err(Error::file("write", &path))?;
        Ok(Self { path, parts, file, began: now, resumed: None, earlier: HashMap::new(), synced: Instant::now() })
    }

    /// When the fetch began, before all interruptions.
    pub fn began(&self) -> Timestamp {
        self.began
    }

    /// When it went on, if it was interrupted.
    pub fn resumed(&self) -> Option<Timestamp> {
        self.resumed
    }

    /// Folder for the beginnings of archives.
    pub fn parts(&self) -> PathBuf {
        self.parts.clone()
    }

    /// What was received before in answer to a request, once for each time it was asked.
    pub fn received_before(&mut self, asked: &str, archive: &Archive) -> Option<Earlier> {
        let line = self.earlier.get_mut(asked)?.pop_front()?;
        let body = match line.exchange.object {
            None => None,
            Some(object) => Some(Box::new(archive.open_reader(&object).ok()?) as Box<dyn io::Read>),
        };
        let exchange = Exchange { object: None, carried: None, ..line.exchange };
        Some(Earlier { exchange, headers: line.headers, body })
    }

    /// Writes down an answer that was usable. `exchange` is as recorded, with its object.
    pub fn remember(&mut self, answer: &Usable<'_>, exchange: &Exchange, archive: &Archive) {
        let (asked, headers) = (answer.asked.to_owned(), answer.headers.clone());
        let mut written = write(&mut self.file, &Line { asked, exchange: exchange.clone(), headers });
        if self.synced.elapsed() > DURABLE_EVERY {
            let durable = archive.sync().map_err(io::Error::other);
            written = written.and(durable).and_then(|()| self.file.sync_data());
            self.synced = Instant::now();
        }
        if let Err(error) = written {
            let path = self.path.display();
            tracing::warn!(%path, %error, "what was received cannot be written down; a kill would cost it");
        }
    }

    /// The fetch has been recorded: its log is removed, and beginnings that nobody will go on with.
    pub(super) fn remove(self, and_parts: bool) {
        // What cannot be removed is overwritten or outlived.
        let _ = fs::remove_file(&self.path);
        if and_parts {
            let _ = fs::remove_dir_all(&self.parts);
        }
    }
}

fn write(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    file.write_all(&bytes)
}

/// Head, lines and the length of what is whole.
fn read(path: &Path) -> Option<(Head, Vec<Line>, u64)> {
    let bytes = fs::read(path).ok()?;
    let mut whole = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    let first = whole.next()?;
    let head = serde_json::from_slice(first).ok()?;
    let (mut lines, mut length) = (Vec::new(), first.len());
    for line in whole {
        let Ok(parsed) = serde_json::from_slice(line) else { break };
        lines.push(parsed);
        length += line.len();
    }
    Some((head, lines, length as u64))
}
