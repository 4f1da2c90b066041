//! The recurring review: open, conclude, sign, seal. What it covers is gathered in [`gather`].
//!
//! ```text
//! open ──► (decisions on findings) ──► conclude ──► sign "reviewed" ──► sign "approved" ──► sealed
//!          work list from the runs      record        performer           another person
//!                                       frozen
//! ```

pub mod gather;
mod intake;

use domain::model::journal::{Event, ReviewConcluded, ReviewSealed, ReviewSigned};
use domain::model::product::ProductId;
use domain::model::raw::Digest;
use domain::model::review::{Kind, Meaning, Review, ReviewId, Signature};
use domain::review::period;
use domain::review::record::ReviewRecord;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::records::{ReviewRow, ReviewState};

use crate::assess::Actor;
use crate::error::{Error, Result};
use crate::people;
use crate::workspace::Workspace;

/// What opening a review is told.
#[derive(Debug, Clone)]
pub struct NewReview {
    /// Products; all that have releases if empty.
    pub products: Vec<ProductId>,
    /// Why it takes place.
    pub kind: Kind,
    /// What triggered it, for all but scheduled reviews.
    pub trigger: Option<String>,
    /// End of the period; now if none.
    pub until: Option<Timestamp>,
}

/// Opens a review. Its period begins where the products' last one ended, or where their monitoring began.
pub fn open(workspace: &mut Workspace, actor: &Actor, new: &NewReview) -> Result<Review> {
    people::require(&actor.user, "reviewer", "open a review")?;
    let products = products(workspace, &new.products)?;
    let now = workspace.now();
    let end = new.until.unwrap_or(now);
    if end > now {
        return Err(Error::refused(format!(
            "open a review up to {end}: that is in the future, and nobody can review what has not happened"
        )));
    }
    let mut ends = Vec::new();
    for product in &products {
        ends.push((product.clone(), covered_until(workspace, product)?));
    }
    let (period_start, period_end) = period::next(&ends, end)?;
    if new.kind != Kind::Scheduled && new.trigger.as_deref().is_none_or(|trigger| trigger.trim().is_empty()) {
        return Err(Error::refused("open a review that is not scheduled: say what triggered it"));
    }
    let review = Review {
        id: workspace.records.next_review_id()?,
        plan: workspace.config.review.name.clone(),
        plan_revision: workspace.config_digest,
        kind: new.kind,
        trigger: new.trigger.clone(),
        products,
        period_start,
        period_end,
        opened_by: actor.user.name.clone(),
        opened_at: now,
    };
    workspace.append(&actor.user.name, Event::ReviewOpened(review.clone()))?;
    Ok(review)
}

fn products(workspace: &Workspace, asked: &[ProductId]) -> Result<Vec<ProductId>> {
    let monitored: Vec<ProductId> =
        workspace.records.releases(None)?.into_iter().map(|row| row.release.product).collect();
    let mut products = if asked.is_empty() { monitored.clone() } else { asked.to_vec() };
    products.sort();
    products.dedup();
    if let Some(unknown) = products.iter().find(|product| !monitored.contains(product)) {
        return Err(Error::refused(format!(
            "review {unknown}: it has no release; add one with `wardround release add {unknown}@VERSION`"
        )));
    }
    if products.is_empty() {
        return Err(Error::refused("open a review: no product has a release yet"));
    }
    Ok(products)
}

/// Up to when a product has been reviewed, or since when it has been monitored.
fn covered_until(workspace: &Workspace, product: &ProductId) -> Result<Timestamp> {
    if let Some(end) = workspace.records.last_period_end(product)? {
        return Ok(end);
    }
    let since = workspace.records.monitored_since(product)?;
    since.ok_or_else(|| Error::refused(format!("review {product}: it has no release")))
}

/// When the next scheduled review of a product is due: its last period's end plus the plan's rhythm, in UTC calendar time.
pub fn next_due(workspace: &Workspace, product: &ProductId) -> Result<Timestamp> {
    let from = covered_until(workspace, product)?;
    let due = from.to_zoned_datetime(TimeZone::UTC).checked_add(workspace.config.review.every);
    due.map(|due| due.timestamp()).map_err(|error| Error::refused(format!("tell when {product} is due: {error}")))
}

