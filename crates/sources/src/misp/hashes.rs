//! `hashes.csv` of a MISP feed: the MD5 of values, each with the event it stands in.

use std::collections::{HashMap, HashSet};

use md5::{Digest, Md5};
use serde_json::Value;
use url::Url;

use super::{below, request};
use crate::session::Session;

/// What is listed of the events that are of interest.
#[derive(Debug, Default)]
pub(super) struct Hashes(HashMap<String, HashSet<[u8; 16]>>);

impl Hashes {
    /// Reads the list for the events in `wanted`. A feed need not have one; one that cannot be read is remarked.
    pub(super) fn read(session: &mut Session<'_>, base: &Url, wanted: &[&String]) -> Self {
        if wanted.is_empty() {
            return Self::default();
        }
        let request = request(session, below(base, "hashes.csv"));
        let wanted: HashSet<&str> = wanted.iter().map(|id| id.as_str()).collect();
        match session.index(&request, &|bytes| Self::parse(bytes, &wanted)) {
            Ok(found) => found.map(|(hashes, _)| hashes).unwrap_or_default(),
            Err(problem) if problem.is_absence() => Self::default(),
            Err(problem) => {
                session.remark("hashes.csv", "hashes of values", format!("not compared: {problem}"));
                Self::default()
            }
        }
    }

    fn parse(bytes: &[u8], wanted: &HashSet<&str>) -> Result<Self, String> {
        let mut found = Self::default();
        for line in String::from_utf8_lossy(bytes).lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (hash, event) = line.split_once(',').ok_or("is no list of hashes and events")?;
            let hash = digits(hash.trim()).ok_or("is no list of hashes and events")?;
            let event = event.split(',').next().unwrap_or_default().trim();
            if wanted.contains(event) {
                found.0.entry(event.to_owned()).or_default().insert(hash);
            }
        }
        Ok(found)
    }

    /// How many of the values listed for an event its document lacks.
    pub(super) fn lacking(&self, event: &str, document: &[u8]) -> usize {
        let Some(listed) = self.0.get(event) else { return 0 };
        let Ok(document) = serde_json::from_slice::<Value>(crate::session::without_mark(document)) else { return 0 };
        let mut found = HashSet::new();
        values(&document["Event"], &mut found);
        listed.difference(&found).count()
    }
}

/// The hashes of every value of the attributes in `group`: whole, and in parts where it is composed (`filename|md5`).
fn values(group: &Value, found: &mut HashSet<[u8; 16]>) {
    for attribute in group["Attribute"].as_array().into_iter().flatten() {
        let Some(value) = attribute["value"].as_str() else { continue };
        found.insert(Md5::digest(value).into());
        found.extend(value.split('|').map(|part| <[u8; 16]>::from(Md5::digest(part))));
    }
    for object in group["Object"].as_array().into_iter().flatten() {
        values(object, found);
    }
}

/// 32 hexadecimal digits.
fn digits(text: &str) -> Option<[u8; 16]> {
    let mut hash = [0; 16];
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_the_list_has_and_the_event_lacks_are_counted() {
        // MD5 of "a", of "b" and of "c" (RFC 1321, appendix A.5, for "a").
        let list = "0cc175b9c0f1b6a831c399e269772661,1\n92eb5ffee6ae2fec3ad71c777531578f,1\r\n4a8a08f09d37b73795649038408b5f33,2\n";
        let hashes = Hashes::parse(list.as_bytes(), &HashSet::from(["1"])).unwrap();
        let event = br#"{"Event":{"Attribute":[{"value":"a"}],"Object":[{"Attribute":[{"value":"x|b"}]}]}}"#;
        assert_eq!((hashes.lacking("1", event), hashes.lacking("2", event)), (0, 0));
        assert_eq!(hashes.lacking("1", br#"{"Event":{"Attribute":[{"value":"a"},{"value":1}]}}"#), 1);
        assert!(Hashes::parse(b"<html>", &HashSet::new()).is_err());
    }
}
