//! Products, releases and SBOMs: what the maker ships.

use std::path::Path;

use domain::model::journal::{Event, ReleaseAdded};
use domain::model::product::{ReleaseId, SbomRevision};
use domain::model::raw::Warning;
use domain::model::sbom::Sbom;
use domain::normalise::sbom;

use crate::PROGRAM;
use crate::config::fault::suggestion;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// Largest SBOM that is read: real ones stay far below, and a hostile one must not fill the memory.
const LARGEST_SBOM: u64 = 1 << 30;

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// The revision: new, or the one that was there.
    pub revision: SbomRevision,
    /// What the reader could not take as it stands.
    pub warnings: Vec<Warning>,
    /// Whether the same bytes had been imported for this release before: nothing was changed then.
    pub known: bool,
}

/// Adds a release to be monitored. Its product has to be configured.
pub fn add_release(workspace: &mut Workspace, release: &ReleaseId, actor: &str) -> Result<()> {
    if workspace.config.product(&release.product).is_none() {
        let known: Vec<&str> = workspace.config.products.iter().map(|product| product.id.0.as_str()).collect();
        return Err(Error::refused(format!(
            "add {release}: {} is not a product in wardround.toml{}",
            release.product,
            suggestion(&release.product.0, &known)
        )));
    }
    workspace.append(actor, Event::ReleaseAdded(ReleaseAdded { release: release.clone() }))?;
    Ok(())
}

/// Reads an SBOM file of any supported format.
pub fn read_sbom(path: &Path) -> Result<(Vec<u8>, Sbom, Vec<Warning>)> {
    let size = path.metadata().map_err(Error::file("read", path))?.len();
    if size > LARGEST_SBOM {
        return Err(Error::Sbom {
            file: path.display().to_string(),
            reason: format!("it has {size} bytes, the limit is {LARGEST_SBOM}"),
        });
    }
    let bytes = std::fs::read(path).map_err(Error::file("read", path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unreadable = |error: sbom::Unreadable| {
        let place = if error.place.is_empty() { String::new() } else { format!(" ({})", error.place) };
        Error::Sbom { file: path.display().to_string(), reason: format!("{}{place}", error.reason) }
    };
    let read = sbom::read(&bytes, &name).map_err(unreadable)?;
    Ok((bytes, read.value, read.warnings))
}

/// Imports an SBOM for a release. The original bytes are kept; the same bytes twice change nothing.
pub fn import(workspace: &mut Workspace, path: &Path, release: &ReleaseId, actor: Option<&str>) -> Result<Imported> {
    let (bytes, sbom, warnings) = read_sbom(path)?;
    if !workspace.records.has_release(release)? {
        let known: Vec<String> =
            workspace.records.releases(None)?.into_iter().map(|row| row.release.to_string()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        return Err(Error::refused(format!(
            "import {} for {release}: there is no such release{}; add it with `wardround release add {release}`",
            path.display(),
            suggestion(&release.to_string(), &known)
        )));
    }
    if let Some(known) = workspace.records.sbom_by_original(release, &sbom.original)? {
        return Ok(Imported { revision: known.value, warnings, known: true });
    }
    let original = workspace.archive.put(&bytes)?;
    let inventory = workspace.archive_json(&sbom)?;
    let revision = workspace.records.sbom_revisions(release)?.last().map_or(0, |last| last.value.revision) + 1;
    let revision = SbomRevision {
        release: release.clone(),
        revision,
        original,
        inventory,
        file_name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        format: sbom.format,
        components: sbom.components.len() as u64,
        imported: workspace.now(),
    };
    workspace.append(actor.unwrap_or(PROGRAM), Event::SbomImported(revision.clone()))?;
    Ok(Imported { revision, warnings, known: false })
}
