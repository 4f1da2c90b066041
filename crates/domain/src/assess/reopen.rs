//! Reopen rules: which change of ground reopens a closed decision (design invariant 5).

use std::collections::BTreeSet;

use crate::model::assessment::ReopenReason;
use crate::model::finding::{Match, Reason};

/// Compares what is known now with what was known before, and returns every rule that fires, each with its facts.
///
/// A finding that holds no longer is compared with `None`.
pub fn reopened_by(before: &Match, now: Option<&Match>, on: &BTreeSet<ReopenReason>) -> Vec<(ReopenReason, String)> {
    let mut fired = Vec::new();
    match now {
        None => fired.push((ReopenReason::Withdrawn, withdrawn(before))),
        Some(now) => {
            if let (None, Some(since)) = (&before.known_exploited, &now.known_exploited) {
                fired.push((
                    ReopenReason::KnownExploited,
                    format!("{} known exploited since {since}", now.vulnerability),
                ));
            }
            if let Some(detail) = changed_statement(before, now) {
                fired.push((ReopenReason::AdvisoryChanged, detail));
            }
        }
    }
    fired.retain(|(reason, _)| on.contains(reason));
    fired
}

fn withdrawn(before: &Match) -> String {
    let records: BTreeSet<&str> = before.reasons.iter().map(|reason| reason.record.as_str()).collect();
    format!("no longer supported by {}", records.into_iter().collect::<Vec<_>>().join(", "))
}

/// What a record says about a component: the part of a reason whose change moves the ground of a decision.
/// A new revision that says the same about this component is no reason to bother a person again.
fn statement(reason: &Reason) -> (&str, &str, &str, &str) {
    (&reason.record, &reason.place, &reason.range, &reason.fix.0)
}

fn changed_statement(before: &Match, now: &Match) -> Option<String> {
    let details: Vec<String> = now
        .reasons
        .iter()
        .filter_map(|after| {
            let earlier: Vec<&Reason> = before.reasons.iter().filter(|reason| reason.record == after.record).collect();
            let first = earlier.first()?;
            if earlier.iter().any(|reason| statement(reason).2 == after.range && reason.fix == after.fix) {
                return None;
            }
            Some(format!(
                "{}: was {} ({}), is {} ({})",
                after.record, first.range, first.fix.0, after.range, after.fix.0
            ))
        })
        .collect();
    (!details.is_empty()).then(|| details.join("; "))
}

/// Sentences on what differs between two states of a finding; empty when nothing a person would care about does.
pub fn differences(before: &Match, now: &Match) -> Vec<String> {
    let mut what = Vec::new();
    if before.vulnerability != now.vulnerability {
        what.push(format!("name {} is now {}", before.vulnerability, now.vulnerability));
    }
    if let Some(detail) = changed_statement(before, now) {
        what.push(detail);
    }
    let names = |matched: &Match| -> BTreeSet<String> {
        matched.reasons.iter().map(|r| format!("{} ({})", r.record, r.source)).collect()
    };
    let (old, new) = (names(before), names(now));
    what.extend(new.difference(&old).map(|name| format!("now also supported by {name}")));
    what.extend(old.difference(&new).map(|name| format!("no longer supported by {name}")));
    if before.known_exploited != now.known_exploited {
        what.push(match &now.known_exploited {
            Some(since) => format!("known exploited since {since}"),
            None => "no longer in a known-exploited catalogue".to_owned(),
        });
    }
    if before.score_tenths != now.score_tenths {
        what.push(format!("score {} is now {}", tenths(before.score_tenths), tenths(now.score_tenths)));
    }
    what
}

fn tenths(score: Option<u8>) -> String {
    score.map_or_else(|| "none".to_owned(), |tenths| format!("{}.{}", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests;