/// Freezes the record of a review. Findings that need a decision, stale runs and open gaps are not hidden: findings without
/// decision refuse the conclusion, the rest is written down as deviation.
pub fn conclude(
    workspace: &mut Workspace,
    actor: &Actor,
    id: ReviewId,
    conclusion: &str,
) -> Result<(ReviewRecord, Digest)> {
    people::require(&actor.user, "reviewer", "conclude a review")?;
    let row = find(workspace, id)?;
    if row.state != ReviewState::Open {
        return Err(Error::refused(format!("conclude {id}: it is {}", row.state.word())));
    }
    if conclusion.trim().is_empty() {
        return Err(Error::refused(format!("conclude {id}: write a conclusion")));
    }
    let record = gather::record(workspace, &row.review, &actor.user, conclusion.trim())?;
    let open: Vec<&str> =
        record.items.iter().filter(|item| item.state.needs_decision()).map(|item| item.finding.as_str()).collect();
    if !open.is_empty() {
        return Err(Error::refused(format!(
            "conclude {id}: {} still need a decision: {}",
            open.len(),
            shortened(&open)
        )));
    }
    if record.runs.is_empty() {
        return Err(Error::refused(format!(
            "conclude {id}: no monitoring run ended in its period; run `wardround run` and review up to then"
        )));
    }
    let digest = workspace.archive_json(&record)?;
    let concluded = ReviewConcluded { review: id, record: digest, tlp: record.tlp };
    workspace.append(&actor.user.name, Event::ReviewConcluded(concluded))?;
    Ok((record, digest))
}

fn shortened(names: &[&str]) -> String {
    if names.len() <= 12 {
        names.join(", ")
    } else {
        format!("{} and {} more", names[..12].join(", "), names.len() - 12)
    }
}

/// Signs the record of a review. With the performer's and another person's signature it is sealed.
pub fn sign(workspace: &mut Workspace, actor: &Actor, id: ReviewId, meaning: Meaning) -> Result<(Signature, bool)> {
    let (role, what) = match meaning {
        Meaning::Reviewed => ("reviewer", "sign as reviewed"),
        Meaning::Approved => ("approver", "sign as approved"),
    };
    people::require(&actor.user, role, what)?;
    let row = find(workspace, id)?;
    let record = row
        .state
        .record()
        .ok_or_else(|| Error::refused(format!("sign {id}: conclude it first, so that there is a record to sign")))?;
    let signature = people::sign(&actor.user, &actor.key, meaning, workspace.now(), record);
    let has = |meaning: Meaning| {
        signature.meaning == meaning || row.state.signatures().iter().any(|signature| signature.meaning == meaning)
    };
    let complete = has(Meaning::Reviewed) && has(Meaning::Approved);
    let mut events = vec![Event::ReviewSigned(ReviewSigned { review: id, signature: signature.clone() })];
    if complete {
        events.push(Event::ReviewSealed(ReviewSealed { review: id, record }));
    }
    workspace.append_all(&actor.user.name, events)?;
    Ok((signature, complete))
}

/// A review, or a refusal that says it does not exist.
pub fn find(workspace: &Workspace, id: ReviewId) -> Result<ReviewRow> {
    workspace.records.review(id)?.ok_or_else(|| Error::refused(format!("find {id}: there is no such review")))
}

/// The frozen record of a review with its digest and signatures.
pub fn frozen(workspace: &Workspace, id: ReviewId) -> Result<(ReviewRecord, Digest, Vec<Signature>)> {
    let row = find(workspace, id)?;
    let digest = row
        .state
        .record()
        .ok_or_else(|| Error::refused(format!("show the record of {id}: it is not concluded yet")))?;
    Ok((workspace.read_json(&digest)?, digest, row.state.signatures().to_vec()))
}
