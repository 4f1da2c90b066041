//! The order used where nothing is known about the scheme: firmware, vendors' own numbers, CPE versions.
//!
//! A heuristic, and always flagged as one. The text is cut into runs of digits and of letters; every other sign only
//! parts them. Run by run, from the left:
//!
//! 1. words that announce a release sort before its end (`1.0-rc1 < 1.0`), in the order of [`PRE_WORDS`];
//!    a single `a` or `b` does so only before a number (`8.5b2 < 8.5 < 8.5b`), `m` only after `.` or `-` as well;
//! 2. the end sorts before all other words (`1.1.1 < 1.1.1w`, `1.9.5 < 1.9.5p1`), and words before numbers;
//! 3. words go by the alphabet, without case; spellings of patch, service pack and update are one word each;
//! 4. numbers go by value; zeros at the end or before a word do not count (`1.0 = 1.0.0`);
//! 5. words that say "this is the release" do not count (`5.2.25.RELEASE = 5.2.25`), nor does a leading `v` or `version`;
//! 6. a `~` sorts before everything, as distributions use it;
//! 7. where all else is equal, a number with more leading zeros is the older (`10.01 < 10.1`).

use std::cmp::Ordering;

use super::runs;

/// Words before a release, in their order.
const PRE_WORDS: [(&str, u8); 24] = [
    ("dev", 1),
    ("nightly", 1),
    ("canary", 1),
    ("unstable", 1),
    ("prealpha", 1),
    ("alpha", 2),
    ("beta", 3),
    ("milestone", 4),
    ("ea", 5),
    ("eap", 5),
    ("tp", 5),
    ("preview", 5),
    ("pre", 5),
    ("prerelease", 5),
    ("rc", 6),
    ("cr", 6),
    ("candidate", 6),
    ("releasecandidate", 6),
    ("snapshot", 7),
    ("cvs", 1),
    ("experimental", 1),
    ("trial", 5),
    ("insider", 5),
    ("insiders", 5),
];

/// Other spellings of one word.
const SYNONYMS: [(&str, &str); 7] = [
    ("patch", "p"),
    ("pl", "p"),
    ("patchlevel", "p"),
    ("update", "u"),
    ("upd", "u"),
    ("servicepack", "sp"),
    ("hotfix", "hf"),
];

/// Words that only say that this is the release.
const NEUTRAL: [&str; 6] = ["final", "ga", "release", "rel", "stable", "gold"];

/// Words before a version.
const LEADING: [&str; 7] = ["v", "ver", "version", "release", "rel", "r", "go"];

/// One run, as it is compared. The order of the variants is the order of versions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run<'a> {
    Tilde,
    Pre(u8),
    End,
    Word(&'a str),
    Number(&'a str),
}

impl Run<'_> {
    fn class(self) -> u8 {
        match self {
            Self::Tilde => 0,
            Self::Pre(_) => 1,
            Self::End => 2,
            Self::Word(_) => 3,
            Self::Number(_) => 4,
        }
    }

    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Pre(left), Self::Pre(right)) => left.cmp(&right),
            (Self::Word(left), Self::Word(right)) => runs::compare_ignoring_case(left, right),
            (Self::Number(left), Self::Number(right)) => runs::compare_digits(left, right),
            _ => self.class().cmp(&other.class()),
        }
    }

    /// The order of last resort: more leading zeros first.
    fn compare_zeros(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => right.len().cmp(&left.len()),
            _ => Ordering::Equal,
        }
    }
}

/// The runs of a version that count.
struct Runs<'a> {
    rest: &'a str,
    /// Zeros passed, which count only if a number follows.
    zeros: usize,
    after_zeros: Option<Run<'a>>,
}

