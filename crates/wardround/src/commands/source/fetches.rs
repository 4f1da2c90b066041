//! `source log`, `show`: the records that fetches left.

use anyhow::Result;
use domain::model::journal::Event;
use domain::model::source::SourceId;
use serde_json::json;
use store::records::FetchFilter;

use super::moment;
use crate::context::Context;
use crate::output::{self, Format, List, say};

pub(super) fn log(context: &Context, source: Option<String>, limit: u64) -> Result<()> {
    let workspace = context.read()?;
    let filter = FetchFilter { source: source.map(SourceId), ..FetchFilter::default() };
    let mut list = List::new(&[
        "entry",
        "finished",
        "source",
        "outcome",
        "exchanges",
        "new",
        "changed",
        "withdrawn",
        "quarantined",
        "live",
        "owed",
    ]);
    for recorded in workspace.records.fetches(&filter, limit)? {
        let fetch = recorded.value.fetch;
        list.row([
            json!(recorded.seq),
            moment(Some(fetch.finished)),
            json!(fetch.source),
            json!(fetch.outcome),
            json!(fetch.exchanges.len()),
            json!(fetch.counts.new),
            json!(fetch.counts.changed),
            json!(fetch.counts.withdrawn),
            json!(fetch.counts.quarantined),
            json!(fetch.live),
            json!(fetch.owed.join(" ")),
        ]);
    }
    list.show(context.format, "Nothing has been fetched yet.")
}

pub(super) fn show(context: &Context, entry: u64) -> Result<()> {
    let workspace = context.read()?;
    let Some(Event::Fetched(fetched)) = workspace.records.entry(entry)?.map(|entry| entry.event) else {
        anyhow::bail!("show the fetch of entry {entry}: that entry is no fetch; `wardround source log` lists them");
    };
    if context.format != Format::Table {
        return output::value(&fetched, context.format);
    }
    let fetch = &fetched.fetch;
    say(output::heading(&format!(
        "{}, {}",
        fetch.source,
        serde_json::to_value(fetch.outcome)?.as_str().unwrap_or_default()
    )))?;
    say(format!("from {} to {}", fetch.started, fetch.finished))?;
    if let Some(origin) = &fetch.origin {
        let journal = origin.split('+').next().unwrap_or_default();
        let entry = fetch.origin_entry.map(|entry| format!(", entry {entry}")).unwrap_or_default();
        say(format!("came in a bundle, from the journal {journal}{entry}"))?;
    }
    let counts = &fetch.counts;
    say(format!(
        "{} seen: {} new, {} changed, {} unchanged, {} withdrawn, {} quarantined; {} live afterwards",
        counts.seen, counts.new, counts.changed, counts.unchanged, counts.withdrawn, counts.quarantined, fetch.live
    ))?;
    for owed in &fetch.owed {
        say(format!("{} {owed}", output::notice("owed:")))?;
    }
    say(output::heading("\nExchanges"))?;
    for exchange in &fetch.exchanges {
        let object = exchange.object.map_or_else(|| "nothing archived".to_owned(), |object| object.short());
        say(format!("  {} {} bytes  {}  {object}", exchange.status, exchange.bytes, exchange.from))?;
    }
    if !fetch.quarantined.is_empty() {
        say(output::heading("\nQuarantined"))?;
    }
    for record in &fetch.quarantined {
        let name = if record.id.is_empty() { "a record without readable id" } else { &record.id };
        say(format!(
            "  {name} at byte {} of {} {}: {}",
            record.raw.offset,
            record.raw.object.short(),
            record.raw.entry,
            record.reason
        ))?;
    }
    Ok(())
}
