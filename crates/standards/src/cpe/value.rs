//! One attribute of a CPE name: any, not applicable, or a text with wildcards at its ends.

use std::fmt;

/// An attribute value (NISTIR 7695, section 5.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// `*`: any value; in a component's name, an unknown one.
    Any,
    /// `-`: not applicable or not used.
    Na,
    /// A text.
    Text(Text),
}

/// The text of an attribute: literal characters between optional wildcards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    /// Wildcards before the literal characters.
    pub leading: Wild,
    /// The literal characters, lower case, without escapes.
    pub plain: String,
    /// Wildcards after the literal characters.
    pub trailing: Wild,
}

/// Unquoted wildcards at one end of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wild {
    /// None.
    None,
    /// `?`, so many times: at most so many characters.
    UpTo(usize),
    /// `*`: any number of characters.
    Many,
}

impl Wild {
    /// Whether a gap of `length` characters is covered.
    pub(super) fn covers(self, length: usize) -> bool {
        match self {
            Self::None => length == 0,
            Self::UpTo(most) => length <= most,
            Self::Many => true,
        }
    }
}

impl Value {
    /// A literal text without wildcards, brought to lower case.
    pub fn literal(plain: &str) -> Self {
        Self::Text(Text { leading: Wild::None, plain: plain.to_lowercase(), trailing: Wild::None })
    }

    /// The literal text, if there is one without wildcards. Lower case, without escapes.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.has_wildcard() => Some(&text.plain),
            _ => None,
        }
    }
}

impl Text {
    /// Whether a wildcard stands at either end.
    pub fn has_wildcard(&self) -> bool {
        self.leading != Wild::None || self.trailing != Wild::None
    }
}

/// The value as a formatted string binds it: escaped, `*` for any, `-` for not applicable.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Na => f.write_str("-"),
            Self::Text(text) => write!(f, "{text}"),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.leading)?;
        // A lone hyphen would read as "not applicable".
        let lone_hyphen = self.plain == "-" && !self.has_wildcard();
        for c in self.plain.chars() {
            if lone_hyphen || !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')) {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        write!(f, "{}", self.trailing)
    }
}

impl fmt::Display for Wild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::UpTo(count) => (0..*count).try_for_each(|_| f.write_str("?")),
            Self::Many => f.write_str("*"),
        }
    }
}
