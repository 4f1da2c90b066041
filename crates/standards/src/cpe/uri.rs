//! The URI binding of CPE 2.2 (NISTIR 7695, section 6.1): up to seven attributes, percent-encoding, `%01` and `%02` for `?`
//! and `*`, and an edition that may pack five attributes between tildes.

use super::formatted::{Char, to_value};
use super::{ATTRIBUTES, Cpe, CpeError, Repair, Value};

/// Parses what follows `cpe:/`.
pub(super) fn parse(name: &str, rest: &str) -> Result<(Cpe, Vec<Repair>), CpeError> {
    let attributes: Vec<&str> = rest.split(':').collect();
    if attributes.len() > 7 {
        return Err(CpeError::Count { name: name.to_owned(), found: attributes.len() });
    }
    let mut repairs = Vec::new();
    let mut values = [const { Value::Any }; 11];
    for (position, text) in attributes.into_iter().enumerate() {
        match text.strip_prefix('~') {
            Some(packed) if position == 5 => unpack(name, packed, &mut values, &mut repairs)?,
            _ => values[position] = read(text, ATTRIBUTES[position], &mut repairs)?,
        }
    }
    Ok((Cpe::from_values(values).check_part(name)?, repairs))
}

/// `~edition~sw_edition~target_sw~target_hw~other`.
fn unpack(name: &str, packed: &str, values: &mut [Value; 11], repairs: &mut Vec<Repair>) -> Result<(), CpeError> {
    let parts: Vec<&str> = packed.split('~').collect();
    if parts.len() != 5 {
        return Err(CpeError::Attribute(name.to_owned()));
    }
    for (text, position) in parts.into_iter().zip([5, 7, 8, 9, 10]) {
        values[position] = read(text, ATTRIBUTES[position], repairs)?;
    }
    Ok(())
}

/// An empty attribute of a URI means any; that is its grammar and no repair.
fn read(text: &str, attribute: &'static str, repairs: &mut Vec<Repair>) -> Result<Value, CpeError> {
    if text.is_empty() {
        return Ok(Value::Any);
    }
    Ok(to_value(&decode(text)?, attribute, repairs))
}

fn decode(text: &str) -> Result<Vec<Char>, CpeError> {
    let wrong = || CpeError::Attribute(text.to_owned());
    let mut decoded = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            // Older URIs carry a bare `~` or `*`; in a 2.2 URI these are literal. A `?` is kept as the wildcard it looks like.
            decoded.push(Char { value: c, quoted: !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '?')) });
            continue;
        }
        let digits: String = chars.by_ref().take(2).collect();
        let code = u8::from_str_radix(&digits, 16).map_err(|_| wrong())?;
        decoded.push(match code {
            1 => Char { value: '?', quoted: false },
            2 => Char { value: '*', quoted: false },
            0x21..=0x7e => Char { value: char::from(code), quoted: true },
            _ => return Err(wrong()),
        });
    }
    Ok(decoded)
}
