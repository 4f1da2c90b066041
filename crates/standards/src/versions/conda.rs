//! Conda: `VersionOrder` (docs.conda.io, "Package match specification").
//!
//! `[epoch!]version[+local]`, in lower case, components parted by `.`, `_` or `-`, each a series of numbers and words.
//! Words sort below numbers, `dev` below other words, `post` above numbers; what is missing is 0. A final `_` belongs to
//! the last component (`1.0.1_ < 1.0.1a`, as OpenSSL packages need it).

use std::cmp::Ordering;

use super::runs;

/// What parts components.
const SEPARATORS: [char; 3] = ['.', '_', '-'];

/// A version in borrowed parts.
struct Version<'a> {
    epoch: &'a str,
    main: &'a str,
    local: Option<&'a str>,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (epoch, rest) = text.split_once('!').unwrap_or(("0", text));
        let (main, local) = match rest.split_once('+') {
            Some((main, local)) => (main, Some(local)),
            None => (rest, None),
        };
        let read = Self { epoch, main, local };
        let has_only = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*._-".contains(&byte));
        let dashes_fit = !(text.contains('-') && text.contains('_'));
        let fits = runs::is_number(epoch) && has_only(main) && local.is_none_or(has_only) && dashes_fit;
        let is_full = read.components().all(|component| !component.is_empty())
            && local.is_none_or(|local| local.split(SEPARATORS).all(|component| !component.is_empty()));
        (fits && is_full).then_some(read)
    }

    fn components(&self) -> impl Iterator<Item = &'a str> {
        let body = self.main.strip_suffix(['_', '-']).unwrap_or(self.main);
        let last = body.rfind(SEPARATORS).map_or(0, |at| at + 1);
        let before = if last == 0 { "" } else { &body[..last - 1] };
        before.split(SEPARATORS).filter(move |_| last > 0).chain(Some(&self.main[last..]))
    }

    fn local(&self) -> impl Iterator<Item = &'a str> {
        self.local.into_iter().flat_map(|local| local.split(SEPARATORS))
    }
}

/// One series element.
#[derive(Clone, Copy)]
enum Element<'a> {
    Word(&'a str),
    Number(&'a str),
    Post,
}

/// The elements of one component; a component that begins with a word is read as if a 0 stood before it.
fn elements(component: &str) -> impl Iterator<Item = Element<'_>> {
    let starts_with_number = component.is_empty() || component.starts_with(|sign: char| sign.is_ascii_digit());
    let mut rest = component;
    let series = std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let kind = |sign: char| (sign.is_ascii_digit(), sign == '*');
        let (run, after) = runs::split_while(rest, |sign| kind(sign) == kind(first));
        rest = after;
        Some(match run {
            _ if first.is_ascii_digit() => Element::Number(run),
            _ if run.eq_ignore_ascii_case("post") => Element::Post,
            _ => Element::Word(run),
        })
    });
    (!starts_with_number).then_some(Element::Number("")).into_iter().chain(series)
}

/// Whether conda takes the text as a version.
pub(super) fn is_valid(text: &str) -> bool {
    Version::read(text).is_some()
}

/// Orders two versions: epoch, version, local label.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::read(left)?, Version::read(right)?);
    let ordering = runs::compare_digits(left.epoch, right.epoch)
        .then_with(|| compare_components(left.components(), right.components()))
        .then_with(|| compare_components(left.local(), right.local()));
    Some(ordering)
}

fn compare_components<'a>(
    mut left: impl Iterator<Item = &'a str>,
    mut right: impl Iterator<Item = &'a str>,
) -> Ordering {
    loop {
        let (left, right) = (left.next(), right.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let ordering = compare_component(left.unwrap_or(""), right.unwrap_or(""));
        if ordering.is_ne() {
            return ordering;
        }
    }
}

fn compare_component(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (elements(left), elements(right));
    loop {
        let (left, right) = (left.next(), right.next());
        let zero = Element::Number("");
        let ordering = compare_elements(left.unwrap_or(zero), right.unwrap_or(zero));
        if ordering.is_ne() || (left.is_none() && right.is_none()) {
            return ordering;
        }
    }
}

fn compare_elements(left: Element<'_>, right: Element<'_>) -> Ordering {
    let class = |element: Element<'_>| match element {
        Element::Word(_) => 0,
        Element::Number(_) => 1,
        Element::Post => 2,
    };
    match (left, right) {
        (Element::Word(left), Element::Word(right)) => compare_words(left, right),
        (Element::Number(left), Element::Number(right)) => runs::compare_digits(left, right),
        _ => class(left).cmp(&class(right)),
    }
}

/// Compares in lower case, with `dev` below all other words and `*` below that.
fn compare_words(left: &str, right: &str) -> Ordering {
    let is_dev = |word: &str| word.eq_ignore_ascii_case("dev");
    let rank = |word: &str| if word.starts_with('*') { 0 } else { u8::from(!is_dev(word)) + 1 };
    rank(left).cmp(&rank(right)).then_with(|| runs::compare_ignoring_case(left, right))
}
