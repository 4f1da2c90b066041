//! How fast documents become advisories, per format, on one core: cutting into records and translating each.
//!
//! `cargo bench -p domain --bench translate -- FORMAT=PATH…` where PATH is a document or a folder of documents; `bench/translate`
//! brings real ones. Prints documents, records, warnings and the median MB/s of rounds that together last a second or more.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::model::raw::Digest;
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{self, Context, Format};

/// Rounds go on until they lasted so long together.
const ENOUGH: Duration = Duration::from_secs(1);

fn main() {
    println!("{:<18} {:>9} {:>9} {:>9} {:>9} {:>9}", "format", "documents", "records", "set aside", "MB", "MB/s");
    for argument in std::env::args().skip(1).filter(|argument| argument.contains('=')) {
        let (name, path) = argument.split_once('=').unwrap_or_default();
        let Some(format) = Format::from_name(name) else {
            println!("{name:<18} is no format");
            continue;
        };
        let documents = documents(Path::new(path));
        if documents.is_empty() {
            println!("{name:<18} skipped: no documents at {path}");
            continue;
        }
        measure(name, format, &documents);
    }
}

/// The documents at a path, with the names they came by.
fn documents(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries =
                path.read_dir().map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<PathBuf>>());
            open.extend(entries.unwrap_or_default());
        } else {
            files.push(path);
        }
    }
    files.sort();
    files.into_iter().filter_map(|file| Some((file.display().to_string(), std::fs::read(&file).ok()?))).collect()
}

fn measure(name: &str, format: Format, documents: &[(String, Vec<u8>)]) {
    let bytes: usize = documents.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut rounds = Vec::new();
    let (mut records, mut set_aside) = (0, 0);
    let began = Instant::now();
    while began.elapsed() < ENOUGH || rounds.len() < 3 {
        let round = Instant::now();
        (records, set_aside) = read(format, documents);
        rounds.push(round.elapsed());
    }
    rounds.sort();
    let median = rounds[rounds.len() / 2].as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "megabytes, for people")]
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{name:<18} {:>9} {records:>9} {set_aside:>9} {megabytes:>9.2} {:>9.0}",
        documents.len(),
        megabytes / median
    );
}

/// Reads every document once; returns how many records there were and how many could not be read.
fn read(format: Format, documents: &[(String, Vec<u8>)]) -> (u64, u64) {
    let source = SourceId("bench".to_owned());
    let (mut records, mut set_aside) = (0, 0);
    for (from, bytes) in documents {
        if format == Format::EpssCsv {
            records += normalise::epss(bytes, from).map_or(0, |scores| scores.value.rows.len() as u64);
            continue;
        }
        let context = Context {
            source: &source,
            family: Family::Osv,
            object: Digest([0; 32]),
            entry: "",
            from,
            document: bytes,
            tlp: Tlp::Clear,
        };
        let split = normalise::split_named(format, from, bytes, &mut |record| {
            records += 1;
            set_aside += u64::from(normalise::translate(format, &record, &context).is_err());
        });
        set_aside += u64::from(split.is_err());
    }
    (records, set_aside)
}
