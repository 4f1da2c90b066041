//! No more requests to a host than it allows in a rolling window, evenly spaced, one at a time, and none while it asks to be left
//! alone: over all sources that share the host. A burst of all that the window allows would be let through by some clocks
//! and refused by others; NVD asks for a rest between requests (NVD, "Start here", best practices).
//!
//! This machine itself needs no politeness: only configured rates hold for it.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

use super::Settings;
use super::client::is_loopback;

/// A little longer than the 30 s that providers state: their clock starts when a request arrives, ours when it leaves.
const WINDOW: Duration = Duration::from_millis(31_500);

/// How soon a request that waits for another notices that the program is to stop.
const STEP: Duration = Duration::from_millis(100);

/// What is known of each host, by name and port.
#[derive(Debug, Default)]
pub(super) struct Paces {
    hosts: Mutex<HashMap<String, Host>>,
    free: Condvar,
}

#[derive(Debug, Default)]
struct Host {
    /// When the last request left that was to keep to a rate.
    sent: Option<Duration>,
    /// Whether a request is on its way.
    busy: bool,
    /// Until when it asks to be left alone.
    not_before: Duration,
}

/// Leave to ask a host; the next request may go when it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'p> {
    paces: &'p Paces,
    host: Option<String>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(host) = &self.host {
            self.paces.hosts().entry(host.clone()).or_default().busy = false;
            self.paces.free.notify_all();
        }
    }
}

impl Paces {
    /// Waits until one more request may go to `url`'s host, with at most `requests` in the window, and counts it. None: the
    /// program is to stop.
    pub(super) fn turn(&self, url: &Url, requests: Option<u32>, settings: &Settings) -> Option<Turn<'_>> {
        let stopped = || settings.stop.load(std::sync::atomic::Ordering::Relaxed);
        let mut turn = Turn { paces: self, host: None };
        if !is_loopback(url) {
            let mut hosts = self.hosts();
            while std::mem::replace(&mut hosts.entry(host(url)).or_default().busy, true) {
                if stopped() {
                    return None;
                }
                hosts = self.free.wait_timeout(hosts, STEP).unwrap_or_else(PoisonError::into_inner).0;
            }
            drop(hosts);
            turn.host = Some(host(url));
        }
        while !stopped() {
            let now = settings.sleeper.elapsed();
            let wait = self.held(url, now).or_else(|| self.admit(url, requests?.max(1), now));
            match wait {
                None => return Some(turn),
                Some(wait) => settings.sleeper.sleep(wait),
            }
        }
        None
    }

    /// Lets nobody ask `url`'s host before `until`.
    pub(super) fn hold(&self, url: &Url, until: Duration) {
        if !is_loopback(url) {
            let mut hosts = self.hosts();
            let known = hosts.entry(host(url)).or_default();
            known.not_before = known.not_before.max(until);
        }
    }

    fn held(&self, url: &Url, now: Duration) -> Option<Duration> {
        let wait = self.hosts().get(&host(url))?.not_before.saturating_sub(now);
        (!wait.is_zero()).then_some(wait)
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request at `now`, or says how long to wait first.
    fn admit(&self, url: &Url, requests: u32, now: Duration) -> Option<Duration> {
        let mut hosts = self.hosts();
        let sent = &mut hosts.entry(host(url)).or_default().sent;
        let wait = sent.map_or(Duration::ZERO, |at| (at + WINDOW / requests).saturating_sub(now));
        if wait.is_zero() {
            *sent = Some(now);
            return None;
        }
        Some(wait)
    }
}

fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_evenly_and_never_more_often_than_its_window_allows() {
        let paces = Paces::default();
        let nvd = Url::parse("https://services.nvd.nist.gov/rest").unwrap();
        assert_eq!(paces.admit(&nvd, 5, Duration::ZERO), None);
        assert_eq!(paces.admit(&nvd, 5, Duration::from_secs(1)), Some(Duration::from_millis(5_300)));
        let (mut now, mut left) = (Duration::ZERO, vec![Duration::ZERO]);
        while left.len() < 40 {
            match paces.admit(&nvd, 5, now) {
                None => left.push(now),
                Some(wait) => now += wait,
            }
        }
        let most = left.windows(6).all(|six| six[5] > six[0] + Duration::from_secs(30));
        assert!(most, "no more than five in 30 s: {left:?}");
        let other = Url::parse("https://example.org/").unwrap();
        assert_eq!(paces.admit(&other, 5, now), None);
    }

    #[test]
    fn a_host_is_asked_one_thing_at_a_time_whoever_asks() {
        let (paces, settings) = (Paces::default(), Settings::default());
        let bucket = Url::parse("https://storage.googleapis.com/osv").unwrap();
        let loopback = Url::parse("http://127.0.0.1:8080/").unwrap();
        let first = paces.turn(&bucket, None, &settings).unwrap();
        assert!(paces.turn(&loopback, None, &settings).is_some() && paces.turn(&loopback, None, &settings).is_some());
        std::thread::scope(|scope| {
            let second = scope.spawn(|| paces.turn(&bucket, None, &settings).is_some());
            assert!(!second.is_finished());
            drop(first);
            assert!(second.join().unwrap());
        });
        settings.stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(paces.turn(&bucket, None, &settings).is_none(), "the program is to stop");
    }

    #[test]
    fn a_host_that_asks_to_be_left_alone_is_left_alone_by_every_source() {
        let paces = Paces::default();
        let github = Url::parse("https://api.github.com/repos").unwrap();
        paces.hold(&github, Duration::from_mins(1));
        paces.hold(&github, Duration::from_secs(20));
        assert_eq!(paces.held(&github, Duration::from_secs(10)), Some(Duration::from_secs(50)));
        assert_eq!(paces.held(&github, Duration::from_mins(1)), None);
    }
}
