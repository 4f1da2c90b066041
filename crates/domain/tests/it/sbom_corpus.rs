//! Reads every SBOM of the shared data: the specifications' own suites, real documents, health software.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use domain::model::raw::Translated;
use domain::model::sbom::{Component, Kind, Sbom};
use domain::normalise::sbom::{Unreadable, read};
use standards::purl::Purl;

use crate::shared;

/// A file and its bytes.
struct File {
    name: String,
    bytes: Vec<u8>,
}

impl File {
    fn is(&self, ending: &str) -> bool {
        Path::new(&self.name).extension().is_some_and(|found| found == ending)
    }
}

/// All files of a folder, sorted, as deep as it goes.
fn folder(root: &Path) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                files.push(File { name, bytes: std::fs::read(&path).expect("the file can be read") });
            }
        }
    }
    files.sort_by(|left, right| left.name.cmp(&right.name));
    files
}

/// All files of a `tar.zst`.
fn archive(path: &Path) -> Vec<File> {
    let file = std::fs::File::open(path).expect("the archive is there");
    let mut archive = tar::Archive::new(zstd::Decoder::new(file).expect("it is zstd"));
    let mut files = Vec::new();
    for entry in archive.entries().expect("it is tar") {
        let mut entry = entry.expect("an entry");
        if entry.header().entry_type().is_file() {
            let name = entry.path().expect("a path").display().to_string();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("the entry can be read");
            files.push(File { name, bytes });
        }
    }
    files
}

/// What was read and what was refused, for a person to look at.
#[derive(Default)]
struct Tally {
    formats: BTreeMap<String, [u64; 7]>,
    refused: BTreeMap<String, Vec<String>>,
    warnings: BTreeMap<String, (u64, String)>,
}

impl Tally {
    fn read(&mut self, file: &File) -> Result<Translated<Sbom>, Unreadable> {
        let result = read(&file.bytes, &file.name);
        match &result {
            Ok(read) => self.add(read, &file.name),
            Err(fault) => self.refused.entry(without_numbers(&fault.reason)).or_default().push(file.name.clone()),
        }
        result
    }

    fn add(&mut self, read: &Translated<Sbom>, name: &str) {
        let totals = self.formats.entry(read.value.format.clone()).or_default();
        totals[0] += 1;
        for component in &read.value.components {
            totals[1] += 1;
            totals[2] += u64::from(component.purl.is_some());
            totals[3] += u64::from(!component.cpes.is_empty());
            totals[4] += u64::from(component.version.is_none() && component.kind != Kind::File);
            totals[5] += u64::from(component.distribution.is_some());
            let purl = component.purl.as_deref().unwrap_or_default();
            let packaged =
                ["pkg:deb/", "pkg:apk/", "pkg:alpine/", "pkg:rpm/"].iter().any(|kind| purl.starts_with(kind));
            totals[6] += u64::from(packaged && component.distribution.is_none());
        }
        for warning in &read.warnings {
            let kind = format!("{}: {}", without_numbers(&warning.place), without_numbers(&warning.reason));
            let entry = self
                .warnings
                .entry(kind)
                .or_insert_with(|| (0, format!("{name}: {}: {}", warning.place, warning.reason)));
            entry.0 += 1;
        }
    }

    fn print(&self, title: &str) {
        let mut out = format!("== {title}\n");
        let _ = writeln!(
            out,
            "{:24} {:>5} {:>8} {:>8} {:>8} {:>10} {:>8} {:>8}",
            "format", "read", "comps", "purl", "cpe", "no version", "distro", "distro?"
        );
        for (format, [read, components, purl, cpe, versionless, distribution, unknown]) in &self.formats {
            let _ = writeln!(
                out,
                "{format:24} {read:>5} {components:>8} {purl:>8} {cpe:>8} {versionless:>10} {distribution:>8} {unknown:>8}"
            );
        }
        for (reason, files) in &self.refused {
            let _ = writeln!(out, "refused {:>4}: {reason} ({})", files.len(), files[0]);
        }
        let mut warnings: Vec<_> = self.warnings.iter().collect();
        warnings.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (kind, (count, example)) in warnings.into_iter().take(40) {
            let _ = writeln!(
                out,
                "warned {count:>6}: {kind}\n               {}",
                example.chars().take(220).collect::<String>()
            );
        }
        shared::show(&out);
    }
}

/// Groups messages: numbers and quoted texts differ from file to file.
fn without_numbers(text: &str) -> String {
    let quoted: Vec<&str> = text.split('"').collect();
    let text: String = quoted.iter().enumerate().map(|(at, part)| if at % 2 == 1 { "…" } else { part }).collect();
    text.chars().map(|character| if character.is_ascii_digit() { '#' } else { character }).collect()
}

