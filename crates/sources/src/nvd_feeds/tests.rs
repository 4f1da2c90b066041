use super::*;

const META: &[u8] = b"lastModifiedDate:2022-10-20T03:00:10-04:00\r\nsize:2\r\nzipSize:120\r\ngzSize:22\r\n\
sha256:44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A\r\n";

#[test]
fn a_statement_is_read_whatever_ends_its_lines() {
    let meta = meta::read(META).unwrap();
    assert_eq!((meta.size, meta.gz_size), (2, Some(22)));
    assert_eq!(meta.last_modified.unwrap().to_string(), "2022-10-20T07:00:10Z");
    assert!(meta.sha256.starts_with("44136fa3"));
    let plain: Vec<u8> = META.iter().copied().filter(|byte| *byte != b'\r').collect();
    assert_eq!(meta::read(&plain).unwrap(), meta);
}

#[test]
fn a_web_page_or_half_a_statement_is_none() {
    assert!(meta::read(b"<html><body>Maintenance</body></html>").is_err());
    assert!(meta::read(&META[..META.len() - 10]).is_err());
    assert!(meta::read(b"").is_err());
    assert!(meta::read(b"size:2\r\nsha256:\xff\xfe\r\n").is_err());
}

#[test]
fn the_digest_is_that_of_the_content_and_what_lies_behind_the_stream_is_none() {
    use std::io::Write as _;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(b"{}").unwrap();
    file.write_all(&packer.finish().unwrap()).unwrap();
    let meta = meta::read(META).unwrap();
    assert_eq!(meta.check(&meta::unpack(file.path(), 100).unwrap()), Ok(()));
    file.write_all(b"behind").unwrap();
    let found = meta::unpack(file.path(), 100).unwrap();
    assert_eq!((meta.check(&found), found.trailing), (Ok(()), true));
    assert!(meta::unpack(file.path(), 1).unwrap_err().contains("more than 1 bytes"));
}

#[test]
fn a_cursor_reads_back_as_written() {
    let meta = meta::read(META).unwrap();
    let feeds = BTreeMap::from([("2024".to_owned(), meta)]);
    let cursor = Cursor { feeds, changes: Some("2024-10-09T06:00:00Z".parse().unwrap()), ..Cursor::default() };
    let text = serde_json::to_string(&cursor).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&text).unwrap(), cursor);
}
