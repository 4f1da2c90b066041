//! Taking a bundle in: verify all of it, archive what it brings, replay its fetches in order, record the whole.
//!
//! Every fetch is a step of its own, as a sync is: what a kill interrupts is finished by importing the bundle again, and a
//! bundle imported twice changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::model::journal::{BundleHole, BundleImported, Event};
use domain::model::raw::Digest;
use domain::model::source::{Counts, Fetch, FetchOutcome, SourceId};
use jiff::Timestamp;

use super::container::{Container, broken, refused};
use super::plan::{self, Plan};
use super::verify::{self, Sound};
use super::{replay, trust};
use crate::assess::Actor;
use crate::error::Result;
use crate::sync::Progress;
use crate::workspace::Workspace;

/// What to import.
#[derive(Debug, Clone)]
pub struct NewImport<'a> {
    /// The bundle.
    pub file: &'a Path,
    /// File with the other journal's public key; needed the first time.
    pub key: Option<&'a Path>,
    /// Why fetches that are missing before the bundle may stay missing.
    pub allow_gap: Option<&'a str>,
}

/// What became of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceImport {
    /// The source.
    pub source: SourceId,
    /// Fetches imported.
    pub imported: u64,
    /// Fetches that were here already.
    pub present: u64,
    /// Entries that came too late: later ones of the same source were imported before. Not taken in.
    pub late: Vec<u64>,
    /// The last of the imported fetches.
    pub last: Option<Fetch>,
    /// What they brought together.
    pub brought: Counts,
    /// Why it was left out as a whole; none if it was not.
    pub left_out: Option<String>,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The other journal's name.
    pub origin: String,
    /// The maker named in it.
    pub organisation: String,
    /// When it was exported.
    pub exported: Timestamp,
    /// Whether anything was imported.
    pub changed: bool,
    /// What became of each source, by name.
    pub sources: Vec<SourceImport>,
    /// Fetches that stay missing.
    pub holes: Vec<BundleHole>,
}

/// Imports a bundle on a person's behalf.
///
/// # Errors
/// The bundle is not sound, its signature not trusted, or fetches are missing before it. Nothing was imported then.
pub fn import(
    workspace: &mut Workspace,
    actor: &Actor,
    new: &NewImport<'_>,
    progress: &mut Progress<'_>,
) -> Result<Imported> {
    let bundle = verify::verify(workspace, new.file, new.key, progress)?;
    let plans = plan::plan(workspace, &bundle)?;
    let holes = holes(&plans, new.allow_gap)?;
    let changed = plans.values().any(|plan| !plan.new.is_empty());
    let mut imported: BTreeMap<SourceId, Vec<Fetch>> = BTreeMap::new();
    if changed {
        archive(workspace, new.file, &bundle, &plans)?;
        imported = replay_all(workspace, &bundle, &plans, &holes, progress)?;
        record(workspace, actor, &bundle, &imported, holes.clone())?;
    }
    let sources = plans.into_iter().map(|(source, plan)| {
        let fetches = imported.remove(&source).unwrap_or_default();
        SourceImport {
            source,
            imported: fetches.iter().filter(|fetch| fetch.origin_entry.is_some()).count() as u64,
            present: plan.present,
            late: plan.late,
            brought: brought(&fetches),
            last: fetches.into_iter().next_back(),
            left_out: plan.left_out,
        }
    });
    Ok(Imported {
        origin: bundle.key.name().to_owned(),
        organisation: bundle.manifest.organisation.clone(),
        exported: bundle.manifest.exported,
        changed,
        sources: sources.collect(),
        holes,
    })
}

/// What fetches brought; what was held back brought nothing.
fn brought(fetches: &[Fetch]) -> Counts {
    fetches.iter().filter(|fetch| plan::is_good(fetch)).fold(Counts::default(), |sum, fetch| Counts {
        seen: sum.seen + fetch.counts.seen,
        new: sum.new + fetch.counts.new,
        changed: sum.changed + fetch.counts.changed,
        unchanged: sum.unchanged + fetch.counts.unchanged,
        withdrawn: sum.withdrawn + fetch.counts.withdrawn,
        quarantined: sum.quarantined + fetch.counts.quarantined,
    })
}

