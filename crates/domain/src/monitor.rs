//! Watching the watching: what the records of fetches, looks and reports say about how well sources are monitored.

pub mod intake;
pub mod watch;
