//! Every record of the shared feed corpus translates: counts, warnings and speed for each source are printed
//! (`--nocapture`), and next to nothing may be quarantined.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::model::advisory::{Advisory, FixState, Target};
use domain::model::raw::{Digest, Translated};
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{Context, Format, RawRecord, epss, split, translate};

use crate::shared::{folder, show};

/// What came of one source.
#[derive(Default)]
struct Tally {
    documents: u64,
    faults: Vec<String>,
    records: u64,
    quarantined: Vec<String>,
    warned: u64,
    warnings: BTreeMap<String, (u64, String)>,
    bytes: u64,
    split: Duration,
    translate: Duration,
    affected: u64,
    samples: Vec<Translated<Advisory>>,
}

impl Tally {
    fn document(&mut self, name: &str, format: Format, family: Family, bytes: &[u8]) {
        self.documents += 1;
        self.bytes += bytes.len() as u64;
        let mut records: Vec<RawRecord<'_>> = Vec::new();
        let begun = Instant::now();
        let statement = split(format, bytes, &mut |record| records.push(record));
        self.split += begun.elapsed();
        match statement {
            Ok(statement) => assert_eq!(statement.records, records.len() as u64, "{name}"),
            Err(fault) => return self.faults.push(format!("{name}: {fault}")),
        }
        let source = SourceId("corpus".to_owned());
        let context = Context {
            source: &source,
            family,
            object: Digest([0; 32]),
            entry: name,
            from: "",
            tlp: Tlp::Clear,
            document: bytes,
        };
        let begun = Instant::now();
        let translated: Vec<_> = records.iter().map(|record| translate(format, record, &context)).collect();
        self.translate += begun.elapsed();
        for (record, result) in records.iter().zip(translated) {
            self.records += 1;
            match result {
                Err(why) => self.quarantined.push(format!("{name} {:?}: {why}", record.id)),
                Ok(found) => self.translated(record, found),
            }
        }
    }

    fn translated(&mut self, record: &RawRecord<'_>, found: Translated<Advisory>) {
        assert_eq!(found.value.id, record.id);
        assert!(!found.value.title.is_empty());
        self.affected += found.value.affected.len() as u64;
        self.warned += u64::from(!found.warnings.is_empty());
        for warning in &found.warnings {
            // Texts differ by what they quote.
            let kind: String = warning.reason.split('"').step_by(2).collect::<Vec<_>>().join("…");
            let example = || format!("{} {}: {}", found.value.id, warning.place, warning.reason);
            self.warnings.entry(kind).or_insert_with(|| (0, example())).0 += 1;
        }
        if self.records.is_power_of_two() || self.records.is_multiple_of(9973) {
            self.samples.push(found);
        }
    }

    fn report(&self, source: &str, shown: usize) {
        #[expect(clippy::cast_precision_loss, reason = "speeds for people")]
        let speed = |time: Duration| self.bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9);
        let mut text = format!(
            "== {source}: {} documents, {} records, {} quarantined, {} with warnings, {} affected, {:.1} MB, split {:.0} MB/s, translate {:.0} MB/s",
            self.documents,
            self.records,
            self.quarantined.len(),
            self.warned,
            self.affected,
            speed(Duration::from_secs(1)),
            speed(self.split),
            speed(self.translate),
        );
        for fault in self.faults.iter().take(5) {
            let _ = write!(text, "\n   fault {fault}");
        }
        for why in self.quarantined.iter().take(5) {
            let _ = write!(text, "\n   quarantined {why}");
        }
        let mut warnings: Vec<_> = self.warnings.values().collect();
        warnings.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        for (count, example) in warnings.iter().take(12) {
            let _ = write!(text, "\n   {count:>6} × {}", example.chars().take(260).collect::<String>());
        }
        for sample in self.samples.iter().rev().take(shown) {
            text.push_str(&in_words(&sample.value));
        }
        show(&format!("{text}\n"));
    }
}

/// An advisory as a person would read it.
fn in_words(advisory: &Advisory) -> String {
    let scores: Vec<String> = advisory.scores.iter().map(|score| format!("{} {}", score.by, score.tenths)).collect();
    let mut text = format!(
        "\n   -- {} {:?} {:?} | {}\n      aliases {:?} related {:?} scores {scores:?} {:?} {:?} published {:?}",
        advisory.id,
        advisory.family,
        advisory.state,
        advisory.title,
        advisory.aliases,
        advisory.related.iter().take(6).collect::<Vec<_>>(),
        advisory.weaknesses,
        advisory.exploitation,
        advisory.published.map(|at| at.to_string()),
    );
    for said in advisory.affected.iter().take(6) {
        let target = match &said.target {
            Target::Package { ecosystem, name, .. } => format!("{ecosystem} {name}"),
            Target::Cpe(pattern) => pattern.clone(),
            Target::Named { vendor, product } => format!("{vendor} / {product}"),
            Target::Repository(url) => url.clone(),
        };
        let mut rules = Vec::new();
        for rule in said.rules.iter().take(5) {
            let lower = rule
                .lower
                .as_ref()
                .map_or("(".to_owned(), |it| format!("{}{}", if it.inclusive { '[' } else { '(' }, it.version));
            let upper = rule
                .upper
                .as_ref()
                .map_or(")".to_owned(), |it| format!("{}{}", it.version, if it.inclusive { ']' } else { ')' }));
            rules.push(format!("{:?} {:?} {lower}, {upper} {:?}", rule.standing, rule.scheme, rule.changes));
        }
        let fix = match &said.fix {
            FixState::Fixed(version) => format!("fixed {version}"),
            other => format!("{other:?}"),
        };
        let _ = write!(
            text,
            "\n      {target}: {} | else {:?} | {fix} | {} exact | {:?} | {}",
            rules.join("; "),
            said.default,
            said.exact.len(),
            said.conditions,
            said.place
        );
    }
    text
}

