//! The words of the product as types: what we receive, what it says, what it says about us.
//!
//! Declared in the order in which data meets them. Nothing here reads a file, a clock or a network.

pub mod advisory;
pub mod assessment;
pub mod finding;
pub mod journal;
pub mod product;
pub mod raw;
pub mod register;
pub mod report;
pub mod review;
pub mod run;
pub mod sbom;
pub mod source;
pub mod tlp;
pub mod watch;
