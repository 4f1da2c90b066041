//! Numbers with wildcards, and pre-releases behind: npm (github.com/npm/node-semver, "Ranges"), Cargo ("Specifying
//! dependencies"), Hex (hexdocs.pm, `Version`), Composer (getcomposer.org, "Versions and constraints"), Go.

use super::{Clause, Comparator, Dialect, comparator};

/// A version of which the last numbers may be missing or wildcards.
struct Partial<'a> {
    numbers: Vec<&'a str>,
    pre: &'a str,
    has_wildcards: bool,
}

impl<'a> Partial<'a> {
    fn read(dialect: Dialect, text: &'a str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', 'V', '=']);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let end = text.find(|sign: char| !sign.is_ascii_digit() && !".xX*".contains(sign)).unwrap_or(text.len());
        let (core, pre) = text.split_at(end);
        let pre = pre.strip_prefix('-').unwrap_or(pre);
        let is_wild = |part: &str| matches!(part, "x" | "X" | "*");
        let parts: Vec<&str> = core.split('.').collect();
        let given = parts.iter().position(|part| is_wild(part)).unwrap_or(parts.len());
        let (numbers, wild) = parts.split_at(given);
        let most = if dialect == Dialect::Composer { 4 } else { 3 };
        let takes_short_pre = matches!(dialect, Dialect::Hex | Dialect::Composer | Dialect::Go);
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
        let fits = parts.len() <= most
            && numbers.iter().all(is_number)
            && wild.iter().all(|part| is_wild(part))
            && (pre.is_empty() || numbers.len() == parts.len() && (numbers.len() >= 3 || takes_short_pre));
        fits.then(|| Self { numbers: numbers.to_vec(), pre, has_wildcards: !wild.is_empty() })
    }

    fn is_complete(&self) -> bool {
        self.numbers.len() >= 3
    }

    /// The version, with zeros for what is missing.
    fn filled(&self) -> String {
        let version = join(self.numbers.iter().map(|number| (*number).to_owned()).collect());
        if self.pre.is_empty() { version } else { format!("{version}-{}", self.pre) }
    }

    /// The next version that differs in the number at `place`: 1.3.0 of 1.2.3 at 1. `None` if that number is too great.
    fn next(&self, place: usize) -> Option<String> {
        let mut numbers: Vec<String> = self.numbers.iter().take(place + 1).map(|number| (*number).to_owned()).collect();
        numbers.resize(place + 1, "0".to_owned());
        let last = numbers.last_mut()?;
        *last = last.parse::<u64>().ok()?.checked_add(1)?.to_string();
        Some(join(numbers))
    }

    /// Where `^` lets go on: the first number that is not zero, else the last one given.
    fn caret_place(&self) -> usize {
        let is_zero = |number: &&str| number.bytes().all(|digit| digit == b'0');
        let last = self.numbers.len().min(3) - 1;
        self.numbers.iter().position(|number| !is_zero(number)).unwrap_or(last).min(last)
    }
}

/// Numbers without leading zeros, at least three.
fn join(mut numbers: Vec<String>) -> String {
    numbers.resize(numbers.len().max(3), "0".to_owned());
    for number in &mut numbers {
        let plain = number.trim_start_matches('0');
        *number = if plain.is_empty() { "0".to_owned() } else { plain.to_owned() };
    }
    numbers.join(".")
}

/// The clauses of one comparison.
pub(super) fn clauses(dialect: Dialect, sign: &str, text: &str) -> Option<Vec<Clause>> {
    let Some(version) = Partial::read(dialect, text) else {
        // Composer's branches (`dev-main`), versions of five numbers.
        let may_be_other = matches!(dialect, Dialect::Composer | Dialect::Go);
        let text = if dialect == Dialect::Go { text.trim_start_matches('v') } else { text };
        return may_be_other.then(|| Some(vec![Clause::new(comparator(sign)?, text)])).flatten();
    };
    let sign = match (sign, dialect) {
        ("", Dialect::Cargo) => "^",
        ("!", Dialect::Hex) => "!=",
        _ => sign,
    };
    if version.numbers.is_empty() {
        return anything(sign);
    }
    let until = |place: usize| {
        let from = lower(dialect, &version);
        Some(vec![from, Clause::lowest(Comparator::Less, version.next(place)?)])
    };
    match (sign, dialect) {
        ("^", Dialect::Npm | Dialect::Cargo | Dialect::Composer) => until(version.caret_place()),
        ("~" | "~>", Dialect::Npm | Dialect::Cargo) => until(version.numbers.len().min(2) - 1),
        ("~", Dialect::Composer) | ("~>", Dialect::Hex) => until(version.numbers.len().max(2) - 2),
        _ => compared(dialect, comparator(sign)?, &version),
    }
}

