//! Hackage (Haskell PVP, `Data.Version`): dotted numbers; of two equal beginnings the longer is the later.

use std::cmp::Ordering;

use super::runs::{self, Missing};

/// Whether the text is dotted numbers.
pub(super) fn is_valid(text: &str) -> bool {
    runs::is_dotted(text, &['.'])
}

/// Orders two package versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let valid = is_valid(left) && is_valid(right);
    valid.then(|| runs::compare_dotted(left, right, &['.'], Missing::Less))
}
