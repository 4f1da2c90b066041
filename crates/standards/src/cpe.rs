//! CPE names: `cpe:2.3:` formatted strings and `cpe:/` URIs (NISTIR 7695), and how two names relate (NISTIR 7696).
//!
//! In: a name from an SBOM or NVD. Out: a [`Cpe`] of eleven [`Value`]s, lower case and without escapes. [`Cpe::parse`] is
//! strict; [`Cpe::repair`] also takes what generators really write and says what it changed. [`matches()`] answers whether
//! a criterion covers a component's name.

mod formatted;
mod relation;
mod uri;
mod value;

use std::fmt;

pub use relation::Relation;
pub use value::{Text, Value, Wild};

/// A CPE name (a well-formed name of NISTIR 7695, section 5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpe {
    /// `a` application, `o` operating system, `h` hardware.
    pub part: Value,
    /// Vendor.
    pub vendor: Value,
    /// Product.
    pub product: Value,
    /// Version.
    pub version: Value,
    /// Update: `sp1`, `rc2`, `update_291`.
    pub update: Value,
    /// Edition; deprecated in 2.3.
    pub edition: Value,
    /// Language tag.
    pub language: Value,
    /// Software edition: `enterprise`, `lts`.
    pub sw_edition: Value,
    /// Software it runs on or is a plugin of: `wordpress`, `node.js`.
    pub target_sw: Value,
    /// Instruction set: `x64`.
    pub target_hw: Value,
    /// Anything else.
    pub other: Value,
}

/// Why a text is not a CPE name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CpeError {
    /// Neither `cpe:2.3:` nor `cpe:/` opens it.
    #[error("read {0:?} as a CPE: it begins with neither cpe:2.3: nor cpe:/")]
    Scheme(String),
    /// A formatted string needs eleven attributes, a URI has at most seven.
    #[error("read {name:?} as a CPE: it has {found} attributes")]
    Count {
        /// The text.
        name: String,
        /// How many attributes there are.
        found: usize,
    },
    /// The part is none of `a`, `o`, `h`, `*`, `-`.
    #[error("read {0:?} as a CPE: its part is none of a, o, h")]
    Part(String),
    /// An attribute is empty, has a forbidden character unescaped, or a wildcard in its middle.
    #[error("read the CPE attribute {0:?}: it is empty, has an unescaped special character, or a wildcard inside")]
    Attribute(String),
}

/// What [`Cpe::repair`] had to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Repair {
    /// Trailing attributes were missing and count as any.
    #[error("{0} attributes are missing and count as '*'")]
    Padded(usize),
    /// An attribute was empty and counts as any.
    #[error("the attribute {0} is empty and counts as '*'")]
    Empty(&'static str),
    /// Characters that need an escape had none and were taken literally.
    #[error("the attribute {0} has characters that need an escape")]
    Unescaped(&'static str),
}

/// Names of the attributes in the order of the formatted string.
pub(crate) const ATTRIBUTES: [&str; 11] = [
    "part",
    "vendor",
    "product",
    "version",
    "update",
    "edition",
    "language",
    "sw_edition",
    "target_sw",
    "target_hw",
    "other",
];

impl Cpe {
    /// Parses a formatted string (`cpe:2.3:…`) or a URI (`cpe:/…`), strictly.
    ///
    /// # Errors
    /// [`CpeError`] when the text breaks the grammar of NISTIR 7695, sections 6.1 and 6.2.
    pub fn parse(text: &str) -> Result<Self, CpeError> {
        let (cpe, repairs) = Self::repair(text)?;
        match repairs.first() {
            None => Ok(cpe),
            Some(Repair::Padded(missing)) => Err(CpeError::Count { name: text.to_owned(), found: 11 - missing }),
            Some(Repair::Empty(_) | Repair::Unescaped(_)) => Err(CpeError::Attribute(text.to_owned())),
        }
    }

    /// Parses as [`Cpe::parse`] does, but takes attributes that are empty, missing at the end or not escaped, and says so.
    ///
    /// # Errors
    /// [`CpeError`] when even the scheme or the part is wrong, or there are too many attributes.
    pub fn repair(text: &str) -> Result<(Self, Vec<Repair>), CpeError> {
        let text = text.trim();
        if let Some(rest) = strip_prefix_ignoring_case(text, "cpe:2.3:") {
            formatted::parse(text, rest)
        } else if let Some(rest) = strip_prefix_ignoring_case(text, "cpe:/") {
            uri::parse(text, rest)
        } else {
            Err(CpeError::Scheme(text.to_owned()))
        }
    }

    /// The formatted string, lower case, escaped as NISTIR 7695 section 6.2.2 asks.
    pub fn to_formatted(&self) -> String {
        self.to_string()
    }

    /// How `self` as source relates to `target`, over all attributes (NISTIR 7696, section 6.2 and table 6-4).
    pub fn relation(&self, target: &Self) -> Relation {
        relation::combine(self.values().into_iter().zip(target.values()).map(|(left, right)| left.relation(right)))
    }

    /// The attributes in the order of the formatted string.
    pub fn values(&self) -> [&Value; 11] {
        [
            &self.part,
            &self.vendor,
            &self.product,
            &self.version,
            &self.update,
            &self.edition,
            &self.language,
            &self.sw_edition,
            &self.target_sw,
            &self.target_hw,
            &self.other,
        ]
    }

    #[expect(clippy::similar_names, reason = "target_sw and target_hw are the specification's names")]
    fn from_values(values: [Value; 11]) -> Self {
        let [part, vendor, product, version, update, edition, language, sw_edition, target_sw, target_hw, other] =
            values;
        Self { part, vendor, product, version, update, edition, language, sw_edition, target_sw, target_hw, other }
    }

    fn check_part(self, text: &str) -> Result<Self, CpeError> {
        match self.part.plain() {
            Some("a" | "o" | "h") => Ok(self),
            None if !matches!(self.part, Value::Text(_)) => Ok(self),
            _ => Err(CpeError::Part(text.to_owned())),
        }
    }
}

impl fmt::Display for Cpe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cpe:2.3")?;
        self.values().into_iter().try_for_each(|value| write!(f, ":{value}"))
    }
}

/// Whether a criterion covers a name: no attribute is disjoint and none is undefined (NISTIR 7696, section 6.2).
///
/// A `*` in the target counts as covered: its value is unknown, and the caller lowers the confidence (R15). But a vendor
/// that only the criterion knows and a product that only the name knows, or the reverse, have nothing in common (R20).
pub fn matches(criteria: &Cpe, target: &Cpe) -> bool {
    let vendor = criteria.vendor.relation(&target.vendor);
    let product = criteria.product.relation(&target.product);
    let crossed =
        matches!((vendor, product), (Relation::Subset, Relation::Superset) | (Relation::Superset, Relation::Subset));
    let covered =
        |(left, right): (&Value, &Value)| !matches!(left.relation(right), Relation::Disjoint | Relation::Undefined);
    !crossed && criteria.values().into_iter().zip(target.values()).all(covered)
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests;
