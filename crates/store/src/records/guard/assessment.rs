//! Judgements and approvals: reasons are given, and two persons are two persons.

use domain::model::assessment::{Assessment, Status};
use domain::model::journal::AssessmentApproved;
use rusqlite::Connection;

use super::person;
use crate::records::error::Result;
use crate::records::finding::latest_assessment;
use crate::records::refusal::Refusal;
use crate::records::sql::{exists, int};

pub(super) fn assessed(connection: &Connection, actor: &str, assessment: &Assessment) -> Result<()> {
    let finding = assessment.finding;
    if !exists(connection, "SELECT 1 FROM finding WHERE id = ?1", [int(finding.0)])? {
        return Err(Refusal::UnknownFinding(finding).into());
    }
    if assessment.rationale.trim().is_empty() {
        return Err(Refusal::NoRationale(finding).into());
    }
    if matches!(&assessment.status, Status::Affected { action } if action.trim().is_empty()) {
        return Err(Refusal::NoAction(finding).into());
    }
    if assessment.approval.is_some() {
        return Err(Refusal::ApprovedAtOnce(finding).into());
    }
    person(connection, actor, &assessment.by)
}

pub(super) fn approved(connection: &Connection, actor: &str, approved: &AssessmentApproved) -> Result<()> {
    let finding = approved.finding;
    let nothing = Refusal::NothingToApprove(finding);
    let Some((judged, latest)) = latest_assessment(connection, finding)? else {
        return Err(nothing.into());
    };
    // A judgement whose ground moved has to be made again; it cannot be approved any more.
    let reopened = "SELECT 1 FROM reopening WHERE finding = ?1 AND entry > ?2";
    let waits = latest.status.needs_second_person() && latest.approval.is_none();
    if !waits || exists(connection, reopened, [int(finding.0), int(judged)])? {
        return Err(nothing.into());
    }
    if latest.by == approved.by {
        return Err(Refusal::SamePerson { finding, by: latest.by }.into());
    }
    person(connection, actor, &approved.by)
}
