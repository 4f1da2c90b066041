//! Alpine's security database: `RELEASE/main.json` and `RELEASE/community.json` (secdb.alpinelinux.org).
//!
//! A file does not say what has gone from it. So when any file has changed, all are read, and together they are the full set.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{Content, End};
use crate::http::{Answer, Download};
use crate::session::{Known, Problem, Session};

const REPOSITORIES: [&str; 2] = ["main", "community"];

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    known: Known,
}

pub(crate) fn run(mut session: Session<'_>, releases: &[String]) -> End {
    let urls = match session.base().and_then(|base| addresses(&base, releases)) {
        Ok(urls) => urls,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let (changed, unchanged) = ask(&mut session, &cursor, &urls);
    if changed.is_empty() {
        return session.end(&cursor);
    }
    let mut whole = !session.owes();
    for (done, (url, download)) in changed
        .iter()
        .map(|(url, download)| (url, Some(download)))
        .chain(unchanged.iter().map(|url| (url, None)))
        .enumerate()
    {
        whole &= take(&mut session, &mut cursor, url, download);
        session.progress(done + 1, Some(urls.len()), "files");
    }
    session.full_set = whole;
    session.end(&cursor)
}

fn addresses(base: &Url, releases: &[String]) -> Result<Vec<Url>, String> {
    let files = releases.iter().flat_map(|release| REPOSITORIES.map(|repository| (release, repository)));
    files
        .map(|(release, repository)| {
            let mut url = base.clone();
            url.path_segments_mut()
                .map_err(|()| format!("The address {base} cannot be the base of others."))?
                .pop_if_empty()
                .extend([release.as_str(), &format!("{repository}.json")]);
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
        Ok(_) => cursor.known.forget(url),
        Err(problem) => {
            cursor.known.forget(url);
            session.owe_document(&problem);
            return false;
        }
    }
    true
}
