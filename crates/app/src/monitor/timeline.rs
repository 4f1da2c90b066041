//! Sources day by day.

use domain::model::source::SourceId;
use domain::monitor::timeline::{Day, days, midnight};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use store::records::RegisterRow;

use super::report::limits;
use crate::error::{Error, Result};
use crate::register;
use crate::workspace::Workspace;

/// Most days that are shown.
const MOST: u32 = 3_660;

/// A source and its days, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceDays {
    /// The source.
    pub source: SourceId,
    /// Its days.
    pub days: Vec<Day>,
}

/// The last `count` days up to and with today, of one source or of every one that is not retired.
///
/// Each day is held against the limits in force now.
pub fn timeline(workspace: &Workspace, source: Option<&SourceId>, count: u32) -> Result<Vec<SourceDays>> {
    if count == 0 || count > MOST {
        return Err(Error::refused(format!("show {count} days: 1 to {MOST} are possible")));
    }
    let rows = match source {
        Some(source) => vec![register::row(workspace, source, "show the timeline of")?],
        None => workspace.records.register()?.into_iter().filter(|row| !row.is_retired()).collect(),
    };
    let today = workspace.now().to_zoned_datetime(TimeZone::UTC).date();
    let first = today.checked_sub((i64::from(count) - 1).days()).unwrap_or(today);
    rows.iter().map(|row| source_days(workspace, row, (first, today))).collect()
}

fn source_days(workspace: &Workspace, row: &RegisterRow, range: (Date, Date)) -> Result<SourceDays> {
    let record = &row.record.value;
    let begin = midnight(range.0).unwrap_or(Timestamp::MIN);
    let (last, good) = workspace.records.last_attempts(&record.source, Some(begin))?;
    let mut attempts: Vec<_> = good.into_iter().chain(last).collect();
    attempts.dedup_by_key(|attempt| attempt.entry);
    attempts.extend(workspace.records.attempts(&record.source, begin, Timestamp::MAX)?);
    let since = workspace.records.source_records(&record.source)?.first().map(|first| first.at);
    Ok(SourceDays {
        source: record.source.clone(),
        days: days(&limits(record), since, &attempts, range, workspace.now()),
    })
}
