//! All bulletins: those entered by hand, and those that came with sources of the family `bulletin`.

use std::collections::BTreeSet;

use domain::model::advisory::{Advisory, Mention, State};
use domain::model::journal::Bulletin;
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use jiff::Timestamp;

use super::enter;
use super::ours::{Inventory, Lead};
use crate::error::Result;
use crate::workspace::Workspace;

/// Types of STIX objects that speak; all others are parts of what they say.
const SPEAKING: [&str; 7] = ["report", "note", "opinion", "grouping", "indicator", "incident", "campaign"];

/// Which bulletins to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that mention something of ours.
    pub ours: bool,
    /// Parts of bulletins, too: every object of a collection.
    pub parts: bool,
}

/// A bulletin as a list shows it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// `B-1` for one entered by hand, else the source and the record's own identifier: `isac/report--…`.
    pub id: String,
    /// The source that brought it; none for one entered by hand.
    pub source: Option<SourceId>,
    /// Who published it, or the source.
    pub provider: String,
    /// Its title.
    pub title: String,
    /// Its mark.
    pub tlp: Tlp,
    /// When it was last changed by its publisher; of one entered by hand, when it was received.
    pub at: Option<Timestamp>,
    /// Since when it is revoked, if it is; the instant may be unknown.
    pub revoked: Option<Option<Timestamp>>,
    /// What it names.
    pub mentions: Vec<Mention>,
    /// What of ours that leads to.
    pub ours: Vec<Lead>,
}

/// The bulletins that a filter lets through, the latest first.
pub fn list(workspace: &Workspace, filter: Filter) -> Result<Vec<Listed>> {
    let inventory = Inventory::read(workspace)?;
    let mut listed = Vec::new();
    for bulletin in workspace.records.bulletins(u64::from(u32::MAX))? {
        listed.push(by_hand(workspace, &inventory, bulletin.value)?);
    }
    for source in bulletin_sources(workspace) {
        for id in workspace.knowledge.ids(&source) {
            if let Some(advisory) = record(workspace, &source, &id)
                && (filter.parts || speaks(&advisory))
            {
                listed.push(of_source(workspace, &inventory, advisory)?);
            }
        }
    }
    listed.retain(|bulletin| !filter.ours || !bulletin.ours.is_empty());
    listed.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
    Ok(listed)
}

/// Sources whose records are bulletins.
pub(super) fn bulletin_sources(workspace: &Workspace) -> BTreeSet<SourceId> {
    let totals = workspace.knowledge.sources().iter();
    totals.filter(|totals| totals.family == Family::Bulletin).map(|totals| totals.source.clone()).collect()
}

/// A record of a source, if there is one.
pub(super) fn record(workspace: &Workspace, source: &SourceId, id: &str) -> Option<Advisory> {
    workspace.knowledge.by_id(id).into_iter().find(|advisory| advisory.source == *source && advisory.id == id)
}

fn speaks(advisory: &Advisory) -> bool {
    match advisory.id.split_once("--") {
        Some((kind, _)) if standards_type(kind) => SPEAKING.contains(&kind),
        _ => true,
    }
}

/// Whether an identifier begins as those of STIX do.
fn standards_type(kind: &str) -> bool {
    !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

pub(super) fn by_hand(workspace: &Workspace, inventory: &Inventory<'_>, bulletin: Bulletin) -> Result<Listed> {
    let mentions = enter::mentions(workspace, &bulletin)?;
    Ok(Listed {
        id: format!("B-{}", bulletin.number),
        source: None,
        provider: bulletin.provider,
        title: bulletin.title,
        tlp: bulletin.tlp,
        at: Some(bulletin.received),
        revoked: None,
        ours: inventory.leads(&mentions)?,
        mentions,
    })
}

/// A record of a source with what it names, and what the records name that it refers to.
pub(super) fn of_source(workspace: &Workspace, inventory: &Inventory<'_>, advisory: Advisory) -> Result<Listed> {
    let mut mentions: BTreeSet<Mention> = advisory.mentions.into_iter().collect();
    for id in &advisory.related {
        mentions.extend(record(workspace, &advisory.source, id).into_iter().flat_map(|other| other.mentions));
    }
    let mentions: Vec<Mention> = mentions.into_iter().collect();
    Ok(Listed {
        id: format!("{}/{}", advisory.source, advisory.id),
        provider: advisory.source.0.clone(),
        source: Some(advisory.source),
        title: advisory.title,
        tlp: advisory.tlp,
        at: advisory.modified.or(advisory.published),
        revoked: match advisory.state {
            State::Live => None,
            State::Withdrawn { at } => Some(at),
            State::Rejected { .. } => Some(None),
        },
        ours: inventory.leads(&mentions)?,
        mentions,
    })
}
