//! Ranges: whether a version is affected according to one entry of a record (matching rules R3, R12 to R15).
//!
//! In: an [`Affected`] and a version, or none. Out: a [`Judgement`] that names the deciding part, from which [`words`]
//! writes the range and [`fix`] the way out. One algorithm serves OSV (the union of ranges and versions) and CVE v5 (the
//! first rule that covers a version decides, then its changes): their normalised forms differ only in standing.
//!
//! Orders are total: a pre-release of the fixed version lies before it and is affected (R12).

use standards::versions::Scheme;

use crate::model::advisory::{Affected, FixState, Rule, Standing};

mod order;
mod words;

pub(super) use order::Order;
pub(super) use words::{fix, words};

/// Most rules or single versions of one entry that are looked at. Honest records stay below a thousand.
pub(super) const MAX_RULES: usize = 20_000;

/// What one entry says about one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Affected, not affected, not said.
    pub(super) standing: Standing,
    /// The part that decided.
    pub(super) by: Decider,
    /// The order used.
    pub(super) order: Order,
    /// Doubts that lower the confidence.
    pub(super) doubt: Doubt,
}

/// The part of an entry that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decider {
    /// A version named by itself.
    Exact(usize),
    /// A rule, and the change inside it that is in force.
    Rule(usize, Option<usize>),
    /// The stated fix, where no range is given.
    FixedIn,
    /// The fix state alone: "not affected", or "no fix" and so every version (R3).
    FixState,
    /// What holds for versions that nothing else names.
    Default,
}

/// Why a judgement is not certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is.
    None,
    /// The component's version is unknown; whatever could be covered is taken as covered (R15).
    UnknownVersion,
    /// The entry has commit ranges alone, and the commit history is not at hand (R25).
    Commits,
    /// The entry has more ranges than are looked at.
    Capped,
}

/// Judges `version` by one entry. `scheme` is the order of the component's own ecosystem.
pub(super) fn judge(affected: &Affected, version: Option<&str>, scheme: Scheme) -> Judgement {
    if affected.fix == FixState::NotAffected {
        return settled(Standing::Unaffected, Decider::FixState, scheme);
    }
    match version {
        Some(version) => judge_version(affected, version, scheme),
        None => judge_unknown(affected, scheme),
    }
}

fn settled(standing: Standing, by: Decider, scheme: Scheme) -> Judgement {
    Judgement { standing, by, order: Order::native(scheme), doubt: Doubt::None }
}

fn judge_version(affected: &Affected, version: &str, scheme: Scheme) -> Judgement {
    let ruled = first_cover(affected, version, scheme);
    if let Some(judgement) = ruled.filter(|judgement| judgement.standing == Standing::Affected) {
        return judgement;
    }
    if let Some((index, order)) = named(affected, version, scheme) {
        return Judgement { standing: Standing::Affected, by: Decider::Exact(index), order, doubt: Doubt::None };
    }
    ruled.unwrap_or_else(|| judge_rest(affected, Some(version), scheme))
}

/// The first rule that covers the version, with the change in force there.
fn first_cover(affected: &Affected, version: &str, scheme: Scheme) -> Option<Judgement> {
    affected.rules.iter().take(MAX_RULES).enumerate().find_map(|(index, rule)| {
        let mut order = Order::native(rule.scheme);
        if !order::covers(rule, version, scheme, &mut order) {
            return None;
        }
        let change = order::change_in_force(rule, version, scheme, &mut order);
        let standing = change.map_or(rule.standing, |at| rule.changes[at].1);
        Some(Judgement { standing, by: Decider::Rule(index, change), order, doubt: Doubt::None })
    })
}

/// The single version that equals this one: by text first, since that costs nothing.
fn named(affected: &Affected, version: &str, scheme: Scheme) -> Option<(usize, Order)> {
    let exact = &affected.exact[..affected.exact.len().min(MAX_RULES)];
    if let Some(index) = exact.iter().position(|named| named == version) {
        return Some((index, Order::native(scheme)));
    }
    exact.iter().enumerate().find_map(|(index, named)| {
        let mut order = Order::native(scheme);
        order.compare(scheme, scheme, version, named).is_eq().then_some((index, order))
    })
}

