//! Hashes of components, in one spelling: `sha256:11b6…`, whatever the format calls the algorithm.

use std::fmt::Display;

use super::Notes;

/// A hash as `algorithm:hex`, lower case. A value that is not hexadecimal is left out, with a warning.
pub(in crate::normalise) fn hash(
    algorithm: &str,
    digits: &str,
    place: &dyn Display,
    notes: &mut Notes,
) -> Option<String> {
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        notes.warn(place, format!("{digits:?} is no hash in hexadecimal digits; left out"));
        return None;
    }
    if algorithm.is_empty() {
        notes.warn(place, "the hash names no algorithm; left out");
        return None;
    }
    let algorithm = algorithm.to_ascii_lowercase().replace('_', "-");
    let algorithm = algorithm.strip_prefix("sha-").map_or_else(|| algorithm.clone(), |size| format!("sha{size}"));
    Some(format!("{algorithm}:{}", digits.to_ascii_lowercase()))
}
