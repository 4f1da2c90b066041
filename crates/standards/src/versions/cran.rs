//! CRAN (R's `package_version`): numbers parted by `.` or `-`; of two equal beginnings the longer is the later.

use std::cmp::Ordering;

use super::runs::{self, Missing};

const SEPARATORS: [char; 2] = ['.', '-'];

/// Whether the text is numbers parted by `.` or `-`.
pub(super) fn is_valid(text: &str) -> bool {
    runs::is_dotted(text, &SEPARATORS)
}

/// Orders two package versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let valid = is_valid(left) && is_valid(right);
    valid.then(|| runs::compare_dotted(left, right, &SEPARATORS, Missing::Less))
}
