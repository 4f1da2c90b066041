//! The upstreams' loopback double with real data, where it and Python are at hand (`WARDROUND_SHARED/upstream`).

mod double;

mod scenarios;
mod syncing;

pub(crate) use double::shared;
