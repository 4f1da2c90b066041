//! CVSS vectors to scores: 2.0, 3.0, 3.1 and 4.0 (FIRST).
//!
//! In: a vector string. Out: scores in tenths, so that they compare and store exactly. The arithmetic is the `cvss`
//! crate's; what it leaves open is checked here: the mandatory metrics of version 3, vectors in parentheses (NVD's
//! version 2), a sum that comes out as `-0.0`, and the last rounding of version 3.

use ::cvss::{Cvss, v3};

/// Scores of one vector, in tenths: 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scores {
    /// Base score. For version 4.0 the one score, with every metric the vector states (CVSS-B to CVSS-BTE).
    pub base: u8,
    /// Temporal score of versions 2 and 3; the base score if the vector states no temporal metric. `None` for 4.0.
    pub temporal: Option<u8>,
    /// Environmental score of versions 2 and 3; equals the temporal score if no environmental metric is stated. `None` for 4.0.
    pub environmental: Option<u8>,
}

/// Why a text is no CVSS vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CvssError {
    /// Not a vector of any version: unknown metric, unknown value, metric stated twice.
    #[error("read {vector:?} as a CVSS vector: {reason}")]
    Invalid {
        /// The text.
        vector: String,
        /// What is wrong.
        reason: String,
    },
    /// A mandatory metric is missing.
    #[error("score {vector:?}: the mandatory metric {metric} is missing")]
    Missing {
        /// The text.
        vector: String,
        /// The metric's short name, `AV`.
        metric: &'static str,
    },
}

/// Qualitative severity rating (CVSS 3.1 section 5, 4.0 section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 0.0
    None,
    /// 0.1 to 3.9
    Low,
    /// 4.0 to 6.9
    Medium,
    /// 7.0 to 8.9
    High,
    /// 9.0 to 10.0
    Critical,
}

impl Severity {
    /// The rating's word, `None` to `Critical`.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }
}

/// The rating of a score in tenths. Version 2 has no ratings of its own; the scale of version 3 is used for it as well.
pub fn severity(tenths: u8) -> Severity {
    match tenths {
        0 => Severity::None,
        1..=39 => Severity::Low,
        40..=69 => Severity::Medium,
        70..=89 => Severity::High,
        _ => Severity::Critical,
    }
}

/// Base score of a vector in tenths (4.0: the one score), or `None` if it is no complete vector.
pub fn base_tenths(vector: &str) -> Option<u8> {
    scores(vector).ok().map(|scores| scores.base)
}

/// All scores of a vector.
///
/// # Errors
/// [`CvssError`] when a metric is unknown, repeated or missing.
pub fn scores(vector: &str) -> Result<Scores, CvssError> {
    let text = vector.trim();
    let text = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text);
    let parsed: Cvss =
        text.parse().map_err(|error| CvssError::Invalid { vector: vector.to_owned(), reason: format!("{error}") })?;
    if let Some(metric) = missing_metric(&parsed) {
        return Err(CvssError::Missing { vector: vector.to_owned(), metric });
    }
    Ok(match &parsed {
        Cvss::CvssV20(v2) => Scores {
            base: tenths(v2.score().value()),
            temporal: Some(tenths(v2.temporal_score().value())),
            environmental: Some(tenths(v2.environmental_score().value())),
        },
        Cvss::CvssV30(v3) | Cvss::CvssV31(v3) => {
            let (temporal, environmental) = version_3(v3);
            Scores { base: tenths(v3.score().value()), temporal: Some(temporal), environmental: Some(environmental) }
        }
        other => Scores { base: tenths(other.score()), temporal: None, environmental: None },
    })
}

/// The first mandatory metric that is missing. The `cvss` crate checks version 4 itself.
fn missing_metric(parsed: &Cvss) -> Option<&'static str> {
    let stated: Vec<(&'static str, bool)> = match parsed {
        Cvss::CvssV20(v) => vec![
            ("AV", v.av.is_some()),
            ("AC", v.ac.is_some()),
            ("Au", v.au.is_some()),
            ("C", v.c.is_some()),
            ("I", v.i.is_some()),
            ("A", v.a.is_some()),
        ],
        Cvss::CvssV30(v) | Cvss::CvssV31(v) => vec![
            ("AV", v.av.is_some()),
            ("AC", v.ac.is_some()),
            ("PR", v.pr.is_some()),
            ("UI", v.ui.is_some()),
            ("S", v.s.is_some()),
            ("C", v.c.is_some()),
            ("I", v.i.is_some()),
            ("A", v.a.is_some()),
        ],
        _ => Vec::new(),
    };
    stated.into_iter().find(|(_, is_stated)| !is_stated).map(|(metric, _)| metric)
}

/// Temporal and environmental score of version 3 (CVSS 3.0 section 8, 3.1 section 7).
///
/// The last step of both equations, a rounded score times three factors, is done in whole numbers: 2.5 × 0.92 is 2.3,
/// which version 3.0 leaves as it is, but floating point makes a little more of it, which rounds up to 2.4.
fn version_3(vector: &v3::Vector) -> (u8, u8) {
    let unfactored = v3::Vector { e: None, rl: None, rc: None, ..vector.clone() };
    let base = tenths(vector.base_score().value());
    (factored(base, vector), factored(tenths(unfactored.environmental_score().value()), vector))
}

/// A score in tenths times the three temporal factors, rounded up as the vector's version does it (3.1: appendix A).
fn factored(tenths: u8, vector: &v3::Vector) -> u8 {
    use v3::metric::Metric;
    let exploited = hundredths(vector.e.map_or(1.0, Metric::score));
    let remedied = hundredths(vector.rl.map_or(1.0, Metric::score));
    let confident = hundredths(vector.rc.map_or(1.0, Metric::score));
    let millionths_of_tenths = u32::from(tenths) * exploited * remedied * confident;
    let rounded = match vector.minor_version {
        0 => millionths_of_tenths.div_ceil(1_000_000),
        // To five decimals first, then up.
        _ => ((millionths_of_tenths + 50) / 100).div_ceil(10_000),
    };
    u8::try_from(rounded).unwrap_or(100)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "factors lie between 0 and 1")]
fn hundredths(factor: f64) -> u32 {
    (factor * 100.0).round() as u32
}

/// A score in tenths. `-0.0` and rounding dust become whole tenths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100 just before")]
fn tenths(score: f64) -> u8 {
    (score * 10.0).round().clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests;
