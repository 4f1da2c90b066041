//! Canonical JSON: the one spelling of a value that is hashed and signed (RFC 8785, JSON Canonicalization Scheme).
//!
//! In goes anything that serialises, out come bytes: no white space, members sorted by the UTF-16 code units of their
//! names (section 3.2.3), strings escaped as ECMAScript does it (3.2.2.2). Numbers are integers of at most 2^53 - 1 in
//! size; anything else is refused, because JSON readers take numbers for IEEE 754 doubles (3.2.2.3) and would read
//! another value than the one that was signed. Equal values give equal bytes, in every version of the program.

mod object;
mod serializer;
#[cfg(test)]
mod tests;

use serde::Serialize;

/// The canonical bytes of `value`.
///
/// # Errors
/// The value holds a number that is no safe integer, a member twice, or a map key that is no text.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(256);
    value.serialize(serializer::Serializer { out: &mut out })?;
    Ok(out)
}

/// The canonical text of `value`, for a column or a file that people read.
///
/// # Errors
/// As [`to_vec`].
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    to_vec(value).map(|bytes| String::from_utf8(bytes).expect("only text and whole escapes are written"))
}

/// The value has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A floating-point number.
    #[error("write a floating-point number as canonical JSON: only integers are allowed")]
    Float,
    /// An integer that a double cannot hold exactly.
    #[error("write {0} as canonical JSON: integers reach from -(2^53-1) to 2^53-1")]
    UnsafeInteger(i128),
    /// Two members of one object have the same name.
    #[error("write the member {0:?} twice in one object of canonical JSON")]
    DuplicateMember(String),
    /// The key of a map is neither text nor a number.
    #[error("write a map key that is no text as canonical JSON")]
    Key,
    /// A value that carries its own spelling.
    #[error("write raw JSON as canonical JSON")]
    Raw,
    /// What the value itself says.
    #[error("write a value as canonical JSON: {0}")]
    Value(String),
}

impl serde::ser::Error for Error {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Value(message.to_string())
    }
}
