//! A MISP feed: a folder with `manifest.json`, one file for each event, and `hashes.csv` (misp-standard.org; MISP's feed
//! generator).
//!
//! The manifest names every event with the instant of its last change; events whose instant differs from that in the manifest of
//! last time are read. When an event has left the manifest, all are read, because only that shows what is gone. `hashes.csv` lists
//! the MD5 of values of each event: it is compared with the events that are read, so that a feed that is caught in the middle of
//! being written is noticed.

mod hashes;

use std::collections::BTreeMap;

use domain::model::raw::Digest;
use serde::{Deserialize, Serialize};
use standards::lenient::{Lax, Text};
use url::Url;

use crate::delivery::{Content, End};
use crate::http::{Request, same_host};
use crate::session::{Known, Session};
use hashes::Hashes;

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    known: Known,
    /// The archived manifest up to which events were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<Digest>,
    /// Events of it that are owed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owed: Vec<String>,
}

/// Identifiers of events with the instants of their last change.
type Manifest = BTreeMap<String, String>;

/// What the manifest says about an event.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Listed<'a> {
    timestamp: Text<'a>,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let base = match session.base().and_then(folder) {
        Ok(base) => base,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let list = below(&base, "manifest.json");
    let believed = cursor.known.of(&list, session.clock.now()).filter(|_| cursor.owed.is_empty());
    let request = request(&session, list.clone()).if_changed(believed);
    match session.list(&request, &read_manifest) {
        Ok(None) => {}
        Ok(Some((manifest, validators, digest))) => {
            take_events(&mut session, &mut cursor, &base, &manifest);
            cursor.manifest = Some(digest);
            if session.owes() {
                cursor.known.forget(&list);
            } else {
                cursor.known.keep(&list, validators);
            }
        }
        Err(problem) => session.owe_document(&problem),
    }
    session.end(&cursor)
}

/// A request with the source's key, if it goes to the source's own host.
fn request(session: &Session<'_>, url: Url) -> Request {
    let own_host = session.base().is_ok_and(|base| same_host(&base, &url));
    let mut request = session.document(url);
    request.refusal_is_final = session.config.login.is_some() || session.config.api_key.is_some();
    request.secret = session.config.api_key.clone().filter(|_| own_host).map(|key| ("authorization", key));
    request
}

/// Reads the events that are new, changed or owed; all of them when one is gone.
fn take_events(session: &mut Session<'_>, cursor: &mut Cursor, base: &Url, manifest: &Manifest) {
    let earlier = cursor.manifest.and_then(|digest| session.recall(&digest));
    let earlier = earlier.and_then(|bytes| read_manifest(&bytes).ok()).unwrap_or_default();
    let is_whole = earlier.is_empty() || earlier.keys().any(|id| !manifest.contains_key(id));
    let is_wanted = |id: &&String| is_whole || cursor.owed.contains(id) || earlier.get(*id) != manifest.get(*id);
    let wanted: Vec<&String> = manifest.keys().filter(is_wanted).collect();
    let hashes = Hashes::read(session, base, &wanted);
    let mut owed = Vec::new();
    for (done, id) in wanted.iter().enumerate() {
        if !take_event(session, base, id, &hashes) {
            owed.push((*id).clone());
        }
        session.progress(done + 1, Some(wanted.len()), "events");
    }
    session.stated = Some(manifest.len() as u64);
    session.checked("Events of the manifest", manifest.len(), manifest.len() - owed.len());
    session.full_set = is_whole && owed.is_empty();
    cursor.owed = owed;
}

/// Whether an event was taken in as the feed describes it; if not, that is owed.
fn take_event(session: &mut Session<'_>, base: &Url, id: &str, hashes: &Hashes) -> bool {
    let request = request(session, below(base, &format!("{id}.json")));
    let lacking = std::cell::Cell::new(0);
    let check = |download: &crate::http::Download| {
        let bytes = download.bytes().map_err(|error| format!("could not be read from the spool: {error}"))?;
        lacking.set(hashes.lacking(id, &bytes));
        Ok(())
    };
    match session.deliver(&request, Content::Document(session.config.kind.format()), &check) {
        Ok(Some(delivered)) if delivered.taken.quarantined > 0 => false,
        Ok(Some(_)) if lacking.get() > 0 => {
            session.owe(format!("The event {id} lacks {} of the values that hashes.csv lists.", lacking.get()));
            false
        }
        Ok(_) => true,
        Err(problem) => {
            session.owe_document(&problem);
            false
        }
    }
}

/// Reads the manifest. Identifiers that could lead elsewhere are none.
fn read_manifest(bytes: &[u8]) -> Result<Manifest, String> {
    let listed: BTreeMap<String, Lax<ListedShape>> =
        serde_json::from_slice(bytes).map_err(|error| format!("is no manifest: {error}"))?;
    let mut manifest = Manifest::new();
    for (id, entry) in listed {
        let is_uuid = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if !is_uuid {
            return Err(format!("names an event {:?}, which is no UUID", id.chars().take(80).collect::<String>()));
        }
        manifest.insert(id, entry.value().map(|entry| entry.0.clone()).unwrap_or_default());
    }
    Ok(manifest)
}

/// The timestamp of an entry, owned.
struct ListedShape(String);

impl<'de> standards::lenient::Shape<'de> for ListedShape {
    fn from_object<A: serde::de::MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        let object = serde::de::value::MapAccessDeserializer::new(object);
        let listed: Listed<'de> = Deserialize::deserialize(object)?;
        Ok(Some(Self(listed.timestamp.as_str().to_owned())))
    }
}

/// The feed's folder, whichever of its files the address names.
fn folder(mut url: Url) -> Result<Url, String> {
    let mut segments = url.path_segments_mut().map_err(|()| "The address cannot be the base of others.".to_owned())?;
    segments.pop_if_empty();
    drop(segments);
    if url.path().ends_with("/manifest.json") {
        url.path_segments_mut().map_err(|()| String::new())?.pop();
    }
    Ok(url)
}

/// The address of a file of the feed.
fn below(folder: &Url, name: &str) -> Url {
    let mut url = folder.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(name);
    }
    url
}

#[cfg(test)]
mod tests;
