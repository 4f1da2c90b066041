//! Queries: components across all releases, by key, by identity and by text.

use std::collections::BTreeSet;

use domain::model::product::ReleaseId;
use domain::model::raw::Digest;
use domain::model::sbom::Component;
use rusqlite::{Connection, Row};

use super::Records;
use super::error::Result;
use super::product::release_id;
use super::refusal::Refusal;
use super::sql::{all, first, from_json};

/// Where a component is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentUse {
    /// Identity of the component.
    pub digest: Digest,
    /// How people call it: `log4j-core 2.14.1`.
    pub label: String,
    /// Its purl, if it has one.
    pub purl: Option<String>,
    /// The release.
    pub release: ReleaseId,
    /// Revision of the release's SBOM.
    pub sbom_revision: u32,
    /// Whether that revision is in force.
    pub current: bool,
    /// How often it occurs in it.
    pub occurrences: u64,
}

/// What a search looks at: group, name, version and purl, in lower case.
pub(super) fn search_text(component: &Component) -> String {
    let parts =
        [component.group.as_deref(), Some(&component.name), component.version.as_deref(), component.purl.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The row of a component.
pub(super) fn row(connection: &Connection, digest: &Digest) -> Result<i64> {
    let row = first(connection, "SELECT id FROM component WHERE digest = ?1", [digest.0], |row| Ok(row.get(0)?))?;
    row.ok_or_else(|| Refusal::UnknownComponent(*digest).into())
}

fn component_use(row: &Row<'_>) -> Result<ComponentUse> {
    let component: Component = from_json(&row.get::<_, String>(2)?, "a component")?;
    Ok(ComponentUse {
        digest: Digest(row.get(0)?),
        label: row.get(1)?,
        purl: component.purl,
        release: release_id(row, 3)?,
        sbom_revision: row.get(5)?,
        current: row.get(6)?,
        occurrences: super::sql::uint(row.get(7)?),
    })
}

/// Uses of the components for which a condition holds.
macro_rules! uses {
    ($condition:literal) => {
        concat!(
            "SELECT c.digest, c.label, c.body, r.product, r.version, s.revision, s.current, count(*)
            FROM component c JOIN occurrence o ON o.component = c.id JOIN sbom_revision s ON s.id = o.sbom_revision
            JOIN release r ON r.id = s.release WHERE ",
            $condition,
            " GROUP BY c.id, s.id ORDER BY c.label, c.id, r.product, r.id, s.revision"
        )
    };
}

impl Records {
    /// A component by its identity, without reference.
    pub fn component(&self, digest: &Digest) -> Result<Option<Component>> {
        let select = "SELECT body FROM component WHERE digest = ?1";
        first(&self.connection, select, [digest.0], |row| from_json(&row.get::<_, String>(0)?, "a component"))
    }

    /// Identities of the components that have one of these package keys, sorted.
    ///
    /// Keys are [`domain::index::package_key::PackageKey::hash64`]; two keys with one hash are told apart by matching.
    pub fn components_with_keys(&self, keys: &[u64]) -> Result<Vec<Digest>> {
        let select =
            "SELECT c.digest FROM component_key k JOIN component c ON c.id = k.component WHERE k.key_hash = ?1";
        let mut found = BTreeSet::new();
        for key in keys {
            found.extend(all(&self.connection, select, [key.cast_signed()], |row| Ok(Digest(row.get(0)?)))?);
        }
        Ok(found.into_iter().collect())
    }

    /// The releases whose current SBOM holds a component, sorted.
    pub fn releases_of_component(&self, digest: &Digest) -> Result<Vec<ReleaseId>> {
        let select = "SELECT DISTINCT r.product, r.version FROM component c JOIN occurrence o ON o.component = c.id
            JOIN sbom_revision s ON s.id = o.sbom_revision AND s.current = 1 JOIN release r ON r.id = s.release
            WHERE c.digest = ?1 ORDER BY r.product, r.version";
        all(&self.connection, select, [digest.0], |row| release_id(row, 0))
    }

    /// Where a component is: every release and revision that ever held it.
    pub fn component_uses(&self, digest: &Digest) -> Result<Vec<ComponentUse>> {
        all(&self.connection, uses!("c.digest = ?1"), [digest.0], component_use)
    }

    /// Components whose group, name, version or purl contains `text`, in every release and revision that ever held them.
    /// Upper and lower case are the same.
    pub fn component_find(&self, text: &str) -> Result<Vec<ComponentUse>> {
        all(&self.connection, uses!("instr(c.search, ?1) > 0"), [text.trim().to_lowercase()], component_use)
    }
}