#[test]
fn every_valid_document_of_the_cyclonedx_suite_reads() {
    let Some(shared) = shared::folder() else { return };
    let mut tally = Tally::default();
    for version in ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] {
        let files = folder(&shared.join("sboms/conformance/cyclonedx/spec-suite").join(version).join("valid"));
        assert!(!files.is_empty());
        for file in files.iter().filter(|file| file.is("json") || file.is("xml")) {
            let result = tally.read(file);
            assert!(result.is_ok(), "{version}/{}: {result:?}", file.name);
        }
    }
    tally.print("CycloneDX suite, valid");
}

/// Pairs of the suite whose JSON and XML state different facts themselves (another type, version, supplier or number of
/// components), found by comparing the documents field by field without our reader.
const UNEQUAL_TWINS: [(&str, &[&str]); 10] = [
    ("valid-bom", &["1.2", "1.3", "1.4", "1.5"]),
    ("valid-component-ref", &["1.2", "1.3", "1.4", "1.5"]),
    ("valid-dependency", &["1.2", "1.3", "1.4", "1.5"]),
    ("valid-license-expression", &["1.2", "1.3", "1.4", "1.5"]),
    ("valid-license-id", &["1.2", "1.3", "1.4", "1.5"]),
    ("valid-license-name", &["1.2", "1.3", "1.4", "1.5"]),
    ("valid-service", &["1.2", "1.3", "1.4", "1.5"]),
    ("valid-compositions", &["1.3", "1.4", "1.5"]),
    ("valid-external-reference", &["1.3", "1.4", "1.5"]),
    ("valid-machine-learning", &["1.5"]),
];

/// The same among the documents of 1.7.
const UNEQUAL_TWINS_1_7: [&str; 3] = [
    "valid-component-external-with-version.json",
    "valid-cryptography-implementation-1.7.json",
    "valid-license-choice-1.7.json",
];

fn is_unequal_twin(version: &str, name: &str) -> bool {
    let listed =
        |(stem, versions): &(&str, &[&str])| versions.contains(&version) && name == format!("{stem}-{version}.json");
    UNEQUAL_TWINS.iter().any(listed) || (version == "1.7" && UNEQUAL_TWINS_1_7.contains(&name))
}

#[test]
fn json_and_xml_twins_of_the_suite_say_the_same() {
    let Some(shared) = shared::folder() else { return };
    let mut compared = 0;
    for version in ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] {
        let files = folder(&shared.join("sboms/conformance/cyclonedx/spec-suite").join(version).join("valid"));
        for json in files.iter().filter(|file| file.is("json")) {
            let twin = format!("{}.xml", json.name.trim_end_matches(".json"));
            let Some(xml) = files.iter().find(|file| file.name == twin) else { continue };
            let left = read(&json.bytes, &json.name).expect("it reads").value;
            let right = read(&xml.bytes, &xml.name).expect("it reads").value;
            let same = (&left.components, &left.subject, left.dependencies)
                == (&right.components, &right.subject, right.dependencies);
            assert_eq!(same, !is_unequal_twin(version, &json.name), "{version}/{}: {left:#?} {right:#?}", json.name);
            compared += 1;
        }
    }
    shared::show(&format!("{compared} pairs of the suite compared\n"));
}

#[test]
fn json_and_xml_of_one_generator_run_say_the_same() {
    let Some(shared) = shared::folder() else { return };
    let mut files = archive(&shared.join("sboms/health/generated.tar.zst"));
    files.extend(archive(&shared.join("sboms/real/cyclonedx.tar.zst")));
    let mut out = String::new();
    let mut compared = 0;
    for json in files.iter().filter(|file| file.is("json")) {
        let twin = format!("{}.xml", json.name.trim_end_matches(".json"));
        let Some(xml) = files.iter().find(|file| file.name == twin) else { continue };
        let (Ok(json_read), Ok(xml_read)) = (read(&json.bytes, &json.name), read(&xml.bytes, &xml.name)) else {
            continue;
        };
        let (left, right) = (comparable(json_read.value), comparable(xml_read.value));
        let _ = writeln!(out, "{:4} and {:4} components: {}", left.len(), right.len(), json.name);
        // Runs over different parts of a project have the same name too.
        if left.len() != right.len() {
            continue;
        }
        let differing = left.iter().zip(&right).find(|(left, right)| left != right);
        assert_eq!(differing, None, "{}", json.name);
        compared += 1;
    }
    shared::show(&out);
    assert!(compared > 5, "{compared}");
}

/// Components without what differs from run to run, sorted.
fn comparable(sbom: Sbom) -> Vec<Component> {
    let mut components = sbom.components;
    for component in &mut components {
        component.reference.clear();
    }
    components.sort();
    components
}

