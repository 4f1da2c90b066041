//! Why a vulnerability does or does not apply: every record of its cluster, what it says, and what follows.
//!
//! The same statements and the same ruling as [`super::decide`], told instead of summed up. Serialisable, and readable
//! as sentences through [`std::fmt::Display`].

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::decide::{self, Case, Ruling, Says};
use super::matcher::{Matcher, Said};
use super::statement::{Statement, scheme_name};
use super::subject::Subject;
use super::{Candidates, RecordRef};
use crate::model::advisory::Standing;
use crate::model::finding::{Confidence, Reason};
use crate::model::sbom::Component;
use crate::model::source::{Family, SourceId};

/// The answer to "why" or "why not".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The name asked for.
    pub asked: String,
    /// The component as people call it.
    pub component: String,
    /// Where it was looked up.
    pub looked: Vec<Looked>,
    /// One for each vulnerability the name stands for: an erratum covers several. Empty if the name is unknown.
    pub vulnerabilities: Vec<Explained>,
    /// Records under this name that do not count, as sentences.
    pub dead: Vec<String>,
    /// Limits that were reached.
    pub notes: Vec<String>,
}

/// One key under which the component was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// The key.
    pub key: String,
    /// What it was taken from.
    pub identity: String,
    /// The version compared; empty if unknown.
    pub version: String,
    /// The order of versions.
    pub order: String,
    /// How sure the identity is.
    pub confidence: Confidence,
}

/// What is said about the component and one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// Its primary name.
    pub vulnerability: String,
    /// All its names.
    pub names: Vec<String>,
    /// What follows.
    pub verdict: Verdict,
    /// Why, as a sentence.
    pub because: String,
    /// Its records, sorted by family, source and id.
    pub records: Vec<RecordSays>,
    /// Doubts about the group of names.
    pub notes: Vec<String>,
}

/// What follows from all statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is a finding.
    Finding,
    /// A person has to decide.
    Candidate,
    /// Records know the component and say that it is not affected.
    NotAffected,
    /// No record says anything about this component.
    NotMentioned,
}

/// What one record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSays {
    /// The source.
    pub source: SourceId,
    /// Its family.
    pub family: Family,
    /// The record.
    pub record: String,
    /// Its statements about this component, by place; empty if it names only others.
    pub statements: Vec<StatementSays>,
}

/// What one entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementSays {
    /// Affected, not affected, not said.
    pub standing: Standing,
    /// Why the entry is about something else, if it is.
    pub excluded: Option<String>,
    /// Versions, range, order, rule.
    pub reason: Reason,
}

