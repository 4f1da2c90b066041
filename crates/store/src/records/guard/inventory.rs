//! Releases and SBOMs: no duplicates, no gaps in numbers, nothing about unknown products.

use domain::model::product::{ReleaseId, SbomRevision};
use rusqlite::{Connection, params};

use crate::records::error::Result;
use crate::records::product::release_row;
use crate::records::refusal::Refusal;
use crate::records::sql::{exists, first};

pub(super) fn release_added(connection: &Connection, release: &ReleaseId) -> Result<()> {
    if !exists(connection, "SELECT 1 FROM product WHERE id = ?1", [&release.product.0])? {
        return Err(Refusal::UnknownProduct(release.product.clone()).into());
    }
    let there = "SELECT 1 FROM release WHERE product = ?1 AND version = ?2";
    if exists(connection, there, [&release.product.0, &release.version])? {
        return Err(Refusal::ReleaseExists(release.clone()).into());
    }
    Ok(())
}

pub(super) fn sbom_imported(connection: &Connection, sbom: &SbomRevision) -> Result<()> {
    let release = release_row(connection, &sbom.release)?;
    let same = "SELECT revision FROM sbom_revision WHERE release = ?1 AND original = ?2";
    if let Some(revision) = first(connection, same, params![release, sbom.original.0], |row| Ok(row.get(0)?))? {
        return Err(Refusal::SbomExists { release: sbom.release.clone(), revision, original: sbom.original }.into());
    }
    let last = "SELECT max(revision) FROM sbom_revision WHERE release = ?1";
    let last: Option<u32> = first(connection, last, [release], |row| Ok(row.get(0)?))?.flatten();
    let (given, next) = (u64::from(sbom.revision), u64::from(last.unwrap_or(0)) + 1);
    if given == next { Ok(()) } else { Err(Refusal::Number { what: "an SBOM revision", given, next }.into()) }
}
