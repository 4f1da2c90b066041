//! Own channels and manual watch on the page of a review record.

use domain::monitor::watch::Due;
use domain::review::intake::{LookEntry, ReportEntry, WatchEntry};

use super::{ReportRow, WatchRow, moment};

pub(super) fn report(entry: &ReportEntry) -> ReportRow {
    let mut state = entry.state.replace('_', " ");
    let happened: Vec<&str> =
        entry.happened.iter().map(String::as_str).filter(|happened| *happened != entry.state).collect();
    if !happened.is_empty() {
        state = format!("{state} ({} in the period)", happened.join(", "));
    }
    if let Some(outcome) = &entry.outcome {
        state = format!("{state}: {outcome}");
    }
    if let Some(overdue) = &entry.overdue {
        state = format!("{state}; overdue: {overdue}");
    }
    if !entry.vulnerabilities.is_empty() {
        state = format!("{state} About {}.", entry.vulnerabilities.join(", "));
    }
    ReportRow {
        number: entry.report.clone(),
        channel: entry.channel.clone(),
        title: entry.title.clone(),
        tlp: entry.tlp.to_string(),
        aware: moment(entry.aware),
        owner: entry.owner.clone(),
        state,
    }
}

pub(super) fn watch(entry: &WatchEntry) -> WatchRow {
    let supplier = if entry.components.is_empty() {
        entry.supplier.clone()
    } else {
        format!("{}, with {}", entry.supplier, entry.components.join(", "))
    };
    WatchRow {
        number: entry.watch.clone(),
        supplier,
        page: entry.page.clone(),
        every: format!("{}, {}", entry.every, entry.person),
        dues: listed(entry.dues.iter().map(due), "none"),
        looks: listed(entry.looks.iter().map(look), "none"),
        next: next(entry),
    }
}

fn next(entry: &WatchEntry) -> String {
    match (&entry.ended, entry.next) {
        (Some(why), _) => format!("ended: {why}"),
        (None, Some(next)) if entry.overdue_days > 0 => {
            format!("{next}, overdue by {}", super::counted(usize::try_from(entry.overdue_days).unwrap_or(0), "day"))
        }
        (None, Some(next)) => next.to_string(),
        (None, None) => "–".to_owned(),
    }
}

fn due(due: &Due) -> String {
    match due.looked {
        None => format!("{}: not done", due.day),
        Some(on) if on > due.day => format!("{}: late, on {on}", due.day),
        Some(on) if on < due.day => format!("{}: done early, on {on}", due.day),
        Some(_) => format!("{}: done", due.day),
    }
}

fn look(look: &LookEntry) -> String {
    let day = look.at.strftime("%Y-%m-%d");
    let found = if look.found { "found something" } else { "nothing new" };
    let note = if look.note.is_empty() { String::new() } else { format!(" ({})", look.note) };
    format!("{day} {}: {found}{note}", look.by)
}

fn listed(words: impl Iterator<Item = String>, none: &str) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { none.to_owned() } else { words.join("; ") }
}
