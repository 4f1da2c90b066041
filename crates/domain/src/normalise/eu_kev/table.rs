//! Rows and fields of comma-separated values (RFC 4180), cut without reading them.

use std::borrow::Cow;
use std::ops::Range;

use super::super::split::Fault;

/// The rows from `start` on, without their line ends; empty lines are none.
///
/// # Errors
/// The table breaks off inside a quoted field.
pub(super) fn rows(bytes: &[u8], start: usize) -> Result<Vec<Range<usize>>, Fault> {
    let mut rows = Vec::new();
    let mut at = start;
    while at < bytes.len() {
        let (end, is_whole) = row_end(bytes, at);
        if !is_whole {
            return Err(Fault { offset: at as u64, reason: "the table breaks off inside a quoted field".to_owned() });
        }
        let text = bytes[at..end].trim_ascii_end();
        if !text.is_empty() {
            rows.push(at..at + text.len());
        }
        at = end + 1;
    }
    Ok(rows)
}

/// The first row from `start` on.
pub(super) fn first(bytes: &[u8], start: usize) -> &[u8] {
    bytes[start..row_end(bytes, start).0].trim_ascii_end()
}

/// Where the row that begins at `start` ends, and whether its quotes are closed.
fn row_end(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut is_quoted = false;
    for (offset, byte) in bytes[start..].iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => return (start + offset, true),
            _ => {}
        }
    }
    (bytes.len(), !is_quoted)
}

/// The fields of a row. Invalid UTF-8 becomes replacement characters.
pub(super) fn fields(row: &[u8]) -> Vec<Cow<'_, str>> {
    let mut fields = Vec::new();
    let (mut is_quoted, mut start) = (false, 0);
    for (at, byte) in row.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                fields.push(field(&row[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.push(field(&row[start..]));
    fields
}

fn field(bytes: &[u8]) -> Cow<'_, str> {
    let text = bytes.trim_ascii();
    match text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")) {
        Some(inner) => Cow::Owned(String::from_utf8_lossy(inner).replace("\"\"", "\"")),
        None => String::from_utf8_lossy(text),
    }
}
