//! No more requests to a host than it allows in a rolling window.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use super::sleeper::Sleeper;

/// A little longer than the 30 s that providers state: their clock starts when a request arrives, ours when it leaves.
const WINDOW: Duration = Duration::from_millis(31_500);

/// When requests left, by host and port.
#[derive(Debug, Default)]
pub(super) struct Paces(Mutex<HashMap<String, VecDeque<Duration>>>);

impl Paces {
    /// Waits until one more request to `url`'s host keeps to `requests` in the window, and counts it.
    pub(super) fn wait(&self, url: &Url, requests: Option<u32>, sleeper: &dyn Sleeper) {
        let Some(requests) = requests else { return };
        while let Some(wait) = self.admit(url, requests.max(1) as usize, sleeper.elapsed()) {
            sleeper.sleep(wait);
        }
    }

    /// Counts a request at `now`, or says how long to wait first.
    fn admit(&self, url: &Url, requests: usize, now: Duration) -> Option<Duration> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = hosts.entry(host(url)).or_default();
        while sent.front().is_some_and(|&at| at + WINDOW <= now) {
            sent.pop_front();
        }
        if sent.len() < requests {
            sent.push_back(now);
            return None;
        }
        sent.get(sent.len() - requests).map(|&at| (at + WINDOW).saturating_sub(now).max(Duration::from_millis(1)))
    }
}

fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_five_times_and_then_only_as_the_window_moves_on() {
        let paces = Paces::default();
        let nvd = Url::parse("https://services.nvd.nist.gov/rest").unwrap();
        for second in 0..5 {
            assert_eq!(paces.admit(&nvd, 5, Duration::from_secs(second)), None);
        }
        assert_eq!(paces.admit(&nvd, 5, Duration::from_secs(5)), Some(Duration::from_millis(26_500)));
        assert_eq!(paces.admit(&nvd, 5, WINDOW), None);
        assert_eq!(paces.admit(&nvd, 5, WINDOW), Some(Duration::from_secs(1)));
        let other = Url::parse("https://example.org/").unwrap();
        assert_eq!(paces.admit(&other, 5, WINDOW), None);
    }
}
