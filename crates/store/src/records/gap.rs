//! Queries: the ledger of gaps, and what of every fetch counts for monitoring.

use domain::model::journal::Event;
use domain::model::register::{GapId, GapReviewed};
use domain::model::source::{Counts, SourceId};
use domain::monitor::gaps::{Closing, Gap, Standing};
use domain::monitor::{Attempt, Limits};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::sql::{all, first, from_word, int, micros, moment, uint};

/// A gap and what persons concluded about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRow {
    /// The gap.
    pub gap: Gap,
    /// Its reviews, oldest first.
    pub reviews: Vec<Recorded<GapReviewed>>,
}

impl GapRow {
    /// The review that counts: the last one made after the gap was closed, or the last one of an open gap.
    pub fn review(&self) -> Option<&Recorded<GapReviewed>> {
        let closed = self.gap.closed.map_or(0, |closing| closing.entry);
        self.reviews.last().filter(|review| review.seq > closed)
    }
}

/// Which gaps to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GapFilter {
    /// Of this source.
    pub source: Option<SourceId>,
    /// Only those that are open.
    pub open: bool,
    /// That were open at some moment of `[start, end)`.
    pub touching: Option<(Timestamp, Timestamp)>,
}

/// The limits of a source, as the register or the configuration states them last.
pub(super) fn limits(connection: &Connection, source: &SourceId) -> Result<Option<Limits>> {
    let read = |row: &Row<'_>| {
        Ok(Limits { every_hours: row.get(0)?, fresh_hours: row.get(1)?, data_fresh_hours: row.get(2)? })
    };
    let register = "SELECT every_hours, fresh_hours, data_fresh_hours FROM source_record
        WHERE source = ?1 ORDER BY revision DESC LIMIT 1";
    if let Some(limits) = first(connection, register, [&source.0], read)? {
        return Ok(Some(limits));
    }
    first(connection, "SELECT every_hours, fresh_hours, NULL FROM source WHERE id = ?1", [&source.0], read)
}

/// What is known about a source from all entries so far. What was before it was last retired does not count.
pub(super) fn standing(connection: &Connection, source: &SourceId) -> Result<Standing> {
    let retired = "SELECT max(entry) FROM source_record WHERE source = ?1 AND change = 'retired'";
    let retired = first(connection, retired, [&source.0], |row| Ok(row.get::<_, Option<i64>>(0)?))?.flatten();
    let after = params![source.0, retired.unwrap_or(-1)];
    let since = "SELECT at FROM source_record WHERE source = ?1 AND change = 'added' AND entry > ?2
        ORDER BY entry DESC LIMIT 1";
    let good = r#"SELECT finished FROM "fetch" WHERE source = ?1 AND good = 1 AND entry > ?2
        ORDER BY entry DESC LIMIT 1"#;
    let cursor = r#"SELECT cursor IS NOT NULL FROM "fetch" WHERE source = ?1 ORDER BY entry DESC LIMIT 1"#;
    let open = "SELECT number FROM source_gap WHERE source = ?1 AND closing_entry IS NULL";
    Ok(Standing {
        since: first(connection, since, after, |row| moment(row.get(0)?))?,
        good: first(connection, good, after, |row| moment(row.get(0)?))?,
        cursor: first(connection, cursor, [&source.0], |row| Ok(row.get(0)?))?.unwrap_or(false),
        open: first(connection, open, [&source.0], |row| Ok(GapId(uint(row.get(0)?))))?,
    })
}

const GAP: &str = "SELECT number, source, kind, start, found, cause, attempts, limit_hours, closed, closing_entry,
    reach, checks FROM source_gap WHERE 1 = 1";

fn read_gap(row: &Row<'_>) -> Result<Gap> {
    let closed = match row.get::<_, Option<i64>>(8)? {
        Some(at) => Some(Closing {
            at: moment(at)?,
            entry: uint(row.get(9)?),
            reach: from_word(row.get(10)?, "a reach")?,
            checks: uint(row.get(11)?),
        }),
        None => None,
    };
    Ok(Gap {
        id: Some(GapId(uint(row.get(0)?))),
        source: SourceId(row.get(1)?),
        kind: from_word(row.get(2)?, "a kind of gap")?,
        from: moment(row.get(3)?)?,
        found: moment(row.get(4)?)?,
        cause: row.get(5)?,
        attempts: uint(row.get(6)?),
        limit_hours: row.get(7)?,
        closed,
    })
}

