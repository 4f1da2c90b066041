//! Version specifiers of Python packages (packaging.python.org, "Version specifiers"; PEP 440).

use super::{Clause, Comparator, accepts, comparator};
use crate::versions::{Scheme, compare, is_valid};

/// The parts of a version that specifiers look at.
struct Parts<'a> {
    epoch: &'a str,
    release: Vec<&'a str>,
    is_pre: bool,
    is_post: bool,
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Self {
        let text = public(text.trim()).trim_start_matches(['v', 'V']);
        let (epoch, text) = text.split_once('!').unwrap_or(("0", text));
        let end = text.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(text.len());
        let (release, rest) = text.split_at(end);
        let mut words = rest.split(|sign: char| !sign.is_ascii_alphabetic()).filter(|word| !word.is_empty());
        let is_post = |word: &str| matches!(word.to_ascii_lowercase().as_str(), "post" | "rev" | "r");
        Self {
            epoch: epoch.trim_start_matches('0'),
            release: release.split('.').filter(|number| !number.is_empty()).collect(),
            is_pre: words.clone().any(|word| !is_post(word)),
            is_post: words.any(is_post)
                || rest.starts_with('-') && rest[1..].starts_with(|sign: char| sign.is_ascii_digit()),
        }
    }

    /// Whether the release numbers begin with those of `other`; missing ones are zero.
    fn begins_with(&self, other: &Self) -> bool {
        let number = |number: &&'a str| number.trim_start_matches('0');
        let mut own = self.release.iter().map(number).chain(std::iter::repeat(""));
        let begins = other.release.iter().all(|number| own.next() == Some(number.trim_start_matches('0')));
        begins && self.epoch == other.epoch
    }

    fn has_same_release(&self, other: &Self) -> bool {
        self.begins_with(other) && other.begins_with(self)
    }
}

/// The version without its local label.
fn public(version: &str) -> &str {
    version.split_once('+').map_or(version, |(public, _)| public)
}

/// The clauses of one specifier.
pub(super) fn clauses(sign: &str, version: &str) -> Option<Vec<Clause>> {
    if version == "*" {
        return matches!(sign, "" | "==").then(Vec::new);
    }
    let prefix = version.strip_suffix(".*");
    match (sign, prefix) {
        ("~=", None) => {
            let (stem, _) = stem(version).rsplit_once('.')?;
            let mut found = vec![Clause::new(Comparator::GreaterOrEqual, version)];
            found.extend(within(stem)?);
            Some(found)
        }
        ("===", None) => Some(vec![Clause::new(Comparator::Equal, version)]),
        ("!=", Some(prefix)) => Some(vec![Clause { prefix: true, ..Clause::new(Comparator::NotEqual, prefix) }]),
        ("" | "=" | "==", Some(prefix)) => within(prefix),
        (_, Some(_)) => None,
        (_, None) => Some(vec![Clause::new(comparator(sign)?, normal(version))]),
    }
}

/// The normal form of PEP 440 ("Normalization"): `1.9a0` of `v1.09-ALPHA`. The text itself if it is no version.
fn normal(version: &str) -> String {
    if !is_valid(Scheme::Pep440, version) {
        return version.to_owned();
    }
    let lower = version.trim().to_ascii_lowercase();
    let (public, local) = lower.trim_start_matches('v').split_once('+').unwrap_or((lower.trim_start_matches('v'), ""));
    let (epoch, public) = public.split_once('!').unwrap_or(("0", public));
    let end = public.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(public.len());
    let (release, mut rest) = public.split_at(end);
    let release: Vec<&str> = release.split('.').filter(|number| !number.is_empty()).map(plain).collect();
    let mut found = if plain(epoch) == "0" { String::new() } else { format!("{}!", plain(epoch)) };
    found += &release.join(".");
    while let Some((word, number, after)) = segment(rest) {
        found += word;
        found += number;
        rest = after;
    }
    if local.is_empty() { found } else { format!("{found}+{}", local.replace(['-', '_'], ".")) }
}

/// The first word and number of what follows the release numbers, in normal form, and the rest.
fn segment(text: &str) -> Option<(&'static str, &str, &str)> {
    let bare = text.trim_start_matches(['.', '-', '_']);
    if bare.is_empty() {
        return None;
    }
    let (word, behind) = bare.split_at(bare.find(|sign: char| !sign.is_ascii_lowercase()).unwrap_or(bare.len()));
    let word = match word {
        "a" | "alpha" => "a",
        "b" | "beta" => "b",
        "c" | "rc" | "pre" | "preview" => "rc",
        "dev" => ".dev",
        // `1.0-1` is a post-release, too.
        _ => ".post",
    };
    let parted = behind.trim_start_matches(['.', '-', '_']);
    let number = if parted.starts_with(|sign: char| sign.is_ascii_digit()) { parted } else { behind };
    let (number, rest) = number.split_at(number.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(number.len()));
    Some((word, plain(number), rest))
}

/// A number without leading zeros.
fn plain(number: &str) -> &str {
    let plain = number.trim_start_matches('0');
    if plain.is_empty() { "0" } else { plain }
}

/// `==2.1.*`: from the first development release of 2.1 to that of 2.2.
fn within(prefix: &str) -> Option<Vec<Clause>> {
    let from = Clause::lowest(Comparator::GreaterOrEqual, prefix);
    Some(vec![from, Clause::lowest(Comparator::Less, next_prefix(prefix)?)])
}

/// A version without what follows its release numbers: `2.2` of `2.2.post3`.
fn stem(version: &str) -> &str {
    let epoch = version.find('!').map_or(0, |at| at + 1);
    let end = version[epoch..].find(|sign: char| !sign.is_ascii_digit() && sign != '.');
    version[..end.map_or(version.len(), |end| epoch + end)].trim_end_matches('.')
}

/// The prefix behind all versions that begin with one: `2.2` of `2.1`. `None` where the last part is no small number.
pub(super) fn next_prefix(prefix: &str) -> Option<String> {
    let digits = prefix.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, last) = prefix.split_at(prefix.len() - digits);
    let is_number = before.is_empty() || before.ends_with(['.', '!', 'v']);
    is_number.then_some(())?;
    Some(format!("{before}{}", last.parse::<u64>().ok()?.checked_add(1)?))
}

/// Whether a clause holds, and whether both sides are versions by PEP 440.
///
/// A local label counts only where the specifier has one. `<2.0` leaves out 2.0's pre-releases, `>2.0` its post-releases.
pub(super) fn holds(clause: &Clause, version: &str, bound: &str) -> (bool, bool) {
    let is_equality = matches!(clause.comparator, Comparator::Equal | Comparator::NotEqual);
    let sees_local = is_equality && bound.contains('+');
    let compared = compare(Scheme::Pep440, if sees_local { version } else { public(version) }, bound);
    let (own, other) = (Parts::read(version), Parts::read(bound));
    if clause.prefix {
        let begins = own.begins_with(&other) && (!other.is_post && !other.is_pre || compared.ordering.is_eq());
        return (begins == (clause.comparator == Comparator::Equal), compared.native);
    }
    let is_left_out = match clause.comparator {
        Comparator::Less => !clause.lowest && own.is_pre && !other.is_pre,
        Comparator::Greater => own.is_post && !other.is_post && !other.is_pre,
        _ => false,
    };
    let holds = accepts(clause.comparator, compared.ordering) && !(is_left_out && own.has_same_release(&other));
    (holds, compared.native)
}
