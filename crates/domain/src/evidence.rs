//! What evidence contains, not how it looks.

pub mod vex;
