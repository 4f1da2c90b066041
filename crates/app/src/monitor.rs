//! How well the sources are monitored, as people and auditors ask: now, on any past day, day by day, and what no source covers.

mod covered;
mod report;
mod timeline;

pub use covered::coverage;
pub use report::{SourceReport, gaps, on, reports};
pub use timeline::{SourceDays, timeline};
