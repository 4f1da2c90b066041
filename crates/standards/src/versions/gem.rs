//! RubyGems: `Gem::Version` (guides.rubygems.org, "Patterns").
//!
//! Segments are runs of digits or letters; a `-` stands for `.pre.`; a missing segment is 0; letters sort below numbers,
//! so any letter makes a pre-release. Zeros before the first word and at the end do not count (`1.0.0.a = 1.a`).
//! Lock files append the platform (`1.19.3-aarch64-linux-musl`): that is no part of the version.

use std::cmp::Ordering;

use super::runs;

/// Beginnings of RubyGems platforms, as written after the version and a dash.
const PLATFORMS: [&str; 12] =
    ["aarch64-", "arm-", "arm64-", "armv", "dalvik", "java", "jruby", "mswin", "universal-", "x64-", "x86-", "x86_64-"];

fn without_platform(text: &str) -> &str {
    let starts_platform = |rest: &str| PLATFORMS.iter().any(|platform| rest.starts_with(platform));
    let cut = text.match_indices('-').find(|(at, _)| starts_platform(&text[at + 1..]));
    cut.map_or(text, |(at, _)| &text[..at])
}

/// One segment of a version.
#[derive(Clone, Copy)]
enum Segment<'a> {
    Number(&'a str),
    Word(&'a str),
}

/// The segments that count, in order.
struct Segments<'a> {
    rest: &'a str,
    /// Zeros passed, whose weight depends on what follows them.
    zeros: usize,
    /// What follows those zeros.
    after_zeros: Option<Segment<'a>>,
    seen_word: bool,
}

impl<'a> Segments<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, zeros: 0, after_zeros: None, seen_word: false }
    }

    /// The next run of the text, whether or not it counts.
    fn run(&mut self) -> Option<Segment<'a>> {
        loop {
            let sign = self.rest.chars().next()?;
            if sign.is_ascii_alphanumeric() {
                let is_number = sign.is_ascii_digit();
                let (run, rest) =
                    if is_number { runs::split_digits(self.rest) } else { runs::split_letters(self.rest) };
                self.rest = rest;
                return Some(if is_number { Segment::Number(run) } else { Segment::Word(run) });
            }
            self.rest = &self.rest[sign.len_utf8()..];
            if sign == '-' {
                return Some(Segment::Word("pre"));
            }
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        while self.after_zeros.is_none() {
            match self.run()? {
                Segment::Number(run) if run.bytes().all(|byte| byte == b'0') => self.zeros += 1,
                segment => self.after_zeros = Some(segment),
            }
            if matches!(self.after_zeros, Some(Segment::Word(_))) && !self.seen_word {
                (self.seen_word, self.zeros) = (true, 0);
            }
        }
        if self.zeros > 0 {
            self.zeros -= 1;
            return Some(Segment::Number("0"));
        }
        self.after_zeros.take()
    }
}

/// Whether RubyGems takes the text as a version.
pub(super) fn is_valid(text: &str) -> bool {
    let (release, pre) = match text.split_once('-') {
        Some((release, pre)) => (release, Some(pre)),
        None => (text, None),
    };
    let is_part = |part: &str, extra: &[u8]| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || extra.contains(&byte))
    };
    release.starts_with(|character: char| character.is_ascii_digit())
        && release.split('.').all(|part| is_part(part, b""))
        && pre.is_none_or(|pre| pre.split('.').all(|part| is_part(part, b"-")))
}

/// Orders two versions.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (without_platform(left), without_platform(right));
    if !(is_valid(left) && is_valid(right)) {
        return None;
    }
    let (mut left, mut right) = (Segments::new(left), Segments::new(right));
    loop {
        let (left, right) = (left.next(), right.next());
        let zero = Segment::Number("");
        let ordering = compare_segments(left.unwrap_or(zero), right.unwrap_or(zero));
        if ordering.is_ne() || (left.is_none() && right.is_none()) {
            return Some(ordering);
        }
    }
}

fn compare_segments(left: Segment<'_>, right: Segment<'_>) -> Ordering {
    match (left, right) {
        (Segment::Number(left), Segment::Number(right)) => runs::compare_digits(left, right),
        (Segment::Word(left), Segment::Word(right)) => left.cmp(right),
        (Segment::Number(_), Segment::Word(_)) => Ordering::Greater,
        (Segment::Word(_), Segment::Number(_)) => Ordering::Less,
    }
}
