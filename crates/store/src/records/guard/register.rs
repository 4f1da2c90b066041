//! The register: revisions in order, retiring and approving by persons, and the newest revision only.

use domain::model::journal::Entry;
use domain::model::register::{GapReviewed, RegisterChange, SourceApproved, SourceRecord};
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::person;
use crate::records::error::Result;
use crate::records::refusal::Refusal;
use crate::records::{gap, register};

pub(super) fn recorded(connection: &Connection, actor: &str, record: &SourceRecord) -> Result<()> {
    let newest = register::newest(connection, &record.source)?;
    let next = newest.as_ref().map_or(1, |newest| u64::from(newest.revision) + 1);
    let given = u64::from(record.revision);
    if given != next {
        return Err(Refusal::Number { what: "a revision of a source's record", given, next }.into());
    }
    let source = record.source.clone();
    let is_registered = newest.is_some_and(|newest| !matches!(newest.change, RegisterChange::Retired { .. }));
    match &record.change {
        RegisterChange::Added if is_registered => Err(Refusal::SourceRegistered(source).into()),
        RegisterChange::Added => Ok(()),
        _ if !is_registered => Err(Refusal::NotRegistered(source).into()),
        RegisterChange::Changed { what } if what.is_empty() => Err(Refusal::NothingChanged(source).into()),
        RegisterChange::Changed { .. } => Ok(()),
        RegisterChange::Retired { reason } => {
            person(connection, actor, actor)?;
            if reason.trim().is_empty() { Err(Refusal::RetiredWithoutReason(source).into()) } else { Ok(()) }
        }
    }
}

pub(super) fn approved(connection: &Connection, entry: &Entry, approved: &SourceApproved) -> Result<()> {
    person(connection, &entry.actor, &entry.actor)?;
    let source = approved.source.clone();
    let Some(newest) = register::newest(connection, &source)? else {
        return Err(Refusal::NotRegistered(source).into());
    };
    if matches!(newest.change, RegisterChange::Retired { .. }) {
        return Err(Refusal::NotRegistered(source).into());
    }
    if newest.revision != approved.revision {
        return Err(Refusal::NotNewest { id: source, given: approved.revision, newest: newest.revision }.into());
    }
    let today = entry.at.to_zoned_datetime(TimeZone::UTC).date();
    if approved.next_review <= today {
        return Err(Refusal::NextReview { id: source, given: approved.next_review, today }.into());
    }
    Ok(())
}

pub(super) fn gap_reviewed(connection: &Connection, actor: &str, reviewed: &GapReviewed) -> Result<()> {
    person(connection, actor, actor)?;
    match gap::source_of(connection, reviewed.gap)? {
        Some(source) if source == reviewed.source => {}
        _ => return Err(Refusal::UnknownGap { gap: reviewed.gap, id: reviewed.source.clone() }.into()),
    }
    if reviewed.conclusion.trim().is_empty() {
        return Err(Refusal::NoConclusion(reviewed.gap).into());
    }
    Ok(())
}
