//! Rules of judgement: what state a finding's work is in, and when a closed decision reopens by itself.

pub mod reopen;
pub mod work;
