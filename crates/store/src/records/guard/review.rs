//! Reviews: contiguous periods, one open review for each product, signatures on the frozen record, nothing after the seal.

use domain::model::journal::{ReviewConcluded, ReviewSealed, ReviewSigned};
use domain::model::product::ProductId;
use domain::model::raw::Digest;
use domain::model::review::{Meaning, Review, ReviewId};
use rusqlite::Connection;

use super::{number, person};
use crate::records::error::Result;
use crate::records::product;
use crate::records::refusal::Refusal;
use crate::records::review::{ReviewRow, ReviewState, last_period_end, review, unsealed};
use crate::records::sql::{exists, int};

pub(super) fn opened(connection: &Connection, actor: &str, review: &Review) -> Result<()> {
    person(connection, actor, &review.opened_by)?;
    number(connection, "a review", review.id.0, "SELECT max(id) FROM review")?;
    if review.products.is_empty() || !review.products.is_sorted_by(|a, b| a < b) {
        return Err(Refusal::Products(review.id).into());
    }
    if review.period_start >= review.period_end {
        return Err(Refusal::EmptyPeriod { start: review.period_start, end: review.period_end }.into());
    }
    review.products.iter().try_for_each(|product| period(connection, review, product))
}

/// The period joins the last one of the product, or begins no later than its monitoring.
fn period(connection: &Connection, review: &Review, id: &ProductId) -> Result<()> {
    if !exists(connection, "SELECT 1 FROM product WHERE id = ?1", [&id.0])? {
        return Err(Refusal::UnknownProduct(id.clone()).into());
    }
    let (product, start) = (id.clone(), review.period_start);
    if let Some(open) = unsealed(connection, id)? {
        return Err(Refusal::ReviewOpen { product, review: open }.into());
    }
    match (last_period_end(connection, id)?, product::monitored_since(connection, id)?) {
        (Some(needed), _) if start != needed => Err(Refusal::Period { product, start, needed }.into()),
        (None, Some(since)) if start > since => Err(Refusal::FirstPeriod { product, start, since }.into()),
        _ => Ok(()),
    }
}

pub(super) fn concluded(connection: &Connection, actor: &str, concluded: &ReviewConcluded) -> Result<()> {
    person(connection, actor, actor)?;
    match known(connection, concluded.review)?.state {
        ReviewState::Open => Ok(()),
        ReviewState::Concluded { .. } | ReviewState::Signed { .. } => {
            Err(Refusal::AlreadyConcluded(concluded.review).into())
        }
        ReviewState::Sealed { .. } => Err(Refusal::Sealed(concluded.review).into()),
    }
}

pub(super) fn signed(connection: &Connection, actor: &str, signed: &ReviewSigned) -> Result<()> {
    let signature = &signed.signature;
    person(connection, actor, &signature.user)?;
    frozen(connection, signed.review, signature.record)?;
    let there = r#"SELECT 1 FROM review_signature WHERE review = ?1 AND "user" = ?2"#;
    if exists(connection, there, rusqlite::params![int(signed.review.0), signature.user])? {
        return Err(Refusal::SignedTwice { review: signed.review, user: signature.user.clone() }.into());
    }
    Ok(())
}

/// One signature for each user, so two meanings are two users.
pub(super) fn sealed(connection: &Connection, actor: &str, sealed: &ReviewSealed) -> Result<()> {
    person(connection, actor, actor)?;
    let row = frozen(connection, sealed.review, sealed.record)?;
    let meant = |meaning| row.state.signatures().iter().any(|signature| signature.meaning == meaning);
    if meant(Meaning::Reviewed) && meant(Meaning::Approved) {
        Ok(())
    } else {
        Err(Refusal::SignaturesMissing(sealed.review).into())
    }
}

/// The review, if its record is frozen, is `record`, and is not sealed.
fn frozen(connection: &Connection, id: ReviewId, record: Digest) -> Result<ReviewRow> {
    let row = known(connection, id)?;
    match &row.state {
        ReviewState::Open => Err(Refusal::NotConcluded(id).into()),
        ReviewState::Sealed { .. } => Err(Refusal::Sealed(id).into()),
        ReviewState::Concluded { record: needed, .. } | ReviewState::Signed { record: needed, .. } => {
            if *needed == record {
                Ok(row)
            } else {
                Err(Refusal::WrongRecord { review: id, given: record, needed: *needed }.into())
            }
        }
    }
}

fn known(connection: &Connection, id: ReviewId) -> Result<ReviewRow> {
    review(connection, id)?.ok_or_else(|| Refusal::UnknownReview(id).into())
}
