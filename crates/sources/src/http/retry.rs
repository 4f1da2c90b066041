//! When to ask again.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{self, HeaderMap};

/// A window of 30 s, in first back-offs of 2 s, and a little more.
pub(super) const BACK_OFFS_OF_A_WINDOW: u32 = 16;

/// The wait before attempt `attempt + 1`: doubled each time, plus up to half of it by chance, so that clients that broke
/// together do not come back together.
pub(super) fn back_off(first: Duration, attempt: u32) -> Duration {
    let wait = first.saturating_mul(1 << (attempt - 1).min(6));
    // The standard library seeds each `RandomState` anew: chance enough to spread requests.
    let chance = RandomState::new().build_hasher().finish() % 1024;
    wait + (wait / 2048).saturating_mul(u32::try_from(chance).unwrap_or(0))
}

/// How long the server asks us to wait: `Retry-After` in seconds or as a date against the answer's own `Date`
/// (RFC 9110 section 10.2.3), else GitHub's `X-RateLimit-Reset` when its allowance is used up.
pub(super) fn asked_to_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let sent = text(header::DATE.as_str()).and_then(http_date);
    if let Some(after) = text(header::RETRY_AFTER.as_str()) {
        return match after.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => Some(until(sent?, http_date(after)?)),
        };
    }
    if text("x-ratelimit-remaining") == Some("0") {
        let reset = Timestamp::from_second(text("x-ratelimit-reset")?.parse().ok()?).ok()?;
        return Some(until(sent?, reset));
    }
    None
}

fn until(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

fn http_date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_against_the_answers_own_date() {
        let seconds = headers(&[("retry-after", "7")]);
        assert_eq!(asked_to_wait(&seconds), Some(Duration::from_secs(7)));
        let date =
            headers(&[("date", "Wed, 09 Oct 2024 06:00:00 GMT"), ("retry-after", "Wed, 09 Oct 2024 06:00:30 GMT")]);
        assert_eq!(asked_to_wait(&date), Some(Duration::from_secs(30)));
        let past =
            headers(&[("date", "Wed, 09 Oct 2024 06:00:00 GMT"), ("retry-after", "Tue, 08 Oct 2024 06:00:30 GMT")]);
        assert_eq!(asked_to_wait(&past), Some(Duration::ZERO));
        assert_eq!(asked_to_wait(&headers(&[("retry-after", "soon")])), None);
    }

    #[test]
    fn githubs_used_up_allowance_is_waited_for() {
        let used_up = headers(&[
            ("date", "Wed, 09 Oct 2024 06:00:00 GMT"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1728453660"),
        ]);
        assert_eq!(asked_to_wait(&used_up), Some(Duration::from_mins(1)));
    }

    #[test]
    fn waits_double_and_stay_within_half_as_much_again() {
        let first = Duration::from_secs(2);
        for (attempt, least) in [(1, 2), (2, 4), (3, 8), (60, 128)] {
            let wait = back_off(first, attempt);
            assert!(wait >= Duration::from_secs(least) && wait < Duration::from_secs(least * 3 / 2), "{wait:?}");
        }
    }
}