#[test]
fn no_conformance_file_makes_the_reader_stumble() {
    let Some(shared) = shared::folder() else { return };
    for part in [
        "cyclonedx/spec-suite",
        "cyclonedx/core-java",
        "cyclonedx/rust-cargo",
        "cyclonedx/sbom-utility",
        "spdx2",
        "spdx3",
        "quality",
        "importer-cases",
    ] {
        let mut tally = Tally::default();
        for file in folder(&shared.join("sboms/conformance").join(part)) {
            let _ = tally.read(&file);
        }
        tally.print(part);
    }
}

#[test]
fn every_real_document_of_a_supported_format_reads() {
    let Some(shared) = shared::folder() else { return };
    let mut claims = 0;
    for part in ["real/cyclonedx", "real/spdx2", "real/spdx3", "real/attested", "health/generated"] {
        let mut tally = Tally::default();
        for file in archive(&shared.join("sboms").join(format!("{part}.tar.zst"))) {
            let result = tally.read(&file);
            if claims_supported_format(&file) {
                claims += 1;
                assert!(result.is_ok(), "{}: {result:?}", file.name);
            }
        }
        tally.print(part);
    }
    shared::show(&format!("{claims} documents claim a supported format, all read\n"));
    let mut tally = Tally::default();
    for file in folder(&shared.join("sboms/health/published")) {
        let _ = tally.read(&file);
    }
    tally.print("health/published");
    assert!(tally.refused.is_empty(), "{:?}", tally.refused);
}

/// Whether a document itself says that it is of a format and version we read; decided without our reader.
fn claims_supported_format(file: &File) -> bool {
    let text = String::from_utf8_lossy(&file.bytes);
    let versions = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return versions.iter().any(|version| text.contains(&format!("\"http://cyclonedx.org/schema/bom/{version}\"")));
    }
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(&file.bytes) else {
        return text.starts_with("SPDXVersion: SPDX-2.2") || text.starts_with("SPDXVersion: SPDX-2.3");
    };
    let spdx = json["spdxVersion"].as_str().is_some_and(|version| ["SPDX-2.2", "SPDX-2.3"].contains(&version));
    spdx || (json["bomFormat"] == "CycloneDX"
        && json["specVersion"].as_str().is_some_and(|one| versions.contains(&one)))
}

#[test]
fn every_generator_finds_the_packages_that_dpkg_lists() {
    let Some(shared) = shared::folder() else { return };
    let files: Vec<File> = archive(&shared.join("sboms/health/generated.tar.zst"))
        .into_iter()
        .filter(|file| file.name.contains("debian12-orthanc."))
        .collect();
    let list = files.iter().find(|file| file.name.ends_with("dpkg-query.tsv")).expect("the ground truth is there");
    let list = String::from_utf8_lossy(&list.bytes).into_owned();
    let truth: Vec<Vec<&str>> = list.lines().map(|line| line.split('\t').collect()).collect();
    let mut out = format!("dpkg lists {} packages\n", truth.len());
    for file in &files {
        let Ok(read) = read(&file.bytes, &file.name) else { continue };
        let [mut found, mut distribution, mut source, mut wrong_source] = [0_usize; 4];
        for package in &truth {
            let named = |one: &&Component| one.name == package[0] && full_version(one).as_deref() == Some(package[1]);
            let is_binary = |one: &&Component| !one.purl.as_deref().unwrap_or_default().contains("arch=source");
            let Some(component) = read.value.components.iter().find(|one| named(one) && is_binary(one)) else {
                continue;
            };
            found += 1;
            distribution += usize::from(component.distribution.as_deref() == Some("Debian:12"));
            match &component.source_package {
                Some((name, _)) if name == package[3] => source += 1,
                None if package[0] == package[3] => source += 1,
                _ => wrong_source += 1,
            }
        }
        let name = file.name.rsplit('/').next().unwrap_or_default();
        let components = read.value.components.len();
        let _ = writeln!(
            out,
            "{name:50} {components:>5} components: {found} found, {distribution} of Debian:12, {source} with the right source, {wrong_source} not"
        );
        if !name.contains("dpkg-query") {
            assert!(found + 1 >= truth.len(), "{name}: {found}");
        }
    }
    shared::show(&out);
}

/// The version with the epoch that some generators put into the purl alone.
fn full_version(component: &Component) -> Option<String> {
    let version = component.version.clone()?;
    let purl = component.purl.as_deref().and_then(|purl| Purl::parse(purl).ok());
    match purl.as_ref().and_then(|purl| purl.qualifier("epoch")) {
        Some(epoch) if !version.contains(':') => Some(format!("{epoch}:{version}")),
        _ => Some(version),
    }
}
