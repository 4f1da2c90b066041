//! Evidence: what can be handed to an auditor. Documents of a review, VEX of a release, and the offline pack.

pub mod documents;
pub mod pack;
pub mod page;
pub mod verify;
pub mod vex;
