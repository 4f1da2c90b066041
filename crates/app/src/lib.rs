//! The conductor: use cases. Each is a few calls into the rules and the stores, and leaves a journal entry.
//!
//! Read [`pipeline`] first: it is the main job in the order of the data. This crate knows no arguments, no HTTP status
//! and no terminal; front ends call it and show what it returns.

pub mod assess;
pub mod bulletin;
pub mod bundle;
pub mod check;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod error;
pub mod evidence;
pub mod explain;
pub mod ingest;
pub mod inventory;
pub mod lock;
pub mod monitor;
pub mod people;
pub mod pipeline;
pub mod rebuild;
pub mod register;
pub mod report;
pub mod review;
pub mod run;
pub mod scores;
pub mod service;
pub mod sync;
pub mod watch;
pub mod workspace;

pub use error::{Error, Result};
pub use workspace::Workspace;

/// Name under which the program itself acts in the journal.
pub const PROGRAM: &str = "wardround";

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
