//! The formatted string binding (NISTIR 7695, section 6.2): eleven attributes between colons, `\` before special characters.

use super::{ATTRIBUTES, Cpe, CpeError, Repair, Text, Value, Wild};

/// One character of an attribute and whether a `\` quoted it.
#[derive(Clone, Copy)]
pub(super) struct Char {
    pub(super) value: char,
    pub(super) quoted: bool,
}

/// Parses what follows `cpe:2.3:`.
pub(super) fn parse(name: &str, rest: &str) -> Result<(Cpe, Vec<Repair>), CpeError> {
    let mut attributes = split(rest);
    let found = attributes.len();
    // Part, vendor and product are the least that names anything.
    if found > ATTRIBUTES.len() || found < 3 {
        return Err(CpeError::Count { name: name.to_owned(), found });
    }
    let mut repairs = Vec::new();
    if found < ATTRIBUTES.len() {
        repairs.push(Repair::Padded(ATTRIBUTES.len() - found));
        attributes.resize(ATTRIBUTES.len(), vec![Char { value: '*', quoted: false }]);
    }
    let mut values = [const { Value::Any }; 11];
    for ((value, chars), attribute) in values.iter_mut().zip(&attributes).zip(ATTRIBUTES) {
        *value = to_value(chars, attribute, &mut repairs);
    }
    Ok((Cpe::from_values(values).check_part(name)?, repairs))
}

/// Splits at colons that are not quoted.
fn split(text: &str) -> Vec<Vec<Char>> {
    let mut attributes = vec![Vec::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let (value, quoted) = match c {
            '\\' => match chars.next() {
                Some(next) => (next, true),
                None => ('\\', false),
            },
            ':' => {
                attributes.push(Vec::new());
                continue;
            }
            other => (other, false),
        };
        if let Some(last) = attributes.last_mut() {
            last.push(Char { value, quoted });
        }
    }
    attributes
}

/// Reads one attribute; what is not grammatical is taken literally and reported.
pub(super) fn to_value(chars: &[Char], attribute: &'static str, repairs: &mut Vec<Repair>) -> Value {
    match chars {
        [] => {
            repairs.push(Repair::Empty(attribute));
            return Value::Any;
        }
        [Char { value: '*', quoted: false }] => return Value::Any,
        [Char { value: '-', quoted: false }] => return Value::Na,
        _ => {}
    }
    let (leading, rest) = wildcards_before(chars);
    let (trailing, rest) = wildcards_after(rest);
    if rest.iter().any(|c| !c.quoted && !needs_no_quote(c.value)) {
        repairs.push(Repair::Unescaped(attribute));
    }
    Value::Text(Text { leading, plain: rest.iter().flat_map(|c| c.value.to_lowercase()).collect(), trailing })
}

fn wildcards_before(chars: &[Char]) -> (Wild, &[Char]) {
    if let [Char { value: '*', quoted: false }, rest @ ..] = chars {
        return (Wild::Many, rest);
    }
    let count = chars.iter().take_while(|c| is_question(**c)).count();
    (if count == 0 { Wild::None } else { Wild::UpTo(count) }, &chars[count..])
}

fn wildcards_after(chars: &[Char]) -> (Wild, &[Char]) {
    if let [rest @ .., Char { value: '*', quoted: false }] = chars {
        return (Wild::Many, rest);
    }
    let count = chars.iter().rev().take_while(|c| is_question(**c)).count();
    (if count == 0 { Wild::None } else { Wild::UpTo(count) }, &chars[..chars.len() - count])
}

fn is_question(c: Char) -> bool {
    c.value == '?' && !c.quoted
}

fn needs_no_quote(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}
