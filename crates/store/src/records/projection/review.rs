//! Reviews, signatures, and documents that left the system.

use domain::model::journal::{Exported, ReviewConcluded, ReviewSealed, ReviewSigned};
use domain::model::review::Review;
use rusqlite::{Connection, params};

use crate::records::error::Result;
use crate::records::sql::{execute, int, micros, word};

pub(super) fn opened(connection: &Connection, seq: u64, review: &Review) -> Result<()> {
    let insert = "INSERT INTO review (id, kind, period_start, period_end, state, entry)
        VALUES (?1, ?2, ?3, ?4, 'open', ?5)";
    let id = int(review.id.0);
    let period = (micros(review.period_start), micros(review.period_end));
    execute(connection, insert, params![id, word(&review.kind)?, period.0, period.1, int(seq)])?;
    let insert = "INSERT INTO review_product (product, review) VALUES (?1, ?2)";
    for product in &review.products {
        execute(connection, insert, params![product.0, id])?;
    }
    Ok(())
}

pub(super) fn concluded(connection: &Connection, seq: u64, concluded: &ReviewConcluded) -> Result<()> {
    let update = "UPDATE review SET state = 'concluded', record = ?2, tlp = ?3, concluded = ?4 WHERE id = ?1";
    let row = params![int(concluded.review.0), concluded.record.0, concluded.tlp.label(), int(seq)];
    execute(connection, update, row).map(drop)
}

pub(super) fn signed(connection: &Connection, seq: u64, signed: &ReviewSigned) -> Result<()> {
    let insert = r#"INSERT INTO review_signature (review, "user", meaning, entry) VALUES (?1, ?2, ?3, ?4)"#;
    let signature = &signed.signature;
    let row = params![int(signed.review.0), signature.user, word(&signature.meaning)?, int(seq)];
    execute(connection, insert, row).map(drop)
}

pub(super) fn sealed(connection: &Connection, seq: u64, sealed: &ReviewSealed) -> Result<()> {
    let update = "UPDATE review SET state = 'sealed', sealed = ?2 WHERE id = ?1";
    execute(connection, update, [int(sealed.review.0), int(seq)]).map(drop)
}

pub(super) fn exported(connection: &Connection, seq: u64, exported: &Exported) -> Result<()> {
    let insert = "INSERT INTO export (entry, kind, about, digest, tlp) VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = params![int(seq), exported.kind, exported.about, exported.digest.0, exported.tlp.label()];
    execute(connection, insert, row).map(drop)
}
