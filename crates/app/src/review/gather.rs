//! What a review has to look at, gathered from the runs, fetches, findings, bulletins, reports and looks of its period.

use std::collections::{BTreeMap, BTreeSet};

use domain::matching::MATCHER_VERSION;
use domain::model::finding::{FindingId, Match};
use domain::model::journal::User;
use domain::model::product::ReleaseId;
use domain::model::review::Review;
use domain::model::source::{Counts, FetchOutcome, SourceId, SourceState};
use domain::model::tlp::Tlp;
use domain::monitor::{self, Attempt};
use domain::review::intake::{reports_statement, watches_statement};
use domain::review::record::{
    CandidateEntry, Deviation, FORMAT, GapEntry, Item, Person, Plan, ReviewRecord, RunEntry, ScopeEntry, ScopeSbom,
    SourceEntry, Tool, UnidentifiedEntry,
};
use jiff::tz::TimeZone;
use store::records::{ChangeRow, FindingFilter, FindingHistory, GapFilter, GapRow};

use super::intake;
use crate::config::ConfiguredSource;
use crate::error::Result;
use crate::workspace::Workspace;

/// The record of a review as it would be frozen now.
pub fn record(workspace: &Workspace, review: &Review, reviewer: &User, conclusion: &str) -> Result<ReviewRecord> {
    let scope = scope(workspace, review)?;
    let runs = runs(workspace, review)?;
    let sources = sources(workspace, review)?;
    let (items, items_mark) = items(workspace, review)?;
    let (candidates, candidates_mark) = candidates(workspace, &scope)?;
    let unidentified = unidentified(workspace, &scope)?;
    let bulletins: Vec<_> = workspace
        .records
        .bulletins_between(review.period_start, review.period_end)?
        .into_iter()
        .map(|bulletin| bulletin.value)
        .collect();
    let reports = intake::reports(workspace, review)?;
    let watches = intake::watches(workspace, review)?;
    let marks = bulletins.iter().map(|bulletin| bulletin.tlp).chain(reports.iter().map(|report| report.tlp));
    // What a review tells is marked as the strictest record that any of it rests on.
    let tlp = marks.max().unwrap_or(Tlp::Clear).max(items_mark).max(candidates_mark);
    let mut deviations = deviations(workspace, review, &sources, &scope);
    deviations.extend(intake::deviations(&reports, &watches));
    let nil_statement = nil_statement(&items, &scope, &sources, &runs);
    Ok(ReviewRecord {
        format: FORMAT.to_owned(),
        review: review.id,
        rehearsal: workspace.rehearsal,
        organisation: workspace.config.organisation.clone(),
        plan: Plan {
            name: review.plan.clone(),
            revision: review.plan_revision,
            procedure: workspace.config.review.procedure.clone(),
            every: workspace.config.review.every_words.clone(),
        },
        kind: review.kind,
        trigger: review.trigger.clone(),
        period_start: review.period_start,
        period_end: review.period_end,
        performed_at: workspace.now(),
        reviewer: Person {
            user: reviewer.name.clone(),
            printed_name: reviewer.printed_name.clone(),
            roles: reviewer.roles.clone(),
        },
        scope,
        runs,
        sources,
        items,
        candidates,
        unidentified,
        bulletins,
        reports_statement: reports_statement(&reports),
        reports,
        watches_statement: watches_statement(&watches),
        watches,
        nil_statement,
        deviations,
        conclusion: conclusion.to_owned(),
        tlp,
        tool: Tool {
            name: crate::PROGRAM.to_owned(),
            version: crate::VERSION.to_owned(),
            configuration: workspace.config_digest,
            matcher: MATCHER_VERSION.to_owned(),
        },
        journal_size: workspace.records.tree_size()?,
    })
}

fn scope(workspace: &Workspace, review: &Review) -> Result<Vec<ScopeEntry>> {
    let mut scope = Vec::new();
    for product in &review.products {
        let name =
            workspace.config.product(product).map_or_else(|| product.to_string(), |product| product.name.clone());
        for row in workspace.records.releases(Some(product))? {
            let run = workspace.records.last_run_of(&row.release)?;
            let outcome =
                run.and_then(|run| run.value.releases.into_iter().find(|outcome| outcome.release == row.release));
            let sbom = workspace.records.current_sbom(&row.release)?.map(|sbom| ScopeSbom {
                revision: sbom.value.revision,
                digest: sbom.value.original,
                format: sbom.value.format,
                components: sbom.value.components,
                unidentified: outcome.as_ref().map_or(sbom.value.components, |outcome| outcome.unidentified),
            });
            scope.push(ScopeEntry {
                product: product.clone(),
                product_name: name.clone(),
                release: row.release,
                sbom,
                outcomes: outcome.map(|outcome| outcome.totals).unwrap_or_default(),
            });
        }
    }
    Ok(scope)
}

