//! OVAL definitions to advisories, as Oracle publishes its errata; AlmaLinux', Red Hat's and SUSE's have the same shape.
//!
//! | Definition | Ours |
//! |---|---|
//! | reference of the erratum (`ELSA-2022-4803`) whose number the OVAL identifier has | identifier; else the OVAL identifier |
//! | CVEs | related: an erratum covers vulnerabilities (R1); of a definition about one vulnerability: alias |
//! | criteria | affected below the versions in them; see [`criteria`] |
//! | `deprecated="true"` | withdrawn |
//! | class other than `patch` and `vulnerability` | kept without entries |

mod criteria;

use standards::oval::{Cve, Definition};

use super::Context;
use super::common::{Notes, add_once, add_reference, add_weakness, blank, is_cve, timestamp, title};
use super::rpm;
use super::split::xml;
use super::split::{Fault, RawRecord, Statement};
use crate::model::advisory::{Advisory, State};
use crate::model::raw::Translated;
use crate::model::source::Family;

/// Cuts a document into definitions.
pub(super) fn split<'a>(
    _from: &str,
    bytes: &'a [u8],
    visit: &mut dyn FnMut(RawRecord<'a>),
) -> Result<Statement, Fault> {
    let spans = xml::elements(bytes, &["oval_definitions", "definitions", "definition"])?;
    let records = spans.len() as u64;
    let head = &bytes[..spans.first().map_or(bytes.len(), |first| first.start)];
    let made = xml::peek(head, "oval:timestamp").and_then(|text| timestamp(std::str::from_utf8(text).ok()?));
    for span in spans {
        let text = &bytes[span.clone()];
        visit(RawRecord { id: id(text), bytes: text, offset: span.start as u64 });
    }
    Ok(Statement { records, data_timestamp: made, ..Statement::default() })
}

/// `ELSA-2022-4803` where the title begins with it and the definition has its number, so that no two definitions of a
/// document can have the same; else the definition's own identifier.
fn id(definition: &[u8]) -> String {
    let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let own = text(xml::peek_attribute(definition, "id"));
    let title = text(xml::peek(definition, "title"));
    let erratum = title.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
    let (kind, number) = erratum.split_once('-').unwrap_or_default();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_erratum = kind != "CVE" && !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
    let has_number = own.rsplit(':').next().is_some_and(|own| own == digits && !own.is_empty());
    if is_erratum && has_number { erratum.to_owned() } else { own }
}

/// Translates a definition.
pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let text = std::str::from_utf8(record.bytes).map_err(|error| format!("The definition is no UTF-8: {error}."))?;
    let definition = Definition::from_xml(text).map_err(|error| {
        format!("The definition cannot be read: {error} (line {}, column {}).", error.line, error.column)
    })?;
    if record.id.is_empty() {
        return Err("The definition has no `id`.".to_owned());
    }
    let mut notes = Notes::default();
    let mut advisory = blank(record, context, &record.id);
    advisory.family = Family::OsVendor;
    advisory.published = rpm::noted_instant(&definition.issued, "advisory.issued", &mut notes);
    advisory.modified = rpm::noted_instant(&definition.updated, "advisory.updated", &mut notes).or(advisory.published);
    definition.description.clone_into(&mut advisory.description);
    let stated = definition.title.trim();
    let stated = stated.strip_prefix(record.id.as_str()).unwrap_or(stated).trim_start_matches([':', ' ', '\n']);
    advisory.title = title(stated, &definition.description, &record.id);
    if definition.is_deprecated {
        advisory.state = State::Withdrawn { at: None };
    }
    names(&definition, &mut advisory);
    for (index, cve) in definition.cves.iter().enumerate() {
        scores(cve, index, &definition, &mut advisory, &mut notes);
    }
    if matches!(definition.class.as_str(), "patch" | "vulnerability") {
        advisory.affected = criteria::fixes(&definition, &mut notes).into_affected("criteria", &mut notes);
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// CVEs, and links.
fn names(definition: &Definition, advisory: &mut Advisory) {
    for reference in &definition.references {
        rpm::cover(advisory, reference.id.trim());
        add_reference(&mut advisory.references, &reference.url, &reference.source);
    }
    for cve in &definition.cves {
        rpm::cover(advisory, cve.id.trim());
    }
    // SUSE defines a vulnerability, not an erratum: its title is the CVE.
    let own = definition.title.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
    if is_cve(own) {
        advisory.related.retain(|name| name != own);
        add_once(&mut advisory.aliases, own);
    }
}

fn scores(cve: &Cve, index: usize, definition: &Definition, advisory: &mut Advisory, notes: &mut Notes) {
    for weakness in cve.cwe.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        add_weakness(&mut advisory.weaknesses, weakness);
    }
    // `8.1/CVSS:3.0/AV:N/…`, `7.8/AV:N/…`: the score stands before the vector.
    for (field, stated) in [("cvss3", &cve.cvss3), ("cvss2", &cve.cvss2)] {
        let vector = stated.find("CVSS:").or_else(|| stated.find("AV:")).map_or("", |start| &stated[start..]);
        let by = if definition.id.contains(":com.oracle.") { "Oracle Linux" } else { "OVAL" };
        notes.score(&mut advisory.scores, by, vector.trim(), format_args!("advisory.cve[{index}].{field}"));
    }
}
