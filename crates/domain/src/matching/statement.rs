//! A statement: what one entry of one record says about the component under one key.
//!
//! In: an entry as the knowledge hands it out. Out: standing, confidence, and everything a reason or an explanation shows.

use standards::cpe::Cpe;
use standards::versions::Scheme;

use super::RecordRef;
use super::cpe::{Fit, fit};
use super::range::{self, Decider, Doubt, Judgement, Order, judge};
use super::subject::{Key, Subject};
use crate::index::package_key::KeyKind;
use crate::model::advisory::{Affected, FixState, Standing, Target};
use crate::model::finding::{Confidence, FixStateText};

/// What one entry says.
pub(super) struct Statement {
    /// The record.
    pub(super) record: RecordRef,
    /// Index of the key among the component's.
    pub(super) key: usize,
    /// The entry.
    pub(super) affected: Affected,
    /// What it says about the component's version.
    pub(super) judgement: Judgement,
    /// How sure.
    pub(super) confidence: Confidence,
    /// Why the entry is about something else, if it is: then it says nothing here.
    pub(super) excluded: Option<String>,
    /// The version of a CPE criterion, where that decided.
    criterion: Option<String>,
    /// What the component leaves open.
    open: Vec<String>,
}

impl Statement {
    /// Reads an entry that the knowledge found under the component's key number `index`.
    pub(super) fn read(subject: &Subject, index: usize, record: RecordRef, affected: Affected) -> Self {
        let key = &subject.keys[index];
        let reading = match &affected.target {
            Target::Cpe(text) => read_cpe(text, &affected, key, subject),
            Target::Package { qualifiers, .. } => read_package(qualifiers, &affected, key, subject),
            Target::Named { .. } | Target::Repository(_) => Reading::by_range(&affected, key),
        };
        let Reading { judgement, excluded, criterion, open } = reading;
        let confidence = confidence(key, &affected, &judgement, &open);
        Self { record, key: index, affected, judgement, confidence, excluded, criterion, open }
    }

    /// Affected, not affected, not said.
    pub(super) fn standing(&self) -> Standing {
        self.judgement.standing
    }

    /// Nobody can say without the commit history, and other entries of the record usually do (R14).
    pub(super) fn lacks_commits(&self) -> bool {
        self.judgement.doubt == Doubt::Commits
    }

    /// The vulnerabilities among a bulletin's that the entry is said of, by number; `None` for all of them.
    ///
    /// CSAF states them in the place: `vulnerabilities[0,2].product_status.known_affected`.
    pub(super) fn scope(&self) -> Option<Vec<usize>> {
        let (list, _) = self.affected.place.strip_prefix("vulnerabilities[")?.split_once(']')?;
        list.split(',').map(|number| number.parse().ok()).collect()
    }

    /// The deciding range in words.
    pub(super) fn range(&self, key: &Key) -> String {
        match &self.criterion {
            Some(criterion) => criterion.clone(),
            None => range::words(&self.affected, &self.judgement, key.stated.scheme),
        }
    }

    /// The fix as this entry states it.
    pub(super) fn fix(&self, key: &Key) -> FixStateText {
        FixStateText::from(&range::fix(&self.affected, &self.judgement, key.stated.scheme))
    }

    /// The order in which versions were compared.
    pub(super) fn order(&self) -> String {
        scheme_name(self.judgement.order.scheme)
    }

    /// The matching rule that decided.
    pub(super) fn rule(&self, key: &Key) -> &'static str {
        match (key.stated.family_hint, self.judgement.by) {
            (KeyKind::Named, _) => "R28",
            _ if self.judgement.doubt == Doubt::Commits => "R25",
            _ if self.judgement.doubt == Doubt::UnknownVersion => "R15",
            (_, Decider::FixState | Decider::FixedIn) => "R3",
            (KeyKind::DistroPackage, _) if key.stated.confidence == Confidence::Derived => "R8",
            (KeyKind::DistroPackage, _) => "R4",
            (KeyKind::Repository, _) => "R25",
            (KeyKind::Cpe, _) if self.criterion.is_some() => "R16",
            (KeyKind::Cpe | KeyKind::Package, _) => "R14",
        }
    }

    /// Conditions that were not evaluated, and doubts, as sentences.
    pub(super) fn notes(&self, key: &Key) -> Vec<String> {
        let mut notes: Vec<String> = self.affected.conditions.iter().map(|text| format!("only if {text}")).collect();
        notes.extend(self.open.iter().cloned());
        notes.extend(doubt_note(self.judgement.doubt, key));
        if self.standing() == Standing::Unknown && self.judgement.doubt == Doubt::None {
            notes.push(format!("undecided: the record does not say whether {} is affected", shown(key)));
        }
        if !self.judgement.order.native && self.judgement.order.scheme != Scheme::Generic {
            let order = self.order();
            notes.push(format!("{} was not comparable in the order {order}; the general order was used", shown(key)));
        }
        if key.stated.family_hint == KeyKind::Named && self.standing() == Standing::Affected {
            notes.push("only the names agree".to_owned());
        }
        notes
    }
}

