//! When a manual watch is due: a calendar rhythm counted from its first due day, and which looks answered which due day.
//!
//! Due days lie on a grid: first due day, plus one rhythm, plus two … A look never moves the grid, so that a late look does
//! not let the rhythm drift:
//!
//! * A look on or after a due day answers it, and every earlier one that nobody answered (late).
//! * A look in the second half of the interval before a due day answers that day early. An earlier one is recorded and
//!   answers nothing: otherwise two looks in a row could leave a hole of two intervals. So between two looks that count lie
//!   one and a half intervals at most.
//! * A change of rhythm or first due day begins a new grid; days of the old one that had passed unanswered stay missed.
//!
//! Days are days in UTC. `every` is a number and a unit, as in the configuration: `2 weeks`, `1 month`. Months are calendar
//! months: the 31st is followed by the last day of a shorter month, and by the 31st again.

use jiff::civil::Date;
use jiff::{Span, Unit};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The text is no rhythm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read {0:?} as a rhythm: write a number and days, weeks, months or years, as in \"1 month\"")]
pub struct InvalidRhythm(pub String);

/// Reads a rhythm: `7 days`, `2 weeks`, `1 month`, `1 year`.
pub fn rhythm(text: &str) -> Result<Span, InvalidRhythm> {
    let invalid = || InvalidRhythm(text.to_owned());
    let trimmed = text.trim();
    let digits = trimmed.find(|c: char| !c.is_ascii_digit()).ok_or_else(invalid)?;
    let number: i64 = trimmed[..digits].parse().map_err(|_| invalid())?;
    if !(1..=1_000).contains(&number) {
        return Err(invalid());
    }
    let span = match trimmed[digits..].trim() {
        "d" | "day" | "days" => Span::new().try_days(number),
        "week" | "weeks" => Span::new().try_weeks(number),
        "month" | "months" => Span::new().try_months(number),
        "year" | "years" => Span::new().try_years(number),
        _ => return Err(invalid()),
    };
    span.map_err(|_| invalid())
}

/// Something that bears on due days, in order of time.
#[derive(Debug, Clone)]
pub enum Step {
    /// The watch was set up or changed on a day.
    Set {
        /// When.
        on: Date,
        /// First due day of the grid.
        first_due: Date,
        /// Rhythm.
        every: Span,
    },
    /// Somebody looked on a day.
    Looked(Date),
}

/// A due day and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The day.
    pub day: Date,
    /// The day of the look that answered it; none: nobody has looked.
    pub looked: Option<Date>,
}

impl Due {
    /// Days by which the look came late, or by which it is overdue on `today`; 0 if it was in time.
    pub fn late_days(&self, today: Date) -> i64 {
        days(self.day, self.looked.unwrap_or(today)).max(0)
    }
}

/// Due days up to a day, and the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Due days up to and including `today`, and those that were answered early, in order.
    pub dues: Vec<Due>,
    /// The next due day that nobody has answered: in the past if the watch is overdue. None where the calendar ends.
    pub next: Option<Date>,
}

/// The schedule as the steps up to `today` leave it.
pub fn schedule(steps: &[Step], today: Date) -> Schedule {
    let mut dues = Vec::new();
    let mut grid: Option<Grid> = None;
    for step in steps {
        match step {
            Step::Set { on, first_due, every } => match &mut grid {
                Some(grid) if grid.first == *first_due && grid.every.fieldwise() == every.fieldwise() => {}
                _ => {
                    if let Some(mut old) = grid.take() {
                        old.miss_before(*on, &mut dues);
                    }
                    grid = Some(Grid { first: *first_due, every: *every, step: 0 });
                }
            },
            Step::Looked(on) => {
                if let Some(grid) = &mut grid {
                    grid.look(*on, &mut dues);
                }
            }
        }
    }
    let next = grid.as_ref().and_then(Grid::next);
    if let Some(mut grid) = grid {
        grid.miss_before(today.tomorrow().unwrap_or(today), &mut dues);
    }
    Schedule { dues, next }
}

/// Due days in their order; `step` counts those that are answered or given up.
struct Grid {
    first: Date,
    every: Span,
    step: i64,
}

impl Grid {
    fn day(&self, step: i64) -> Option<Date> {
        self.first.checked_add(self.every.checked_mul(step).ok()?).ok()
    }

    fn next(&self) -> Option<Date> {
        self.day(self.step)
    }

    fn look(&mut self, on: Date, dues: &mut Vec<Due>) {
        let mut answered = false;
        while let Some(day) = self.next().filter(|day| *day <= on) {
            dues.push(Due { day, looked: Some(on) });
            self.step += 1;
            answered = true;
        }
        let early = || {
            let (before, day) = (self.day(self.step - 1)?, self.next()?);
            (2 * days(on, day) <= days(before, day)).then_some(day)
        };
        if let Some(day) = (!answered).then(early).flatten() {
            dues.push(Due { day, looked: Some(on) });
            self.step += 1;
        }
    }

    /// Due days before `day` that nobody answered.
    fn miss_before(&mut self, end: Date, dues: &mut Vec<Due>) {
        while let Some(day) = self.next().filter(|day| *day < end) {
            dues.push(Due { day, looked: None });
            self.step += 1;
        }
    }
}

/// Days from one day to another.
fn days(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to)).map_or(0, |span| i64::from(span.get_days()))
}

/// `overdue by 3 days`, `due today`, `due in 12 days`.
pub fn standing(next: Date, today: Date) -> String {
    let away = days(today, next);
    let counted = |count: i64| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
    match away {
        0 => "due today".to_owned(),
        1.. => format!("due in {}", counted(away)),
        _ => format!("overdue by {}", counted(-away)),
    }
}
