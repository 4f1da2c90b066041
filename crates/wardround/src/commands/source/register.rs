//! `source register`, `history`, `add`, `change`, `retire`, `approve`: sources as controlled records.

use anyhow::Result;
use app::register::{self, Fields};
use domain::model::register::{Hours, RegisterChange, SourceRecord};
use domain::model::source::SourceId;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use store::records::RegisterRow;

use super::{minute, moment};
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::passphrase;

pub(super) fn list(context: &Context, retired: bool) -> Result<()> {
    let workspace = context.read()?;
    let rows: Vec<RegisterRow> =
        workspace.records.register()?.into_iter().filter(|row| retired || !row.is_retired()).collect();
    let today = workspace.now().to_zoned_datetime(TimeZone::UTC).date();
    let is_configured = |row: &RegisterRow| workspace.config.source(&row.record.value.source).is_some();
    if context.format != Format::Table || rows.is_empty() {
        return records(&rows, today, is_configured).show(context.format, "No source is in the register.");
    }
    for row in &rows {
        show(row, today, is_configured(row))?;
    }
    let count = |of: &dyn Fn(&RegisterRow) -> bool| rows.iter().filter(|row| of(row)).count();
    say(format!(
        "\n{} sources; {} not approved, {} with an overdue review, {} without an owner.",
        rows.len(),
        count(&|row| !row.is_retired() && row.in_force().is_none()),
        count(&|row| is_overdue(row, today)),
        count(&|row| !row.is_retired() && row.record.value.owner.trim().is_empty()),
    ))
}

/// Everything, for programs.
fn records(rows: &[RegisterRow], today: Date, is_configured: impl Fn(&RegisterRow) -> bool) -> List {
    let mut list = List::new(&[
        "source",
        "kind",
        "family",
        "url",
        "part",
        "why",
        "owner",
        "every hours",
        "fresh hours",
        "data fresh hours",
        "completeness",
        "shrink percent",
        "tlp",
        "revision",
        "changed",
        "changed by",
        "retired",
        "configured",
        "approved",
        "approved by",
        "approved at",
        "remark",
        "next review",
        "review overdue",
    ]);
    for row in rows {
        let record = &row.record.value;
        let approval = row.in_force();
        list.row([
            json!(record.source),
            json!(record.kind),
            json!(record.family),
            json!(record.url),
            json!(record.part),
            json!(record.why),
            json!(record.owner),
            json!(record.every_hours),
            json!(record.fresh_hours),
            json!(record.data_fresh_hours),
            json!(record.completeness),
            json!(record.shrink_percent),
            json!(record.tlp.label()),
            json!(record.revision),
            moment(Some(row.record.at)),
            json!(row.record.actor),
            json!(row.is_retired()),
            json!(is_configured(row)),
            json!(approval.is_some()),
            json!(approval.map(|approval| &approval.actor)),
            moment(approval.map(|approval| approval.at)),
            json!(approval.map(|approval| &approval.value.remark)),
            json!(next_review(row)),
            json!(is_overdue(row, today)),
        ]);
    }
    list
}

/// When the record is to be looked at again: as the newest approval says, even if a revision followed it.
fn next_review(row: &RegisterRow) -> Option<Date> {
    row.approval.as_ref().map(|approval| approval.value.next_review)
}

fn is_overdue(row: &RegisterRow, today: Date) -> bool {
    !row.is_retired() && next_review(row).is_some_and(|day| day < today)
}

fn show(row: &RegisterRow, today: Date, is_configured: bool) -> Result<()> {
    let record = &row.record.value;
    say(output::heading(&format!("{}  {}, {}", record.source, named(record), record.family)))?;
    output::paragraph(4, &record.why)?;
    output::paragraph(4, &facts(record))?;
    output::paragraph(4, &format!("Complete by: {}", record.completeness))?;
    if let RegisterChange::Retired { reason } = &record.change {
        return output::paragraph(
            4,
            &format!("Retired by {}, {}: {reason}", row.record.actor, minute(Some(row.record.at))),
        );
    }
    if !is_configured {
        say(format!("    {} it is not in wardround.toml: put it back or retire it", output::notice("!")))?;
    }
    let revision = record.revision;
    match (row.in_force(), &row.approval) {
        (Some(approval), _) => {
            let overdue = if is_overdue(row, today) { output::notice(", overdue") } else { String::new() };
            let by = format!("Revision {revision}, approved by {}, {}", approval.actor, minute(Some(approval.at)));
            say(format!("    {by}; next review {}{overdue}", approval.value.next_review))
        }
        (None, Some(earlier)) => say(format!(
            "    {}",
            output::notice(&format!("Revision {revision}, not approved; {} was", earlier.value.revision))
        )),
        (None, None) => say(format!("    {}", output::notice(&format!("Revision {revision}, not approved")))),
    }
}

