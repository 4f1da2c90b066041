//! CISA's known exploited vulnerabilities to advisories: they speak of CVEs, never of components.

use standards::kev::Entry;

use super::common::{Notes, add_reference, add_weakness, blank, parse, title};
use super::{Context, RawRecord};
use crate::model::advisory::{Advisory, Exploitation};
use crate::model::raw::Translated;

pub(super) fn translate(record: &RawRecord<'_>, context: &Context<'_>) -> Result<Translated<Advisory>, String> {
    let entry: Entry<'_> = parse(record.bytes)?;
    let mut notes = Notes::default();
    let id = notes.text(&entry.cve_id, "cveID");
    if id.is_empty() {
        return Err("The entry has no `cveID`.".to_owned());
    }
    let mut advisory = blank(record, context, id);
    notes.text(&entry.short_description, "shortDescription").clone_into(&mut advisory.description);
    let action = notes.text(&entry.required_action, "requiredAction");
    if !action.is_empty() {
        advisory.description.extend(["\n\nRequired action: ", action]);
    }
    advisory.title = title(notes.text(&entry.vulnerability_name, "vulnerabilityName"), &advisory.description, id);
    let notes_text = notes.text(&entry.notes, "notes");
    for url in notes_text.split([';', ' ']).map(str::trim).filter(|part| part.starts_with("http")) {
        add_reference(&mut advisory.references, url, "");
    }
    for cwe in notes.texts(&entry.cwes, "cwes") {
        add_weakness(&mut advisory.weaknesses, cwe);
    }
    advisory.published = notes.changed(&entry.date_added, "dateAdded")?;
    let known_since = entry.date_added.as_str().trim();
    advisory.exploitation = Some(Exploitation {
        known_since: Some(known_since.to_owned()).filter(|text| !text.is_empty()),
        ransomware: ransomware(notes.text(&entry.known_ransomware_campaign_use, "knownRansomwareCampaignUse")),
        due: Some(notes.text(&entry.due_date, "dueDate").to_owned()).filter(|text| !text.is_empty()),
        ..Exploitation::default()
    });
    Ok(Translated { value: advisory, warnings: notes.into_warnings() })
}

/// `Unknown` is CISA's word for "no use is known", not for "no".
fn ransomware(word: &str) -> Option<bool> {
    word.eq_ignore_ascii_case("known").then_some(true)
}
