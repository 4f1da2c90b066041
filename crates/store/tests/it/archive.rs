//! The archive keeps what it is given, and says so when it no longer can.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use domain::model::raw::Digest;
use store::archive::{Archive, Error};

/// A ZIP local file header is enough to be kept as received.
const ZIP: &[u8] = b"PK\x03\x04 and the rest of an OSV export";
const JSON: &[u8] = br#"{"id":"CVE-2021-44228","summary":"Log4Shell"}"#;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.retain(|path| !path.ends_with("incoming/lock"));
    found.sort();
    found
}

fn object(folder: &Path, digest: &Digest, ending: &str) -> PathBuf {
    let hex = digest.to_string();
    folder.join(&hex[..2]).join(format!("{}.{ending}", &hex[2..]))
}

#[test]
fn what_is_put_is_read_back_before_and_after_a_sync() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let big: Vec<u8> = (0..3_000_000_u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
    for bytes in [JSON, ZIP, b"", &big] {
        let digest = archive.put(bytes).unwrap();
        assert_eq!(digest, Digest::of(bytes));
        assert_eq!(archive.read(&digest).unwrap(), bytes);
        archive.sync().unwrap();
        assert_eq!(Archive::open(folder.path()).unwrap().read(&digest).unwrap(), bytes);
    }
    assert!(archive.stored_bytes().unwrap().bytes < big.len() as u64);
    assert_eq!(archive.stored_bytes().unwrap().objects, 4);
}

#[test]
fn compressed_input_is_kept_as_received_under_another_ending() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let (zip, json) = (archive.put(ZIP).unwrap(), archive.put(JSON).unwrap());
    archive.sync().unwrap();
    assert_eq!(fs::read(object(folder.path(), &zip, "raw")).unwrap(), ZIP);
    assert!(object(folder.path(), &json, "zst").is_file());
}

#[test]
fn the_same_bytes_are_stored_once_whichever_way_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let source = folder.path().join("feed.json");
    fs::write(&source, JSON).unwrap();
    let digest = archive.put(JSON).unwrap();
    assert_eq!(archive.put_file(&source).unwrap(), digest);
    archive.sync().unwrap();
    assert_eq!(archive.put_file(&source).unwrap(), digest);
    assert_eq!(archive.put(JSON).unwrap(), digest);
    archive.sync().unwrap();
    fs::remove_file(source).unwrap();
    assert_eq!(files(folder.path()), [object(folder.path(), &digest, "zst")]);
}

#[test]
fn a_file_is_given_for_readers_that_seek() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    for bytes in [ZIP, JSON] {
        let digest = archive.put(bytes).unwrap();
        let mut read = Vec::new();
        archive.open_file(&digest).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
    }
}

#[test]
fn an_object_that_is_missing_is_named_with_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let digest = Digest::of(b"never put");
    assert!(!archive.contains(&digest));
    let error = archive.read(&digest).unwrap_err();
    assert!(matches!(error, Error::Missing { .. }));
    assert!(error.to_string().starts_with(&format!("read {digest} from ")), "{error}");
    assert!(error.to_string().ends_with("it is missing"), "{error}");
}

#[test]
fn every_kind_of_damage_is_reported_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let (zip, json) = (archive.put(ZIP).unwrap(), archive.put(JSON).unwrap());
    archive.sync().unwrap();
    assert_eq!(archive.verify_all(&|_, _| ()), []);

    let (zip_path, json_path) = (object(folder.path(), &zip, "raw"), object(folder.path(), &json, "zst"));
    let whole = fs::read(&json_path).unwrap();
    fs::write(&zip_path, b"PK\x03\x04 and something else").unwrap();
    assert!(matches!(archive.read(&zip), Err(Error::Mismatch { path, .. }) if path == zip_path));
    assert!(matches!(archive.open_file(&zip), Err(Error::Mismatch { .. })));
    for cut in 0..whole.len() {
        fs::write(&json_path, &whole[..cut]).unwrap();
        let error = archive.read(&json).unwrap_err().to_string();
        assert!(error.contains("not match") && error.contains(json_path.to_str().unwrap()), "{error}");
    }
    fs::write(zip_path.with_file_name("notes.txt"), "by hand").unwrap();
    let problems = archive.verify_all(&|done, all| assert!(done <= all && all == 3));
    let reasons: Vec<_> = problems.iter().map(|problem| problem.reason.as_str()).collect();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert_eq!(
        reasons.iter().filter(|reason| reason.contains("do not match") || reason.contains("does not match")).count(),
        2
    );
    assert!(reasons.contains(&"is not an object of the archive"));
}

