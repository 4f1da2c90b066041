//! What a run changed: findings and candidates. Tens of thousands of rows at a time, so each change is a few look-ups by key.

use std::collections::{BTreeSet, HashMap};

use domain::assess::work::WorkState;
use domain::model::assessment::ReopenReason;
use domain::model::finding::{Finding, FindingId, Match};
use domain::model::journal::Change;
use domain::model::product::ReleaseId;
use domain::model::raw::Digest;
use rusqlite::{Connection, params};
use standards::canonical_json;

use super::assessment::refresh_state;
use crate::records::error::Result;
use crate::records::finding::name_hash;
use crate::records::refusal::Refusal;
use crate::records::sql::{execute, exists, first, from_json, int, word};
use crate::records::{component, product};

/// The changes of one run, being applied.
pub(super) struct Changes<'a> {
    connection: &'a Connection,
    seq: u64,
    run: i64,
    releases: HashMap<ReleaseId, i64>,
}

/// What a row of `change` is about.
enum About {
    Finding(FindingId),
    Candidate { release: i64, component: i64, vulnerability: String },
}

impl<'a> Changes<'a> {
    pub(super) fn new(connection: &'a Connection, seq: u64, run: i64) -> Self {
        Self { connection, seq, run, releases: HashMap::new() }
    }

    pub(super) fn apply(mut self, list: Vec<Change>) -> Result<()> {
        for (ordinal, change) in list.into_iter().enumerate() {
            let ordinal = int(ordinal as u64);
            let kind = change.kind();
            let (about, detail) = self.change(ordinal, change)?;
            self.note(ordinal, kind, &about, &detail)?;
        }
        Ok(())
    }

    fn change(&mut self, ordinal: i64, change: Change) -> Result<(About, Vec<String>)> {
        Ok(match change {
            Change::Appeared { finding } => (self.appeared(&finding)?, Vec::new()),
            Change::Changed { finding, what } => (self.update(&finding)?, what),
            Change::Gone { finding, why } => (self.gone(finding, &why)?, vec![why]),
            Change::Returned { finding } => (self.returned(&finding)?, Vec::new()),
            Change::Reopened { finding, reason, detail } => {
                (self.reopened(ordinal, finding, reason, &detail)?, vec![detail])
            }
            Change::CandidateAppeared { release, component, component_label, matched } => {
                (self.candidate(&release, &component, &component_label, &matched)?, Vec::new())
            }
            Change::CandidateGone { release, component, vulnerability } => {
                (self.candidate_gone(&release, &component, vulnerability)?, Vec::new())
            }
        })
    }

