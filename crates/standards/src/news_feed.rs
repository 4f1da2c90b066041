//! News feeds: RSS 2.0 (rssboard.org), RSS 1.0 (RDF, web.resource.org) and Atom 1.0 (RFC 4287), with Dublin Core and JVN's
//! extension "sec".
//!
//! Two steps, so that a broken entry costs itself: [`outline`] finds where each entry begins and ends in the bytes as received,
//! whatever their encoding; [`entry()`] reads one of them. Neither expands entities that a document declares itself.

mod entry;
mod outline;

pub use entry::{Entry, entry};
pub use outline::{Outline, declared_encoding, outline};

/// Why a document or an entry cannot be read, as the fragment of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (at byte {offset})")]
pub struct FeedError {
    /// Bytes from the beginning.
    pub offset: usize,
    /// What is wrong.
    pub reason: String,
}

#[cfg(test)]
mod tests;