fn runs(workspace: &Workspace, review: &Review) -> Result<Vec<RunEntry>> {
    let runs = workspace.records.runs_between(review.period_start, review.period_end)?;
    let entry = |run: domain::model::run::Run| RunEntry {
        run: run.id,
        finished: run.finished,
        knowledge: run.knowledge,
        matcher: run.matcher,
        changes: run.change_counts,
    };
    Ok(runs.into_iter().map(|run| entry(run.value)).collect())
}

fn sources(workspace: &Workspace, review: &Review) -> Result<Vec<SourceEntry>> {
    let register = workspace.records.register_at(review.period_end)?;
    let mut entries = Vec::new();
    for source in &workspace.config.sources {
        let id = &source.fetch.id;
        let inside = workspace.records.attempts(id, review.period_start, review.period_end)?;
        let status = crate::sync::status::at(workspace, source, review.period_end)?;
        let brought = |attempt: &&Attempt| matches!(attempt.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete);
        entries.push(SourceEntry {
            source: id.clone(),
            family: source.fetch.kind.family(),
            url: source.fetch.url.clone(),
            register_revision: register
                .iter()
                .find(|known| known.value.source == *id)
                .map(|known| known.value.revision),
            fetches: inside.len() as u64,
            not_good: inside.iter().filter(|attempt| attempt.outcome != FetchOutcome::Ok).count() as u64,
            last_success: status.last_success,
            data_timestamp: status.data_timestamp,
            state: status.state,
            why: status.why,
            counts: sum(inside.iter().filter(brought).map(|attempt| attempt.counts)),
            live: status.live,
            gaps: gaps(workspace, source, review)?,
        });
    }
    entries.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(entries)
}

/// Gaps of the ledger that touch the period and were longer than the source's limit; the last one may not be found yet.
fn gaps(workspace: &Workspace, source: &ConfiguredSource, review: &Review) -> Result<Vec<GapEntry>> {
    let (id, end) = (&source.fetch.id, review.period_end);
    let touching = Some((review.period_start, end));
    let filter = GapFilter { source: Some(id.clone()), touching, ..GapFilter::default() };
    let known = workspace.records.gaps(&filter)?;
    let entry = |row: &GapRow| {
        let closed = row.gap.closed.filter(|closing| closing.at < end);
        let reviewed = row.review();
        GapEntry {
            gap: row.gap.id.map(|id| id.to_string()),
            from: row.gap.from,
            to: closed.map(|closing| closing.at),
            why: row.gap.cause.clone(),
            closed_by: closed.map(|closing| closing.sentence()).unwrap_or_default(),
            conclusion: reviewed.map(|review| review.value.conclusion.clone()).unwrap_or_default(),
            reviewed_by: reviewed.map(|review| review.actor.clone()).unwrap_or_default(),
        }
    };
    let mut entries: Vec<GapEntry> = known.iter().filter(|row| row.gap.exceeds_limit(end)).map(entry).collect();
    let pending = monitor::gaps::pending(id, &source.limits(), &workspace.records.standing(id)?, end);
    entries.extend(pending.map(|gap| entry(&GapRow { gap, reviews: Vec::new() })));
    Ok(entries)
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |a, b| Counts {
        seen: a.seen + b.seen,
        new: a.new + b.new,
        changed: a.changed + b.changed,
        unchanged: a.unchanged + b.unchanged,
        withdrawn: a.withdrawn + b.withdrawn,
        quarantined: a.quarantined + b.quarantined,
    })
}

/// Every finding that something happened to in the period, or that is open, or decided in the period.
/// What is on the agenda, and the strictest mark of the records it rests on.
fn items(workspace: &Workspace, review: &Review) -> Result<(Vec<Item>, Tlp)> {
    let mut changed: BTreeMap<FindingId, Vec<ChangeRow>> = BTreeMap::new();
    for change in workspace.records.changes_between(review.period_start, review.period_end)? {
        if let Some(finding) = change.finding {
            changed.entry(finding).or_default().push(change);
        }
    }
    let (mut items, mut tlp) = (Vec::new(), Tlp::Clear);
    for product in &review.products {
        let filter = FindingFilter { product: Some(product.clone()), ..FindingFilter::default() };
        for row in workspace.records.findings(&filter)? {
            let events = changed.remove(&row.id).unwrap_or_default();
            let Some(history) = workspace.records.finding(row.id)? else { continue };
            let decided = history
                .assessments
                .iter()
                .any(|assessment| assessment.at >= review.period_start || history.row.state.needs_decision());
            if let Some(why) = why_on_agenda(&history, &events, decided) {
                tlp = tlp.max(history.matched.strictest_tlp());
                items.push(item(&history, &events, why));
            }
        }
    }
    Ok((items, tlp))
}

