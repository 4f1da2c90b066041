//! VERS, the version range specifier (package-url/vers-spec, clause 5): `vers:npm/>=1.2.3|<2.0.0`.
//!
//! Shape: [`Vers::parse`] takes what the specification allows and says precisely what it does not; [`Vers::read`] takes
//! whatever can be understood, since published ranges are often unsorted or hold blanks. Printing gives the form of the
//! specification, so `parse` of what was printed is the same range. [`Vers::intervals`] and [`Vers::contains`] say what a
//! range means; [`native`] reads the ecosystems' own notations.
//!
//! A constraint's place in the list matters: `|` is neither "and" nor "or" but parts signposts along the line of all
//! versions (5.3.3). The order along that line is the type's ([`types::scheme_of`]).

mod checks;
mod error;
mod intervals;
pub mod native;
mod percent;
mod read;
#[cfg(test)]
mod tests;
pub mod types;

use std::fmt;

use crate::versions::{Scheme, compare};

pub use error::VersError;
pub use intervals::{Bound, Interval};

/// A version range of one type.
///
/// The type is lower case. No constraint at all is the asterisk: every version, or of the type `none`, no version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Vers {
    kind: String,
    constraints: Vec<Constraint>,
}

/// One signpost along the line of versions: `>=1.2.3`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Constraint {
    /// Which side of the version belongs to the range.
    pub comparator: Comparator,
    /// The version, decoded.
    pub version: String,
}

/// How a constraint's version bounds the range (5.3.3.1). The asterisk is the list without constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// The version itself; written without a sign.
    Equal,
    /// `!=`: the version is left out of the range.
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Whether a version is in a range, and how surely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Containment {
    /// The answer.
    pub contained: bool,
    /// False when a comparison that decided it fell back to the generic order, as it always does for unknown types.
    pub native: bool,
}

impl Vers {
    /// Parses a range to the letter of the specification.
    ///
    /// Versions of types whose order is unknown are taken to be in order.
    ///
    /// # Errors
    ///
    /// [`VersError`] names the first rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, VersError> {
        checks::parse(text)
    }

    /// Reads a range that may break the rules in ways whose meaning is plain: white space, capitals, superfluous pipes, a
    /// leading `=`, raw percent signs, unsorted, repeated or redundant constraints. The result is sorted.
    ///
    /// `None` if there is no type, no constraint, or a constraint without a version.
    pub fn read(text: &str) -> Option<Self> {
        read::read(text)
    }

    /// The range that covers the union of intervals, in the shortest valid form; `vers:none/*` if they are all empty.
    ///
    /// `kind` is a valid type in lower case.
    pub fn from_intervals(kind: &str, found: Vec<Interval>) -> Self {
        intervals::vers(kind, found)
    }

    /// The type, in lower case: `npm`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The order of the type's versions.
    pub fn scheme(&self) -> Scheme {
        types::scheme_of(&self.kind)
    }

    /// The constraints as written; none for `*`.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The same range in the shortest valid form: sorted, without repeated or redundant constraints.
    #[must_use]
    pub fn canonical(&self) -> Self {
        if self.constraints.is_empty() { self.clone() } else { Self::from_intervals(&self.kind, self.intervals()) }
    }

    /// What the range covers, in ascending order and without overlaps.
    pub fn intervals(&self) -> Vec<Interval> {
        intervals::intervals(self)
    }

    /// Whether a version of the same type is in the range; `None` for the reserved types, which define no order (5.3.2.1).
    pub fn contains(&self, version: &str) -> Option<Containment> {
        if types::is_reserved(&self.kind) {
            return None;
        }
        let scheme = self.scheme();
        let mut native = true;
        let mut order = |bound: &Bound| {
            let compared = compare(scheme, version, &bound.version);
            native &= compared.native;
            compared.ordering
        };
        let contained = self.intervals().iter().any(|interval| interval.contains(&mut order));
        Some(Containment { contained, native })
    }
}

impl fmt::Display for Vers {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "vers:{}/", self.kind)?;
        if self.constraints.is_empty() {
            return to.write_str("*");
        }
        for (at, constraint) in self.constraints.iter().enumerate() {
            let pipe = if at > 0 { "|" } else { "" };
            write!(to, "{pipe}{constraint}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.comparator.sign())?;
        percent::encode(&self.version, to)
    }
}

impl std::str::FromStr for Vers {
    type Err = VersError;

    fn from_str(text: &str) -> Result<Self, VersError> {
        Self::parse(text)
    }
}

impl Comparator {
    /// The sign before the version; empty for equality.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Takes the sign off a constraint.
    fn split(text: &str) -> (Self, &str) {
        let signed = [Self::GreaterOrEqual, Self::LessOrEqual, Self::NotEqual, Self::Less, Self::Greater];
        signed
            .into_iter()
            .find_map(|comparator| Some((comparator, text.strip_prefix(comparator.sign())?)))
            .unwrap_or((Self::Equal, text))
    }

    /// Whether the range goes on upwards: `>`, `>=`.
    fn opens(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual)
    }

    /// Whether the range came from below: `<`, `<=`.
    fn closes(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual)
    }
}
