//! Judgements, approvals, and the work state that follows from them.

use domain::assess::work::WorkState;
use domain::model::assessment::{Approval, Assessment};
use domain::model::finding::FindingId;
use domain::model::journal::{AssessmentApproved, Entry};
use rusqlite::{Connection, params};
use standards::canonical_json;

use crate::records::error::Result;
use crate::records::finding::latest_assessment;
use crate::records::refusal::Refusal;
use crate::records::sql::{execute, exists, first, int};

pub(super) fn assessed(connection: &Connection, seq: u64, assessment: &Assessment) -> Result<()> {
    let insert = "INSERT INTO assessment (entry, finding, status, by, body) VALUES (?1, ?2, ?3, ?4, ?5)";
    let body = canonical_json::to_string(assessment)?;
    let row = params![int(seq), int(assessment.finding.0), assessment.status.word(), assessment.by, body];
    execute(connection, insert, row)?;
    refresh_state(connection, assessment.finding)
}

/// The latest judgement is the one approved.
pub(super) fn approved(connection: &Connection, entry: &Entry, approved: &AssessmentApproved) -> Result<()> {
    let latest = latest_assessment(connection, approved.finding)?;
    let (judged, mut assessment) = latest.ok_or(Refusal::NothingToApprove(approved.finding))?;
    assessment.approval = Some(Approval { by: approved.by.clone(), at: entry.at });
    let update = "UPDATE assessment SET approved = ?2, body = ?3 WHERE entry = ?1";
    let body = canonical_json::to_string(&assessment)?;
    execute(connection, update, params![int(judged), int(entry.seq), body])?;
    refresh_state(connection, approved.finding)
}

/// Computes the state of a finding again. What counts is the order of entries, not of clocks.
pub(super) fn refresh_state(connection: &Connection, finding: FindingId) -> Result<()> {
    let id = int(finding.0);
    let present = first(connection, "SELECT present FROM finding WHERE id = ?1", [id], |row| Ok(row.get(0)?))?;
    let present = present.ok_or(Refusal::UnknownFinding(finding))?;
    let latest = latest_assessment(connection, finding)?;
    let reopened_at = match &latest {
        Some((judged, assessment)) if reopened_since(connection, id, *judged)? => Some(assessment.at),
        _ => None,
    };
    let state = WorkState::of(present, latest.as_ref().map(|(_, assessment)| assessment), reopened_at);
    execute(connection, "UPDATE finding SET state = ?2 WHERE id = ?1", params![id, state.word()]).map(drop)
}

fn reopened_since(connection: &Connection, finding: i64, judged: u64) -> Result<bool> {
    exists(connection, "SELECT 1 FROM reopening WHERE finding = ?1 AND entry > ?2", [finding, int(judged)])
}
