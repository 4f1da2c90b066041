//! One document that may be packed: what it is, its first bytes say. Oracle's OVAL is bzip2, updateinfo gzip, xz, Zstandard or
//! bzip2, and the same file may be offered plain.

use domain::normalise::Format;

use crate::delivery::{ArchiveKind, Content};
use crate::http::{Answer, Download, Request};
use crate::session::{Delivered, Problem, Session};

/// Asks for a document, checks its bytes and hands it over as what it is; asks once more when it is unusable. None: unchanged.
pub(crate) fn deliver(
    session: &mut Session<'_>,
    request: &Request,
    check: &dyn Fn(&Download) -> Result<(), String>,
) -> Result<Option<Delivered>, Problem> {
    let format = session.config.kind.format();
    let mut attempt = 1;
    loop {
        let download = match session.get(request)? {
            Answer::Unchanged(_) => return Ok(None),
            Answer::Body(download) => download,
        };
        match take(session, &download, format, check) {
            Ok(taken) => return Ok(Some(Delivered { taken, validators: download.validators() })),
            Err(problem) if attempt >= session.config.limits.document_attempts => return Err(problem),
            Err(_) => session.http.wait_before_repeat(attempt),
        }
        attempt += 1;
    }
}

fn take(
    session: &mut Session<'_>,
    download: &Download,
    format: Format,
    check: &dyn Fn(&Download) -> Result<(), String>,
) -> Result<crate::delivery::Taken, Problem> {
    match check(download).and_then(|()| content(download, format)) {
        Ok(content) => session.hand_over(download, content),
        Err(reason) => {
            // Kept as evidence. A sink that cannot archive says so with the next document, too.
            let _ = session.hand_over(download, Content::Index);
            Err(Problem::Unusable { from: download.exchange.from.clone(), reason })
        }
    }
}

fn content(download: &Download, format: Format) -> Result<Content, String> {
    let kind = ArchiveKind::recognise(download.path());
    let kind = kind.map_err(|error| format!("could not be read from the spool: {error}"))?;
    Ok(kind.map_or(Content::Document(format), |kind| Content::Archive(format, kind)))
}
