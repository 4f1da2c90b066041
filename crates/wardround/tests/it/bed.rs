//! A workspace in a temporary folder, and the program that acts on it.

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// Passphrase of everybody in tests.
const PASSPHRASE: &str = "correct horse battery";

/// A workspace for one test.
pub(crate) struct Bed {
    folder: TempDir,
}

impl Bed {
    /// A rehearsal workspace with a configuration and two people, `anna` and `ben`.
    pub(crate) fn new(config: &str) -> Self {
        let bed = Self { folder: TempDir::new().expect("a temporary folder") };
        let file = bed.folder.path().join("given.toml");
        std::fs::write(&file, config).expect("the configuration is written");
        bed.ok(&["init", "--rehearsal", "--config", &file.to_string_lossy()]);
        bed
    }

    /// Adds a reviewer and an approver.
    pub(crate) fn people(&self, at: &str) {
        self.ok(&["--at", at, "user", "add", "anna", "--name", "Anna Berg", "--role", "reviewer"]);
        self.ok(&["--at", at, "user", "add", "ben", "--name", "Ben Cole", "--role", "approver"]);
    }

    /// The workspace's folder.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("ws")
    }

    /// Writes a file beside the workspace.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("the folder is made");
        }
        std::fs::write(&path, content).expect("the file is written");
        path
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::cargo_bin("wardround")
            .expect("the program is built")
            .arg("-q")
            .arg("-C")
            .arg(self.dir())
            .args(arguments)
            .env("WARDROUND_PASSPHRASE", PASSPHRASE)
            .env("WARDROUND_BACK_OFF_MS", "1")
            .env("WARDROUND_TEST_NVD_KEY", "c0ffee00-0000-4000-8000-000000000001")
            .env("WARDROUND_TEST_TAXII_PASSWORD", "health-sector-test")
            .env("NO_COLOR", "1")
            .output()
            .expect("the program starts")
    }

    /// Starts the program and lets it run.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> std::process::Child {
        std::process::Command::new(assert_cmd::cargo::cargo_bin("wardround"))
            .arg("-q")
            .arg("-C")
            .arg(self.dir())
            .args(arguments)
            .env("WARDROUND_BACK_OFF_MS", "1")
            .env("NO_COLOR", "1")
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// Runs the program, which has to succeed; returns what it printed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        self.exits(0, arguments)
    }

    /// Runs the program, which has to exit so; returns what it printed and complained.
    pub(crate) fn exits(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?} printed:\n{text}");
        text
    }

    /// Runs the program with JSON output.
    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let output = self.run(&[&["--format", "json"], arguments].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!(
                "{arguments:?} gave no JSON ({error}): {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        })
    }
}

/// A path as an argument.
pub(crate) fn arg(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A configuration with one product, `pump`, and the given sources.
pub(crate) fn config(sources: &str) -> String {
    format!(
        "[organisation]\nname = \"Example Medical\"\ncontact = \"psirt@example.com\"\n\n[[product]]\nid = \"pump\"\nname = \"Infusion pump\"\n\n[review]\nevery = \"1 month\"\nprocedure = \"SOP-042 rev. 3\"\n\n{sources}"
    )
}

/// One source block.
pub(crate) fn source(id: &str, kind: &str, more: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nkind = \"{kind}\"\n{more}\nwhy = \"test\"\nevery = \"1 hour\"\nfresh = \"2 days\"\n\n"
    )
}
