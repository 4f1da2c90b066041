//! CVRF 1.1 and 1.2 documents to advisories: one for each vulnerability of a document (`CVE-2024-21392/2024-Mar`).
//!
//! A monthly document of Microsoft's holds a hundred vulnerabilities with scores, exploitation and fixes of their own, so a
//! record is a vulnerability. Products are looked up in the document's product tree. A vulnerability that Microsoft publishes
//! in two months is two records with one alias.
//!
//! | Status of a product | Ours |
//! |---|---|
//! | affected, with a `FixedBuild` | affected below that build, fixed there (R26); of several builds the highest |
//! | affected, with an article alone | affected if that update is not installed |
//! | affected, without a fix | affected, every version |
//! | `Known Not Affected`, `Fixed` | not affected |
//! | `Under Investigation` | unknown |

mod windows;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use standards::cvrf::{Product, Remediation, Vulnerability, products, vulnerability};
use standards::versions::{Scheme, compare};

use super::Context;
use super::common::{Notes, add_once, add_reference, add_weakness, blank, is_cve, says_nothing, timestamp, title};
use super::packages::cpe_pattern;
use super::range_text::{bound, range};
use super::split::{Fault, RawRecord, Statement, xml};
use crate::model::advisory::{Advisory, Affected, Exploitation, FixState, Standing, Target};
use crate::model::raw::Translated;
use windows::Windows;

/// Cuts a document into vulnerabilities.
pub(super) fn split<'a>(bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let spans = xml::elements(bytes, &["cvrfdoc", "Vulnerability"])?;
    if spans.is_empty() {
        return Err(Fault { offset: 0, reason: "the document names no vulnerability".to_owned() });
    }
    let head = &bytes[..spans.first().map_or(bytes.len(), |span| span.start)];
    let document = peek(head, "ID").unwrap_or_default();
    let data_timestamp = peek(head, "CurrentReleaseDate").and_then(|date| timestamp(&date));
    let mut seen: HashMap<String, usize> = HashMap::new();
    for span in &spans {
        let text = &bytes[span.clone()];
        let name = peek(text, "CVE").filter(|name| !name.is_empty()).or_else(|| peek(text, "ID"));
        let name = name.filter(|name| !name.is_empty() && !name.contains('/'));
        let id = name.map_or_else(String::new, |name| format!("{name}/{document}"));
        let times = seen.entry(id.clone()).and_modify(|times| *times += 1).or_insert(1);
        let id = if *times > 1 && !id.is_empty() { format!("{id}#{times}") } else { id };
        visit(RawRecord { id, bytes: text, offset: span.start as u64 });
    }
    Ok(Statement { records: spans.len() as u64, data_timestamp, ..Statement::default() })
}

/// The inner text of the first element of this name, whatever its prefix.
fn peek(bytes: &[u8], name: &str) -> Option<String> {
    let prefixed = ["vuln:", "cvrf:", ""];
    let text = prefixed.into_iter().find_map(|prefix| xml::peek(bytes, &format!("{prefix}{name}")))?;
    Some(String::from_utf8_lossy(text).into_owned())
}

