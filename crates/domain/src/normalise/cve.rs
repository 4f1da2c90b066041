//! CVE records (CVE Record Format 5.x) to advisories: the numbering authority's container and those of all authorised
//! data publishers, CISA's first among them. What products are affected is read in [`affected`], what GCVE's numbering
//! authorities add in [`gcve`].

mod affected;
mod gcve;

use standards::cve::{Container, Content, Description, Metadata, Metric, Record};
use standards::lenient::{Lax, List};

use super::common::{Notes, add_once, add_reference, add_weakness, blank, decision, parse, title};
use super::split::scan::Scanner;
use super::split::{Fault, Statement};
use super::{Context, RawRecord, applicability};
use crate::model::advisory::{Advisory, Exploitation, State};
use crate::model::raw::Translated;

/// Cuts a document into records: one, or one on each line where the document's name says so (`….ndjson`, as
/// vulnerability-lookup dumps them).
pub(super) fn split<'a>(from: &str, bytes: &'a [u8], visit: &mut dyn FnMut(RawRecord<'a>)) -> Result<Statement, Fault> {
    let mut cut = |start: usize, text: &'a [u8]| {
        visit(RawRecord { id: gcve::record_id(text), bytes: text, offset: start as u64 });
    };
    let whole = Scanner::new(bytes).trimmed();
    let text = &bytes[whole.clone()];
    if text.first() != Some(&b'{') {
        return Err(Fault { offset: whole.start as u64, reason: "the document is no JSON object".to_owned() });
    }
    if !is_lines(from) {
        cut(whole.start, text);
        return Ok(Statement { records: 1, ..Statement::default() });
    }
    if text.last() != Some(&b'}') {
        return Err(Fault {
            offset: bytes.len() as u64,
            reason: "the document breaks off inside its last record".to_owned(),
        });
    }
    let (mut records, mut at) = (0, whole.start);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let record = line.trim_ascii();
        if !record.is_empty() {
            cut(at + (line.len() - line.trim_ascii_start().len()), record);
            records += 1;
        }
        at += line.len();
    }
    Ok(Statement { records, ..Statement::default() })
}

/// Whether a name is that of newline-delimited JSON.
fn is_lines(from: &str) -> bool {
    let name = from.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".ndjson", ".jsonl"].iter().any(|ending| name.ends_with(ending))
}

pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let cve: Record<'_> = parse(record.bytes)?;
    let Lax::Value(metadata) = &cve.cve_metadata else {
        return Err("The record has no object `cveMetadata`.".to_owned());
    };
    let mut notes = Notes::default();
    let cve_id = notes.text(&metadata.cve_id, "cveMetadata.cveId");
    let gcve = gcve::of(&cve);
    let id = gcve::identifier(notes.text(&metadata.vuln_id, "cveMetadata.vulnId"), cve_id, &gcve);
    if id.is_empty() {
        return Err("The record has no `cveMetadata.cveId`.".to_owned());
    }
    let Lax::Value(containers) = &cve.containers else {
        return Err("The record has no object `containers`.".to_owned());
    };
    let mut advisory = blank(record, context, id);
    gcve::names(cve_id, &gcve, &mut advisory);
    advisory.published = notes.timestamp(&metadata.date_published, "cveMetadata.datePublished");
    advisory.modified = notes.changed(&metadata.date_updated, "cveMetadata.dateUpdated")?;
    if let Some(cna) = notes.read(&containers.cna, "containers.cna") {
        english(&cna.descriptions).clone_into(&mut advisory.description);
        notes.text(&cna.title, "cna.title").clone_into(&mut advisory.title);
        state(metadata, cna, &mut advisory, &mut notes);
        container(cna, "cna", &mut advisory, &mut notes);
    }
    for (index, adp) in notes.list(&containers.adp, "containers.adp") {
        container(adp, &format!("adp[{index}]"), &mut advisory, &mut notes);
    }
    advisory.title = title(&advisory.title, &advisory.description, id);
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// The English text, else the first.
fn english<'x>(descriptions: &'x List<Description<'_>>) -> &'x str {
    let is_english = |(_, description): &(usize, &Description<'_>)| description.lang.as_str().starts_with("en");
    let found = descriptions.values().find(is_english).or_else(|| descriptions.values().next());
    found.map_or("", |(_, description)| description.value.as_str().trim())
}

/// A rejected identifier, and what to use instead of it.
fn state(metadata: &Metadata<'_>, cna: &Container<'_>, advisory: &mut Advisory, notes: &mut Notes) {
    let word = notes.text(&metadata.state, "cveMetadata.state");
    if word.eq_ignore_ascii_case("REJECTED") {
        let reason = english(&cna.rejected_reasons);
        advisory.state = State::Rejected { reason: reason.to_owned() };
        if advisory.description.is_empty() {
            reason.clone_into(&mut advisory.description);
        }
        for id in notes.texts(&cna.replaced_by, "cna.replacedBy") {
            add_once(&mut advisory.related, id);
        }
    } else if !word.eq_ignore_ascii_case("PUBLISHED") {
        notes.add("cveMetadata.state", format!("The state {word:?} is taken as published."));
    }
}

/// What one party says.
fn container(container: &Container<'_>, place: &str, advisory: &mut Advisory, notes: &mut Notes) {
    let party = notes.read(&container.provider_metadata, format_args!("{place}.providerMetadata"));
    let by = party.map_or("", |party| party.short_name.as_str());
    for (index, metric) in notes.list(&container.metrics, format_args!("{place}.metrics")) {
        scores(metric, by, &format!("{place}.metrics[{index}]"), advisory, notes);
        if let Some(content) = metric.other.value().and_then(|other| other.content.value()) {
            exploitation(content, metric.other.value().map_or("", |other| other.kind.as_str()), advisory);
        }
    }
    for (_, problem) in notes.list(&container.problem_types, format_args!("{place}.problemTypes")) {
        for (_, weakness) in problem.descriptions.values() {
            let stated = weakness.cwe_id.as_str();
            let text = if stated.is_empty() { weakness.description.as_str() } else { stated };
            add_weakness(&mut advisory.weaknesses, text);
        }
    }
    for (index, link) in notes.list(&container.references, format_args!("{place}.references")) {
        let url = notes.text(&link.url, format_args!("{place}.references[{index}].url"));
        let tags: Vec<&str> = notes.texts(&link.tags, format_args!("{place}.references[{index}].tags")).collect();
        add_reference(&mut advisory.references, url, &tags.join(", "));
    }
    for (index, entry) in notes.list(&container.affected, format_args!("{place}.affected")) {
        affected::translate(entry, &format!("{place}.affected[{index}]"), &mut advisory.affected, notes);
    }
    let applicability_place = format!("{place}.cpeApplicability");
    applicability::translate(&container.cpe_applicability, &applicability_place, &mut advisory.affected, notes);
}

/// The CVSS vectors of one metric.
fn scores(metric: &Metric<'_>, by: &str, place: &str, advisory: &mut Advisory, notes: &mut Notes) {
    for (field, name) in [
        (&metric.cvss_v40, "cvssV4_0"),
        (&metric.cvss_v31, "cvssV3_1"),
        (&metric.cvss_v30, "cvssV3_0"),
        (&metric.cvss_v2, "cvssV2_0"),
    ] {
        if let Some(score) = notes.read(field, format_args!("{place}.{name}")) {
            let vector = notes.text(&score.vector_string, format_args!("{place}.{name}.vectorString"));
            notes.score(&mut advisory.scores, by, vector, format_args!("{place}.{name}.vectorString"));
        }
    }
}

/// CISA's statements: SSVC decision points, and the entry in the known exploited vulnerabilities.
fn exploitation(content: &Content<'_>, kind: &str, advisory: &mut Advisory) {
    let mut stated = advisory.exploitation.take().unwrap_or_default();
    match kind.to_ascii_lowercase().as_str() {
        "ssvc" => {
            let options = content.options.values().flat_map(|(_, option)| option);
            options.for_each(|(name, value)| decision(&mut stated, name, value.as_str()));
        }
        "kev" if !content.date_added.as_str().is_empty() => {
            stated.known_since = Some(content.date_added.as_str().to_owned());
            add_reference(&mut advisory.references, content.reference.as_str(), "government-resource");
        }
        _ => {}
    }
    advisory.exploitation = (stated != Exploitation::default()).then_some(stated);
}
