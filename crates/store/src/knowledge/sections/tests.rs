//! Files that were cut or changed are told, never read.

use super::*;

fn written(folder: &Path) -> (PathBuf, u64) {
    let path = folder.join("1.index");
    let mut file = SectionFile::create(path.clone()).unwrap();
    file.section(Section::Rows, b"twelve bytes").unwrap();
    file.section(Section::Names, b"").unwrap();
    let length = file.finish().unwrap();
    (path, length)
}

#[test]
fn sections_are_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let (path, length) = written(folder.path());
    let file = Sections::open(path, length).unwrap();
    assert_eq!(file.bytes(&file.range(Section::Rows).unwrap()), b"twelve bytes");
    assert_eq!(file.bytes(&file.range(Section::Names).unwrap()), b"");
    assert_eq!(file.verify(), []);
    assert!(file.range(Section::Scores).unwrap_err().to_string().contains("section scores: it is missing"));
    assert!(file.table_range::<[u8; 5]>(Section::Rows).unwrap_err().to_string().contains("section rows"));
}

#[test]
fn a_file_cut_anywhere_is_an_error_even_when_its_length_was_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let (path, length) = written(folder.path());
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let error = Sections::open(path.clone(), length).err().unwrap().to_string();
        assert!(error.contains("1.index") || cut == 0, "{error}");
        assert!(Sections::open(path.clone(), cut as u64).is_err(), "cut to {cut}");
    }
}

#[test]
fn every_changed_byte_is_found_by_opening_or_verifying() {
    let folder = tempfile::tempdir().unwrap();
    let (path, length) = written(folder.path());
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        fs::write(&path, &changed).unwrap();
        let found = Sections::open(path.clone(), length).map_or(true, |file| !file.verify().is_empty());
        assert!(found, "byte {at}");
    }
}

#[test]
fn a_file_that_is_not_finished_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.index");
    drop(SectionFile::create(path.clone()).unwrap());
    assert!(!path.exists());
}
