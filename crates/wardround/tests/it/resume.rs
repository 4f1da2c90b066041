//! A sync that is killed goes on where it was: nothing is downloaded twice, and the result is the truth.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bed::{Bed, config, source};
use crate::double::Double;

const NOW: &str = "2024-10-09T06:00:00Z";

fn nvd(url: &str) -> String {
    source("nvd", "nvd", &format!("url = \"{url}/nvd/rest/json/cves/2.0\"\nrequests_per_30_s = 0"))
}

fn npm(url: &str) -> String {
    source("osv:npm", "osv", &format!("url = \"{url}/osv\"\necosystem = \"npm\""))
}

/// The first download of npm's archive takes a while.
fn slow_archive() -> Value {
    json!({ "kind": "trickle", "source": "osv:npm", "path": "all\\.zip", "bytes_per_s": 1_000_000, "max_s": 60, "count": 1 })
}

/// Waits until something holds, a minute at most.
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_mins(2), "{what} does not come about");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Live identifiers that the workspace holds, and those of the truth.
fn held_and_true(bed: &Bed, double: &Double, source: &str, truth: &str) -> (Vec<String>, Vec<String>) {
    let held = bed.json(&["knowledge", "list", source]);
    let held = held.as_array().into_iter().flatten().filter_map(|id| Some(id.as_str()?.to_owned())).collect();
    let truth = double.get(&format!("truth/{truth}"));
    let dead = ["rejected", "withdrawn", "revoked", "deleted"];
    let live = |entry: &&Value| entry["state"].as_str().is_none_or(|state| !dead.contains(&state));
    let entries = truth["entries"].as_array().cloned().unwrap_or_default();
    let mut ids: Vec<String> =
        entries.iter().filter(live).filter_map(|entry| Some(entry["id"].as_str()?.to_owned())).collect();
    ids.sort();
    (held, ids)
}

/// Addresses whose body was sent whole more than once.
fn sent_twice(requests: &[Value]) -> Vec<String> {
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for request in requests.iter().filter(|request| request["status"] == 200 && request["complete"] == true) {
        let query = request["query"].as_str().unwrap_or_default();
        *times.entry(format!("{}?{query}", request["path"].as_str().unwrap_or_default())).or_default() += 1;
    }
    times.into_iter().filter(|(_, times)| *times > 1).map(|(address, _)| address).collect()
}

#[test]
fn a_first_pass_through_nvd_that_is_killed_thrice_asks_for_no_page_twice() {
    let Some(double) = Double::at(NOW) else { return };
    let bed = Bed::new(&config(&nvd(&double.url)));
    double.post("faults", &json!({ "kind": "delay", "source": "nvd", "delay_s": 0.2 }));
    for kill_after in [3, 8, 14] {
        let mut sync = bed.spawn(&["--at", NOW, "sync"]);
        wait_until("the next page", || double.requests("nvd").len() >= kill_after);
        sync.kill().expect("it is killed");
        sync.wait().expect("it is gone");
        assert_eq!(bed.json(&["source", "log"]), json!([]), "nothing is recorded of it");
    }
    // An hour later it still counts as begun when it was.
    bed.ok(&["--at", "2024-10-09T07:00:00Z", "sync"]);
    assert_eq!(sent_twice(&double.requests("nvd")), Vec::<String>::new());
    let (held, truth) = held_and_true(&bed, &double, "nvd", "nvd");
    assert!(held == truth && !held.is_empty(), "{} held, {} true", held.len(), truth.len());
    let entry = bed.json(&["source", "log"])[0]["entry"].to_string();
    let fetch = &bed.json(&["source", "show", &entry])["fetch"];
    assert_eq!((&fetch["started"], &fetch["resumed"]), (&json!(NOW), &json!("2024-10-09T07:00:00Z")), "{fetch}");
    assert!(!bed.dir().join("inflight/nvd.jsonl").exists());
    // What was received before is replayed like the rest.
    bed.ok(&["knowledge", "rebuild"]);
}