/// `*`, `>=*`; nothing is above or below everything.
fn anything(sign: &str) -> Option<Vec<Clause>> {
    match sign {
        "<" | ">" | "!=" => Some(vec![Clause::lowest(Comparator::Less, "0.0.0")]),
        "^" | "~" | "~>" => Some(Vec::new()),
        _ => comparator(sign).map(|_| Vec::new()),
    }
}

/// The lower end of a range that begins with a version: below its pre-releases, if its numbers are not complete.
fn lower(dialect: Dialect, version: &Partial<'_>) -> Clause {
    let is_lowest = version.pre.is_empty() && (!version.is_complete() || dialect == Dialect::Composer);
    let lowest = is_lowest && dialect != Dialect::Hex;
    Clause { lowest, ..Clause::new(Comparator::GreaterOrEqual, version.filled()) }
}

fn compared(dialect: Dialect, comparator: Comparator, version: &Partial<'_>) -> Option<Vec<Clause>> {
    let is_whole = version.is_complete() || dialect == Dialect::Go || !version.pre.is_empty();
    let is_branch = version.has_wildcards || matches!(dialect, Dialect::Npm | Dialect::Cargo);
    let last = version.numbers.len() - 1;
    let is_below = matches!(comparator, Comparator::Less | Comparator::GreaterOrEqual);
    Some(match comparator {
        Comparator::GreaterOrEqual => vec![lower(dialect, version)],
        // Composer counts 1.2.3's betas to what lies from 1.2.3 on.
        _ if dialect == Dialect::Composer && version.pre.is_empty() && is_below => {
            vec![Clause::lowest(comparator, version.filled())]
        }
        _ if is_whole || !is_branch => vec![Clause::new(comparator, version.filled())],
        Comparator::Equal => vec![lower(dialect, version), Clause::lowest(Comparator::Less, version.next(last)?)],
        Comparator::Less => vec![Clause::lowest(Comparator::Less, version.filled())],
        Comparator::LessOrEqual => vec![Clause::lowest(Comparator::Less, version.next(last)?)],
        Comparator::Greater => vec![Clause::lowest(Comparator::GreaterOrEqual, version.next(last)?)],
        Comparator::NotEqual => vec![Clause::new(comparator, version.filled())],
    })
}

/// `1.2 - 2.3.4`: both ends belong to it, an incomplete end with all that begins so.
pub(super) fn hyphen(dialect: Dialect, from: &str, to: &str) -> Option<Vec<Clause>> {
    let (from, to) = (Partial::read(dialect, from)?, Partial::read(dialect, to)?);
    let mut found = Vec::new();
    if !from.numbers.is_empty() {
        found.push(lower(dialect, &from));
    }
    match to.numbers.len() {
        0 => {}
        given @ (1 | 2) if to.pre.is_empty() => found.push(Clause::lowest(Comparator::Less, to.next(given - 1)?)),
        _ => found.push(Clause::new(Comparator::LessOrEqual, to.filled())),
    }
    Some(found)
}

/// Whether clauses let a version pass if it is a pre-release: one of them must name a pre-release of the same numbers.
pub(super) fn admits_pre_release(clauses: &[Clause], version: &str) -> bool {
    let Some(version) = Partial::read(Dialect::Npm, version) else { return false };
    let names_it = |clause: &Clause| {
        Partial::read(Dialect::Npm, &clause.version)
            .is_some_and(|named| !named.pre.is_empty() && join_of(&named) == join_of(&version))
    };
    version.pre.is_empty() || clauses.iter().any(names_it)
}

fn join_of(version: &Partial<'_>) -> String {
    join(version.numbers.iter().map(|number| (*number).to_owned()).collect())
}
