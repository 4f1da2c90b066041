//! The source register: every source is a controlled record. The configuration says what a source is, the register who changed
//! that and when, and who approved it.
//!
//! A changed `wardround.toml` is recorded by itself: an added block adds a record, a changed one makes a revision with sentences
//! on what changed. A block that vanished retires nothing: only a person retires a source, with a reason; until then the register
//! says that the source is missing in the configuration. [`add`], [`change`] and [`retire`] edit the file and record the person.

pub mod edit;
pub mod preset;

use domain::model::journal::Event;
use domain::model::register::{GapId, GapReviewed, RegisterChange, SourceApproved, SourceRecord};
use domain::model::source::SourceId;
use jiff::civil::Date;
use store::records::RegisterRow;

use crate::assess::Actor;
use crate::config::ConfiguredSource;
use crate::config::fault::suggestion;
use crate::error::{Error, Result};
use crate::people::{self, ROLES};
use crate::workspace::{CONFIG_FILE, Workspace};

pub use edit::Fields;

/// What the configuration says otherwise than the register does, as entries to be made.
pub(crate) fn changes(workspace: &Workspace) -> Result<Vec<Event>> {
    let known = workspace.records.register()?;
    let mut events = Vec::new();
    for source in &workspace.config.sources {
        let row = known.iter().find(|row| row.record.value.source == source.fetch.id);
        if let Some(record) = next_revision(source, row) {
            events.push(Event::SourceRecorded(Box::new(record)));
        }
    }
    Ok(events)
}

/// The next revision of a source's record, if it differs from the newest.
fn next_revision(source: &ConfiguredSource, row: Option<&RegisterRow>) -> Option<SourceRecord> {
    let now = record(source);
    let Some(row) = row else { return Some(now) };
    let newest = &row.record.value;
    let revision = newest.revision + 1;
    if row.is_retired() {
        return Some(SourceRecord { revision, ..now });
    }
    let what = newest.differences(&now);
    (!what.is_empty()).then_some(SourceRecord { revision, change: RegisterChange::Changed { what }, ..now })
}

/// What the configuration says about a source, as the first revision of its record.
fn record(source: &ConfiguredSource) -> SourceRecord {
    SourceRecord {
        source: source.fetch.id.clone(),
        revision: 1,
        change: RegisterChange::Added,
        kind: source.fetch.kind.name().to_owned(),
        family: source.fetch.kind.family(),
        url: source.fetch.url.clone(),
        part: source.part().join(", "),
        why: source.why.clone(),
        owner: source.owner.clone(),
        every_hours: source.every_hours,
        fresh_hours: source.fresh_hours,
        data_fresh_hours: source.data_fresh_hours,
        completeness: source.completeness.clone(),
        shrink_percent: source.shrink_percent,
        tlp: source.fetch.tlp,
    }
}

/// The newest revision of a source's record; an error names what was probably meant.
pub fn row(workspace: &Workspace, id: &SourceId, doing: &str) -> Result<RegisterRow> {
    let mut rows = workspace.records.register()?;
    if let Some(at) = rows.iter().position(|row| row.record.value.source == *id) {
        return Ok(rows.swap_remove(at));
    }
    let known: Vec<&str> = rows.iter().map(|row| row.record.value.source.0.as_str()).collect();
    Err(Error::refused(format!("{doing} {id}: no source of that name{}", suggestion(&id.0, &known))))
}

/// Adds a source: a block at the end of the configuration, and the first revision of its record.
pub fn add(workspace: &mut Workspace, actor: &Actor, fields: &Fields) -> Result<SourceRecord> {
    let id = SourceId(fields.id.clone());
    works_on_content(actor, "add a source")?;
    if workspace.config.source(&id).is_some() {
        return Err(Error::refused(format!("add {id}: {CONFIG_FILE} has a source of that name")));
    }
    let text = edit::added(&file(workspace)?, fields);
    adopt(workspace, actor, &text, &id)
}

/// Changes what is given of a source: its block in the configuration, and the next revision of its record.
pub fn change(workspace: &mut Workspace, actor: &Actor, fields: &Fields) -> Result<SourceRecord> {
    let id = SourceId(fields.id.clone());
    works_on_content(actor, "change a source")?;
    let before = row(workspace, &id, "change")?.record.value.revision;
    let text = edit::changed(&file(workspace)?, fields)?;
    let record = adopt(workspace, actor, &text, &id)?;
    if record.revision == before {
        return Err(Error::refused(format!("change {id}: its record says that already")));
    }
    Ok(record)
}

