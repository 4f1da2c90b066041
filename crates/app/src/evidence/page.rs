//! A review record as a person reads it: every value as text, in the order of the page. HTML and PDF draw the same page.

mod intake;

use domain::model::review::{Kind, Meaning, Signature};
use domain::model::source::{Family, SourceState};
use domain::review::record::{Item, ReviewRecord, SourceEntry};
use jiff::Timestamp;
use serde::Serialize;

/// A review record as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, askama::Template)]
#[template(path = "review.html")]
pub struct ReviewPage {
    /// `Review REV-3`.
    pub title: String,
    /// Made in a rehearsal: every page says so.
    pub rehearsal: bool,
    /// The maker.
    pub organisation: String,
    /// TLP label.
    pub tlp: String,
    /// The period, in words.
    pub period: String,
    /// One sentence: what came out.
    pub summary: String,
    /// Facts about the review.
    pub facts: Vec<Fact>,
    /// Said when nothing applicable was found.
    pub nil_statement: Option<String>,
    /// The reviewer's conclusion.
    pub conclusion: String,
    /// Products, releases and SBOMs.
    pub scope: Vec<ScopeRow>,
    /// Outcomes by release and family.
    pub outcomes: Vec<OutcomeRow>,
    /// Sources.
    pub sources: Vec<SourceRow>,
    /// The information reviewed.
    pub items: Vec<ItemBlock>,
    /// Candidates.
    pub candidates: Vec<CandidateRow>,
    /// Components without identity.
    pub unidentified: Vec<UnidentifiedRow>,
    /// Bulletins.
    pub bulletins: Vec<BulletinRow>,
    /// What is said about own channels.
    pub reports_statement: String,
    /// Reports of own channels.
    pub reports: Vec<ReportRow>,
    /// What is said about manual watches.
    pub watches_statement: String,
    /// Suppliers watched by hand.
    pub watches: Vec<WatchRow>,
    /// Deviations.
    pub deviations: Vec<DeviationRow>,
    /// Monitoring runs.
    pub runs: Vec<RunRow>,
    /// Signatures.
    pub signatures: Vec<SignatureRow>,
    /// Digest of the signed record.
    pub digest: String,
    /// Program, version and settings.
    pub tool: String,
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Label.
    pub label: String,
    /// Value.
    pub value: String,
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($field:ident),* $(,)? })*) => {
        $( $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[expect(missing_docs, reason = "the columns of a printed table, named as their headings")]
        pub struct $name { $(pub $field: String),* } )*
    };
}

rows! {
    /// A release in scope.
    ScopeRow { product, release, sbom, components, unidentified }
    /// Outcomes of one family for one release.
    OutcomeRow { release, family, matched, no_match, not_assessable, unavailable }
    /// A source over the period.
    SourceRow { source, state, last_success, data_from, fetches, brought, gaps }
    /// A candidate.
    CandidateRow { release, component, vulnerability, why }
    /// A component without identity.
    UnidentifiedRow { release, component, supplier }
    /// A bulletin.
    BulletinRow { number, provider, title, tlp, received, mentions }
    /// A report of an own channel.
    ReportRow { number, channel, title, tlp, aware, owner, state }
    /// A supplier watched by hand.
    WatchRow { number, supplier, page, every, dues, looks, next }
    /// A deviation.
    DeviationRow { what, impact, correction }
    /// A run.
    RunRow { run, finished, changes, knowledge }
    /// A signature.
    SignatureRow { name, meaning, at, method }
}

/// A finding considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemBlock {
    /// `F-12`.
    pub finding: String,
    /// Why it is on the agenda.
    pub why: String,
    /// Name of the vulnerability.
    pub vulnerability: String,
    /// Other names.
    pub aliases: String,
    /// One line.
    pub title: String,
    /// Release and component.
    pub place: String,
    /// Score and severity, as in `10.0 critical`.
    pub score: String,
    /// Known exploited since, or empty.
    pub known_exploited: String,
    /// How it was matched.
    pub matched_by: String,
    /// Records that support it.
    pub records: String,
    /// State of the work.
    pub state: String,
    /// The decision in words, or that there is none.
    pub decision: String,
    /// The rationale.
    pub rationale: String,
    /// What happened.
    pub events: Vec<String>,
}

