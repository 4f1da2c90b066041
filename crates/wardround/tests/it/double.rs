//! The loopback double of the public feeds, as a child process, and its control interface.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A running double. It ends with the test.
pub(crate) struct Double {
    child: Child,
    /// Its address.
    pub(crate) url: String,
}

impl Drop for Double {
    fn drop(&mut self) {
        // It is gone already if this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the shared data.
pub(crate) fn shared() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/shared");
    std::env::var_os("WARDROUND_SHARED").map_or(default, PathBuf::from)
}

impl Double {
    /// Starts the double at a time of its clock, without rate limits; none, with a line that says so, where it is not at hand.
    pub(crate) fn at(clock: &str) -> Option<Self> {
        Self::start(&["--clock", clock, "--nvd-limit", "off", "--github-limit", "off"])
    }

    /// Starts the double with a scenario.
    pub(crate) fn with_scenario(file: &Path) -> Option<Self> {
        Self::start(&["--faults", &file.to_string_lossy()])
    }

    fn start(arguments: &[&str]) -> Option<Self> {
        let script = shared().join("upstream/serve.py");
        if !script.is_file() {
            println!("skipped: no shared data at {}", shared().display());
            return None;
        }
        // Its indexes take a minute to build and are good for every test of this machine.
        let state = std::env::temp_dir().join("wardround-upstream-state");
        let started = Command::new("python3")
            .arg(script)
            .args(["--port", "0", "--state"])
            .arg(state)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = match started {
            Ok(child) => child,
            Err(error) => {
                println!("skipped: python3 does not start, so the double of the upstreams cannot run: {error}");
                return None;
            }
        };
        let mut line = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
        let ready: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("the double does not start: {line:?}"));
        Some(Self { child, url: ready["url"].as_str()?.to_owned() })
    }

    /// Asks the control interface.
    pub(crate) fn get(&self, path: &str) -> Value {
        self.control(reqwest::Method::GET, path, None)
    }

    /// Tells the control interface.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.control(reqwest::Method::POST, path, Some(body));
        assert!(answer.get("error").is_none(), "{path}: {answer}");
        answer
    }

    fn control(&self, method: reqwest::Method, path: &str, body: Option<&Value>) -> Value {
        let client = reqwest::blocking::Client::builder()
            .timeout(Duration::from_mins(5))
            .no_proxy()
            .build()
            .expect("a client for the control interface");
        let mut request = client.request(method, format!("{}/_control/{path}", self.url));
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        let bytes = request.send().and_then(reqwest::blocking::Response::bytes).expect("the double answers");
        serde_json::from_slice(&bytes).expect("the control interface answers in JSON")
    }

    /// Moves its clock.
    pub(crate) fn clock(&self, now: &str) {
        self.post("clock", &json!({ "now": now }));
    }

    /// What it was asked of a source, or of all (""), since the log was cleared.
    pub(crate) fn requests(&self, source: &str) -> Vec<Value> {
        let log = self.get(&format!("requests?source={source}"));
        let of_others = |request: &Value| request["path"].as_str().is_none_or(|path| !path.starts_with("/_control"));
        log["requests"].as_array().into_iter().flatten().filter(|request| of_others(request)).cloned().collect()
    }

    /// Clears the log.
    pub(crate) fn forget_requests(&self) {
        self.control(reqwest::Method::DELETE, "requests", None);
    }
}
