//! One document: asked for, checked against digest and signature, handed over; refused ones are kept as evidence only.

use domain::model::tlp::Tlp;
use url::Url;

use super::listing::Entry;
use super::trust::Trust;
use super::{asked, digest};
use crate::delivery::{Content, Taken};
use crate::http::{Answer, Download, Request};
use crate::openpgp;
use crate::session::{Problem, Session};

/// Takes one document in; returns how many records were set aside.
pub(crate) fn take(
    session: &mut Session<'_>,
    trust: &Trust,
    entry: &Entry,
    tlp: Option<Tlp>,
) -> Result<Taken, Problem> {
    let request = asked(session, entry.url.clone());
    let content = Content::Document(session.config.kind.format());
    insist(session, &request, &mut |session, download| {
        download.exchange.tlp = tlp;
        if let Err(problem) = check(session, trust, entry, download) {
            // A sink that cannot archive says so with the next document, too.
            let _ = session.hand_over(download, Content::Index);
            return Err(problem);
        }
        session.hand_over(download, content)
    })
}

/// Asks for a document until `accept` takes it; what it refuses is asked for once more.
pub(crate) fn insist<T>(
    session: &mut Session<'_>,
    request: &Request,
    accept: &mut dyn FnMut(&mut Session<'_>, &mut Download) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut attempt = 1;
    loop {
        let mut download = match session.get(request)? {
            Answer::Body(download) => download,
            Answer::Unchanged(exchange) => {
                let reason = "answered that nothing has changed, which was not asked".to_owned();
                return Err(Problem::Unusable { from: exchange.from, reason });
            }
        };
        match accept(session, &mut download) {
            Ok(value) => return Ok(value),
            // What lies beside the document did not come: the document itself is not the reason.
            Err(problem @ Problem::Failed(_)) => return Err(problem),
            Err(problem) if attempt >= session.config.limits.document_attempts => return Err(problem),
            Err(_) => session.http.wait_before_repeat(attempt),
        }
        attempt += 1;
    }
}

/// Checks a document's digest, then its signature.
pub(crate) fn check(
    session: &mut Session<'_>,
    trust: &Trust,
    entry: &Entry,
    download: &Download,
) -> Result<(), Problem> {
    let refused = |reason: String| Problem::Unusable { from: download.exchange.from.clone(), reason };
    if let Some(digest) = digest::of(session, trust, entry)? {
        digest.check(download).map_err(refused)?;
    }
    if !trust.needs_signature() {
        return Ok(());
    }
    let url = entry.signature.clone().unwrap_or_else(|| beside(&entry.url, "asc"));
    let request = Trust::request(session, url);
    let signatures = match session.index(&request, &openpgp::signatures) {
        Ok(found) => found.map(|(signatures, _)| signatures).unwrap_or_default(),
        Err(problem) if problem.is_absence() => Vec::new(),
        Err(problem) => return Err(problem),
    };
    trust.check(session, download, &signatures).map_err(refused)
}

/// The address of what lies beside a document: its digest, its signature.
pub(super) fn beside(url: &Url, ending: &str) -> Url {
    let mut url = url.clone();
    url.set_path(&format!("{}.{ending}", url.path()));
    url
}