impl ReviewPage {
    /// Lays a record out as text. `digest` is the record's own; `signatures` are bound to it.
    pub fn of(record: &ReviewRecord, digest: &str, signatures: &[Signature]) -> Self {
        Self {
            title: format!("Review {}", record.review),
            rehearsal: record.rehearsal,
            organisation: record.organisation.clone(),
            tlp: record.tlp.to_string(),
            period: format!("{} up to {}", moment(record.period_start), moment(record.period_end)),
            summary: summary(record),
            facts: facts(record),
            nil_statement: record.nil_statement.clone(),
            conclusion: record.conclusion.clone(),
            scope: scope(record),
            outcomes: outcomes(record),
            sources: record.sources.iter().map(source).collect(),
            items: record.items.iter().map(item).collect(),
            candidates: candidates(record),
            unidentified: unidentified(record),
            bulletins: bulletins(record),
            reports_statement: stated(&record.reports_statement),
            reports: record.reports.iter().map(intake::report).collect(),
            watches_statement: stated(&record.watches_statement),
            watches: record.watches.iter().map(intake::watch).collect(),
            deviations: deviations(record),
            runs: runs(record),
            signatures: signatures.iter().map(signature).collect(),
            digest: digest.to_owned(),
            tool: format!(
                "{} {}, matcher {}, configuration {}",
                record.tool.name,
                record.tool.version,
                record.tool.matcher,
                record.tool.configuration.short()
            ),
        }
    }
}

/// `2022-01-03 09:30 UTC`.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// `10.0 critical`, or a dash.
pub fn score(tenths: Option<u8>) -> String {
    tenths.map_or_else(
        || "–".to_owned(),
        |tenths| format!("{}.{} {}", tenths / 10, tenths % 10, standards::cvss::severity(tenths).word().to_lowercase()),
    )
}

/// `1 finding`, `2 findings`.
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn summary(record: &ReviewRecord) -> String {
    let open = record.items.iter().filter(|item| item.state.needs_decision()).count();
    let ok = record.sources.iter().filter(|source| source.state == SourceState::Ok).count();
    format!(
        "{} considered in {}, {} without decision. {} of {} ok at the end of the period.",
        counted(record.items.len(), "finding"),
        counted(record.scope.len(), "release"),
        open,
        ok,
        counted(record.sources.len(), "source"),
    )
}

fn facts(record: &ReviewRecord) -> Vec<Fact> {
    let kind = match record.kind {
        Kind::Scheduled => "scheduled",
        Kind::OutOfCycle => "out of cycle",
        Kind::ReleaseGate => "release gate",
        Kind::Backfill => "backfill",
    };
    let reviewer =
        format!("{} ({}; {})", record.reviewer.printed_name, record.reviewer.user, record.reviewer.roles.join(", "));
    let mut facts = vec![
        (
            "Plan",
            format!("{}, every {}, revision {}", record.plan.name, record.plan.every, record.plan.revision.short()),
        ),
        (
            "Procedure",
            if record.plan.procedure.is_empty() { "not stated".to_owned() } else { record.plan.procedure.clone() },
        ),
        ("Kind", kind.to_owned()),
        ("Performed", moment(record.performed_at)),
        ("Reviewer", reviewer),
        ("Audit trail", format!("journal entries 0 to {}", record.journal_size.saturating_sub(1))),
    ];
    if let Some(trigger) = &record.trigger {
        facts.insert(3, ("Trigger", trigger.clone()));
    }
    facts.into_iter().map(|(label, value)| Fact { label: label.to_owned(), value }).collect()
}

fn scope(record: &ReviewRecord) -> Vec<ScopeRow> {
    let row = |entry: &domain::review::record::ScopeEntry| {
        let (sbom, components, unidentified) = entry.sbom.as_ref().map_or_else(
            || ("no SBOM".to_owned(), "–".to_owned(), "–".to_owned()),
            |sbom| {
                let name = format!("{}, revision {}, {}", sbom.format, sbom.revision, sbom.digest.short());
                (name, sbom.components.to_string(), sbom.unidentified.to_string())
            },
        );
        ScopeRow {
            product: entry.product_name.clone(),
            release: entry.release.to_string(),
            sbom,
            components,
            unidentified,
        }
    };
    record.scope.iter().map(row).collect()
}

fn outcomes(record: &ReviewRecord) -> Vec<OutcomeRow> {
    let mut rows = Vec::new();
    for entry in &record.scope {
        for family in Family::MATCHED {
            if let Some(totals) = entry.outcomes.get(&family) {
                rows.push(OutcomeRow {
                    release: entry.release.to_string(),
                    family: family.to_string(),
                    matched: totals.matched.to_string(),
                    no_match: totals.assessed_no_match.to_string(),
                    not_assessable: totals.not_assessable.to_string(),
                    unavailable: totals.source_unavailable.to_string(),
                });
            }
        }
    }
    rows
}

