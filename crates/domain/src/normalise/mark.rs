//! TLP marks that a text states (FIRST, TLP 2.0, "Usage": subject line, header or footer, body).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::tlp::Tlp;

/// The strictest mark that `text` itself states, however it is set: `TLP:AMBER`, `[tlp: amber+strict]`, `TLP-RED`.
///
/// A text that names four labels or more explains them, as footers do; then the one that it states first counts.
pub fn stated_mark(text: &str) -> Option<Tlp> {
    let found: Vec<Tlp> = MARK.captures_iter(text).filter_map(|found| label(&found["label"])).collect();
    let distinct: BTreeSet<Tlp> = found.iter().copied().collect();
    if distinct.len() >= 4 { found.first().copied() } else { distinct.last().copied() }
}

static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b[Tt][Ll][Pp][ \t]{0,3}[:=_-]?[ \t\u{a0}]{0,3}(?P<label>(?:[Aa][Mm][Bb][Ee][Rr](?:[ \t]?[+_-][ \t]?[Ss][Tt][Rr][Ii][Cc][Tt])?|[Rr][Ee][Dd]|[Gg][Rr][Ee][Ee][Nn]|[Cc][Ll][Ee][Aa][Rr]|[Ww][Hh][Ii][Tt][Ee]))\b",
    )
    .expect("the pattern of this file is read by its tests")
});

/// A label in a spelling of the wild.
fn label(text: &str) -> Option<Tlp> {
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    if letters.eq_ignore_ascii_case("amberstrict") { Some(Tlp::AmberStrict) } else { letters.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_mark_counts_in_whatever_spelling() {
        assert_eq!(stated_mark("TLP:GREEN header, body TLP:AMBER+STRICT."), Some(Tlp::AmberStrict));
        assert_eq!(stated_mark("TLP: amber"), Some(Tlp::Amber));
        assert_eq!(stated_mark("[tlp-red] for named recipients"), Some(Tlp::Red));
        assert_eq!(stated_mark("TLP WHITE"), Some(Tlp::Clear));
        assert_eq!(stated_mark("tlp:amber_strict"), Some(Tlp::AmberStrict));
    }

    #[test]
    fn a_legend_of_all_labels_marks_nothing() {
        let legend = "TLP:RED: named recipients. TLP:AMBER: need to know. TLP:GREEN: community. TLP:CLEAR: everyone.";
        assert_eq!(stated_mark(&format!("TLP:GREEN\n\n{legend}")), Some(Tlp::Green));
    }

    #[test]
    fn a_text_without_a_mark_states_none() {
        assert_eq!(stated_mark("no mark"), None);
        assert_eq!(stated_mark("TLP: see below. Redistribution is allowed."), None);
        assert_eq!(stated_mark("HTLP:RED, TLP:REDACTED"), None);
    }
}
