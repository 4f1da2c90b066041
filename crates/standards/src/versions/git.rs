//! Git commits: equality only. A hash says nothing about what came first; ancestry needs the repository.

use std::cmp::Ordering;

use super::runs;

/// Fewest digits of an abbreviated hash that we take for a commit (git's own default).
const SHORTEST: usize = 7;

/// Whether the text is a full or abbreviated SHA-1 or SHA-256 object name.
pub(super) fn is_valid(text: &str) -> bool {
    (SHORTEST..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `Equal` when both name the same commit, one perhaps abbreviated; `None` when nothing can be said.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let same = is_valid(short) && is_valid(long) && runs::strip_prefix_ignoring_case(long, short).is_some();
    same.then_some(Ordering::Equal)
}

/// The order used when the commits differ: of the text, so that lists are stable. It means nothing.
pub(super) fn order(left: &str, right: &str) -> Ordering {
    runs::compare_ignoring_case(left, right)
}
