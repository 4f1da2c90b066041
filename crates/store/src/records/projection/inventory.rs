//! Releases, SBOM revisions and the components in them.

use std::collections::BTreeSet;

use domain::index::package_key::keys_of_component;
use domain::model::journal::ReleaseAdded;
use domain::model::product::SbomRevision;
use domain::model::raw::Digest;
use domain::model::sbom::{Component, Sbom};
use rusqlite::{Connection, params};
use standards::canonical_json;

use crate::records::blobs::{Blobs, read_json};
use crate::records::error::Result;
use crate::records::refusal::Refusal;
use crate::records::sql::{execute, first, int};
use crate::records::{component, product};

pub(super) fn release_added(connection: &Connection, seq: u64, added: &ReleaseAdded) -> Result<()> {
    let insert = "INSERT INTO release (product, version, entry) VALUES (?1, ?2, ?3)";
    let release = &added.release;
    execute(connection, insert, params![release.product.0, release.version, int(seq)]).map(drop)
}

/// The new revision becomes the current one; earlier ones keep all their rows.
pub(super) fn sbom_imported(connection: &Connection, seq: u64, sbom: &SbomRevision, blobs: &dyn Blobs) -> Result<()> {
    let inventory: Sbom = read_json(blobs, sbom.inventory, "an inventory")?;
    check(sbom, &inventory)?;
    let release = product::release_row(connection, &sbom.release)?;
    execute(connection, "UPDATE sbom_revision SET current = 0 WHERE release = ?1 AND current = 1", [release])?;
    let insert = "INSERT INTO sbom_revision (release, revision, original, inventory, components, current, entry)
        VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)";
    let row = params![release, sbom.revision, sbom.original.0, sbom.inventory.0, int(sbom.components), int(seq)];
    execute(connection, insert, row)?;
    occurrences(connection, connection.last_insert_rowid(), inventory.components)
}

fn check(sbom: &SbomRevision, inventory: &Sbom) -> Result<(), Refusal> {
    if inventory.original != sbom.original {
        let (inventory, found, original) = (sbom.inventory, inventory.original, sbom.original);
        return Err(Refusal::OtherSbom { inventory, found, original });
    }
    let counted = inventory.components.len() as u64;
    if counted != sbom.components {
        return Err(Refusal::Count { what: "components".to_owned(), stated: sbom.components, counted });
    }
    Ok(())
}

fn occurrences(connection: &Connection, revision: i64, components: Vec<Component>) -> Result<()> {
    let insert = "INSERT INTO occurrence (sbom_revision, ordinal, component, reference) VALUES (?1, ?2, ?3, ?4)";
    for (ordinal, mut component) in components.into_iter().enumerate() {
        let reference = std::mem::take(&mut component.reference);
        let id = identity(connection, &component)?;
        execute(connection, insert, params![revision, int(ordinal as u64), id, reference])?;
    }
    Ok(())
}

/// The row of a component without reference; a component seen for the first time gets one, with its keys.
fn identity(connection: &Connection, component: &Component) -> Result<i64> {
    let body = canonical_json::to_string(component)?;
    let digest = Digest::of(body.as_bytes());
    let known = "SELECT id FROM component WHERE digest = ?1";
    if let Some(id) = first(connection, known, [digest.0], |row| Ok(row.get(0)?))? {
        return Ok(id);
    }
    let insert = "INSERT INTO component (digest, label, search, body) VALUES (?1, ?2, ?3, ?4)";
    execute(connection, insert, params![digest.0, component.label(), component::search_text(component), body])?;
    let id = connection.last_insert_rowid();
    let insert = "INSERT INTO component_key (key_hash, component) VALUES (?1, ?2)";
    for hash in keys_of_component(component).iter().map(|found| found.key.hash64()).collect::<BTreeSet<_>>() {
        execute(connection, insert, params![hash.cast_signed(), id])?;
    }
    Ok(id)
}
