//! The history of a CVE's EPSS scores: what the archived daily tables say, newest first.
//!
//! The knowledge keeps the newest table only. An archived one is read as far as the CVE's row and no further; one from before
//! the day asked for is not opened at all where its name tells its date.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::ops::ControlFlow;

use domain::model::raw::Digest;
use domain::model::source::{Family, FetchOutcome};
use domain::normalise::{EpssPoint, epss_of};
use jiff::civil::Date;
use sources::unpack::GzipReader;
use store::records::FetchFilter;

use crate::error::{Error, Result};
use crate::ingest;
use crate::workspace::Workspace;

/// An archived table.
struct Table {
    object: Digest,
    name: String,
    /// Whether it is gzip.
    packed: bool,
}

/// What one table says, or why it cannot be read.
pub type Point = std::result::Result<EpssPoint, String>;

/// Hands the scores of a CVE to `show`, newest day first, since a day or all there are; `show` may end it.
///
/// # Errors
/// `cve` is no CVE identifier; the records or the archive cannot be read.
pub fn history(
    workspace: &Workspace,
    cve: &str,
    since: Option<Date>,
    show: &mut dyn FnMut(Point) -> ControlFlow<()>,
) -> Result<()> {
    let is_number = |text: &str| text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = cve.strip_prefix("CVE-").and_then(|number| number.split_once('-'));
    if !parts.is_some_and(|(year, number)| is_number(year) && is_number(number)) {
        return Err(Error::refused(format!("show the scores of {cve:?}: that is no CVE identifier")));
    }
    let since = since.map(|since| since.to_string()).unwrap_or_default();
    for (_, table) in tables(workspace)?.into_iter().rev().take_while(|(date, _)| *date >= since) {
        if show(point(workspace, &table, cve)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// The archived tables by day. Of several of one day the last that was taken in counts.
fn tables(workspace: &Workspace) -> Result<BTreeMap<String, Table>> {
    let mut fetches = workspace.records.fetches(&FetchFilter::default(), u64::from(u32::MAX))?;
    fetches.retain(|fetch| fetch.value.fetch.family == Family::Epss);
    fetches.reverse();
    let mut tables = BTreeMap::new();
    for fetch in fetches {
        let fetch = fetch.value.fetch;
        if !matches!(fetch.outcome, FetchOutcome::Ok | FetchOutcome::Incomplete) {
            continue;
        }
        for exchange in fetch.exchanges {
            let carried = exchange.carried.as_deref().unwrap_or_default();
            let Some(object) = exchange.object.filter(|_| carried.ends_with("epss-csv")) else { continue };
            let name = exchange.from.rsplit('/').next().unwrap_or_default().to_owned();
            let table = Table { object, name, packed: carried.starts_with("gz") };
            let date = match date_in(&table.name) {
                Some(date) => date,
                // A name without a date, as `current` of a server that does not redirect: the table itself tells.
                None => match point(workspace, &table, "")? {
                    Ok(point) if !point.date.is_empty() => point.date,
                    _ => continue,
                },
            };
            tables.insert(date, table);
        }
    }
    Ok(tables)
}

fn point(workspace: &Workspace, table: &Table, cve: &str) -> Result<Point> {
    const BUFFER: usize = 1 << 16;
    let mut plain = BufReader::with_capacity(BUFFER, workspace.archive.open_reader(&table.object)?);
    let found = if table.packed {
        epss_of(&mut BufReader::with_capacity(BUFFER, GzipReader::new(plain)), &table.name, cve)
    } else {
        epss_of(&mut plain, &table.name, cve)
    };
    Ok(match found {
        Ok(Ok(point)) => Ok(point),
        Ok(Err(fault)) => Err(format!("{}: {fault}", table.name)),
        Err(error) => Err(format!("{}: {}", table.name, ingest::chain(&error))),
    })
}

/// The date in `epss_scores-2024-10-09.csv.gz`.
fn date_in(name: &str) -> Option<String> {
    let start = name.find("20")?;
    let date: Date = name.get(start..start + 10)?.parse().ok()?;
    Some(date.to_string())
}
