//! From statements to matches: which vulnerabilities apply to the component, and who says otherwise (R1, R2, R14, R28).

use std::collections::BTreeMap;

use super::matcher::Matcher;
use super::statement::Statement;
use super::subject::Subject;
use super::{Candidates, RecordRef};
use crate::index::package_key::KeyKind;
use crate::model::advisory::Standing;
use crate::model::finding::{Confidence, Match, Reason};
use crate::model::source::{Family, SourceId};

/// What one record says about the component: numbers of its statements, the strongest identity's only.
#[derive(Debug, Clone, Default)]
pub(super) struct Says {
    /// Entries that cover the component.
    pub(super) affected: Vec<usize>,
    /// Entries that know it and do not cover it.
    pub(super) unaffected: Vec<usize>,
    /// Entries that leave it open.
    pub(super) unknown: Vec<usize>,
}

impl Says {
    /// Every statement that counts.
    fn all(&self) -> impl Iterator<Item = usize> {
        self.affected.iter().chain(&self.unaffected).chain(&self.unknown).copied()
    }

    /// The statements that support a match: those that cover the component, else those that leave it open.
    pub(super) fn support(&self) -> &[usize] {
        if self.affected.is_empty() { &self.unknown } else { &self.affected }
    }

    /// Whether the record knows the component and says that it is not affected.
    pub(super) fn denies(&self) -> bool {
        self.support().is_empty() && !self.unaffected.is_empty()
    }
}

/// Which statements speak for and against one vulnerability.
#[derive(Debug, Default)]
pub(super) struct Case {
    /// Statements for it: affected, or undecided.
    pub(super) support: Vec<usize>,
    /// One statement of each record that says otherwise.
    pub(super) dissent: Vec<usize>,
}

/// What a case comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ruling {
    /// It applies.
    Finding,
    /// A person has to decide.
    Candidate,
    /// It does not apply: a stronger word says so.
    Overruled,
}

/// Findings and candidates, each sorted by vulnerability.
pub(super) fn decide<K: Candidates + ?Sized>(
    matcher: &mut Matcher<'_, K>,
    subject: &Subject,
    statements: &[Statement],
) -> (Vec<Match>, Vec<Match>) {
    let says = by_record(statements, subject);
    let (mut findings, mut candidates) = (Vec::new(), Vec::new());
    for (cluster, case) in cases(matcher, subject, statements, &says) {
        match rule(matcher, subject, statements, &case) {
            Ruling::Finding => findings.push(build(matcher, subject, statements, cluster, &case, false)),
            Ruling::Candidate => candidates.push(build(matcher, subject, statements, cluster, &case, true)),
            Ruling::Overruled => {}
        }
    }
    findings.sort_by(|left, right| left.vulnerability.cmp(&right.vulnerability));
    candidates.sort_by(|left, right| left.vulnerability.cmp(&right.vulnerability));
    (findings, candidates)
}

/// Groups statements by record.
pub(super) fn by_record(statements: &[Statement], subject: &Subject) -> BTreeMap<RecordRef, Says> {
    let mut first = 0;
    let of_record = statements.chunk_by(|left, right| left.record == right.record).map(|of| {
        let numbers: Vec<usize> = (first..first + of.len()).collect();
        first += of.len();
        (of[0].record, weigh(&numbers, statements, subject))
    });
    of_record.collect()
}

/// Where an identity speaks, mere names do not; where the binary package is spoken of, its source package is not (R8); where
/// an entry decides, commits need not.
fn weigh(numbers: &[usize], statements: &[Statement], subject: &Subject) -> Says {
    let named = |said: &Statement| subject.keys[said.key].stated.family_hint == KeyKind::Named;
    let relevant = || numbers.iter().map(|at| (*at, &statements[*at])).filter(|(_, said)| said.excluded.is_none());
    let identified = relevant().any(|(_, said)| !named(said));
    let of_distribution = |said: &Statement| subject.keys[said.key].stated.family_hint == KeyKind::DistroPackage;
    let is_binary = |said: &Statement| subject.keys[said.key].stated.confidence == Confidence::Exact;
    let of_binary = relevant().any(|(_, said)| of_distribution(said) && is_binary(said));
    let decided = relevant().any(|(_, said)| said.standing() != Standing::Unknown);
    let mut says = Says::default();
    for (at, said) in relevant() {
        let of_source = of_binary && of_distribution(said) && !is_binary(said);
        if of_source || (identified && named(said)) || (decided && said.lacks_commits()) {
            continue;
        }
        match said.standing() {
            Standing::Affected => says.affected.push(at),
            Standing::Unaffected => says.unaffected.push(at),
            Standing::Unknown => says.unknown.push(at),
        }
    }
    says
}