#[test]
fn a_process_that_dies_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let kept = archive.put(JSON).unwrap();
    archive.sync().unwrap();
    archive.put(ZIP).unwrap();
    // A killed process runs no destructors: its staged file stays, its lock goes. A copy of the file stands for it.
    let staged = files(&folder.path().join("incoming"));
    assert_eq!(staged.len(), 1);
    let copy = folder.path().join("incoming/left-over");
    fs::copy(&staged[0], &copy).unwrap();

    let other = Archive::open(folder.path()).unwrap();
    assert!(copy.exists(), "while a handle stages, nobody cleans up");
    assert!(other.contains(&kept) && !other.contains(&Digest::of(ZIP)));
    drop(archive);
    Archive::open(folder.path()).unwrap();
    assert_eq!(files(folder.path()), [object(folder.path(), &kept, "zst")]);
}

#[test]
fn what_a_killed_process_received_whole_is_staged_again() {
    let folder = tempfile::tempdir().unwrap();
    let incoming = folder.path().join("incoming");
    let archive = Archive::open(folder.path()).unwrap();
    archive.put(JSON).unwrap();
    archive.put(ZIP).unwrap();
    // As a kill leaves them: under their staged names, one of them cut by a power failure.
    let aside = tempfile::tempdir().unwrap();
    for path in files(&incoming) {
        fs::copy(&path, aside.path().join(path.file_name().unwrap())).unwrap();
    }
    drop(archive);
    for path in files(aside.path()) {
        let whole = fs::read(&path).unwrap();
        let zip = path.to_string_lossy().contains(".raw.");
        let kept = if zip { &whole[..whole.len() / 2] } else { &whole[..] };
        fs::write(incoming.join(path.file_name().unwrap()), kept).unwrap();
    }
    let archive = Archive::open(folder.path()).unwrap();
    assert!(!archive.contains(&Digest::of(JSON)), "whole, but nobody has asked for it");
    assert_eq!(archive.recover().unwrap(), 1);
    assert_eq!(archive.read(&Digest::of(JSON)).unwrap(), JSON);
    assert!(!archive.contains(&Digest::of(ZIP)));
    archive.sync().unwrap();
    assert_eq!(files(folder.path()), [object(folder.path(), &Digest::of(JSON), "zst")]);
}

#[test]
fn input_that_fails_half_way_is_not_stored() {
    struct Broken(u32);
    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 { Err(io::Error::other("connection reset")) } else { (&mut *buffer).write(JSON) }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let error = archive.put_reader(Broken(0), Path::new("https://example.org/feed.json")).unwrap_err();
    assert_eq!(error.to_string(), "read https://example.org/feed.json");
    archive.sync().unwrap();
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn many_threads_put_the_same_and_different_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let archive = &archive;
            scope.spawn(move || {
                for number in 0..20 {
                    let bytes = format!("advisory {}", (number + thread) % 20);
                    let digest = archive.put(bytes.as_bytes()).unwrap();
                    assert_eq!(archive.read(&digest).unwrap(), bytes.as_bytes());
                    if number % 5 == 0 {
                        archive.sync().unwrap();
                    }
                }
            });
        }
    });
    archive.sync().unwrap();
    assert_eq!(archive.stored_bytes().unwrap().objects, 20);
    assert_eq!(archive.verify_all(&|_, _| ()), []);
}
