//! An advisory as bytes of a segment (postcard), and what it is found by.
//!
//! The `Affected` entries are blobs of their own, so that a lookup by package reads nothing else. The details begin with
//! the record's id and aliases, so that a name can be compared without reading the rest.

use domain::index::package_key::{PackageKey, keys_of_target};
use domain::model::advisory::{Advisory, Affected, Exploitation, Mention, Reference, Score, State, Target};
use domain::model::raw::{Digest, RawRef};
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::xxh3_64;

use super::tables::{Identity, RowState};

/// An advisory ready to be written. Made by [`encode`], on any thread.
pub struct Encoded {
    pub(super) source: SourceId,
    pub(super) family: Family,
    pub(super) identity: Identity,
    pub(super) revision: Digest,
    pub(super) state: RowState,
    pub(super) modified: Option<Timestamp>,
    pub(super) detail: Vec<u8>,
    /// Blobs one after the other.
    pub(super) affected: Vec<u8>,
    /// Where each blob ends.
    pub(super) ends: Vec<usize>,
    /// Hash of each key, and the number of the `Affected` it leads to.
    pub(super) keys: Vec<(u64, u32)>,
    /// One [`ecosystem_key`] for each ecosystem it speaks of: they tell what is covered, and are no keys of components.
    pub(super) ecosystems: Vec<(u64, u32)>,
    /// Hashes of the record's id and aliases.
    pub(super) names: Vec<u64>,
}

/// Everything of an advisory but `affected` and what its row says.
#[derive(Serialize)]
struct DetailRef<'a> {
    id: &'a str,
    aliases: &'a [String],
    raw: &'a RawRef,
    related: &'a [String],
    state: &'a State,
    published: &'a Option<Timestamp>,
    modified: &'a Option<Timestamp>,
    title: &'a str,
    description: &'a str,
    scores: &'a [Score],
    weaknesses: &'a [String],
    references: &'a [Reference],
    exploitation: &'a Option<Exploitation>,
    tlp: Tlp,
    mentions: &'a [Mention],
}

/// The same fields in the same order, to be read.
#[derive(Deserialize)]
struct Detail {
    id: String,
    aliases: Vec<String>,
    raw: RawRef,
    related: Vec<String>,
    state: State,
    published: Option<Timestamp>,
    modified: Option<Timestamp>,
    title: String,
    description: String,
    scores: Vec<Score>,
    weaknesses: Vec<String>,
    references: Vec<Reference>,
    exploitation: Option<Exploitation>,
    tlp: Tlp,
    mentions: Vec<Mention>,
}

/// The beginning of the details.
#[derive(Deserialize)]
pub(super) struct Names<'a> {
    /// The record's own id.
    pub(super) id: &'a str,
    /// Its aliases.
    #[serde(borrow)]
    pub(super) aliases: Vec<&'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn read(detail: &'a [u8]) -> Result<Self, postcard::Error> {
        postcard::take_from_bytes(detail).map(|(names, _)| names)
    }

    /// Hashes of all of them.
    pub(super) fn hashes(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.id).chain(self.aliases.iter().copied()).map(name_hash)
    }

    pub(super) fn contain(&self, name: &str) -> bool {
        self.id == name || self.aliases.contains(&name)
    }
}

/// What a row says of its advisory.
pub(super) struct Said {
    pub(super) source: SourceId,
    pub(super) family: Family,
    pub(super) revision: Digest,
    pub(super) gone: bool,
}

