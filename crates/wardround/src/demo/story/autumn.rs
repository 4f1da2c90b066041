//! November 2021: three products come under watch, and a month brings nothing that applies.

use anyhow::{Context as _, Result, ensure};
use app::evidence::documents;
use domain::matching::{self, Policy, Verdict};
use domain::model::run::OutcomeTotals;
use domain::model::source::Family;
use store::records::FindingFilter;

use super::{GATEWAY, PUMP, VIEWER, people};
use crate::demo::bench::{Bench, release_id};
use crate::demo::tell::Teller;

/// Set-up: people, releases, SBOMs, the first fetch, the first run, and what nobody can identify.
pub(super) fn three_products(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("3 November 2021", "three products come under watch")?;
    tell.say(format!("The people: {}.", people().join(" and ")))?;
    let sboms = [
        (PUMP, "infusion-pump-2.1.0.cdx.json", "Yocto Linux, CPEs only"),
        (VIEWER, "imaging-viewer-5.4.0.spdx.json", "npm and Python packages"),
        (GATEWAY, "hospital-gateway-3.0.2.cdx.xml", "Debian 11 and Java"),
    ];
    bench.add_releases(&[PUMP, VIEWER, GATEWAY])?;
    for (release, file, what) in sboms {
        let sbom = bench.import(file, release)?;
        tell.point(format!("{release}: {}, {} components, {what}", sbom.format, sbom.components))?;
    }
    let days = bench.first_day()?;
    let day = days.last();
    let run = &day.run.run;
    ensure!(
        bench.workspace.records.findings(&FindingFilter::default())?.is_empty(),
        "begin the story without findings"
    );
    let mut totals = OutcomeTotals::default();
    for of_family in run.releases.iter().flat_map(|release| release.totals.values()) {
        totals.matched += of_family.matched;
        totals.assessed_no_match += of_family.assessed_no_match;
        totals.not_assessable += of_family.not_assessable;
        totals.source_unavailable += of_family.source_unavailable;
    }
    tell.say(format!(
        "{} sources bring {} records. {} then asks every family of sources about every component and finds nothing. It \
         keeps what silence means: {} times looked up in fresh data without a match, {} times the family knows no such \
         kind of component.",
        day.syncs.len(),
        day.news(),
        run.id,
        totals.assessed_no_match,
        totals.not_assessable
    ))?;
    ensure!(
        run.releases.iter().map(|release| release.unidentified).sum::<u64>() == 1,
        "leave one component unidentified"
    );
    let nobody = app::review::gather::unidentified_components(&bench.workspace, &release_id(PUMP)?)?;
    let (label, supplier) = nobody.first().context("find the component that nobody can identify")?;
    tell.say(format!(
        "One component cannot be looked up anywhere: {label} of {} has neither purl nor CPE. No finding about it will ever \
         appear by itself, so every review names it until somebody identifies or watches it.",
        supplier.as_deref().unwrap_or("an unnamed supplier")
    ))
}

/// A month without news that apply, and the review that says so.
pub(super) fn nothing_new(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("30 November 2021", "a review with nothing new")?;
    bench.until("2021-11-30")?;
    let inventory = bench.workspace.records.inventory(&release_id(PUMP)?, 1)?;
    let busybox =
        inventory.into_iter().find(|row| row.component.name == "busybox").context("find busybox in the pump")?;
    let told = matching::explain(&busybox.component, "CVE-2021-42386", &bench.workspace.knowledge, &Policy::default());
    let verdict = told.vulnerabilities.first().context("hear what is said about busybox")?;
    ensure!(verdict.verdict == Verdict::NotAffected, "see that the pump's busybox is not affected");
    let nvd = verdict.records.iter().find(|record| record.family == Family::Nvd).context("hear what NVD says")?;
    let said = &nvd.statements.first().context("hear what NVD says about busybox")?.reason;
    tell.say(format!(
        "Nine sources are asked every week, and every component is held against what they bring. On 16 November NVD \
         publishes {} in BusyBox. It concerns {}; the pump ships {}. That is no finding, and can be shown to be none.",
        nvd.record, said.range, said.version
    ))?;
    let (id, record) = bench.review("Nothing new applies. The motor controller's supplier is asked for a CPE.")?;
    let statement = record.nil_statement.as_deref().context("read the statement that nothing applies")?;
    tell.say(format!("Anna performs and signs {id}, Ben approves and signs it, it is sealed. Its record states:"))?;
    tell.quote(statement)?;
    let documents = documents::documents(&bench.workspace, id)?;
    bench.keep(&format!("{id}.html"), documents.html.as_bytes())?;
    bench.keep(&format!("{id}.pdf"), &documents.pdf)
}
