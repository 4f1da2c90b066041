use std::io::Write;

use super::*;

fn archive(entries: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut writer = zip::ZipWriter::new(file.reopen().unwrap());
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    file
}

fn names(path: &Path, kind: ArchiveKind, limits: &Limits) -> (Vec<String>, Result<Unpacked, UnpackError>) {
    let mut names = Vec::new();
    let result = each_document(path, kind, limits, &mut |name, bytes| {
        names.push(format!("{name}={}", bytes.len()));
        ControlFlow::Continue(())
    });
    (names, result)
}

fn skipped(found: &Unpacked) -> Vec<&str> {
    found.skipped.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn names_that_climb_are_skipped_and_named() {
    let file = archive(&[
        ("a.json", b"{}"),
        ("../b.json", b"{}"),
        ("/c.json", b"{}"),
        ("C:\\d.json", b"{}"),
        ("x/..\\e.json", b"{}"),
    ]);
    let (names, found) = names(file.path(), ArchiveKind::Zip, &Limits::default());
    assert_eq!(names, ["a.json=2"]);
    let found = found.unwrap();
    assert_eq!(found.entries, 1);
    assert_eq!(skipped(&found), ["../b.json", "/c.json", "C:\\d.json", "x/..\\e.json"]);
}

#[test]
fn a_symbolic_link_is_no_document() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut writer = zip::ZipWriter::new(file.reopen().unwrap());
    writer.add_symlink("link.json", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    writer.finish().unwrap();
    let (names, found) = names(file.path(), ArchiveKind::Zip, &Limits::default());
    assert!(names.is_empty());
    assert_eq!(skipped(&found.unwrap()), ["link.json"]);
}

#[test]
fn an_entry_that_inflates_beyond_measure_costs_itself() {
    let zeros = vec![0; 8 << 20];
    let file = archive(&[("bomb.json", &zeros), ("a.json", b"{}")]);
    let (seen, found) = names(file.path(), ArchiveKind::Zip, &Limits::default());
    assert_eq!((seen.as_slice(), skipped(&found.unwrap())), (&["a.json=2".to_owned()][..], vec!["bomb.json"]));
    let small = Limits { entry_bytes: 1 << 20, ratio: u64::MAX, ..Limits::default() };
    let (seen, _) = names(file.path(), ArchiveKind::Zip, &small);
    assert_eq!(seen, ["a.json=2"]);
}

#[test]
fn too_much_in_all_is_refused() {
    let file = archive(&[("a.json", &[b'a'; 600]), ("b.json", &[b'b'; 600])]);
    let total = Limits { total_bytes: 1000, ..Limits::default() };
    assert!(matches!(names(file.path(), ArchiveKind::Zip, &total).1, Err(UnpackError::TooLarge(_))));
    let few = Limits { entries: 1, ..Limits::default() };
    assert!(matches!(names(file.path(), ArchiveKind::Zip, &few).1, Err(UnpackError::TooLarge(_))));
}

#[test]
fn a_truncated_archive_is_refused_as_a_whole() {
    let file = archive(&[("a.json", b"{}"), ("b.json", b"{}")]);
    let length = file.as_file().metadata().unwrap().len();
    file.as_file().set_len(length - 30).unwrap();
    let (names, found) = names(file.path(), ArchiveKind::Zip, &Limits::default());
    assert!(names.is_empty() && matches!(found, Err(UnpackError::Broken(_))));
}

#[test]
fn a_baseline_is_read_through_its_inner_archive() {
    let inner = archive(&[("cves/2024/3xxx/CVE-2024-3094.json", b"{}"), ("cves/delta.json", b"[]")]);
    let inner = std::fs::read(inner.path()).unwrap();
    let outer = archive(&[("cves.zip", &inner)]);
    let (names, found) = names(outer.path(), ArchiveKind::ZipInZip, &Limits::default());
    assert_eq!(names, ["cves.zip!/cves/2024/3xxx/CVE-2024-3094.json=2", "cves.zip!/cves/delta.json=2"]);
    assert_eq!(found.unwrap().entries, 2);
    let one = one_document(outer.path(), ArchiveKind::ZipInZip, "cves.zip!/cves/2024/3xxx/CVE-2024-3094.json");
    assert_eq!(one.unwrap(), b"{}");
    assert!(is_document(Format::CveRecord, "cves.zip!/cves/2024/3xxx/CVE-2024-3094.json"));
    assert!(!is_document(Format::CveRecord, "cves.zip!/cves/deltaLog.json"));
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xzipped(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

type Pack = fn(&[u8]) -> Vec<u8>;

/// Each way of packing one document, with what packs it.
const SINGLE: [(ArchiveKind, Pack); 3] =
    [(ArchiveKind::Gz, gzipped), (ArchiveKind::Bz2, bzipped), (ArchiveKind::Xz, xzipped)];

fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

#[test]
fn bytes_behind_a_compressed_document_are_noted_and_a_second_member_is_read() {
    for (kind, pack) in SINGLE {
        let check = |bytes: &[u8], content: &str, trailing: bool| {
            let file = written(bytes);
            assert_eq!(ArchiveKind::recognise(file.path()).unwrap(), Some(kind));
            let (names, found) = names(file.path(), kind, &Limits::default());
            assert_eq!(
                (names.as_slice(), found.unwrap().trailing_bytes),
                (&[content.to_owned()][..], trailing),
                "{kind:?}"
            );
        };
        check(&pack(b"cve,epss"), "=8", false);
        check(&[pack(b"cve,epss"), b"garbage".to_vec()].concat(), "=8", true);
        check(&[pack(b"cve,epss"), vec![0; 512]].concat(), "=8", false);
        check(&[pack(b"cve,"), pack(b"epss")].concat(), "=8", false);
    }
}

#[test]
fn a_compressed_document_that_ends_early_or_inflates_without_end_is_refused() {
    for (kind, pack) in SINGLE {
        let whole = pack(&[b'a'; 5000]);
        for cut in [whole.len() - 9, whole.len() / 2, 7] {
            let file = written(&whole[..cut]);
            let found = names(file.path(), kind, &Limits::default()).1;
            assert!(matches!(found, Err(UnpackError::Broken(_))), "{kind:?} cut at {cut}: {found:?}");
        }
        let file = written(&pack(&vec![0; 4 << 20]));
        let limits = Limits { document_bytes: 1 << 20, ..Limits::default() };
        assert!(matches!(names(file.path(), kind, &limits).1, Err(UnpackError::TooLarge(_))), "{kind:?}");
    }
}

#[test]
fn a_damaged_compressed_document_is_refused_or_read_but_never_ends_the_program() {
    let text: Vec<u8> = (0..4000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
    let limits = Limits { document_bytes: 1 << 20, ..Limits::default() };
    for (kind, pack) in SINGLE {
        let whole = pack(&text);
        for at in (0..whole.len()).step_by(whole.len() / 300 + 1) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x5a;
            let _ = names(written(&damaged).path(), kind, &limits);
            let _ = ArchiveKind::recognise(written(&damaged).path());
        }
    }
}

#[test]
fn an_xz_document_that_asks_for_a_gigantic_dictionary_is_refused_before_it_gets_it() {
    let mut options = lzma_rust2::XzOptions::with_preset(1);
    options.lzma_options.dict_size = 1 << 30;
    options.lzma_options.mf = lzma_rust2::MfType::Hc4;
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(b"small").unwrap();
    let file = written(&encoder.finish().unwrap());
    assert!(matches!(names(file.path(), ArchiveKind::Xz, &Limits::default()).1, Err(UnpackError::Broken(_))));
}

#[test]
fn a_tar_shows_files_and_neither_links_nor_climbing_names() {
    let mut builder = tar::Builder::new(Vec::new());
    let mut add = |name: &str, kind: tar::EntryType, bytes: &[u8]| {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_entry_type(kind);
        header.set_cksum();
        builder.append(&header, bytes).unwrap();
    };
    add("2024/a.json", tar::EntryType::Regular, b"{}");
    add("../b.json", tar::EntryType::Regular, b"{}");
    add("link.json", tar::EntryType::Symlink, b"");
    add("c.json", tar::EntryType::Regular, b"[1]");
    let bytes = builder.into_inner().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    let check = |expected: ArchiveKind| {
        assert_eq!(ArchiveKind::recognise(file.path()).unwrap(), Some(expected));
        let (seen, found) = names(file.path(), expected, &Limits::default());
        assert_eq!(seen, ["2024/a.json=2", "c.json=3"]);
        assert_eq!(skipped(&found.unwrap()), ["../b.json", "link.json"]);
    };
    check(ArchiveKind::Tar);
    std::fs::write(file.path(), gzipped(&bytes)).unwrap();
    check(ArchiveKind::TarGz);
    std::fs::write(file.path(), bzipped(&bytes)).unwrap();
    check(ArchiveKind::TarBz2);
    std::fs::write(file.path(), xzipped(&bytes)).unwrap();
    check(ArchiveKind::TarXz);
    std::fs::write(file.path(), zstd::encode_all(bytes.as_slice(), 1).unwrap()).unwrap();
    check(ArchiveKind::TarZst);
}

#[test]
fn a_tar_with_an_endless_name_is_refused_before_it_fills_memory() {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(1 << 30);
    header.set_cksum();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), header.as_bytes()).unwrap();
    file.as_file().set_len(1 << 30).unwrap();
    assert!(matches!(names(file.path(), ArchiveKind::Tar, &Limits::default()).1, Err(UnpackError::Broken(_))));
}
