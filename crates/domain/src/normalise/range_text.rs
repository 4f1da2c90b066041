//! Version ranges written for people, as CISA's CSAF advisories and many CVE records hold them.
//!
//! Shape: text in, [`Read`] out. Understood are comparisons with any joiner (`>= 2.0, < 2.4`, `>=V3.0|<V4.1`,
//! `>= V3.0 and < V4.1`), VERS (`vers:npm/>=1.0|<2.0`, also CISA's `vers:all/<V7.0.3`; [`vers`]), words for everything
//! (`All versions`, `*`, `vers:all/*`) with or without a comparison behind, `prior to 4.2`, `4.2 and prior`, and
//! enumerations (`24950 | 24952`). Anything else is [`Read::Unreadable`]: never "not affected".

mod vers;

use std::cmp::Ordering;

use standards::versions::{Scheme, compare};

use crate::model::advisory::{Bound, Rule, Standing};

/// What a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    /// Ranges; an exact version is a range from itself to itself.
    Rules(Vec<Rule>),
    /// Nothing: `n/a`, `unspecified`, empty.
    Unstated,
    /// A text that we cannot read.
    Unreadable,
}

/// Reads a text. `scheme` is the order of the versions unless the text is VERS and names another.
pub(super) fn read(text: &str, scheme: Scheme) -> Read {
    let text = text.trim();
    if let Some(found) = vers::read(text, scheme) {
        return found;
    }
    let decoded = unescaped(text);
    let (text, scheme) = vers::without_prefix(&decoded, scheme);
    if is_unstated(text) {
        return Read::Unstated;
    }
    let Some(text) = without_all_versions(text) else {
        return Read::Rules(vec![range(scheme, None, None)]);
    };
    if let Some(rules) = worded(text, scheme) {
        return rules;
    }
    match comparisons(text) {
        Some(comparisons) => joined(&comparisons, scheme),
        None => enumeration(text, scheme),
    }
}

/// Whether a text stands for no version at all.
pub(super) fn is_unstated(text: &str) -> bool {
    matches!(
        text.trim().to_ascii_lowercase().as_str(),
        "" | "n/a"
            | "na"
            | "-"
            | "--"
            | "?"
            | "unspecified"
            | "unknown"
            | "not specified"
            | "none"
            | "tbd"
            | "undefined"
    )
}

/// A rule that says affected between two bounds.
pub(super) fn range(scheme: Scheme, lower: Option<Bound>, upper: Option<Bound>) -> Rule {
    Rule { scheme, lower, upper, standing: Standing::Affected, changes: Vec::new(), fixed: None }
}

/// A bound.
pub(super) fn bound(version: impl Into<String>, inclusive: bool) -> Bound {
    Bound { version: version.into(), inclusive }
}

/// VERS writes reserved letters of versions in percent encoding (`1%3A2.0` for `1:2.0`).
fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.starts_with("vers:") || !text.contains('%') {
        return text.into();
    }
    let mut found = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => {
                std::str::from_utf8(&[*high, *low]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            }
            _ => None,
        };
        found.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &rest[3..] } else { after };
    }
    String::from_utf8(found).map_or(text.into(), Into::into)
}

/// Takes off words for everything (`All versions`, `All BIOS versions`, `Version`, `*`); what is left narrows them.
/// `None` if such words are all there is.
fn without_all_versions(text: &str) -> Option<&str> {
    let known =
        ["all", "any", "versions", "version", "versions:", "version:", "bios", "firmware", "driver", "software"];
    let mut rest = text;
    let mut has_all = false;
    loop {
        let end = rest.find([' ', '<', '>', '=']).unwrap_or(rest.len());
        let word = rest[..end].to_ascii_lowercase();
        if word == "*" {
            has_all = true;
        } else if known.contains(&word.as_str()) {
            has_all |= !matches!(word.as_str(), "bios" | "firmware" | "driver" | "software");
        } else {
            return Some(rest);
        }
        rest = rest[end..].trim_start();
        if rest.is_empty() {
            return if has_all { None } else { Some(text) };
        }
    }
}

