//! A monitoring run: hold every release against what is known, and record one of four outcomes for every component and family.
//!
//! Cost grows with what changed: after the first run only components are looked at again whose keys or findings a fetch
//! touched ([`pending`]), or that no run has seen ([`cache`]). The first run, a new matcher and a lost cache look at all.

pub mod cache;
mod diff;
mod freshness;
pub mod pending;

use std::collections::{BTreeMap, BTreeSet};

use domain::matching::{MATCHER_VERSION, Matcher, Policy};
use domain::model::journal::{Change, Event};
use domain::model::product::ReleaseId;
use domain::model::raw::Digest;
use domain::model::run::{Outcome, OutcomeTotals, ReleaseOutcome, Run, SourceStatus};
use domain::model::sbom::{Component, Kind};
use domain::model::source::Family;
use jiff::Timestamp;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use store::knowledge::Knowledge;

use crate::PROGRAM;
use crate::error::{Error, Result};
use crate::sync::status;
use crate::workspace::Workspace;
use cache::{Cache, CachedRelease, Verdict};
use diff::Evaluated;
use freshness::Freshness;

/// What a run did.
#[derive(Debug)]
pub struct RunReport {
    /// The record it left.
    pub run: Run,
    /// What changed among findings and candidates.
    pub changes: Vec<Change>,
    /// Distinct components looked at, of how many.
    pub evaluated: (u64, u64),
}

/// Components are handed to the cores in batches of so many, each with a matcher of its own.
const BATCH: usize = 256;

/// Holds every release with an SBOM against the knowledge, and records the run.
pub fn run(workspace: &mut Workspace) -> Result<RunReport> {
    let started = workspace.now();
    let statuses = status::all(workspace, started)?;
    let mut cache = Cache::load(workspace);
    refresh_releases(workspace, &mut cache)?;
    let look_at = to_evaluate(workspace, &cache)?;
    let evaluated = evaluate(workspace, &look_at)?;
    if let Some(damage) = workspace.knowledge.damage().first() {
        // A record that cannot be read is a match that may be missing: no run may pass over that.
        return Err(Error::refused(format!(
            "finish the run: the knowledge is damaged ({damage:?}); mend it with `wardround knowledge rebuild`"
        )));
    }
    for (digest, evaluated) in &evaluated {
        cache.components.insert(*digest, Verdict::of(evaluated));
    }
    let changes = diff::changes(workspace, &cache, &evaluated)?;
    let releases = outcomes(workspace, &cache, &statuses);
    let run = record(workspace, started, statuses, releases, &changes)?;
    workspace.append(PROGRAM, Event::RunFinished(Box::new(run.clone())))?;
    cache.knowledge = run.knowledge;
    cache.save(workspace)?;
    pending::clear(workspace)?;
    Ok(RunReport { run, changes, evaluated: (evaluated.len() as u64, cache.components.len() as u64) })
}

/// Brings the cache's list of releases up to the SBOMs in force, and forgets components that no SBOM in force holds.
fn refresh_releases(workspace: &Workspace, cache: &mut Cache) -> Result<()> {
    let mut releases = BTreeMap::new();
    for row in workspace.records.releases(None)? {
        let Some(sbom) = workspace.records.current_sbom(&row.release)? else { continue };
        let sbom = sbom.value;
        let known = cache
            .releases
            .remove(&row.release)
            .filter(|known| known.sbom == sbom.original && known.revision == sbom.revision);
        let release = match known {
            Some(known) => known,
            None => CachedRelease {
                revision: sbom.revision,
                sbom: sbom.original,
                format: sbom.format,
                components: workspace
                    .records
                    .inventory(&row.release, sbom.revision)?
                    .iter()
                    .map(|row| row.digest)
                    .collect(),
            },
        };
        releases.insert(row.release, release);
    }
    cache.releases = releases;
    let held: BTreeSet<Digest> =
        cache.releases.values().flat_map(|release| release.components.iter().copied()).collect();
    cache.components.retain(|digest, _| held.contains(digest));
    Ok(())
}

