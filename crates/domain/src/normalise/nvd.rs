//! NVD's records (CVE API 2.0) to advisories. The configurations are read in [`super::applicability`].

use standards::lenient::{Lax, List};
use standards::nvd::{Cve, Description, Item, Metric, Metrics};

use super::common::{Notes, add_reference, add_weakness, blank, decision, parse, title};
use super::{Context, RawRecord, applicability};
use crate::model::advisory::{Advisory, Exploitation, State};
use crate::model::raw::Translated;

pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let item: Item<'_> = parse(record.bytes)?;
    let Lax::Value(cve) = &item.cve else {
        return Err("The element has no object `cve`.".to_owned());
    };
    let mut notes = Notes::default();
    let id = notes.text(&cve.id, "cve.id");
    if id.is_empty() {
        return Err("The record has no `cve.id`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    advisory.published = notes.timestamp(&cve.published, "cve.published");
    advisory.modified = notes.changed(&cve.last_modified, "cve.lastModified")?;
    notes.list(&cve.descriptions, "cve.descriptions").for_each(drop);
    english(&cve.descriptions).clone_into(&mut advisory.description);
    advisory.title =
        title(notes.text(&cve.cisa_vulnerability_name, "cve.cisaVulnerabilityName"), &advisory.description, id);
    if notes.text(&cve.vuln_status, "cve.vulnStatus").eq_ignore_ascii_case("Rejected") {
        advisory.state = State::Rejected { reason: advisory.description.clone() };
    }
    for (index, link) in notes.list(&cve.references, "cve.references") {
        let url = notes.text(&link.url, format_args!("cve.references[{index}].url"));
        let tags: Vec<&str> = notes.texts(&link.tags, format_args!("cve.references[{index}].tags")).collect();
        add_reference(&mut advisory.references, url, &tags.join(", "));
    }
    for (_, weakness) in notes.list(&cve.weaknesses, "cve.weaknesses") {
        weakness.description.values().for_each(|(_, text)| add_weakness(&mut advisory.weaknesses, text.value.as_str()));
    }
    if let Some(metrics) = notes.read(&cve.metrics, "cve.metrics") {
        scores(metrics, &mut advisory, &mut notes);
    }
    advisory.exploitation = exploitation(cve, &mut notes);
    applicability::translate(&cve.configurations, "configurations", &mut advisory.affected, &mut notes);
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// The English description, else the first.
fn english<'x>(descriptions: &'x List<Description<'_>>) -> &'x str {
    let is_english = |(_, description): &(usize, &Description<'_>)| description.lang.as_str().starts_with("en");
    let found = descriptions.values().find(is_english).or_else(|| descriptions.values().next());
    found.map_or("", |(_, description)| description.value.as_str().trim())
}

/// Every score of every party.
fn scores(metrics: &Metrics<'_>, advisory: &mut Advisory, notes: &mut Notes) {
    let lists: [(&List<Metric<'_>>, &str); 4] = [
        (&metrics.v40, "cvssMetricV40"),
        (&metrics.v31, "cvssMetricV31"),
        (&metrics.v30, "cvssMetricV30"),
        (&metrics.v2, "cvssMetricV2"),
    ];
    for (list, name) in lists {
        for (index, metric) in notes.list(list, format_args!("cve.metrics.{name}")) {
            let place = format!("cve.metrics.{name}[{index}].cvssData.vectorString");
            if let Some(data) = notes.read(&metric.cvss_data, &place) {
                notes.score(&mut advisory.scores, metric.source.as_str(), data.vector_string.as_str(), &place);
            }
        }
    }
}

/// CISA's dates and SSVC decision, where NVD repeats them.
fn exploitation(cve: &Cve<'_>, notes: &mut Notes) -> Option<Exploitation> {
    let stated = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let known_since = stated(notes.text(&cve.cisa_exploit_add, "cve.cisaExploitAdd"));
    let due = stated(notes.text(&cve.cisa_action_due, "cve.cisaActionDue"));
    let decisions = cve.metrics.value().into_iter().flat_map(|metrics| metrics.ssvc.values());
    let options = decisions.filter_map(|(_, metric)| metric.ssvc_data.value()).flat_map(|data| data.options.values());
    let mut stated = Exploitation { known_since, due, ..Exploitation::default() };
    options.flat_map(|(_, option)| option).for_each(|(name, value)| decision(&mut stated, name, value.as_str()));
    (stated != Exploitation::default()).then_some(stated)
}
