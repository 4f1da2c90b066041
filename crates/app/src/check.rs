//! `check`: one SBOM against what is known, without products, records or account. For builds.

use std::path::Path;

use domain::matching::{ComponentMatches, FamilyAnswer, Matcher, Policy};
use domain::model::finding::Match;
use domain::model::raw::Warning;
use domain::model::sbom::{Component, Sbom};
use rayon::prelude::*;
use store::knowledge::Knowledge;

use crate::error::Result;

/// Components are handed to the cores in batches of so many.
const BATCH: usize = 512;

/// A match with the component it is about.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The component.
    pub component: Component,
    /// What matching says.
    pub matched: Match,
}

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// The SBOM as read.
    pub sbom: Sbom,
    /// What the reader could not take as it stands.
    pub warnings: Vec<Warning>,
    /// Findings, known exploited and worst first.
    pub hits: Vec<Hit>,
    /// Candidates: a person would have to confirm them.
    pub candidates: Vec<Hit>,
    /// Components that no family can identify, by label.
    pub unidentified: Vec<String>,
    /// Components that a family could look up.
    pub assessed: u64,
}

impl Checked {
    /// Highest score among the findings, in tenths; a known-exploited finding without score counts as the highest.
    pub fn worst_tenths(&self) -> Option<u8> {
        self.hits
            .iter()
            .map(|hit| hit.matched.score_tenths.unwrap_or(if hit.matched.known_exploited.is_some() { 100 } else { 0 }))
            .max()
    }
}

/// Reads an SBOM file and holds it against the knowledge.
pub fn check(path: &Path, knowledge: &Knowledge) -> Result<Checked> {
    let (_, sbom, warnings) = crate::inventory::read_sbom(path)?;
    Ok(check_sbom(sbom, warnings, knowledge))
}

fn check_sbom(sbom: Sbom, warnings: Vec<Warning>, knowledge: &Knowledge) -> Checked {
    let policy = Policy::default();
    let mut components: Vec<&Component> = sbom.components.iter().collect();
    // The same component listed twice is one.
    let mut seen = std::collections::HashSet::new();
    components.retain(|component| {
        let mut anonymous = (*component).clone();
        anonymous.reference.clear();
        seen.insert(anonymous)
    });
    let batches: Vec<Vec<_>> = components
        .par_chunks(BATCH)
        .map(|batch| {
            let mut matcher = Matcher::new(knowledge, &policy);
            batch.iter().map(|component| (*component, matcher.match_component(component))).collect()
        })
        .collect();
    let found: Vec<(Component, ComponentMatches)> =
        batches.into_iter().flatten().map(|(component, matches)| (component.clone(), matches)).collect();
    let mut checked =
        Checked { warnings, hits: Vec::new(), candidates: Vec::new(), unidentified: Vec::new(), assessed: 0, sbom };
    for (component, matches) in found {
        let hit = |matched: Match| Hit { component: component.clone(), matched };
        checked.assessed +=
            u64::from(matches.outcomes.values().any(|outcome| matches!(outcome, FamilyAnswer::Assessable { .. })));
        if !matches.identified {
            checked.unidentified.push(component.label());
        }
        checked.hits.extend(matches.matches.into_iter().map(hit));
        checked.candidates.extend(matches.candidates.into_iter().map(hit));
    }
    checked.hits.sort_by(|a, b| {
        let rank = |hit: &Hit| (hit.matched.known_exploited.is_none(), std::cmp::Reverse(hit.matched.score_tenths));
        rank(a)
            .cmp(&rank(b))
            .then_with(|| a.matched.vulnerability.cmp(&b.matched.vulnerability))
            .then_with(|| a.component.cmp(&b.component))
    });
    checked.unidentified.sort();
    checked.unidentified.dedup();
    checked
}
