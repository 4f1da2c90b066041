//! Starts the double, talks to its control interface, stops it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A running double. It ends with the test.
pub(crate) struct Upstream {
    pub(crate) url: String,
    process: Child,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The folder of the shared data.
pub(crate) fn shared() -> PathBuf {
    std::env::var_os("WARDROUND_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/shared")), PathBuf::from)
}

impl Upstream {
    /// Starts the double at `clock`, without any rate limits; none, with a line that says so, where it is not at hand.
    pub(crate) fn start(clock: &str) -> Option<Self> {
        let script = shared().join("upstream/serve.py");
        if !script.is_file() {
            eprintln!("skipped: no shared data at {}", shared().display());
            return None;
        }
        // Its indexes take a minute to build and are good for every test of this machine.
        let state = std::env::temp_dir().join("wardround-upstream-state");
        let mut process = Command::new("python3")
            .arg(script)
            .args(["--port", "0", "--nvd-limit", "off", "--github-limit", "off", "--clock", clock, "--state"])
            .arg(state)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .spawn()
            .inspect_err(|error| eprintln!("skipped: python3 does not start: {error}"))
            .ok()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Ok(ready) = serde_json::from_str::<Value>(&line) else {
            eprintln!("skipped: the double does not start: {line:?}");
            let _ = process.kill();
            let _ = process.wait();
            return None;
        };
        Some(Self { url: ready["url"].as_str().unwrap().to_owned(), process })
    }

    fn control(&self, method: reqwest::Method, path: &str, body: Option<&Value>) -> Value {
        let client =
            reqwest::blocking::Client::builder().timeout(std::time::Duration::from_mins(5)).no_proxy().build().unwrap();
        let mut request = client.request(method, format!("{}/_control/{path}", self.url));
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        let bytes = request.send().unwrap().bytes().unwrap();
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    }

    /// Moves the clock forward.
    pub(crate) fn clock(&self, now: &str) {
        self.control(reqwest::Method::POST, "clock", Some(&json!({ "now": now })));
    }

    /// Sets the faults in force.
    pub(crate) fn faults(&self, faults: &Value) {
        let answer = self.control(reqwest::Method::POST, "faults", Some(&json!({ "replace": true, "faults": faults })));
        assert!(answer.get("error").is_none(), "{answer}");
    }

    /// What a perfect client holds of a source: identifiers, sorted.
    pub(crate) fn truth(&self, source: &str) -> Vec<String> {
        let truth = self.control(reqwest::Method::GET, &format!("truth/{source}"), None);
        let mut ids: Vec<String> =
            truth["entries"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    }

    /// Requests logged since the last call.
    pub(crate) fn requests(&self, source: &str) -> usize {
        let log = self.control(reqwest::Method::GET, &format!("requests?source={source}"), None);
        let count = log.as_array().or_else(|| log["requests"].as_array()).map_or(0, Vec::len);
        self.control(reqwest::Method::DELETE, "requests", None);
        count
    }
}
