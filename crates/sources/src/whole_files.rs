//! Sources that are several files, one for each release: Alpine's security database, Photon's CVE data.
//!
//! A file does not say what has gone from it. So when any file has changed, all are read, and together they are the full set.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{Content, End};
use crate::http::{Answer, Download};
use crate::session::{Known, Problem, Session};

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    known: Known,
    /// The files that were read together: with another list, what is known of them is not all there is.
    files: Vec<String>,
}

/// Reads the files at `urls`, or ends with the sentence that says why there are none.
pub(crate) fn run(mut session: Session<'_>, urls: Result<Vec<Url>, String>) -> End {
    let urls = match urls {
        Ok(urls) if urls.is_empty() => {
            return session.end_with("No release is configured, so nothing was asked for.".to_owned());
        }
        Ok(urls) => urls,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let files: Vec<String> = urls.iter().map(Url::to_string).collect();
    let is_same = std::mem::replace(&mut cursor.files, files) == cursor.files;
    let (changed, unchanged) = ask(&mut session, &cursor, &urls);
    if changed.is_empty() && is_same {
        return session.end(&cursor);
    }
    let mut whole = !session.owes();
    let known = unchanged.iter().map(|url| (url, None));
    let all = changed.iter().map(|(url, download)| (url, Some(download))).chain(known);
    for (done, (url, download)) in all.enumerate() {
        whole &= take(&mut session, &mut cursor, url, download);
        session.progress(done + 1, Some(urls.len()), "files");
    }
    session.full_set = whole;
    session.end(&cursor)
}

/// The addresses of files below the base; `pieces` are the segments of each.
pub(crate) fn below(base: &Url, pieces: impl Iterator<Item = Vec<String>>) -> Result<Vec<Url>, String> {
    pieces
        .map(|pieces| {
            let mut url = base.clone();
            url.path_segments_mut()
                .map_err(|()| format!("The address {base} cannot be the base of others."))?
                .pop_if_empty()
                .extend(&pieces);
            Ok(url)
        })
        .collect()
}

/// Asks for all files; what has not changed costs an answer without content.
fn ask(session: &mut Session<'_>, cursor: &Cursor, urls: &[Url]) -> (Vec<(Url, Download)>, Vec<Url>) {
    let (mut changed, mut unchanged) = (Vec::new(), Vec::new());
    for url in urls {
        let request = session.document(url.clone()).if_changed(cursor.known.of(url, session.clock.now()));
        match session.get(&request) {
            Ok(Answer::Body(download)) => changed.push((url.clone(), download)),
            Ok(Answer::Unchanged(_)) => unchanged.push(url.clone()),
            Err(failure) => session.owe_document(&Problem::Failed(failure)),
        }
    }
    (changed, unchanged)
}

/// Takes a file in, as it came if it can be used, else asked for again. Whether it is in.
fn take(session: &mut Session<'_>, cursor: &mut Cursor, url: &Url, download: Option<&Download>) -> bool {
    let content = Content::Document(session.config.kind.format());
    let first = download.and_then(|download| {
        session.hand_over(download, content).ok().map(|taken| (taken.quarantined, download.validators()))
    });
    let result = if let Some(taken) = first {
        Ok(Some(taken))
    } else {
        let request = session.document(url.clone());
        session.deliver(&request, content, &|_| Ok(())).map(|it| it.map(|it| (it.taken.quarantined, it.validators)))
    };
    match result {
        Ok(Some((0, validators))) => cursor.known.keep(url, validators),
        // A record that could not be read may be any of those that were not shown.
        Ok(_) => {
            cursor.known.forget(url);
            return false;
        }
        Err(problem) => {
            cursor.known.forget(url);
            session.owe_document(&problem);
            return false;
        }
    }
    true
}
