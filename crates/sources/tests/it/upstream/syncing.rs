//! Each source against the double: the first sync brings all there is, the next ones what has changed.

use domain::clock::FixedClock;
use domain::model::source::{FetchOutcome, SourceId};
use serde_json::{Value, json};
use sources::{End, Http, Kind, Login, Secret, SourceConfig, fetch};

use super::double::Upstream;
use crate::sink::{Counting, at, hasty};

/// A source with what it has received so far.
pub(crate) struct Client {
    config: SourceConfig,
    truth: &'static str,
    http: Http,
    pub(crate) sink: Counting,
    pub(crate) cursor: Option<String>,
}

impl Client {
    pub(crate) fn new(upstream: &Upstream, kind: Kind, path: &str, truth: &'static str) -> Self {
        let mut config = SourceConfig::new(SourceId(kind.name().to_owned()), kind, format!("{}{path}", upstream.url));
        config.set_rate_per_30_s(0);
        Self { config, truth, http: hasty().0, sink: Counting::default(), cursor: None }
    }

    /// With a name and a password.
    pub(crate) fn with_login(mut self, user: &str, password: &str) -> Self {
        self.config.login = Some(Login { user: user.to_owned(), password: Secret::new(password.to_owned()) });
        self
    }

    pub(crate) fn cve_list(upstream: &Upstream) -> Self {
        Self::new(upstream, Kind::CveList, "/cvelist-api", "cvelist")
    }

    pub(crate) fn nvd(upstream: &Upstream) -> Self {
        Self::new(upstream, Kind::Nvd, "/nvd/rest/json/cves/2.0", "nvd")
    }

    pub(crate) fn kev(upstream: &Upstream) -> Self {
        Self::new(
            upstream,
            Kind::CisaKev,
            "/cisa/sites/default/files/feeds/known_exploited_vulnerabilities.json",
            "kev",
        )
    }

    pub(crate) fn csaf(upstream: &Upstream) -> Self {
        Self::new(upstream, Kind::Csaf, "/cisa/sites/default/files/csaf/provider-metadata.json", "csaf:cisa")
    }

    pub(crate) fn osv(upstream: &Upstream, ecosystem: &str, truth: &'static str) -> Self {
        Self::new(upstream, Kind::Osv { ecosystem: Some(ecosystem.to_owned()) }, "/osv", truth)
    }

    pub(crate) fn epss(upstream: &Upstream) -> Self {
        Self::new(upstream, Kind::Epss, "/epss/epss_scores-current.csv.gz", "epss")
    }

    /// Names OpenPGP keys that a person has accepted.
    pub(crate) fn accept_keys(&mut self, keys: &[&str]) {
        self.config.keys = keys.iter().map(|key| (*key).to_owned()).collect();
    }

    /// Syncs, as the application would.
    pub(crate) fn sync(&mut self, now: &str) -> End {
        self.sink.begin();
        let end = fetch(&self.config, self.cursor.as_deref(), &self.http, &FixedClock(at(now)), &mut self.sink);
        self.sink.finish(end.full_set);
        self.cursor.clone_from(&end.cursor);
        end
    }

    /// What differs from the truth, without the identifiers in `except`.
    pub(crate) fn difference(&self, upstream: &Upstream, except: &[&str]) -> Vec<String> {
        let truth = upstream.truth(self.truth);
        let held = |id: &String| self.sink.records.contains_key(id);
        let known: std::collections::HashSet<&String> = truth.iter().collect();
        let missing = truth.iter().filter(|id| !held(id)).map(|id| format!("-{id}"));
        let surplus = self.sink.records.keys().filter(|id| !known.contains(id)).map(|id| format!("+{id}"));
        missing.chain(surplus).filter(|id| !except.contains(&&id[1..])).collect()
    }

    pub(crate) fn sync_to_truth(&mut self, upstream: &Upstream, now: &str) -> usize {
        upstream.clock(now);
        upstream.requests("*");
        let end = self.sync(now);
        assert_eq!((end.outcome, &end.owed), (FetchOutcome::Ok, &Vec::new()), "{}", self.truth);
        assert_eq!(self.difference(upstream, &[]), Vec::<String>::new(), "{}", self.truth);
        if let Some(stated) = end.stated {
            assert_eq!(stated, self.sink.records.len() as u64, "{}", self.truth);
        }
        self.sink.exchanges.len()
    }
}

