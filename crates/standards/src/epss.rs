//! FIRST EPSS daily scores (first.org/epss/data_stats): the words of the CSV's comment line and header.
//!
//! Layouts: since 2022 a comment line `#model_version:v2022.01.01,score_date:2022-02-04T00:00:00+0000`, then
//! `cve,epss,percentile`; before that only `cve,epss`, with the date in the file's name.

/// What the comment line states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comment<'a> {
    /// `model_version`.
    pub model: &'a str,
    /// `score_date`, as stated.
    pub date: &'a str,
}

impl<'a> Comment<'a> {
    /// Reads a line that begins with `#`. What is not stated stays empty.
    pub fn parse(line: &'a str) -> Self {
        let mut comment = Self::default();
        for statement in line.trim_start_matches('#').split(',') {
            match statement.split_once(':') {
                Some((name, value)) if name.trim() == "model_version" => comment.model = value.trim(),
                Some((name, value)) if name.trim() == "score_date" => comment.date = value.trim(),
                _ => {}
            }
        }
        comment
    }
}

/// A probability written as a decimal fraction, in millionths, rounded: `0.97565` is 975650, `1e-05` is 10.
///
/// Returns `None` for what is no number between 0 and 1.
pub fn millionths(text: &str) -> Option<u32> {
    let value: f64 = text.trim().parse().ok()?;
    if !(0.0..=1.0).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1,000,000")]
    Some((value * 1_000_000.0).round() as u32)
}
