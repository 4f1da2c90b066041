//! The words of the product as types: what we receive, what it says, what it says about us.
//!
//! Declared in the order in which data meets them. Nothing here reads a file, a clock or a network.

pub mod raw;
pub mod source;
pub mod advisory;
pub mod sbom;
pub mod product;
pub mod finding;
pub mod run;
pub mod assessment;
pub mod review;
pub mod journal;
pub mod tlp;
