//! EPSS daily scores: a table of CVEs, no advisories.
//!
//! Shape: CSV in, [`EpssScores`] out. Rows that cannot be read are named one by one; a file without a usable header, or one
//! that breaks off inside its last row, is refused as a whole. [`epss_of`] looks for one CVE and reads no further.

mod point;

use standards::epss::{Comment, millionths};

use super::Fault;
use super::common::{Notes, is_cve};
use crate::model::raw::Translated;

pub use point::{EpssPoint, epss_of};

/// The scores of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpssScores {
    /// Model version as stated (`v2023.03.01`); empty in files before 2022.
    pub model: String,
    /// The day, `2024-10-15`, from the comment line, else from the file's name; empty if neither says so.
    pub date: String,
    /// The rows in the file's order.
    pub rows: Vec<EpssRow>,
    /// Rows that cannot be read, the first thousand.
    pub unread: Vec<UnreadRow>,
    /// Rows beyond those.
    pub unread_more: usize,
}

/// The score of one CVE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpssRow {
    /// The CVE.
    pub cve: String,
    /// Probability of exploitation in the next 30 days, in millionths.
    pub probability_millionths: u32,
    /// Share of all CVEs that score the same or less, in millionths; computed where the old layout leaves it out.
    pub percentile_millionths: u32,
}

/// Where the columns are.
struct Columns {
    cve: usize,
    probability: usize,
    percentile: Option<usize>,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRow {
    /// Its CVE; empty if that cannot be read either.
    pub cve: String,
    /// Where it begins, in bytes from the table's beginning.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// Why, as a sentence.
    pub reason: String,
}

/// One row in so many may be unreadable before the table as a whole is.
const UNREADABLE_SHARE: usize = 10;

/// Unreadable rows that are described one by one.
const UNREADABLE_KEPT: usize = 1_000;

/// Reads a day's scores.
///
/// # Errors
/// [`Fault`] when the header has no `cve` and `epss` columns, a tenth of the rows cannot be read, or the last one breaks off.
pub fn epss(bytes: &[u8], file_name: &str) -> Result<Translated<EpssScores>, Fault> {
    let mut lines = Lines { bytes, at: if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 } };
    let mut comment = Comment::default();
    let header = loop {
        match lines.next() {
            Some((_, line)) if line.starts_with(b"#") => comment = Comment::parse(text_of(line).unwrap_or_default()),
            Some((_, line)) => break text_of(line).unwrap_or_default(),
            None => return Err(Fault { offset: 0, reason: "the table is empty".to_owned() }),
        }
    };
    let columns = columns(header)?;
    let mut scores = EpssScores {
        model: comment.model.to_owned(),
        date: date_in(comment.date).or_else(|| date_in(file_name)).unwrap_or_default().to_owned(),
        rows: Vec::with_capacity(bytes.len() / 24),
        unread: Vec::new(),
        unread_more: 0,
    };
    let mut is_last_readable = true;
    for (offset, line) in lines {
        let found = row(line, &columns);
        is_last_readable = found.is_ok();
        match found {
            Ok(found) => scores.rows.push(found),
            Err(_) if scores.unread.len() >= UNREADABLE_KEPT => scores.unread_more += 1,
            Err((cve, reason)) => {
                scores.unread.push(UnreadRow { cve, offset, length: line.len() as u64, reason });
            }
        }
    }
    let fault = |reason: String| Err(Fault { offset: bytes.len() as u64, reason });
    if !is_last_readable && !bytes.ends_with(b"\n") {
        return fault("the table breaks off inside a row".to_owned());
    }
    let unread = scores.unread.len() + scores.unread_more;
    let all = scores.rows.len() + unread;
    if unread * UNREADABLE_SHARE > all && unread > 1 {
        return fault(format!("{unread} of {all} rows cannot be read: {}", scores.unread[0].reason));
    }
    if columns.percentile.is_none() {
        percentiles(&mut scores.rows);
    }
    let mut notes = Notes::default();
    if scores.date.is_empty() {
        notes.add("score_date", "Neither the table nor its file name states a date.");
    }
    Ok(Translated { value: scores, warnings: notes.into_warnings() })
}

/// Lines that are not empty, with their offset and without white space around them.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let line = &rest[..length];
            let start = self.at + (line.len() - line.trim_ascii_start().len());
            self.at += length + 1;
            if !line.trim_ascii().is_empty() {
                return Some((start as u64, line.trim_ascii()));
            }
        }
        None
    }
}

fn text_of(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line).ok()
}

/// Finds the columns by their names.
fn columns(header: &str) -> Result<Columns, Fault> {
    let names: Vec<String> = fields(header).map(str::to_ascii_lowercase).collect();
    let at = |wanted: &str| names.iter().position(|name| name == wanted);
    match (at("cve"), at("epss")) {
        (Some(cve), Some(probability)) => Ok(Columns { cve, probability, percentile: at("percentile") }),
        _ => Err(Fault { offset: 0, reason: "the table has no columns `cve` and `epss`".to_owned() }),
    }
}

/// Fields of a line. The table has no quoted commas.
fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(|field| field.trim().trim_matches('"'))
}

/// The row, or its CVE as far as that can be read, and why it cannot be.
fn row(line: &[u8], columns: &Columns) -> Result<EpssRow, (String, String)> {
    let Some(line) = text_of(line) else {
        let cve = line.split(|byte| *byte == b',').nth(columns.cve).and_then(text_of).unwrap_or_default();
        let cve = if is_cve(cve) { cve.to_owned() } else { String::new() };
        return Err((cve, "The row is not UTF-8.".to_owned()));
    };
    let at = |column: usize| fields(line).nth(column).unwrap_or_default();
    let cve = at(columns.cve);
    if !is_cve(cve) {
        return Err((String::new(), format!("{:?} is no CVE; the row is left out.", short(cve))));
    }
    let number = |column: usize| {
        let text = at(column);
        // No provider writes a fraction with a hundred digits.
        let value = if text.len() > 100 { None } else { millionths(text) };
        value.ok_or_else(|| {
            let reason = format!("{:?} is no number between 0 and 1; the row is left out.", short(text));
            (cve.to_owned(), reason)
        })
    };
    let percentile_millionths = columns.percentile.map_or(Ok(0), &number)?;
    Ok(EpssRow { cve: cve.to_owned(), probability_millionths: number(columns.probability)?, percentile_millionths })
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Share of rows that score the same or less.
fn percentiles(rows: &mut [EpssRow]) {
    let mut sorted: Vec<u32> = rows.iter().map(|row| row.probability_millionths).collect();
    sorted.sort_unstable();
    let all = sorted.len().max(1) as u64;
    for row in rows {
        let same_or_less = sorted.partition_point(|score| *score <= row.probability_millionths) as u64;
        row.percentile_millionths = u32::try_from(same_or_less * 1_000_000 / all).unwrap_or(1_000_000);
    }
}

/// The first date `YYYY-MM-DD` in a text.
fn date_in(text: &str) -> Option<&str> {
    let is_date = |part: &[u8]| {
        part.iter().enumerate().all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
    };
    let start = text.as_bytes().windows(10).position(is_date)?;
    Some(&text[start..start + 10])
}
