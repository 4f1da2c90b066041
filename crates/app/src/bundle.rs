//! Across an air gap: fetches of one workspace, carried to another in one signed file.
//!
//! ```text
//! connected side                                  isolated side
//! fetch, fetch, fetch ──► export ──► medium ──►  import: verify all, then archive, replay, record
//! ```
//!
//! | Module | What |
//! |---|---|
//! | [`manifest`] | what a bundle says about itself, and what is signed |
//! | `container` | the file: `tar.zst`, read from front to back |
//! | [`export`](mod@export) | fetches of a range of entries, with the bytes they brought |
//! | `trust` | whose signature counts |
//! | `verify` | a bundle as a whole, before anything of it is believed |
//! | `plan` | what of it is new here, and whether it joins what was imported before |
//! | `replay` | one fetch once more, with the origin's dates and our own counts |
//! | [`import`](mod@import) | all of it in order |
//!
//! An import is as good a record as a fetch: it keeps what was asked, what came and when, and state and age of a source
//! follow from the origin's dates. What a bundle does not bring is not guessed: fetches that are missing are named.

pub mod export;
pub mod import;
pub mod manifest;

mod container;
mod plan;
mod replay;
mod trust;
mod verify;

pub use export::{After, Exported, NewExport, export};
pub use import::{Imported, NewImport, SourceImport, import};

#[cfg(test)]
mod tests;
