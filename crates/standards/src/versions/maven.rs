//! Maven: `ComparableVersion` of Maven 4 (maven.apache.org, "POM reference", "Version order specification").
//!
//! Shape: a text becomes a flat list of [`Item`]s. Maven builds nested lists, but a nested list is always the last item
//! of its parent, so a marker where one begins says the same, and two versions are compared in one walk.
//!
//! Every text without blanks is a version. Maven 3.8 and older read `beta11` and `beta.11` differently; we follow the
//! later rule, where a word and the number after it are one item (`rc1`, `rc-1`).

use std::cmp::Ordering;

use super::runs::{self, Missing};

/// Words with a place of their own; the plain release is [`RELEASE`], every other word is [`UNKNOWN`].
const QUALIFIERS: [(&str, u8); 10] = [
    ("alpha", 0),
    ("beta", 1),
    ("milestone", 2),
    ("rc", 3),
    ("cr", 3),
    ("snapshot", 4),
    ("ga", RELEASE),
    ("final", RELEASE),
    ("release", RELEASE),
    ("sp", 6),
];
const RELEASE: u8 = 5;
const UNKNOWN: u8 = 7;

/// A word and its rank.
#[derive(Clone, Copy)]
struct Word<'a> {
    rank: u8,
    text: &'a str,
}

impl<'a> Word<'a> {
    fn new(text: &'a str) -> Self {
        let known = QUALIFIERS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        Self { rank: known.map_or(UNKNOWN, |(_, rank)| *rank), text }
    }

    /// A word with a number attached: `a1`, `b2` and `m3` are short for alpha, beta and milestone.
    fn before_number(text: &'a str) -> Self {
        match text {
            "a" | "A" => Self { rank: 0, text },
            "b" | "B" => Self { rank: 1, text },
            "m" | "M" => Self { rank: 2, text },
            _ => Self::new(text),
        }
    }

    fn compare(self, other: Self) -> Ordering {
        let ordering = self.rank.cmp(&other.rank);
        if self.rank == UNKNOWN { ordering.then_with(|| compare_lower_case(self.text, other.text)) } else { ordering }
    }
}

/// Compares in lower case, of any script and without regard to the locale.
fn compare_lower_case(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() {
        return runs::compare_ignoring_case(left, right);
    }
    left.chars().flat_map(char::to_lowercase).cmp(right.chars().flat_map(char::to_lowercase))
}

/// One item of a version.
#[derive(Clone, Copy)]
enum Item<'a> {
    Number(&'a str),
    Word(Word<'a>),
    /// A word and its number: `rc1`, `rc-1`.
    Pair(Word<'a>, &'a str),
    /// Here a nested list begins; it holds all that follows.
    List,
}

/// Builds the items of one version.
struct Reader<'a> {
    text: &'a str,
    items: Vec<Item<'a>>,
    /// Start of the item being read.
    start: usize,
    in_digits: bool,
    in_pair: bool,
}

impl<'a> Reader<'a> {
    fn read(text: &'a str) -> Vec<Item<'a>> {
        let mut reader = Self { text, items: Vec::with_capacity(8), start: 0, in_digits: false, in_pair: false };
        for (at, sign) in text.bytes().enumerate() {
            match sign {
                b'.' => reader.dot(at),
                b'-' => reader.dash(at),
                b'0'..=b'9' => reader.digit(at),
                _ => reader.letter(at),
            }
        }
        reader.end();
        normalise(&mut reader.items);
        reader.items
    }

    fn dot(&mut self, at: usize) {
        self.push_until(at);
        self.start = at + 1;
    }

    fn dash(&mut self, at: usize) {
        let next_is_digit = self.text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
        if at > self.start && !self.in_digits && next_is_digit {
            // `rc-1` is read as `rc1`.
            self.in_pair = true;
            return;
        }
        self.push_until(at);
        self.start = at + 1;
        self.open_list();
    }

    fn digit(&mut self, at: usize) {
        if !self.in_digits && at > self.start {
            self.in_pair = true;
            self.open_list();
        }
        self.in_digits = true;
    }

    fn letter(&mut self, at: usize) {
        if self.in_digits && at > self.start {
            self.push_until(at);
            self.start = at;
            self.open_list();
        }
        self.in_digits = false;
    }

    fn end(&mut self) {
        if self.text.len() > self.start {
            if !self.in_digits {
                // `1.x` is read as `1-x`.
                self.open_list();
            }
            self.push_until(self.text.len());
        }
    }

    /// Begins a nested list, unless the present one is still empty.
    fn open_list(&mut self) {
        if !matches!(self.items.last(), None | Some(Item::List)) {
            self.items.push(Item::List);
        }
    }

    fn push_until(&mut self, end: usize) {
        let text = &self.text[self.start..end];
        self.items.push(if text.is_empty() {
            Item::Number("")
        } else if self.in_pair {
            let (word, number) = runs::split_while(text, |character| !character.is_ascii_digit());
            Item::Pair(Word::before_number(word.trim_end_matches('-')), number)
        } else if self.in_digits {
            Item::Number(text)
        } else {
            Item::Word(Word::new(text))
        });
        self.in_pair = false;
    }
}

/// Drops zeros and empty lists that end a list, zeros before words, and lists that hold nothing but a list:
/// `1.0.0-foo.0.0` is `1-foo`.
fn normalise(items: &mut Vec<Item<'_>>) {
    // What is kept gathers at the end, since whether an item counts depends on what follows it.
    let mut kept = items.len();
    for at in (0..items.len()).rev() {
        let follows = (items.get(kept).copied(), items.get(kept + 1).copied());
        let droppable = match items[at] {
            Item::Number(number) if number.bytes().all(|digit| digit == b'0') => matches!(
                follows,
                (None | Some(Item::Word(_)), _) | (Some(Item::List), Some(Item::Word(_) | Item::Pair(..)))
            ),
            Item::List => matches!(follows.0, None | Some(Item::List)),
            _ => false,
        };
        if !droppable {
            kept -= 1;
            items.swap(at, kept);
        }
    }
    items.drain(..kept);
    if let Some(Item::List) = items.first() {
        items.remove(0);
    }
}

/// Whether the text is a version: every text without blanks is.
pub(super) fn is_valid(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

/// Orders two versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    if !(is_valid(left) && is_valid(right)) {
        return None;
    }
    // Most versions are plain numbers and need no list.
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_plain(left) && is_plain(right) {
        return Some(runs::compare_dotted(left, right, &['.'], Missing::Zero));
    }
    Some(compare_items(&Reader::read(left), &Reader::read(right)))
}

