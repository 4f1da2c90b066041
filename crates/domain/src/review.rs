//! Reviews: periods without hole or overlap, what a record must hold, and the gaps of sources.

pub mod gaps;
pub mod period;
pub mod record;
