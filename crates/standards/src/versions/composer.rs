//! Composer: versions as its `VersionParser` normalises them, in the order of PHP's `version_compare`.
//!
//! `[v]digits{.digits}[stability[digits]][-dev]`, with `+metadata`, `@stability` and ` as alias` left out of account.
//! Order of what follows the numbers: `dev < alpha < beta < RC < (nothing) < more numbers < patch`. Branches (`dev-main`,
//! `master`) sort before all numbers; `1.x-dev` is the end of the 1 line. Dates may have dashes (`2010-01-02`).

use std::cmp::Ordering;

use super::runs::{self, Missing};

/// Names of branches that need no `dev-` before them.
const BRANCHES: [&str; 3] = ["master", "trunk", "default"];

/// What follows the numbers: its place, and its value where it is a number.
type Mark<'a> = (u8, &'a str);

/// What may part the numbers, the last two in dates only.
const SEPARATORS: [char; 3] = ['.', '-', ':'];

const DEV: u8 = 0;
const END: u8 = 4;
const NUMBER: u8 = 5;

/// A version or a branch, in borrowed parts.
enum Version<'a> {
    Branch(&'a str),
    Numbered {
        numbers: &'a str,
        /// Whether a `.x` follows the numbers.
        wildcard: bool,
        tail: &'a str,
    },
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = text.split_once(" as ").map_or(text, |(version, _)| version);
        if let Some(branch) = runs::strip_prefix_ignoring_case(text, "dev-") {
            let branch = branch.split_once('@').map_or(branch, |(branch, _)| branch);
            return (!branch.is_empty()).then_some(Self::Branch(branch));
        }
        if BRANCHES.iter().any(|branch| text.eq_ignore_ascii_case(branch)) {
            return Some(Self::Branch(text));
        }
        let text = text.split_once(['+', '@']).map_or(text, |(version, _)| version);
        Self::read_numbered(runs::strip_v(text))
    }

    fn read_numbered(text: &'a str) -> Option<Self> {
        // A first number of four digits or more may be a date, written with dashes or colons.
        let is_date = runs::split_digits(text).0.len() >= 4;
        let separators: &[char] = if is_date { &['.', '-', ':'] } else { &['.'] };
        let (numbers, tail) = runs::split_dotted(text, separators);
        let (wildcard, tail) = match tail.strip_prefix('.').and_then(|rest| rest.strip_prefix(['x', 'X', '*'])) {
            Some(mut rest) => {
                while let Some(shorter) = rest.strip_prefix('.').and_then(|rest| rest.strip_prefix(['x', 'X', '*'])) {
                    rest = shorter;
                }
                (true, rest)
            }
            None => (false, tail),
        };
        let fits = !numbers.is_empty() && marks(tail).all(|mark| mark.is_some());
        fits.then_some(Self::Numbered { numbers, wildcard, tail })
    }
}

/// The marks after the numbers; `None` for a word that is no stability.
fn marks(tail: &str) -> impl Iterator<Item = Option<Mark<'_>>> {
    let mut rest = tail;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(['.', '-', '_']);
        let (digits, after) = runs::split_digits(rest);
        if !digits.is_empty() {
            rest = after;
            return Some(Some((NUMBER, digits)));
        }
        let (word, after) = runs::split_letters(rest);
        if word.is_empty() {
            return (!std::mem::take(&mut rest).is_empty()).then_some(None);
        }
        rest = after;
        Some(stability(word).map(|place| (place, "")))
    })
    .filter(|mark| *mark != Some((END, "")))
}

fn stability(word: &str) -> Option<u8> {
    let words: [(&str, u8); 10] = [
        ("dev", DEV),
        ("alpha", 1),
        ("a", 1),
        ("beta", 2),
        ("b", 2),
        ("rc", 3),
        ("stable", END),
        ("patch", 6),
        ("pl", 6),
        ("p", 6),
    ];
    words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, place)| *place)
}

/// Whether Composer takes the text as a version or branch.
pub(super) fn is_valid(text: &str) -> bool {
    Version::read(text).is_some_and(|version| match version {
        Version::Branch(_) => true,
        Version::Numbered { numbers, .. } => {
            numbers.split(['.', '-', ':']).count() <= 4 || numbers.contains(['-', ':'])
        }
    })
}

/// Orders two versions or branches.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(match (Version::read(left)?, Version::read(right)?) {
        (Version::Branch(left), Version::Branch(right)) => left.cmp(right),
        (Version::Branch(_), Version::Numbered { .. }) => Ordering::Less,
        (Version::Numbered { .. }, Version::Branch(_)) => Ordering::Greater,
        (Version::Numbered { numbers, wildcard, tail }, Version::Numbered { numbers: n, wildcard: w, tail: t }) => {
            compare_numbers((numbers, wildcard), (n, w)).then_with(|| compare_marks(tail, t))
        }
    })
}

/// Four places at least; a place that a wildcard fills is 9999999, as Composer writes it.
fn compare_numbers(left: (&str, bool), right: (&str, bool)) -> Ordering {
    if !left.1 && !right.1 {
        return runs::compare_dotted(left.0, right.0, &SEPARATORS, Missing::Zero);
    }
    let places = left.0.split(SEPARATORS).count().max(right.0.split(SEPARATORS).count()).max(4);
    let differing = (0..places).map(|at| runs::compare_digits(place(left, at), place(right, at)));
    differing.fold(Ordering::Equal, Ordering::then)
}

fn place((numbers, wildcard): (&str, bool), at: usize) -> &str {
    let missing = if wildcard && at < 4 { "9999999" } else { "" };
    numbers.split(SEPARATORS).nth(at).unwrap_or(missing)
}

fn compare_marks(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (marks(left).flatten(), marks(right).flatten());
    loop {
        let (left, right) = (left.next(), right.next());
        let end = (END, "");
        let (left_mark, right_mark) = (left.unwrap_or(end), right.unwrap_or(end));
        let ordering = left_mark.0.cmp(&right_mark.0).then_with(|| runs::compare_digits(left_mark.1, right_mark.1));
        if ordering.is_ne() || (left.is_none() && right.is_none()) {
            return ordering;
        }
    }
}
