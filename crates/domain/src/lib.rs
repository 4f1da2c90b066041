//! Our words and rules. Pure and synchronous: no input or output, no clock of its own, no chance.
//!
//! The modules are declared in the order in which data meets them. Stages do not import one another; they exchange the
//! types of [`model`], and only `app` knows the order.

pub mod assess;
pub mod clock;
pub mod ecosystem;
pub mod evidence;
pub mod index;
pub mod matching;
pub mod model;
pub mod monitor;
pub mod normalise;
pub mod review;
