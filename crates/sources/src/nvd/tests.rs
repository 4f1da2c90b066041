use super::*;

#[test]
fn a_long_gap_is_cut_into_windows_that_join() {
    let since = "2024-01-01T00:00:00Z".parse().unwrap();
    let until = "2024-10-09T06:00:00Z".parse().unwrap();
    let queries = window::queries(since, until);
    assert_eq!(queries.len(), 3);
    assert_eq!(queries[0], "lastModStartDate=2024-01-01T00:00:00.000Z&lastModEndDate=2024-04-29T00:00:00.000Z");
    assert!(queries[1].starts_with("lastModStartDate=2024-04-29T00:00:00.000Z"));
    assert!(queries[2].ends_with("lastModEndDate=2024-10-09T06:00:00.000Z"));
}

#[test]
fn a_clock_that_went_back_asks_for_an_empty_window_and_not_for_a_reversed_one() {
    let at = "2024-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(window::queries(at, at - SignedDuration::from_hours(1)).len(), 1);
}

#[test]
fn a_cursor_reads_back_as_written() {
    let cursor =
        Cursor { since: Some("2024-10-09T06:00:00Z".parse().unwrap()), again: vec![4000], ..Cursor::default() };
    let text = serde_json::to_string(&cursor).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&text).unwrap(), cursor);
}
