//! A release of the CVE list: its archives, what each covers, its size and digest (GitHub REST API, "Releases").

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use sha2::Sha256;
use url::Url;

use crate::http::Download;

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Release {
    pub(super) tag: String,
    /// Those whose name says what they cover.
    pub(super) assets: Vec<Asset>,
}

/// An archive of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asset {
    pub(super) span: Span,
    pub(super) url: Url,
    pub(super) size: u64,
    /// `sha256:…`, which GitHub states since 2025.
    digest: Option<String>,
}

/// What an archive covers, from its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// `2024-10-09_all_CVEs_at_midnight.zip.zip`: everything until the day begins.
    Baseline { day: Date },
    /// `2024-10-09_delta_CVEs_at_0600Z.zip`: what changed from midnight until then.
    Delta { day: Date, until: Time },
    /// `2024-10-09_delta_CVEs_at_end_of_day.zip`: what changed on that day.
    Day { day: Date },
}

impl Span {
    fn of(name: &str) -> Option<Self> {
        let (day, what) = name.split_once('_')?;
        let day = day.parse().ok()?;
        if what == "all_CVEs_at_midnight.zip.zip" {
            return Some(Self::Baseline { day });
        }
        match what.strip_prefix("delta_CVEs_at_")?.strip_suffix(".zip")? {
            "end_of_day" => Some(Self::Day { day }),
            hour => Some(Self::Delta { day, until: Time::strptime("%H%MZ", hour).ok()? }),
        }
    }

    pub(super) fn is_baseline(self) -> bool {
        matches!(self, Self::Baseline { .. })
    }

    pub(super) fn day(self) -> Date {
        match self {
            Self::Baseline { day } | Self::Delta { day, .. } | Self::Day { day } => day,
        }
    }

    /// The beginning of its day.
    pub(super) fn since(self) -> Timestamp {
        instant(self.day(), Time::midnight())
    }

    pub(super) fn until(self) -> Timestamp {
        match self {
            Self::Baseline { day } => instant(day, Time::midnight()),
            Self::Delta { day, until } => instant(day, until),
            Self::Day { day } => instant(day.saturating_add(1.day()), Time::midnight()),
        }
    }
}

fn instant(day: Date, time: Time) -> Timestamp {
    // UTC has neither gaps nor folds; only days at the very end of time are out of range.
    TimeZone::UTC.to_timestamp(day.to_datetime(time)).unwrap_or(Timestamp::MAX)
}

impl Asset {
    /// Its file name.
    pub(super) fn name(&self) -> &str {
        self.url.path().rsplit('/').next().unwrap_or_default()
    }

    /// Compares a download with the digest that the release states, if it does.
    ///
    /// # Errors
    /// A fragment with both.
    pub(super) fn check(&self, download: &Download) -> Result<(), String> {
        let Some(stated) = self.digest.as_deref().and_then(|digest| digest.strip_prefix("sha256:")) else {
            return Ok(());
        };
        let found =
            download.digest::<Sha256>().map_err(|error| format!("could not be read from the spool: {error}"))?;
        if stated.eq_ignore_ascii_case(&found) {
            return Ok(());
        }
        Err(format!("does not fit its digest: {stated} is stated, {found} came (SHA-256)"))
    }

    /// What is wrong with a length, as a fragment.
    ///
    /// An archive that was uploaded anew has another length than the one listed a moment before, and is whole all the same:
    /// its own directory and checksums decide. But where they fail, the length says why.
    pub(super) fn objection(&self, bytes: u64) -> Option<String> {
        (bytes != self.size).then(|| format!("it has {bytes} bytes where the release states {}", self.size))
    }
}

/// Reads one release.
///
/// # Errors
/// A fragment: it is none.
pub(super) fn release(bytes: &[u8]) -> Result<Release, String> {
    serde_json::from_slice::<RawRelease>(bytes).map(Release::from).map_err(|error| format!("is no release: {error}"))
}

/// Reads a page of releases.
///
/// # Errors
/// A fragment: it is none.
pub(super) fn releases(bytes: &[u8]) -> Result<Vec<Release>, String> {
    let raw: Vec<RawRelease> =
        serde_json::from_slice(bytes).map_err(|error| format!("is no list of releases: {error}"))?;
    Ok(raw.into_iter().map(Release::from).collect())
}

#[derive(Deserialize)]
struct RawRelease {
    tag_name: String,
    assets: Vec<RawAsset>,
}

#[derive(Deserialize)]
struct RawAsset {
    name: String,
    size: u64,
    browser_download_url: Url,
    #[serde(default)]
    digest: Option<String>,
}

impl From<RawRelease> for Release {
    fn from(raw: RawRelease) -> Self {
        let asset = |raw: RawAsset| {
            let span = Span::of(&raw.name)?;
            Some(Asset { span, url: raw.browser_download_url, size: raw.size, digest: raw.digest })
        };
        Self { tag: raw.tag_name, assets: raw.assets.into_iter().filter_map(asset).collect() }
    }
}

#[cfg(test)]
impl Span {
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::of(name)
    }
}
