//! Ubuntu's security notices (`ubuntu.com/security/notices.json`): the whole listing first, oldest notices first, so that what
//! is published meanwhile comes at its end; then the newest ones, until a page shows nothing new.
//!
//! A page holds twenty at most. Pages overlap by one notice, for the listing moves while one pages through it. It is complete
//! when as many distinct notices were shown as it states. Where the newest notices do not explain the total – one was taken
//! away, or put in further back – the whole listing is read again, as it is once in a while: a notice may be changed without a
//! new date.

mod listing;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::delivery::End;
use crate::session::Session;
use listing::{Listing, Order, Place};

/// After so long, the whole listing is read again.
const WHOLE_AGAIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// The pass through the whole listing, while it is not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pass: Option<Place>,
    /// When the last such pass began.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<Timestamp>,
    /// Notices that are in, as the listing counts them.
    total: u64,
    /// The newest of them.
    recent: Vec<String>,
    /// Places, from the oldest notice on, of pages with notices that could not be read: asked for again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    again: Vec<u64>,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let listing = match session.base() {
        Ok(url) => Listing::new(url),
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let now = session.clock.now();
    let is_due = cursor.whole.is_none_or(|whole| now < whole || now.duration_since(whole) > WHOLE_AGAIN);
    if is_due || cursor.pass.is_some() {
        whole(&mut session, &listing, &mut cursor);
    } else {
        again(&mut session, &listing, &mut cursor);
        if let Some(true) = newest(&mut session, &listing, &mut cursor) {
            whole(&mut session, &listing, &mut cursor);
        }
    }
    session.end(&cursor)
}

/// The whole listing, from where the last pass broke.
fn whole(session: &mut Session<'_>, listing: &Listing, cursor: &mut Cursor) {
    let mut place = cursor.pass.take().unwrap_or_default();
    let from_start = place.is_start();
    if from_start {
        cursor.whole = Some(session.clock.now());
        cursor.again.clear();
    }
    let result = listing.read(Order::Oldest, &mut place, &[], session);
    cursor.again.append(&mut place.quarantined);
    session.stated = place.total;
    match result {
        Ok(()) => {
            let stated = place.total.unwrap_or(0);
            session.check("total_results", stated, place.seen);
            if stated != place.seen {
                // The listing moved while it was read. It is read anew next time.
                cursor.pass = Some(Place::default());
                return;
            }
            session.full_set = from_start && !session.owes();
            cursor.total = stated;
            cursor.recent = place.tail;
        }
        Err(problem) => {
            session.owe_document(&problem);
            cursor.pass = Some(place);
        }
    }
}

/// The newest notices. Whether they leave the total unexplained; none: they could not be had.
fn newest(session: &mut Session<'_>, listing: &Listing, cursor: &mut Cursor) -> Option<bool> {
    let mut place = Place::default();
    if let Err(problem) = listing.read(Order::Newest, &mut place, &cursor.recent, session) {
        session.owe_document(&problem);
        return None;
    }
    let stated = place.total.unwrap_or(0);
    let fresh: Vec<String> = place.order.iter().filter(|id| !cursor.recent.contains(id)).cloned().collect();
    let expected = cursor.total + fresh.len() as u64 + place.unnamed;
    if expected != stated {
        tracing::info!(source = %session.config.id, expected, stated, "the newest notices do not explain the total");
        return Some(true);
    }
    session.stated = Some(stated);
    session.check("total_results", stated, expected);
    if place.quarantined.is_empty() {
        cursor.total = stated;
        cursor.recent.extend(fresh.into_iter().rev());
        let surplus = cursor.recent.len().saturating_sub(listing::TAIL);
        cursor.recent.drain(..surplus);
    }
    Some(false)
}

/// Pages that are owed.
fn again(session: &mut Session<'_>, listing: &Listing, cursor: &mut Cursor) {
    let owed = std::mem::take(&mut cursor.again);
    cursor.again = owed.into_iter().filter(|&start| !listing.page_is_whole(start, session)).collect();
}
