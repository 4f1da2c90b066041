//! Queries: SBOM revisions and what is in them.

use domain::model::journal::Event;
use domain::model::product::{ReleaseId, SbomRevision};
use domain::model::raw::Digest;
use domain::model::sbom::Component;
use rusqlite::{Connection, Params, params};

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::product::release_row;
use super::sql::{all, from_json};

/// One entry of an SBOM revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryRow {
    /// Identity of the component; the same component may occur more than once.
    pub digest: Digest,
    /// The component, with the reference that this SBOM gives it.
    pub component: Component,
}

fn revisions(connection: &Connection, filter: &str, params: impl Params) -> Result<Vec<Recorded<SbomRevision>>> {
    let select = format!(
        "SELECT e.body FROM sbom_revision s JOIN entry e ON e.seq = s.entry WHERE s.release = ?1 {filter} ORDER BY s.revision"
    );
    recorded(connection, &select, params, |event| match event {
        Event::SbomImported(sbom) => Some(sbom),
        _ => None,
    })
}

impl Records {
    /// Every SBOM revision of a release, oldest first.
    pub fn sbom_revisions(&self, release: &ReleaseId) -> Result<Vec<Recorded<SbomRevision>>> {
        revisions(&self.connection, "", [release_row(&self.connection, release)?])
    }

    /// The revision in force.
    pub fn current_sbom(&self, release: &ReleaseId) -> Result<Option<Recorded<SbomRevision>>> {
        let row = release_row(&self.connection, release)?;
        Ok(revisions(&self.connection, "AND s.current = 1", [row])?.pop())
    }

    /// The revision with the same original bytes, if they were imported for the release before.
    pub fn sbom_by_original(&self, release: &ReleaseId, digest: &Digest) -> Result<Option<Recorded<SbomRevision>>> {
        let row = release_row(&self.connection, release)?;
        Ok(revisions(&self.connection, "AND s.original = ?2", params![row, digest.0])?.pop())
    }

    /// The components of a revision, in document order.
    pub fn inventory(&self, release: &ReleaseId, revision: u32) -> Result<Vec<InventoryRow>> {
        let select = "SELECT c.digest, c.body, o.reference FROM sbom_revision s
            JOIN occurrence o ON o.sbom_revision = s.id JOIN component c ON c.id = o.component
            WHERE s.release = ?1 AND s.revision = ?2 ORDER BY o.ordinal";
        let row = release_row(&self.connection, release)?;
        all(&self.connection, select, params![row, revision], |row| {
            let mut component: Component =
                from_json(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?, "a component")?;
            component.reference = row.get(2)?;
            Ok(InventoryRow { digest: Digest(row.get(0)?), component })
        })
    }
}
