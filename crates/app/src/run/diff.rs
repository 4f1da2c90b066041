//! What a run changes: findings that appear, change, go, return, and decisions that reopen.

use std::collections::{BTreeMap, BTreeSet};

use domain::assess::reopen;
use domain::matching::{Candidates as _, ComponentMatches};
use domain::model::advisory::State;
use domain::model::assessment::ReopenReason;
use domain::model::finding::{Finding, FindingId, Match};
use domain::model::journal::Change;
use domain::model::product::ReleaseId;
use domain::model::raw::Digest;
use domain::model::sbom::Component;
use store::records::KnownFinding;

use super::cache::{Cache, CachedRelease};
use crate::error::Result;
use crate::workspace::Workspace;

/// A component looked at in this run.
pub(crate) struct Evaluated {
    pub(crate) component: Component,
    pub(crate) matches: ComponentMatches,
}

/// Compares what matching says now with the findings on record, release by release.
pub(super) fn changes(
    workspace: &Workspace,
    cache: &Cache,
    evaluated: &BTreeMap<Digest, Evaluated>,
) -> Result<Vec<Change>> {
    let mut next = workspace.records.next_finding_id()?;
    let mut changes = Vec::new();
    for (id, release) in &cache.releases {
        let mut diff = ReleaseDiff::load(workspace, id, release, evaluated)?;
        diff.findings(&mut next, &mut changes);
        diff.candidates(&mut changes)?;
    }
    Ok(changes)
}

struct ReleaseDiff<'d> {
    workspace: &'d Workspace,
    id: &'d ReleaseId,
    release: &'d CachedRelease,
    held: BTreeSet<Digest>,
    evaluated: &'d BTreeMap<Digest, Evaluated>,
    present: BTreeMap<Digest, Vec<KnownFinding>>,
    gone: BTreeMap<Digest, Vec<KnownFinding>>,
}

impl<'d> ReleaseDiff<'d> {
    fn load(
        workspace: &'d Workspace,
        id: &'d ReleaseId,
        release: &'d CachedRelease,
        evaluated: &'d BTreeMap<Digest, Evaluated>,
    ) -> Result<Self> {
        Ok(Self {
            workspace,
            id,
            release,
            held: release.components.iter().copied().collect(),
            evaluated,
            present: by_component(workspace.records.findings_present(id)?),
            gone: by_component(workspace.records.findings_gone(id)?),
        })
    }

    fn findings(&mut self, next: &mut FindingId, changes: &mut Vec<Change>) {
        for digest in self.held.clone() {
            let Some(evaluated) = self.evaluated.get(&digest) else { continue };
            let mut known = self.present.remove(&digest).unwrap_or_default();
            for now in &evaluated.matches.matches {
                match take(&mut known, now) {
                    Some(known) => self.compare(&known, now, changes),
                    None => changes.push(self.arrive(digest, &evaluated.component, now, next)),
                }
            }
            for known in known {
                let why = self.why_gone(&known);
                self.go(&known, &why, true, changes);
            }
        }
        // What is left belongs to components that were not looked at, or that the SBOM in force no longer holds.
        for (digest, known) in std::mem::take(&mut self.present) {
            if !self.held.contains(&digest) {
                for known in known {
                    let why =
                        format!("{} is not in SBOM revision {}", known.finding.component_label, self.release.revision);
                    self.go(&known, &why, false, changes);
                }
            }
        }
    }

    fn compare(&self, known: &KnownFinding, now: &Match, changes: &mut Vec<Change>) {
        let before = &known.finding.matched;
        let what = reopen::differences(before, now);
        if what.is_empty() {
            return;
        }
        let finding = Finding { matched: now.clone(), ..known.finding.clone() };
        let id = finding.id;
        changes.push(Change::Changed { finding: Box::new(finding), what });
        if known.state.is_closed() {
            self.reopen(id, before, Some(now), changes);
        }
    }

    fn reopen(&self, finding: FindingId, before: &Match, now: Option<&Match>, changes: &mut Vec<Change>) {
        for (reason, detail) in reopen::reopened_by(before, now, &self.workspace.config.reopen) {
            changes.push(Change::Reopened { finding, reason, detail });
        }
    }

