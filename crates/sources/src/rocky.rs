//! Rocky Linux' Apollo API (v3): a listing by pages, the newest erratum first.
//!
//! The listing moves while one pages through it, and its pages are numbered, so that one cannot ask for an overlap. So the whole
//! listing is complete only when as many distinct errata have come as it states afterwards; else it is read once more.
//!
//! Between two readings of the whole, the first pages are enough: as many errata have come as the total has grown by, and none
//! of them is older than what is in. An old erratum that was changed does not come forward, so a week after the last whole
//! reading it is time for the next. The API takes the size of a page as `limit` or as `size`, by its version; both are sent.

mod listing;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::delivery::End;
use crate::session::Session;
use listing::Listing;

/// How long a reading of the whole listing is good for.
const WHOLE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// When the whole listing was read; none: not yet, or something of it is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole_at: Option<Timestamp>,
    /// The total it stated last.
    total: u64,
    /// When it says that it was changed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<Timestamp>,
    /// The errata of the first page.
    newest: Vec<String>,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let url = match session.base() {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let mut listing = Listing::new(url);
    let now = session.clock.now();
    let is_fresh = cursor.whole_at.is_some_and(|at| at <= now && now.duration_since(at) < WHOLE);
    let result = if is_fresh {
        listing.changes(&mut session, cursor.total, cursor.changed_at, &cursor.newest)
    } else {
        Ok(false)
    };
    let result =
        result.and_then(|done| if done { Ok(()) } else { whole(&mut session, &mut listing, &mut cursor, now) });
    match result {
        Ok(()) if !session.owes() => {
            (cursor.total, cursor.changed_at) = (listing.total, listing.changed_at);
            cursor.newest = std::mem::take(&mut listing.first_page);
            session.stated = Some(listing.total);
        }
        Ok(()) => cursor.whole_at = None,
        Err(sentence) => {
            session.owe(sentence);
            cursor.whole_at = None;
        }
    }
    session.end(&cursor)
}

fn whole(session: &mut Session<'_>, listing: &mut Listing, cursor: &mut Cursor, now: Timestamp) -> Result<(), String> {
    listing.whole(session)?;
    session.stated = Some(listing.total);
    session.check("Rocky Linux' listing", listing.total, listing.shown());
    session.full_set = !session.owes();
    cursor.whole_at = Some(now);
    Ok(())
}
