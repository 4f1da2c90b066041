//! Ranges in the ecosystems' own notations: `^1.2.3 || >=2.0.1` (npm), `[1.0,2.0)` (Maven), `~> 2.0.8` (RubyGems).
//!
//! Shape: [`NativeRange::parse`] brings a text into alternatives of clauses that must all hold; each clause compares with
//! one version. [`NativeRange::contains`] answers as the ecosystem's own tool does, pre-releases included;
//! [`NativeRange::vers`] says the same in VERS, which knows only the order.
//!
//! | File | Notations |
//! |---|---|
//! | `numbers` | npm, Cargo, Hex, Composer, Go: numbers with wildcards, `^`, `~` |
//! | `pypi` | version specifiers (packaging.python.org) |
//! | `brackets` | Maven, NuGet |
//! | `others` | RubyGems, Conan, Conda, nginx; any other: comparisons joined by blanks or commas, `||` between alternatives |

mod brackets;
mod cover;
mod numbers;
mod others;
mod pypi;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use super::{Comparator, Containment, Vers, types};
use crate::versions::compare;

/// More clauses make no range that anybody wrote; exceptions among them cost their square.
const MOST_CLAUSES: usize = 1000;

/// A range in the notation of an ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeRange {
    kind: String,
    /// One of them must hold; a list without clauses always does.
    alternatives: Vec<Vec<Clause>>,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clause {
    comparator: Comparator,
    /// The version in the form that VERS writes.
    version: String,
    /// Compared with the lowest pre-release of the version: the end of `^1.2` lies below 2.0.0's first alpha.
    lowest: bool,
    /// Compared with every version that begins so: `1.3.4` of `!=1.3.4.*`.
    prefix: bool,
}

/// Whose notation a range is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Npm,
    Cargo,
    Hex,
    Composer,
    Go,
    Pypi,
    Maven,
    Nuget,
    Gem,
    Conan,
    Conda,
    Nginx,
    Plain,
}

impl Dialect {
    fn of(kind: &str) -> Self {
        match kind {
            "npm" | "semver" => Self::Npm,
            "cargo" => Self::Cargo,
            "hex" => Self::Hex,
            "composer" => Self::Composer,
            "golang" | "go" => Self::Go,
            "pypi" => Self::Pypi,
            "maven" => Self::Maven,
            "nuget" => Self::Nuget,
            "gem" => Self::Gem,
            "conan" => Self::Conan,
            "conda" => Self::Conda,
            "nginx" => Self::Nginx,
            _ => Self::Plain,
        }
    }

    /// What behind a version stands for its lowest pre-release.
    fn lowest(self) -> &'static str {
        match self {
            Self::Npm | Self::Cargo | Self::Hex => "-0",
            Self::Composer => "-dev",
            Self::Pypi => ".dev0",
            Self::Gem => ".A",
            _ => "",
        }
    }
}

impl Clause {
    fn new(comparator: Comparator, version: impl Into<String>) -> Self {
        Self { comparator, version: version.into(), lowest: false, prefix: false }
    }

    fn lowest(comparator: Comparator, version: impl Into<String>) -> Self {
        Self { lowest: true, ..Self::new(comparator, version) }
    }
}

impl NativeRange {
    /// Reads a range of a VERS type (`npm`, `maven`, …); unknown types take comparisons.
    ///
    /// GitLab's advisory database writes `||` between alternatives and `=` for all ecosystems: read everywhere.
    /// `None` for a text that is no range of the ecosystem, or of more than 1,000 comparisons.
    pub fn parse(kind: &str, text: &str) -> Option<Self> {
        let dialect = Dialect::of(kind);
        let alternatives = match dialect {
            Dialect::Maven | Dialect::Nuget if text.contains(['[', '(', ']', ')']) => brackets::alternatives(text)?,
            Dialect::Nginx => others::nginx(text)?,
            _ => alternatives(dialect, text)?,
        };
        let is_whole = alternatives.iter().flatten().all(|clause| !clause.version.trim().is_empty());
        let is_bounded = alternatives.iter().flatten().take(MOST_CLAUSES + 1).count() <= MOST_CLAUSES;
        (is_whole && is_bounded).then(|| Self { kind: kind.to_owned(), alternatives })
    }

    /// Whether the ecosystem's tool takes the version for one of the range. Pre-releases count where the tool says so by
    /// default: to npm and Cargo, only if a clause names a pre-release of the same three numbers.
    pub fn contains(&self, version: &str) -> Containment {
        self.evaluate(version, false)
    }

    /// As [`NativeRange::contains`], with pre-releases taken for versions like all others (npm's `includePrerelease`).
    pub fn contains_with_pre_releases(&self, version: &str) -> Containment {
        self.evaluate(version, true)
    }