/// `prior to 4.2`, `before 4.2`, `4.2 and prior`, `4.2 and later`, `up to 4.2`, `through 4.2`, `1.0 to 2.0`.
fn worded(text: &str, scheme: Scheme) -> Option<Read> {
    let lower = text.to_ascii_lowercase();
    let single = |version: &str| is_version(version.trim()).then(|| version.trim().to_owned());
    let rules = |lower, upper| Some(Read::Rules(vec![range(scheme, lower, upper)]));
    for words in ["prior to version ", "prior to ", "before version ", "before ", "earlier than ", "below "] {
        if lower.starts_with(words) {
            return rules(None, Some(bound(single(&text[words.len()..])?, false)));
        }
    }
    for words in ["up to and including ", "up to ", "through "] {
        if lower.starts_with(words) {
            return rules(None, Some(bound(single(&text[words.len()..])?, true)));
        }
    }
    let tails = [
        " and prior versions",
        " and prior",
        " and earlier versions",
        " and earlier",
        " and below",
        " or prior",
        " or earlier",
    ];
    for words in tails {
        if lower.ends_with(words) {
            return rules(None, Some(bound(single(&text[..text.len() - words.len()])?, true)));
        }
    }
    for words in [" and later versions", " and later", " and above", " and newer", " or later"] {
        if lower.ends_with(words) {
            return rules(Some(bound(single(&text[..text.len() - words.len()])?, true)), None);
        }
    }
    for words in [" through ", " to ", " - "] {
        if let Some(at) = lower.find(words) {
            let (from, to) = (single(&text[..at])?, single(&text[at + words.len()..])?);
            return rules(Some(bound(from, true)), Some(bound(to, true)));
        }
    }
    None
}

/// A comparison's operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    Not,
}

/// Cuts a text into comparisons; `None` if it has none, an empty list if something in it is no version.
fn comparisons(text: &str) -> Option<Vec<(Operator, String)>> {
    let mut rest = text.trim();
    if !rest.starts_with(['<', '>', '=', '≤', '≥', '!']) {
        return None;
    }
    let mut found = Vec::new();
    while !rest.is_empty() {
        let Some((operator, after)) = operator(rest) else { return Some(Vec::new()) };
        let end = after.find(['<', '>', '=', '≤', '≥', '!', '|', ',', ';']).unwrap_or(after.len());
        let version = after[..end].trim();
        let version = version.strip_suffix(" and").or_else(|| version.strip_suffix(" &")).unwrap_or(version).trim();
        if !is_version(version) {
            return Some(Vec::new());
        }
        found.push((operator, version.to_owned()));
        rest = after[end..].trim_start_matches(['|', ',', ';', ' ']);
    }
    Some(found)
}

