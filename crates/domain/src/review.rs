//! Reviews: periods without hole or overlap, and what a record must hold.

pub mod intake;
pub mod period;
pub mod record;
