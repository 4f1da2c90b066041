//! `source coverage`: what no source speaks about.

use std::process::ExitCode;

use anyhow::Result;
use app::evidence::page::counted;
use app::monitor::{self, SourceReport};
use domain::model::source::SourceState;
use domain::monitor::coverage::{Coverage, Supplier};
use serde_json::json;

use crate::context::Context;
use crate::exit;
use crate::output::{self, Format, say};

/// Lines of each list that people are shown; programs get all.
const SHOWN: usize = 40;

pub(super) fn coverage(context: &Context) -> Result<ExitCode> {
    let workspace = context.read()?;
    let coverage = monitor::coverage(&workspace)?;
    let mut reports = monitor::reports(&workspace)?;
    reports.retain(|report| report.status.state != SourceState::Ok);
    let totals = coverage.totals;
    if context.format == Format::Table {
        table(&coverage, &reports)?;
    } else {
        let sources: Vec<_> = reports
            .iter()
            .map(|report| {
                let status = &report.status;
                json!({ "source": status.source, "state": status.state.word(), "why": status.why })
            })
            .collect();
        let value = json!({
            "totals": totals,
            "suppliers": coverage.suppliers,
            "suppliers_without_source_or_watch": without(&coverage).map(|one| &one.name).collect::<Vec<_>>(),
            "sources_without_fresh_data": sources,
            "ecosystems_without_source": coverage.ecosystems_without_source,
            "components_without_identity_or_watch": coverage.bare,
        });
        output::value(&value, context.format)?;
    }
    let covered = totals.suppliers_without == 0
        && totals.without_source == 0
        && totals.without_identity_or_watch == 0
        && reports.is_empty();
    Ok(if covered { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}

fn without(coverage: &Coverage) -> impl Iterator<Item = &Supplier> {
    coverage.suppliers.iter().filter(|supplier| supplier.sources.is_empty() && !supplier.watched)
}

fn table(coverage: &Coverage, reports: &[SourceReport]) -> Result<()> {
    let totals = &coverage.totals;
    say(format!(
        "{}: {} served by a source, {} watched by hand, {} identified without a source, {} with neither identity nor watch.",
        number(totals.components, "component"),
        totals.served,
        totals.watched,
        totals.without_source,
        totals.without_identity_or_watch
    ))?;
    say(format!(
        "{}: {} with a source, {} watched by hand, {} with neither.",
        number(totals.suppliers, "supplier"),
        totals.suppliers_with_source,
        totals.suppliers_watched,
        totals.suppliers_without
    ))?;
    section(
        "Suppliers without source and watch",
        without(coverage).map(|one| {
            let more = if one.components > one.examples.len() as u64 { " …" } else { "" };
            format!("{}: {} ({}{more})", one.name, number(one.components, "component"), one.examples.join(", "))
        }),
        "Set up a watch (wardround watch add) or add a source (wardround source add).",
    )?;
    section(
        "Sources without fresh data",
        reports.iter().map(|report| {
            let status = &report.status;
            format!("{}: {}, {}", status.source, status.state.word(), status.why)
        }),
        "wardround source sync",
    )?;
    section(
        "Ecosystems that no source brings",
        coverage
            .ecosystems_without_source
            .iter()
            .map(|(name, count)| format!("{name}: {}", number(*count, "component"))),
        "wardround source add osv --id osv:NAME --ecosystem NAME …",
    )?;
    section(
        "Components with neither identity nor watch",
        coverage.bare.iter().map(|bare| {
            let supplier = bare.supplier.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
            format!("{}{supplier}, in {}", bare.component, bare.releases.join(", "))
        }),
        "Give them a purl or CPE in the SBOM, or watch their supplier.",
    )
}

fn section(heading: &str, lines: impl Iterator<Item = String>, remedy: &str) -> Result<()> {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    say(format!("\n{}", output::heading(heading)))?;
    for line in lines.iter().take(SHOWN) {
        output::paragraph(2, line)?;
    }
    if lines.len() > SHOWN {
        say(format!("  … and {} more; --format json lists all.", lines.len() - SHOWN))?;
    }
    say(format!("  {}", output::faint(remedy)))
}

fn number(count: u64, one: &str) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), one)
}
