//! Evidence: what can be handed to an auditor. Documents of a review, VEX of a release, and the offline pack.

pub mod page;
pub mod documents;
pub mod vex;
pub mod pack;
pub mod verify;
