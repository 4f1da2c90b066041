//! CPE applicability statements: NVD's `configurations` and the CVE Record Format's `cpeApplicability`.
//!
//! Shape: configurations in, one [`Affected`] for each vulnerable match criterion out. Configurations are alternatives.
//! What else has to hold (the other nodes of an `AND`, a negation) goes along as conditions in words; it is shown, not
//! yet evaluated.

use standards::lenient::List;
use standards::nvd::{Configuration, CpeMatch, Node};
use standards::versions::Scheme;

use super::common::{Notes, says_nothing};
use super::packages::{cpe_pattern, with_any_version};
use super::range_text::{bound, range};
use crate::model::advisory::{Affected, Standing, Target};

/// Criteria named in one condition; the rest is counted.
const CRITERIA_NAMED: usize = 5;

/// Translates configurations; `place` is where the list stands.
pub(super) fn translate(
    configurations: &List<Configuration<'_>>,
    place: &str,
    affected: &mut Vec<Affected>,
    notes: &mut Notes,
) {
    for (index, alternative) in notes.list(configurations, place) {
        let place = format!("{place}[{index}]");
        let members: Vec<_> = notes.list(&alternative.nodes, format_args!("{place}.nodes")).collect();
        let is_and = alternative.operator.as_str().eq_ignore_ascii_case("AND");
        let is_negated = alternative.negate.value() == Some(&true);
        // One text for each node, because a node may have thousands of criteria.
        let texts: Vec<String> =
            if is_and { members.iter().map(|(_, node)| in_words(node)).collect() } else { Vec::new() };
        for (position, (number, node)) in members.iter().enumerate() {
            let others = texts.iter().enumerate().filter(|(other, text)| *other != position && !text.is_empty());
            let mut conditions: Vec<String> = others.map(|(_, text)| text.clone()).collect();
            if is_negated {
                conditions.push("the configuration as a whole is negated".to_owned());
            }
            node_affected(node, &format!("{place}.nodes[{number}]"), &conditions, affected, notes);
        }
    }
}

/// The vulnerable criteria of one node.
fn node_affected(node: &Node<'_>, place: &str, conditions: &[String], affected: &mut Vec<Affected>, notes: &mut Notes) {
    if node.negate.value() == Some(&true) {
        notes.add(place, "The node is negated; it names what is not affected, and is only kept as a condition.");
        return;
    }
    let inner_and = node.operator.as_str().eq_ignore_ascii_case("AND");
    for (index, leaf) in notes.list(&node.cpe_match, format_args!("{place}.cpeMatch")) {
        if leaf.vulnerable.value() == Some(&false) {
            continue;
        }
        let leaf_place = format!("{place}.cpeMatch[{index}]");
        if let Some(mut entry) = leaf_affected(leaf, leaf_place, notes) {
            entry.conditions.extend_from_slice(conditions);
            if inner_and && node.cpe_match.values().count() > 1 {
                let others = node.cpe_match.values().filter(|(other, _)| *other != index).map(|(_, other)| other);
                entry.conditions.push(format!("together with all of: {}", criteria(others)));
            }
            affected.push(entry);
        }
    }
}

/// One criterion. Without a range one rule covers everything the pattern matches: the pattern's own version decides.
fn leaf_affected(leaf: &CpeMatch<'_>, place: String, notes: &mut Notes) -> Option<Affected> {
    let pattern = match cpe_pattern(leaf.criteria.as_str()) {
        Ok((pattern, None)) => pattern,
        Ok((pattern, Some(repair))) => {
            notes.add(&place, format!("The criteria were repaired: {repair}."));
            pattern
        }
        Err(why) => {
            notes.add(&place, format!("The criteria are left out: could not {why}."));
            return None;
        }
    };
    let either = |inside: &str, outside: &str| {
        let pick = |text: &str, inclusive| (!text.is_empty()).then(|| bound(text, inclusive));
        pick(inside, true).or_else(|| pick(outside, false))
    };
    let lower = either(leaf.version_start_including.as_str(), leaf.version_start_excluding.as_str());
    let upper = either(leaf.version_end_including.as_str(), leaf.version_end_excluding.as_str());
    let pattern = if lower.is_some() || upper.is_some() { with_any_version(pattern) } else { pattern };
    let mut entry = says_nothing(Target::Cpe(pattern), Standing::Unaffected, place);
    entry.rules.push(range(Scheme::Generic, lower, upper));
    Some(entry)
}

/// What a node asks for, as a condition on another node's findings.
fn in_words(node: &Node<'_>) -> String {
    let negated = node.negate.value() == Some(&true);
    let is_and = node.operator.as_str().eq_ignore_ascii_case("AND");
    let leaves = criteria(node.cpe_match.values().map(|(_, leaf)| leaf));
    if leaves.is_empty() {
        return leaves;
    }
    match (negated, is_and) {
        (true, _) => format!("together with none of: {leaves}"),
        (false, true) => format!("together with all of: {leaves}"),
        (false, false) => format!("together with any of: {leaves}"),
    }
}

/// Criteria as a list in words: `cpe:2.3:h:…` and their ranges.
fn criteria<'x, 'a: 'x>(leaves: impl Iterator<Item = &'x CpeMatch<'a>>) -> String {
    let mut named = Vec::new();
    let mut more = 0_usize;
    for leaf in leaves {
        if named.len() == CRITERIA_NAMED {
            more += 1;
            continue;
        }
        let mut text = leaf.criteria.as_str().to_owned();
        for (sign, version) in [
            (">=", &leaf.version_start_including),
            (">", &leaf.version_start_excluding),
            ("<=", &leaf.version_end_including),
            ("<", &leaf.version_end_excluding),
        ] {
            if !version.as_str().is_empty() {
                text.extend([" ", sign, " ", version.as_str()]);
            }
        }
        named.push(text);
    }
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    named.join(", ")
}
