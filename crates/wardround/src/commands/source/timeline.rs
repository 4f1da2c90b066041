//! `source timeline`: one source day by day with its hours, or all sources side by side, one mark a day.

use anyhow::Result;
use app::monitor::{self, SourceDays};
use domain::model::source::{SourceId, SourceState};
use domain::monitor::timeline::Day;
use jiff::civil::Date;
use serde_json::json;

use crate::context::Context;
use crate::output::{self, Format, List, say};

/// Days of all sources: what fits beside their names.
const BESIDE: u32 = 72;
/// Days of one source.
const ALONE: u32 = 90;

pub(super) fn timeline(context: &Context, source: Option<String>, days: Option<u32>) -> Result<()> {
    let workspace = context.read()?;
    let source = source.map(SourceId);
    let days = days.unwrap_or(if source.is_some() { ALONE } else { BESIDE });
    let found = monitor::timeline(&workspace, source.as_ref(), days)?;
    if context.format != Format::Table {
        return list(&found).show(context.format, "");
    }
    match (source, found.as_slice()) {
        (Some(_), [one]) => alone(one),
        (_, []) => say("No source is in the register."),
        (_, all) => beside(all),
    }
}

/// Every day of every source, for programs.
fn list(found: &[SourceDays]) -> List {
    let mut list = List::new(&[
        "source",
        "day",
        "state",
        "worst",
        "fetches",
        "not ok",
        "new",
        "changed",
        "withdrawn",
        "quarantined",
        "live",
        "hours",
    ]);
    for source in found {
        for day in &source.days {
            let word = |state: Option<SourceState>| state.map(SourceState::word);
            let hours: Vec<_> = day.hours.iter().map(|hour| word(hour.map(|hour| hour.state))).collect();
            list.row([
                json!(source.source),
                json!(day.date),
                json!(word(day.state)),
                json!(word(day.worst)),
                json!(day.fetches),
                json!(day.not_ok),
                json!(day.counts.new),
                json!(day.counts.changed),
                json!(day.counts.withdrawn),
                json!(day.counts.quarantined),
                json!(day.live),
                json!(hours),
            ]);
        }
    }
    list
}

fn alone(source: &SourceDays) -> Result<()> {
    say(output::heading(&format!("{}, day by day (UTC)", source.source)))?;
    say(format!(
        "\n{:<10}  {:<24}  {:<10}  {:>7}  {:>6}  {:>6}  {:>7}  {:>4}  {:>7}",
        "DAY", "00    06    12    18", "STATE", "FETCHES", "NOT OK", "NEW", "CHANGED", "GONE", "LIVE"
    ))?;
    for day in &source.days {
        let hours: String = day.hours.iter().map(|hour| mark(hour.map(|hour| hour.state))).collect();
        let counts = &day.counts;
        let not_ok = if day.not_ok == 0 { String::new() } else { day.not_ok.to_string() };
        say(format!(
            "{:<10}  {hours}  {:<10}  {:>7}  {not_ok:>6}  {:>6}  {:>7}  {:>4}  {:>7}",
            day.date,
            day.state.map_or("–", SourceState::word),
            day.fetches,
            counts.new,
            counts.changed,
            counts.withdrawn,
            day.live,
        ))?;
    }
    say("\nOne mark an hour.")?;
    legend()
}

fn beside(all: &[SourceDays]) -> Result<()> {
    let width = all.iter().map(|source| source.source.0.chars().count()).max().unwrap_or(0);
    let days: Vec<Date> = all.first().map(|one| one.days.iter().map(|day| day.date).collect()).unwrap_or_default();
    say(format!("{:width$}  {}", "", months(&days)))?;
    for source in all {
        let marks: String = source.days.iter().map(day_mark).collect();
        let bad = source.days.iter().filter(|day| day.state.is_some_and(|state| state != SourceState::Ok)).count();
        let told = if bad == 0 { String::new() } else { format!("  {bad} not ok") };
        say(format!("{:<width$}  {marks}{told}", source.source.0))?;
    }
    say("\nOne mark a day, as it ended. ▄: ended ok, with trouble on that day.")?;
    legend()
}

fn legend() -> Result<()> {
    say(output::faint("█ ok   s stale   i incomplete   h held   x failed   ? unknown   · not monitored"))
}

/// The month's name where it begins, if it fits.
fn months(days: &[Date]) -> String {
    let mut ruler = String::new();
    for (place, day) in days.iter().enumerate() {
        let begins = place == 0 || day.day() == 1;
        if begins && ruler.chars().count() <= place && (place == 0 || days.len() - place >= 3) {
            let label = if place == 0 { day.to_string() } else { day.strftime("%b").to_string() };
            ruler.push_str(&label);
        } else if ruler.chars().count() <= place {
            ruler.push(' ');
        }
    }
    ruler
}

fn day_mark(day: &Day) -> char {
    match (day.state, day.worst) {
        (Some(SourceState::Ok), Some(worst)) if worst != SourceState::Ok => '▄',
        (state, _) => mark(state),
    }
}

fn mark(state: Option<SourceState>) -> char {
    match state {
        None => '·',
        Some(SourceState::Ok) => '█',
        Some(SourceState::Stale) => 's',
        Some(SourceState::Incomplete) => 'i',
        Some(SourceState::Held) => 'h',
        Some(SourceState::Failed) => 'x',
        Some(SourceState::Unknown) => '?',
    }
}
