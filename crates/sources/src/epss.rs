//! FIRST's EPSS (first.org/epss/data_stats): one file a day, under its date, and the newest under `current`.
//!
//! The newest is asked for conditionally. The days between the one that is in and the newest are then fetched under their own
//! names, so that the history of scores has no hole; a file that the provider never published leaves one, with a remark.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{ArchiveKind, Content, End};
use crate::session::{Known, Session};

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    known: Known,
    /// The newest day that is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<Date>,
    /// Days before it that are owed, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Date>,
}

/// Missed days that are made good; an older gap stays, and is named once.
const DAYS_BACK: usize = 30;

pub(crate) fn run(mut session: Session<'_>) -> End {
    let url = match session.base() {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let request = session.archive(url.clone()).if_changed(cursor.known.of(&url, session.clock.now()));
    match session.deliver(&request, content(&session), &|_| Ok(())) {
        Ok(None) => {}
        Ok(Some(delivered)) => {
            session.full_set = true;
            if delivered.taken.quarantined == 0 {
                cursor.known.keep(&url, delivered.validators);
            } else {
                cursor.known.forget(&url);
            }
            if let Some(day) = delivered.taken.data_timestamp.map(day_of) {
                advance(&mut session, &mut cursor, day);
            }
        }
        Err(problem) => session.owe_document(&problem),
    }
    catch_up(&mut session, &mut cursor, &url);
    // What a caught-up day says is not how old the data are.
    session.data_timestamp = cursor.day.and_then(|day| TimeZone::UTC.to_timestamp(day.into()).ok());
    session.end(&cursor)
}

/// Notes the newest day, and those that were missed before it.
fn advance(session: &mut Session<'_>, cursor: &mut Cursor, day: Date) {
    match cursor.day {
        Some(known) if day < known => {
            session.owe(format!("The newest scores are said to be of {day}, and those of {known} are in."));
            return;
        }
        Some(known) => {
            let mut missed = missed(known, day);
            let (given_up, kept) = missed.split_at(missed.len().saturating_sub(DAYS_BACK));
            if let (Some(first), Some(last)) = (given_up.first(), given_up.last()) {
                session.owe(format!(
                    "The scores of {first} to {last} were missed and are not made good: only {DAYS_BACK} days are."
                ));
            }
            missed = kept.to_vec();
            cursor.missing.extend(missed);
        }
        None => {}
    }
    cursor.day = Some(day);
}

/// The days between two.
fn missed(known: Date, day: Date) -> Vec<Date> {
    let mut next = known;
    let mut days = Vec::new();
    while let Ok(following) = next.checked_add(1.day()) {
        if following >= day {
            break;
        }
        days.push(following);
        next = following;
    }
    days
}

/// Fetches the days that were missed.
fn catch_up(session: &mut Session<'_>, cursor: &mut Cursor, current: &Url) {
    for day in std::mem::take(&mut cursor.missing) {
        let Some(url) = address(current, day) else {
            session.owe(format!("The scores of {day} were missed, and {current} does not tell where they are."));
            continue;
        };
        let request = session.archive(url);
        match session.deliver(&request, content(session), &|_| Ok(())) {
            Ok(_) => {}
            Err(problem) if problem.is_absence() => {
                session.remark(&format!("scores of {day}"), "a file for each day", "there is none");
            }
            Err(problem) => {
                session.owe_document(&problem);
                cursor.missing.push(day);
            }
        }
    }
}

/// The address of a day's file, beside that of the newest.
fn address(current: &Url, day: Date) -> Option<Url> {
    let name = current.path_segments()?.next_back()?.replace("current", &day.to_string());
    let mut url = current.clone();
    url.path_segments_mut().ok()?.pop().push(&name);
    (url != *current).then_some(url)
}

fn content(session: &Session<'_>) -> Content {
    Content::Archive(session.config.kind.format(), ArchiveKind::Gz)
}

fn day_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_days_between_two_were_missed() {
        assert_eq!(missed(day("2024-12-30"), day("2025-01-02")), [day("2024-12-31"), day("2025-01-01")]);
        assert!(missed(day("2024-10-09"), day("2024-10-10")).is_empty());
        assert!(missed(day("2024-10-09"), day("2024-10-09")).is_empty());
    }

    #[test]
    fn a_days_file_lies_beside_the_newest() {
        let current = Url::parse("https://epss.empiricalsecurity.com/epss_scores-current.csv.gz").unwrap();
        let url = address(&current, day("2024-10-10")).unwrap();
        assert_eq!(url.as_str(), "https://epss.empiricalsecurity.com/epss_scores-2024-10-10.csv.gz");
        assert_eq!(address(&Url::parse("https://example.org/scores.csv.gz").unwrap(), day("2024-10-10")), None);
    }
}
