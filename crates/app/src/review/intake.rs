//! What came in by hand in a review's period: reports of own channels, and looks at what is watched by hand.

use domain::model::report::ReportState;
use domain::model::review::Review;
use domain::monitor::watch::Due;
use domain::review::intake::{LookEntry, ReportEntry, WatchEntry};
use domain::review::record::Deviation;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Unit};
use store::records::{ReportRow, WatchRow};

use crate::error::Result;
use crate::watch::day;
use crate::workspace::Workspace;

/// Reports about the review's products, or about no release that is known yet, that moved in the period or are open.
pub(super) fn reports(workspace: &Workspace, review: &Review) -> Result<Vec<ReportEntry>> {
    let rows = workspace.records.reports()?;
    Ok(rows.iter().filter_map(|row| report(row, review)).collect())
}

fn report(row: &ReportRow, review: &Review) -> Option<ReportEntry> {
    let (received, end) = (row.report.at, review.period_end);
    if received >= end {
        return None;
    }
    let standing = row.standing_at(Some(end));
    let releases = &standing.releases;
    if !releases.is_empty() && !releases.iter().any(|release| review.products.contains(&release.product)) {
        return None;
    }
    let happened = happened(row, review);
    if happened.is_empty() && standing.closed.is_some() {
        return None;
    }
    let closing = row.steps.iter().rfind(|step| step.at < end && step.value.state == ReportState::Closed);
    Some(ReportEntry {
        report: row.report.value.id.to_string(),
        happened,
        channel: row.report.value.channel.word().to_owned(),
        title: row.report.value.title.clone(),
        tlp: standing.tlp,
        aware: standing.aware,
        received,
        state: standing.state.word().to_owned(),
        owner: standing.owner.clone(),
        vulnerabilities: standing.vulnerabilities.clone(),
        closed: standing.closed,
        outcome: standing.closed.and(closing).map(|step| step.value.note.clone()),
        overdue: standing.overdue(end),
    })
}

fn happened(row: &ReportRow, review: &Review) -> Vec<String> {
    let inside = |at: Timestamp| at >= review.period_start && at < review.period_end;
    let mut words = Vec::new();
    let mut add = |word: &str| {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    };
    if inside(row.report.at) {
        add("received");
    }
    let mut before = ReportState::Received;
    for step in &row.steps {
        let state = step.value.state;
        if inside(step.at) && (before == ReportState::Closed) != (state == ReportState::Closed) {
            add(if state == ReportState::Closed { "closed" } else { "reopened" });
        }
        before = state;
    }
    words
}

/// Manual watches that were kept in the period.
pub(super) fn watches(workspace: &Workspace, review: &Review) -> Result<Vec<WatchEntry>> {
    let rows = workspace.records.watches()?;
    Ok(rows.iter().filter_map(|row| watch(row, review)).collect())
}

fn watch(row: &WatchRow, review: &Review) -> Option<WatchEntry> {
    let (start, end) = (review.period_start, review.period_end);
    let watch = &row.revisions.iter().rfind(|revision| revision.at < end)?.value;
    let ended = row.ended.as_ref().filter(|ended| ended.at < end);
    let last_day = day(end - SignedDuration::from_nanos(1));
    let schedule = row.schedule(Some(end), last_day);
    let is_over = |due: Date| end_of(due).is_some_and(|over| over <= end);
    let dues = schedule.dues.into_iter().filter(|due| {
        let touched = due.looked.is_none_or(|looked| looked >= day(start));
        let in_period = end_of(due.day).is_some_and(|over| over > start);
        (due.looked.is_some() || is_over(due.day)) && (touched || in_period)
    });
    let dues: Vec<Due> = dues.collect();
    let looks: Vec<LookEntry> = (row.looks.iter().filter(|look| look.at >= start && look.at < end))
        .map(|look| LookEntry {
            at: look.at,
            by: look.actor.clone(),
            found: look.value.found,
            note: look.value.note.clone(),
        })
        .collect();
    if ended.is_some_and(|ended| ended.at < start) && looks.is_empty() {
        return None;
    }
    let overdue = schedule.next.filter(|next| is_over(*next));
    Some(WatchEntry {
        watch: watch.id.to_string(),
        supplier: watch.supplier.clone(),
        components: watch.components.clone(),
        page: watch.page.clone(),
        person: watch.person.clone(),
        every: watch.every.clone(),
        dues,
        looks,
        next: schedule.next,
        overdue_days: overdue.map_or(0, |next| days(next, day(end))),
        ended: ended.map(|ended| ended.value.reason.clone()),
    })
}

/// When a due day is over.
fn end_of(day: Date) -> Option<Timestamp> {
    Some(day.tomorrow().ok()?.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}

fn days(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to)).map_or(0, |span| i64::from(span.get_days()))
}

/// Looks that came late or not at all, and reports that were left alone.
pub(super) fn deviations(reports: &[ReportEntry], watches: &[WatchEntry]) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    for watch in watches {
        let missed: Vec<&Due> = watch.dues.iter().filter(|due| due.looked.is_none()).collect();
        let late: Vec<&Due> = watch.dues.iter().filter(|due| due.looked.is_some_and(|on| on > due.day)).collect();
        if !late.is_empty() {
            deviations.push(Deviation {
                what: format!("{} ({}) was looked at late: {}.", watch.watch, watch.supplier, told(&late)),
                impact: "What the supplier published in between was considered that much later.".to_owned(),
                correction: "Each look covers everything since the one before.".to_owned(),
            });
        }
        if !missed.is_empty() {
            let open = watch.ended.is_none() && watch.overdue_days > 0;
            deviations.push(Deviation {
                what: format!("{} ({}) was not looked at: {}.", watch.watch, watch.supplier, told(&missed)),
                impact: "What the supplier published since was not considered.".to_owned(),
                correction: if open {
                    format!("Open. {} has to look; the look will cover everything since the one before.", watch.person)
                } else {
                    "The rhythm was changed or the watch ended; the next look covers everything since.".to_owned()
                },
            });
        }
    }
    for report in reports {
        let Some(why) = &report.overdue else { continue };
        deviations.push(Deviation {
            what: format!("{}: {why}.", report.report),
            impact: format!("The maker has been aware since {}.", report.aware.strftime("%Y-%m-%d")),
            correction: format!("Open. {} sees to it.", report.owner),
        });
    }
    deviations
}

/// `due 2024-01-10, looked at on 2024-01-12`, at most three of them.
fn told(dues: &[&Due]) -> String {
    let mut words: Vec<String> = (dues.iter().take(3))
        .map(|due| match due.looked {
            Some(on) => format!("due {}, looked at on {on}", due.day),
            None => format!("due {}", due.day),
        })
        .collect();
    if dues.len() > 3 {
        words.push(format!("and {} more", dues.len() - 3));
    }
    words.join("; ")
}
