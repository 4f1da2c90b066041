//! Reviews: periods without hole or overlap, what a record must hold, and the gaps of sources.

pub mod period;
pub mod gaps;
pub mod record;
