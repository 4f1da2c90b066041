//! Bundles from across an air gap: a person answers for each, and for every hole that was gone over.

use domain::model::journal::BundleImported;
use rusqlite::Connection;

use super::person;
use crate::records::error::Result;
use crate::records::refusal::Refusal;

pub(super) fn imported(connection: &Connection, actor: &str, bundle: &BundleImported) -> Result<()> {
    person(connection, actor, actor)?;
    match bundle.holes.iter().find(|hole| hole.reason.trim().is_empty()) {
        Some(hole) => Err(Refusal::HoleReason(hole.source.clone()).into()),
        None => Ok(()),
    }
}
