//! An RSS or Atom feed: one file with the newest entries.
//!
//! What a feed no longer shows has moved out of it and is kept. When it has moved past everything that it showed last time, entries
//! may have come and gone in between: that is owed once, with the dates, and stays on record as a gap.

use std::collections::HashSet;

use domain::model::raw::Digest;
use domain::normalise::{FeedEntry, feed_entries};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::delivery::{Content, End};
use crate::http::Download;
use crate::session::{Known, Problem, Session};

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    known: Known,
    /// The feed as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<Digest>,
    /// Date of its newest entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<Timestamp>,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let url = match session.base() {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let mut request = session.document(url.clone()).if_changed(cursor.known.of(&url, session.clock.now()));
    request.refusal_is_final = request.login.is_some();
    let read = std::cell::RefCell::new(None);
    let check = |download: &Download| {
        let bytes = download.bytes().map_err(|error| format!("could not be read from the spool: {error}"))?;
        let entries = feed_entries(&bytes).map_err(|fault| fault.to_string())?;
        *read.borrow_mut() = Some((Digest::of(&bytes), entries));
        Ok(())
    };
    let delivered = session.deliver(&request, Content::Document(session.config.kind.format()), &check);
    match delivered {
        Ok(None) => {}
        Ok(Some(delivered)) => {
            if let Some((digest, entries)) = read.take() {
                look_back(&mut session, &mut cursor, digest, &entries);
            }
            if delivered.taken.quarantined == 0 {
                cursor.known.keep(&url, delivered.validators);
            } else {
                cursor.known.forget(&url);
            }
        }
        Err(problem) => owe(&mut session, &problem),
    }
    session.end(&cursor)
}

fn owe(session: &mut Session<'_>, problem: &Problem) {
    match problem {
        Problem::Failed(failure) if failure.is_refusal() => {
            session.owe(format!("{problem}: the credentials are missing, wrong or expired."));
        }
        _ => session.owe_document(problem),
    }
}

/// Owes what may have passed unseen between the feed of last time and this one.
fn look_back(session: &mut Session<'_>, cursor: &mut Cursor, digest: Digest, entries: &[FeedEntry]) {
    let earlier = cursor.last.and_then(|last| session.recall(&last));
    let earlier = earlier.and_then(|bytes| feed_entries(&bytes).ok()).unwrap_or_default();
    if let Some(sentence) = missed(&earlier, cursor.newest, entries) {
        session.owe(sentence);
    }
    if !entries.is_empty() {
        cursor.last = Some(digest);
        cursor.newest = cursor.newest.max(entries.iter().filter_map(|entry| entry.changed).max());
    }
}

/// What may have been missed, as a sentence.
fn missed(earlier: &[FeedEntry], newest: Option<Timestamp>, entries: &[FeedEntry]) -> Option<String> {
    if entries.is_empty() {
        return (!earlier.is_empty()).then(|| format!("The feed is empty; it had {} entries.", earlier.len()));
    }
    let known: HashSet<&str> = earlier.iter().map(|entry| entry.id.as_str()).collect();
    let shares = known.is_empty() || entries.iter().any(|entry| known.contains(entry.id.as_str()));
    let oldest = entries.iter().filter_map(|entry| entry.changed).min();
    let is_past = oldest.zip(newest).is_some_and(|(oldest, newest)| oldest > newest);
    if shares && !is_past {
        return None;
    }
    let day = |instant: Option<Timestamp>| {
        instant.map_or("an unknown day".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
    };
    Some(format!(
        "The feed has moved past the last entry that was known: entries between {} and {} may have been missed.",
        day(newest),
        day(oldest)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(list: &[(&str, &str)]) -> Vec<FeedEntry> {
        list.iter().map(|(id, at)| FeedEntry { id: (*id).to_owned(), changed: at.parse().ok() }).collect()
    }

    fn after(earlier: &[(&str, &str)], now: &[(&str, &str)]) -> Option<String> {
        let earlier = entries(earlier);
        let newest = earlier.iter().filter_map(|entry| entry.changed).max();
        missed(&earlier, newest, &entries(now))
    }

    const FIRST: [(&str, &str); 2] = [("B-2", "2024-10-02T00:00:00Z"), ("B-1", "2024-10-01T00:00:00Z")];

    #[test]
    fn a_feed_that_still_shows_what_was_known_has_missed_nothing() {
        assert_eq!(after(&[], &FIRST), None);
        assert_eq!(after(&FIRST, &FIRST), None);
        assert_eq!(after(&FIRST, &[("B-3", "2024-10-03T00:00:00Z"), ("B-2", "2024-10-02T00:00:00Z")]), None);
        assert_eq!(after(&[("B-1", "")], &[("B-2", ""), ("B-1", "")]), None, "without dates, too");
    }

    #[test]
    fn a_feed_that_has_moved_past_it_owes_the_time_between() {
        let said = after(&FIRST, &[("B-9", "2024-10-09T00:00:00Z"), ("B-8", "2024-10-08T00:00:00Z")]).unwrap();
        assert!(said.contains("2024-10-02 00:00 and 2024-10-08 00:00"), "{said}");
        let revised = [("B-1", "2024-10-09T00:00:00Z"), ("B-8", "2024-10-08T00:00:00Z")];
        assert!(after(&FIRST, &revised).is_some(), "a known entry in a new edition bridges nothing");
        assert!(after(&[("B-1", "")], &[("B-2", "")]).is_some());
        assert!(after(&FIRST, &[]).unwrap().contains("had 2 entries"));
    }
}
