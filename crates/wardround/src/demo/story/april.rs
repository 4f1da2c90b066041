//! April 2022: CISA's catalogue moves the ground of a closed decision, and the evidence goes out.

use anyhow::{Context as _, Result, ensure};
use app::evidence::{documents, pack, verify, vex};
use domain::assess::work::WorkState;
use domain::model::assessment::Status;
use domain::model::review::ReviewId;
use domain::model::tlp::Tlp;

use super::{GATEWAY, PUMP};
use crate::demo::bench::{Bench, release_id};
use crate::demo::tell::Teller;

const DIRTY_PIPE: &str = "CVE-2022-0847";

/// A KEV addition reopens what was closed in March.
pub(super) fn known_exploited(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("25 April 2022", "exploitation reopens a closed decision")?;
    let days = bench.until("2022-04-25")?;
    let found = bench.finding(DIRTY_PIPE, PUMP)?;
    ensure!(found.row.state == WorkState::Reopened, "see Dirty Pipe reopened");
    tell.say(format!(
        "{} was closed in March with two names under it. Now it is “{}”: {}. The old decision and its approval stay in the \
         history; the review cannot be concluded over it.",
        found.row.id,
        super::words(found.row.state.word()),
        days.detail(found.row.id, "reopened")?
    ))?;
    let action = "Release 2.1.1 brings Linux 5.10.109. Until then keep the service port sealed.";
    bench.judge(
        found.row.id,
        Status::Affected { action: action.to_owned() },
        "Service staff can start a shell over the service port. That was overlooked in March.",
    )?;
    let zlib = bench.finding("CVE-2018-25032", GATEWAY)?;
    let action = "Patch 3 brings Debian's zlib.";
    bench.judge(
        zlib.row.id,
        Status::Affected { action: action.to_owned() },
        "The gateway compresses what it forwards.",
    )?;
    tell.say(format!(
        "Anna looks again, finds the service port, and judges the pump affected. Debian's zlib had appeared in the gateway on \
         1 April ({}, {}); it goes into patch 3.",
        zlib.row.id, zlib.matched.reasons[0].fix.0
    ))
}

/// The review with decisions is sealed; VEX and evidence pack are written and verified.
pub(super) fn evidence(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("29 April 2022", "a review with decisions, VEX, and evidence that can be verified")?;
    bench.until("2022-04-29")?;
    let (id, record) =
        bench.review("Dirty Pipe was reopened and is now judged affected; release 2.1.1 mends three findings.")?;
    tell.say(format!(
        "{id} is signed by both with {} findings, each with records, reasons and decisions, and sealed. Written to evidence/:",
        record.items.len()
    ))?;
    write_record(bench, tell, id)?;
    write_vex(bench, tell)?;
    write_pack(bench, tell, id)?;
    let key = bench.workspace.records.verifier_key().clone();
    let report = bench.workspace.records.verify(&bench.workspace.archive, &key, &[])?;
    ensure!(report.is_sound(), "verify the journal: {}", report.problems.join(" "));
    tell.say(format!(
        "The whole workspace is verified as well: {} entries, {} signed heads, {} archived objects, and {} rows of {} tables \
         computed again from the journal.",
        report.entries, report.heads, report.blobs, report.rows, report.tables
    ))
}

fn write_record(bench: &Bench, tell: &mut Teller<'_>, id: ReviewId) -> Result<()> {
    let documents = documents::documents(&bench.workspace, id)?;
    bench.keep(&format!("{id}.json"), &documents.json)?;
    bench.keep(&format!("{id}.html"), documents.html.as_bytes())?;
    bench.keep(&format!("{id}.pdf"), &documents.pdf)?;
    tell.point(format!("{id}.html, {id}.pdf (PDF/A) and {id}.json: the record; signatures bind to the JSON's digest"))
}

fn write_vex(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    for (release, format, ending) in
        [(GATEWAY, vex::Format::OpenVex, "openvex.json"), (PUMP, vex::Format::CycloneDx, "vex.cdx.json")]
    {
        let id = release_id(release)?;
        let document = vex::export(&mut bench.workspace, &id, format, Tlp::Clear, &bench.anna.user.name)?;
        let name = format!("{}-{}.{ending}", id.product, id.version);
        bench.keep(&name, &document.bytes)?;
        let what = match format {
            vex::Format::OpenVex => "OpenVEX",
            vex::Format::CycloneDx => "CycloneDX VEX",
        };
        let statements = if document.statements == 1 {
            "1 statement".to_owned()
        } else {
            format!("{} statements", document.statements)
        };
        tell.point(format!("{name}: {what}, {statements}, for everybody (TLP:CLEAR)"))?;
    }
    Ok(())
}

fn write_pack(bench: &mut Bench, tell: &mut Teller<'_>, id: ReviewId) -> Result<()> {
    let pack = pack::export(&mut bench.workspace, id, &bench.anna.user.name)?;
    let name = format!("{id}.evidence.zip");
    bench.keep(&name, &pack.bytes)?;
    tell.point(format!(
        "{name}: {} files, among them {} advisories byte by byte as received and {} journal entries with proofs",
        pack.files, pack.inputs, pack.entries
    ))?;
    let key = bench.workspace.records.verifier_key().to_string();
    let verdict = verify::verify(&pack.bytes, &key)?;
    ensure!(verdict.is_sound(), "verify {name}: {}", verdict.problems.join(" "));
    let signed = verdict.holds.iter().find(|sentence| sentence.starts_with("Signed as")).context("read who signed")?;
    tell.say(format!(
        "The pack is sound: {} checks hold, with nothing at hand but the pack and the journal's public key. One of them: \
         “{signed}”",
        verdict.holds.len()
    ))
}