/// Translates a vulnerability.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let text = std::str::from_utf8(record.bytes).map_err(|error| format!("The record is no UTF-8: {error}."))?;
    let it = vulnerability(text)
        .map_err(|error| format!("The record is no readable XML: {error} (line {}).", error.line))?;
    let Some((name, _)) = record.id.split_once('/') else {
        return Err("The vulnerability has no CVE and no number of its own.".to_owned());
    };
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &record.id);
    add_once(&mut advisory.aliases, name);
    it.ids.iter().filter(|id| is_cve(id)).for_each(|id| add_once(&mut advisory.aliases, id));
    advisory.description = texts(&it, "Description").join("\n");
    advisory.title = title(&it.title, &advisory.description, name);
    let dates = it.revisions.iter().filter_map(|date| timestamp(date));
    let whole = || peek(context.document, "CurrentReleaseDate").and_then(|date| timestamp(&date));
    (advisory.published, advisory.modified) = (dates.clone().min(), dates.max().or_else(whole));
    it.cwes.iter().for_each(|cwe| add_weakness(&mut advisory.weaknesses, cwe));
    let tree = tree(context.document, &mut notes);
    let by =
        texts(&it, "CNA").first().copied().or(tree.values().map(|it| it.vendor.as_str()).find(|it| !it.is_empty()));
    for (index, vector) in it.vectors.iter().enumerate() {
        let by = by.unwrap_or(&context.source.0);
        notes.score(&mut advisory.scores, by, vector, format_args!("CVSSScoreSets[{index}].Vector"));
    }
    advisory.exploitation = exploitation(&it);
    it.references.iter().for_each(|url| add_reference(&mut advisory.references, url, "ADVISORY"));
    it.remediations.iter().for_each(|fix| add_reference(&mut advisory.references, &fix.url, &article(fix)));
    affected(&it, &tree, &mut advisory.affected, &mut notes);
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// The texts of a kind.
fn texts<'x>(it: &'x Vulnerability, kind: &str) -> Vec<&'x str> {
    let of_kind = it.notes.iter().filter(|note| note.kind == kind && !note.text.is_empty());
    of_kind.map(|note| note.text.as_str()).collect()
}

/// `Exploited:Yes` among the pairs of `Exploit Status`: the vendor knows of attacks.
fn exploitation(it: &Vulnerability) -> Option<Exploitation> {
    let stated = it.threats.iter().filter(|threat| threat.kind == "Exploit Status");
    let is_exploited = stated.flat_map(|threat| threat.description.split(';')).any(|pair| {
        pair.split_once(':').is_some_and(|(name, value)| name.trim() == "Exploited" && value.trim() == "Yes")
    });
    is_exploited.then(|| Exploitation { ssvc: Some("active".to_owned()), ..Exploitation::default() })
}

/// `KB5036451`, with what it replaces, for a fix that is an article of the knowledge base.
fn article(fix: &Remediation) -> String {
    match (number(fix), fix.supersedes.as_str()) {
        (Some(number), "") => format!("KB{number}"),
        (Some(number), old) => format!("KB{number}, replaces {old}"),
        (None, _) => fix.kind.clone(),
    }
}