/// Whether there is such a gap, and of which source.
pub(super) fn source_of(connection: &Connection, gap: GapId) -> Result<Option<SourceId>> {
    let select = "SELECT source FROM source_gap WHERE number = ?1";
    first(connection, select, [int(gap.0)], |row| Ok(SourceId(row.get(0)?)))
}

const ATTEMPT: &str = r#"SELECT entry, finished, outcome, owed, data_timestamp, live, full_set, checks, checks_agreed,
    cursor IS NOT NULL, seen, new, changed, unchanged, withdrawn, quarantined FROM "fetch" WHERE source = ?1"#;

fn read_attempt(row: &Row<'_>) -> Result<Attempt> {
    let count = |column: usize| -> Result<u64> { Ok(uint(row.get(column)?)) };
    Ok(Attempt {
        entry: count(0)?,
        at: moment(row.get(1)?)?,
        outcome: from_word(row.get(2)?, "an outcome")?,
        owed: row.get(3)?,
        data_timestamp: row.get::<_, Option<i64>>(4)?.map(moment).transpose()?,
        live: count(5)?,
        full_set: row.get(6)?,
        checks: (count(7)?, count(8)?),
        leaves_cursor: row.get(9)?,
        counts: Counts {
            seen: count(10)?,
            new: count(11)?,
            changed: count(12)?,
            unchanged: count(13)?,
            withdrawn: count(14)?,
            quarantined: count(15)?,
        },
    })
}

impl Records {
    /// Gaps that a filter lets through, in order of their numbers.
    pub fn gaps(&self, filter: &GapFilter) -> Result<Vec<GapRow>> {
        let mut select = GAP.to_owned();
        let mut params: Vec<Value> = Vec::new();
        if let Some(source) = &filter.source {
            select.push_str(" AND source = ?");
            params.push(source.0.clone().into());
        }
        if filter.open {
            select.push_str(" AND closing_entry IS NULL");
        }
        if let Some((start, end)) = filter.touching {
            select.push_str(" AND start < ? AND (closed IS NULL OR closed >= ?)");
            params.extend([micros(end).into(), micros(start).into()]);
        }
        select.push_str(" ORDER BY number");
        let gaps = all(&self.connection, &select, params_from_iter(params), read_gap)?;
        gaps.into_iter().map(|gap| self.with_reviews(gap)).collect()
    }

    /// A gap.
    pub fn gap(&self, id: GapId) -> Result<Option<GapRow>> {
        let gap = first(&self.connection, &format!("{GAP} AND number = ?1"), [int(id.0)], read_gap)?;
        gap.map(|gap| self.with_reviews(gap)).transpose()
    }

    fn with_reviews(&self, gap: Gap) -> Result<GapRow> {
        let select =
            "SELECT e.body FROM gap_review r JOIN entry e ON e.seq = r.entry WHERE r.gap = ?1 ORDER BY r.entry";
        let id = gap.id.map_or(-1, |id| int(id.0));
        let reviews = recorded(&self.connection, select, [id], |event| match event {
            Event::GapReviewed(reviewed) => Some(reviewed),
            _ => None,
        })?;
        Ok(GapRow { gap, reviews })
    }

    /// What is known about a source's fetches so far, as the ledger of gaps sees it.
    pub fn standing(&self, source: &SourceId) -> Result<Standing> {
        standing(&self.connection, source)
    }

    /// The last fetch of a source that ended before a moment, and the last of these that ended well.
    pub fn last_attempts(
        &self,
        source: &SourceId,
        before: Option<Timestamp>,
    ) -> Result<(Option<Attempt>, Option<Attempt>)> {
        let before = before.map_or(i64::MAX, micros);
        let last = format!("{ATTEMPT} AND finished < ?2 ORDER BY entry DESC LIMIT 1");
        let good = format!("{ATTEMPT} AND outcome = 'ok' AND finished < ?2 ORDER BY entry DESC LIMIT 1");
        Ok((
            first(&self.connection, &last, params![source.0, before], read_attempt)?,
            first(&self.connection, &good, params![source.0, before], read_attempt)?,
        ))
    }

    /// The fetches of a source that ended in `[from, until)`, in order of time.
    pub fn attempts(&self, source: &SourceId, from: Timestamp, until: Timestamp) -> Result<Vec<Attempt>> {
        let select = format!("{ATTEMPT} AND finished >= ?2 AND finished < ?3 ORDER BY finished, entry");
        all(&self.connection, &select, params![source.0, micros(from), micros(until)], read_attempt)
    }
}
