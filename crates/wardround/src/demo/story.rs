//! The story, chapter by chapter.

mod april;
mod autumn;
mod december;
mod march;
mod winter;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use domain::assess::work::WorkState;
use store::records::FindingFilter;

use super::bench::{Bench, PEOPLE};
use super::tell::Teller;

type Chapter = fn(&mut Bench, &mut Teller<'_>) -> Result<()>;

/// The chapters, in order.
pub(super) const CHAPTERS: [Chapter; 12] = [
    autumn::three_products,
    autumn::nothing_new,
    december::log4shell,
    december::advisory_changes,
    winter::patch,
    winter::bulletin,
    winter::withdrawn,
    march::dirty_pipe,
    march::dead_feed,
    march::vendor_fix,
    april::known_exploited,
    april::evidence,
];

/// The gateway's release.
const GATEWAY: &str = "hospital-gateway@3.0.2";
/// The viewer's release.
const VIEWER: &str = "imaging-viewer@5.4.0";
/// The pump's release.
const PUMP: &str = "infusion-pump@2.1.0";

/// Before the first chapter.
pub(super) fn opening(tell: &mut Teller<'_>, dir: &Path) -> Result<()> {
    tell.chapter("Wardround", "six months of Meridian Medical Devices, an invented maker")?;
    tell.say(format!(
        "A workspace is made in {}. Nothing leaves this computer: a small upstream on loopback plays the CVE list, NVD, \
         CISA, OSV, FIRST and Debian with a handful of records each. Facts are of real vulnerabilities, sentences are ours. \
         The workspace is a rehearsal: its clock is set, and all it produces says that it is no evidence. Sources are \
         asked once a week here, so that it takes seconds; a configuration of yours would say every hour or two.",
        dir.display()
    ))
}

/// After the last chapter: totals, and what to try.
pub(super) fn ending(bench: &Bench, tell: &mut Teller<'_>, dir: &Path, took: Duration) -> Result<()> {
    let records = &bench.workspace.records;
    let findings = records.findings(&FindingFilter::default())?;
    let mut states: BTreeMap<WorkState, usize> = BTreeMap::new();
    for finding in &findings {
        *states.entry(finding.state).or_default() += 1;
    }
    let states: Vec<String> =
        states.into_iter().map(|(state, count)| format!("{count} {}", words(state.word()))).collect();
    tell.chapter("In the end", "what is there now")?;
    tell.line("journal", format!("{} entries in a signed Merkle tree", records.tree_size()?))?;
    tell.line("findings", format!("{}: {}", findings.len(), states.join(", ")))?;
    tell.line("sources", format!("{}, asked {} times", bench.workspace.config.sources.len(), fetches(bench)?))?;
    tell.line("reviews", format!("{}, all signed by two people and sealed", records.reviews()?.len()))?;
    tell.line("time", format!("{:.1} s", took.as_secs_f64()))?;
    let of_pump = bench.finding("CVE-2022-0847", PUMP)?.row.id;
    let (program, dir) = (program(), dir.display());
    tell.title("Try next:")?;
    tell.command(&format!("{program} -C {dir} finding list"))?;
    tell.command(&format!("{program} -C {dir} finding explain {of_pump}"))?;
    tell.command(&format!("{program} evidence verify {dir}/evidence/REV-6.evidence.zip --key {dir}/keys/journal.pub"))
}

/// How this program was called, so that the commands work as they are printed.
fn program() -> String {
    std::env::args_os().next().map_or_else(|| app::PROGRAM.to_owned(), |name| name.to_string_lossy().into_owned())
}

fn fetches(bench: &Bench) -> Result<usize> {
    Ok(bench.workspace.records.fetches(&store::records::FetchFilter::default(), u64::from(u32::MAX))?.len())
}

/// `not_affected` as people read it.
fn words(word: &str) -> String {
    word.replace('_', " ")
}

/// The people, with their passphrases.
fn people() -> Vec<String> {
    let person = |(name, printed, roles, passphrase): (&str, &str, &[&str], &str)| {
        format!("{printed} ({name}; {}; passphrase \"{passphrase}\")", roles.join(" and "))
    };
    PEOPLE.into_iter().map(person).collect()
}
