//! The journal: entries in order, a Merkle tree over them, and a signed head after every append.
//!
//! An entry's canonical JSON is the data of a leaf (RFC 6962). Whoever keeps a signed head can later have it proved that
//! an entry is under it, and that the journal of today begins with the journal of then. The tables of the records are a
//! projection of the entries: verifying checks the tree and then does the projection again and compares.
//!
//! | File | What |
//! |---|---|
//! | `log.rs` | entries and nodes in the database; appending |
//! | `head.rs` | signed tree heads |
//! | `replay.rs` | the entries once more, into an empty database |
//! | `verify.rs` | chain, heads, archived objects, tables |

mod head;
mod log;
mod replay;
mod verify;

pub use verify::Report;

pub(crate) use head::{latest, sign};
pub(crate) use log::{Log, at_or_before, leaf_data, load, read, size, write};
pub(crate) use replay::{copy, reproject};
pub(crate) use verify::verify;
