//! CSAF documents (2.0 and 2.1) to advisories: one for each document, with the CVEs it covers as related names.
//!
//! A document says of many products which of many vulnerabilities they have. Every product in a status group becomes an
//! entry in `affected`; `place` names the vulnerabilities it is said of. How products are identified is read in
//! [`products`], how statuses and remediations become rules in [`statuses`].

mod edition;
mod products;
mod statuses;

pub use edition::{Edition, edition};

use standards::csaf::{Document, Note, Record, Score, Vulnerability};
use standards::lenient::{Lax, List};

use super::common::{Notes, add_once, add_reference, add_weakness, blank, parse, title};
use super::{Context, RawRecord};
use crate::model::advisory::{Advisory, Exploitation, State};
use crate::model::raw::Translated;
use crate::model::tlp::Tlp;

pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let csaf: Record<'_> = parse(record.bytes)?;
    let Lax::Value(document) = &csaf.document else {
        return Err("The document has no object `document`.".to_owned());
    };
    let Lax::Value(tracking) = &document.tracking else {
        return Err("The document has no object `document.tracking`.".to_owned());
    };
    let mut notes = Notes::default();
    let id = notes.text(&tracking.id, "document.tracking.id");
    if id.is_empty() {
        return Err("The document has no `document.tracking.id`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    advisory.published = notes.timestamp(&tracking.initial_release_date, "document.tracking.initial_release_date");
    advisory.modified = notes.changed(&tracking.current_release_date, "document.tracking.current_release_date")?;
    about(document, &mut advisory, &mut notes);
    let publisher = notes.read(&document.publisher, "document.publisher").map_or("", |it| it.name.as_str());
    let products = products::read(&csaf.product_tree, &mut notes);
    let mut entries = statuses::Entries::default();
    for (index, vulnerability) in notes.list(&csaf.vulnerabilities, "vulnerabilities") {
        let place = format!("vulnerabilities[{index}]");
        names(vulnerability, &mut advisory);
        weaknesses_and_scores(vulnerability, publisher, &place, &mut advisory, &mut notes);
        statuses::translate(vulnerability, index, &products, &mut entries, &mut notes);
        for (_, link) in notes.list(&vulnerability.references, format_args!("{place}.references")) {
            add_reference(&mut advisory.references, link.url.as_str().trim(), link.category.as_str());
        }
    }
    advisory.affected = entries.into_affected();
    // The model knows of one exploitation for a record: a document about several vulnerabilities has none to give.
    let mut all = csaf.vulnerabilities.values().map(|(_, vulnerability)| vulnerability);
    if let (Some(only), None) = (all.next(), all.next()) {
        advisory.exploitation = exploitation(only, &mut notes);
    }
    if advisory.description.is_empty() {
        let texts = csaf.vulnerabilities.values().map(|(_, vulnerability)| description(&vulnerability.notes));
        advisory.description = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
    }
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// Title, description, mark, state and links of the document.
fn about(document: &Document<'_>, advisory: &mut Advisory, notes: &mut Notes) {
    notes.list(&document.notes, "document.notes").for_each(drop);
    advisory.description = description(&document.notes);
    advisory.title = title(notes.text(&document.title, "document.title"), &advisory.description, &advisory.id);
    if matches!(document.category.as_str(), "csaf_withdrawn" | "csaf_superseded") {
        advisory.state = State::Withdrawn { at: advisory.modified };
    }
    let label = document.distribution.value().and_then(|distribution| distribution.tlp.value());
    if let Some(label) = label.map(|tlp| tlp.label.as_str()).filter(|label| !label.is_empty()) {
        advisory.tlp = label.parse().unwrap_or_else(|_| {
            notes.add("document.distribution.tlp.label", format!("{label:?} is no TLP label; AMBER is assumed."));
            Tlp::Amber
        });
    }
    for (index, link) in notes.list(&document.references, "document.references") {
        let url = notes.text(&link.url, format_args!("document.references[{index}].url"));
        add_reference(&mut advisory.references, url, link.category.as_str());
    }
}

/// The texts that describe: summaries and descriptions, in the document's order, else what is detailed.
fn description(notes: &List<Note<'_>>) -> String {
    let of = |categories: &[&str]| {
        let wanted = notes.values().filter(|(_, note)| categories.contains(&note.category.as_str()));
        wanted
            .map(|(_, note)| note.text.as_str().trim())
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
    };
    let text = of(&["summary", "description"]);
    if text.is_empty() { of(&["details", "general"]) } else { text }
}

/// Since when a vulnerability is known to be exploited (2.1, `first_known_exploitation_dates`): the earliest date.
fn exploitation(vulnerability: &Vulnerability<'_>, notes: &mut Notes) -> Option<Exploitation> {
    let place = "vulnerabilities[0].first_known_exploitation_dates";
    let stated: Vec<_> = notes.list(&vulnerability.first_known_exploitation_dates, place).collect();
    let dates = stated.into_iter().filter_map(|(index, known)| {
        notes.timestamp(&known.exploitation_date, format_args!("{place}[{index}].exploitation_date"))
    });
    let day = dates.min()?.strftime("%Y-%m-%d").to_string();
    Some(Exploitation { known_since: Some(day), ..Exploitation::default() })
}

/// The CVE, or the other identifiers where there is none.
fn names(vulnerability: &Vulnerability<'_>, advisory: &mut Advisory) {
    let cve = vulnerability.cve.as_str().trim();
    if !cve.is_empty() {
        if cve != advisory.id {
            add_once(&mut advisory.related, cve);
        }
        return;
    }
    for (_, other) in vulnerability.ids.values() {
        let text = other.text.as_str().trim();
        if !text.contains([' ', '/', '#']) && text != advisory.id {
            add_once(&mut advisory.related, text);
        }
    }
}

fn weaknesses_and_scores(
    vulnerability: &Vulnerability<'_>,
    publisher: &str,
    place: &str,
    advisory: &mut Advisory,
    notes: &mut Notes,
) {
    if let Some(cwe) = notes.read(&vulnerability.cwe, format_args!("{place}.cwe")) {
        add_weakness(&mut advisory.weaknesses, cwe.id.as_str());
    }
    for (_, cwe) in notes.list(&vulnerability.cwes, format_args!("{place}.cwes")) {
        add_weakness(&mut advisory.weaknesses, cwe.id.as_str());
    }
    for (index, score) in notes.list(&vulnerability.scores, format_args!("{place}.scores")) {
        vectors(score, publisher, &format!("{place}.scores[{index}]"), advisory, notes);
    }
    for (index, metric) in notes.list(&vulnerability.metrics, format_args!("{place}.metrics")) {
        if let Some(score) = notes.read(&metric.content, format_args!("{place}.metrics[{index}].content")) {
            vectors(score, publisher, &format!("{place}.metrics[{index}].content"), advisory, notes);
        }
    }
}

fn vectors(score: &Score<'_>, publisher: &str, place: &str, advisory: &mut Advisory, notes: &mut Notes) {
    for (field, name) in [(&score.cvss_v4, "cvss_v4"), (&score.cvss_v3, "cvss_v3"), (&score.cvss_v2, "cvss_v2")] {
        if let Some(cvss) = notes.read(field, format_args!("{place}.{name}")) {
            let vector = notes.text(&cvss.vector_string, format_args!("{place}.{name}.vectorString"));
            notes.score(&mut advisory.scores, publisher, vector, format_args!("{place}.{name}.vectorString"));
        }
    }
}
