//! A day's EPSS scores: the newest table is taken in, an older one is history and stays in the archive only.
//!
//! A row that cannot be read is set aside, and its CVE keeps the score that it had, with the date of that.

use std::collections::HashSet;

use domain::model::raw::{Digest, Quarantined, RawRef};
use domain::model::source::Check;
use domain::normalise::{self, EpssScores};
use jiff::Timestamp;
use sources::{Taken, Unusable};
use store::knowledge::{EpssTable, KeptScore, Knowledge};

use super::Ingest;

impl Ingest<'_, '_> {
    pub(super) fn scores(&mut self, object: Digest, bytes: &[u8], name: &str) -> Result<Taken, Unusable> {
        self.bytes_read += bytes.len() as u64;
        let scores = normalise::epss(bytes, name).map_err(|fault| Unusable(fault.to_string()))?;
        self.warnings += scores.warnings.len() as u64;
        let mut scores = scores.value;
        let date: Option<Timestamp> = format!("{}T00:00:00Z", scores.date).parse().ok();
        let (rows, unread) = (scores.rows.len() as u64, (scores.unread.len() + scores.unread_more) as u64);
        let mut taken = Taken { records: rows, quarantined: 0, page: None, data_timestamp: date, newest: date };
        self.checks.push(statement(&scores, self.knowledge));
        if self.is_history(&scores.date) {
            self.warnings += unread;
            return Ok(taken);
        }
        taken.quarantined = unread;
        self.counts.quarantined += scores.unread_more as u64;
        let kept = kept(&scores, self.knowledge);
        for row in std::mem::take(&mut scores.unread) {
            let raw = RawRef { object, entry: String::new(), offset: row.offset, length: row.length };
            self.set_aside(Quarantined { id: row.cve, raw, reason: row.reason });
        }
        let table = table(scores, kept);
        let all = (table.rows.len() + table.kept.len()) as u64;
        let unchanged = self
            .knowledge
            .epss_edition()
            .is_some_and(|known| known.model == table.model && known.date == table.date && known.rows == all);
        self.counts.seen += rows + unread;
        *(if unchanged { &mut self.counts.unchanged } else { &mut self.counts.changed }) += rows;
        self.writer.epss(&table);
        self.newest = self.newest.max(date);
        Ok(taken)
    }

    /// Whether scores of a later day are known, or came in this fetch.
    fn is_history(&self, date: &str) -> bool {
        let known = self.knowledge.epss_edition().is_some_and(|edition| date < edition.date.as_str());
        known || self.newest.is_some_and(|newest| date < newest.strftime("%Y-%m-%d").to_string().as_str())
    }
}

/// What a table states about itself: its model. FIRST states no number of rows, so the table before is named with it.
fn statement(scores: &EpssScores, knowledge: &Knowledge) -> Check {
    let model = |model: &str| if model.is_empty() { "no model".to_owned() } else { format!("model {model}") };
    let before = knowledge.epss_edition().map_or_else(String::new, |known| {
        format!("; {} rows of {}, {}, before", known.rows, known.date, model(&known.model))
    });
    let unread = match scores.unread.len() + scores.unread_more {
        0 => String::new(),
        unread => format!(" and {unread} that cannot be read"),
    };
    Check {
        what: format!("scores of {}", scores.date),
        stated: model(&scores.model),
        found: format!("{} rows{unread}{before}", scores.rows.len()),
        agrees: true,
    }
}

/// The earlier scores of CVEs whose rows cannot be read.
fn kept(scores: &EpssScores, knowledge: &Knowledge) -> Vec<KeptScore> {
    if scores.unread.is_empty() {
        return Vec::new();
    }
    let own: HashSet<&str> = scores.rows.iter().map(|row| row.cve.as_str()).collect();
    let mut known = HashSet::new();
    let keep = |cve: &str| {
        let (score, date) = (knowledge.epss(cve)?, knowledge.epss_date(cve)?.to_owned());
        Some(KeptScore { cve: cve.to_owned(), score, date })
    };
    let wanted =
        scores.unread.iter().map(|row| row.cve.as_str()).filter(|cve| !own.contains(cve) && known.insert(*cve));
    wanted.filter_map(keep).collect()
}

/// The scores as the knowledge keeps them.
fn table(scores: EpssScores, kept: Vec<KeptScore>) -> EpssTable {
    let rows =
        scores.rows.into_iter().map(|row| (row.cve, row.probability_millionths, row.percentile_millionths)).collect();
    EpssTable { model: scores.model, date: scores.date, rows, kept }
}
