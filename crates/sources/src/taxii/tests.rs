use super::*;

fn page(ids: &[&str], first: &str, last: &str) -> Page {
    let entries = ids.iter().map(|id| pages::entry(id, first)).collect();
    pages::of(entries, first, last)
}

fn at(mark: &Mark) -> Option<&str> {
    mark.added_after.as_deref()
}

fn reading(pages: &[Page]) -> Reading {
    let begin = Mark { added_after: Some("2024-10-01T00:00:00Z".to_owned()), tally: Tally::default() };
    let mut reading = Reading { marks: vec![begin], ..Reading::default() };
    for page in pages {
        reading.count(page);
    }
    reading
}

#[test]
fn a_complete_reading_ends_at_the_last_date() {
    let read = reading(&[
        page(&["report--1"], "2024-10-02T00:00:00Z", "2024-10-02T00:00:00Z"),
        page(&["report--2"], "2024-10-03T00:00:00Z", "2024-10-04T00:00:00Z"),
    ]);
    let mark = read.safe_mark(true);
    assert_eq!((at(&mark), mark.tally.count()), (Some("2024-10-04T00:00:00Z"), 2));
}

#[test]
fn a_reading_that_breaks_off_goes_back_before_the_date_that_unread_objects_may_share() {
    let two = [
        page(&["report--1"], "2024-10-02T00:00:00Z", "2024-10-02T00:00:00Z"),
        page(&["report--2"], "2024-10-02T00:00:00Z", "2024-10-02T00:00:00Z"),
    ];
    let mark = reading(&two).safe_mark(false);
    assert_eq!((at(&mark), mark.tally.count()), (Some("2024-10-01T00:00:00Z"), 0), "all share one date");
    let later = [
        page(&["report--1"], "2024-10-02T00:00:00Z", "2024-10-02T00:00:00Z"),
        page(&["report--2"], "2024-10-03T00:00:00Z", "2024-10-03T00:00:00Z"),
    ];
    assert_eq!(at(&reading(&later).safe_mark(false)), Some("2024-10-02T00:00:00Z"));
}

#[test]
fn what_was_set_aside_is_asked_for_again() {
    let mut read = reading(&[
        page(&["report--1"], "2024-10-02T00:00:00Z", "2024-10-02T00:00:00Z"),
        page(&["report--2"], "2024-10-03T00:00:00Z", "2024-10-04T00:00:00Z"),
        page(&["report--3"], "2024-10-05T00:00:00Z", "2024-10-05T00:00:00Z"),
    ]);
    read.damage(Some("2024-10-03T00:00:00Z".parse().unwrap()));
    let mark = read.safe_mark(true);
    assert_eq!((at(&mark), mark.tally.count()), (Some("2024-10-02T00:00:00Z"), 1));
    let mut unknown = reading(&[]);
    unknown.damage(None);
    assert_eq!(at(&unknown.safe_mark(true)), Some("2024-10-01T00:00:00Z"));
}

#[test]
fn versions_are_the_same_however_their_date_is_written() {
    let name = |version: &str| tally::hash("report--1", version);
    assert_eq!(name("2024-10-08T06:00:00Z"), name("2024-10-08T06:00:00.000Z"));
    assert_ne!(name("2024-10-08T06:00:00Z"), name("2024-10-08T06:00:01Z"));
    assert_eq!(
        tally::hash("software--1", ""),
        tally::hash("software--1", "2024-10-08T06:00:00Z"),
        "observables have no versions"
    );
}
