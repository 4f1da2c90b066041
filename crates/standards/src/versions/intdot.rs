//! VERS' `intdot`: integers between dots; reading ends at the first sign that is neither (vers-spec, "Version schemes").

use std::cmp::Ordering;

use super::runs::{self, Missing};

fn read(text: &str) -> Option<&str> {
    let numbers = runs::split_dotted(text, &['.']).0;
    (!numbers.is_empty()).then_some(numbers)
}

/// Whether the text begins with a number.
pub(super) fn is_valid(text: &str) -> bool {
    read(text).is_some()
}

/// Orders by the numbers; missing ones are zero.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(runs::compare_dotted(read(left)?, read(right)?, &['.'], Missing::Zero))
}