fn compare_items(left: &[Item<'_>], right: &[Item<'_>]) -> Ordering {
    for at in 0..left.len().max(right.len()) {
        let ordering = match (left.get(at), right.get(at)) {
            (Some(Item::List), Some(scalar @ (Item::Word(_) | Item::Pair(..)))) => {
                return compare_list(&left[at + 1..], *scalar).then_with(|| compare_rest(&right[at + 1..]).reverse());
            }
            (Some(scalar @ (Item::Word(_) | Item::Pair(..))), Some(Item::List)) => {
                let ordering = compare_list(&right[at + 1..], *scalar).reverse();
                return ordering.then_with(|| compare_rest(&left[at + 1..]));
            }
            (Some(left), Some(right)) => compare_item(*left, *right),
            (Some(left), None) => compare_with_nothing(*left),
            (None, Some(right)) => compare_with_nothing(*right).reverse(),
            (None, None) => Ordering::Equal,
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    Ordering::Equal
}

/// A nested list against a word: its first item counts, then whether the others are more than nothing.
fn compare_list(list: &[Item<'_>], scalar: Item<'_>) -> Ordering {
    match list.split_first() {
        Some((Item::List, inner)) => compare_list(inner, scalar),
        Some((first, others)) => compare_item(*first, scalar).then_with(|| compare_rest(others)),
        None => compare_with_nothing(scalar).reverse(),
    }
}

fn compare_rest(items: &[Item<'_>]) -> Ordering {
    items.iter().map(|item| compare_with_nothing(*item)).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

fn compare_item(left: Item<'_>, right: Item<'_>) -> Ordering {
    // A number is above a nested list and above words.
    let class = |item: Item<'_>| match item {
        Item::Word(_) | Item::Pair(..) => 0,
        Item::List => 1,
        Item::Number(_) => 2,
    };
    match (left, right) {
        (Item::Number(left), Item::Number(right)) => runs::compare_digits(left, right),
        (Item::Word(left), Item::Word(right)) => left.compare(right),
        (Item::Pair(pair, number), Item::Word(word)) => compare_pair(pair, number, word),
        (Item::Word(word), Item::Pair(pair, number)) => compare_pair(pair, number, word).reverse(),
        (Item::Pair(left, left_number), Item::Pair(right, right_number)) => {
            left.compare(right).then_with(|| runs::compare_digits(left_number, right_number))
        }
        _ => class(left).cmp(&class(right)),
    }
}

/// `x1` is later than `x`; `ga0` is `ga`.
fn compare_pair(pair: Word<'_>, number: &str, word: Word<'_>) -> Ordering {
    let numbers = if pair.rank == RELEASE { runs::compare_digits(number, "") } else { Ordering::Greater };
    pair.compare(word).then(numbers)
}

fn compare_with_nothing(item: Item<'_>) -> Ordering {
    match item {
        Item::Number(number) => runs::compare_digits(number, ""),
        Item::Word(word) => word.rank.cmp(&RELEASE),
        Item::Pair(word, number) => word.rank.cmp(&RELEASE).then_with(|| runs::compare_digits(number, "")),
        Item::List => Ordering::Equal,
    }
}
