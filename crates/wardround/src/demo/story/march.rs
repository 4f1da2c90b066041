//! March 2022: a decision that needs two people, a feed that dies, and a fix that is older than upstream's.

use anyhow::{Context as _, Result, ensure};
use domain::assess::work::WorkState;
use domain::matching::{self, Policy, Verdict};
use domain::model::assessment::{Justification, Status};
use domain::model::source::{Family, SourceState};

use super::{GATEWAY, PUMP, VIEWER};
use crate::demo::bench::{Bench, Day, release_id};
use crate::demo::tell::Teller;

const OPENSSL: &str = "CVE-2022-0778";

/// "Not affected" counts only once a second person has approved it.
pub(super) fn dirty_pipe(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("11 March 2022", "“not affected” needs two people")?;
    bench.until("2022-03-07")?;
    bench.upstream.kill("debian");
    bench.until_without("2022-03-11", Some("debian"))?;
    let found = bench.finding("CVE-2022-0847", PUMP)?;
    tell.say(
        "Dirty Pipe lets a local user of Linux become root. The pump has nothing but CPEs, so NVD's ranges decide:",
    )?;
    tell.reason(&found)?;
    let status = Status::NotAffected {
        justification: Justification::VulnerableCodeCannotBeControlledByAdversary,
        impact: Some("The pump runs signed programs only and has no account to log in to.".to_owned()),
    };
    bench.judge(
        found.row.id,
        status,
        "No shell, no local users, all programs signed: nobody can run code on the pump.",
    )?;
    let waiting = bench.finding("CVE-2022-0847", PUMP)?.row.state;
    bench.approve(found.row.id)?;
    let state = bench.finding("CVE-2022-0847", PUMP)?.row.state;
    ensure!(state == WorkState::NotAffected, "see Dirty Pipe closed");
    tell.say(format!(
        "Anna: no local users, signed programs only, an adversary cannot control the code. Until Ben agrees the finding is \
         “{}”, and VEX says under investigation; with his approval it is “{}”.",
        super::words(waiting.word()),
        super::words(state.word())
    ))
}

/// Debian's tracker is down for a week. Silence of a dead source is not read as "nothing applies".
pub(super) fn dead_feed(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("16 March 2022", "a feed has been dead for a week")?;
    let days = bench.until_without("2022-03-16", Some("debian"))?;
    let day = days.last();
    let pump = bench.finding(OPENSSL, PUMP)?;
    let (unavailable, state) = debian(day)?;
    ensure!(state == SourceState::Failed && unavailable > 0, "see Debian's tracker failed");
    ensure!(bench.finding(OPENSSL, GATEWAY).is_err(), "see that nobody can say anything about the gateway's OpenSSL");
    tell.say(format!(
        "Debian's tracker has answered 503 since 8 March; its data are older now than its limit allows. On 15 March an \
         endless loop in OpenSSL is published. {} finds it in the pump ({}, {} in {}) and says about {unavailable} Debian \
         packages of the gateway: source unavailable. It does not say that nothing applies.",
        day.run.run.id, pump.row.id, pump.matched.reasons[0].version, pump.matched.reasons[0].range
    ))?;
    bench.upstream.revive();
    let days = bench.until("2022-03-19")?;
    let day = days.last();
    let caught_up = &day.fetch("debian")?.fetch;
    let gateway = bench.finding(OPENSSL, GATEWAY)?;
    tell.say(format!(
        "On 19 March the tracker is back. One fetch brings what was missed ({} new record), and {} finds the gateway:",
        caught_up.counts.new, day.run.run.id
    ))?;
    tell.reason(&gateway)?;
    tell.say(
        "The gap from 7 to 19 March, its reason and how it was closed will stand in the month's review as a deviation.",
    )
}

/// What the last run says about Debian: packages it cannot speak about, and the state of the source.
fn debian(day: &Day) -> Result<(u64, SourceState)> {
    let run = &day.run.run;
    let status =
        run.sources.iter().find(|status| status.source.0 == "debian").context("find Debian's tracker in the run")?;
    let unavailable = run.releases.iter().filter_map(|release| release.totals.get(&Family::OsVendor));
    Ok((unavailable.map(|totals| totals.source_unavailable).sum(), status.state))
}

/// Debian's fix has a lower upstream version than upstream's, and counts all the same.
pub(super) fn vendor_fix(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("24 March 2022", "a fix that is not upstream's")?;
    bench.until("2022-03-24")?;
    let before = bench.finding(OPENSSL, GATEWAY)?;
    let sbom = bench.import("hospital-gateway-3.0.2-patch2.cdx.xml", GATEWAY)?;
    bench.run_again()?;
    ensure!(bench.finding(OPENSSL, GATEWAY)?.row.state == WorkState::Gone, "see the gateway's OpenSSL mended");
    let inventory = bench.workspace.records.inventory(&release_id(GATEWAY)?, sbom.revision)?;
    let ssl =
        inventory.into_iter().find(|row| row.component.name == "libssl1.1").context("find OpenSSL in the gateway")?;
    let told = matching::explain(&ssl.component, OPENSSL, &bench.workspace.knowledge, &Policy::default());
    let now = told.vulnerabilities.first().context("hear what is said about OpenSSL")?;
    ensure!(now.verdict == Verdict::NotAffected, "see that Debian's fix counts");
    tell.say(format!(
        "Upstream mends OpenSSL in 1.1.1n, Debian in {}. Patch 2 of the gateway brings Debian's package, and {} is gone \
         although 1.1.1k is older than 1.1.1n: for a Debian package Debian's word counts, in Debian's order of versions.",
        before.matched.reasons[0].fix.0.trim_start_matches("fixed in "),
        before.row.id
    ))?;
    tell.line("now", format!("{}: {}", ssl.component.label(), now.because))?;
    tell.say("The pump builds OpenSSL 1.1.1l itself. For it upstream's range holds, and it stays affected.")?;
    let pump = bench.finding(OPENSSL, PUMP)?.row.id;
    let action = "Release 2.1.1 brings OpenSSL 1.1.1n. Until then connect the pump to its own server only.";
    bench.judge(pump, Status::Affected { action: action.to_owned() }, "The pump reads its server's certificate.")?;
    let minimist = bench.finding("CVE-2021-44906", VIEWER)?.row;
    let status = Status::NotAffected { justification: Justification::VulnerableCodeNotInExecutePath, impact: None };
    bench.judge(minimist.id, status, "minimist reads the arguments of our build scripts only.")?;
    bench.approve(minimist.id)?;
    bench.until("2022-03-31")?;
    let zlib = bench.finding("CVE-2018-25032", PUMP)?.row;
    let action = "Release 2.1.1 brings zlib 1.2.12.";
    bench.judge(zlib.id, Status::Affected { action: action.to_owned() }, "The pump compresses its logs.")?;
    let (id, record) =
        bench.review("Three findings judged in pump and viewer, one mended in the gateway. The gap is closed.")?;
    let deviation = record.deviations.first().context("read the deviation in the record")?;
    tell.say(format!(
        "31 March: with {} in minimist (build scripts only: not affected) and {} in the pump's zlib, {id} is sealed. \
         Its deviation: {} {}",
        minimist.id, zlib.id, deviation.what, deviation.correction
    ))
}
