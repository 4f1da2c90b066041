//! Traffic Light Protocol 2.0 (FIRST, August 2022): who may see what. Marks travel with everything derived.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A TLP 2.0 label, ordered from free to restricted, so that `max` gives the mark of a derived text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tlp {
    /// No limit on disclosure. TLP 1.0 and CSAF 2.0 say WHITE.
    #[default]
    Clear,
    /// The community, not public channels.
    Green,
    /// The own organisation and its clients, on a need-to-know basis.
    Amber,
    /// The own organisation only.
    #[serde(rename = "AMBER+STRICT")]
    AmberStrict,
    /// Named recipients only; never exported.
    Red,
}

impl Tlp {
    /// The label's name without the `TLP:` prefix.
    pub fn label(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::AmberStrict => "AMBER+STRICT",
            Self::Red => "RED",
        }
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLP:{}", self.label())
    }
}

/// The text is no TLP label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read {0:?} as a TLP label: CLEAR, GREEN, AMBER, AMBER+STRICT or RED is needed")]
pub struct InvalidTlp(pub String);

impl FromStr for Tlp {
    type Err = InvalidTlp;

    fn from_str(text: &str) -> Result<Self, InvalidTlp> {
        let upper = text.trim().to_ascii_uppercase();
        match upper.strip_prefix("TLP:").unwrap_or(&upper) {
            "CLEAR" | "WHITE" => Ok(Self::Clear),
            "GREEN" => Ok(Self::Green),
            "AMBER" => Ok(Self::Amber),
            "AMBER+STRICT" => Ok(Self::AmberStrict),
            "RED" => Ok(Self::Red),
            _ => Err(InvalidTlp(text.to_owned())),
        }
    }
}
