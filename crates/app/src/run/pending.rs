//! What fetches changed since the last run: key and name hashes, chained by knowledge digests.
//!
//! A derived file. When it does not join the last run's knowledge to the present one, everything is looked at again.

use std::fs;
use std::path::PathBuf;

use domain::model::raw::Digest;
use serde::{Deserialize, Serialize};
use store::knowledge::Commit;

use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// What changed between two states of the knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Delta {
    /// Package key hashes that changed records concern, sorted.
    pub keys: Vec<u64>,
    /// Hashes of changed records' names, sorted.
    pub names: Vec<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Pending {
    since: Digest,
    upto: Digest,
    delta: Delta,
}

/// Adds what a commit changed. `before` is the knowledge it was made on.
pub(crate) fn extend(workspace: &Workspace, before: Digest, commit: &Commit) -> Result<()> {
    let mut pending = load(workspace).filter(|pending| pending.upto == before).unwrap_or_else(|| Pending {
        since: before,
        upto: before,
        delta: Delta::default(),
    });
    pending.upto = commit.digest;
    merge(&mut pending.delta.keys, &commit.changed_keys);
    merge(&mut pending.delta.names, &commit.changed_names);
    let bytes =
        postcard::to_allocvec(&pending).map_err(|error| Error::refused(format!("write what changed: {error}")))?;
    super::cache::replace(&path(workspace), &bytes)
}

/// What changed since a state of the knowledge; none if that cannot be told.
pub(crate) fn since(workspace: &Workspace, knowledge: Digest) -> Option<Delta> {
    let now = workspace.knowledge.digest();
    match load(workspace) {
        Some(pending) if pending.since == knowledge && pending.upto == now => Some(pending.delta),
        _ => (knowledge == now).then(Delta::default),
    }
}

/// Forgets what changed: a run has looked at it.
pub(crate) fn clear(workspace: &Workspace) -> Result<()> {
    let path = path(workspace);
    if path.exists() {
        fs::remove_file(&path).map_err(Error::file("remove", &path))?;
    }
    Ok(())
}

fn load(workspace: &Workspace) -> Option<Pending> {
    postcard::from_bytes(&fs::read(path(workspace)).ok()?).ok()
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.dir.join("cache").join("pending.bin")
}

fn merge(into: &mut Vec<u64>, more: &[u64]) {
    into.extend_from_slice(more);
    into.sort_unstable();
    into.dedup();
}