impl<K: Candidates + ?Sized> Matcher<'_, K> {
    /// Why a named vulnerability does or does not apply to a component, in full.
    pub fn explain(&mut self, component: &Component, vulnerability: &str) -> Explanation {
        let asked = vulnerability.trim();
        let subject = Subject::of(component);
        let Said { statements, notes } = self.listen(&subject);
        let says = decide::by_record(&statements, &subject);
        let cases = decide::cases(self, &subject, &statements, &says);
        let (records, mut clusters) = self.named(asked);
        if clusters.is_empty() {
            // Nobody bears the name, yet an erratum may cover it.
            clusters.extend(cases.keys().filter(|at| self.known(**at).cluster.names.iter().any(|name| name == asked)));
        }
        let dead = self.dead(&records);
        let hearing = Hearing { subject: &subject, statements: &statements, says: &says };
        let mut vulnerabilities: Vec<Explained> =
            clusters.into_iter().map(|cluster| self.hear(cluster, cases.get(&cluster), &hearing)).collect();
        vulnerabilities.sort_by(|left, right| left.vulnerability.cmp(&right.vulnerability));
        let version = component.version.as_deref().unwrap_or("of unknown version");
        let component = format!("{} {version}", component.name);
        Explanation { asked: asked.to_owned(), component, looked: looked(&subject), vulnerabilities, dead, notes }
    }

    fn dead(&mut self, records: &[RecordRef]) -> Vec<String> {
        let mut dead: Vec<String> = Vec::new();
        for record in records {
            let detail = self.detail(*record);
            if !detail.naming.live {
                dead.push(format!("{} of {} was rejected or withdrawn (R2)", detail.naming.id, detail.source));
            }
        }
        dead.sort();
        dead.dedup();
        dead
    }

    fn hear(&mut self, cluster: usize, case: Option<&Case>, hearing: &Hearing<'_>) -> Explained {
        let mut about: BTreeSet<RecordRef> = self.known(cluster).cluster.records.iter().copied().collect();
        for record in hearing.says.keys() {
            if self.clusters_of(*record).contains(&cluster) {
                about.insert(*record);
            }
        }
        let mut records: Vec<RecordSays> = about.iter().map(|record| self.record_says(*record, hearing)).collect();
        let order = |of: &RecordSays| (of.family, of.source.clone(), of.record.clone());
        records.sort_by_key(order);
        let (verdict, because) = self.conclude(case, &about, hearing);
        let known = &self.known(cluster).cluster;
        Explained {
            vulnerability: known.primary.clone(),
            names: known.names.clone(),
            verdict,
            because,
            records,
            notes: known.notes.clone(),
        }
    }

    fn record_says(&mut self, record: RecordRef, hearing: &Hearing<'_>) -> RecordSays {
        let of_record = hearing.statements.iter().filter(|said| said.record == record);
        let mut statements: Vec<StatementSays> = of_record
            .map(|said| StatementSays {
                standing: said.standing(),
                excluded: said.excluded.clone(),
                reason: decide::reason(self, hearing.subject, said),
            })
            .collect();
        statements
            .sort_by(|left, right| left.reason.place.cmp(&right.reason.place).then(left.reason.cmp(&right.reason)));
        let detail = self.detail(record);
        RecordSays {
            source: detail.source.clone(),
            family: detail.naming.family,
            record: detail.naming.id.clone(),
            statements,
        }
    }

    fn conclude(
        &mut self,
        case: Option<&Case>,
        about: &BTreeSet<RecordRef>,
        hearing: &Hearing<'_>,
    ) -> (Verdict, String) {
        let denied = about.iter().filter_map(|record| hearing.says.get(record)).any(Says::denies);
        let ruling = case.map(|case| decide::rule(self, hearing.subject, hearing.statements, case));
        let (verdict, because) = match ruling {
            Some(Ruling::Finding) if denied => {
                (Verdict::Finding, "a record covers this component; another says otherwise")
            }
            Some(Ruling::Finding) => (Verdict::Finding, "a record covers this component"),
            Some(Ruling::Candidate) if denied => {
                (Verdict::Candidate, "records contradict, or only names agree; a person has to decide (R14, R28)")
            }
            Some(Ruling::Candidate) => {
                (Verdict::Candidate, "only names agree, or a record leaves it open; a person has to decide (R28)")
            }
            Some(Ruling::Overruled) => (
                Verdict::NotAffected,
                "a record that knows this component says that it is not affected; only names or open statements say otherwise",
            ),
            None if denied => {
                (Verdict::NotAffected, "every record that knows this component says that it is not affected")
            }
            None => (Verdict::NotMentioned, "no record of this vulnerability speaks of this component"),
        };
        (verdict, because.to_owned())
    }
}

/// What the explanation is made from.
struct Hearing<'a> {
    subject: &'a Subject,
    statements: &'a [Statement],
    says: &'a std::collections::BTreeMap<RecordRef, Says>,
}

fn looked(subject: &Subject) -> Vec<Looked> {
    let of = |key: &super::subject::Key| Looked {
        key: key.stated.key.0.clone(),
        identity: key.stated.identity.clone(),
        version: key.version.clone().unwrap_or_default(),
        order: scheme_name(key.stated.scheme),
        confidence: key.stated.confidence,
    };
    subject.keys.iter().map(of).collect()
}

impl Verdict {
    /// As a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Candidate => "for a person to decide",
            Self::NotAffected => "not affected",
            Self::NotMentioned => "not mentioned",
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} and {}", self.asked, self.component)?;
        if self.looked.is_empty() {
            writeln!(f, "  Nothing identifies the component: it has no purl, CPE or supplier that any record uses.")?;
        }
        for looked in &self.looked {
            let version = if looked.version.is_empty() { "version unknown" } else { &looked.version };
            writeln!(
                f,
                "  looked up as {} ({version}, order {}, {})",
                looked.key,
                looked.order,
                looked.confidence.word()
            )?;
        }
        if self.vulnerabilities.is_empty() {
            writeln!(f, "  No live record bears the name {}.", self.asked)?;
        }
        self.vulnerabilities.iter().try_for_each(|one| write!(f, "{one}"))?;
        self.dead.iter().chain(&self.notes).try_for_each(|note| writeln!(f, "  Note: {note}."))
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}, since {}.", self.vulnerability, self.verdict.word(), self.because)?;
        for record in &self.records {
            if record.statements.is_empty() {
                writeln!(f, "  {} {}: says nothing about this component", record.source, record.record)?;
            }
            record
                .statements
                .iter()
                .try_for_each(|said| writeln!(f, "  {} {}: {said}", record.source, record.record))?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "  Note: {note}."))
    }
}

impl fmt::Display for StatementSays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = &self.reason;
        if let Some(excluded) = &self.excluded {
            return write!(f, "about something else: {excluded} ({})", why.place);
        }
        let standing = match self.standing {
            Standing::Affected => "affected",
            Standing::Unaffected => "not affected",
            Standing::Unknown => "not said",
        };
        let version = if why.version.is_empty() { "unknown version" } else { &why.version };
        write!(
            f,
            "{standing}: {version} against {} by {}, {} ({}, {})",
            why.range, why.order, why.fix.0, why.place, why.rule
        )?;
        why.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}