fn operator(text: &str) -> Option<(Operator, &str)> {
    let all = [
        ("<=", Operator::LessOrEqual),
        ("=<", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("=>", Operator::GreaterOrEqual),
        ("≤", Operator::LessOrEqual),
        ("≥", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
        ("!=", Operator::Not),
        ("==", Operator::Equal),
        ("=", Operator::Equal),
    ];
    all.into_iter().find_map(|(sign, operator)| Some((operator, text.strip_prefix(sign)?.trim_start())))
}

/// Pairs lower bounds with the upper bounds that follow them.
fn joined(comparisons: &[(Operator, String)], scheme: Scheme) -> Read {
    let mut rules = Vec::new();
    let mut left_out = Vec::new();
    let mut lower: Option<Bound> = None;
    for (operator, version) in comparisons {
        match operator {
            Operator::Equal => rules.push(exactly(version, scheme)),
            Operator::Greater | Operator::GreaterOrEqual => {
                let from = match branch(version) {
                    Some((first, _)) => bound(first, true),
                    None => bound(version.as_str(), *operator == Operator::GreaterOrEqual),
                };
                if let Some(open) = lower.replace(from) {
                    rules.push(range(scheme, Some(open), None));
                }
            }
            Operator::Less | Operator::LessOrEqual => {
                let upper = match (branch(version), operator) {
                    (Some((_, next)), Operator::LessOrEqual) => bound(next, false),
                    (Some((first, _)), _) => bound(first, false),
                    (None, _) => bound(version.as_str(), *operator == Operator::LessOrEqual),
                };
                // `< 0.5, > 0.1`: the lower bound stands behind; see below.
                rules.push(range(scheme, lower.take(), Some(upper)));
            }
            Operator::Not => left_out.push(version.as_str()),
        }
    }
    if let Some(open) = lower {
        match rules.last_mut() {
            Some(last) if comparisons.len() == 2 && last.lower.is_none() => last.lower = Some(open),
            _ => rules.push(range(scheme, Some(open), None)),
        }
    }
    if rules.is_empty() && !left_out.is_empty() {
        rules.push(range(scheme, None, None));
    }
    for version in left_out {
        rules = rules.into_iter().flat_map(|rule| without(rule, version)).collect();
    }
    if rules.is_empty() { Read::Unreadable } else { Read::Rules(rules) }
}

/// A range without one version inside it: two ranges.
fn without(rule: Rule, version: &str) -> Vec<Rule> {
    let order = |bound: &Option<Bound>, outside: Ordering| {
        bound.as_ref().is_none_or(|bound| compare(rule.scheme, version, &bound.version).ordering != outside)
    };
    let is_bound = |bound: &Option<Bound>| bound.as_ref().is_some_and(|bound| bound.version == version);
    if is_bound(&rule.lower)
        || is_bound(&rule.upper)
        || !order(&rule.lower, Ordering::Less)
        || !order(&rule.upper, Ordering::Greater)
    {
        return vec![rule];
    }
    let before = range(rule.scheme, rule.lower.clone(), Some(bound(version, false)));
    let after = range(rule.scheme, Some(bound(version, false)), rule.upper.clone());
    vec![before, after]
}

/// Versions one by one, separated by `|` or commas.
fn enumeration(text: &str, scheme: Scheme) -> Read {
    let versions: Vec<&str> = text.split(['|', ',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    if versions.is_empty() || !versions.iter().all(|version| is_version(version)) {
        return Read::Unreadable;
    }
    Read::Rules(versions.iter().map(|version| exactly(version, scheme)).collect())
}

/// The range from a version to itself; of `8.1.x` the whole branch.
fn exactly(version: &str, scheme: Scheme) -> Rule {
    match branch(version) {
        Some((first, next)) => range(scheme, Some(bound(first, true)), Some(bound(next, false))),
        None => range(scheme, Some(bound(version, true)), Some(bound(version, true))),
    }
}

/// Beginning and end of a branch: `8.1` and `8.2` of `8.1.x`.
fn branch(version: &str) -> Option<(String, String)> {
    let first = version.strip_suffix(".x").or_else(|| version.strip_suffix(".X"))?;
    let digits = first.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, last) = first.split_at(first.len() - digits);
    let next = last.parse::<u64>().ok()?.checked_add(1)?;
    Some((first.to_owned(), format!("{before}{next}")))
}

/// Words that stand inside versions.
const VERSION_WORDS: [&str; 17] = [
    "v",
    "version",
    "ver",
    "sp",
    "hf",
    "hotfix",
    "update",
    "upd",
    "build",
    "rev",
    "revision",
    "release",
    "patch",
    "r",
    "fw",
    "firmware",
    "hotfixrev",
];

/// Whether a text can be a version: short, with a digit, and of few words (`V15.1 Update 5`, `3.4.4 Build 16102416`).
fn is_version(text: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        word.bytes().any(|byte| byte.is_ascii_digit()) || word.is_empty() || VERSION_WORDS.contains(&word.as_str())
    };
    text.len() <= 64
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && !text.contains(['<', '>', '=', '*', '|', '/', '"'])
        && text.split_whitespace().count() <= 5
        && text.split(|c: char| c.is_whitespace() || c == '_').all(is_word)
}

#[cfg(test)]
mod tests;
