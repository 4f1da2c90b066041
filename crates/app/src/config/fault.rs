//! Errors of the configuration file: file, line, column, reason, and what was probably meant.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What is wrong with a configuration file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// The file.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line's text.
    pub text: String,
    /// What is wrong, as a sentence fragment.
    pub reason: String,
}

impl std::error::Error for ConfigFault {}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, text, reason } = self;
        let gutter = line.to_string();
        writeln!(f, "read the configuration {}:{line}:{column}: {reason}", file.display())?;
        writeln!(f, "  {gutter} | {text}")?;
        write!(f, "  {:gutter$} | {:>column$}", "", "^", gutter = gutter.len())
    }
}

impl ConfigFault {
    /// From the TOML reader's error: its own words, with a suggestion where a name was mistyped.
    pub(super) fn from_toml(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        let mut reason = error.message().lines().collect::<Vec<_>>().join("; ");
        if let Some((unknown, known)) = unknown_field(&reason) {
            reason = format!(
                "unknown key {unknown:?}{}",
                suggestion(&unknown, &known.iter().map(String::as_str).collect::<Vec<_>>())
            );
        }
        Located { span: error.span().unwrap_or(0..0), reason }.in_file(file, text)
    }
}

/// A fault whose place is known, but not yet its file.
#[derive(Debug)]
pub struct Located {
    /// Byte range in the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub reason: String,
}

impl Located {
    /// A fault at a value.
    pub fn at<T>(value: &toml::Spanned<T>, reason: String) -> Self {
        Self { span: value.span(), reason }
    }

    /// Turns the byte range into line and column.
    pub fn in_file(self, file: &Path, text: &str) -> ConfigFault {
        let start = self.span.start.min(text.len());
        let before = text.get(..start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        ConfigFault {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            text: text[line_start..].lines().next().unwrap_or("").to_owned(),
            reason: self.reason,
        }
    }
}

/// Reads serde's sentence on an unknown field: the field and what was expected.
fn unknown_field(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (unknown, rest) = rest.split_once('`')?;
    let known = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Some((unknown.to_owned(), known))
}

/// `; did you mean …?` when a known word is near, else the list of known words.
pub fn suggestion(word: &str, known: &[&str]) -> String {
    let nearest = known.iter().map(|candidate| (distance(word, candidate), *candidate)).min();
    match nearest {
        Some((far, candidate)) if far <= word.chars().count().max(3) / 3 + 1 => {
            format!("; did you mean {candidate:?}?")
        }
        Some(_) => format!("; known are {}", known.join(", ")),
        None => String::new(),
    }
}

/// Levenshtein distance, on characters: how many edits lie between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != *y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}
