//! Sources that are one file: CISA KEV, EPSS, Debian's security tracker.
//!
//! The file is asked for conditionally and taken in whole; what it does not show is gone.

use serde::{Deserialize, Serialize};

use crate::delivery::{ArchiveKind, Content, End};
use crate::kind::Kind;
use crate::session::{Known, Session};

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    known: Known,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let url = match session.base() {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let format = session.config.kind.format();
    let content = match session.config.kind {
        Kind::Epss => Content::Archive(format, ArchiveKind::Gz),
        _ => Content::Document(format),
    };
    let request = session.document(url.clone()).if_changed(cursor.known.of(&url, session.clock.now()));
    match session.deliver(&request, content, &|_| Ok(())) {
        Ok(None) => {}
        Ok(Some(delivered)) => {
            session.full_set = true;
            if delivered.taken.quarantined == 0 {
                cursor.known.keep(&url, delivered.validators);
            } else {
                cursor.known.forget(&url);
            }
        }
        Err(problem) => session.owe_document(&problem),
    }
    session.end(&cursor)
}
