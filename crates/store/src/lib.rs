//! What we keep: the only disks and the only SQL. Three stores, three promises.
//!
//! | Module | Owns | Promise |
//! |---|---|---|
//! | [`archive`] | every byte received or imported, by its digest | for ever, never changed |
//! | [`knowledge`] | what all sources say, normalised and ready to be asked | derived: can be deleted and rebuilt from the archive |
//! | [`records`] | products, components, findings, assessments, reviews: SQL tables | a projection of the journal |
//! | [`journal`] | everything observed and decided, as a Merkle log | append-only, tampering shows |

pub mod archive;
pub mod journal;
pub mod knowledge;
pub mod records;

mod folder;
