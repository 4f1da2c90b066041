//! CVE records (CVE Record Format 5.x) to advisories: the numbering authority's container and those of all authorised
//! data publishers, CISA's first among them. What products are affected is read in [`affected`].

mod affected;

use standards::cve::{Container, Content, Description, Metadata, Metric, Record};
use standards::lenient::{Lax, List};

use super::common::{Notes, add_once, add_reference, add_weakness, blank, parse, title};
use super::{Context, RawRecord, applicability};
use crate::model::advisory::{Advisory, Exploitation, State};
use crate::model::raw::Translated;

pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let cve: Record<'_> = parse(record.bytes)?;
    let Lax::Value(metadata) = &cve.cve_metadata else {
        return Err("The record has no object `cveMetadata`.".to_owned());
    };
    let mut notes = Notes::default();
    let id = notes.text(&metadata.cve_id, "cveMetadata.cveId");
    if id.is_empty() {
        return Err("The record has no `cveMetadata.cveId`.".to_owned());
    }
    let Lax::Value(containers) = &cve.containers else {
        return Err("The record has no object `containers`.".to_owned());
    };
    let mut advisory = blank(record, context, id);
    advisory.published = notes.timestamp(&metadata.date_published, "cveMetadata.datePublished");
    advisory.modified = notes.timestamp(&metadata.date_updated, "cveMetadata.dateUpdated");
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

/// CISA's statements: the SSVC decision point `Exploitation`, and the entry in the known exploited vulnerabilities.
fn exploitation(content: &Content<'_>, kind: &str, advisory: &mut Advisory) {
    let ssvc = || {
        let mut options = content.options.values().flat_map(|(_, option)| option);
        options.find(|(name, _)| name.eq_ignore_ascii_case("exploitation")).map(|(_, value)| value.as_str())
    };
    let (known_since, ssvc) = match kind.to_ascii_lowercase().as_str() {
        "ssvc" => ("", ssvc().unwrap_or_default()),
        "kev" => (content.date_added.as_str(), ""),
        _ => return,
    };
    if known_since.is_empty() && ssvc.is_empty() {
        return;
    }
    let empty = Exploitation { known_since: None, ransomware: None, due: None, ssvc: None };
    let stated = advisory.exploitation.get_or_insert(empty);
    if !known_since.is_empty() {
        stated.known_since = Some(known_since.to_owned());
    }
    if !ssvc.is_empty() {
        stated.ssvc = Some(ssvc.to_ascii_lowercase());
    }
}