fn shared() -> Option<std::path::PathBuf> {
    folder().map(|folder| folder.join("corpus"))
}

/// Calls `visit` for every JSON file in a `tar.zst`.
fn each_in_tar(path: &Path, visit: &mut dyn FnMut(&str, &[u8])) {
    each_member(path, &|name| Path::new(name).extension().is_some_and(|ending| ending == "json"), visit);
}

fn each_member(path: &Path, is_wanted: &dyn Fn(&str) -> bool, visit: &mut dyn FnMut(&str, &[u8])) {
    let mut decoder = zstd::Decoder::new(fs::File::open(path).unwrap()).unwrap();
    decoder.window_log_max(27).unwrap();
    for entry in tar::Archive::new(decoder).entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if is_wanted(&name) {
            visit(&name, &bytes);
        }
    }
}

fn gunzip(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn every_osv_record_of_the_corpus_translates() {
    let Some(corpus) = shared() else { return };
    for ecosystem in fs::read_to_string(corpus.join("osv/ecosystems.txt")).unwrap().lines() {
        let path = corpus.join("osv").join(ecosystem).join("all.zip");
        let Ok(file) = fs::File::open(path) else { continue };
        let mut archive = zip::ZipArchive::new(file).unwrap();
        let mut tally = Tally::default();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            let name = entry.name().unwrap().into_owned();
            tally.document(&name, Format::Osv, Family::Osv, &bytes);
        }
        tally.report(ecosystem, 2);
        assert!(tally.faults.is_empty() && tally.quarantined.is_empty());
    }
}

#[test]
fn every_cve_record_of_the_corpus_translates() {
    let Some(corpus) = shared() else { return };
    let mut tally = Tally::default();
    let mut archives: Vec<_> =
        fs::read_dir(corpus.join("cve5-vulnrichment")).unwrap().map(|it| it.unwrap().path()).collect();
    archives.sort();
    for path in archives.iter().filter(|path| path.to_string_lossy().ends_with(".tar.zst")) {
        each_in_tar(path, &mut |name, bytes| {
            if name.contains("CVE-") {
                tally.document(name, Format::CveRecord, Family::CveList, bytes);
            }
        });
    }
    tally.report("vulnrichment", 10);
    assert!(tally.faults.is_empty() && tally.quarantined.is_empty());
}

#[test]
fn every_nvd_page_of_the_corpus_translates() {
    let Some(corpus) = shared() else { return };
    for (folder, is_page) in [
        ("nvd/derived-2.0", (|_: &str| true) as fn(&str) -> bool),
        ("nvd/api-2.0", |name| name.starts_with("cves-")),
        ("nvd/feeds-tiny/cve/v2", |_| true),
    ] {
        let mut tally = Tally::default();
        let mut paths: Vec<_> = fs::read_dir(corpus.join(folder)).unwrap().map(|it| it.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.ends_with(".json.gz") && is_page(&name) {
                tally.document(&name, Format::NvdPage, Family::Nvd, &gunzip(&path));
            }
        }
        tally.report(folder, 5);
        assert!(tally.faults.is_empty() && tally.quarantined.is_empty());
    }
    let mut tally = Tally::default();
    each_in_tar(&corpus.join("nvd/api-2.0-test-pages.tar.zst"), &mut |name, bytes| {
        if name.contains("cve") && bytes.windows(17).any(|window| window == b"\"vulnerabilities\"") {
            tally.document(name, Format::NvdPage, Family::Nvd, bytes);
        }
    });
    tally.report("nvd/api-2.0-test-pages", 5);
}

