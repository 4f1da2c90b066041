//! EPSS daily scores: a table of CVEs, no advisories.
//!
//! Shape: CSV in, [`EpssScores`] out. Rows that cannot be read become warnings; a file without a usable header, or one
//! that breaks off inside its last row, is refused as a whole.

use standards::epss::{Comment, millionths};

use super::Fault;
use super::common::{Notes, is_cve};
use crate::model::raw::Translated;

/// The scores of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpssScores {
    /// Model version as stated (`v2023.03.01`); empty in files before 2022.
    pub model: String,
    /// The day, `2024-10-15`, from the comment line, else from the file's name; empty if neither says so.
    pub date: String,
    /// The rows in the file's order.
    pub rows: Vec<EpssRow>,
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

/// Reads a day's scores.
///
/// # Errors
/// [`Fault`] when the header has no `cve` and `epss` columns, the text is not UTF-8, or the last row breaks off.
pub fn epss(bytes: &[u8], file_name: &str) -> Result<Translated<EpssScores>, Fault> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault { offset: error.valid_up_to() as u64, reason: "the table is not UTF-8".to_owned() })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let mut comment = Comment::default();
    let header = loop {
        match lines.next() {
            Some((_, line)) if line.starts_with('#') => comment = Comment::parse(line),
            Some((_, line)) => break line,
            None => return Err(Fault { offset: 0, reason: "the table is empty".to_owned() }),
        }
    };
    let columns = columns(header)?;
    let mut notes = Notes::default();
    let mut rows = Vec::with_capacity(text.len() / 24);
    let mut is_last_readable = true;
    for (number, line) in lines {
        let found = row(line, &columns);
        is_last_readable = found.is_ok();
        match found {
            Ok(found) => rows.push(found),
            Err(why) => notes.add(format_args!("line {}", number + 1), why),
        }
    }
    if !is_last_readable && !text.ends_with('\n') {
        return Err(Fault { offset: bytes.len() as u64, reason: "the table breaks off inside a row".to_owned() });
    }
    if columns.percentile.is_none() {
        percentiles(&mut rows);
    }
    let date = date_in(comment.date).or_else(|| date_in(file_name)).unwrap_or_default().to_owned();
    if date.is_empty() {
        notes.add("score_date", "Neither the table nor its file name states a date.");
    }
    let scores = EpssScores { model: comment.model.to_owned(), date, rows };
    Ok(Translated { value: scores, warnings: notes.into_warnings() })
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

fn row(line: &str, columns: &Columns) -> Result<EpssRow, String> {
    let at = |column: usize| fields(line).nth(column).unwrap_or_default();
    let cve = at(columns.cve);
    if !is_cve(cve) {
        return Err(format!("{cve:?} is no CVE; the row is left out."));
    }
    let number = |column: usize| {
        let text = at(column);
        millionths(text).ok_or_else(|| format!("{text:?} is no number between 0 and 1; the row of {cve} is left out."))
    };
    let percentile_millionths = columns.percentile.map_or(Ok(0), &number)?;
    Ok(EpssRow { cve: cve.to_owned(), probability_millionths: number(columns.probability)?, percentile_millionths })
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