/// Encodes an advisory. Pure, so that many threads can do it while one writes.
pub fn encode(advisory: &Advisory) -> Encoded {
    let (mut affected, mut ends, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let mut ecosystems: Vec<(u64, u32)> = Vec::new();
    for (number, entry) in (0_u32..).zip(&advisory.affected) {
        affected = append(entry, affected);
        ends.push(affected.len());
        keys.extend(keys_of_target(&entry.target).iter().map(|key| (key.hash64(), number)));
        // One posting for each ecosystem of a record answers whether anything is known about a release at all.
        if let Target::Package { ecosystem, .. } = &entry.target {
            let covered = (ecosystem_key(ecosystem), number);
            if !ecosystems.iter().any(|(key, _)| *key == covered.0) {
                ecosystems.push(covered);
            }
        }
    }
    let names = std::iter::once(&advisory.id).chain(&advisory.aliases).map(|name| name_hash(name)).collect();
    Encoded {
        source: advisory.source.clone(),
        family: advisory.family,
        identity: identity(&advisory.source, &advisory.id),
        revision: advisory.revision,
        state: row_state(&advisory.state),
        modified: advisory.modified,
        detail: detail(advisory),
        affected,
        ends,
        keys,
        ecosystems,
        names,
    }
}

/// Hash of the key under which a record says that it speaks of an ecosystem and release.
pub(super) fn ecosystem_key(ecosystem: &str) -> u64 {
    PackageKey(format!("ecosystem|{ecosystem}")).hash64()
}

fn detail(advisory: &Advisory) -> Vec<u8> {
    // Taken apart field by field, so that a new field of the model cannot be forgotten here.
    let Advisory {
        source: _,
        family: _,
        revision: _,
        affected: _,
        id,
        raw,
        aliases,
        related,
        state,
        published,
        modified,
        title,
        description,
        scores,
        weaknesses,
        references,
        exploitation,
        tlp,
        mentions,
    } = advisory;
    let detail = DetailRef {
        id,
        aliases,
        raw,
        related,
        state,
        published,
        modified,
        title,
        description,
        scores,
        weaknesses,
        references,
        exploitation,
        tlp: *tlp,
        mentions,
    };
    append(&detail, Vec::with_capacity(512 + description.len()))
}

fn append(value: &impl Serialize, bytes: Vec<u8>) -> Vec<u8> {
    postcard::to_extend(value, bytes).expect("a list in memory knows its length and a vector takes every byte")
}

/// Reads an advisory without its `affected` list.
pub(super) fn decode(detail: &[u8], said: Said) -> Result<Advisory, postcard::Error> {
    let detail: Detail = postcard::from_bytes(detail)?;
    let Said { source, family, revision, gone } = said;
    Ok(Advisory {
        source,
        family,
        id: detail.id,
        revision,
        raw: detail.raw,
        aliases: detail.aliases,
        related: detail.related,
        state: if gone { State::Withdrawn { at: None } } else { detail.state },
        published: detail.published,
        modified: detail.modified,
        title: detail.title,
        description: detail.description,
        scores: detail.scores,
        weaknesses: detail.weaknesses,
        references: detail.references,
        affected: Vec::new(),
        exploitation: detail.exploitation,
        tlp: detail.tlp,
        mentions: detail.mentions,
    })
}

/// Reads one `Affected`.
pub(super) fn decode_affected(bytes: &[u8]) -> Result<Affected, postcard::Error> {
    postcard::from_bytes(bytes)
}

/// Hash of a record's id or alias, as the names table and [`super::Commit::changed_names`] hold it: XXH3 of the text.
pub fn name_hash(name: &str) -> u64 {
    xxh3_64(name.as_bytes())
}

/// The identity of a record of a source.
pub(super) fn identity(source: &SourceId, id: &str) -> Identity {
    let mut hash = Sha256::new();
    // The length first, so that no two pairs run together into the same text.
    hash.update((source.0.len() as u64).to_le_bytes());
    hash.update(source.0.as_bytes());
    hash.update(id.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    std::array::from_fn(|at| digest[at])
}

fn row_state(state: &State) -> RowState {
    match state {
        State::Live => RowState::Live,
        State::Rejected { .. } => RowState::Rejected,
        State::Withdrawn { .. } => RowState::Withdrawn,
    }
}
