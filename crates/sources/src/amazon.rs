//! A repository of Amazon Linux: its mirror list, `repodata/repomd.xml`, and the updateinfo that this names (createrepo_c's
//! layout, which every RPM repository has; an address that is no mirror list is taken as the repository's own).
//!
//! The file is believed only with the digest and size that repomd.xml states. When the two do not fit, the repository may just
//! have been renewed, so repomd.xml is asked for once more.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use sha2::{Sha256, Sha512};
use standards::repomd::{self, Data};
use url::Url;

use crate::delivery::End;
use crate::http::{Download, same_host};
use crate::packed;
use crate::session::{Problem, Session};

/// Most mirrors that are asked.
const MIRRORS: usize = 3;

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// Digest of the updateinfo that is in.
    checksum: String,
}

/// How an attempt ended.
enum Ended {
    /// It is in, or was in already.
    Well,
    /// It did not come, or does not fit: the repository or another mirror may be asked again.
    Badly(String),
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let base = match session.base() {
        Ok(base) => base,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let repositories = match repositories(&mut session, &base) {
        Ok(repositories) => repositories,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut sentences = Vec::new();
    // The first is asked a second time before another one is: between two answers a repository may be renewed.
    for repository in repositories.iter().take(1).chain(repositories.iter().take(MIRRORS)) {
        match take(&mut session, &mut cursor, repository) {
            Ended::Well => return session.end(&cursor),
            Ended::Badly(sentence) if sentences.contains(&sentence) => {}
            Ended::Badly(sentence) => sentences.push(sentence),
        }
    }
    for sentence in sentences {
        session.owe(sentence);
    }
    session.end(&cursor)
}

/// The repositories that the mirror list names, or the address itself.
fn repositories(session: &mut Session<'_>, base: &Url) -> Result<Vec<Url>, String> {
    if !base.path().ends_with("mirror.list") && !base.path().ends_with("mirrorlist") {
        let whole = base.as_str().trim_end_matches("repodata/repomd.xml").trim_end_matches('/');
        return Url::parse(&format!("{whole}/")).map(|url| vec![url]).map_err(|error| format!("{base}: {error}."));
    }
    let request = session.document(base.clone());
    match session.index(&request, &|bytes| mirrors(base, bytes)) {
        Ok(Some((mirrors, _))) => Ok(mirrors),
        Ok(None) => Err(format!("{base} answered that nothing has changed, which was not asked.")),
        Err(problem) => Err(format!("{problem}.")),
    }
}

/// One address a line. Another host is asked over TLS only.
fn mirrors(base: &Url, bytes: &[u8]) -> Result<Vec<Url>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no list of mirrors".to_owned())?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let urls: Vec<Url> = lines
        .take(1000)
        .filter_map(|line| Url::parse(&format!("{}/", line.trim_end_matches('/'))).ok())
        .filter(|url| is_reachable(base, url))
        .collect();
    if urls.is_empty() { Err("names no mirror that can be reached over TLS".to_owned()) } else { Ok(urls) }
}

fn is_reachable(base: &Url, url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == base.scheme() && same_host(base, url))
}

/// Asks for repomd.xml and takes the updateinfo in, unless it is in.
fn take(session: &mut Session<'_>, cursor: &mut Cursor, repository: &Url) -> Ended {
    let data = match updateinfo(session, repository) {
        Ok(data) => data,
        Err(problem) => return Ended::Badly(format!("{problem}.")),
    };
    let seconds = data.timestamp.split('.').next().and_then(|text| text.parse().ok());
    session.data_timestamp = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    if !data.checksum.is_empty() && data.checksum == cursor.checksum {
        return Ended::Well;
    }
    let url = match repository.join(&data.location) {
        Ok(url) if is_reachable(repository, &url) => url,
        _ => {
            return Ended::Badly(format!(
                "{repository} names the updateinfo {:?}, which cannot be reached.",
                data.location
            ));
        }
    };
    let found = RefCell::new(String::new());
    let request = session.document(url);
    match packed::deliver(session, &request, &|download| compare(&data, download, &found)) {
        Ok(Some(delivered)) => {
            session.full_set = true;
            session.check("The digest of updateinfo in repomd.xml", &data.checksum, found.borrow());
            let is_whole = delivered.taken.quarantined == 0;
            cursor.checksum = if is_whole { data.checksum } else { String::new() };
            Ended::Well
        }
        Ok(None) => Ended::Badly(format!("{} answered that nothing has changed, which was not asked.", request.url)),
        Err(problem) => Ended::Badly(format!("{problem}.")),
    }
}

/// What repomd.xml says about the updateinfo.
fn updateinfo(session: &mut Session<'_>, repository: &Url) -> Result<Data, Problem> {
    let unusable = |reason: String| Problem::Unusable { from: repository.to_string(), reason };
    let url = repository.join("repodata/repomd.xml").map_err(|error| unusable(error.to_string()))?;
    let request = session.document(url);
    let found = session.index(&request, &|bytes| {
        let text = std::str::from_utf8(bytes).map_err(|error| format!("is no UTF-8: {error}"))?;
        let files = repomd::from_xml(text).map_err(|error| format!("cannot be read: {error} (line {})", error.line))?;
        let data = files.into_iter().find(|file| file.kind == "updateinfo" && !file.location.is_empty());
        data.ok_or_else(|| "names no updateinfo".to_owned())
    })?;
    found
        .map(|(data, _)| data)
        .ok_or_else(|| unusable("answered that nothing has changed, which was not asked".to_owned()))
}

/// Compares a file with what repomd.xml states about it; leaves the digest in `found`.
fn compare(data: &Data, download: &Download, found: &RefCell<String>) -> Result<(), String> {
    let digest = match data.algorithm.to_ascii_lowercase().as_str() {
        "sha256" => download.digest::<Sha256>(),
        "sha512" => download.digest::<Sha512>(),
        other => return Err(format!("has a digest by {other:?}, which cannot be checked")),
    };
    let digest = digest.map_err(|error| format!("could not be read from the spool: {error}"))?;
    if !digest.eq_ignore_ascii_case(&data.checksum) {
        return Err(format!("does not fit its digest: {} is stated, {digest} came", data.checksum));
    }
    // Equal by meaning; kept as stated, so that the record shows equal texts.
    found.replace(data.checksum.clone());
    Ok(())
}