    fn note(&self, ordinal: i64, kind: &str, about: &About, detail: &[String]) -> Result<()> {
        let insert = "INSERT INTO change (run, ordinal, kind, finding, release, component, vulnerability, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let (finding, release, component, vulnerability) = match about {
            About::Finding(id) => (Some(int(id.0)), None, None, None),
            About::Candidate { release, component, vulnerability } => {
                (None, Some(release), Some(component), Some(vulnerability))
            }
        };
        let detail = canonical_json::to_string(detail)?;
        let row = params![self.run, ordinal, kind, finding, release, component, vulnerability, detail];
        execute(self.connection, insert, row).map(drop)
    }

    fn appeared(&mut self, finding: &Finding) -> Result<About> {
        if exists(self.connection, "SELECT 1 FROM finding WHERE id = ?1", [int(finding.id.0)])? {
            return Err(Refusal::FindingExists(finding.id).into());
        }
        let insert =
            "INSERT INTO finding (id, release, component, component_label, vulnerability, present, state, title,
                score_tenths, confidence, known_exploited, epss_millionths, first_run, last_run, body)
            VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13)";
        let matched = &finding.matched;
        let row = params![
            int(finding.id.0),
            self.release(&finding.release)?,
            component::row(self.connection, &finding.component)?,
            finding.component_label,
            matched.vulnerability,
            WorkState::New.word(),
            matched.title,
            matched.score_tenths,
            matched.confidence.word(),
            matched.known_exploited,
            matched.epss_millionths,
            self.run,
            canonical_json::to_string(matched)?,
        ];
        execute(self.connection, insert, row)?;
        names(matched).iter().try_for_each(|hash| self.name(finding.id, *hash))?;
        Ok(About::Finding(finding.id))
    }

    fn update(&self, finding: &Finding) -> Result<About> {
        let before = "SELECT body FROM finding WHERE id = ?1";
        let before = first(self.connection, before, [int(finding.id.0)], |row| Ok(row.get::<_, String>(0)?))?;
        let before: Match = from_json(&before.ok_or(Refusal::UnknownFinding(finding.id))?, "a match")?;
        let update = "UPDATE finding SET component_label = ?2, vulnerability = ?3, title = ?4, score_tenths = ?5,
                confidence = ?6, known_exploited = ?7, epss_millionths = ?8, last_run = ?9, body = ?10 WHERE id = ?1";
        let matched = &finding.matched;
        let row = params![
            int(finding.id.0),
            finding.component_label,
            matched.vulnerability,
            matched.title,
            matched.score_tenths,
            matched.confidence.word(),
            matched.known_exploited,
            matched.epss_millionths,
            self.run,
            canonical_json::to_string(matched)?,
        ];
        execute(self.connection, update, row)?;
        self.rename(finding.id, &names(&before), &names(matched))?;
        Ok(About::Finding(finding.id))
    }

    fn rename(&self, id: FindingId, before: &BTreeSet<i64>, now: &BTreeSet<i64>) -> Result<()> {
        let delete = "DELETE FROM finding_name WHERE name_hash = ?1 AND finding = ?2";
        for hash in before.difference(now) {
            execute(self.connection, delete, params![hash, int(id.0)])?;
        }
        now.difference(before).try_for_each(|hash| self.name(id, *hash))
    }

    fn name(&self, id: FindingId, hash: i64) -> Result<()> {
        let insert = "INSERT INTO finding_name (name_hash, finding) VALUES (?1, ?2)";
        execute(self.connection, insert, params![hash, int(id.0)]).map(drop)
    }

    fn gone(&self, id: FindingId, why: &str) -> Result<About> {
        let update = "UPDATE finding SET present = 0, gone_why = ?2, state = ?3, last_run = ?4 WHERE id = ?1";
        let row = params![int(id.0), why, WorkState::Gone.word(), self.run];
        known(execute(self.connection, update, row)?, id)
    }

    fn returned(&self, finding: &Finding) -> Result<About> {
        let about = self.update(finding)?;
        let update = "UPDATE finding SET present = 1, gone_why = NULL WHERE id = ?1";
        execute(self.connection, update, [int(finding.id.0)])?;
        refresh_state(self.connection, finding.id)?;
        Ok(about)
    }

    fn reopened(&self, ordinal: i64, id: FindingId, reason: ReopenReason, detail: &str) -> Result<About> {
        let touch = execute(self.connection, "UPDATE finding SET last_run = ?2 WHERE id = ?1", [int(id.0), self.run])?;
        let about = known(touch, id)?;
        let insert = "INSERT INTO reopening (run, ordinal, finding, reason, detail, entry)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let row = params![self.run, ordinal, int(id.0), word(&reason)?, detail, int(self.seq)];
        execute(self.connection, insert, row)?;
        refresh_state(self.connection, id)?;
        Ok(about)
    }

    fn candidate(&mut self, release: &ReleaseId, digest: &Digest, label: &str, matched: &Match) -> Result<About> {
        let insert = "INSERT INTO candidate
                (release, component, vulnerability, component_label, present, first_run, last_run, body)
            VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5, ?6)
            ON CONFLICT (release, component, vulnerability) DO UPDATE SET component_label = excluded.component_label,
                present = 1, last_run = excluded.last_run, body = excluded.body";
        let release = self.release(release)?;
        let component = component::row(self.connection, digest)?;
        let body = canonical_json::to_string(matched)?;
        let row = params![release, component, matched.vulnerability, label, self.run, body];
        execute(self.connection, insert, row)?;
        Ok(About::Candidate { release, component, vulnerability: matched.vulnerability.clone() })
    }

    fn candidate_gone(&mut self, id: &ReleaseId, digest: &Digest, vulnerability: String) -> Result<About> {
        let update = "UPDATE candidate SET present = 0, last_run = ?4
            WHERE release = ?1 AND component = ?2 AND vulnerability = ?3";
        let release = self.release(id)?;
        let component = component::row(self.connection, digest)?;
        if execute(self.connection, update, params![release, component, vulnerability, self.run])? == 0 {
            return Err(Refusal::UnknownCandidate { release: id.clone(), vulnerability }.into());
        }
        Ok(About::Candidate { release, component, vulnerability })
    }

    fn release(&mut self, id: &ReleaseId) -> Result<i64> {
        if let Some(row) = self.releases.get(id) {
            return Ok(*row);
        }
        let row = product::release_row(self.connection, id)?;
        self.releases.insert(id.clone(), row);
        Ok(row)
    }
}

fn known(rows: usize, id: FindingId) -> Result<About> {
    if rows == 0 { Err(Refusal::UnknownFinding(id).into()) } else { Ok(About::Finding(id)) }
}

/// Hashes of all names of a vulnerability.
fn names(matched: &Match) -> BTreeSet<i64> {
    let names = matched.aliases.iter().chain([&matched.vulnerability]);
    names.map(|name| name_hash(name).cast_signed()).collect()
}
