//! `check FILE`: table, JSON, SARIF; exit code 1 over the threshold.

use std::process::ExitCode;

use anyhow::Result;
use app::check::{self, Checked, Hit};
use app::config::Config;
use app::evidence::page::score;
use serde_json::{Value, json};
use store::knowledge::Knowledge;

use crate::cli;
use crate::context::Context;
use crate::exit;
use crate::output::{self, Format, List, say};

/// Fails from this score on where nobody configured another.
const DEFAULT_FAIL_TENTHS: u8 = 70;

/// Matches one SBOM.
pub(crate) fn check(context: &Context, arguments: &cli::Check) -> Result<ExitCode> {
    let folder = arguments.knowledge.clone().unwrap_or_else(|| context.dir.join("knowledge"));
    anyhow::ensure!(
        folder.is_dir(),
        "check {}: there is no knowledge in {}; fetch it with `wardround source sync`, or name a folder with --knowledge",
        arguments.file.display(),
        folder.display()
    );
    let knowledge = Knowledge::open(&folder)?;
    let checked = check::check(&arguments.file, &knowledge)?;
    let threshold = arguments.fail_at.map_or_else(|| configured(context), super::finding::tenths);
    if arguments.sarif {
        output::value(&super::sarif::log(&checked, &arguments.file), Format::Json)?;
    } else {
        show(context, &checked, arguments, threshold)?;
    }
    let fails = checked.worst_tenths().is_some_and(|worst| worst >= threshold);
    Ok(if fails { exit::NEGATIVE.into() } else { ExitCode::SUCCESS })
}

fn configured(context: &Context) -> u8 {
    let path = context.dir.join(app::workspace::CONFIG_FILE);
    let read = || Config::parse(&std::fs::read_to_string(&path).ok()?, &path).ok();
    read().map_or(DEFAULT_FAIL_TENTHS, |config| config.check_fail_tenths)
}

fn show(context: &Context, checked: &Checked, arguments: &cli::Check, threshold: u8) -> Result<()> {
    let mut list = List::new(&["score", "known exploited", "vulnerability", "component", "fix", "because", "title"]);
    for hit in &checked.hits {
        list.row(row(hit, context.format));
    }
    if context.format != Format::Table {
        return list.show(context.format, "");
    }
    list.show(Format::Table, &output::good("No finding."))?;
    if arguments.candidates {
        let mut list = List::new(&["score", "known exploited", "candidate", "component", "fix", "because", "title"]);
        for hit in &checked.candidates {
            list.row(row(hit, context.format));
        }
        say("")?;
        list.show(Format::Table, "No candidate.")?;
    }
    say(format!(
        "\n{}: {} components, {} assessed, {} without identity, {} findings, {} candidates",
        checked.sbom.format,
        checked.sbom.components.len(),
        checked.assessed,
        checked.unidentified.len(),
        checked.hits.len(),
        checked.candidates.len()
    ))?;
    if !checked.unidentified.is_empty() {
        let shown: Vec<&str> = checked.unidentified.iter().take(8).map(String::as_str).collect();
        let more = checked.unidentified.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        say(format!("{} no source can identify {}{more}", output::notice("!"), shown.join(", ")))?;
    }
    for warning in checked.warnings.iter().take(5) {
        say(format!("{} {}: {}", output::notice("!"), warning.place, warning.reason))?;
    }
    if checked.warnings.len() > 5 {
        say(format!("{} and {} more warnings about the SBOM", output::notice("!"), checked.warnings.len() - 5))?;
    }
    say(output::faint(&format!("It fails from {}.{} on.", threshold / 10, threshold % 10)))
}

fn row(hit: &Hit, format: Format) -> [Value; 7] {
    let matched = &hit.matched;
    let reason = matched.reasons.first();
    let number = matched.score_tenths.map(|tenths| f64::from(tenths) / 10.0);
    let title: String =
        if format == Format::Table { matched.title.chars().take(60).collect() } else { matched.title.clone() };
    [
        if format == Format::Table { json!(score(matched.score_tenths)) } else { json!(number) },
        json!(matched.known_exploited),
        json!(matched.vulnerability),
        json!(hit.component.label()),
        json!(reason.map(|reason| reason.fix.0.clone())),
        json!(reason.map(|reason| format!("{} in {} by {}", reason.version, reason.range, reason.record))),
        json!(title),
    ]
}

/// Where an SBOM file lies, as SARIF wants it.
pub(super) fn uri(path: &std::path::Path) -> String {
    path.to_string_lossy().replace('\\', "/").replace(' ', "%20")
}

/// A component's place in the SBOM.
pub(super) fn place(hit: &Hit) -> String {
    if hit.component.reference.is_empty() { hit.component.label() } else { hit.component.reference.clone() }
}