    fn evaluate(&self, version: &str, with_pre_releases: bool) -> Containment {
        let dialect = Dialect::of(&self.kind);
        // RubyGems takes no version for the version 0.
        let version = if dialect == Dialect::Gem && version.trim().is_empty() { "0" } else { version.trim() };
        let scheme = types::scheme_of(&self.kind);
        let mut native = compare(scheme, version, version).native;
        let mut holds = |clause: &Clause| {
            let bound = if clause.lowest { clause.version.clone() + dialect.lowest() } else { clause.version.clone() };
            let (holds, compared_natively) = match dialect {
                Dialect::Pypi => pypi::holds(clause, version, &bound),
                Dialect::Conda if clause.prefix => (others::begins(scheme, version, &clause.version), true),
                _ => {
                    let compared = compare(scheme, version, &bound);
                    (accepts(clause.comparator, compared.ordering), compared.native)
                }
            };
            native &= compared_natively;
            holds
        };
        let is_strict = matches!(dialect, Dialect::Npm | Dialect::Cargo) && !with_pre_releases;
        let contained = self.alternatives.iter().any(|clauses| {
            clauses.iter().all(&mut holds) && (!is_strict || numbers::admits_pre_release(clauses, version))
        });
        Containment { contained, native }
    }

    /// The same range in VERS, in its shortest valid form. What an ecosystem's tool does with pre-releases is not said.
    pub fn vers(&self) -> Vers {
        let scheme = types::scheme_of(&self.kind);
        let covered = self.alternatives.iter().flat_map(|clauses| cover::intersection(scheme, clauses)).collect();
        Vers::from_intervals(&self.kind, covered)
    }
}

fn accepts(comparator: Comparator, ordering: Ordering) -> bool {
    match comparator {
        Comparator::Equal => ordering.is_eq(),
        Comparator::NotEqual => ordering.is_ne(),
        Comparator::Less => ordering.is_lt(),
        Comparator::LessOrEqual => ordering.is_le(),
        Comparator::Greater => ordering.is_gt(),
        Comparator::GreaterOrEqual => ordering.is_ge(),
    }
}

/// Cuts a text into alternatives and these into clauses.
fn alternatives(dialect: Dialect, text: &str) -> Option<Vec<Vec<Clause>>> {
    let text = match dialect {
        Dialect::Hex => text.replace(" and ", ", ").replace(" or ", " || "),
        Dialect::Composer | Dialect::Conda => text.replace("||", "|").replace('|', "||"),
        _ => text.to_owned(),
    };
    let mut found = Vec::new();
    for part in text.split("||").map(str::trim) {
        let clauses = match part.split_once(" - ") {
            Some((from, to)) if matches!(dialect, Dialect::Npm | Dialect::Composer) => {
                numbers::hyphen(dialect, from, to)?
            }
            // To npm, nothing is every version; elsewhere it is a slip.
            _ if part.is_empty() && dialect != Dialect::Npm => continue,
            _ => clauses(dialect, part)?,
        };
        found.push(clauses);
    }
    Some(if found.is_empty() { vec![Vec::new()] } else { found })
}

fn clauses(dialect: Dialect, text: &str) -> Option<Vec<Clause>> {
    let mut found = Vec::new();
    for (sign, version) in comparisons(text)? {
        match dialect {
            Dialect::Npm | Dialect::Cargo | Dialect::Hex | Dialect::Composer | Dialect::Go => {
                found.extend(numbers::clauses(dialect, sign, version)?);
            }
            Dialect::Pypi => found.extend(pypi::clauses(sign, version)?),
            Dialect::Gem => found.extend(others::gem(sign, version)?),
            Dialect::Conan => found.extend(others::conan(sign, version)?),
            Dialect::Conda => found.extend(others::conda(sign, version)?),
            // A bare version is the lowest that will do.
            Dialect::Nuget if sign.is_empty() => found.push(Clause::new(Comparator::GreaterOrEqual, version)),
            Dialect::Maven | Dialect::Nuget | Dialect::Nginx | Dialect::Plain => found.push(plain(sign, version)?),
        }
    }
    Some(found)
}

/// Signs and versions, parted by blanks or commas; `None` where a sign has no version.
fn comparisons(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut rest = text;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            return Some(found);
        }
        let signs = rest.find(|sign| !"<>=!~^".contains(sign))?;
        let (sign, behind) = rest.split_at(signs);
        let behind = behind.trim_start();
        let end = behind.find([',', ' ', '\t', '<', '>', '=']).unwrap_or(behind.len());
        let (version, after) = behind.split_at(end);
        if version.is_empty() {
            return None;
        }
        found.push((sign, version));
        rest = after;
    }
}

/// The comparator of a sign that all notations share.
fn comparator(sign: &str) -> Option<Comparator> {
    Some(match sign {
        "" | "=" | "==" => Comparator::Equal,
        "!=" | "<>" => Comparator::NotEqual,
        "<" | "<<" => Comparator::Less,
        "<=" | "=<" => Comparator::LessOrEqual,
        ">" | ">>" => Comparator::Greater,
        ">=" | "=>" => Comparator::GreaterOrEqual,
        _ => return None,
    })
}

fn plain(sign: &str, version: &str) -> Option<Clause> {
    Some(Clause::new(comparator(sign)?, version.trim_matches(['"', '\''])))
}
