//! Documents from files and folders.

use std::io::Write;

use domain::clock::FixedClock;
use domain::model::source::{FetchOutcome, SourceId};
use sources::{End, Kind, SourceConfig, fetch_files};

use crate::sink::{Counting, at};

fn import(kind: Kind, path: &std::path::Path, sink: &mut Counting) -> End {
    let config = SourceConfig::new(SourceId("import".to_owned()), kind, String::new());
    sink.begin();
    fetch_files(&config, path, &FixedClock(at("2024-10-09T06:00:00Z")), sink)
}

fn record(id: &str) -> String {
    format!(r#"{{"cveMetadata":{{"cveId":"{id}"}}}}"#)
}

#[test]
fn a_folder_of_records_is_one_archive_and_its_lists_are_no_records() {
    let folder = tempfile::tempdir().unwrap();
    let cves = folder.path().join("cves/2024/3xxx");
    std::fs::create_dir_all(&cves).unwrap();
    for id in ["CVE-2024-3094", "CVE-2024-3095"] {
        std::fs::write(cves.join(format!("{id}.json")), record(id)).unwrap();
    }
    std::fs::write(folder.path().join("cves/delta.json"), "{}").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&cves, folder.path().join("again")).unwrap();
    let mut sink = Counting::default();
    let end = import(Kind::CveList, folder.path(), &mut sink);
    assert_eq!((end.outcome, end.full_set, sink.documents), (FetchOutcome::Ok, false, 1));
    assert_eq!(sink.records.keys().collect::<Vec<_>>(), ["CVE-2024-3094", "CVE-2024-3095"]);
    assert_eq!(sink.exchanges[0].status, 0);
}

#[test]
fn a_compressed_document_and_an_archive_are_known_by_their_content() {
    let folder = tempfile::tempdir().unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"cve,epss\nCVE-2021-44228,0.97\n").unwrap();
    let scores = folder.path().join("epss_scores-2021-08-30.csv.gz");
    std::fs::write(&scores, encoder.finish().unwrap()).unwrap();
    let mut sink = Counting::default();
    let end = import(Kind::Epss, &scores, &mut sink);
    assert_eq!((end.outcome, end.full_set, sink.records.len()), (FetchOutcome::Ok, true, 1));

    let npm = folder.path().join("osv/npm");
    std::fs::create_dir_all(&npm).unwrap();
    let mut writer = zip::ZipWriter::new(std::fs::File::create(npm.join("all.zip")).unwrap());
    writer.start_file("GHSA-a.json", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(br#"{"id":"GHSA-a","modified":"2024-10-09T05:00:00Z"}"#).unwrap();
    writer.finish().unwrap();
    let mut sink = Counting::default();
    let end = import(Kind::Osv { ecosystem: Some("npm".to_owned()) }, &folder.path().join("osv"), &mut sink);
    assert_eq!((end.outcome, end.full_set, sink.records.len()), (FetchOutcome::Ok, true, 1));
}

#[test]
fn nothing_and_rubbish_are_failures_with_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut sink = Counting::default();
    let end = import(Kind::CveList, folder.path(), &mut sink);
    assert_eq!((end.outcome, end.owed.len()), (FetchOutcome::Failed, 1));
    let end = import(Kind::CisaKev, &folder.path().join("absent.json"), &mut sink);
    assert_eq!((end.outcome, end.owed.len()), (FetchOutcome::Failed, 1));
    std::fs::write(folder.path().join("kev.json"), "<html>").unwrap();
    let end = import(Kind::CisaKev, folder.path(), &mut sink);
    assert_eq!((end.outcome, end.owed.len(), end.full_set), (FetchOutcome::Failed, 1, false));
}

#[test]
fn the_shared_corpus_is_read_as_it_lies() {
    let corpus = crate::upstream::shared().join("corpus");
    if !corpus.is_dir() {
        eprintln!("skipped: no shared data at {}", corpus.display());
        return;
    }
    let check = |kind: Kind, place: &str, full_set: bool, records: usize| {
        let mut sink = Counting::default();
        let end = import(kind, &corpus.join(place), &mut sink);
        assert_eq!(
            (end.outcome, end.full_set, sink.records.len()),
            (FetchOutcome::Ok, full_set, records),
            "{place}: {:?}",
            end.owed
        );
    };
    check(Kind::Osv { ecosystem: Some("npm".to_owned()) }, "osv", true, 3412);
    check(Kind::CisaKev, "kev/known_exploited_vulnerabilities.json", true, 1380);
    check(Kind::Csaf, "cisa-csaf", false, 2292);
    check(Kind::Epss, "epss/epss_scores-2021-08-30.csv.gz", true, 72_183);
    check(Kind::Nvd, "nvd/derived-2.0/nvdcve-2.0-modified.json.gz", false, 1664);
}
