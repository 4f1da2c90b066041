//! Debian's security tracker to advisories: one for each pair of source package and vulnerability.
//!
//! | Tracker | Ours |
//! |---|---|
//! | `resolved`, `fixed_version` | affected below it, fixed there |
//! | `fixed_version` `0` | not affected: no rule, default unaffected |
//! | `open` | every version affected; `ignored` won't be fixed, `postponed` is deferred |
//! | `undetermined` | unknown |

use standards::debian::{Entry, Release};
use standards::versions::Scheme;

use super::common::{Notes, blank, is_cve, parse, says_nothing, title};
use super::packages::package;
use super::range_text::{bound, range};
use super::{Context, RawRecord};
use crate::ecosystem::distribution::debian_release;
use crate::model::advisory::{Advisory, Affected, FixState, Standing};
use crate::model::raw::Translated;
use crate::model::source::Family;

pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let (name, source_package) = record
        .id
        .split_once('/')
        .filter(|(name, package)| !name.is_empty() && !package.is_empty())
        .ok_or_else(|| format!("The record's identifier {:?} names no vulnerability and package.", record.id))?;
    let entry: Entry<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &record.id);
    advisory.family = Family::OsVendor;
    advisory.aliases.extend(is_cve(name).then(|| name.to_owned()));
    notes.text(&entry.description, "description").clone_into(&mut advisory.description);
    let stated = format!("{source_package}: {}", title("", &advisory.description, name));
    advisory.title = title(&stated, "", name);
    for (codename, release) in notes.read(&entry.releases, "releases").into_iter().flatten() {
        let place = format!("releases.{codename}");
        if let Some(release) = notes.read(release, &place) {
            advisory.affected.push(affected(source_package, codename, release, place, &mut notes));
        }
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// What is said about the package in one release.
fn affected(name: &str, codename: &str, release: &Release<'_>, place: String, notes: &mut Notes) -> Affected {
    let number = debian_release(codename).unwrap_or_else(|| codename.to_owned());
    let fixed = notes.text(&release.fixed_version, format_args!("{place}.fixed_version"));
    let status = notes.text(&release.status, format_args!("{place}.status"));
    let target = package(&format!("Debian:{number}"), name);
    let mut said = says_nothing(target, Standing::Unaffected, place);
    match (status, fixed) {
        ("resolved", "0") => said.fix = FixState::NotAffected,
        ("resolved", version) if !version.is_empty() => {
            let mut rule = range(Scheme::Deb, None, Some(bound(version, false)));
            rule.fixed = Some(version.to_owned());
            said.rules.push(rule);
            said.fix = FixState::Fixed(version.to_owned());
        }
        ("open", _) => {
            said.rules.push(range(Scheme::Deb, None, None));
            said.fix = without_fix(release, notes, &said.place);
        }
        ("undetermined", _) => {
            said.default = Standing::Unknown;
            said.fix = FixState::UnderInvestigation;
        }
        (other, _) => {
            notes.add(&said.place, format!("The status {other:?} is taken as unknown."));
            said.default = Standing::Unknown;
        }
    }
    said
}

/// Why an open fault has no fix.
fn without_fix(release: &Release<'_>, notes: &mut Notes, place: &str) -> FixState {
    let reason = notes.text(&release.nodsa_reason, format_args!("{place}.nodsa_reason"));
    let urgency = notes.text(&release.urgency, format_args!("{place}.urgency"));
    match (reason, urgency) {
        (_, "end-of-life") => FixState::EndOfLife,
        ("ignored", _) => FixState::WillNotFix,
        ("postponed", _) => FixState::Deferred,
        _ => FixState::None,
    }
}
