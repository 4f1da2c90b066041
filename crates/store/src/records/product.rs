//! Queries: products and their releases.

use domain::model::product::{Product, ProductId, ReleaseId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::Records;
use super::error::{Error, Result};
use super::refusal::Refusal;
use super::sql::{all, first};
use crate::journal;

/// A product, in the configuration in force or in an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// The product.
    pub product: Product,
    /// Whether the configuration in force names it.
    pub configured: bool,
}

/// A release under monitoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRow {
    /// The release.
    pub release: ReleaseId,
    /// When it was added: from then on it is monitored.
    pub added: Timestamp,
    /// Number of its current SBOM revision, if it has one.
    pub sbom_revision: Option<u32>,
}

/// The row of a release.
pub(super) fn release_row(connection: &Connection, release: &ReleaseId) -> Result<i64> {
    let select = "SELECT id FROM release WHERE product = ?1 AND version = ?2";
    let row = first(connection, select, params![release.product.0, release.version], |row| Ok(row.get(0)?))?;
    row.ok_or_else(|| Refusal::UnknownRelease(release.clone()).into())
}

/// A release from two columns, product and version.
pub(super) fn release_id(row: &Row<'_>, product: usize) -> Result<ReleaseId> {
    Ok(ReleaseId { product: ProductId(row.get(product)?), version: row.get(product + 1)? })
}

/// When the first release of a product was added.
pub(super) fn monitored_since(connection: &Connection, product: &ProductId) -> Result<Option<Timestamp>> {
    let select =
        "SELECT e.body FROM release r JOIN entry e ON e.seq = r.entry WHERE r.product = ?1 ORDER BY r.id LIMIT 1";
    first(connection, select, [&product.0], |row| Ok(journal::read(&row.get::<_, String>(0)?)?.at))
}

impl Records {
    /// Every product that was ever configured, by name.
    pub fn products(&self) -> Result<Vec<ProductRow>> {
        all(&self.connection, "SELECT id, name, configured FROM product ORDER BY id", [], |row| {
            let product = Product { id: ProductId(row.get(0)?), name: row.get(1)? };
            Ok(ProductRow { product, configured: row.get(2)? })
        })
    }

    /// Releases of one product, or of all, in the order in which they were added.
    pub fn releases(&self, product: Option<&ProductId>) -> Result<Vec<ReleaseRow>> {
        let select = "SELECT r.product, r.version, e.body, s.revision FROM release r JOIN entry e ON e.seq = r.entry
            LEFT JOIN sbom_revision s ON s.release = r.id AND s.current = 1
            WHERE ?1 IS NULL OR r.product = ?1 ORDER BY r.id";
        all(&self.connection, select, [product.map(|product| &product.0)], |row| {
            let added = journal::read(&row.get::<_, String>(2)?)?.at;
            Ok(ReleaseRow { release: release_id(row, 0)?, added, sbom_revision: row.get(3)? })
        })
    }

    /// Whether a release was added.
    pub fn has_release(&self, release: &ReleaseId) -> Result<bool> {
        match release_row(&self.connection, release) {
            Ok(_) => Ok(true),
            Err(Error::Refused(Refusal::UnknownRelease(_))) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// When monitoring of a product began: its first release.
    pub fn monitored_since(&self, product: &ProductId) -> Result<Option<Timestamp>> {
        monitored_since(&self.connection, product)
    }
}