/// Names what is missing, and refuses to go on over it without a reason.
fn holes(plans: &BTreeMap<SourceId, Plan>, reason: Option<&str>) -> Result<Vec<BundleHole>> {
    let found: Vec<(&SourceId, (Option<u64>, u64))> =
        plans.iter().filter_map(|(source, plan)| Some((source, plan.hole?))).collect();
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) else {
        let words: Vec<String> = found.iter().map(|(source, (last, missing))| told(source, *last, *missing)).collect();
        return Err(refused(&format!(
            "fetches are missing before it: {}. Import the bundle that has them first; \
             if it is lost, go on with --allow-gap and the reason",
            words.join("; ")
        )));
    };
    let hole = |(source, (last, missing)): (&SourceId, (Option<u64>, u64))| BundleHole {
        source: source.clone(),
        last,
        missing,
        reason: reason.to_owned(),
    };
    Ok(found.into_iter().map(hole).collect())
}

fn told(source: &SourceId, last: Option<u64>, missing: u64) -> String {
    match last {
        Some(last) => format!("{source} after entry {last} up to {missing} of the other journal"),
        None => format!("{source} up to entry {missing} of the other journal"),
    }
}

/// Archives the objects of the fetches that are to be imported.
fn archive(workspace: &Workspace, path: &Path, bundle: &Sound, plans: &BTreeMap<SourceId, Plan>) -> Result<()> {
    let is_new = |source: &SourceId, seq: u64| plans.get(source).is_some_and(|plan| plan.new.contains(&seq));
    let fetches = bundle.fetches.iter().filter(|carried| is_new(&carried.fetch.source, carried.entry.seq));
    let wanted: BTreeSet<Digest> =
        fetches.flat_map(|carried| &carried.fetch.exchanges).filter_map(|exchange| exchange.object).collect();
    Container::open(path)?.read(|head, objects| {
        if head.manifest != bundle.bytes {
            return Err(refused("the file was changed while it was being read"));
        }
        for object in &bundle.manifest.objects {
            let mut bytes = objects.next(object)?;
            if wanted.contains(&object.digest) && !workspace.archive.contains(&object.digest) {
                if workspace.archive.put_reader(&mut bytes, path)? != object.digest {
                    return Err(refused("the file was changed while it was being read"));
                }
            } else {
                std::io::copy(&mut bytes, &mut std::io::sink()).map_err(|error| broken(&error))?;
            }
        }
        Ok(())
    })
}

/// Replays what is new, in the order of the other journal. A source that is held back here stays where it is.
fn replay_all(
    workspace: &mut Workspace,
    bundle: &Sound,
    plans: &BTreeMap<SourceId, Plan>,
    holes: &[BundleHole],
    progress: &mut Progress<'_>,
) -> Result<BTreeMap<SourceId, Vec<Fetch>>> {
    let mut imported: BTreeMap<SourceId, Vec<Fetch>> = BTreeMap::new();
    for carried in &bundle.fetches {
        let (id, seq) = (&carried.fetch.source, carried.entry.seq);
        let Some(plan) = plans.get(id).filter(|plan| plan.new.contains(&seq)) else { continue };
        let done = imported.entry(id.clone()).or_default();
        if done.last().is_some_and(|last| last.outcome == FetchOutcome::Held && last.origin_entry.is_none()) {
            continue;
        }
        let Some(source) = workspace.config.source(id).cloned() else { continue };
        progress(id, done.len() as u64, Some(plan.new.len() as u64), "fetches");
        let missing = holes.iter().find(|hole| hole.source == *id && done.iter().all(|fetch| !plan::is_good(fetch)));
        let missing = missing.map(|hole| {
            format!(
                "Fetches are missing: {} ({}).",
                told(id, hole.last, hole.missing),
                hole.reason.trim_end_matches('.')
            )
        });
        done.push(replay::replay(workspace, &source, &bundle.manifest.origin, carried, missing)?);
    }
    Ok(imported)
}

fn record(
    workspace: &mut Workspace,
    actor: &Actor,
    bundle: &Sound,
    imported: &BTreeMap<SourceId, Vec<Fetch>>,
    holes: Vec<BundleHole>,
) -> Result<()> {
    let (first, end) = bundle.manifest.entries;
    let event = BundleImported {
        manifest: workspace.archive.put(&bundle.bytes)?,
        origin: bundle.manifest.origin.clone(),
        exported: bundle.manifest.exported,
        entries: (first, end.saturating_sub(1)),
        fetches: imported.values().map(|fetches| fetches.len() as u64).sum(),
        holes,
    };
    workspace.append(&actor.user.name, Event::BundleImported(event))?;
    trust::pin(workspace, &bundle.key)
}