    fn arrive(&mut self, digest: Digest, component: &Component, now: &Match, next: &mut FindingId) -> Change {
        if let Some(known) = self.gone.get_mut(&digest).and_then(|known| take(known, now)) {
            return Change::Returned { finding: Box::new(Finding { matched: now.clone(), ..known.finding }) };
        }
        let finding = Finding {
            id: *next,
            release: self.id.clone(),
            component: digest,
            component_label: component.label(),
            matched: now.clone(),
        };
        next.0 += 1;
        Change::Appeared { finding: Box::new(finding) }
    }

    /// A finding goes. When its records were withdrawn, a closed decision is reopened so that a person sees it.
    fn go(&self, known: &KnownFinding, why: &str, ground_moved: bool, changes: &mut Vec<Change>) {
        let id = known.finding.id;
        let reopens =
            ground_moved && known.state.is_closed() && self.workspace.config.reopen.contains(&ReopenReason::Withdrawn);
        if reopens {
            changes.push(Change::Reopened { finding: id, reason: ReopenReason::Withdrawn, detail: why.to_owned() });
        }
        changes.push(Change::Gone { finding: id, why: why.to_owned() });
    }

    /// Why no record supports a finding any more, from what its records say now.
    fn why_gone(&self, known: &KnownFinding) -> String {
        let records: BTreeSet<&str> =
            known.finding.matched.reasons.iter().map(|reason| reason.record.as_str()).collect();
        let sentences: Vec<String> = records
            .into_iter()
            .map(|record| {
                let states =
                    self.workspace.knowledge.named(record).into_iter().map(|at| self.workspace.knowledge.advisory(at));
                match states
                    .filter(|advisory| advisory.id == record)
                    .map(|advisory| advisory.state)
                    .max_by_key(State::is_live)
                {
                    Some(State::Withdrawn { at: Some(at) }) => {
                        format!("{record} was withdrawn on {}", at.strftime("%Y-%m-%d"))
                    }
                    Some(State::Withdrawn { at: None }) | None => format!("{record} was withdrawn"),
                    Some(State::Rejected { reason }) if reason.is_empty() => format!("{record} was rejected"),
                    Some(State::Rejected { reason }) => format!("{record} was rejected: {reason}"),
                    Some(State::Live) => format!("{record} no longer covers {}", known.finding.component_label),
                }
            })
            .collect();
        sentences.join("; ")
    }

    fn candidates(&self, changes: &mut Vec<Change>) -> Result<()> {
        let known = self.workspace.records.candidates(self.id)?;
        let mut stays = BTreeSet::new();
        for digest in &self.held {
            let Some(evaluated) = self.evaluated.get(digest) else { continue };
            for now in &evaluated.matches.candidates {
                stays.insert((*digest, now.vulnerability.clone()));
                let before =
                    known.iter().find(|row| row.component == *digest && row.matched.vulnerability == now.vulnerability);
                if before.is_none_or(|row| !reopen::differences(&row.matched, now).is_empty()) {
                    changes.push(Change::CandidateAppeared {
                        release: self.id.clone(),
                        component: *digest,
                        component_label: evaluated.component.label(),
                        matched: Box::new(now.clone()),
                    });
                }
            }
        }
        for row in known {
            let looked_at = self.evaluated.contains_key(&row.component) || !self.held.contains(&row.component);
            if looked_at && !stays.contains(&(row.component, row.matched.vulnerability.clone())) {
                changes.push(Change::CandidateGone {
                    release: self.id.clone(),
                    component: row.component,
                    vulnerability: row.matched.vulnerability,
                });
            }
        }
        Ok(())
    }
}

fn by_component(findings: Vec<KnownFinding>) -> BTreeMap<Digest, Vec<KnownFinding>> {
    let mut map: BTreeMap<Digest, Vec<KnownFinding>> = BTreeMap::new();
    for known in findings {
        map.entry(known.finding.component).or_default().push(known);
    }
    map
}

/// Takes out the known finding of the same vulnerability: one that shares a name, since the primary name may change.
fn take(known: &mut Vec<KnownFinding>, now: &Match) -> Option<KnownFinding> {
    let shares =
        |finding: &KnownFinding| finding.finding.matched.aliases.iter().any(|alias| now.aliases.contains(alias));
    let at = known
        .iter()
        .position(|finding| finding.finding.matched.vulnerability == now.vulnerability)
        .or_else(|| known.iter().position(shares))?;
    Some(known.remove(at))
}
