//! What a step expects of a source, and whether it is so.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::holdings::{Holdings, Records, held, truth};
use super::places;
use crate::bed::Bed;
use crate::double::Double;

/// What a step expects of one source.
pub(super) struct Expectation {
    pub(super) source: String,
    outcomes: BTreeSet<String>,
    records: String,
    present: Vec<String>,
    absent: Vec<String>,
    except: Vec<String>,
    quarantined: Option<u64>,
    requests_at_most: Option<usize>,
    /// Whether a fault strikes this source: what it strikes may carry another date.
    struck: bool,
}

impl Expectation {
    pub(super) fn read(expected: &Value, faults: &[Value]) -> Self {
        let list = |key: &str| -> Vec<String> {
            let texts = expected[key].as_array().cloned().unwrap_or_default();
            texts.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let source = expected["source"].as_str().expect("an expectation names its source").to_owned();
        let mut outcomes: BTreeSet<String> = list("sync").into_iter().collect();
        outcomes.extend(expected["sync"].as_str().map(str::to_owned));
        let family = source.split(':').next().unwrap_or_default();
        let struck = faults.iter().any(|fault| {
            let at = fault["source"].as_str().unwrap_or_default();
            at == "*" || at.split(':').next() == Some(family)
        });
        Self {
            outcomes,
            records: expected["records"].as_str().unwrap_or("truth").to_owned(),
            present: list("present"),
            absent: list("absent"),
            except: list("except"),
            quarantined: expected["quarantined"].as_u64(),
            requests_at_most: expected["requests_at_most"].as_u64().and_then(|most| usize::try_from(most).ok()),
            source,
            struck,
        }
    }

    /// Compares what the program says and holds with what is expected.
    pub(super) fn check(&self, double: &Double, bed: &Bed, at: &str, holdings: &mut Holdings) {
        let source = &self.source;
        let (outcome, fetch) = outcome(bed, source, at);
        assert!(
            self.outcomes.contains(&outcome),
            "{source} at {at} ended as {outcome}, expected was one of {:?}: {}",
            self.outcomes,
            fetch["owed"]
        );
        let truth = truth(double, source);
        let before = holdings.before(source);
        let now = held(bed, source, truth.keys().chain(before.keys()));
        match self.records.as_str() {
            "truth" => self.is_truth(&now, &truth, at),
            // A step may say that nothing has changed where the double itself has records of the last half hour.
            "previous" if outcome == "ok" && difference(&now, &truth) == Default::default() => {}
            "previous" => self.is_previous(&now, &before, at),
            "previous_or_truth" => self.lies_between(&now, &before, &truth, at),
            "truth_except" => self.is_truth_except(&now, &truth, &outcome, at),
            other => panic!("records = {other:?} is not known here"),
        }
        for id in &self.present {
            assert!(now.contains_key(id), "{source} at {at}: {id} is missing");
        }
        for id in &self.absent {
            assert!(!now.contains_key(id), "{source} at {at}: {id} is there");
        }
        if let Some(quarantined) = self.quarantined {
            assert_eq!(fetch["counts"]["quarantined"], quarantined, "{source} at {at}: {}", fetch["quarantined"]);
        }
        if let Some(most) = self.requests_at_most {
            let asked = double.requests(source);
            assert!(asked.len() <= most, "{source} at {at}: {} requests, {most} are allowed: {asked:#?}", asked.len());
        }
        if outcome != "ok" && outcome != "stale" {
            assert!(
                fetch["owed"].as_array().is_some_and(|owed| !owed.is_empty()),
                "{source} at {at}: no reason is given"
            );
        }
        holdings.keep(source, now);
    }

    /// Whether identifiers of the double are those of our records.
    fn names_agree(&self) -> bool {
        !self.source.starts_with("distro:") && !self.source.starts_with("msrc")
    }

    /// Whether records carry a date of their last change. The catalogue's entries have none.
    fn dates_agree(&self) -> bool {
        self.source != "kev"
    }

    fn is_truth(&self, now: &Records, truth: &Records, at: &str) {
        let source = &self.source;
        if !self.names_agree() {
            assert!(now.len() >= truth.len(), "{source} at {at}: {} records of {}", now.len(), truth.len());
            return;
        }
        let (missing, surplus) = difference(now, truth);
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{source} at {at}: missing {missing:?}, too many {surplus:?}"
        );
        if !self.struck && self.dates_agree() {
            let other: Vec<String> = truth
                .iter()
                .filter(|(id, modified)| !self.is_same_date(id, now[*id], **modified))
                .map(|(id, modified)| format!("{id}: {:?} instead of {modified:?}", now[id]))
                .take(5)
                .collect();
            assert!(other.is_empty(), "{source} at {at}: other dates: {other:?}");
        }
    }

