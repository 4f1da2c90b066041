//! What a VERS text may break, rule by rule.

use thiserror::Error;

/// The first rule of clause 5 that a text breaks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VersError {
    /// Not printable ASCII (5.3.3.2); a byte position.
    #[error("byte {0} is not printable ASCII; it must be percent-encoded")]
    NotAscii(usize),
    /// White space that is not percent-encoded (5.3.3.2); a byte position.
    #[error("white space at byte {0} must be percent-encoded")]
    Whitespace(usize),
    /// The text does not begin with `vers:` (5.3.1).
    #[error("the scheme `vers:` is missing")]
    NoScheme,
    /// No `/` ends the type (5.3.2).
    #[error("no slash ends the type")]
    NoSlash,
    /// The type is empty, begins with no letter or holds other signs than letters, digits, `.` and `-` (5.3.2).
    #[error("{0:?} is no type: lower-case letters, digits, '.' and '-', with a letter first")]
    BadType(String),
    /// The type is reserved for ranges that are invalid on purpose (5.3.2.1).
    #[error("the type `invalid` is never valid")]
    InvalidType,
    /// The types `all` and `none` take nothing but `*`.
    #[error("the type `{0}` takes the asterisk only")]
    AsteriskOnly(String),
    /// Nothing behind the slash (5.3.3).
    #[error("there are no constraints")]
    NoConstraints,
    /// An asterisk beside something else (5.3.3.1).
    #[error("an asterisk must stand alone")]
    AsteriskNotAlone,
    /// A pipe before the first constraint (5.3.3).
    #[error("a pipe stands before the first constraint")]
    LeadingPipe,
    /// A pipe behind the last constraint (5.3.3).
    #[error("a pipe stands behind the last constraint")]
    TrailingPipe,
    /// Two pipes in a row (5.3.3).
    #[error("two pipes follow each other")]
    ConsecutivePipes,
    /// Equality has no sign (5.3.3.1); the constraint.
    #[error("{0:?} begins with '='; equality is written without a sign")]
    LeadingEquals(String),
    /// A comparator without a version; the constraint.
    #[error("{0:?} has no version")]
    NoVersion(String),
    /// A sign inside a version that must be percent-encoded (5.3.3.2); the version.
    #[error("{1:?} inside the version {0:?} must be percent-encoded")]
    RawSign(String, char),
    /// A percent sign that begins no triplet, or octets that are no UTF-8; the version.
    #[error("the percent-encoding of {0:?} is invalid")]
    BadPercent(String),
    /// A percent triplet in lower case; the version.
    #[error("the percent-encoding of {0:?} is not canonical: hexadecimal digits are capitals")]
    PercentCase(String),
    /// A time whose `T` or `Z` is lower case (type `datetime`); the version.
    #[error("{0:?} must have capital T and Z")]
    DatetimeCase(String),
    /// A time whose colons are percent-encoded (type `datetime`); the version.
    #[error("the colons of {0:?} must not be percent-encoded")]
    DatetimeColons(String),
    /// No date and time at all (type `datetime`); the version.
    #[error("{0:?} is no date and time of RFC 3339")]
    Datetime(String),
    /// A version that is not above the one before it (5.4); the two.
    #[error("the constraints are not sorted: {0:?} stands before {1:?}")]
    Unsorted(String, String),
    /// A version that occurs twice (5.4).
    #[error("the version {0:?} occurs twice")]
    Duplicate(String),
    /// Constraints that cannot follow each other (5.4); the two.
    #[error("{1:?} cannot follow {0:?}")]
    Sequence(String, String),
}