impl<'a> Runs<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: without_leading_word(text), zeros: 0, after_zeros: None }
    }

    /// The next run of the text, whether or not it counts.
    fn run(&mut self) -> Run<'a> {
        loop {
            let (separator, rest) =
                runs::split_while(self.rest, |sign| sign.is_ascii() && !sign.is_ascii_alphanumeric());
            if separator.contains('~') {
                // One separator is one mark, however many signs it has.
                self.rest = rest;
                return Run::Tilde;
            }
            let (digits, after) = runs::split_digits(rest);
            if !digits.is_empty() {
                self.rest = after;
                return Run::Number(digits);
            }
            let (word, after) = runs::split_while(rest, |sign| !sign.is_ascii() || sign.is_ascii_alphabetic());
            self.rest = after;
            if word.is_empty() {
                return Run::End;
            }
            let before_number = after.starts_with(|sign: char| sign.is_ascii_digit());
            if !NEUTRAL.iter().any(|neutral| neutral.eq_ignore_ascii_case(word)) {
                return classify(word, separator, before_number);
            }
        }
    }

    fn next(&mut self) -> Run<'a> {
        while self.after_zeros.is_none() {
            match self.run() {
                Run::Number(run) if run.bytes().all(|byte| byte == b'0') => self.zeros += 1,
                run => {
                    if !matches!(run, Run::Number(_)) {
                        self.zeros = 0;
                    }
                    self.after_zeros = Some(run);
                }
            }
        }
        if self.zeros > 0 {
            self.zeros -= 1;
            return Run::Number("0");
        }
        self.after_zeros.take().unwrap_or(Run::End)
    }
}

fn without_leading_word(text: &str) -> &str {
    let text = text.trim();
    let (word, rest) = runs::split_letters(text);
    let is_leading = LEADING.iter().any(|known| known.eq_ignore_ascii_case(word));
    let rest = rest.trim_start_matches(['.', '-', '_', ' ', ':']);
    let leads_a_number = rest.starts_with(|sign: char| sign.is_ascii_digit());
    if is_leading && leads_a_number { rest } else { text }
}

fn classify<'a>(word: &'a str, separator: &str, before_number: bool) -> Run<'a> {
    let single = match word {
        "a" | "A" if before_number => Some(2),
        "b" | "B" if before_number => Some(3),
        "m" | "M" if before_number && matches!(separator, "." | "-") => Some(4),
        _ => None,
    };
    let known = PRE_WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, place)| *place);
    if let Some(place) = single.or(known) {
        return Run::Pre(place);
    }
    let synonym = SYNONYMS.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(word));
    Run::Word(synonym.map_or(word, |(_, word)| word))
}

/// Orders any two texts.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (Runs::new(left), Runs::new(right));
    let mut zeros = Ordering::Equal;
    loop {
        let (left, right) = (left.next(), right.next());
        let ordering = left.compare(right);
        if ordering.is_ne() {
            return ordering;
        }
        if left == Run::End {
            return zeros;
        }
        zeros = zeros.then(left.compare_zeros(right));
    }
}

/// Joins the version and update fields of a CPE name into one version that [`super::Scheme::Generic`] orders right (R16):
/// `rc`, `beta`, `alpha` and preview updates before the plain version, patches, service packs and updates after it.
///
/// An empty update, `-` and `*` mean the plain version. Backslashes of the CPE quoting are dropped. Updates of the old
/// Java numbering take its own spelling (`1.8.0` with `update_291` is `1.8.0_291`).
pub fn composite(version: &str, update: &str) -> String {
    let unquoted = |field: &str| field.trim().replace('\\', "");
    let (version, update) = (unquoted(version), unquoted(update));
    if matches!(update.as_str(), "" | "-" | "*") {
        return version;
    }
    let (word, rest) = runs::split_letters(&update);
    let number = rest.trim_start_matches(['_', '-', '.', ' ']);
    let is_plain = runs::is_number(number);
    match word.to_ascii_lowercase().as_str() {
        "p" | "patch" | "pl" if is_plain => format!("{version}p{number}"),
        "u" | "update" if is_plain && is_old_java(&version) => format!("{version}_{number}"),
        _ => format!("{version}-{update}"),
    }
}

/// `1.4.2` to `1.8.0`: the numbering of Java before 9.
fn is_old_java(version: &str) -> bool {
    let numbers = version.strip_prefix("1.").unwrap_or("");
    matches!(numbers, "3.1" | "4.0" | "4.1" | "4.2" | "5.0" | "6.0" | "7.0" | "8.0")
}
