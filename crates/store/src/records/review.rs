//! Queries: reviews, their states and signatures.

use domain::model::journal::Event;
use domain::model::product::ProductId;
use domain::model::raw::Digest;
use domain::model::review::{Review, ReviewId, Signature};
use domain::model::tlp::Tlp;
use jiff::Timestamp;
use rusqlite::{Connection, Params};

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::{Error, Result};
use super::guard::next_number;
use super::sql::{all, first, int, uint};
use crate::journal;

/// How far a review is. Each state holds exactly what exists in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewState {
    /// Decisions are being made.
    Open,
    /// Its record is frozen.
    Concluded {
        /// Digest of the record's canonical JSON.
        record: Digest,
        /// Highest mark inside.
        tlp: Tlp,
    },
    /// Somebody signed the record.
    Signed {
        /// Digest of the record's canonical JSON.
        record: Digest,
        /// Highest mark inside.
        tlp: Tlp,
        /// In order of time.
        signatures: Vec<Signature>,
    },
    /// Nothing about it changes any more.
    Sealed {
        /// Digest of the record's canonical JSON.
        record: Digest,
        /// Highest mark inside.
        tlp: Tlp,
        /// In order of time.
        signatures: Vec<Signature>,
        /// When.
        at: Timestamp,
        /// Journal entry of the seal.
        seq: u64,
    },
}

impl ReviewState {
    /// The word used in tables and documents.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Concluded { .. } => "concluded",
            Self::Signed { .. } => "signed",
            Self::Sealed { .. } => "sealed",
        }
    }

    /// The signatures so far.
    pub fn signatures(&self) -> &[Signature] {
        match self {
            Self::Open | Self::Concluded { .. } => &[],
            Self::Signed { signatures, .. } | Self::Sealed { signatures, .. } => signatures,
        }
    }

    /// Digest of the frozen record, once there is one.
    pub fn record(&self) -> Option<Digest> {
        match self {
            Self::Open => None,
            Self::Concluded { record, .. } | Self::Signed { record, .. } | Self::Sealed { record, .. } => Some(*record),
        }
    }
}

/// A review and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// As opened.
    pub review: Review,
    /// How far it is.
    pub state: ReviewState,
    /// Journal entry of its opening.
    pub seq: u64,
}

/// Entries of a review as columns: opening, conclusion, seal.
type Entries = (String, Option<String>, Option<String>);

fn rows(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<ReviewRow>> {
    let found = all(connection, sql, params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    found.into_iter().map(|entries| review_row(connection, entries)).collect()
}

fn review_row(connection: &Connection, (opened, concluded, sealed): Entries) -> Result<ReviewRow> {
    let opened = journal::read(&opened)?;
    let Event::ReviewOpened(review) = opened.event else { return Err(unlike(opened.seq)) };
    let state = match concluded {
        None => ReviewState::Open,
        Some(concluded) => frozen(connection, review.id, &concluded, sealed)?,
    };
    Ok(ReviewRow { review, state, seq: opened.seq })
}

fn frozen(connection: &Connection, id: ReviewId, concluded: &str, sealed: Option<String>) -> Result<ReviewState> {
    let entry = journal::read(concluded)?;
    let Event::ReviewConcluded(concluded) = entry.event else { return Err(unlike(entry.seq)) };
    let (record, tlp) = (concluded.record, concluded.tlp);
    let signatures = signatures(connection, id)?;
    Ok(match sealed {
        Some(sealed) => {
            let entry = journal::read(&sealed)?;
            ReviewState::Sealed { record, tlp, signatures, at: entry.at, seq: entry.seq }
        }
        None if signatures.is_empty() => ReviewState::Concluded { record, tlp },
        None => ReviewState::Signed { record, tlp, signatures },
    })
}

fn unlike(seq: u64) -> Error {
    Error::Inconsistent(format!("entry {seq} is of another kind"))
}

fn signatures(connection: &Connection, id: ReviewId) -> Result<Vec<Signature>> {
    let select =
        "SELECT e.body FROM review_signature s JOIN entry e ON e.seq = s.entry WHERE s.review = ?1 ORDER BY s.entry";
    let found = recorded(connection, select, [int(id.0)], |event| match event {
        Event::ReviewSigned(signed) => Some(signed.signature),
        _ => None,
    });
    Ok(found?.into_iter().map(|Recorded { value, .. }| value).collect())
}

/// Bodies of the entries of reviews.
macro_rules! reviews {
    ($rest:literal) => {
        concat!(
            "SELECT o.body, c.body, s.body FROM review r JOIN entry o ON o.seq = r.entry
            LEFT JOIN entry c ON c.seq = r.concluded LEFT JOIN entry s ON s.seq = r.sealed ",
            $rest
        )
    };
}

/// A review by its number.
pub(super) fn review(connection: &Connection, id: ReviewId) -> Result<Option<ReviewRow>> {
    Ok(rows(connection, reviews!("WHERE r.id = ?1"), [int(id.0)])?.pop())
}

/// The review of a product that is not sealed yet.
pub(super) fn unsealed(connection: &Connection, product: &ProductId) -> Result<Option<ReviewId>> {
    let select = "SELECT r.id FROM review_product p JOIN review r ON r.id = p.review
        WHERE p.product = ?1 AND r.state <> 'sealed' ORDER BY r.id LIMIT 1";
    first(connection, select, [&product.0], |row| Ok(ReviewId(uint(row.get(0)?))))
}

/// Where the last period of a product ends, sealed or not.
pub(super) fn last_period_end(connection: &Connection, product: &ProductId) -> Result<Option<Timestamp>> {
    let select = reviews!("JOIN review_product p ON p.review = r.id WHERE p.product = ?1 ORDER BY r.id DESC LIMIT 1");
    Ok(rows(connection, select, [&product.0])?.pop().map(|row| row.review.period_end))
}

impl Records {
    /// All reviews, by number.
    pub fn reviews(&self) -> Result<Vec<ReviewRow>> {
        rows(&self.connection, reviews!("ORDER BY r.id"), [])
    }

    /// A review.
    pub fn review(&self, id: ReviewId) -> Result<Option<ReviewRow>> {
        review(&self.connection, id)
    }

    /// The review of a product that is not sealed yet; there is at most one.
    pub fn open_review(&self, product: &ProductId) -> Result<Option<ReviewId>> {
        unsealed(&self.connection, product)
    }

    /// Where the last review period of a product ends: the next one begins there.
    pub fn last_period_end(&self, product: &ProductId) -> Result<Option<Timestamp>> {
        last_period_end(&self.connection, product)
    }

    /// The number that the next review gets.
    pub fn next_review_id(&self) -> Result<ReviewId> {
        next_number(&self.connection, "SELECT max(id) FROM review").map(ReviewId)
    }
}
