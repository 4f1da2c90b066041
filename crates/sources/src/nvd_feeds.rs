//! NVD's feed files (NVD, "Data Feeds", 2.0): one for each year of identifiers, one of the last eight days' changes, each with
//! a `.meta` that states size and digest of its content.
//!
//! The `.meta` files are polled, unconditionally: they are smaller than a 304. A feed is asked for when its statement is
//! another one than that of the feed taken in last. Day by day the feed of changes is enough. After a gap that it does not bridge, and
//! once a week, the years are looked through as well; every four weeks each of them is read, because only then is it known
//! what is gone.

mod meta;

use std::cell::RefCell;
use std::collections::BTreeMap;

use domain::normalise::Format;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{ArchiveKind, Content, End};
use crate::http::Download;
use crate::session::{Delivered, Problem, Session};
use meta::{Meta, Unpacked};

/// Where the last fetch ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// The statement of each feed that is in.
    feeds: BTreeMap<String, Meta>,
    /// When the feed of changes was read last, or was found to be unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Timestamp>,
    /// When all years were looked through last.
    #[serde(skip_serializing_if = "Option::is_none")]
    years: Option<Timestamp>,
    /// When all years were read last.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<Timestamp>,
}

/// The oldest year file: it holds all identifiers up to its year.
const FIRST_YEAR: i16 = 2002;
/// The feed of changes.
const CHANGES: &str = "modified";
/// It covers eight days; a day less is relied on.
const REACH: SignedDuration = SignedDuration::from_hours(7 * 24);
const YEARS_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
const WHOLE_EVERY: SignedDuration = SignedDuration::from_hours(28 * 24);
/// A `.meta` has five short lines.
const META_BYTES: u64 = 64 << 10;

/// What became of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Feed {
    /// Taken in whole: records that its document states.
    Read(u64),
    /// The statement is that of the feed taken in last.
    Unchanged,
    /// There is none.
    Absent,
    /// Owed, and named.
    Owed,
}

