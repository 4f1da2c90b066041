//! The scenarios of the loopback double, with the whole program: what it says about each sync, and what it holds afterwards.
//!
//! A scenario is a file: steps in virtual time, faults, and what a client must make of them. Those of the shared data each
//! have a test; whatever else lies in their folder, or in the one that `WARDROUND_SCENARIOS` names, runs in one more.

mod expectation;
mod holdings;
mod places;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::bed::{Bed, config};
use crate::double::{Double, shared};
use expectation::Expectation;
use holdings::Holdings;

const KNOWN: [&str; 12] = [
    "01-calm-week",
    "02-nvd-throttled",
    "03-nvd-paging-shift",
    "04-cvelist-broken-downloads",
    "05-kev-half-empty",
    "06-one-broken-record",
    "07-csaf-digests",
    "08-taxii-members",
    "09-epss-formats",
    "10-stale-copies",
    "11-wrong-way",
    "12-hostile-archives",
];

#[test]
fn a_calm_week_is_followed_in_small_increments() {
    known(KNOWN[0]);
}

#[test]
fn a_throttled_nvd_is_waited_for() {
    known(KNOWN[1]);
}

#[test]
fn a_listing_that_shifts_while_it_is_paged_loses_nothing() {
    known(KNOWN[2]);
}

#[test]
fn broken_downloads_of_the_cve_list_count_only_when_whole() {
    known(KNOWN[3]);
}

#[test]
fn half_a_catalogue_is_held_back() {
    known(KNOWN[4]);
}

#[test]
fn one_broken_record_costs_itself() {
    known(KNOWN[5]);
}

#[test]
fn advisories_with_wrong_digests_and_signatures_are_not_believed() {
    known(KNOWN[6]);
}

#[test]
fn a_members_server_is_polled_without_loss_or_storm() {
    known(KNOWN[7]);
}

#[test]
fn scores_in_other_clothes_are_still_scores() {
    known(KNOWN[8]);
}

#[test]
fn a_copy_that_stands_still_is_stale() {
    known(KNOWN[9]);
}

#[test]
fn wrong_ways_are_not_followed() {
    known(KNOWN[10]);
}

#[test]
fn hostile_archives_are_refused_within_bounds() {
    known(KNOWN[11]);
}

#[test]
fn every_other_scenario_at_hand_holds() {
    let folders =
        [Some(shared().join("upstream/scenarios")), std::env::var_os("WARDROUND_SCENARIOS").map(PathBuf::from)];
    for folder in folders.into_iter().flatten() {
        let Ok(files) = folder.read_dir() else { continue };
        let mut files: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
        files.sort();
        for file in files {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if file.extension().is_some_and(|ending| ending == "toml") && !KNOWN.contains(&name.as_str()) {
                run(&file);
            }
        }
    }
}

fn known(name: &str) {
    run(&shared().join("upstream/scenarios").join(format!("{name}.toml")));
}

fn run(file: &Path) {
    let Some(double) = Double::with_scenario(file) else { return };
    println!("{}", file.display());
    let plan = double.get("scenario");
    let sources = sources_of(&plan);
    let blocks: String = sources.iter().map(|source| places::block(source, &double.url, &plan["options"])).collect();
    let bed = Bed::new(&config(&blocks));
    let mut holdings = Holdings::default();
    loop {
        double.forget_requests();
        let step = double.post("scenario/next", &json!({}));
        if step["done"] == true {
            break;
        }
        step_through(&double, &bed, &step, &mut holdings);
    }
    assert_eq!(double.requests("trap"), Vec::<Value>::new(), "nobody goes to the other host");
    assert_eq!(double.get("stats")["errors"], json!([]), "the double itself has no fault");
    assert_nothing_escaped(&bed);
}

/// Every source that a step of the scenario expects something of.
fn sources_of(plan: &Value) -> Vec<String> {
    let steps = plan["steps"].as_array().cloned().unwrap_or_default();
    let mut sources: Vec<String> = steps
        .iter()
        .flat_map(|step| step["expect"].as_array().cloned().unwrap_or_default())
        .filter_map(|expected| expected["source"].as_str().map(str::to_owned))
        .collect();
    sources.sort();
    sources.dedup();
    sources
}

fn step_through(double: &Double, bed: &Bed, step: &Value, holdings: &mut Holdings) {
    let at = step["at"].as_str().expect("a step has a time").to_owned();
    println!("  {at} {}", step["what"].as_str().unwrap_or_default());
    let faulty = step["faults"].as_array().cloned().unwrap_or_default();
    for expected in step["expect"].as_array().into_iter().flatten() {
        let expected = Expectation::read(expected, &faulty);
        let id = places::id(&expected.source);
        for _ in 0..step["repeat"].as_u64().unwrap_or(1) {
            double.forget_requests();
            let output = bed.run(&["--at", &at, "--format", "json", "source", "sync", &id]);
            let code = output.status.code();
            assert!(
                matches!(code, Some(0 | 1)),
                "{}: the program ended with {code:?}: {}",
                expected.source,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        expected.check(double, bed, &at, holdings);
    }
}

/// Nothing that a hostile archive names was written anywhere we look.
fn assert_nothing_escaped(bed: &Bed) {
    let mut folders = vec![bed.dir(), std::env::temp_dir(), PathBuf::from("/"), PathBuf::from(".")];
    let own = bed.dir();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = folder.read_dir() else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert!(!name.starts_with("upstream-zip-slip") && !name.starts_with("upstream-link"), "{name} escaped");
            if entry.path().starts_with(&own) && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            }
        }
    }
}