#[test]
fn every_catalogue_of_known_exploited_vulnerabilities_is_read_and_a_truncated_one_refused() {
    let Some(corpus) = shared() else { return };
    let mut tally = Tally::default();
    let current = fs::read(corpus.join("kev/known_exploited_vulnerabilities.json")).unwrap();
    tally.document("current", Format::Kev, Family::Kev, &current);
    each_in_tar(&corpus.join("kev/kev-history.tar.zst"), &mut |name, bytes| {
        tally.document(name, Format::Kev, Family::Kev, bytes);
    });
    tally.report("kev", 2);
    assert!(tally.faults.is_empty() && tally.quarantined.is_empty());
    let cut = corpus.join("kev/malformed/known_exploited_vulnerabilities.truncated-2025-02-25.json");
    let fault = split(Format::Kev, &fs::read(cut).unwrap(), &mut |_| panic!("nothing is visited")).unwrap_err();
    show(&format!("truncated catalogue: {fault}\n"));
}

#[test]
fn every_csaf_document_of_the_corpus_translates() {
    let Some(corpus) = shared() else { return };
    for (archive, most_quarantined) in [
        ("cisa-csaf/cisa-csaf-snapshot-2024-07-01.tar.zst", 0),
        ("csaf-vendors/cisco-csaf.tar.zst", 0),
        ("csaf-vendors/suse-csaf-2024-third.tar.zst", 0),
        ("csaf-vendors/redhat-csaf-vex.tar.zst", 1),
        ("csaf-vendors/nvidia-product-security.tar.zst", 0),
        // Test documents of the standard that are wrong on purpose.
        ("csaf-standard/oasis-csaf-tests-examples-schemas.tar.zst", 40),
    ] {
        let mut tally = Tally::default();
        each_in_tar(&corpus.join(archive), &mut |name, bytes| {
            let is_csaf = bytes.windows(11).any(|window| window == b"\"tracking\":");
            if is_csaf && !name.contains("feed") && !name.contains("schema") && !name.contains("strict") {
                tally.document(name, Format::Csaf, Family::Csaf, bytes);
            }
        });
        tally.report(archive, 4);
        assert!(tally.faults.is_empty() && tally.quarantined.len() <= most_quarantined);
    }
}

#[test]
fn every_table_of_exploit_prediction_scores_is_read() {
    let Some(corpus) = shared() else { return };
    for folder in ["epss", "epss/derived-modern-layout"] {
        for path in
            fs::read_dir(corpus.join(folder)).unwrap().map(|it| it.unwrap().path()).filter(|path| path.is_file())
        {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = gunzip(&path);
            let begun = Instant::now();
            let scores = epss(&bytes, &name).unwrap();
            let value = &scores.value;
            show(&format!(
                "{name}: model {:?} date {} rows {} warnings {} first {:?} in {:?}\n",
                value.model,
                value.date,
                value.rows.len(),
                scores.warnings.len(),
                value.rows[0],
                begun.elapsed()
            ));
            assert!(value.rows.len() > 70_000 && scores.warnings.is_empty() && value.date.starts_with("2021-08-"));
        }
    }
}

#[test]
fn distribution_trackers_of_the_samples_translate() {
    let Some(corpus) = shared() else { return };
    let samples = corpus.join("upstream-samples");
    let mut tally = Tally::default();
    each_in_tar(&samples.join("debian.tar.zst"), &mut |name, bytes| {
        if name.contains("tracker/api") || name.ends_with("input/debian.json") {
            tally.document(name, Format::DebianTracker, Family::OsVendor, bytes);
        }
    });
    tally.report("debian", 5);
    let mut tally = Tally::default();
    for archive in ["alpine.tar.zst", "wolfi.tar.zst", "chainguard.tar.zst"] {
        each_in_tar(&samples.join(archive), &mut |name, bytes| {
            if bytes.windows(10).any(|window| window == b"\"packages\"")
                && bytes.windows(10).any(|window| window == b"\"secfixes\"")
            {
                tally.document(name, Format::AlpineSecdb, Family::OsVendor, bytes);
            }
        });
    }
    tally.report("secdb", 8);
    assert!(tally.quarantined.is_empty());
}

#[test]
fn other_distributions_are_read_whole() {
    type Wanted = fn(&str) -> bool;
    let Some(corpus) = shared() else { return };
    let samples = corpus.join("upstream-samples");
    let formats: [(&str, Format, Wanted); 5] = [
        ("arch", Format::ArchGroups, |name| name.ends_with("all.json") || name.ends_with("advisory.json")),
        ("photon", Format::PhotonCves, |name| name.contains("/happy/cve_data") || name.contains("/input/cve_data")),
        ("ubuntu", Format::UbuntuNotices, |name| name.contains("/notice/happy/")),
        ("microsoft", Format::Cvrf, |name| name.contains("/cvrf/happy/cvrf/")),
        ("cisco", Format::Cvrf, |name| name.contains("_cvrf.xml")),
    ];
    for (archive, format, is_wanted) in formats {
        let mut tally = Tally::default();
        each_member(&samples.join(format!("{archive}.tar.zst")), &is_wanted, &mut |name, bytes| {
            if !bytes.is_empty() {
                tally.document(name, format, Family::OsVendor, bytes);
            }
        });
        tally.report(archive, 6);
        assert!(tally.records > 0 && tally.quarantined.is_empty() && tally.faults.is_empty(), "{archive}");
    }
}
