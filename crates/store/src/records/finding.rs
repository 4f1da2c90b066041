//! Queries: findings, their work states and their histories.

use domain::assess::work::WorkState;
use domain::model::assessment::{Assessment, ReopenReason};
use domain::model::finding::{Confidence, Finding, FindingId, Match};
use domain::model::product::{ProductId, ReleaseId};
use domain::model::raw::Digest;
use domain::model::run::RunId;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

use super::Records;
use super::change::{ChangeRow, changes_of};
use super::entry::Recorded;
use super::error::{Error, Result};
use super::guard::next_number;
use super::product::{release_id, release_row};
use super::sql::{all, first, from_json, from_word, int, uint};
use crate::journal;

/// A finding as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// Its number.
    pub id: FindingId,
    /// The release.
    pub release: ReleaseId,
    /// Identity of the component.
    pub component: Digest,
    /// How people call it.
    pub component_label: String,
    /// Primary name of the vulnerability.
    pub vulnerability: String,
    /// One line about it.
    pub title: String,
    /// Where the work stands.
    pub state: WorkState,
    /// Why it is gone, if it is.
    pub gone_why: Option<String>,
    /// How sure the identity of the component is.
    pub confidence: Confidence,
    /// Highest base score, in tenths.
    pub score_tenths: Option<u8>,
    /// In a known-exploited catalogue since this date.
    pub known_exploited: Option<String>,
    /// EPSS probability in millionths.
    pub epss_millionths: Option<u32>,
    /// Run in which it appeared.
    pub first_run: RunId,
    /// Last run that changed it.
    pub last_run: RunId,
}

/// A finding with everything matching said, to be compared with what it says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFinding {
    /// The finding as of the last run that changed it.
    pub finding: Finding,
    /// Where the work stands.
    pub state: WorkState,
}

/// Everything about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingHistory {
    /// As a list shows it.
    pub row: FindingRow,
    /// What matching says, as of the last run that changed it.
    pub matched: Match,
    /// Every judgement with its approval, oldest first.
    pub assessments: Vec<Recorded<Assessment>>,
    /// Every reopening, oldest first.
    pub reopenings: Vec<Reopening>,
    /// What each run changed about it, oldest first.
    pub changes: Vec<ChangeRow>,
}

/// A decision that the program reopened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopening {
    /// Journal entry of the run.
    pub seq: u64,
    /// When the run was recorded.
    pub at: Timestamp,
    /// The run.
    pub run: RunId,
    /// The rule.
    pub reason: ReopenReason,
    /// The facts, as a sentence.
    pub detail: String,
}

/// Which findings to list. The default lists all, also those that are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Of this release.
    pub release: Option<ReleaseId>,
    /// Of any release of this product.
    pub product: Option<ProductId>,
    /// Of this component.
    pub component: Option<Digest>,
    /// In one of these states; in any if empty.
    pub states: Vec<WorkState>,
    /// Of the vulnerability with this name, primary or alias, as its publisher spells it.
    pub vulnerability: Option<String>,
    /// With at least this score, in tenths. A finding without score is not below it: nobody knows.
    pub min_score_tenths: Option<u8>,
    /// Only those in a known-exploited catalogue.
    pub known_exploited: bool,
    /// Only those whose present run changed something from this run on.
    pub changed_since: Option<RunId>,
}

/// The hash under which a name of a vulnerability is indexed: XXH3-64 of the name as spelt.
pub fn name_hash(name: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(name.as_bytes())
}

const COLUMNS: &str =
    "SELECT f.id, r.product, r.version, c.digest, f.component_label, f.vulnerability, f.title, f.state,
    f.gone_why, f.confidence, f.score_tenths, f.known_exploited, f.epss_millionths, f.first_run, f.last_run, f.body
    FROM finding f JOIN release r ON r.id = f.release JOIN component c ON c.id = f.component";

/// What needs a person most comes first.
const ORDER: &str = "ORDER BY f.known_exploited IS NULL, f.score_tenths DESC NULLS LAST,
    f.epss_millionths DESC NULLS LAST, f.id";

fn finding_row(row: &Row<'_>) -> Result<FindingRow> {
    Ok(FindingRow {
        id: FindingId(uint(row.get(0)?)),
        release: release_id(row, 1)?,
        component: Digest(row.get(3)?),
        component_label: row.get(4)?,
        vulnerability: row.get(5)?,
        title: row.get(6)?,
        state: state(row.get_ref(7)?.as_str().map_err(rusqlite::Error::from)?)?,
        gone_why: row.get(8)?,
        confidence: from_word(row.get(9)?, "a confidence")?,
        score_tenths: row.get(10)?,
        known_exploited: row.get(11)?,
        epss_millionths: row.get(12)?,
        first_run: RunId(uint(row.get(13)?)),
        last_run: RunId(uint(row.get(14)?)),
    })
}

fn known_finding(row: &Row<'_>) -> Result<KnownFinding> {
    let FindingRow { id, release, component, component_label, state, .. } = finding_row(row)?;
    let matched = matched(row)?;
    Ok(KnownFinding { finding: Finding { id, release, component, component_label, matched }, state })
}

fn matched(row: &Row<'_>) -> Result<Match> {
    from_json(row.get_ref(15)?.as_str().map_err(rusqlite::Error::from)?, "a match")
}

fn state(word: &str) -> Result<WorkState> {
    let found = WorkState::ALL.into_iter().find(|state| state.word() == word);
    found.ok_or_else(|| Error::Inconsistent(format!("a finding is in the unknown state {word:?}")))
}

