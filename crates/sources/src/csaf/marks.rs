//! What was listed and is in, small enough for a cursor: five bytes for each document.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::listing::Entry;

type Place = [u8; 3];
type Date = [u8; 2];

/// Addresses and dates of documents that are in, as parts of their SHA-256.
///
/// Two dates of one document look the same once in 65,536 times, so what is dated after the newest date known is always
/// wanted; two addresses look the same once in millions, and then one of them is read once more when either is gone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Marks {
    listed: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    newest: Option<Timestamp>,
    #[serde(serialize_with = "pack", deserialize_with = "unpack")]
    taken: BTreeMap<Place, BTreeSet<Date>>,
    owed: u64,
}

impl Marks {
    /// Marks those of `entries` that are in.
    pub(super) fn of(entries: &[Entry], is_in: impl Fn(&Entry) -> bool) -> Self {
        let mut marks = Self { listed: entries.len() as u64, ..Self::default() };
        for entry in entries {
            if is_in(entry) {
                marks.taken.entry(place(entry)).or_default().insert(date(entry));
                marks.newest = marks.newest.max(entry.updated.parse().ok());
            } else {
                marks.owed += 1;
            }
        }
        marks
    }

    /// Documents listed.
    pub(super) fn listed(&self) -> u64 {
        self.listed
    }

    /// Whether all that was listed is in.
    pub(super) fn is_complete(&self) -> bool {
        self.owed == 0
    }

    /// Whether a document is in with this date.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        let is_newer = entry.updated.parse().is_ok_and(|at: Timestamp| Some(at) > self.newest);
        !is_newer && self.taken.get(&place(entry)).is_some_and(|dates| dates.contains(&date(entry)))
    }

    /// Whether a document that is in is no longer among `entries`.
    pub(super) fn lacks_any_of(&self, entries: &[Entry]) -> bool {
        let listed: BTreeSet<Place> = entries.iter().map(place).collect();
        self.taken.keys().any(|place| !listed.contains(place))
    }
}

fn place(entry: &Entry) -> Place {
    let hash = Sha256::digest(entry.url.as_str());
    [hash[0], hash[1], hash[2]]
}

fn date(entry: &Entry) -> Date {
    let hash = Sha256::digest(&entry.updated);
    [hash[0], hash[1]]
}

fn pack<S: Serializer>(taken: &BTreeMap<Place, BTreeSet<Date>>, serializer: S) -> Result<S::Ok, S::Error> {
    let pairs = taken.iter().flat_map(|(place, dates)| dates.iter().map(move |date| (place, date)));
    let bytes: Vec<u8> = pairs.flat_map(|(place, date)| place.iter().chain(date).copied()).collect();
    serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
}

fn unpack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Place, BTreeSet<Date>>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD_NO_PAD.decode(text).map_err(serde::de::Error::custom)?;
    let mut taken: BTreeMap<Place, BTreeSet<Date>> = BTreeMap::new();
    for mark in bytes.chunks_exact(5) {
        taken.entry([mark[0], mark[1], mark[2]]).or_default().insert([mark[3], mark[4]]);
    }
    Ok(taken)
}
