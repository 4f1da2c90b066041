//! One CVE's row of a table, without reading the rest.

use std::io::{self, BufRead};

use standards::epss::Comment;

use super::super::Fault;
use super::{columns, date_in, fields, row, text_of};

/// The score of one CVE in a table, and the table's model and date, reading no further than that row.
///
/// No score where the table has no row for it; for an empty `cve` only model and date are read. Where the layout has no percentile,
/// there is none: it would need all rows.
///
/// # Errors
/// [`Fault`] when it is no such table; an I/O error of `table`.
pub fn epss_of(table: &mut dyn BufRead, file_name: &str, cve: &str) -> io::Result<Result<EpssPoint, Fault>> {
    let mut line = Vec::new();
    let mut header = None;
    let mut point = EpssPoint { date: date_in(file_name).unwrap_or_default().to_owned(), ..EpssPoint::default() };
    while next_line(table, &mut line)? {
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
        match &header {
            None if text.is_empty() => {}
            None if text.starts_with(b"#") => {
                let comment = Comment::parse(text_of(text).unwrap_or_default());
                comment.model.clone_into(&mut point.model);
                if let Some(date) = date_in(comment.date) {
                    date.clone_into(&mut point.date);
                }
            }
            None => match columns(text_of(text).unwrap_or_default()) {
                Ok(_) if cve.is_empty() => return Ok(Ok(point)),
                Ok(found) => header = Some(found),
                Err(fault) => return Ok(Err(fault)),
            },
            Some(columns) => {
                let is_it = |text: &[u8]| text_of(text).is_some_and(|text| fields(text).nth(columns.cve) == Some(cve));
                let may_be_it = columns.cve > 0 || text.starts_with(cve.as_bytes()) || text.starts_with(b"\"");
                if may_be_it && is_it(text) {
                    point.score = row(text, columns)
                        .ok()
                        .map(|row| (row.probability_millionths, columns.percentile.map(|_| row.percentile_millionths)));
                    return Ok(Ok(point));
                }
            }
        }
    }
    match header {
        Some(_) => Ok(Ok(point)),
        None => Ok(Err(Fault { offset: 0, reason: "the table is empty".to_owned() })),
    }
}

/// Reads a line of at most a few hundred bytes; of a longer one only its beginning is kept. False at the end.
fn next_line(table: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    const KEPT: usize = 512;
    line.clear();
    let mut any = false;
    loop {
        let buffer = table.fill_buf()?;
        if buffer.is_empty() {
            return Ok(any);
        }
        any = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        line.extend_from_slice(&part[..part.len().min(KEPT - line.len().min(KEPT))]);
        let used = end.map_or(buffer.len(), |end| end + 1);
        table.consume(used);
        if end.is_some() {
            return Ok(true);
        }
    }
}

/// What a table says about one CVE.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EpssPoint {
    /// The day, `2024-10-15`; empty if neither the table nor its name says so.
    pub date: String,
    /// Model version as stated.
    pub model: String,
    /// Probability and, where the layout has it, percentile, both in millionths; none without a readable row.
    pub score: Option<(u32, Option<u32>)>,
}
