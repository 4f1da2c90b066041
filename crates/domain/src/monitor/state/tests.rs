use super::*;
use crate::model::source::Counts;

const KEV: Limits = Limits { every_hours: 1, fresh_hours: 48, data_fresh_hours: Some(168) };

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn attempt(when: &str, outcome: FetchOutcome, data: Option<&str>) -> Attempt {
    Attempt {
        entry: 1,
        at: at(when),
        outcome,
        owed: if outcome == FetchOutcome::Ok { String::new() } else { "The server answered 503.".to_owned() },
        data_timestamp: data.map(at),
        counts: Counts::default(),
        live: 1_200,
        full_set: true,
        checks: (1, 1),
        leaves_cursor: false,
    }
}

#[test]
fn nothing_is_ok_by_default() {
    let now = at("2024-10-09T06:00:00Z");
    assert_eq!(judge(&KEV, now, None, None).state, SourceState::Unknown);
}

#[test]
fn a_good_fetch_within_its_limit_is_ok_and_stale_afterwards() {
    let good = attempt("2024-10-09T06:00:00Z", FetchOutcome::Ok, Some("2024-10-08T15:00:00Z"));
    let told = |now: &str| judge(&KEV, at(now), Some(&good), Some(&good));
    assert_eq!(told("2024-10-09T07:00:00Z").state, SourceState::Ok);
    let stale = told("2024-10-11T06:00:01Z");
    assert_eq!(stale.state, SourceState::Stale);
    assert_eq!(stale.why, "no good fetch since 2024-10-09 06:00 UTC; the limit is 2 days");
    assert!(!stale.usable);
}

#[test]
fn an_answer_with_old_data_is_stale_since_the_data_passed_their_limit_not_since_the_answer() {
    let good = attempt("2024-10-20T06:00:00Z", FetchOutcome::Ok, Some("2024-10-08T15:00:00Z"));
    let told = judge(&KEV, at("2024-10-20T06:30:00Z"), Some(&good), Some(&good));
    assert_eq!(told.state, SourceState::Stale);
    assert_eq!(told.why, "it answers, but its data are from 2024-10-08 15:00 UTC: stale since 2024-10-15 15:00 UTC");
}

#[test]
fn data_from_the_future_are_named_and_tomorrows_date_is_not() {
    let future = attempt("2024-10-09T06:00:00Z", FetchOutcome::Ok, Some("2031-01-01T00:00:00Z"));
    let told = judge(&KEV, at("2024-10-09T06:30:00Z"), Some(&future), Some(&future));
    assert_eq!(told.state, SourceState::Stale);
    assert!(told.why.contains("2031-01-01 00:00 UTC, in the future"), "{}", told.why);
    let tomorrow = attempt("2024-10-09T06:00:00Z", FetchOutcome::Ok, Some("2024-10-10T00:00:00Z"));
    assert_eq!(judge(&KEV, at("2024-10-09T06:30:00Z"), Some(&tomorrow), Some(&tomorrow)).state, SourceState::Ok);
}

#[test]
fn a_clock_that_was_set_back_is_named() {
    let good = attempt("2024-10-09T06:00:00Z", FetchOutcome::Ok, None);
    let told = judge(&KEV, at("2023-01-01T00:00:00Z"), Some(&good), Some(&good));
    assert_eq!(told.state, SourceState::Unknown);
    assert!(told.why.contains("after now"), "{}", told.why);
}

#[test]
fn a_failed_attempt_is_failed_although_earlier_data_are_usable() {
    let good = attempt("2024-10-09T06:00:00Z", FetchOutcome::Ok, Some("2024-10-08T15:00:00Z"));
    let last = attempt("2024-10-09T07:00:00Z", FetchOutcome::Failed, None);
    let soon = judge(&KEV, at("2024-10-09T07:30:00Z"), Some(&last), Some(&good));
    assert_eq!((soon.state, soon.usable), (SourceState::Failed, true));
    assert_eq!(soon.why, "The server answered 503; the data of 2024-10-09 06:00 UTC are still within the limit");
    let late = judge(&KEV, at("2024-10-12T07:30:00Z"), Some(&last), Some(&good));
    assert_eq!((late.state, late.usable), (SourceState::Failed, false));
    assert!(late.why.contains("no good fetch since 2024-10-09"), "{}", late.why);
    assert!(!judge(&KEV, at("2024-10-09T07:30:00Z"), Some(&last), None).usable);
}

#[test]
fn what_is_owed_or_held_is_never_ok_however_young() {
    let good = attempt("2024-10-09T06:00:00Z", FetchOutcome::Ok, None);
    for (outcome, state) in
        [(FetchOutcome::Incomplete, SourceState::Incomplete), (FetchOutcome::Held, SourceState::Held)]
    {
        let last = attempt("2024-10-09T07:00:00Z", outcome, None);
        let told = judge(&KEV, at("2024-10-09T07:00:01Z"), Some(&last), Some(&good));
        assert_eq!((told.state, told.usable, told.why.as_str()), (state, false, "The server answered 503."));
    }
}
