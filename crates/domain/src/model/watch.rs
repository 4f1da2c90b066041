//! Manual watch: a page, a person and a rhythm for suppliers that have no feed.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::raw::Digest;

/// Number of a manual watch, 1, 2, 3 … Written `WATCH-3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WatchId(pub u64);

impl fmt::Display for WatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WATCH-{}", self.0)
    }
}

/// The text is no number of a watch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read {0:?} as the number of a manual watch: WATCH-3 or 3 is needed")]
pub struct InvalidWatchId(pub String);

impl FromStr for WatchId {
    type Err = InvalidWatchId;

    fn from_str(text: &str) -> Result<Self, InvalidWatchId> {
        let digits = text.trim().trim_start_matches("WATCH-").trim_start_matches("watch-");
        digits.parse().map(Self).map_err(|_| InvalidWatchId(text.to_owned()))
    }
}

/// A manual watch as set up or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Its number.
    pub id: WatchId,
    /// The supplier, as SBOMs name it, or the component's name.
    pub supplier: String,
    /// Names of components it covers besides all of the supplier's; sorted.
    pub components: Vec<String>,
    /// What to look at: an address, a mailing list, a telephone number.
    pub page: String,
    /// User who looks.
    pub person: String,
    /// Rhythm as typed: `1 month`.
    pub every: String,
    /// Day (UTC) on which the first look is due; the rhythm counts from it, see [`crate::monitor::watch`].
    pub first_due: Date,
    /// Why by hand.
    pub why: String,
}

/// A person looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchLooked {
    /// The watch.
    pub watch: WatchId,
    /// Whether anything new was found.
    pub found: bool,
    /// What was seen; needed where something was found.
    pub note: String,
    /// An archived copy of what was seen, with its name.
    pub copy: Option<(String, Digest)>,
}

/// A watch ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchEnded {
    /// The watch.
    pub watch: WatchId,
    /// Why.
    pub reason: String,
}
