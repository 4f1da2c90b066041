//! December 2021: Log4Shell, and an advisory that moves under a decision.

use anyhow::Result;
use domain::model::assessment::Status;

use super::GATEWAY;
use crate::demo::bench::Bench;
use crate::demo::tell::Teller;

const LOG4SHELL: &str = "CVE-2021-44228";

/// A finding appears, with its reasons, and is judged within the hour.
pub(super) fn log4shell(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("10 December 2021", "a finding appears: Log4Shell")?;
    let days = bench.until("2021-12-10")?;
    let found = bench.finding(LOG4SHELL, GATEWAY)?;
    tell.say(format!(
        "The evening's fetch and {} find one vulnerability in one of three products. Why:",
        days.last().run.run.id
    ))?;
    tell.reason(&found)?;
    let action = "Gateways: remove the class JndiLookup as the field notice of 11 December says. A patch follows.";
    bench.judge(
        found.row.id,
        Status::Affected { action: action.to_owned() },
        "The gateway logs fields of HL7 messages.",
    )?;
    tell.say(
        "OSV, the CVE list, NVD and CISA's KEV catalogue speak of it under two names; that is one finding. Pump and viewer \
         hold no Log4j. Anna judges the gateway affected: it logs what hospital systems send.",
    )
}

/// The advisory changes, so the decision comes back; two more vulnerabilities follow; the month is reviewed.
pub(super) fn advisory_changes(bench: &mut Bench, tell: &mut Teller<'_>) -> Result<()> {
    tell.chapter("23 December 2021", "an advisory changes under a decision")?;
    bench.until("2021-12-15")?;
    let second = bench.finding("CVE-2021-45046", GATEWAY)?;
    let before = app::evidence::page::score(second.row.score_tenths);
    let days = bench.until("2021-12-23")?;
    let found = bench.finding(LOG4SHELL, GATEWAY)?;
    let third = bench.finding("CVE-2021-45105", GATEWAY)?;
    tell.say("Log4j 2.15.0 turns out not to be enough. Within two weeks:")?;
    tell.point(format!(
        "{} {} appears with CVSS {before} and is raised to {} three days later.",
        second.row.id,
        second.row.vulnerability,
        app::evidence::page::score(bench.finding("CVE-2021-45046", GATEWAY)?.row.score_tenths)
    ))?;
    tell.point(format!("{} {} appears: {}.", third.row.id, third.row.vulnerability, third.matched.reasons[0].fix.0))?;
    tell.point(format!("{} is reopened: {}.", found.row.id, days.detail(found.row.id, "reopened")?))?;
    tell.say(
        "Nobody had to notice that: a decision rests on what records said about this component, and when that moves, it \
         comes back. Anna decides all three for Log4j 2.17.1.",
    )?;
    for finding in [&found, &second, &third] {
        let action = "Install patch 1 of release 3.0.2, which brings Log4j 2.17.1.";
        bench.judge(finding.row.id, Status::Affected { action: action.to_owned() }, "Patch 1 is in validation.")?;
    }
    bench.until("2021-12-31")?;
    let (id, record) =
        bench.review("The gateway is affected by three vulnerabilities of Log4j. Patch 1 is due in January.")?;
    tell.say(format!(
        "31 December: {id} is signed with {} findings and their decisions, and sealed.",
        record.items.len()
    ))
}
