//! The CVE list v5 (CVEProject/cvelistV5): a baseline at midnight, and deltas that hold everything since midnight.
//!
//! The newest delta completes the newest baseline. So a day's delta is enough within a day, each day's last delta bridges a
//! gap of days, and where one of those is gone, a new baseline is taken.
//!
//! GitHub's interface allows 60 requests an hour. Where it refuses, the repository's own change log says what has changed, and
//! the records come from the tree, which is not limited: see [`tree`].

mod asset;
mod tree;

use std::cell::Cell;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{ArchiveKind, Content, End};
use crate::http::{Download, Failure, Reason};
use crate::session::{Known, Problem, Session};
use asset::{Asset, Release, Span};

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// All changes up to this instant are in.
    #[serde(skip_serializing_if = "Option::is_none")]
    through: Option<Timestamp>,
    /// The release that they came with, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    tag: String,
    known: Known,
}

/// A gap of more days is bridged by a baseline.
const LONGEST_WALK_DAYS: i32 = 30;
/// Pages of 100 releases that are searched for the days' last deltas: a month of hourly releases.
const LISTING_PAGES: u32 = 10;

pub(crate) fn run(mut session: Session<'_>) -> End {
    let latest = match session.base().and_then(|base| under(&base, "releases/latest")) {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let conditional = cursor.through.and_then(|_| cursor.known.of(&latest, session.clock.now()));
    let request = github(&session, latest.clone()).if_changed(conditional);
    match session.index(&request, &|bytes| asset::release(bytes)) {
        Ok(None) => {}
        Ok(Some((release, validators))) => {
            take(&mut session, &mut cursor, &release);
            if session.owes() {
                cursor.known.forget(&latest);
            } else {
                cursor.known.keep(&latest, validators);
            }
        }
        Err(problem) => {
            if !(is_limit(&problem) && tree::take(&mut session, &mut cursor, &problem)) {
                session.owe_document(&problem);
            }
        }
    }
    session.data_timestamp = cursor.through;
    session.end(&cursor)
}

/// Whether GitHub has refused because of its limit (REST API, "Rate limits": 403 or 429).
fn is_limit(problem: &Problem) -> bool {
    let Problem::Failed(Failure { reason: Reason::Status { status, .. }, .. }) = problem else { return false };
    matches!(status.as_u16(), 403 | 429)
}

/// Takes in what leads from the cursor to `release`.
fn take(session: &mut Session<'_>, cursor: &mut Cursor, release: &Release) {
    let steps = match plan(session, cursor.through, release) {
        Ok(steps) => steps,
        Err(sentence) => return session.owe(sentence),
    };
    let whole = steps.first().is_some_and(|asset| asset.span.is_baseline());
    for (done, asset) in steps.iter().enumerate() {
        session.progress(done, Some(steps.len()), "archives");
        if !take_asset(session, asset) {
            break;
        }
        session.full_set |= asset.span.is_baseline();
        // Records that could not be read come again with the day's next delta, if the cursor stays.
        if !session.owes() {
            cursor.through = Some(asset.span.until());
            cursor.tag.clone_from(&release.tag);
        } else if whole && done == 0 {
            cursor.through = Some(asset.span.until());
        }
    }
    session.full_set &= !session.owes();
}

/// The archives to take in, oldest first.
fn plan(session: &mut Session<'_>, through: Option<Timestamp>, release: &Release) -> Result<Vec<Asset>, String> {
    let delta = release.assets.iter().filter(|asset| !asset.span.is_baseline()).max_by_key(|asset| asset.span.until());
    let baseline =
        release.assets.iter().filter(|asset| asset.span.is_baseline()).max_by_key(|asset| asset.span.until());
    if let (Some(through), Some(delta)) = (through, delta) {
        if through >= delta.span.until() {
            return Ok(Vec::new());
        }
        if through >= delta.span.since() {
            return Ok(vec![delta.clone()]);
        }
        if let Some(mut walk) = days_between(session, through, delta.span.day()) {
            walk.push(delta.clone());
            return Ok(walk);
        }
    }
    let Some(baseline) = baseline else {
        return Err(format!("The release {} has no baseline that could be read.", release.tag));
    };
    let mut steps = vec![baseline.clone()];
    steps.extend(delta.filter(|delta| delta.span.until() > baseline.span.until()).cloned());
    Ok(steps)
}

/// The last deltas of the days from `through` to the day before `today`; none if one is not to be had.
fn days_between(session: &mut Session<'_>, through: Timestamp, today: Date) -> Option<Vec<Asset>> {
    let first = TimeZone::UTC.to_datetime(through).date();
    let days = first.until(today).ok()?.get_days();
    if days > LONGEST_WALK_DAYS {
        return None;
    }
    let mut found: Vec<Asset> = Vec::new();
    for page in 1..=LISTING_PAGES {
        let mut url = session.base().and_then(|base| under(&base, "releases")).ok()?;
        url.set_query(Some(&format!("per_page=100&page={page}")));
        let request = github(session, url);
        let (releases, _) = session.index(&request, &|bytes| asset::releases(bytes)).ok()??;
        let ended = releases.is_empty();
        let whole_days = |asset: &Asset| {
            matches!(asset.span, Span::Day { .. }) && asset.span.day() >= first && asset.span.day() < today
        };
        found.extend(releases.into_iter().flat_map(|release| release.assets).filter(whole_days));
        found.sort_by_key(|asset| asset.span.day());
        found.dedup_by_key(|asset| asset.span.day());
        if i32::try_from(found.len()).is_ok_and(|found| found == days) {
            return Some(found);
        }
        if ended {
            return None;
        }
    }
    None
}

/// Takes an archive in; whether it is in.
fn take_asset(session: &mut Session<'_>, asset: &Asset) -> bool {
    let kind = if asset.span.is_baseline() { ArchiveKind::ZipInZip } else { ArchiveKind::Zip };
    let content = Content::Archive(session.config.kind.format(), kind);
    let request = session.archive(asset.url.clone());
    let bytes = Cell::new(0);
    let check = |download: &Download| {
        bytes.set(download.exchange.bytes);
        asset.check(download)
    };
    let result = session.deliver(&request, content, &check);
    match (result, asset.objection(bytes.get())) {
        (Ok(_), None) => {
            session.check(&format!("size of {}", asset.name()), asset.size, bytes.get());
            return true;
        }
        (Ok(_), Some(objection)) => {
            session.remark(&format!("size of {}", asset.name()), asset.size, format!("whole, but {objection}"));
            return true;
        }
        (Err(problem @ Problem::Unusable { .. }), Some(objection)) => session.owe(format!("{problem}; {objection}.")),
        (Err(problem), _) => session.owe_document(&problem),
    }
    false
}

fn github(session: &Session<'_>, url: Url) -> crate::http::Request {
    let mut request = session.document(url);
    request.accept = "application/vnd.github+json";
    request.secret = session.config.api_key.clone().map(|token| ("authorization", token.bearer()));
    request
}

fn under(base: &Url, path: &str) -> Result<Url, String> {
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| format!("The address {base} cannot be the base of others."))?
        .pop_if_empty()
        .extend(path.split('/'));
    Ok(url)
}

#[cfg(test)]
mod tests;
