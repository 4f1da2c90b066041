//! The repository's tree (`raw.githubusercontent.com`): `cves/deltaLog.json` lists a month of changes, and each record lies at
//! `cves/2024/3xxx/CVE-2024-3094.json`.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use url::Url;

use super::{Cursor, under};
use crate::delivery::Content;
use crate::session::{Problem, Session};

/// Log and releases are made one after the other: so much of the log is read again.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);

/// A set of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) at: Timestamp,
    pub(super) ids: Vec<String>,
}

/// Takes in what the log says has changed. False: this way does not lead there, and the refusal itself is owed.
pub(super) fn take(session: &mut Session<'_>, cursor: &mut Cursor, refusal: &Problem) -> bool {
    let Some((through, root)) = cursor.through.zip(session.base().ok().and_then(|base| root(&base))) else {
        return false;
    };
    let Ok(log) = under(&root, "cves/deltaLog.json") else { return false };
    let mut request = session.document(log);
    request.limit_bytes = session.config.limits.archive_bytes;
    let changes = match session.index(&request, &read) {
        Ok(Some((changes, _))) => changes,
        Ok(None) => return false,
        Err(problem) => {
            session.owe_document(&problem);
            return false;
        }
    };
    let (oldest, newest) = (changes.iter().map(|change| change.at).min(), changes.iter().map(|change| change.at).max());
    let (Some(oldest), Some(newest)) = (oldest, newest) else { return false };
    let wanted: BTreeSet<&String> =
        changes.iter().filter(|change| change.at > through - OVERLAP).flat_map(|change| &change.ids).collect();
    if oldest > through || wanted.len() > session.config.limits.single_requests {
        return false;
    }
    let mut complete = true;
    for (done, id) in wanted.iter().enumerate() {
        complete &= record(session, &root, id);
        session.progress(done + 1, Some(wanted.len()), "records");
    }
    if complete {
        cursor.through = Some(through.max(newest));
        "deltaLog.json".clone_into(&mut cursor.tag);
        let found = format!("{} records that deltaLog.json names, read one by one", wanted.len());
        session.remark("releases", refusal, found);
    }
    true
}

/// Takes one record in; whether it is in.
fn record(session: &mut Session<'_>, root: &Url, id: &str) -> bool {
    let url = path(id).ok_or_else(|| format!("{id:?} in deltaLog.json is no CVE.")).and_then(|path| under(root, &path));
    let request = match url {
        Ok(url) => session.document(url),
        Err(sentence) => {
            session.owe(sentence);
            return false;
        }
    };
    let content = Content::Document(session.config.kind.format());
    match session.deliver(&request, content, &|_| Ok(())) {
        Ok(delivered) => delivered.is_none_or(|delivered| delivered.taken.quarantined == 0),
        Err(problem) => {
            session.owe(format!("{id}: {problem}."));
            false
        }
    }
}

/// Where the tree of a repository lies, by the address of its interface: `https://api.github.com/repos/OWNER/NAME`. A mirror has the
/// tree at the same address with `-raw` in place of `-api`.
pub(super) fn root(api: &Url) -> Option<Url> {
    let mut root = api.clone();
    if api.host_str() == Some("api.github.com") {
        let repository = api.path().trim_matches('/').strip_prefix("repos/")?.to_owned();
        root.set_host(Some("raw.githubusercontent.com")).ok()?;
        root.set_path(&format!("/{repository}/main"));
    } else {
        let path = api.path().trim_end_matches('/').strip_suffix("-api")?.to_owned();
        root.set_path(&format!("{path}-raw/main"));
    }
    Some(root)
}

/// Where a record lies in the tree.
pub(super) fn path(id: &str) -> Option<String> {
    let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
    let thousands = number.parse::<u64>().ok().filter(|_| digits(year) && digits(number))? / 1000;
    Some(format!("cves/{year}/{thousands}xxx/{id}.json"))
}

/// Reads the log.
///
/// # Errors
/// A fragment: it is none, or empty, which never means that nothing has changed.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Change>, String> {
    let raw: Vec<RawChange> =
        serde_json::from_slice(bytes).map_err(|error| format!("is no log of changes: {error}"))?;
    if raw.is_empty() {
        return Err("is an empty log of changes".to_owned());
    }
    let change = |raw: RawChange| Change {
        at: raw.fetch_time,
        ids: raw.new.into_iter().chain(raw.updated).map(|record| record.cve_id).collect(),
    };
    Ok(raw.into_iter().map(change).collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawChange {
    fetch_time: Timestamp,
    #[serde(default)]
    new: Vec<RawRecord>,
    #[serde(default)]
    updated: Vec<RawRecord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRecord {
    cve_id: String,
}