/// The latest judgement of a finding, with the number of its entry.
pub(super) fn latest_assessment(connection: &Connection, id: FindingId) -> Result<Option<(u64, Assessment)>> {
    let select = "SELECT entry, body FROM assessment WHERE finding = ?1 ORDER BY entry DESC LIMIT 1";
    first(connection, select, [int(id.0)], |row| {
        Ok((uint(row.get(0)?), from_json(&row.get::<_, String>(1)?, "an assessment")?))
    })
}

impl Records {
    /// Findings that a filter lets through: known exploited first, then by score, EPSS and number.
    pub fn findings(&self, filter: &FindingFilter) -> Result<Vec<FindingRow>> {
        let (conditions, params) = filter.query();
        let select = format!("{COLUMNS} WHERE {conditions} {ORDER}");
        all(&self.connection, &select, params_from_iter(params), finding_row)
    }

    /// A finding with its full history.
    pub fn finding(&self, id: FindingId) -> Result<Option<FindingHistory>> {
        let select = format!("{COLUMNS} WHERE f.id = ?1");
        let found = first(&self.connection, &select, [int(id.0)], |row| Ok((finding_row(row)?, matched(row)?)))?;
        let Some((row, matched)) = found else { return Ok(None) };
        let assessments = self.assessments(id)?;
        let reopenings = self.reopenings(id)?;
        Ok(Some(FindingHistory { row, matched, assessments, reopenings, changes: changes_of(&self.connection, id)? }))
    }

    /// The findings that hold in a release, by number: what a new run is compared with.
    pub fn findings_present(&self, release: &ReleaseId) -> Result<Vec<KnownFinding>> {
        self.known(release, true)
    }

    /// The findings that held in a release once and do no longer, by number: they may return.
    pub fn findings_gone(&self, release: &ReleaseId) -> Result<Vec<KnownFinding>> {
        self.known(release, false)
    }

    fn known(&self, release: &ReleaseId, present: bool) -> Result<Vec<KnownFinding>> {
        let select = format!("{COLUMNS} WHERE f.release = ?1 AND f.present = ?2 ORDER BY f.id");
        let release = release_row(&self.connection, release)?;
        all(&self.connection, &select, params![release, present], known_finding)
    }

    /// Numbers of the findings, present or gone, whose vulnerability has one of these names, sorted; see [`name_hash`].
    pub fn findings_with_names(&self, names: &[u64]) -> Result<Vec<FindingId>> {
        let select = "SELECT finding FROM finding_name WHERE name_hash = ?1";
        let mut found = std::collections::BTreeSet::new();
        for name in names {
            found.extend(all(&self.connection, select, [name.cast_signed()], |row| Ok(FindingId(uint(row.get(0)?))))?);
        }
        Ok(found.into_iter().collect())
    }

    /// The number that the next finding gets.
    pub fn next_finding_id(&self) -> Result<FindingId> {
        next_number(&self.connection, "SELECT max(id) FROM finding").map(FindingId)
    }

    fn assessments(&self, id: FindingId) -> Result<Vec<Recorded<Assessment>>> {
        let select = "SELECT e.body, a.body FROM assessment a JOIN entry e ON e.seq = a.entry
            WHERE a.finding = ?1 ORDER BY a.entry";
        all(&self.connection, select, [int(id.0)], |row| {
            let entry = journal::read(&row.get::<_, String>(0)?)?;
            let value = from_json(&row.get::<_, String>(1)?, "an assessment")?;
            Ok(Recorded { seq: entry.seq, at: entry.at, actor: entry.actor, value })
        })
    }

    fn reopenings(&self, id: FindingId) -> Result<Vec<Reopening>> {
        let select =
            "SELECT o.entry, e.body, o.run, o.reason, o.detail FROM reopening o JOIN entry e ON e.seq = o.entry
            WHERE o.finding = ?1 ORDER BY o.run, o.ordinal";
        all(&self.connection, select, [int(id.0)], |row| {
            Ok(Reopening {
                seq: uint(row.get(0)?),
                at: journal::read(&row.get::<_, String>(1)?)?.at,
                run: RunId(uint(row.get(2)?)),
                reason: from_word(row.get(3)?, "a reason")?,
                detail: row.get(4)?,
            })
        })
    }
}

impl FindingFilter {
    fn query(&self) -> (String, Vec<Value>) {
        let mut sql = "1 = 1".to_owned();
        let mut params: Vec<Value> = Vec::new();
        let mut and = |condition: &str, values: &[Value]| {
            sql.push_str(" AND ");
            sql.push_str(condition);
            params.extend_from_slice(values);
        };
        if let Some(release) = &self.release {
            and("r.product = ? AND r.version = ?", &[release.product.0.clone().into(), release.version.clone().into()]);
        }
        if let Some(product) = &self.product {
            and("r.product = ?", &[product.0.clone().into()]);
        }
        if let Some(component) = &self.component {
            and("c.digest = ?", &[component.0.to_vec().into()]);
        }
        if let Some(name) = &self.vulnerability {
            let named = "f.id IN (SELECT finding FROM finding_name WHERE name_hash = ?)";
            and(named, &[name_hash(name).cast_signed().into()]);
        }
        if let Some(score) = self.min_score_tenths {
            and("(f.score_tenths >= ? OR f.score_tenths IS NULL)", &[i64::from(score).into()]);
        }
        if self.known_exploited {
            and("f.known_exploited IS NOT NULL", &[]);
        }
        if let Some(run) = self.changed_since {
            and("f.last_run >= ?", &[int(run.0).into()]);
        }
        if !self.states.is_empty() {
            let places = vec!["?"; self.states.len()].join(", ");
            let words: Vec<Value> = self.states.iter().map(|state| state.word().to_owned().into()).collect();
            and(&format!("f.state IN ({places})"), &words);
        }
        (sql, params)
    }
}