    /// Whether a record's date is the double's. Of TAXII objects the double tells when they were added, which never ties and so
    /// may be milliseconds after they were modified; definitions and observables are never modified at all.
    fn is_same_date(&self, id: &str, ours: Option<Timestamp>, theirs: Option<Timestamp>) -> bool {
        if !self.source.starts_with("taxii") {
            return to_millisecond(ours) == to_millisecond(theirs);
        }
        let is_modified = !["marking-definition--", "software--"].iter().any(|kind| id.starts_with(kind));
        !is_modified || ours.map(Timestamp::as_second) == theirs.map(Timestamp::as_second)
    }

    fn is_previous(&self, now: &Records, before: &Records, at: &str) {
        let (missing, surplus) = difference(now, before);
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{} at {at}: other records than before: gone {missing:?}, new {surplus:?}",
            self.source
        );
    }

    /// Nothing that stood before and still stands at the source is lost, and nothing is there that stands in neither.
    fn lies_between(&self, now: &Records, before: &Records, truth: &Records, at: &str) {
        let kept: Records =
            before.iter().filter(|(id, _)| truth.contains_key(*id)).map(|(id, on)| (id.clone(), *on)).collect();
        let both: Records = before.iter().chain(truth).map(|(id, on)| (id.clone(), *on)).collect();
        let ((missing, _), (_, surplus)) = (difference(now, &kept), difference(now, &both));
        assert!(missing.is_empty(), "{} at {at}: lost {missing:?}", self.source);
        assert!(!self.names_agree() || surplus.is_empty(), "{} at {at}: too many {surplus:?}", self.source);
    }

    /// Only what is excepted may be missing; without a list, what the record of the sync names as owed.
    fn is_truth_except(&self, now: &Records, truth: &Records, outcome: &str, at: &str) {
        let source = &self.source;
        let (missing, surplus) = difference(now, truth);
        let allowed = |id: &String| self.except.contains(id) || self.except.is_empty() && outcome != "ok";
        let missing: Vec<&String> = missing.iter().filter(|id| !allowed(id)).collect();
        let surplus: Vec<&String> = surplus.iter().filter(|id| !self.except.contains(id)).collect();
        assert!(missing.is_empty(), "{source} at {at} ({outcome}): missing {missing:?}");
        assert!(surplus.is_empty(), "{source} at {at} ({outcome}): too many {surplus:?}");
    }
}

/// The double tells times to the millisecond.
fn to_millisecond(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_millisecond)
}

/// Identifiers that `now` lacks, and those it has beyond `other`; at most ten each.
fn difference(now: &Records, other: &Records) -> (Vec<String>, Vec<String>) {
    let missing = other.keys().filter(|id| !now.contains_key(*id)).take(10).cloned().collect();
    let surplus = now.keys().filter(|id| !other.contains_key(*id)).take(10).cloned().collect();
    (missing, surplus)
}

/// How the last fetch of a source ended, in the scenarios' words, and its record.
fn outcome(bed: &Bed, source: &str, at: &str) -> (String, Value) {
    let id = places::id(source);
    let log = bed.json(&["--at", at, "source", "log", &id, "--limit", "1"]);
    let entry = log[0]["entry"].as_u64().expect("the fetch is in the journal").to_string();
    let fetch = bed.json(&["source", "show", &entry])["fetch"].clone();
    let word = fetch["outcome"].as_str().expect("a fetch has an outcome").to_owned();
    let list = bed.json(&["--at", at, "source", "list"]);
    let state = list
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["source"] == id))
        .and_then(|row| row["state"].as_str())
        .expect("the source is listed")
        .to_owned();
    let told = match word.as_str() {
        "held" => "held_back",
        "ok" if state == "stale" => "stale",
        other => other,
    };
    (told.to_owned(), fetch)
}
