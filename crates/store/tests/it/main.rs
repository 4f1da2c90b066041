//! The three stores, tested from outside as `app` uses them.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

mod archive;
mod intake;
mod journal;
mod knowledge;
mod maker;
mod records;
mod register;