fn shown(key: &Key) -> &str {
    key.version.as_deref().unwrap_or("the unknown version")
}

fn doubt_note(doubt: Doubt, key: &Key) -> Option<String> {
    match doubt {
        Doubt::None => None,
        Doubt::UnknownVersion => Some("version unknown, every version in range assumed".to_owned()),
        Doubt::Commits => Some(format!(
            "undecided: the record names commits only, and the history that holds {} is not at hand",
            shown(key)
        )),
        Doubt::Capped => {
            Some(format!("undecided: only the first {} ranges of this entry were looked at", range::MAX_RULES))
        }
    }
}

/// A scheme's name as it is written everywhere: `maven`, `deb`.
pub(super) fn scheme_name(scheme: Scheme) -> String {
    format!("{scheme:?}").to_lowercase()
}

/// R28: the identity's confidence, lowered by every doubt.
fn confidence(key: &Key, affected: &Affected, judgement: &Judgement, open: &[String]) -> Confidence {
    let order = judgement.order;
    let doubtful =
        !open.is_empty() || !affected.conditions.is_empty() || (!order.native && order.scheme != Scheme::Generic);
    let ceiling = match (judgement.standing, doubtful) {
        // R28: with an unknown version every advisory of the package would be a finding, and nobody would read the list.
        _ if judgement.doubt == Doubt::UnknownVersion => Confidence::Candidate,
        (Standing::Unknown, _) => Confidence::Candidate,
        (_, true) => Confidence::Derived,
        (_, false) => Confidence::Exact,
    };
    key.stated.confidence.min(ceiling)
}

/// A judgement with what led to it.
struct Reading {
    judgement: Judgement,
    excluded: Option<String>,
    criterion: Option<String>,
    open: Vec<String>,
}

impl Reading {
    fn by_range(affected: &Affected, key: &Key) -> Self {
        let judgement = judge(affected, key.version.as_deref(), key.stated.scheme);
        Self { judgement, excluded: None, criterion: None, open: Vec::new() }
    }

    fn excluded(key: &Key, why: String) -> Self {
        Self { excluded: Some(why), ..Self::settled(key, Standing::Unaffected, Doubt::None) }
    }

    fn settled(key: &Key, standing: Standing, doubt: Doubt) -> Self {
        let judgement = Judgement { standing, by: Decider::Default, order: Order::native(key.stated.scheme), doubt };
        Self { judgement, excluded: None, criterion: None, open: Vec::new() }
    }
}

fn read_cpe(text: &str, affected: &Affected, key: &Key, subject: &Subject) -> Reading {
    let Ok((criterion, _)) = Cpe::repair(text) else {
        return Reading::excluded(key, format!("the criterion {text} is no CPE"));
    };
    match fit(&criterion, key, subject) {
        Fit::Excluded(why) => Reading::excluded(key, why),
        Fit::AnyVersion { open } => Reading { open, ..by_cpe_range(affected, key) },
        Fit::Version { version, open } => both(Reading { open, ..by_stated_version(&version, key) }, affected, key),
        Fit::Fits { open } => {
            let words = format!("= {}", criterion.version);
            let fits = Reading { criterion: Some(words), ..Reading::settled(key, Standing::Affected, Doubt::None) };
            both(Reading { open, ..fits }, affected, key)
        }
    }
}

/// A criterion with a version of its own, and whatever rules stand beside it: both must hold.
fn both(stated: Reading, affected: &Affected, key: &Key) -> Reading {
    let says_nothing = affected.rules.is_empty() && affected.exact.is_empty() && affected.fix != FixState::NotAffected;
    if says_nothing || stated.judgement.standing != Standing::Affected || key.version.is_none() {
        return stated;
    }
    let ranged = by_cpe_range(affected, key);
    if ranged.judgement.standing == Standing::Affected {
        let order =
            Order { native: stated.judgement.order.native && ranged.judgement.order.native, ..stated.judgement.order };
        return Reading { judgement: Judgement { order, ..stated.judgement }, ..stated };
    }
    Reading { open: stated.open, ..ranged }
}

/// R15: a component "without version" is in no range, yet nobody says that it is outside of all.
fn by_cpe_range(affected: &Affected, key: &Key) -> Reading {
    let reading = Reading::by_range(affected, key);
    if !(key.stated.version_na && reading.judgement.doubt == Doubt::UnknownVersion) {
        return reading;
    }
    let judgement = Judgement { standing: Standing::Unknown, ..reading.judgement };
    Reading { judgement, ..reading }
}

