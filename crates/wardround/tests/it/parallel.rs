//! Several sources at once: a slow one delays nobody, hosts are asked politely, and a source's key goes nowhere else.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bed::{Bed, config, source};
use crate::double::Double;

const NOW: &str = "2024-10-09T06:00:00Z";

fn sources(url: &str) -> String {
    let at = |path: &str| format!("url = \"{url}{path}\"");
    source("cisa-kev", "cisa-kev", &at("/cisa/sites/default/files/feeds/known_exploited_vulnerabilities.json"))
        + &source("osv:Go", "osv", &(at("/osv") + "\necosystem = \"Go\""))
        + &source("osv:crates.io", "osv", &(at("/osv") + "\necosystem = \"crates.io\""))
        + &source("epss", "epss", &at("/epss/epss_scores-current.csv.gz"))
}

fn nvd(url: &str) -> String {
    source("nvd", "nvd", &format!("url = \"{url}/nvd/rest/json/cves/2.0\"\nrequests_per_30_s = 0"))
}

#[test]
fn a_source_that_stands_still_delays_no_other() {
    let Some(double) = Double::at(NOW) else { return };
    let bed = Bed::new(&config(&(nvd(&double.url) + &sources(&double.url))));
    double.post("faults", &json!({ "kind": "delay", "source": "nvd", "delay_s": 100 }));
    let mut sync = bed.spawn(&["--at", NOW, "sync", "--all"]);
    let began = Instant::now();
    let recorded = || bed.json(&["source", "log"]).as_array().map_or(0, Vec::len);
    while recorded() < 4 {
        assert!(began.elapsed() < Duration::from_secs(90), "the others wait for NVD");
        assert!(sync.try_wait().expect("it runs").is_none(), "NVD still has not answered");
        std::thread::sleep(Duration::from_millis(50));
    }
    let log = bed.json(&["source", "log"]);
    assert!(log.as_array().into_iter().flatten().all(|fetch| fetch["source"] != "nvd"), "{log}");
    // Meanwhile nobody else may write, and is told who does.
    let refused = bed.exits(2, &["--at", NOW, "sync", "cisa-kev"]);
    assert!(refused.contains(&format!("process {} since", sync.id())), "{refused}");
    sync.kill().expect("it is killed");
    sync.wait().expect("it is gone");
    bed.ok(&["journal", "verify"]);
}

#[test]
fn together_they_bring_what_each_alone_brings_and_the_second_time_next_to_nothing() {
    let Some(double) = Double::at(NOW) else { return };
    let (together, alone) = (Bed::new(&config(&sources(&double.url))), Bed::new(&config(&sources(&double.url))));
    together.ok(&["--at", NOW, "sync", "--all"]);
    alone.ok(&["--at", NOW, "sync", "--all", "--workers", "1"]);
    let digest = |bed: &Bed| {
        let text = bed.ok(&["knowledge", "status"]);
        text.lines().find(|line| line.starts_with("digest")).map(str::to_owned)
    };
    assert_eq!(digest(&together), digest(&alone));
    together.ok(&["knowledge", "rebuild"]);
    double.forget_requests();
    together.ok(&["--at", "2024-10-09T08:00:00Z", "sync", "--all"]);
    let (requests, bytes) = (double.requests(""), |request: &Value| request["bytes"].as_u64().unwrap_or(0));
    let received: u64 = requests.iter().map(bytes).sum();
    assert!(requests.len() <= 10 && received < 200_000, "{} requests, {received} bytes", requests.len());
}

#[test]
fn every_request_names_us_and_none_comes_before_it_may() {
    let Some(double) = Double::at(NOW) else { return };
    let bed = Bed::new(&config(&sources(&double.url)));
    double.post("faults", &json!({ "kind": "too_many", "source": "osv:Go", "retry_after": 2, "count": 2 }));
    bed.ok(&["--at", NOW, "sync", "--all"]);
    let requests = double.requests("");
    for request in &requests {
        let agent = request["headers"]["User-Agent"].as_str().unwrap_or_default();
        assert!(agent.starts_with("wardround/"), "{request}");
    }
    let go: Vec<&Value> = requests.iter().filter(|request| request["source"] == "osv:Go").collect();
    assert_eq!(go.iter().filter(|request| request["status"] == 429).count(), 2);
    for pair in go.windows(2).filter(|pair| pair[0]["status"] == 429) {
        let waited = seconds(&pair[1]["time"]).zip(seconds(&pair[0]["time"])).map(|(later, earlier)| later - earlier);
        assert!(waited.is_some_and(|waited| waited >= 1.9), "{waited:?} after {}", pair[0]);
    }
    // One connection serves many requests: here, what has changed record by record.
    double.clock("2024-10-13T06:00:00Z");
    double.forget_requests();
    bed.ok(&["--at", "2024-10-13T06:00:00Z", "sync", "osv:Go"]);
    let go = double.requests("osv:Go");
    let peers: BTreeSet<String> = go.iter().map(|request| request["peer"].to_string()).collect();
    assert!(go.len() > 10 && peers.len() == 1, "{} connections for {} requests", peers.len(), go.len());
}

fn seconds(time: &Value) -> Option<f64> {
    let at: jiff::Timestamp = time.as_str()?.parse().ok()?;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    Some(at.as_millisecond() as f64 / 1000.0)
}

#[test]
fn this_machine_is_asked_directly_whatever_proxy_is_set() {
    let Some(double) = Double::at(NOW) else { return };
    let bed = Bed::new(&config(&sources(&double.url)));
    let status = std::process::Command::new(assert_cmd::cargo::cargo_bin("wardround"))
        .args(["-q", "-C", &bed.dir().to_string_lossy(), "--at", NOW, "sync", "cisa-kev"])
        .env("HTTP_PROXY", "http://192.0.2.1:3128")
        .env("WARDROUND_BACK_OFF_MS", "1")
        .stdout(std::process::Stdio::null())
        .status();
    assert!(status.expect("it runs").success());
}
