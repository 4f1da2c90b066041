//! Due days as a person with a calendar would count them.

use super::*;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn set(on: &str, first_due: &str, every: &str) -> Step {
    Step::Set { on: day(on), first_due: day(first_due), every: rhythm(every).expect("a rhythm") }
}

/// Due days as `2024-01-31 on 2024-02-02` or `2024-01-31 missed`, then the next one.
fn check(steps: &[Step], today: &str, expected: &[&str], next: &str) {
    let schedule = schedule(steps, day(today));
    let words: Vec<String> = schedule
        .dues
        .iter()
        .map(|due| match due.looked {
            Some(looked) => format!("{} on {looked}", due.day),
            None => format!("{} missed", due.day),
        })
        .collect();
    assert_eq!(words, expected);
    assert_eq!(schedule.next, Some(day(next)));
}

fn looked(on: &str) -> Step {
    Step::Looked(day(on))
}

#[test]
fn the_last_day_of_the_month_stays_the_last_day() {
    let steps = [set("2024-01-02", "2024-01-31", "1 month"), looked("2024-01-31"), looked("2024-02-29")];
    check(&steps, "2024-03-01", &["2024-01-31 on 2024-01-31", "2024-02-29 on 2024-02-29"], "2024-03-31");
}

#[test]
fn a_late_look_does_not_move_the_rhythm() {
    let steps = [set("2024-01-01", "2024-01-10", "1 week"), looked("2024-01-13")];
    check(&steps, "2024-01-14", &["2024-01-10 on 2024-01-13"], "2024-01-17");
}

#[test]
fn one_look_answers_everything_that_was_missed_and_each_stays_late() {
    let steps = [set("2024-01-01", "2024-01-10", "1 week"), looked("2024-01-25")];
    let dues = ["2024-01-10 on 2024-01-25", "2024-01-17 on 2024-01-25", "2024-01-24 on 2024-01-25"];
    check(&steps, "2024-01-26", &dues, "2024-01-31");
    assert_eq!(schedule(&steps, day("2024-01-26")).dues[0].late_days(day("2024-01-26")), 15);
}

#[test]
fn an_early_look_counts_in_the_second_half_of_the_interval_only() {
    let steps = [set("2024-01-01", "2024-01-31", "1 month"), looked("2024-01-31"), looked("2024-02-05")];
    check(&steps, "2024-02-06", &["2024-01-31 on 2024-01-31"], "2024-02-29");
    let steps = [set("2024-01-01", "2024-01-31", "1 month"), looked("2024-01-31"), looked("2024-02-20")];
    check(&steps, "2024-02-21", &["2024-01-31 on 2024-01-31", "2024-02-29 on 2024-02-20"], "2024-03-31");
}

#[test]
fn two_looks_on_one_day_answer_one_due_day() {
    let steps = [set("2024-01-01", "2024-01-10", "1 day"), looked("2024-01-10"), looked("2024-01-10")];
    check(&steps, "2024-01-10", &["2024-01-10 on 2024-01-10"], "2024-01-11");
}

#[test]
fn unanswered_days_are_missed_and_the_first_of_them_is_the_next_one() {
    let steps = [set("2024-01-01", "2024-01-10", "1 week")];
    check(&steps, "2024-01-18", &["2024-01-10 missed", "2024-01-17 missed"], "2024-01-10");
    assert_eq!(standing(day("2024-01-10"), day("2024-01-18")), "overdue by 8 days");
    assert_eq!(standing(day("2024-01-10"), day("2024-01-10")), "due today");
    assert_eq!(standing(day("2024-01-10"), day("2024-01-09")), "due in 1 day");
}

#[test]
fn a_new_rhythm_begins_a_new_grid_and_hides_nothing() {
    let steps = [
        set("2024-01-01", "2024-01-10", "1 month"),
        set("2024-01-20", "2024-01-25", "1 week"),
        looked("2024-01-25"),
        // The same rhythm again, with another page: the grid goes on.
        set("2024-01-26", "2024-01-25", "1 week"),
    ];
    check(&steps, "2024-01-26", &["2024-01-10 missed", "2024-01-25 on 2024-01-25"], "2024-02-01");
}

#[test]
fn what_is_no_rhythm_is_refused() {
    for text in ["", "month", "0 days", "1 hour", "1", "99999999999 days", "1001 years", "½ month"] {
        assert_eq!(rhythm(text).err(), Some(InvalidRhythm(text.to_owned())), "{text}");
    }
    assert!(rhythm(" 2 weeks ").is_ok());
}

#[test]
fn the_end_of_the_calendar_is_no_panic() {
    let steps = [set("9998-01-01", "9999-12-30", "1000 years"), looked("9999-12-31")];
    let schedule = schedule(&steps, day("9999-12-31"));
    assert_eq!((schedule.dues.len(), schedule.next), (1, None));
}
