//! What the program holds of a source, and what a perfect client would hold.

use std::collections::BTreeMap;

use domain::model::source::SourceId;
use jiff::Timestamp;
use store::knowledge::Knowledge;

use crate::bed::Bed;
use crate::double::Double;

/// Go's zero time stands for a date that was never set.
const NEVER: Timestamp = Timestamp::UNIX_EPOCH;

/// Records by identifier, with their last change where it is known.
pub(super) type Records = BTreeMap<String, Option<Timestamp>>;

/// What was held of each source after its last sync.
#[derive(Default)]
pub(super) struct Holdings(BTreeMap<String, Records>);

impl Holdings {
    pub(super) fn before(&self, source: &str) -> Records {
        self.0.get(source).cloned().unwrap_or_default()
    }

    pub(super) fn keep(&mut self, source: &str, records: Records) {
        self.0.insert(source.to_owned(), records);
    }
}

/// What the double says that a perfect client holds.
pub(super) fn truth(double: &Double, source: &str) -> Records {
    let truth = double.get(&format!("truth/{source}"));
    let entries = truth["entries"].as_array().cloned().unwrap_or_default();
    entries
        .iter()
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
            // In the bucket's list of everything a record stands with its ecosystem.
            let id = if source == "osv" { text("id").split_once('/').map(|(_, id)| id.to_owned()) } else { None };
            (id.unwrap_or_else(|| text("id")), text("modified").parse().ok().filter(|at| *at > NEVER))
        })
        .collect()
}

/// What the program holds. Scores are looked up by `names`, as their table has no list of them.
pub(super) fn held<'n>(bed: &Bed, source: &str, names: impl Iterator<Item = &'n String>) -> Records {
    let knowledge = Knowledge::open(&bed.dir().join("knowledge")).expect("the knowledge opens");
    if source == "epss" {
        let Some(edition) = knowledge.epss_edition() else { return Records::new() };
        let (rows, date) = (edition.rows, score_date(&edition.date));
        let known = names.filter(|cve| knowledge.epss(cve).is_some());
        let found: Records = known.map(|cve| (cve.clone(), date)).collect();
        assert!(rows >= found.len() as u64, "{rows} rows cannot hold {} scores", found.len());
        return found;
    }
    let id = SourceId(super::places::id(source));
    let modified = |name: &str| knowledge.current(&id, name).and_then(|current| current.modified);
    knowledge.ids(&id).map(|name| (name.clone(), modified(&name))).collect()
}

fn score_date(date: &str) -> Option<Timestamp> {
    format!("{}T00:00:00Z", date.get(..10)?).parse().ok()
}
