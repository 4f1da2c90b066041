//! The upstreams' loopback double with real data, where it and Python are at hand (`WARDROUND_SHARED/upstream`).

mod csaf;
mod double;
mod isac;
mod lists;
mod red_hat;
mod rpm;
mod scenarios;
mod syncing;
mod trackers;

pub(crate) use double::shared;
