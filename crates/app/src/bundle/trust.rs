//! Whose signature counts: the key that a person named at the first import of a journal's bundles, and no other since.
//!
//! The journal is the authority: every import records the key. `keys/trusted/NAME.pub` holds a copy for people.

use std::fs;
use std::path::{Path, PathBuf};

use standards::tlog::VerifierKey;

use super::container::refused;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// The key for bundles of the journal called `name`.
pub(super) fn key(workspace: &Workspace, name: &str, given: Option<&Path>) -> Result<VerifierKey> {
    let given = given.map(read).transpose()?;
    let own = workspace.records.verifier_key();
    if own.name() == name {
        return Err(refused("this workspace exported it"));
    }
    let pinned = match recorded(workspace, name)? {
        Some(key) => Some((key, "earlier imports")),
        None => pinned(workspace, name)?.map(|key| (key, "keys/trusted")),
    };
    match (pinned, given) {
        (Some((pinned, place)), Some(given)) if pinned != given => Err(refused(&format!(
            "the key given is {given}, but bundles of {name} are signed by {pinned}, as {place} say"
        ))),
        (Some((pinned, _)), _) => Ok(pinned),
        (None, Some(given)) if given.name() == name => Ok(given),
        (None, Some(given)) => {
            Err(refused(&format!("it claims to come from {name}, and the key given is the one of {}", given.name())))
        }
        (None, None) => Err(refused(&format!(
            "no key of {name} is trusted here yet; get its journal.pub by another way than the bundle and name it with --key"
        ))),
    }
}

/// The key that earlier imports recorded.
fn recorded(workspace: &Workspace, name: &str) -> Result<Option<VerifierKey>> {
    let bundles = workspace.records.bundles()?;
    let keys = bundles.iter().rev().filter_map(|bundle| bundle.value.origin.parse::<VerifierKey>().ok());
    Ok(keys.into_iter().find(|key| key.name() == name))
}

fn pinned(workspace: &Workspace, name: &str) -> Result<Option<VerifierKey>> {
    let path = path(workspace, name);
    if path.exists() { read(&path).map(Some) } else { Ok(None) }
}

/// Keeps a copy of a key that an import recorded.
pub(super) fn pin(workspace: &Workspace, key: &VerifierKey) -> Result<()> {
    let path = path(workspace, key.name());
    if path.exists() && read(&path).is_ok_and(|pinned| pinned == *key) {
        return Ok(());
    }
    let folder = workspace.dir.join("keys/trusted");
    fs::create_dir_all(&folder).map_err(Error::file("make the folder", &folder))?;
    fs::write(&path, format!("{key}\n")).map_err(Error::file("write", &path))
}

/// A file for a key's name, which may hold anything but white space.
fn path(workspace: &Workspace, name: &str) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    workspace.dir.join("keys/trusted").join(format!("{}.pub", name.chars().map(plain).collect::<String>()))
}

fn read(path: &Path) -> Result<VerifierKey> {
    let text = fs::read_to_string(path).map_err(Error::file("read", path))?;
    text.trim().parse().map_err(|error| Error::refused(format!("read the key in {}: {error}", path.display())))
}
