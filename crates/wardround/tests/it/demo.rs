//! The demo, as somebody runs it who sees the program for the first time.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// What each chapter has to tell.
const KEY_SENTENCES: [&str; 14] = [
    "pump-motor-controller-stack 4.2 of Velmar Drives has neither purl nor CPE",
    "“Nothing new applies.",
    "2.14.1 lies in >= 2.0-beta9, < 2.15.0, by maven order",
    "F-1 is reopened: a record that supports the finding changed what it says",
    "log4j-core 2.14.1 is not in SBOM revision 2",
    "marked TLP:AMBER",
    "GHSA-cvp7-c586-cmf4 was withdrawn on 2022-02-01",
    "“awaiting approval”",
    "packages of the gateway: source unavailable",
    "1.1.1k-1+deb11u1 lies in < 1.1.1k-1+deb11u2, by deb order",
    "although 1.1.1k is older than 1.1.1n",
    "debian was not ok from 2022-03-07 to 2022-03-19",
    "CVE-2022-0847 known exploited since 2022-04-25",
    "The pack is sound",
];

fn wardround(folder: &Path, arguments: &[&str]) -> Output {
    Command::cargo_bin("wardround")
        .expect("the program is built")
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

/// Output on one line, as sentences are broken to fit a terminal.
fn told(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_demo_tells_six_months_and_leaves_evidence_that_verifies() {
    let folder = TempDir::new().expect("a temporary folder");
    let demo = wardround(folder.path(), &["demo"]);
    assert!(demo.status.success(), "{}", told(&demo));
    let story = told(&demo);
    for sentence in KEY_SENTENCES {
        assert!(story.contains(sentence), "the story says {sentence:?}:\n{story}");
    }
    // Commands begin with the program's path, which is as long as it is.
    let text = String::from_utf8_lossy(&demo.stdout);
    let widest = text.lines().filter(|line| !line.contains("wardround ")).map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 100), "it fits a terminal of 100 columns: {widest:?}");

    // The three commands that it recommends do what they say.
    let listed = wardround(folder.path(), &["-C", "demo", "finding", "list"]);
    assert!(listed.status.success() && told(&listed).contains("CVE-2022-0847"), "{}", told(&listed));
    let explained = wardround(folder.path(), &["-C", "demo", "finding", "explain", "F-6"]);
    assert!(explained.status.success() && told(&explained).contains("linux_kernel"), "{}", told(&explained));
    let verify = ["evidence", "verify", "demo/evidence/REV-6.evidence.zip", "--key", "demo/keys/journal.pub"];
    assert!(story.contains(&format!("wardround {}", verify.join(" "))));
    let verified = wardround(folder.path(), &verify);
    assert!(verified.status.success() && told(&verified).contains("The pack is sound."), "{}", told(&verified));

    // What is there is never overwritten.
    let again = wardround(folder.path(), &["demo"]);
    assert_eq!(again.status.code(), Some(2), "{}", told(&again));
    assert!(told(&again).contains("it exists already"), "{}", told(&again));
}
