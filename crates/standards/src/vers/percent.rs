//! Percent-encoding of versions (5.3.3.2; RFC 3986, 2.1).

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Signs that mean something in a range and cannot stand in a version as they are.
pub(super) const RESERVED: [char; 7] = ['>', '<', '=', '!', '*', '|', '%'];

/// Writes a version with everything encoded that must be: reserved signs, white space, whatever is not printable ASCII.
pub(super) fn encode(version: &str, to: &mut fmt::Formatter<'_>) -> fmt::Result {
    for character in version.chars() {
        if character.is_ascii_graphic() && !RESERVED.contains(&character) {
            to.write_char(character)?;
            continue;
        }
        for octet in character.encode_utf8(&mut [0; 4]).bytes() {
            write!(to, "%{octet:02X}")?;
        }
    }
    Ok(())
}

/// Decodes once; `None` if a percent sign begins no triplet or the result is no UTF-8.
pub(super) fn decode(text: &str) -> Option<Cow<'_, str>> {
    decode_with(text, |_| None)
}

/// Decodes triplets and leaves every other percent sign as it is; `None` if the result is no UTF-8.
pub(super) fn decode_tolerantly(text: &str) -> Option<Cow<'_, str>> {
    decode_with(text, Some)
}

fn decode_with(text: &str, other: fn(u8) -> Option<u8>) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(text.into());
    }
    let mut found = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (octet, behind) = match (first, after) {
            (b'%', [high, low, behind @ ..]) if is_hex(*high) && is_hex(*low) => {
                (value(*high) * 16 + value(*low), behind)
            }
            (b'%', _) => (other(b'%')?, after),
            _ => (*first, after),
        };
        found.push(octet);
        rest = behind;
    }
    String::from_utf8(found).ok().map(Cow::Owned)
}

fn is_hex(digit: u8) -> bool {
    digit.is_ascii_hexdigit()
}

fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

/// Whether all triplets are written in capitals (RFC 3986, 2.1). The text decodes.
pub(super) fn is_canonical(text: &str) -> bool {
    let is_lower = |triplet: &str| triplet.bytes().take(2).any(|digit| digit.is_ascii_lowercase());
    !text.split('%').skip(1).any(is_lower)
}
