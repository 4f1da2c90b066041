//! One bulletin with everything that is kept of it: its text, what it names, and every edition that ever came, each with the mark
//! that it had.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use domain::model::advisory::{Advisory, State};
use domain::model::journal::Bulletin;
use domain::model::raw::Digest;
use domain::model::source::{Exchange, Fetch, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{self, Context};
use jiff::Timestamp;
use sources::Content;
use sources::unpack::{self, Limits};
use store::records::FetchFilter;

use super::list::{Listed, bulletin_sources, by_hand, of_source, record};
use super::ours::Inventory;
use crate::error::{Error, Result};
use crate::sync::carried;
use crate::workspace::Workspace;

/// A bulletin in full.
#[derive(Debug)]
pub struct Shown {
    /// As a list shows it.
    pub listed: Listed,
    /// Its text; of one entered by hand, none: the file is the text.
    pub text: String,
    /// Links.
    pub links: Vec<String>,
    /// Files: the bulletin's and its attachments, of one entered by hand.
    pub files: Vec<(String, Digest)>,
    /// Every edition that came, oldest first; of one entered by hand, none.
    pub editions: Vec<Edition>,
}

/// A bulletin as it stood at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// When its publisher made it.
    pub modified: Option<Timestamp>,
    /// When it first came here.
    pub received: Timestamp,
    /// The mark it had.
    pub tlp: Tlp,
    /// Whether it takes the bulletin back.
    pub revoked: bool,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Digest of its bytes.
    pub revision: Digest,
}

/// Shows a bulletin: `B-1`, `SOURCE/ID`, or an identifier that only one source has.
pub fn show(workspace: &Workspace, id: &str) -> Result<Shown> {
    let inventory = Inventory::read(workspace)?;
    if let Some(number) = id.strip_prefix("B-").and_then(|number| number.parse().ok()) {
        let found = workspace.records.bulletin(number)?;
        let bulletin = found.ok_or_else(|| Error::refused(format!("show {id}: there is no such bulletin")))?.value;
        return entered(workspace, &inventory, bulletin);
    }
    let advisory = find(workspace, id)?;
    let (text, links) = (advisory.description.clone(), &advisory.references);
    let links = links.iter().map(|link| link.url.clone()).collect();
    let editions = editions(workspace, &advisory.source, &advisory.id)?;
    Ok(Shown { listed: of_source(workspace, &inventory, advisory)?, text, links, files: Vec::new(), editions })
}

fn entered(workspace: &Workspace, inventory: &Inventory<'_>, bulletin: Bulletin) -> Result<Shown> {
    let main = (bulletin.file_name.clone(), bulletin.file);
    let files = std::iter::once(main).chain(bulletin.attachments.iter().cloned()).collect();
    let listed = by_hand(workspace, inventory, bulletin)?;
    Ok(Shown { listed, text: String::new(), links: Vec::new(), files, editions: Vec::new() })
}

fn find(workspace: &Workspace, id: &str) -> Result<Advisory> {
    let mut found: Vec<Advisory> = Vec::new();
    for source in bulletin_sources(workspace) {
        let own = id.strip_prefix(&source.0).and_then(|rest| rest.strip_prefix('/'));
        found.extend(own.and_then(|own| record(workspace, &source, own)).or_else(|| record(workspace, &source, id)));
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Error::refused(format!(
            "show {id}: no source of bulletins has it; `wardround bulletin list` has them all"
        ))),
        _ => {
            let names: Vec<String> = found.iter().map(|one| format!("{}/{}", one.source, one.id)).collect();
            Err(Error::refused(format!("show {id}: several sources have it: {}", names.join(", "))))
        }
    }
}

/// Every edition of a record that a source's fetches brought, in the order in which they came.
fn editions(workspace: &Workspace, source: &SourceId, id: &str) -> Result<Vec<Edition>> {
    let filter = FetchFilter { source: Some(source.clone()), ..FetchFilter::default() };
    let mut fetches = workspace.records.fetches(&filter, u64::from(u32::MAX))?;
    fetches.reverse();
    let mut objects = BTreeSet::new();
    let mut found: Vec<Edition> = Vec::new();
    for fetch in &fetches {
        let fetch = &fetch.value.fetch;
        for exchange in &fetch.exchanges {
            if let Some(object) = exchange.object.filter(|object| objects.insert(*object)) {
                of_object(workspace, fetch, exchange, object, id, &mut found)?;
            }
        }
    }
    Ok(found)
}

fn of_object(
    workspace: &Workspace,
    fetch: &Fetch,
    exchange: &Exchange,
    object: Digest,
    id: &str,
    found: &mut Vec<Edition>,
) -> Result<()> {
    let words = exchange.carried.as_deref().unwrap_or_default();
    match carried::content(words, None) {
        Some(Content::Document(format)) => {
            let bytes = workspace.archive.read(&object)?;
            of_document(format, fetch, exchange, object, ("", &bytes), id, found);
        }
        Some(Content::Archive(format, kind)) => {
            let spool = crate::explain::spool(workspace, &object)?;
            // What was unreadable when it came was named then.
            let _ = unpack::each_document(spool.path(), kind, &Limits::default(), &mut |entry, bytes| {
                of_document(format, fetch, exchange, object, (entry, bytes), id, found);
                ControlFlow::Continue(())
            });
        }
        Some(Content::Index) | None => {}
    }
    Ok(())
}

fn of_document(
    format: normalise::Format,
    fetch: &Fetch,
    exchange: &Exchange,
    object: Digest,
    (entry, document): (&str, &[u8]),
    id: &str,
    found: &mut Vec<Edition>,
) {
    let context = Context {
        source: &fetch.source,
        family: fetch.family,
        object,
        entry,
        from: &exchange.from,
        tlp: fetch.tlp.unwrap_or_default(),
        document,
    };
    for record in normalise::editions(format, document, id) {
        let Ok(read) = normalise::translate(format, &record, &context) else { continue };
        let advisory = read.value;
        if found.iter().all(|known| known.revision != advisory.revision) {
            found.push(Edition {
                modified: advisory.modified,
                received: exchange.at,
                tlp: advisory.tlp,
                revoked: advisory.state != State::Live,
                title: advisory.title,
                text: advisory.description,
                revision: advisory.revision,
            });
        }
    }
}