/// Every vulnerability that some live record supports, with both sides heard.
pub(super) fn cases<K: Candidates + ?Sized>(
    matcher: &mut Matcher<'_, K>,
    subject: &Subject,
    statements: &[Statement],
    says: &BTreeMap<RecordRef, Says>,
) -> BTreeMap<usize, Case> {
    let mut cases: BTreeMap<usize, Case> = BTreeMap::new();
    let mut bulletins: Vec<(usize, usize)> = Vec::new();
    for (record, said) in says {
        let scoped = said.all().any(|at| statements[at].scope().is_some());
        if said.support().is_empty() && !scoped {
            continue;
        }
        if !matcher.detail(*record).naming.live {
            continue; // R2: withdrawn since the index was written.
        }
        for (cluster, said) in scopes(matcher, subject, statements, *record, said, scoped) {
            if said.denies() {
                bulletins.extend(strongest(&said.unaffected, statements).map(|at| (cluster, at)));
            } else if !said.support().is_empty() {
                cases.entry(cluster).or_default().support.extend_from_slice(said.support());
            }
        }
    }
    for (cluster, case) in &mut cases {
        for record in &matcher.known(*cluster).cluster.records {
            if let Some(said) = says.get(record).filter(|said| said.denies()) {
                case.dissent.extend(strongest(&said.unaffected, statements));
            }
        }
    }
    for (cluster, dissent) in bulletins {
        if let Some(case) = cases.get_mut(&cluster) {
            case.dissent.push(dissent);
        }
    }
    cases
}

/// What a record says of each vulnerability it supports. A CSAF bulletin says of each product which of its
/// vulnerabilities it has; no document may list a CVE twice (CSAF 2.0, 6.1.23), so numbers are positions among them.
fn scopes<'s, K: Candidates + ?Sized>(
    matcher: &mut Matcher<'_, K>,
    subject: &Subject,
    statements: &[Statement],
    record: RecordRef,
    said: &'s Says,
    scoped: bool,
) -> Vec<(usize, std::borrow::Cow<'s, Says>)> {
    use std::borrow::Cow;
    let clusters = matcher.clusters_of(record);
    let naming = &matcher.detail(record).naming;
    let numbered: Vec<String> = naming.covered().map(str::to_owned).collect();
    let countable = scoped && naming.is_container() && numbered.len() == naming.related.len();
    if !countable {
        return clusters.into_iter().map(|cluster| (cluster, Cow::Borrowed(said))).collect();
    }
    let part = |cluster: usize| {
        let names = &matcher.known(cluster).cluster.names;
        let number = numbered.iter().position(|cve| names.contains(cve))?;
        let is_of = |at: &usize| statements[*at].scope().is_none_or(|of| of.contains(&number));
        let numbers: Vec<usize> = said.all().filter(is_of).collect();
        Some((cluster, Cow::Owned(weigh(&numbers, statements, subject))))
    };
    clusters.into_iter().filter_map(part).collect()
}

/// The statement shown for a record that says otherwise.
fn strongest(of: &[usize], statements: &[Statement]) -> Option<usize> {
    let rank = |at: usize| (std::cmp::Reverse(statements[at].confidence), &statements[at].affected.place);
    of.iter().copied().min_by(|left, right| rank(*left).cmp(&rank(*right)))
}

/// Weighs both sides.
pub(super) fn rule<K: Candidates + ?Sized>(
    matcher: &mut Matcher<'_, K>,
    subject: &Subject,
    statements: &[Statement],
    case: &Case,
) -> Ruling {
    let kind = |at: usize| subject.keys[statements[at].key].stated.family_hint;
    let of_package = |at: usize| matches!(kind(at), KeyKind::Package | KeyKind::DistroPackage | KeyKind::Repository);
    let least = matcher.policy.minimum;
    let strong = |at: &usize| statements[*at].standing() == Standing::Affected && statements[*at].confidence >= least;
    let (affirmed, strong) =
        (case.support.iter().filter(|at| strong(at)).any(|at| of_package(*at)), case.support.iter().any(strong));
    // The ecosystem's, the distribution's and the numbering authority's word on the package; a vendor's on its product.
    let denied = case.dissent.iter().any(|at| {
        let family = matcher.detail(statements[*at].record).naming.family;
        (of_package(*at) && family != Family::Nvd)
            || (kind(*at) == KeyKind::Cpe && matches!(family, Family::Csaf | Family::OsVendor))
    });
    let settled = case.dissent.iter().any(|at| kind(*at) != KeyKind::Named);
    let open =
        case.support.iter().all(|at| kind(*at) == KeyKind::Named || statements[*at].standing() == Standing::Unknown);
    if strong {
        // R14: the ecosystem's or vendor's word on this very package overrules NVD; the disagreement stays visible.
        return if denied && !affirmed { Ruling::Candidate } else { Ruling::Finding };
    }
    // Names or an undecided entry alone: settled where a record that knows the component settles it.
    if open && settled { Ruling::Overruled } else { Ruling::Candidate }
}