fn why_on_agenda(history: &FindingHistory, events: &[ChangeRow], decided: bool) -> Option<&'static str> {
    let happened = |kind: &str| events.iter().any(|event| event.kind == kind);
    if happened("reopened") {
        Some("reopened")
    } else if happened("appeared") {
        Some("new")
    } else if happened("gone") {
        Some("gone")
    } else if happened("returned") {
        Some("returned")
    } else if happened("changed") {
        Some("changed")
    } else if history.row.state.needs_decision()
        || history.row.state == domain::assess::work::WorkState::UnderInvestigation
    {
        Some("open")
    } else {
        decided.then_some("decided")
    }
}

fn item(history: &FindingHistory, events: &[ChangeRow], why: &str) -> Item {
    let row = &history.row;
    let latest = history.assessments.last().map(|assessment| &assessment.value);
    let justification = latest.and_then(|assessment| match &assessment.status {
        domain::model::assessment::Status::NotAffected { justification, .. } => Some(justification.word().to_owned()),
        _ => None,
    });
    let told = events.iter().filter(|event| event.kind != "appeared").map(|event| {
        let detail = event.detail.join("; ");
        let kind = event.kind.replace('_', " ");
        if detail.is_empty() { format!("{}: {kind}", event.run) } else { format!("{}: {kind}, {detail}", event.run) }
    });
    Item {
        finding: row.id.to_string(),
        why: why.to_owned(),
        vulnerability: row.vulnerability.clone(),
        aliases: history.matched.aliases.clone(),
        title: row.title.clone(),
        release: row.release.clone(),
        component: row.component_label.clone(),
        records: records(&history.matched),
        matched_by: matched_by(&history.matched),
        confidence: row.confidence.word().to_owned(),
        score_tenths: row.score_tenths,
        known_exploited: row.known_exploited.clone(),
        state: row.state,
        status: latest.map(|assessment| assessment.status.word().to_owned()),
        justification,
        rationale: latest.map(|assessment| assessment.rationale.clone()),
        decided_by: latest.map(|assessment| assessment.by.clone()),
        decided_at: latest.map(|assessment| assessment.at),
        approved_by: latest.and_then(|assessment| assessment.approval.as_ref().map(|approval| approval.by.clone())),
        events: told.collect(),
    }
}

/// `osv:Maven GHSA-… (3f2a…)` for every record that supports a match, each once.
fn records(matched: &Match) -> Vec<String> {
    let names: BTreeSet<String> = matched
        .reasons
        .iter()
        .map(|reason| format!("{} {} ({})", reason.source, reason.record, reason.revision.short()))
        .collect();
    names.into_iter().collect()
}

/// The strongest reason in words: `pkg:maven/… 2.14.1 in >= 2.13.0, < 2.15.0 by maven order`.
pub fn matched_by(matched: &Match) -> String {
    let Some(reason) = matched.reasons.first() else { return String::new() };
    let version = if reason.version.is_empty() { "unknown version" } else { &reason.version };
    format!("{} {version} in {} by {} order", identity(&reason.identity), reason.range, reason.order)
}

/// An identity without its version, which is told apart.
fn identity(identity: &str) -> &str {
    match identity.split_once('@') {
        Some((name, _)) if identity.starts_with("pkg:") && !name.ends_with('/') => name,
        _ => identity,
    }
}

/// Candidates, and the strictest mark of the records they rest on.
fn candidates(workspace: &Workspace, scope: &[ScopeEntry]) -> Result<(Vec<CandidateEntry>, Tlp)> {
    let (mut entries, mut tlp) = (Vec::new(), Tlp::Clear);
    for release in scope {
        for row in workspace.records.candidates(&release.release)? {
            let why = row.matched.reasons.first().map(|reason| {
                let notes = reason.notes.join("; ");
                if notes.is_empty() {
                    format!("names agree: {} says so in {}", reason.record, reason.place)
                } else {
                    notes
                }
            });
            tlp = tlp.max(row.matched.strictest_tlp());
            entries.push(CandidateEntry {
                release: row.release,
                component: row.component_label,
                vulnerability: row.matched.vulnerability,
                why: why.unwrap_or_default(),
            });
        }
    }
    Ok((entries, tlp))
}

