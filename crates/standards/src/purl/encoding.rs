//! Percent-encoding as package URLs use it: everything but letters, digits and `- . _ ~ :` is encoded (purl-spec,
//! "Character encoding").

use std::fmt;

use super::PurlError;

/// Decodes one part. A `%` that no two hexadecimal digits follow stands for itself, as careless generators write it.
pub(super) fn decode(text: &str) -> Result<String, PurlError> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(nibble(*high) * 16 + nibble(*low));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| PurlError::Encoding(text.to_owned()))
}

/// Writes one part; a `/` in it is encoded.
pub(super) fn write(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            write!(f, "{}", char::from(byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}

/// Writes parts separated by `/`.
pub(super) fn write_path(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for (position, segment) in text.split('/').enumerate() {
        if position > 0 {
            f.write_str("/")?;
        }
        write(f, segment)?;
    }
    Ok(())
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}