fn build<K: Candidates + ?Sized>(
    matcher: &mut Matcher<'_, K>,
    subject: &Subject,
    statements: &[Statement],
    cluster: usize,
    case: &Case,
    for_a_person: bool,
) -> Match {
    let mut reasons = reasons_of(matcher, subject, statements, &case.support);
    let dissent = reasons_of(matcher, subject, statements, &case.dissent);
    for reason in &mut reasons {
        reason.notes.extend_from_slice(&matcher.known(cluster).cluster.notes);
    }
    let strongest = reasons.iter().map(|reason| reason.confidence).max().unwrap_or(Confidence::Candidate);
    let overruled = for_a_person && strongest >= matcher.policy.minimum && !dissent.is_empty();
    if overruled {
        let note = "a record that knows this very package says that it is not affected (R14)";
        for reason in &mut reasons {
            reason.notes.push(note.to_owned());
        }
    }
    let (own_title, own_score) = of_containers(matcher, statements, case);
    let known = matcher.known(cluster);
    Match {
        vulnerability: known.cluster.primary.clone(),
        aliases: known.cluster.names.clone(),
        confidence: if for_a_person { strongest.min(Confidence::Candidate) } else { strongest },
        score_tenths: known.score_tenths.or(own_score),
        title: if known.title.is_empty() { own_title } else { known.title.clone() },
        known_exploited: known.known_exploited.clone(),
        epss_millionths: known.epss_millionths,
        reasons,
        dissent,
    }
}

/// Title and score of what supports the case, for a vulnerability of which no record speaks alone.
fn of_containers<K: Candidates + ?Sized>(
    matcher: &mut Matcher<'_, K>,
    statements: &[Statement],
    case: &Case,
) -> (String, Option<u8>) {
    let mut best: Option<(u8, String, String, String)> = None;
    let mut score = None;
    for at in &case.support {
        let detail = matcher.detail(statements[*at].record);
        score = detail.score_tenths.max(score);
        let rank = (detail.title_rank(), detail.source.0.clone(), detail.naming.id.clone(), detail.title.clone());
        if !detail.title.is_empty() && best.as_ref().is_none_or(|best| rank < *best) {
            best = Some(rank);
        }
    }
    (best.map(|(_, _, _, title)| title).unwrap_or_default(), score)
}

/// Statements as reasons: strongest first, then by family, source, record and place; none twice.
fn reasons_of<K: Candidates + ?Sized>(
    matcher: &mut Matcher<'_, K>,
    subject: &Subject,
    statements: &[Statement],
    of: &[usize],
) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = of.iter().map(|at| reason(matcher, subject, &statements[*at])).collect();
    reasons.sort_by(|left, right| rank(left).cmp(&rank(right)).then_with(|| left.cmp(right)));
    if reasons.len() > 1 {
        // One entry found under two keys is one reason: the stronger.
        let mut seen = std::collections::BTreeSet::new();
        reasons.retain(|why| seen.insert((why.source.clone(), why.record.clone(), why.place.clone())));
    }
    reasons
}

fn rank(why: &Reason) -> (std::cmp::Reverse<Confidence>, Family, &SourceId, &str, &str) {
    (std::cmp::Reverse(why.confidence), why.family, &why.source, &why.record, &why.place)
}

/// A statement as a reason.
pub(super) fn reason<K: Candidates + ?Sized>(
    matcher: &mut Matcher<'_, K>,
    subject: &Subject,
    said: &Statement,
) -> Reason {
    let key = &subject.keys[said.key];
    let detail = matcher.detail(said.record);
    Reason {
        source: detail.source.clone(),
        family: detail.naming.family,
        record: detail.naming.id.clone(),
        revision: detail.revision,
        raw: detail.raw.clone(),
        place: said.affected.place.clone(),
        key: key.stated.key.0.clone(),
        identity: key.stated.identity.clone(),
        version: key.version.clone().unwrap_or_default(),
        range: said.range(key),
        order: said.order(),
        fix: said.fix(key),
        confidence: said.confidence,
        rule: said.rule(key).to_owned(),
        notes: said.notes(key),
        tlp: detail.tlp,
    }
}
