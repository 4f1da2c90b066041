//! A folder of mails (`.eml`), filled by whoever receives them. No network: `url` is the folder's, `file:///…`.
//!
//! Messages that were not there last time are taken in, several together as one tar with their names. A message that has left the
//! folder stays known: moving old ones away keeps the cursor short.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use domain::clock::Clock;
use domain::model::source::{Exchange, FetchOutcome};
use domain::normalise::Format;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::config::SourceConfig;
use crate::delivery::{ArchiveKind, Content, End, Received, Sink};
use crate::unpack::has_ending;

/// Levels of folders that are looked through.
const DEEPEST: usize = 16;

/// Bytes of the hash by which a message is known: two of ten thousand are confused once in millions of folders.
const HASH: usize = 6;

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// Hashes of name, size and date of every message in the folder, one after the other, base64.
    messages: String,
}

/// Takes in the messages that are new in the source's folder.
pub(crate) fn run(config: &SourceConfig, cursor: Option<&str>, clock: &dyn Clock, sink: &mut dyn Sink) -> End {
    let end = |outcome, owed, cursor| End {
        outcome,
        owed,
        cursor,
        stated: None,
        data_timestamp: None,
        full_set: false,
        checks: Vec::new(),
    };
    let previous = cursor.map(str::to_owned);
    let folder =
        Url::parse(&config.url).ok().filter(|url| url.scheme() == "file").and_then(|url| url.to_file_path().ok());
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        let sentence = format!("{} is no folder of mails: an address like file:///srv/mails is needed.", config.url);
        return end(FetchOutcome::Failed, vec![sentence], previous);
    };
    let known: Cursor = cursor.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let known = known.hashes();
    let mut found = Found::default();
    look(&folder, 0, &mut found);
    found.messages.sort();
    let new: Vec<&Message> = found.messages.iter().filter(|message| !known.contains(&message.hash)).collect();
    let mut owed = found.unread;
    let mut taken_in = 0;
    match take(&folder, &new, clock, sink) {
        Ok(taken) if taken.quarantined > 0 => {
            owed.push(format!(
                "{} messages of {} could not be read and set aside.",
                taken.quarantined,
                folder.display()
            ));
            taken_in = taken.records;
        }
        Ok(taken) => taken_in = taken.records,
        Err(reason) => owed.push(format!("The messages of {} {reason}.", folder.display())),
    }
    let outcome = match (owed.is_empty(), taken_in) {
        (true, _) => FetchOutcome::Ok,
        (false, 0) => FetchOutcome::Failed,
        (false, _) => FetchOutcome::Incomplete,
    };
    let now = Cursor::of(&found.messages);
    // What is owed is read again next time.
    let cursor = if owed.is_empty() { serde_json::to_string(&now).ok().or(previous) } else { previous };
    end(outcome, owed, cursor)
}

/// A message in the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Message {
    path: PathBuf,
    hash: [u8; HASH],
}

#[derive(Default)]
struct Found {
    messages: Vec<Message>,
    unread: Vec<String>,
}

/// Looks through a folder. Symbolic links are not followed.
fn look(folder: &Path, depth: usize, found: &mut Found) {
    let entries = match folder.read_dir() {
        Ok(_) if depth > DEEPEST => return found.unread.push(format!("{} lies too deep.", folder.display())),
        Ok(entries) => entries,
        Err(error) => return found.unread.push(format!("{} could not be read: {error}.", folder.display())),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => look(&path, depth + 1, found),
            Ok(metadata) if metadata.is_file() && has_ending(&path.to_string_lossy(), "eml") => {
                found.messages.push(Message { hash: hash(&path, &metadata), path });
            }
            Ok(_) => {}
            Err(error) => found.unread.push(format!("{} could not be read: {error}.", path.display())),
        }
    }
}

fn hash(path: &Path, metadata: &std::fs::Metadata) -> [u8; HASH] {
    let changed = metadata.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let mut sha = Sha256::new();
    sha.update(path.as_os_str().as_encoded_bytes());
    sha.update(metadata.len().to_le_bytes());
    sha.update(changed.map_or(0, |at| at.as_nanos()).to_le_bytes());
    let digest = sha.finalize();
    std::array::from_fn(|index| digest[index])
}

impl Cursor {
    fn of(messages: &[Message]) -> Self {
        let bytes: Vec<u8> = messages.iter().flat_map(|message| message.hash).collect();
        Self { messages: STANDARD_NO_PAD.encode(bytes) }
    }

    fn hashes(&self) -> BTreeSet<[u8; HASH]> {
        let bytes = STANDARD_NO_PAD.decode(&self.messages).unwrap_or_default();
        bytes.as_chunks().0.iter().copied().collect()
    }
}

/// Hands the new messages over: one as it is, several as one tar.
fn take(
    folder: &Path,
    new: &[&Message],
    clock: &dyn Clock,
    sink: &mut dyn Sink,
) -> Result<crate::delivery::Taken, String> {
    let packed;
    let (from, body, content) = match new {
        [] => return Ok(crate::delivery::Taken::default()),
        [message] => (message.path.as_path(), message.path.as_path(), Content::Document(Format::Mail)),
        _ => {
            packed = tar_of(folder, new).map_err(|error| format!("could not be packed: {error}"))?;
            (folder, packed.path(), Content::Archive(Format::Mail, ArchiveKind::Tar))
        }
    };
    let exchange = Exchange {
        from: from.display().to_string(),
        at: clock.now(),
        status: 0,
        etag: None,
        last_modified: None,
        bytes: body.metadata().map_or(0, |metadata| metadata.len()),
        object: None,
        carried: None,
        tlp: None,
    };
    sink.take(Received { exchange, body, content }).map_err(|reason| reason.to_string())
}

/// The same messages always make the same bytes: names in order, no times, no owners.
fn tar_of(folder: &Path, messages: &[&Message]) -> io::Result<tempfile::NamedTempFile> {
    let file = tempfile::Builder::new().prefix("wardround-spool-").tempfile()?;
    let mut builder = tar::Builder::new(io::BufWriter::new(file.as_file()));
    for message in messages {
        let name = message.path.strip_prefix(folder).unwrap_or(&message.path);
        let bytes = std::fs::read(&message.path)?;
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, bytes.as_slice())?;
    }
    builder.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file)
}