fn number(fix: &Remediation) -> Option<&str> {
    let number = fix.description.as_str();
    ((6..=8).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

/// The products of the document's tree, by identifier.
fn tree(document: &[u8], notes: &mut Notes) -> HashMap<String, Product> {
    let Some(span) = tree_span(document) else { return HashMap::new() };
    let read = std::str::from_utf8(&document[span]).map_err(|error| error.to_string());
    match read.and_then(|text| products(text).map_err(|error| error.to_string())) {
        Ok(found) => {
            let mut tree: HashMap<String, Product> = HashMap::new();
            // Microsoft lists each product once more without the branches above it.
            for product in found {
                if !product.vendor.is_empty() || !tree.contains_key(&product.id) {
                    tree.insert(product.id.clone(), product);
                }
            }
            tree
        }
        Err(why) => {
            notes.add("ProductTree", format!("The product tree is not used: {why}."));
            HashMap::new()
        }
    }
}

/// Where the tree stands: from its start tag to its end tag. It is looked for by its name, for each record of a large document.
fn tree_span(document: &[u8]) -> Option<Range<usize>> {
    let name = b"ProductTree";
    let mut places = document.windows(name.len()).enumerate().filter(|(_, text)| text == name).map(|(at, _)| at);
    let tag_before = |at: usize| document[..at].iter().rposition(|byte| *byte == b'<');
    let start = places.find_map(|at| tag_before(at).filter(|start| document[start + 1] != b'/'))?;
    let end = places.find(|at| tag_before(*at).is_some_and(|start| document[start + 1] == b'/'))?;
    let bracket = document[end..].iter().position(|byte| *byte == b'>')?;
    Some(start..end + bracket + 1)
}

/// What is said of each product, in the order of the statuses.
fn affected(it: &Vulnerability, tree: &HashMap<String, Product>, out: &mut Vec<Affected>, notes: &mut Notes) {
    for (index, status) in it.statuses.iter().enumerate() {
        for id in &status.products {
            let place = format!("ProductStatuses[{index}].{id}");
            let Some(product) = tree.get(id) else {
                notes.add(&place, format!("The tree has no product {id:?}; what is said of it is left out."));
                continue;
            };
            let mut said = says_nothing(target(product, &place, notes), Standing::Unaffected, place);
            match status.kind.as_str() {
                "Known Affected" | "First Affected" | "Last Affected" => {
                    let fixes: Vec<&Remediation> =
                        it.remediations.iter().filter(|fix| fix.products.contains(id)).collect();
                    remedy(&fixes, windows(product).is_none_or(|windows| windows.has_builds), &mut said, notes);
                }
                "Known Not Affected" => said.fix = FixState::NotAffected,
                "Fixed" | "First Fixed" | "Recommended" => {}
                _ => {
                    said.default = Standing::Unknown;
                    said.fix = FixState::UnderInvestigation;
                }
            }
            out.push(said);
        }
    }
}

fn windows(product: &Product) -> Option<Windows> {
    windows::named(&product.name).filter(|_| product.vendor == "Microsoft" && product.cpe.is_empty())
}

/// A product's CPE name as stated, else Windows by its CPE name, else vendor and product by name.
fn target(product: &Product, place: &str, notes: &mut Notes) -> Target {
    if !product.cpe.is_empty() {
        match cpe_pattern(&product.cpe) {
            Ok((pattern, _)) => return Target::Cpe(pattern),
            Err(why) => notes.add(place, format!("The CPE is not used: could not {why}.")),
        }
    }
    if let Some(windows) = windows(product) {
        return Target::Cpe(windows.cpe);
    }
    Target::Named { vendor: product.vendor.clone(), product: product.name.clone() }
}

/// The fix of an affected product. Where its versions are no builds, the build is a condition.
fn remedy(fixes: &[&Remediation], has_builds: bool, said: &mut Affected, notes: &mut Notes) {
    let builds = fixes.iter().map(|fix| fix.fixed_build.trim()).filter(|build| is_build(build));
    let build = builds.max_by(|a, b| compare(Scheme::Generic, a, b).ordering);
    if let Some(build) = build {
        let differs = |fix: &&&Remediation| {
            is_build(&fix.fixed_build) && compare(Scheme::Generic, &fix.fixed_build, build).ordering != Ordering::Equal
        };
        if let Some(other) = fixes.iter().find(differs) {
            let reason = format!("Fixed in {build} and in {}; the higher build counts.", other.fixed_build);
            notes.add(&said.place, reason);
        }
        said.fix = FixState::Fixed(build.to_owned());
        if has_builds {
            let mut rule = range(Scheme::Generic, None, Some(bound(build, false)));
            rule.fixed = Some(build.to_owned());
            said.rules.push(rule);
        } else {
            said.conditions.push(format!("its build is below {build}"));
            said.rules.push(range(Scheme::Generic, None, None));
        }
        return;
    }
    said.rules.push(range(Scheme::Generic, None, None));
    let numbers: Vec<String> = fixes.iter().filter_map(|fix| number(fix)).map(|number| format!("KB{number}")).collect();
    let is_kind = |kind: &str| fixes.iter().any(|fix| fix.kind == kind);
    if !numbers.is_empty() {
        said.conditions.push(format!("{} is not installed", numbers.join(" or ")));
        said.fix = FixState::Fixed(numbers.join(" or "));
    } else if is_kind("Will Not Fix") {
        said.fix = FixState::WillNotFix;
    } else if !is_kind("Vendor Fix") {
        said.fix = FixState::None;
    }
}

/// Whether a text is a build: numbers with dots. Microsoft writes links and words there, too.
fn is_build(text: &str) -> bool {
    let text = text.trim();
    text.contains('.') && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}
