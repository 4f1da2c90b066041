//! What the sources cover of the SBOMs in force.

use domain::model::sbom::Component;
use domain::monitor::coverage::{self, Coverage, Speaker, Watched};

use crate::error::Result;
use crate::workspace::Workspace;

/// Which suppliers and components no source speaks about, over the SBOMs in force of all releases.
pub fn coverage(workspace: &Workspace) -> Result<Coverage> {
    let mut held: Vec<(Component, String)> = Vec::new();
    for row in workspace.records.releases(None)? {
        let Some(sbom) = workspace.records.current_sbom(&row.release)? else { continue };
        let name = row.release.to_string();
        let inventory = workspace.records.inventory(&row.release, sbom.value.revision)?;
        held.extend(inventory.into_iter().map(|row| (row.component, name.clone())));
    }
    let speakers: Vec<Speaker> = workspace
        .config
        .sources
        .iter()
        .map(|source| {
            let fetch = &source.fetch;
            Speaker::new(&fetch.id.0, fetch.kind.name(), &source.part(), &fetch.url)
        })
        .collect();
    let components = held.iter().map(|(component, release)| (component, release.as_str()));
    Ok(coverage::coverage(components, &speakers, &watched(workspace)?))
}

/// What persons watch by hand at present.
fn watched(workspace: &Workspace) -> Result<Vec<Watched>> {
    let watches = workspace.records.watches()?.into_iter().filter(|row| row.ended.is_none());
    Ok(watches
        .map(|row| {
            let watch = row.watch();
            Watched { supplier: watch.supplier.clone(), components: watch.components.clone() }
        })
        .collect())
}
