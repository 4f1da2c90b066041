//! Sources against servers that misbehave: small ones of our own, and the upstreams' double where the shared data are at hand.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test may end, and says when it is skipped")]

mod bulletins;
mod files;
mod http;
mod rpm;
mod server;
mod sink;
mod sources;
mod ubuntu;
mod upstream;