/// Distinct components that have to be looked at, sorted.
fn to_evaluate(workspace: &Workspace, cache: &Cache) -> Result<Vec<Digest>> {
    let all: BTreeSet<Digest> =
        cache.releases.values().flat_map(|release| release.components.iter().copied()).collect();
    let Some(delta) = pending::since(workspace, cache.knowledge) else { return Ok(all.into_iter().collect()) };
    let mut touched: BTreeSet<Digest> = workspace.records.components_with_keys(&delta.keys)?.into_iter().collect();
    for finding in workspace.records.findings_with_names(&delta.names)? {
        if let Some(history) = workspace.records.finding(finding)? {
            touched.insert(history.row.component);
        }
    }
    Ok(all.into_iter().filter(|digest| touched.contains(digest) || !cache.components.contains_key(digest)).collect())
}

fn evaluate(workspace: &Workspace, digests: &[Digest]) -> Result<BTreeMap<Digest, Evaluated>> {
    let mut components = Vec::with_capacity(digests.len());
    for digest in digests {
        if let Some(component) = workspace.records.component(digest)? {
            components.push((*digest, component));
        }
    }
    let policy = Policy::default();
    let knowledge = &workspace.knowledge;
    let batches: Vec<Vec<(Digest, Evaluated)>> = components
        .par_chunks(BATCH)
        .map(|batch| {
            let mut matcher = Matcher::new(knowledge, &policy);
            batch.iter().map(|(digest, component)| (*digest, evaluated(component, &mut matcher))).collect()
        })
        .collect();
    Ok(batches.into_iter().flatten().collect())
}

fn evaluated(component: &Component, matcher: &mut Matcher<'_, Knowledge>) -> Evaluated {
    Evaluated { matches: matcher.match_component(component), component: component.clone() }
}

/// Totals and matrix digest of every release.
fn outcomes(workspace: &Workspace, cache: &Cache, statuses: &[SourceStatus]) -> Vec<ReleaseOutcome> {
    let freshness = Freshness::of(&workspace.config, statuses);
    cache.releases.iter().map(|(id, release)| release_outcome(id, release, cache, &freshness)).collect()
}

fn release_outcome(id: &ReleaseId, release: &CachedRelease, cache: &Cache, freshness: &Freshness) -> ReleaseOutcome {
    let mut totals: BTreeMap<Family, OutcomeTotals> =
        Family::MATCHED.map(|family| (family, OutcomeTotals::default())).into();
    let mut matrix = Sha256::new();
    let mut unidentified = 0;
    for digest in &release.components {
        let verdict = cache.components.get(digest);
        matrix.update(digest.0);
        for family in Family::MATCHED {
            let outcome = verdict.map_or(Outcome::SourceUnavailable, |verdict| verdict.outcome(family, freshness));
            totals.entry(family).or_default().add(outcome);
            matrix.update([outcome as u8]);
        }
        unidentified += u64::from(verdict.is_some_and(|verdict| !verdict.identified && verdict.kind != Kind::File));
    }
    ReleaseOutcome {
        release: id.clone(),
        sbom_revision: release.revision,
        sbom: release.sbom,
        sbom_format: release.format.clone(),
        components: release.components.len() as u64,
        unidentified,
        totals,
        matrix: Digest(matrix.finalize().into()),
    }
}

fn record(
    workspace: &Workspace,
    started: Timestamp,
    sources: Vec<SourceStatus>,
    releases: Vec<ReleaseOutcome>,
    changes: &[Change],
) -> Result<Run> {
    let mut change_counts = BTreeMap::new();
    for change in changes {
        *change_counts.entry(change.kind().to_owned()).or_insert(0) += 1;
    }
    Ok(Run {
        id: workspace.records.next_run_id()?,
        started,
        finished: workspace.now(),
        matcher: MATCHER_VERSION.to_owned(),
        knowledge: workspace.knowledge.digest(),
        sources,
        releases,
        changes: workspace.archive_json(&changes)?,
        change_counts,
    })
}