pub(crate) fn no_faults() -> Value {
    json!([])
}

/// First sync, nothing new, a day later; returns the requests of each.
fn three_syncs(client: &mut Client, upstream: &Upstream, times: [&str; 2]) -> [usize; 3] {
    [
        client.sync_to_truth(upstream, times[0]),
        client.sync_to_truth(upstream, times[0]),
        client.sync_to_truth(upstream, times[1]),
    ]
}

const DAYS: [&str; 2] = ["2024-10-09T06:00:00Z", "2024-10-10T06:00:00Z"];

#[test]
fn the_cve_list_comes_as_a_baseline_and_then_as_deltas() {
    let Some(upstream) = Upstream::start(DAYS[0]) else { return };
    let mut client = Client::cve_list(&upstream);
    let [first, second, third] = three_syncs(&mut client, &upstream, DAYS);
    assert_eq!((first, second), (5, 1), "release, two archives with a redirect each; unchanged");
    assert!(third <= 7, "{third} requests for a day's end and a delta");
    assert!(client.sink.shown.len() < 3000, "{} records for a day", client.sink.shown.len());
    client.sync_to_truth(&upstream, "2024-10-13T06:00:00Z");
    assert!(client.sink.shown.len() < 5000, "three days are bridged by their last deltas");
}

#[test]
fn nvd_comes_page_by_page_and_then_by_window() {
    let Some(upstream) = Upstream::start(DAYS[0]) else { return };
    let mut client = Client::nvd(&upstream);
    let [first, second, third] = three_syncs(&mut client, &upstream, DAYS);
    assert!(first <= 32 && second == 2 && third <= 4, "{first}, {second}, {third}");
}

#[test]
fn kev_comes_whole_and_only_when_it_changed() {
    let Some(upstream) = Upstream::start("2025-03-03T22:00:00Z") else { return };
    let mut client = Client::kev(&upstream);
    assert_eq!(three_syncs(&mut client, &upstream, ["2025-03-03T22:00:00Z", "2025-03-04T22:00:00Z"]), [1, 1, 1]);
}

#[test]
fn an_osv_ecosystem_comes_as_an_archive_and_then_record_by_record() {
    let Some(upstream) = Upstream::start(DAYS[0]) else { return };
    let mut client = Client::osv(&upstream, "Go", "osv:Go");
    let [first, second, third] = three_syncs(&mut client, &upstream, DAYS);
    assert!(first <= 3 && second == 1 && third < 100, "{first}, {second}, {third}");
    let mut client = Client::osv(&upstream, "crates.io", "osv:crates.io");
    three_syncs(&mut client, &upstream, ["2024-10-10T06:00:00Z", "2024-10-16T06:00:00Z"]);
}

#[test]
fn epss_comes_with_the_day() {
    let Some(upstream) = Upstream::start("2024-10-09T16:00:00Z") else { return };
    let mut client = Client::epss(&upstream);
    assert_eq!(three_syncs(&mut client, &upstream, ["2024-10-09T16:00:00Z", "2024-10-10T16:00:00Z"]), [2, 2, 2]);
}

#[test]
fn the_distributions_come_whole() {
    let Some(upstream) = Upstream::start("2024-10-09T06:00:00Z") else { return };
    let mut debian = Client::new(&upstream, Kind::Debian, "/debian/tracker/data/json", "distro:debian");
    let mut alpine =
        Client::new(&upstream, Kind::Alpine { releases: vec!["v3.15".to_owned()] }, "/alpine", "distro:alpine");
    for client in [&mut debian, &mut alpine] {
        let first = client.sync("2024-10-09T06:00:00Z");
        assert!(first.full_set || client.sink.records.is_empty(), "{first:?}");
        let records = client.sink.records.len();
        let second = client.sync("2024-10-09T07:00:00Z");
        assert_eq!(
            (second.outcome, client.sink.documents, client.sink.records.len()),
            (first.outcome, 0, records),
            "{second:?}"
        );
    }
}
