//! January and February 2022: a patch, a bulletin in confidence, and an advisory that is taken back.

use anyhow::{Result, ensure};
use app::bulletin::{self, NewBulletin};
use domain::assess::work::WorkState;
use domain::model::assessment::Status;

use super::{GATEWAY, VIEWER};
use crate::demo::bench::{Bench, detail};
use crate::demo::tell::Teller;

/// A new SBOM revision takes three findings away and says why.
pub(super) fn patch(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("7 January 2022", "a patch, and its SBOM")?;
    bench.until("2022-01-07")?;
    let sbom = bench.import("hospital-gateway-3.0.2-patch1.cdx.xml", GATEWAY)?;
    let run = bench.run_again()?;
    let found = bench.finding("CVE-2021-44228", GATEWAY)?;
    let gone = run.changes.iter().filter(|change| change.kind() == "gone").count();
    tell.say(format!(
        "Patch 1 of the gateway comes with an SBOM of its own, revision {}. {} looks only at what differs ({} of {} \
         components) and takes {gone} findings off the list, {} because {}. They stay readable with every decision.",
        sbom.revision,
        run.run.id,
        run.evaluated.0,
        run.evaluated.1,
        found.row.id,
        detail(&run, found.row.id, "gone")?
    ))
}

/// A bulletin under TLP:AMBER goes on the agenda, and its mark stays on the record.
pub(super) fn bulletin(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("19 January 2022", "a bulletin in confidence")?;
    bench.until("2022-01-19")?;
    let file = bench.received("NHS-2022-007.txt");
    let new = NewBulletin { file: &file, attachments: &[], provider: "Nordic Health Sharing", title: None, tlp: None };
    let added = bulletin::add(&mut bench.workspace, &new, &bench.anna.user.name)?;
    tell.say(format!(
        "Nordic Health Sharing, an ISAC, writes to its members: “{}”. It is kept as B-{}, marked {} as it says itself. It \
         mentions {}. A mention is no match: it goes on the next review's agenda and makes no finding.",
        added.title,
        added.number,
        added.tlp,
        added.mentions.join(" and ")
    ))
}

/// A finding whose only record is withdrawn goes, and the decision on it comes back to be seen.
pub(super) fn withdrawn(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("3 February 2022", "an advisory is withdrawn")?;
    bench.until("2022-01-31")?;
    let pillow = bench.finding("CVE-2022-22817", VIEWER)?;
    let loguru = bench.finding("CVE-2022-0329", VIEWER)?;
    let action = "Update to the next release of the viewer, 5.4.1.";
    bench.judge(pillow.row.id, Status::Affected { action: action.to_owned() }, "Pillow 9.0.0 goes into 5.4.1.")?;
    bench.judge(loguru.row.id, Status::Affected { action: action.to_owned() }, "loguru 0.6.0 goes into 5.4.1.")?;
    let (id, record) =
        bench.review("Two findings in the viewer, both for 5.4.1. Gateways were searched as B-1 recommends.")?;
    tell.say(format!(
        "January ends with two findings in the viewer's Python part: {} in {} and {} in {}. Both are to be mended in 5.4.1. \
         {id} is sealed; since it speaks of the bulletin, its record is marked {}.",
        pillow.row.id, pillow.row.component_label, loguru.row.id, loguru.row.component_label, record.tlp
    ))?;
    let days = bench.until("2022-02-03")?;
    ensure!(bench.finding("CVE-2022-0329", VIEWER)?.row.state == WorkState::Gone, "see the finding on loguru gone");
    days.detail(loguru.row.id, "reopened")?;
    tell.say(format!(
        "Three days later {} is gone: {}. The decision is reopened at the same time, so that the work it caused is \
         cancelled by a person and not forgotten. A withdrawn record never supports a finding; what it said is kept.",
        loguru.row.id,
        days.detail(loguru.row.id, "gone")?
    ))?;
    bench.until("2022-02-28")?;
    let (id, _) = bench.review("loguru is taken out of the plan for 5.4.1. Nothing else moved.")?;
    tell.say(format!("February brings nothing more; {id} is signed and sealed."))
}
