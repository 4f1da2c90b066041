use super::*;
use crate::model::source::Counts;

const LIMITS: Limits = Limits { every_hours: 24, fresh_hours: 48, data_fresh_hours: Some(168) };

fn at(day: u32) -> Timestamp {
    format!("2022-02-{day:02}T06:00:00Z").parse().expect("a timestamp")
}

fn attempt(day: u32, outcome: FetchOutcome) -> Attempt {
    Attempt {
        entry: u64::from(day) * 10,
        at: at(day),
        outcome,
        owed: if outcome == FetchOutcome::Ok { String::new() } else { "The server answered 503.".to_owned() },
        data_timestamp: Some(at(day)),
        counts: Counts { seen: 5, ..Counts::default() },
        live: 5,
        full_set: false,
        checks: (2, 2),
        leaves_cursor: true,
    }
}

/// The ledger that attempts leave, one after the other.
fn ledger(since: Option<Timestamp>, attempts: &[Attempt]) -> Vec<Gap> {
    let source = SourceId("nvd".to_owned());
    let mut standing = Standing { since, ..Standing::default() };
    let mut gaps: Vec<Gap> = Vec::new();
    for attempt in attempts {
        match step(&source, &LIMITS, &standing, attempt) {
            Step::Nothing => {}
            Step::Found(gap) => {
                standing.open = gap.closed.is_none().then_some(gap.id).flatten();
                gaps.push(*gap);
            }
            Step::GoesOn(_) => gaps.last_mut().expect("an open gap").attempts += 1,
            Step::Closes(_, closing) => {
                gaps.last_mut().expect("an open gap").closed = Some(closing);
                standing.open = None;
            }
        }
        if is_good(&LIMITS, attempt) {
            standing.good = Some(attempt.at);
        }
        standing.cursor = attempt.leaves_cursor;
    }
    gaps
}

#[test]
fn a_week_of_failures_is_one_gap_that_the_next_good_fetch_closes_from_where_the_last_had_ended() {
    let gaps = ledger(
        None,
        &[
            attempt(1, FetchOutcome::Ok),
            attempt(2, FetchOutcome::Failed),
            attempt(5, FetchOutcome::Failed),
            attempt(8, FetchOutcome::Ok),
            attempt(9, FetchOutcome::Ok),
        ],
    );
    let [gap] = &gaps[..] else { panic!("one gap: {gaps:?}") };
    assert_eq!((gap.id, gap.kind, gap.from, gap.attempts), (Some(GapId(20)), GapKind::Failed, at(1), 2));
    assert_eq!(gap.cause, "The server answered 503.");
    assert_eq!(gap.closed, Some(Closing { at: at(8), entry: 80, reach: Reach::FromCursor, checks: 2 }));
    assert!(gap.exceeds_limit(at(9)));
}

#[test]
fn regular_fetches_leave_no_gap() {
    let attempts: Vec<Attempt> = (1..10).map(|day| attempt(day, FetchOutcome::Ok)).collect();
    assert_eq!(ledger(Some(at(1)), &attempts), []);
}

#[test]
fn a_machine_that_was_off_leaves_a_gap_that_the_next_fetch_finds_and_closes() {
    let full = Attempt { full_set: true, ..attempt(8, FetchOutcome::Ok) };
    let gaps = ledger(None, &[attempt(1, FetchOutcome::Ok), full]);
    let [gap] = &gaps[..] else { panic!("one gap: {gaps:?}") };
    assert_eq!((gap.id, gap.kind, gap.from, gap.found), (Some(GapId(80)), GapKind::Silent, at(1), at(8)));
    assert_eq!(gap.cause, "No good fetch took place for longer than 2 days after 2022-02-01 06:00 UTC.");
    assert_eq!(gap.closed.map(|closing| (closing.entry, closing.reach)), Some((80, Reach::FullSet)));
}

#[test]
fn a_failure_within_the_limit_is_in_the_ledger_and_does_not_exceed_it() {
    let gaps =
        ledger(None, &[attempt(1, FetchOutcome::Ok), attempt(2, FetchOutcome::Failed), attempt(3, FetchOutcome::Ok)]);
    assert_eq!(gaps.len(), 1);
    assert!(!gaps[0].exceeds_limit(at(28)));
}

#[test]
fn what_is_owed_or_held_is_a_gap_until_it_is_made_good() {
    for (outcome, kind) in [(FetchOutcome::Incomplete, GapKind::Incomplete), (FetchOutcome::Held, GapKind::Held)] {
        let gaps = ledger(None, &[attempt(1, FetchOutcome::Ok), attempt(2, outcome)]);
        assert_eq!((gaps[0].kind, gaps[0].closed), (kind, None));
    }
}

#[test]
fn data_beyond_their_own_limit_are_a_gap_although_every_fetch_ends_well() {
    let old = |day: u32| Attempt { data_timestamp: Some(at(1)), ..attempt(day, FetchOutcome::Ok) };
    let mut attempts: Vec<Attempt> = (1..=12).map(old).collect();
    attempts.push(attempt(13, FetchOutcome::Ok));
    let gaps = ledger(None, &attempts);
    let [gap] = &gaps[..] else { panic!("one gap: {gaps:?}") };
    assert_eq!((gap.kind, gap.from, gap.found, gap.attempts), (GapKind::OldData, at(8), at(9), 4));
    assert_eq!(gap.cause, "The provider answered with data of 2022-02-01 06:00 UTC.");
    assert_eq!(gap.closed.map(|closing| closing.entry), Some(130));
}

#[test]
fn a_source_that_was_registered_and_not_asked_in_time_has_a_gap_from_its_registration_on() {
    let gaps = ledger(Some(at(1)), &[attempt(9, FetchOutcome::Ok)]);
    assert_eq!((gaps[0].from, gaps[0].kind), (at(1), GapKind::Silent));
    let first = Attempt { leaves_cursor: true, ..attempt(9, FetchOutcome::Ok) };
    assert_eq!(ledger(Some(at(1)), &[first])[0].closed.map(|closing| closing.reach), Some(Reach::FromStart));
}

#[test]
fn silence_that_no_fetch_has_found_yet_is_told_without_a_number() {
    let source = SourceId("nvd".to_owned());
    let standing = Standing { good: Some(at(1)), ..Standing::default() };
    assert_eq!(pending(&source, &LIMITS, &standing, at(2)), None);
    let gap = pending(&source, &LIMITS, &standing, at(9)).expect("a gap");
    assert_eq!((gap.id, gap.from, gap.closed), (None, at(1), None));
    let Step::Found(gap) = retire(&source, &LIMITS, &standing, 90, at(9)) else { panic!("retiring records it") };
    assert_eq!((gap.id, gap.closed.map(|closing| closing.reach)), (Some(GapId(90)), Some(Reach::Retired)));
}

#[test]
fn a_bundle_with_older_fetches_than_the_last_good_one_opens_nothing() {
    assert_eq!(ledger(None, &[attempt(9, FetchOutcome::Ok), attempt(2, FetchOutcome::Ok)]), []);
}
