//! `review open`, `list`, `show`, `conclude`, `sign`, `export`.

use std::path::Path;

use anyhow::{Context as _, Result};
use app::evidence::documents;
use app::evidence::page::{ReviewPage, moment};
use app::review::{self, NewReview, gather};
use app::{Workspace, assess};
use domain::model::product::ProductId;
use domain::model::review::{Kind, Meaning, ReviewId};
use serde_json::json;

use crate::cli::{self, Review};
use crate::context::Context;
use crate::output::{self, Format, List, say};
use crate::passphrase;

/// Carries out a verb.
pub(crate) fn review(context: &Context, verb: Review) -> Result<()> {
    match verb {
        Review::Open { products, kind, trigger, until, user } => open(context, products, kind, trigger, until, &user),
        Review::List => list(context),
        Review::Show { review } => show(context, number(&review)?),
        Review::Conclude { review, conclusion, user } => conclude(context, number(&review)?, &conclusion, &user),
        Review::Sign { review, meaning, user } => sign(context, number(&review)?, meaning, &user),
        Review::Export { review, output } => export(context, number(&review)?, &output),
    }
}

/// A review's number, as `3` or `REV-3`.
pub(super) fn number(text: &str) -> Result<ReviewId> {
    let digits = text.trim_start_matches("REV-").trim_start_matches("rev-");
    Ok(ReviewId(digits.parse().with_context(|| format!("read {text:?} as a review: a number is needed, as in REV-3"))?))
}

fn open(
    context: &Context,
    products: Vec<String>,
    kind: cli::ReviewKind,
    trigger: Option<String>,
    until: Option<jiff::Timestamp>,
    user: &str,
) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let kind = match kind {
        cli::ReviewKind::Scheduled => Kind::Scheduled,
        cli::ReviewKind::OutOfCycle => Kind::OutOfCycle,
        cli::ReviewKind::ReleaseGate => Kind::ReleaseGate,
        cli::ReviewKind::Backfill => Kind::Backfill,
    };
    let products = products.into_iter().map(ProductId).collect();
    let review = review::open(&mut workspace, &actor, &NewReview { products, kind, trigger, until })?;
    say(format!("{} is open: {} up to {}", review.id, moment(review.period_start), moment(review.period_end)))?;
    agenda(&workspace, review.id)
}

fn list(context: &Context) -> Result<()> {
    let workspace = context.read()?;
    let mut list = List::new(&["review", "state", "products", "from", "to", "kind", "signatures"]);
    for row in workspace.records.reviews()? {
        let signatures: Vec<&str> = row.state.signatures().iter().map(|signature| signature.user.as_str()).collect();
        list.row([
            json!(row.review.id.to_string()),
            json!(row.state.word()),
            json!(row.review.products),
            super::source::moment(Some(row.review.period_start)),
            super::source::moment(Some(row.review.period_end)),
            json!(row.review.kind),
            json!(signatures),
        ]);
    }
    list.show(context.format, "No review has taken place yet: wardround review open --as USER")
}

fn show(context: &Context, id: ReviewId) -> Result<()> {
    let workspace = context.read()?;
    if context.format == Format::Table {
        return agenda(&workspace, id);
    }
    let row = review::find(&workspace, id)?;
    if row.state.record().is_some() {
        return output::value(&review::frozen(&workspace, id)?.0, context.format);
    }
    output::value(&preview(&workspace, id)?, context.format)
}

/// The record as it would be frozen now.
fn preview(workspace: &Workspace, id: ReviewId) -> Result<domain::review::record::ReviewRecord> {
    let row = review::find(workspace, id)?;
    let user = workspace
        .records
        .user(&row.review.opened_by)?
        .with_context(|| format!("find user {}", row.review.opened_by))?;
    Ok(gather::record(workspace, &row.review, &user.value, "")?)
}

/// Shows what a review has to look at, or what its record says.
fn agenda(workspace: &Workspace, id: ReviewId) -> Result<()> {
    let row = review::find(workspace, id)?;
    let (record, digest, signatures) = match row.state.record() {
        Some(_) => review::frozen(workspace, id)?,
        None => (preview(workspace, id)?, domain::model::raw::Digest([0; 32]), Vec::new()),
    };
    let page = ReviewPage::of(&record, &digest.to_string(), &signatures);
    say(output::heading(&format!("{}, {}", page.title, row.state.word())))?;
    say(format!("{}\n{}", page.period, page.summary))?;
    if let Some(nil) = &page.nil_statement {
        say(output::good(nil))?;
    }
    for deviation in &page.deviations {
        say(format!("{} {} {}", output::notice("deviation:"), deviation.what, deviation.correction))?;
    }
    for bulletin in &page.bulletins {
        say(format!(
            "bulletin {}: {} ({}), mentions {}",
            bulletin.number, bulletin.title, bulletin.tlp, bulletin.mentions
        ))?;
    }
    let mut list = List::new(&["finding", "why", "state", "score", "vulnerability", "where", "decision"]);
    for item in &page.items {
        list.row([
            json!(item.finding),
            json!(item.why),
            json!(item.state),
            json!(item.score),
            json!(item.vulnerability),
            json!(item.place),
            json!(item.decision),
        ]);
    }
    list.show(Format::Table, "No finding was new, changed, reopened, gone or open in this period.")?;
    if !page.unidentified.is_empty() || !page.candidates.is_empty() {
        say(format!(
            "{} components without identity, {} candidates to confirm",
            page.unidentified.len(),
            page.candidates.len()
        ))?;
    }
    for signature in &page.signatures {
        say(format!("signed by {} at {}: {}", signature.name, signature.at, signature.meaning))?;
    }
    Ok(())
}

fn conclude(context: &Context, id: ReviewId, conclusion: &str, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let (_, digest) = review::conclude(&mut workspace, &actor, id, conclusion)?;
    say(format!("{id} is concluded. Its record is frozen: {digest}"))?;
    say(format!("Sign it: wardround review sign {id} --meaning reviewed --as {user}"))
}

fn sign(context: &Context, id: ReviewId, meaning: cli::Meaning, user: &str) -> Result<()> {
    let mut workspace = context.write()?;
    let actor = assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let meaning = match meaning {
        cli::Meaning::Reviewed => Meaning::Reviewed,
        cli::Meaning::Approved => Meaning::Approved,
    };
    let (signature, sealed) = review::sign(&mut workspace, &actor, id, meaning)?;
    say(format!("Signed by {} at {}.", signature.printed_name, moment(signature.at)))?;
    if sealed {
        say(format!("{id} is sealed. Its evidence: wardround evidence pack {id}"))?;
    }
    Ok(())
}

fn export(context: &Context, id: ReviewId, folder: &Path) -> Result<()> {
    let workspace = context.read()?;
    let documents = documents::documents(&workspace, id)?;
    std::fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
    let files = [("json", documents.json), ("html", documents.html.into_bytes()), ("pdf", documents.pdf)];
    for (ending, bytes) in files {
        let path = folder.join(format!("{id}.{ending}"));
        std::fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))?;
        say(path.display())?;
    }
    Ok(())
}
