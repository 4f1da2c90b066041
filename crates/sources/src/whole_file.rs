//! Sources that are one file: CISA KEV, EPSS, Debian's security tracker, Oracle's OVAL.
//!
//! The file is asked for conditionally and taken in whole, plain or packed; what it does not show is gone.

use serde::{Deserialize, Serialize};

use crate::delivery::End;
use crate::packed;
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
    let request = session.document(url.clone()).if_changed(cursor.known.of(&url, session.clock.now()));
    match packed::deliver(&mut session, &request, &|_| Ok(())) {
        Ok(None) => {}
        Ok(Some(delivered)) => {
            // A record that could not be read may be any of those that were not shown.
            session.full_set = delivered.taken.quarantined == 0;
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