/// What holds when neither a rule nor a single version names the version.
fn judge_rest(affected: &Affected, version: Option<&str>, scheme: Scheme) -> Judgement {
    if affected.rules.len() > MAX_RULES || affected.exact.len() > MAX_RULES {
        return Judgement { doubt: Doubt::Capped, ..settled(Standing::Unknown, Decider::Default, scheme) };
    }
    if only_commits(affected) && affected.default != Standing::Affected {
        let is_fix = |version| affected.rules.iter().any(|rule| order::is_fixing_commit(rule, version));
        if version.is_some_and(is_fix) {
            return settled(Standing::Unaffected, Decider::Default, Scheme::Git);
        }
        return Judgement { doubt: Doubt::Commits, ..settled(Standing::Unknown, Decider::Default, scheme) };
    }
    if affected.rules.is_empty() && affected.exact.is_empty() {
        return judge_by_fix(affected, version, scheme);
    }
    settled(affected.default, Decider::Default, scheme)
}

fn only_commits(affected: &Affected) -> bool {
    affected.exact.is_empty() && !affected.rules.is_empty() && affected.rules.iter().all(is_git)
}

pub(super) fn is_git(rule: &Rule) -> bool {
    rule.scheme == Scheme::Git
}

/// R3: a fix without a range bounds it; "no fix" means every version.
fn judge_by_fix(affected: &Affected, version: Option<&str>, scheme: Scheme) -> Judgement {
    match (&affected.fix, version) {
        (FixState::Fixed(fixed), Some(version)) if affected.default != Standing::Unaffected => {
            let mut order = Order::native(scheme);
            let before = order.compare(scheme, scheme, version, fixed).is_lt();
            let standing = if before { Standing::Affected } else { Standing::Unaffected };
            Judgement { standing, by: Decider::FixedIn, order, doubt: Doubt::None }
        }
        (FixState::Fixed(_), None) if affected.default != Standing::Unaffected => {
            Judgement { doubt: Doubt::UnknownVersion, ..settled(Standing::Affected, Decider::FixedIn, scheme) }
        }
        (FixState::None | FixState::WillNotFix | FixState::Deferred | FixState::EndOfLife, _)
            if affected.default == Standing::Unknown =>
        {
            settled(Standing::Affected, Decider::FixState, scheme)
        }
        _ => settled(affected.default, Decider::Default, scheme),
    }
}

/// R15: an unknown version could be any, so whatever could cover it counts, and says so.
fn judge_unknown(affected: &Affected, scheme: Scheme) -> Judgement {
    let could = affected.rules.iter().take(MAX_RULES).enumerate().filter(|(_, rule)| !is_git(rule)).find_map(
        |(index, rule)| {
            let change = rule.changes.iter().position(|(_, standing)| *standing == Standing::Affected);
            (rule.standing == Standing::Affected)
                .then_some((index, None))
                .or_else(|| change.map(|at| (index, Some(at))))
        },
    );
    let assumed = |by| Judgement { doubt: Doubt::UnknownVersion, ..settled(Standing::Affected, by, scheme) };
    if let Some((index, change)) = could {
        let rule = &affected.rules[index];
        let all = index == 0 && rule.changes.is_empty() && order::is_open(rule);
        let by = Decider::Rule(index, change);
        return if all { settled(Standing::Affected, by, scheme) } else { assumed(by) };
    }
    if !affected.exact.is_empty() {
        return assumed(Decider::Exact(0));
    }
    let rest = judge_rest(affected, None, scheme);
    let conditional = rest.standing == Standing::Affected && !affected.rules.is_empty();
    if conditional { assumed(rest.by) } else { rest }
}

#[cfg(test)]
mod tests;