fn adopt(workspace: &mut Workspace, actor: &Actor, text: &str, id: &SourceId) -> Result<SourceRecord> {
    workspace.adopt(text, &actor.user.name, Vec::new())?;
    Ok(row(workspace, id, "read")?.record.value)
}

/// Retires a source: its block leaves the configuration, its record says why. What it brought stays known.
pub fn retire(workspace: &mut Workspace, actor: &Actor, id: &SourceId, reason: &str) -> Result<SourceRecord> {
    works_on_content(actor, "retire a source")?;
    let newest = row(workspace, id, "retire")?.record.value;
    if reason.trim().is_empty() {
        return Err(Error::refused(format!("retire {id}: a reason is needed")));
    }
    let change = RegisterChange::Retired { reason: reason.trim().to_owned() };
    let retired = SourceRecord { revision: newest.revision + 1, change, ..newest };
    let event = Event::SourceRecorded(Box::new(retired.clone()));
    if workspace.config.source(id).is_some() {
        let text = edit::removed(&file(workspace)?, id)?;
        workspace.adopt(&text, &actor.user.name, vec![event])?;
    } else {
        workspace.append(&actor.user.name, event)?;
    }
    Ok(retired)
}

/// Appends the blocks of a preset whose names are not taken; returns the names added.
pub fn apply_preset(workspace: &mut Workspace, actor: &Actor, owner: &str) -> Result<Vec<SourceId>> {
    works_on_content(actor, "add sources")?;
    let taken: Vec<&SourceId> = workspace.config.sources.iter().map(|source| &source.fetch.id).collect();
    let rows: Vec<preset::Row> =
        preset::medical_device().into_iter().filter(|row| !taken.iter().any(|id| id.0 == row.id)).collect();
    let added: Vec<SourceId> = rows.iter().map(|row| SourceId(row.id.to_owned())).collect();
    if added.is_empty() {
        return Ok(added);
    }
    let mut text = file(workspace)?;
    for row in rows {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&row.block(owner));
    }
    workspace.adopt(&text, &actor.user.name, Vec::new())?;
    Ok(added)
}

/// Approves the newest revision of a source's record until its next review.
pub fn approve(
    workspace: &mut Workspace,
    actor: &Actor,
    id: &SourceId,
    next_review: Date,
    remark: &str,
) -> Result<SourceApproved> {
    people::require(&actor.user, "approver", "approve a source")?;
    let revision = row(workspace, id, "approve")?.record.value.revision;
    let approved = SourceApproved { source: id.clone(), revision, next_review, remark: remark.trim().to_owned() };
    workspace.append(&actor.user.name, Event::SourceApproved(approved.clone()))?;
    Ok(approved)
}

/// Records what a person concludes about a gap.
pub fn review_gap(workspace: &mut Workspace, actor: &Actor, gap: GapId, conclusion: &str) -> Result<GapReviewed> {
    works_on_content(actor, "review a gap")?;
    let Some(known) = workspace.records.gap(gap)? else {
        return Err(Error::refused(format!("review {gap}: there is no such gap; `wardround source gaps` lists them")));
    };
    let reviewed = GapReviewed { gap, source: known.gap.source, conclusion: conclusion.trim().to_owned() };
    workspace.append(&actor.user.name, Event::GapReviewed(reviewed.clone()))?;
    Ok(reviewed)
}

/// The configuration file as it stands, which has to be the one in force.
fn file(workspace: &Workspace) -> Result<String> {
    let path = workspace.dir.join(CONFIG_FILE);
    std::fs::read_to_string(&path).map_err(Error::file("read", &path))
}

/// Every role but `administrator` works on content: nobody gains power over it by administering.
fn works_on_content(actor: &Actor, what: &'static str) -> Result<()> {
    if actor.user.roles.iter().any(|role| role != "administrator" && ROLES.contains(&role.as_str())) {
        return Ok(());
    }
    people::require(&actor.user, "reviewer", what).map_err(Into::into)
}

#[cfg(test)]
mod tests;
