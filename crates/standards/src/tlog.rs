//! Transparency logs: a Merkle tree over entries (RFC 6962 section 2.1), and signed statements of its head
//! (C2SP signed-note and tlog-checkpoint).
//!
//! | Module | What |
//! |---|---|
//! | [`tree`] | hashes of leaves and nodes; the right edge of a growing tree, which is all that appending needs |
//! | [`proof`] | inclusion and consistency: made from stored nodes, verified from nothing but the proof |
//! | [`note`] | text signed with Ed25519, and the key strings that people exchange |
//! | [`checkpoint`] | a tree head as a signed note: origin, size, root |
//!
//! Whoever holds a signed head can prove that an entry is in the log, and that a later log still begins with the same
//! entries. All of it can be checked with SHA-256, Ed25519 and a hundred lines of code.

pub mod checkpoint;
pub mod note;
pub mod proof;
pub mod tree;

pub use checkpoint::Checkpoint;
pub use note::{Signer, VerifierKey};
pub use tree::{Hash, Tree};

#[cfg(test)]
mod tests;
