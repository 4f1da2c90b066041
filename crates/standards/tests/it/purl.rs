//! The test suite of the package URL specification, whole.

use std::fs;
use std::path::Path;

use serde_json::Value;
use standards::purl::{Purl, PurlError};

use crate::shared;

/// Cases in which the suite contradicts itself: capitals in a qualifier's key are an error for `gem` and `rpm` and
/// accepted for `maven`. Real documents have them, so they are read.
const CONTRADICTIONS: [&str; 2] =
    ["pkg:gem/jruby-launcher@1.1.2?Platform=java", "pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25"];

fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(str::to_owned)
}

fn from_parts(parts: &Value) -> Result<Purl, PurlError> {
    let qualifiers = parts["qualifiers"].as_object().into_iter().flatten();
    Purl {
        kind: text(parts, "type").unwrap_or_default(),
        namespace: text(parts, "namespace"),
        name: text(parts, "name").unwrap_or_default(),
        version: text(parts, "version"),
        qualifiers: qualifiers.map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned())).collect(),
        subpath: text(parts, "subpath"),
    }
    .normalised()
}

/// What is wrong about one case, if anything.
fn fault(case: &Value) -> Option<String> {
    let input = &case["input"];
    let parsed = match input.as_str() {
        Some(written) => Purl::parse(written),
        None => from_parts(input),
    };
    if case["expected_failure"] == true {
        return parsed.ok().map(|purl| format!("{input} was accepted as {purl}"));
    }
    let purl = match parsed {
        Ok(purl) => purl,
        Err(error) => return Some(format!("{input}: could not {error}")),
    };
    let expected = &case["expected_output"];
    let agrees = match expected.as_str() {
        Some(canonical) => purl.to_string() == canonical,
        None => same_parts(&purl, expected),
    };
    (!agrees).then(|| format!("{input}: {purl:?} ({purl}) where {expected} was expected"))
}

fn same_parts(purl: &Purl, parts: &Value) -> bool {
    let mut qualifiers: Vec<(String, String)> = parts["qualifiers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned()))
        .collect();
    qualifiers.sort();
    Some(&purl.kind) == text(parts, "type").as_ref()
        && purl.namespace == text(parts, "namespace")
        && Some(&purl.name) == text(parts, "name").as_ref()
        && purl.version == text(parts, "version")
        && purl.qualifiers == qualifiers
        && purl.subpath == text(parts, "subpath")
}

fn cases(folder: &Path) -> Vec<Value> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of the suite is readable") {
        let path = entry.expect("the folder of the suite is readable").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().ends_with("-test.json")) {
            let document: Value = serde_json::from_slice(&fs::read(path).expect("a suite file is readable"))
                .expect("a suite file is JSON");
            cases.extend(document["tests"].as_array().cloned().unwrap_or_default());
        }
    }
    cases
}

#[test]
fn the_specification_suite_passes_but_for_its_contradictions() {
    let Some(root) = shared::path("vectors/purl") else { return };
    let mut all = cases(&root.join("spec"));
    all.extend(cases(&root.join("types")));
    assert!(all.len() > 500, "only {} cases", all.len());
    let faults: Vec<String> = all
        .iter()
        .filter(|case| !CONTRADICTIONS.contains(&case["input"].as_str().unwrap_or_default()))
        .filter_map(fault)
        .collect();
    assert!(faults.is_empty(), "{} of {} differ:\n{}", faults.len(), all.len(), faults.join("\n"));
}