fn unidentified(workspace: &Workspace, scope: &[ScopeEntry]) -> Result<Vec<UnidentifiedEntry>> {
    let mut entries = Vec::new();
    for release in scope {
        for component in unidentified_components(workspace, &release.release)? {
            let (component, supplier) = component;
            entries.push(UnidentifiedEntry { release: release.release.clone(), component, supplier });
        }
    }
    Ok(entries)
}

/// Components of a release's SBOM in force that no family of sources can identify: label and supplier, each once.
pub fn unidentified_components(workspace: &Workspace, release: &ReleaseId) -> Result<Vec<(String, Option<String>)>> {
    let Some(sbom) = workspace.records.current_sbom(release)? else { return Ok(Vec::new()) };
    let inventory = workspace.records.inventory(release, sbom.value.revision)?;
    let found: BTreeSet<(String, Option<String>)> = inventory
        .into_iter()
        .filter(|row| row.component.kind != domain::model::sbom::Kind::File && !is_identified(&row.component))
        .map(|row| (row.component.label(), row.component.supplier))
        .collect();
    Ok(found.into_iter().collect())
}

fn deviations(workspace: &Workspace, review: &Review, sources: &[SourceEntry], scope: &[ScopeEntry]) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    let due = review
        .period_start
        .to_zoned_datetime(TimeZone::UTC)
        .checked_add(workspace.config.review.every)
        .map(|due| due.timestamp());
    if due.is_ok_and(|due| review.period_end.duration_since(due) > jiff::SignedDuration::from_hours(7 * 24)) {
        deviations.push(Deviation {
            what: format!("The period is longer than the plan's rhythm of {}.", workspace.config.review.every_words),
            impact: "A scheduled review was missed; this one covers its time.".to_owned(),
            correction: "The period joins the previous one without a hole.".to_owned(),
        });
    }
    for source in sources {
        deviations.extend(source.gaps.iter().map(|gap| gap_deviation(&source.source, gap)));
    }
    for entry in scope.iter().filter(|entry| entry.sbom.is_none()) {
        deviations.push(Deviation {
            what: format!("{} has no SBOM.", entry.release),
            impact: "None of its components was assessed.".to_owned(),
            correction: "Open. Import one.".to_owned(),
        });
    }
    deviations
}

fn gap_deviation(source: &SourceId, gap: &GapEntry) -> Deviation {
    let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
    let number = gap.gap.as_ref().map(|gap| format!("{gap}: ")).unwrap_or_default();
    let (from, why) = (day(gap.from), gap.why.trim_end_matches('.'));
    let (what, mut correction) = match gap.to {
        Some(to) => (
            format!("{number}{source} was not ok from {from} to {}: {why}.", day(to)),
            format!("Closed. {}", gap.closed_by),
        ),
        None => (
            format!("{number}{source} has not been ok since {from}: {why}."),
            "Open. The next good fetch catches up, and the next review covers what it brings.".to_owned(),
        ),
    };
    if !gap.conclusion.is_empty() {
        correction = format!("{correction} {}: {}", gap.reviewed_by, gap.conclusion);
    }
    let impact = "In this time nothing new from this source was held against the releases.".to_owned();
    Deviation { what, impact, correction }
}

/// What is said when nothing new applies: what was considered, so that silence is evidence.
fn nil_statement(items: &[Item], scope: &[ScopeEntry], sources: &[SourceEntry], runs: &[RunEntry]) -> Option<String> {
    let moved = |item: &&Item| item.why != "decided" && item.why != "open";
    if items.iter().any(|item| moved(&item)) {
        return None;
    }
    let components: u64 = scope.iter().filter_map(|entry| entry.sbom.as_ref()).map(|sbom| sbom.components).sum();
    let brought: u64 =
        sources.iter().map(|source| source.counts.new + source.counts.changed + source.counts.withdrawn).sum();
    let ok = sources.iter().filter(|source| source.state == SourceState::Ok).count();
    Some(format!(
        "Nothing new applies. {} runs held {components} components of {} releases against {brought} new, changed or withdrawn records of {} sources, {ok} of them ok at the end of the period.",
        runs.len(),
        scope.len(),
        sources.len(),
    ))
}

/// Whether anything but names identifies a component.
fn is_identified(component: &domain::model::sbom::Component) -> bool {
    use domain::index::package_key::{KeyKind, keys_of_component};
    keys_of_component(component).iter().any(|key| key.family_hint != KeyKind::Named)
}
