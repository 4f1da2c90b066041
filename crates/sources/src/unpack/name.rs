//! Names of archive entries: what is wrong with them, if anything.

/// Why an entry of this name is not to be read, as a fragment; none: the name is fine.
pub(super) fn objection(name: &str) -> Option<&'static str> {
    let bytes = name.as_bytes();
    if name.is_empty() {
        return Some("has no name");
    }
    if name.contains('\0') || name.len() > 4096 {
        return Some("has an impossible name");
    }
    if name.starts_with(['/', '\\']) {
        return Some("has a name from the root of a file system");
    }
    if bytes.len() > 1 && bytes[1] == b':' && bytes[0].is_ascii_alphabetic() {
        return Some("has a name with a drive letter");
    }
    if name.split(['/', '\\']).any(|part| part == "..") {
        return Some("has a name that climbs out of the archive");
    }
    None
}
