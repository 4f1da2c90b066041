//! A judgement in words: the range that decided, and the fix it states.

use standards::versions::Scheme;

use crate::model::advisory::{Affected, FixState, Rule, Standing};

use super::{Decider, Doubt, Judgement, order};

/// Most ranges that are written out where no single one decided.
const LISTED: usize = 4;

/// The deciding range: `>= 2.13.0, < 2.15.0`, `= 1.2.3`, `all versions`, or every affected range when none decided.
pub(in crate::matching) fn words(affected: &Affected, judgement: &Judgement, own: Scheme) -> String {
    match judgement.by {
        _ if judgement.doubt == Doubt::UnknownVersion => listed(affected, own),
        Decider::Exact(index) => affected.exact.get(index).map_or_else(String::new, |version| format!("= {version}")),
        Decider::Rule(index, change) => {
            affected.rules.get(index).map_or_else(String::new, |rule| segment(rule, change, own))
        }
        Decider::FixedIn => fixed_in(affected),
        Decider::FixState if affected.fix == FixState::NotAffected => "no version".to_owned(),
        Decider::FixState => "all versions".to_owned(),
        Decider::Default => listed(affected, own),
    }
}

fn fixed_in(affected: &Affected) -> String {
    match &affected.fix {
        FixState::Fixed(version) => format!("< {version}"),
        _ => "all versions".to_owned(),
    }
}

/// The part of a rule between the change in force and the next one.
fn segment(rule: &Rule, change: Option<usize>, own: Scheme) -> String {
    let next = order::next_change(rule, change, own).map(|at| rule.changes[at].0.as_str());
    let lower = match change {
        Some(at) => Some((">=", rule.changes[at].0.as_str())),
        None => order::closed_below(rule).map(|low| (if low.inclusive { ">=" } else { ">" }, low.version.as_str())),
    };
    let upper = match next {
        Some(version) => Some(("<", version)),
        None => order::closed_above(rule).map(|high| (if high.inclusive { "<=" } else { "<" }, high.version.as_str())),
    };
    match (lower, upper) {
        (None, None) => "all versions".to_owned(),
        (Some((">=", low)), Some(("<=", high))) if low == high => format!("= {low}"),
        (Some((low, from)), Some((high, to))) => format!("{low} {from}, {high} {to}"),
        (Some((sign, version)), None) | (None, Some((sign, version))) => format!("{sign} {version}"),
    }
}

/// The affected ranges, a few of them, and how many more there are.
fn listed(affected: &Affected, own: Scheme) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut total = 0_usize;
    for rule in &affected.rules {
        let starts = [None].into_iter().chain((0..rule.changes.len()).map(Some));
        for change in starts.take(2 * LISTED) {
            let standing = change.map_or(rule.standing, |at| rule.changes[at].1);
            if standing == Standing::Affected {
                total += 1;
                if parts.len() < LISTED {
                    parts.push(segment(rule, change, own));
                }
            }
        }
    }
    for version in &affected.exact {
        total += 1;
        if parts.len() < LISTED {
            parts.push(format!("= {version}"));
        }
    }
    let more = total - parts.len();
    match (parts.is_empty(), more) {
        (true, _) if affected.default == Standing::Affected => "all versions".to_owned(),
        (true, _) if affected.default == Standing::Unknown => "not stated".to_owned(),
        (true, _) => "no version".to_owned(),
        (false, 0) => parts.join(" or "),
        (false, more) => format!("{} or {more} more", parts.join(" or ")),
    }
}

/// The fix that ends the deciding range, else what the entry says as a whole.
pub(in crate::matching) fn fix(affected: &Affected, judgement: &Judgement, own: Scheme) -> FixState {
    let Decider::Rule(index, change) = judgement.by else { return affected.fix.clone() };
    let Some(rule) = affected.rules.get(index) else { return affected.fix.clone() };
    let ended = order::next_change(rule, change, own)
        .filter(|at| rule.changes[*at].1 == Standing::Unaffected)
        .map(|at| rule.changes[at].0.clone());
    ended.or_else(|| rule.fixed.clone()).map_or_else(|| affected.fix.clone(), FixState::Fixed)
}
