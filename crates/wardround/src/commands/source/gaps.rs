//! `source gaps`, `source gap review`: the ledger of gaps.

use anyhow::Result;
use app::{monitor, register};
use domain::model::register::{GapId, Hours};
use domain::model::source::SourceId;
use jiff::Timestamp;
use serde_json::json;
use store::records::GapRow;

use super::{length, minute, moment};
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::passphrase;

pub(super) fn list(context: &Context, source: Option<String>, open: bool) -> Result<()> {
    let workspace = context.read()?;
    let rows = monitor::gaps(&workspace, source.map(SourceId).as_ref(), open)?;
    let empty = if open { "No gap is open." } else { "No gap is on record." };
    if context.format == Format::Table && !rows.is_empty() {
        return rows.iter().try_for_each(|row| show(row, workspace.now()));
    }
    records(&rows, workspace.now()).show(context.format, empty)
}

/// Everything, for programs.
fn records(rows: &[GapRow], now: Timestamp) -> List {
    let mut list = List::new(&[
        "gap",
        "source",
        "kind",
        "from",
        "to",
        "hours",
        "limit hours",
        "exceeds limit",
        "found",
        "cause",
        "attempts",
        "open",
        "closed by",
        "reach",
        "checks agreed",
        "reviewed by",
        "reviewed",
        "conclusion",
    ]);
    for row in rows {
        let gap = &row.gap;
        let closed = gap.closed;
        let review = row.review();
        list.row([
            json!(gap.id.map(|id| id.to_string())),
            json!(gap.source),
            json!(gap.kind),
            moment(Some(gap.from)),
            moment(closed.map(|closing| closing.at)),
            json!(gap.length(now).as_hours()),
            json!(gap.limit_hours),
            json!(gap.exceeds_limit(now)),
            moment(Some(gap.found)),
            json!(gap.cause),
            json!(gap.attempts),
            json!(closed.is_none()),
            json!(closed.map(|closing| closing.entry)),
            json!(closed.map(|closing| closing.reach)),
            json!(closed.map(|closing| closing.checks)),
            json!(review.map(|review| &review.actor)),
            moment(review.map(|review| review.at)),
            json!(review.map(|review| &review.value.conclusion)),
        ]);
    }
    list
}

fn show(row: &GapRow, now: Timestamp) -> Result<()> {
    let gap = &row.gap;
    let number = gap.id.map_or_else(|| "not numbered yet".to_owned(), |id| id.to_string());
    let until = gap.closed.map_or_else(|| "now, open".to_owned(), |closing| minute(Some(closing.at)));
    let beyond = if gap.exceeds_limit(now) { "beyond" } else { "within" };
    say(output::heading(&format!("{number}  {}, {}", gap.source, gap.kind.word())))?;
    output::paragraph(
        4,
        &format!(
            "{} to {until}: {}, {beyond} its limit of {}.",
            minute(Some(gap.from)),
            length(gap.length(now)),
            Hours(gap.limit_hours)
        ),
    )?;
    let more = if gap.attempts > 1 { format!(" {} fetches did not end well.", gap.attempts) } else { String::new() };
    output::paragraph(4, &format!("{}{more}", gap.cause))?;
    if let Some(closing) = gap.closed {
        output::paragraph(4, &format!("Closed: {}", closing.sentence()))?;
    }
    match (row.review(), gap.id) {
        (Some(review), _) => output::paragraph(
            4,
            &format!("Reviewed by {}, {}: {}", review.actor, minute(Some(review.at)), review.value.conclusion),
        ),
        (None, Some(id)) => say(format!(
            "    {}",
            output::faint(&format!("Not reviewed: wardround source gap review {id} --conclusion \"…\" --as USER"))
        )),
        (None, None) => say(format!("    {}", output::faint("The next fetch records it."))),
    }
}

pub(super) fn review(context: &Context, gap: GapId, conclusion: &str, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let reviewed = register::review_gap(&mut workspace, &actor, gap, conclusion)?;
    say(format!("{gap} of {}: your conclusion is recorded.", reviewed.source))
}