pub(crate) fn run(mut session: Session<'_>) -> End {
    let base = match session.base() {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let now = session.clock.now();
    let is_due = |last: Option<Timestamp>, every| last.is_none_or(|last| now.duration_since(last) >= every);
    if is_due(cursor.changes, REACH) || is_due(cursor.years, YEARS_EVERY) {
        let is_whole = is_due(cursor.whole, WHOLE_EVERY);
        years(&mut session, &mut cursor, &base, is_whole);
    }
    match feed(&mut session, &mut cursor, &base, CHANGES, false) {
        Feed::Read(_) | Feed::Unchanged => cursor.changes = Some(now),
        Feed::Absent => session.owe(format!("There is no feed {CHANGES:?} at {base}.")),
        Feed::Owed => {}
    }
    session.end(&cursor)
}

/// Looks through all years. `is_whole`: reads each of them, except those that the first pass has read before it broke.
fn years(session: &mut Session<'_>, cursor: &mut Cursor, base: &Url, is_whole: bool) {
    let now = session.clock.now();
    let today = TimeZone::UTC.to_datetime(now).date();
    let is_first = cursor.whole.is_none();
    let (mut complete, mut all_read, mut total) = (true, true, 0);
    for (done, year) in (FIRST_YEAR..=today.year()).enumerate() {
        match feed(session, cursor, base, &year.to_string(), is_whole && !is_first) {
            Feed::Read(records) => total += records,
            Feed::Unchanged => all_read = false,
            // A year's file comes with its first identifiers.
            Feed::Absent if year == today.year() && today.day_of_year() < 15 => {}
            Feed::Absent => {
                session.owe(format!("There is no feed of {year} at {base}."));
                complete = false;
            }
            Feed::Owed => complete = false,
        }
        session.progress(done + 1, usize::try_from(today.year() - FIRST_YEAR + 1).ok(), "years");
    }
    if complete {
        cursor.years = Some(now);
        if is_whole {
            cursor.whole = Some(now);
        }
        if all_read {
            session.full_set = true;
            session.stated = Some(total);
        }
    }
}

/// Takes in one feed, if it has changed. A statement that the feed does not fit is asked for anew: both are rebuilt together,
/// and not at the same instant.
fn feed(session: &mut Session<'_>, cursor: &mut Cursor, base: &Url, name: &str, always: bool) -> Feed {
    let mut before: Option<(Meta, Refusal)> = None;
    loop {
        let meta = match statement(session, base, name) {
            Ok(meta) => meta,
            Err(problem) if problem.is_absence() => return Feed::Absent,
            Err(problem) => {
                session.owe_document(&problem);
                return Feed::Owed;
            }
        };
        if name == CHANGES {
            session.data_timestamp = session.data_timestamp.max(meta.last_modified);
        }
        if !always && cursor.feeds.get(name).is_some_and(|known| known.is_same(&meta)) {
            let digest = &meta.sha256;
            session.check(&format!("sha256 in {}", file(name, "meta")), digest, digest);
            return Feed::Unchanged;
        }
        if let Some((_, refusal)) = before.as_ref().filter(|(known, _)| known.is_same(&meta)) {
            refusal.owe(session, name, &meta);
            return Feed::Owed;
        }
        match document(session, base, name, &meta) {
            Ok((delivered, unpacked)) => return taken(session, cursor, name, meta, &delivered, &unpacked),
            Err(refusal) => before = Some((meta, refusal)),
        }
    }
}

/// Why a feed was not taken in.
struct Refusal {
    problem: Box<Problem>,
    unpacked: Option<Unpacked>,
}

impl Refusal {
    /// Names what is owed: the digest that does not fit, else what was wrong.
    fn owe(&self, session: &mut Session<'_>, name: &str, meta: &Meta) {
        match &self.unpacked {
            Some(found) if found.sha256 != meta.sha256 => {
                session.check(&format!("sha256 in {}", file(name, "meta")), &meta.sha256, &found.sha256);
            }
            _ => session.owe_document(&self.problem),
        }
    }
}

/// Asks for a `.meta`.
fn statement(session: &mut Session<'_>, base: &Url, name: &str) -> Result<Meta, Problem> {
    let url = address(base, &file(name, "meta"));
    let mut request = session.document(url.clone());
    request.limit_bytes = META_BYTES;
    match session.index(&request, &meta::read)? {
        Some((meta, _)) => Ok(meta),
        None => Err(Problem::Unusable {
            from: url.into(),
            reason: "answered that nothing has changed, which was not asked".to_owned(),
        }),
    }
}

/// Asks for a feed and holds it against its statement.
fn document(session: &mut Session<'_>, base: &Url, name: &str, meta: &Meta) -> Result<(Delivered, Unpacked), Refusal> {
    let request = session.archive(address(base, &file(name, "json.gz")));
    let limit = session.config.limits.document_bytes;
    let found: RefCell<Option<Unpacked>> = RefCell::new(None);
    let check = |download: &Download| {
        let unpacked = meta::unpack(download.path(), limit)?;
        let verdict = meta.check(&unpacked);
        found.replace(Some(unpacked));
        verdict
    };
    let result = session.deliver(&request, Content::Archive(Format::NvdPage, ArchiveKind::Gz), &check);
    match (result, found.take()) {
        (Ok(Some(delivered)), Some(unpacked)) => Ok((delivered, unpacked)),
        (Ok(_), unpacked) => {
            let reason = "answered that nothing has changed, which was not asked".to_owned();
            Err(Refusal { problem: Box::new(Problem::Unusable { from: request.url.into(), reason }), unpacked })
        }
        (Err(problem), unpacked) => Err(Refusal { problem: Box::new(problem), unpacked }),
    }
}

/// Records what was stated and found, and remembers the feed unless a record of it was set aside: then it comes again.
fn taken(
    session: &mut Session<'_>,
    cursor: &mut Cursor,
    name: &str,
    meta: Meta,
    delivered: &Delivered,
    unpacked: &Unpacked,
) -> Feed {
    let of = file(name, "meta");
    session.check(&format!("sha256 in {of}"), &meta.sha256, &unpacked.sha256);
    session.check(&format!("size in {of}"), meta.size, unpacked.bytes);
    if let Some(packed) = meta.gz_size.filter(|packed| *packed != unpacked.packed_bytes) {
        let found = unpacked.packed_bytes;
        let why = if unpacked.trailing { ", with bytes behind the end of the stream" } else { "" };
        session.remark(&format!("gzSize in {of}"), packed, format!("{found}{why}; the content fits its digest"));
    }
    let taken = &delivered.taken;
    if taken.quarantined > 0 {
        cursor.feeds.remove(name);
        return Feed::Owed;
    }
    if let Some(page) = taken.page {
        session.check(&format!("totalResults of {}", file(name, "json")), page.total, taken.records);
    }
    cursor.feeds.insert(name.to_owned(), meta);
    Feed::Read(taken.records)
}

fn file(name: &str, ending: &str) -> String {
    format!("nvdcve-2.0-{name}.{ending}")
}

fn address(base: &Url, file: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(file);
    }
    url
}

#[cfg(test)]
mod tests;