fn source(entry: &SourceEntry) -> SourceRow {
    let optional = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), moment);
    let counts = &entry.counts;
    let mut brought = vec![format!("{} live", entry.live)];
    let kinds = [
        ("new", counts.new),
        ("changed", counts.changed),
        ("withdrawn", counts.withdrawn),
        ("set aside", counts.quarantined),
    ];
    brought.extend(kinds.iter().filter(|(_, count)| *count > 0).map(|(kind, count)| format!("{count} {kind}")));
    let gaps: Vec<String> = entry
        .gaps
        .iter()
        .map(|gap| {
            let number = gap.gap.as_ref().map(|gap| format!("{gap}, ")).unwrap_or_default();
            match gap.to {
                Some(to) => format!("{number}{} to {}, closed: {}", moment(gap.from), moment(to), gap.why),
                None => format!("{number}since {}, open: {}", moment(gap.from), gap.why),
            }
        })
        .collect();
    SourceRow {
        source: entry.source.to_string(),
        state: if entry.why.is_empty() {
            entry.state.word().to_owned()
        } else {
            format!("{}: {}", entry.state.word(), entry.why)
        },
        last_success: optional(entry.last_success),
        data_from: optional(entry.data_timestamp),
        fetches: if entry.not_good == 0 {
            entry.fetches.to_string()
        } else {
            format!("{}, {} not good", entry.fetches, entry.not_good)
        },
        brought: brought.join(", "),
        gaps: if gaps.is_empty() { "none".to_owned() } else { gaps.join("; ") },
    }
}

fn item(item: &Item) -> ItemBlock {
    ItemBlock {
        finding: item.finding.clone(),
        why: item.why.clone(),
        vulnerability: item.vulnerability.clone(),
        aliases: item
            .aliases
            .iter()
            .filter(|alias| **alias != item.vulnerability)
            .cloned()
            .collect::<Vec<_>>()
            .join(", "),
        title: item.title.clone(),
        place: format!("{} in {}", item.component, item.release),
        score: score(item.score_tenths),
        known_exploited: item.known_exploited.clone().unwrap_or_default(),
        matched_by: format!("{} ({})", item.matched_by, item.confidence),
        records: item.records.join("; "),
        state: item.state.word().replace('_', " "),
        decision: decision(item),
        rationale: item.rationale.clone().unwrap_or_default(),
        events: item.events.clone(),
    }
}

fn decision(item: &Item) -> String {
    let (Some(status), Some(by), Some(at)) = (&item.status, &item.decided_by, item.decided_at) else {
        return "no decision".to_owned();
    };
    let mut words = status.replace('_', " ");
    if let Some(justification) = &item.justification {
        words.push_str(": ");
        words.push_str(&justification.replace('_', " "));
    }
    words = format!("{words}, by {by} on {}", moment(at));
    if let Some(approver) = &item.approved_by {
        words = format!("{words}, approved by {approver}");
    }
    words
}

fn candidates(record: &ReviewRecord) -> Vec<CandidateRow> {
    let row = |entry: &domain::review::record::CandidateEntry| CandidateRow {
        release: entry.release.to_string(),
        component: entry.component.clone(),
        vulnerability: entry.vulnerability.clone(),
        why: entry.why.clone(),
    };
    record.candidates.iter().map(row).collect()
}

fn unidentified(record: &ReviewRecord) -> Vec<UnidentifiedRow> {
    let row = |entry: &domain::review::record::UnidentifiedEntry| UnidentifiedRow {
        release: entry.release.to_string(),
        component: entry.component.clone(),
        supplier: entry.supplier.clone().unwrap_or_else(|| "–".to_owned()),
    };
    record.unidentified.iter().map(row).collect()
}

fn bulletins(record: &ReviewRecord) -> Vec<BulletinRow> {
    let row = |bulletin: &domain::model::journal::Bulletin| BulletinRow {
        number: format!("B-{}", bulletin.number),
        provider: bulletin.provider.clone(),
        title: bulletin.title.clone(),
        tlp: bulletin.tlp.to_string(),
        received: moment(bulletin.received),
        mentions: bulletin.mentions.join(", "),
    };
    record.bulletins.iter().map(row).collect()
}

/// A statement; records of before it belonged to them have none.
fn stated(words: &str) -> String {
    if words.is_empty() { "Not part of this record.".to_owned() } else { words.to_owned() }
}

fn deviations(record: &ReviewRecord) -> Vec<DeviationRow> {
    let row = |deviation: &domain::review::record::Deviation| DeviationRow {
        what: deviation.what.clone(),
        impact: deviation.impact.clone(),
        correction: deviation.correction.clone(),
    };
    record.deviations.iter().map(row).collect()
}

fn runs(record: &ReviewRecord) -> Vec<RunRow> {
    let row = |run: &domain::review::record::RunEntry| {
        let changes: Vec<String> =
            run.changes.iter().map(|(kind, count)| format!("{count} {}", kind.replace('_', " "))).collect();
        RunRow {
            run: run.run.to_string(),
            finished: moment(run.finished),
            changes: if changes.is_empty() { "nothing changed".to_owned() } else { changes.join(", ") },
            knowledge: run.knowledge.short(),
        }
    };
    record.runs.iter().map(row).collect()
}

fn signature(signature: &Signature) -> SignatureRow {
    SignatureRow {
        name: format!("{} ({})", signature.printed_name, signature.user),
        meaning: match signature.meaning {
            Meaning::Reviewed => "I performed this review and stand by its content.",
            Meaning::Approved => "I approve this record.",
        }
        .to_owned(),
        at: moment(signature.at),
        method: "passphrase, Ed25519".to_owned(),
    }
}