#[test]
fn a_large_archive_goes_on_in_the_middle_after_a_kill() {
    let Some(double) = Double::at(NOW) else { return };
    let bed = Bed::new(&config(&npm(&double.url)));
    double.post("faults", &slow_archive());
    let mut sync = bed.spawn(&["--at", NOW, "sync"]);
    let parts = || bed.dir().join("inflight").read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let received = || {
        let files = parts().filter(|path| path.is_dir()).filter_map(|path| path.read_dir().ok()).flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).max().unwrap_or(0)
    };
    wait_until("some of it", || received() > 500_000);
    sync.kill().expect("it is killed");
    sync.wait().expect("it is gone");
    let before = received();
    bed.ok(&["--at", NOW, "sync"]);
    let requests = double.requests("osv:npm");
    let archives: Vec<&Value> = requests
        .iter()
        .filter(|request| request["path"].as_str().is_some_and(|path| path.ends_with("all.zip")))
        .collect();
    assert_eq!(archives.len(), 2, "{archives:?}");
    assert_eq!(archives[1]["status"], 206, "{archives:?}");
    assert_eq!(archives[1]["headers"]["Range"], json!(format!("bytes={before}-")), "{archives:?}");
    assert_eq!(sent_twice(&requests), Vec::<String>::new());
    let (held, truth) = held_and_true(&bed, &double, "osv:npm", "osv:npm");
    assert!(held == truth && !held.is_empty(), "{} held, {} true", held.len(), truth.len());
    assert_eq!(parts().count(), 0, "nothing is left lying about");
}

#[test]
fn a_sync_that_is_told_to_stop_ends_soon_and_goes_on_later() {
    let Some(double) = Double::at(NOW) else { return };
    let bed = Bed::new(&config(&npm(&double.url)));
    double.post("faults", &slow_archive());
    let sync = bed.spawn(&["--at", NOW, "sync"]);
    wait_until("the archive", || double.requests("osv:npm").len() >= 2);
    let told = std::process::Command::new("kill").args(["-TERM", &sync.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
    let output = sync.wait_with_output().expect("it ends");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.contains("the next one goes on where it was"), "{words}");
    assert_eq!(bed.json(&["source", "log"]), json!([]));
    bed.ok(&["--at", NOW, "sync"]);
    assert_eq!(sent_twice(&double.requests("osv:npm")), Vec::<String>::new());
    let (held, truth) = held_and_true(&bed, &double, "osv:npm", "osv:npm");
    assert!(held == truth && !held.is_empty(), "{} held, {} true", held.len(), truth.len());
}

#[test]
fn what_was_unusable_before_a_kill_is_asked_for_anew() {
    let Some(double) = Double::at(NOW) else { return };
    let block = source("osv:crates.io", "osv", &format!("url = \"{}/osv\"\necosystem = \"crates.io\"", double.url));
    let bed = Bed::new(&config(&block));
    // The archive arrives whole, but is half a file; then its second copy is slow, and the kill comes.
    double.post("faults", &json!({ "kind": "cut_short", "source": "osv:crates.io", "path": "all\\.zip", "count": 1 }));
    double.post("faults", &json!({ "kind": "delay", "source": "osv:crates.io", "path": "all\\.zip", "skip": 1, "delay_s": 60, "count": 1 }));
    let mut sync = bed.spawn(&["--at", NOW, "sync"]);
    wait_until("the second attempt", || double.requests("osv:crates.io").len() >= 3);
    sync.kill().expect("it is killed");
    sync.wait().expect("it is gone");
    bed.ok(&["--at", NOW, "sync"]);
    let (held, truth) = held_and_true(&bed, &double, "osv:crates.io", "osv:crates.io");
    assert!(held == truth && !held.is_empty(), "{} held, {} true", held.len(), truth.len());
    let lists = double.requests("osv:crates.io");
    let lists =
        lists.iter().filter(|request| request["path"].as_str().is_some_and(|path| path.ends_with("modified_id.csv")));
    assert_eq!(lists.count(), 1, "the list was usable and is not asked for again");
}
