//! What the last run found out about every component, so that the next one looks at changes only. Derived: may be deleted.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::index::package_key::{KeyKind, keys_of_component};
use domain::matching::{FamilyAnswer, MATCHER_VERSION};
use domain::model::product::ReleaseId;
use domain::model::raw::Digest;
use domain::model::run::Outcome;
use domain::model::sbom::Kind;
use domain::model::source::Family;
use serde::{Deserialize, Serialize};

use super::diff::Evaluated;
use super::freshness::Freshness;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// Everything the last run found out.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Cache {
    matcher: String,
    /// Knowledge the last run used.
    pub(crate) knowledge: Digest,
    pub(crate) components: HashMap<Digest, Verdict>,
    pub(crate) releases: BTreeMap<ReleaseId, CachedRelease>,
}

/// A release and the components of its SBOM in force, in document order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CachedRelease {
    pub(crate) revision: u32,
    pub(crate) sbom: Digest,
    pub(crate) format: String,
    pub(crate) components: Vec<Digest>,
}

/// What matching says about a component, as far as outcomes are concerned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Verdict {
    pub(crate) kind: Kind,
    pub(crate) identified: bool,
    matched: Vec<Family>,
    assessable: Vec<Family>,
    /// OSV ecosystems of its packages, with release suffix: which sources have to be fresh.
    ecosystems: Vec<String>,
}

impl Verdict {
    pub(super) fn of(evaluated: &Evaluated) -> Self {
        let outcomes = &evaluated.matches.outcomes;
        let with = |wanted: fn(&FamilyAnswer) -> bool| {
            outcomes.iter().filter(|(_, outcome)| wanted(outcome)).map(|(family, _)| *family).collect()
        };
        let mut ecosystems: Vec<String> = keys_of_component(&evaluated.component)
            .into_iter()
            .filter(|key| matches!(key.family_hint, KeyKind::Package | KeyKind::DistroPackage))
            .filter_map(|key| key.key.0.split_once('|').map(|(ecosystem, _)| ecosystem.to_owned()))
            .collect();
        ecosystems.sort();
        ecosystems.dedup();
        Self {
            kind: evaluated.component.kind,
            identified: evaluated.matches.identified,
            matched: with(|outcome| matches!(outcome, FamilyAnswer::Assessable { matched: true })),
            assessable: with(|outcome| matches!(outcome, FamilyAnswer::Assessable { .. })),
            ecosystems,
        }
    }

    /// The outcome of a family, given how fresh its sources are.
    pub(super) fn outcome(&self, family: Family, freshness: &Freshness) -> Outcome {
        if self.matched.contains(&family) {
            Outcome::Matched
        } else if !self.assessable.contains(&family) {
            Outcome::NotAssessable
        } else if freshness.allows(family, &self.ecosystems) {
            Outcome::AssessedNoMatch
        } else {
            Outcome::SourceUnavailable
        }
    }
}

impl Cache {
    /// The cache of the last run, or an empty one that makes the next run look at everything.
    pub(crate) fn load(workspace: &Workspace) -> Self {
        let read = || postcard::from_bytes::<Self>(&fs::read(path(workspace)).ok()?).ok();
        read().filter(|cache| cache.matcher == MATCHER_VERSION).unwrap_or_else(|| Self {
            matcher: MATCHER_VERSION.to_owned(),
            knowledge: Digest([0; 32]),
            components: HashMap::new(),
            releases: BTreeMap::new(),
        })
    }

    pub(crate) fn save(&self, workspace: &Workspace) -> Result<()> {
        let bytes =
            postcard::to_allocvec(self).map_err(|error| Error::refused(format!("write the run's cache: {error}")))?;
        replace(&path(workspace), &bytes)
    }
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.dir.join("cache").join("run.bin")
}

/// Replaces a small file as a whole. One that says the same already is left alone: no news costs no write.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(Error::file("make the folder", folder))?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::file("write", path))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(Error::file("write", path))?;
    file.persist(path).map_err(|error| Error::file("write", path)(error.error))?;
    Ok(())
}
