//! Alpine, Wolfi, Chainguard: the version order of apk-tools 3 (apk-package(5), "Package versions").
//!
//! `digits{.digits}[letter]{_suffix[digits]}[~commit][-rdigits]`. Where one version ends and the other goes on, the one
//! that goes on is later, unless it goes on with `_alpha`, `_beta`, `_pre` or `_rc`. Versions of before the grammar was
//! enforced, with a number after the letter (`1.9.5p1-r1`), are read too.

use std::cmp::Ordering;

use super::runs;

/// Suffixes in their order; the first [`PRE_SUFFIXES`] sort before the plain version.
const SUFFIXES: [&str; 9] = ["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"];
const PRE_SUFFIXES: usize = 4;

/// What a token is. Where kinds differ, the later kind is the older version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    First,
    Number,
    Letter,
    LetterNumber,
    Suffix,
    SuffixNumber,
    Commit,
    Revision,
    End,
}

/// A version read token by token.
struct Tokens<'a> {
    rest: &'a str,
    last: Option<Kind>,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, last: None }
    }

    /// The next token; `None` where the grammar is broken.
    fn next(&mut self) -> Option<(Kind, &'a str)> {
        let (kind, token, rest) = self.peek()?;
        let in_place = match (self.last, kind) {
            (None, kind) => kind == Kind::First,
            (Some(last), Kind::Number | Kind::Letter) => last <= Kind::Number,
            (Some(last), Kind::LetterNumber) => last == Kind::Letter,
            (Some(last), Kind::SuffixNumber) => last == Kind::Suffix,
            (Some(last), Kind::Suffix) => last <= Kind::SuffixNumber,
            (Some(last), kind) => last < kind,
        };
        (self.rest, self.last) = (rest, Some(kind));
        in_place.then_some((kind, token))
    }

    fn peek(&self) -> Option<(Kind, &'a str, &'a str)> {
        let Some(sign) = self.rest.chars().next() else { return Some((Kind::End, "", "")) };
        let after = &self.rest[sign.len_utf8()..];
        let (kind, (token, rest)) = match sign {
            '0'..='9' if self.last.is_none() => (Kind::First, runs::split_digits(self.rest)),
            '0'..='9' if self.last == Some(Kind::Letter) => (Kind::LetterNumber, runs::split_digits(self.rest)),
            '0'..='9' => (Kind::SuffixNumber, runs::split_digits(self.rest)),
            '.' => (Kind::Number, runs::split_digits(after)),
            'a'..='z' => (Kind::Letter, self.rest.split_at(1)),
            '_' => (Kind::Suffix, runs::split_letters(after)),
            '~' => (Kind::Commit, runs::split_while(after, |character| character.is_ascii_hexdigit())),
            '-' => (Kind::Revision, runs::split_digits(after.strip_prefix('r')?)),
            _ => return None,
        };
        let known = !token.is_empty() && (kind != Kind::Suffix || SUFFIXES.contains(&token));
        known.then_some((kind, token, rest))
    }
}

/// Whether apk takes the text as a version.
pub(super) fn is_valid(text: &str) -> bool {
    kinds(text).is_some_and(|kinds| kinds & mask(Kind::LetterNumber) == 0)
}

/// The kinds of the tokens as a set; `None` where the grammar is broken.
fn kinds(text: &str) -> Option<u16> {
    let mut tokens = Tokens::new(text);
    let mut kinds = 0;
    while kinds & mask(Kind::End) == 0 {
        kinds |= mask(tokens.next()?.0);
    }
    Some(kinds)
}

fn mask(kind: Kind) -> u16 {
    1 << kind as u16
}

/// Orders two versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    kinds(left).and(kinds(right))?;
    let (mut left, mut right) = (Tokens::new(left), Tokens::new(right));
    loop {
        let (left, right) = (left.next()?, right.next()?);
        let ordering = if left.0 == right.0 { compare_tokens(left, right) } else { compare_kinds(left, right) };
        if ordering.is_ne() || left.0 == Kind::End {
            return Some(ordering);
        }
    }
}

fn compare_tokens((kind, left): (Kind, &str), (_, right): (Kind, &str)) -> Ordering {
    match kind {
        // A leading zero makes the number a decimal fraction, as in Gentoo.
        Kind::Number if left.starts_with('0') || right.starts_with('0') => left.cmp(right),
        Kind::First | Kind::Number | Kind::LetterNumber | Kind::SuffixNumber | Kind::Revision => {
            runs::compare_digits(left, right)
        }
        Kind::Suffix => suffix_rank(left).cmp(&suffix_rank(right)),
        Kind::Letter | Kind::Commit | Kind::End => left.cmp(right),
    }
}

fn compare_kinds(left: (Kind, &str), right: (Kind, &str)) -> Ordering {
    let is_pre = |(kind, token): (Kind, &str)| kind == Kind::Suffix && suffix_rank(token) < Some(PRE_SUFFIXES);
    is_pre(right).cmp(&is_pre(left)).then_with(|| right.0.cmp(&left.0))
}

fn suffix_rank(token: &str) -> Option<usize> {
    SUFFIXES.iter().position(|suffix| *suffix == token)
}
