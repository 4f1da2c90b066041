//! Matching, from documents in the providers' formats to findings: the rules, each with a real case.
//!
//! The documents are written by us: facts of real CVEs in our own words, as small as the case allows.

mod cases;
mod determinism;
mod distributions;
mod limits;
mod names;
mod rpm;
pub(crate) mod shelf;
mod trackers;
mod vectors;
