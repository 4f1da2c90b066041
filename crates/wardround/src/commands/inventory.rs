//! `release`, `sbom`, `component`.

use anyhow::Result;
use app::inventory;
use serde_json::{Value, json};

use crate::cli::{Component, Release, Sbom};
use crate::context::Context;
use crate::output::{self, Format, List, say};

/// `release`.
pub(crate) fn release(context: &Context, verb: Release) -> Result<()> {
    match verb {
        Release::Add { release } => {
            inventory::add_release(&mut context.write()?, &release, app::PROGRAM)?;
            say(format!(
                "{release} is monitored from now on. Import its SBOM: wardround sbom import FILE --release {release}"
            ))
        }
        Release::List => list_releases(context),
    }
}

fn list_releases(context: &Context) -> Result<()> {
    let workspace = context.read()?;
    let mut list = List::new(&["product", "release", "monitored since", "sbom revision", "next review"]);
    for product in workspace.records.products()? {
        for row in workspace.records.releases(Some(&product.product.id))? {
            let due = app::review::next_due(&workspace, &product.product.id)?;
            list.row([
                json!(product.product.name),
                json!(row.release),
                super::source::moment(Some(row.added)),
                json!(row.sbom_revision),
                json!(due.strftime("%Y-%m-%d").to_string()),
            ]);
        }
    }
    list.show(context.format, "No release is monitored yet: wardround release add PRODUCT@VERSION")
}

/// `sbom`.
pub(crate) fn sbom(context: &Context, verb: Sbom) -> Result<()> {
    match verb {
        Sbom::Import { files, release } => import(context, &files, &release),
        Sbom::List => list_sboms(context),
        Sbom::Show { release } => show_sbom(context, &release),
    }
}

fn import(context: &Context, files: &[std::path::PathBuf], release: &domain::model::product::ReleaseId) -> Result<()> {
    let mut workspace = context.write()?;
    for file in files {
        let imported = inventory::import(&mut workspace, file, release, None)?;
        let revision = &imported.revision;
        if imported.known {
            say(format!(
                "{}: already revision {} of {release}; nothing was changed",
                file.display(),
                revision.revision
            ))?;
            continue;
        }
        say(format!(
            "{}: {}, {} components, revision {} of {release}",
            file.display(),
            revision.format,
            revision.components,
            revision.revision
        ))?;
        for warning in imported.warnings.iter().take(8) {
            say(format!("  {} {}: {}", output::notice("!"), warning.place, warning.reason))?;
        }
        if imported.warnings.len() > 8 {
            say(format!("  {} and {} more", output::notice("!"), imported.warnings.len() - 8))?;
        }
    }
    Ok(())
}

fn list_sboms(context: &Context) -> Result<()> {
    let workspace = context.read()?;
    let mut list = List::new(&["release", "revision", "format", "components", "imported", "file", "sha256"]);
    for row in workspace.records.releases(None)? {
        for sbom in workspace.records.sbom_revisions(&row.release)? {
            let sbom = sbom.value;
            let digest =
                if context.format == Format::Table { sbom.original.short() } else { sbom.original.to_string() };
            list.row([
                json!(sbom.release),
                json!(sbom.revision),
                json!(sbom.format),
                json!(sbom.components),
                super::source::moment(Some(sbom.imported)),
                json!(sbom.file_name),
                json!(digest),
            ]);
        }
    }
    list.show(context.format, "No SBOM has been imported yet.")
}

fn show_sbom(context: &Context, release: &domain::model::product::ReleaseId) -> Result<()> {
    let workspace = context.read()?;
    let Some(sbom) = workspace.records.current_sbom(release)? else {
        return say(format!("{release} has no SBOM yet."));
    };
    let mut list = List::new(&["component", "version", "supplier", "purl", "cpes"]);
    for row in workspace.records.inventory(release, sbom.value.revision)? {
        let component = row.component;
        list.row([
            json!(component.name),
            json!(component.version),
            json!(component.supplier),
            json!(component.purl),
            json!(component.cpes),
        ]);
    }
    list.show(context.format, "The SBOM has no component.")
}

/// `component`.
pub(crate) fn component(context: &Context, verb: Component) -> Result<()> {
    let workspace = context.read()?;
    match verb {
        Component::Find { text } => {
            let mut list = List::new(&["component", "purl", "release", "sbom revision", "in force", "occurrences"]);
            for found in workspace.records.component_find(&text)? {
                list.row([
                    json!(found.label),
                    json!(found.purl),
                    json!(found.release),
                    json!(found.sbom_revision),
                    json!(if found.current { "yes" } else { "no" }),
                    json!(found.occurrences),
                ]);
            }
            list.show(context.format, "No release holds or held such a component.")
        }
        Component::Unidentified => {
            let mut list = List::new(&["release", "component", "supplier"]);
            for row in workspace.records.releases(None)? {
                for (component, supplier) in app::review::gather::unidentified_components(&workspace, &row.release)? {
                    list.row([json!(row.release), json!(component), supplier.map_or(Value::Null, Value::String)]);
                }
            }
            list.show(context.format, "Every component can be identified.")
        }
    }
}