/// R16: one version, its update put into it on both sides.
fn by_stated_version(version: &str, key: &Key) -> Reading {
    let criterion = Some(format!("= {version}"));
    let Some(own) = key.version.as_deref() else {
        return Reading { criterion, ..Reading::settled(key, Standing::Affected, Doubt::UnknownVersion) };
    };
    let mut order = Order::native(key.stated.scheme);
    let same = own == version || order.compare(key.stated.scheme, key.stated.scheme, own, version).is_eq();
    let standing = if same { Standing::Affected } else { Standing::Unaffected };
    let judgement = Judgement { standing, by: Decider::Default, order, doubt: Doubt::None };
    Reading { judgement, excluded: None, criterion, open: Vec::new() }
}

fn read_package(qualifiers: &[(String, String)], affected: &Affected, key: &Key, subject: &Subject) -> Reading {
    let mut open = Vec::new();
    for (name, wanted) in qualifiers {
        // Records of source packages and of packages for every architecture are narrowed by nothing.
        if name == "distro"
            || (name == "arch" && matches!(wanted.as_str(), "source" | "src" | "noarch" | "all" | "any"))
        {
            continue;
        }
        match subject.qualifier(name) {
            Some(own) if agrees(name, own, wanted) => {}
            Some(own) if name == "arch" && matches!(own, "noarch" | "all" | "any" | "source" | "src") => {}
            Some(own) => return Reading::excluded(key, format!("the record is for {name} {wanted}, not {own}")),
            None => open.push(format!("only if {name} is {wanted}; the component does not say")),
        }
    }
    if let Some(why) = other_module(affected, key).or_else(|| other_build(affected, key)) {
        return Reading::excluded(key, why);
    }
    let reading = by_known_epoch(affected, key);
    open.extend(reading.open.iter().cloned());
    Reading { open, ..reading }
}

/// Whether a component's qualifier is what a record asks for. Modules are stated with their build (`nodejs:18:8070020…`), and
/// 32-bit x86 has four names.
fn agrees(name: &str, own: &str, wanted: &str) -> bool {
    let is_32_bit = |arch: &str| matches!(arch, "i386" | "i486" | "i586" | "i686");
    own == wanted
        || (name == "arch" && is_32_bit(own) && is_32_bit(wanted))
        || (name == "rpmmod" && own.strip_prefix(wanted).is_some_and(|build| build.starts_with(':')))
}

/// R7: a source RPM's name does not say its epoch. Where the record has one, versions are compared without it.
fn by_known_epoch(affected: &Affected, key: &Key) -> Reading {
    let is_source = key.stated.scheme == Scheme::Rpm && key.stated.confidence == Confidence::Derived;
    if !is_source || key.version.as_deref().is_none_or(|version| version.contains(':')) {
        return Reading::by_range(affected, key);
    }
    let mut has_epoch = false;
    let mut bare = |version: &mut String| {
        if let Some((epoch, rest)) = version.split_once(':')
            && epoch.bytes().all(|byte| byte.is_ascii_digit())
        {
            has_epoch |= epoch != "0";
            *version = rest.to_owned();
        }
    };
    let mut affected = affected.clone();
    for rule in &mut affected.rules {
        rule.lower.iter_mut().chain(&mut rule.upper).for_each(|bound| bare(&mut bound.version));
        rule.changes.iter_mut().for_each(|(version, _)| bare(version));
    }
    affected.exact.iter_mut().for_each(bare);
    let note =
        has_epoch.then(|| "the source package's epoch is not known: versions were compared without it (R7)".to_owned());
    Reading { open: note.into_iter().collect(), ..Reading::by_range(&affected, key) }
}

/// R6: a modular RPM and one outside of modules never speak for one another.
fn other_module(affected: &Affected, key: &Key) -> Option<String> {
    if key.stated.scheme != Scheme::Rpm {
        return None;
    }
    let modular = |version: &str| version.contains(".module+el") || version.contains(".module_el");
    let theirs = fixed_in(affected)?;
    let own = key.version.as_deref()?;
    match (modular(theirs), modular(own)) {
        (true, false) => Some(format!("the fix {theirs} is of a module, the package is not (R6)")),
        (false, true) => Some(format!("the package is of a module, the fix {theirs} is not (R6)")),
        _ => None,
    }
}

/// Oracle builds some packages a second time for Ksplice, and certified ones for FIPS: neither speaks for the plain build.
fn other_build(affected: &Affected, key: &Key) -> Option<String> {
    let (theirs, own) = (fixed_in(affected)?, key.version.as_deref()?);
    let differs = |mark: &str| key.stated.scheme == Scheme::Rpm && theirs.contains(mark) != own.contains(mark);
    let mark = [".ksplice", "_fips"].into_iter().find(|mark| differs(mark))?;
    Some(format!("only one of {own} and the fix {theirs} is a build marked {mark}"))
}

/// The version that an entry says is fixed.
fn fixed_in(affected: &Affected) -> Option<&str> {
    affected.rules.iter().find_map(|rule| rule.fixed.as_deref()).or(match &affected.fix {
        FixState::Fixed(version) => Some(version.as_str()),
        _ => None,
    })
}