fn named(record: &SourceRecord) -> String {
    if record.part.is_empty() { record.kind.clone() } else { format!("{} ({})", record.kind, record.part) }
}

fn facts(record: &SourceRecord) -> String {
    let owner = if record.owner.trim().is_empty() { "nobody yet" } else { &record.owner };
    let data = record.data_fresh_hours.map(|hours| format!(", data by their own date {}", Hours(hours)));
    format!(
        "Owner: {owner}. Asked every {}; stale after {}{}; may shrink by {} %; TLP:{}.",
        Hours(record.every_hours),
        Hours(record.fresh_hours),
        data.unwrap_or_default(),
        record.shrink_percent,
        record.tlp.label()
    )
}

pub(super) fn history(context: &Context, source: String) -> Result<()> {
    let workspace = context.read()?;
    let id = SourceId(source);
    register::row(&workspace, &id, "show the history of")?;
    let mut rows = Vec::new();
    for record in workspace.records.source_records(&id)? {
        let what = match &record.value.change {
            RegisterChange::Added => vec![format!("Added: {}", record.value.why)],
            RegisterChange::Changed { what } => what.clone(),
            RegisterChange::Retired { reason } => vec![format!("Retired: {reason}")],
        };
        rows.push((record.seq, record.at, record.actor, record.value.revision, record.value.change.word(), what));
    }
    for approval in workspace.records.source_approvals(&id)? {
        let value = approval.value;
        let what = vec![format!("Next review {}. {}", value.next_review, value.remark).trim().to_owned()];
        rows.push((approval.seq, approval.at, approval.actor, value.revision, "approved", what));
    }
    rows.sort_by_key(|row| row.0);
    let mut list = List::new(&["entry", "at", "by", "revision", "change", "what"]);
    for (entry, at, actor, revision, change, what) in rows {
        let what = if context.format == Format::Table { json!(what.join(" ")) } else { json!(what) };
        list.row([json!(entry), moment(Some(at)), json!(actor), json!(revision), json!(change), what]);
    }
    list.show(context.format, "")
}

pub(super) fn add(context: &Context, fields: &Fields, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let record = register::add(&mut workspace, &actor, fields)?;
    say(format!("{} is in wardround.toml and in the register, revision {}.", record.source, record.revision))?;
    approve_next(&record)
}

pub(super) fn change(context: &Context, fields: &Fields, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let record = register::change(&mut workspace, &actor, fields)?;
    say(format!("{}, revision {}:", record.source, record.revision))?;
    if let RegisterChange::Changed { what } = &record.change {
        what.iter().try_for_each(|sentence| output::paragraph(2, sentence))?;
    }
    approve_next(&record)
}

fn approve_next(record: &SourceRecord) -> Result<()> {
    say(output::faint(&format!("Next: wardround source approve {} --next-review DAY --as USER", record.source)))
}

pub(super) fn retire(context: &Context, source: String, reason: &str, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let record = register::retire(&mut workspace, &actor, &SourceId(source), reason)?;
    say(format!("{} is retired. What it brought stays known; nothing new will come from it.", record.source))
}

pub(super) fn approve(
    context: &Context,
    sources: &[String],
    next_review: Date,
    remark: &str,
    user: &str,
) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    for source in sources {
        let approved = register::approve(&mut workspace, &actor, &SourceId(source.clone()), next_review, remark)?;
        say(format!("{source}, revision {}: approved until {next_review}.", approved.revision))?;
    }
    Ok(())
}
