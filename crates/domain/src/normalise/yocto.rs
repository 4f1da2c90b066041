//! What a Yocto build says about its own recipes (`cve-check`, `vex`): one advisory for each recipe and version, which
//! bundles what is said of each vulnerability.
//!
//! | Status | Reason (`detail`) | Ours, for this version |
//! |---|---|---|
//! | `Patched` | any | not affected |
//! | `Ignored` | `cpe-incorrect`, `not-applicable-config`, `not-applicable-platform` | not affected |
//! | `Ignored` | `upstream-wontfix` | affected, will not be fixed |
//! | `Ignored` | any other, none | unknown: a reason is owed, and a person decides |
//! | `Unpatched` | `vulnerable-investigating` | affected, under investigation |
//! | `Unpatched` | `no-version-ranges`, `unknown` | unknown |
//! | `Unpatched` | any other, none | affected |
//!
//! The build speaks of the version it built; of every other version it says nothing, which is unknown. A recipe is a package
//! of the ecosystem `Yocto` (`pkg:yocto/core/openssl@3.2.3`), and the CPE that the build makes of `CVE_PRODUCT`, which its
//! SBOMs state too. Recipes for the build machine (`-native`) have no CPE of the device's.

use standards::cpe::Cpe;
use standards::versions::Scheme;
use standards::yocto::{Issue, Recipe};

use super::Context;
use super::common::{Notes, blank, is_cve, parse, says_nothing};
use super::packages::{package, with_any_version};
use super::range_text::{bound, range};
use super::split::scan::{Scanner, peek};
use super::split::{Fault, RawRecord, Statement};
use crate::model::advisory::{Advisory, FixState, Rule, Standing, Target};
use crate::model::raw::Translated;
use crate::model::source::Family;

/// Cuts the document into recipes.
pub(super) fn split<'a>(
    _from: &str,
    bytes: &'a [u8],
    visit: &mut dyn FnMut(RawRecord<'a>),
) -> Result<Statement, Fault> {
    let mut scanner = Scanner::new(bytes);
    let mut spans = None;
    scanner.document(&mut |scanner, key| {
        if key == b"package" {
            spans = Some(scanner.elements()?);
            return Ok(());
        }
        scanner.skip()
    })?;
    let spans = spans.filter(|spans: &Vec<_>| !spans.is_empty());
    let spans = spans.ok_or_else(|| scanner.fault(0, "the document has no list `package`, or it names no recipe"))?;
    for span in &spans {
        let text = &bytes[span.clone()];
        let field = |name: &str| peek(text, &[name]).filter(|text| !text.trim().is_empty());
        let id = match (field("name"), field("version")) {
            (Some(name), Some(version)) => format!("{}/{}", name.trim(), version.trim()),
            _ => String::new(),
        };
        visit(RawRecord { id, bytes: text, offset: span.start as u64 });
    }
    Ok(Statement { records: spans.len() as u64, ..Statement::default() })
}

/// Translates a recipe.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let recipe: Recipe<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let (name, version) = (notes.text(&recipe.name, "name"), notes.text(&recipe.version, "version"));
    if name.is_empty() || version.is_empty() {
        return Err("The recipe has no `name` or no `version`.".to_owned());
    }
    if recipe.issue.value().is_none() {
        return Err("The recipe has no list `issue`.".to_owned());
    }
    let mut advisory = blank(record, context, &record.id);
    advisory.family = Family::OsVendor;
    advisory.title = format!("{name} {version} as built");
    let targets = targets(&recipe, name, version, &mut notes);
    for (index, issue) in notes.list(&recipe.issue, "issue") {
        let id = issue.id.as_str().trim();
        if !is_cve(id) || advisory.related.iter().any(|known| known == id) {
            notes.add(format_args!("issue[{index}].id"), format!("{id:?} is no CVE, or stands twice; it is left out."));
            continue;
        }
        // The number is the position among `related`: by it, matching tells which vulnerability an entry is about.
        let place = format!("vulnerabilities[{}].issue[{index}]", advisory.related.len());
        advisory.related.push(id.to_owned());
        let (standing, fix) = status(issue, &place, &mut notes);
        for (target, version) in &targets {
            let mut said = says_nothing(target.clone(), Standing::Unknown, place.clone());
            let only = Some(bound(version, true));
            said.rules.push(Rule { standing, ..range(Scheme::Generic, only.clone(), only) });
            said.fix = fix.clone();
            advisory.affected.push(said);
        }
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// Standing of the version that was built, and what is said of a fix.
fn status(issue: &Issue<'_>, place: &str, notes: &mut Notes) -> (Standing, FixState) {
    let detail = issue.detail.as_str().trim();
    match (issue.status.as_str().trim(), detail) {
        ("Patched", _) | ("Ignored", "cpe-incorrect" | "not-applicable-config" | "not-applicable-platform") => {
            (Standing::Unaffected, FixState::Unknown)
        }
        ("Ignored", "upstream-wontfix") => (Standing::Affected, FixState::WillNotFix),
        ("Unpatched", "vulnerable-investigating") => (Standing::Affected, FixState::UnderInvestigation),
        ("Unpatched", "no-version-ranges" | "unknown") | ("Ignored" | "Unknown", _) => {
            (Standing::Unknown, FixState::Unknown)
        }
        ("Unpatched", _) => (Standing::Affected, FixState::None),
        (other, _) => {
            notes.add(format_args!("{place}.status"), format!("The status {other:?} is taken as unknown."));
            (Standing::Unknown, FixState::Unknown)
        }
    }
}

/// Under which names the recipe is known, and its version there: itself, and its CPEs.
fn targets(recipe: &Recipe<'_>, name: &str, version: &str, notes: &mut Notes) -> Vec<(Target, String)> {
    let mut targets = vec![(package("Yocto", name), version.to_owned())];
    if name.ends_with("-native") || name.starts_with("nativesdk-") || name.contains("-cross-") {
        return targets;
    }
    let stated: Vec<String> = notes.texts(&recipe.cpes, "cpes").map(str::to_owned).collect();
    let made = notes.list(&recipe.products, "products").filter_map(|(_, it)| made_cpe(it.product.as_str(), version));
    let made: Vec<String> = made.collect();
    for text in if stated.is_empty() { made } else { stated } {
        let Ok((cpe, _)) = Cpe::repair(&text) else {
            notes.add("cpes", format!("{text:?} is no CPE; it is left out."));
            continue;
        };
        let own = cpe.version.plain().unwrap_or(version).to_owned();
        let target = (Target::Cpe(with_any_version(cpe.to_formatted())), own);
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    targets
}

/// The CPE that a build makes of a product, `curl` or `haxx:curl`, and its version without what follows a plus.
fn made_cpe(product: &str, version: &str) -> Option<String> {
    let (vendor, product) = product.trim().split_once(':').unwrap_or(("*", product.trim()));
    let version = version.split('+').next().unwrap_or(version);
    (!product.is_empty()).then(|| format!("cpe:2.3:*:{vendor}:{product}:{version}:*:*:*:*:*:*:*"))
}
