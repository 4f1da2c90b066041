//! Arch Linux' security tracker to advisories: one for each group (AVG), of one fault or several in packages built together.
//!
//! | Tracker | Ours |
//! |---|---|
//! | `Fixed`, `fixed` | affected below it, fixed there |
//! | `Testing`, `fixed` | affected below it; the fix is not in the stable repositories yet |
//! | `Vulnerable` | every version affected, below `fixed` where one stands already |
//! | `Not affected` | not affected |
//! | `Unknown` | below `fixed` unknown; without one, every version |
//!
//! `affected` is the version in which the fault was seen, no lower bound. A group's CVEs are related, never aliases (R1).

use standards::arch::Group;
use standards::versions::Scheme;

use super::Context;
use super::common::{Notes, add_once, add_reference, blank, parse, says_nothing, title};
use super::packages::package;
use super::range_text::{bound, is_unstated, range};
use super::split::scan::Scanner;
use super::split::{Fault, RawRecord, Statement, visit_spans};
use crate::model::advisory::{Advisory, Affected, FixState, Rule, Standing};
use crate::model::raw::Translated;
use crate::model::source::Family;

const ECOSYSTEM: &str = "Arch Linux";

/// Cuts the list into groups.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let spans = scanner.list_document()?;
    if spans.is_empty() {
        return Err(scanner.fault(0, "the list of groups is empty"));
    }
    let records = visit_spans(bytes, spans, &["name"], visit);
    Ok(Statement { records, ..Statement::default() })
}

/// Translates a group.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let group: Group<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let id = notes.text(&group.name, "name");
    if id.is_empty() {
        return Err("The group has no `name`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    advisory.family = Family::OsVendor;
    notes.texts(&group.issues, "issues").for_each(|name| add_once(&mut advisory.related, name));
    let packages: Vec<&str> = notes.texts(&group.packages, "packages").collect();
    let is_stated = group.packages.value().is_some() && group.issues.value().is_some();
    if !is_stated || notes.text(&group.status, "status").is_empty() {
        return Err(
            "The group has no list of packages or issues, or no status (`packages`, `issues`, `status`).".to_owned()
        );
    }
    let kind = notes.text(&group.kind, "type");
    advisory.title = title(&format!("{}: {kind} ({id})", packages.join(", ")), "", id);
    add_reference(&mut advisory.references, &format!("https://security.archlinux.org/{id}"), "ADVISORY");
    for published in notes.texts(&group.advisories, "advisories") {
        add_reference(&mut advisory.references, &format!("https://security.archlinux.org/{published}"), "ADVISORY");
    }
    let said = status(&group, &mut notes);
    for (index, name) in packages.into_iter().enumerate() {
        let target = package(ECOSYSTEM, name);
        advisory.affected.push(Affected { target, place: format!("packages[{index}]"), ..said.clone() });
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// What the group says about each of its packages.
fn status(group: &Group<'_>, notes: &mut Notes) -> Affected {
    let fixed = Some(notes.text(&group.fixed, "fixed")).filter(|version| !is_unstated(version));
    let status = notes.text(&group.status, "status");
    let rule = |standing: Standing| Rule {
        standing,
        fixed: fixed.map(str::to_owned).filter(|_| standing == Standing::Affected),
        ..range(Scheme::Alpm, None, fixed.map(|version| bound(version, false)))
    };
    let mut said = says_nothing(package(ECOSYSTEM, ""), Standing::Unaffected, String::new());
    match (status, fixed) {
        ("Not affected", _) => said.fix = FixState::NotAffected,
        ("Fixed", Some(version)) => {
            said.rules.push(rule(Standing::Affected));
            said.fix = FixState::Fixed(version.to_owned());
        }
        ("Vulnerable" | "Testing", _) => {
            said.rules.push(rule(Standing::Affected));
            said.fix = FixState::None;
        }
        (other, fixed) => {
            if other == "Fixed" || !matches!(other, "Unknown" | "") {
                notes.add("status", format!("The status {other:?} with the fix {fixed:?} is taken as unknown."));
            }
            said.rules.extend(fixed.map(|_| rule(Standing::Unknown)));
            said.default = if fixed.is_some() { Standing::Unaffected } else { Standing::Unknown };
            said.fix = FixState::UnderInvestigation;
        }
    }
    said
}
