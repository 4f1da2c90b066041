//! Documents that are broken or meant to break us: no panic, no overflow, no record out of a broken document.

use domain::normalise::{Format, epss};

use super::records;

const ALL: [Format; 7] = [
    Format::Osv,
    Format::CveRecord,
    Format::NvdPage,
    Format::Kev,
    Format::Csaf,
    Format::DebianTracker,
    Format::AlpineSecdb,
];

/// One small document that has something for every format.
const MIXED: &str = r#"{"id":"GHSA-1","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.2"}]}]}],
"cveMetadata":{"cveId":"CVE-2024-0001","state":"PUBLISHED"},"containers":{"cna":{"affected":[{"vendor":"v","product":"p","versions":[{"version":"1","lessThan":"2.*","status":"affected"}]}]}},
"vulnerabilities":[{"cveID":"CVE-2024-0001","cve":{"id":"CVE-2024-0001","configurations":[{"nodes":[{"cpeMatch":[{"criteria":"cpe:2.3:a:x\:y:b:1:*:*:*:*:*:*:*"}]}]}]}}],"count":1,
"document":{"tracking":{"id":"X-1"}},"product_tree":{"branches":[{"category":"vendor","name":"é\u00e9","product":{"product_id":"1","name":"n"}}]},
"openssl":{"CVE-2024-0001":{"releases":{"sid":{"status":"open"}}}},"packages":[{"pkg":{"name":"a","secfixes":{"1-r0":["CVE-2024-0001"]}}}],"distroversion":"v3.18"}"#;

#[test]
fn no_truncation_and_no_flipped_byte_makes_a_reader_panic() {
    for format in ALL {
        for end in 0..MIXED.len() {
            let (statement, found) = records(format, &MIXED.as_bytes()[..end]);
            assert!(statement.is_ok() || found.is_empty());
            assert!(found.iter().all(Result::is_err), "{format:?} {end}");
        }
        for at in 0..MIXED.len() {
            for flip in [0x01, 0x20, 0x80, 0xFF] {
                let mut bytes = MIXED.as_bytes().to_vec();
                bytes[at] ^= flip;
                let _ = records(format, &bytes);
            }
        }
    }
}

#[test]
fn two_hundred_thousand_brackets_overflow_nothing() {
    let deep = "[".repeat(200_000);
    let closed = format!("{deep}{}", "]".repeat(200_000));
    for format in ALL {
        for (place, value) in [
            ("vulnerabilities", format!("[{closed}]")),
            ("affected", closed.clone()),
            ("unknown", closed.clone()),
            ("details", deep.clone()),
        ] {
            let _ = records(format, format!(r#"{{"{place}":{value},"id":"A-1","count":1}}"#).as_bytes());
        }
        let _ = records(format, deep.as_bytes());
        let _ = records(format, "{\"a\":".repeat(100_000).as_bytes());
    }
    let ignored = format!(r#"{{"id":"A-1","database_specific":{{"x":{closed}}},"unknown":{closed}}}"#);
    let (_, found) = records(Format::Osv, ignored.as_bytes());
    assert_eq!(found[0].as_ref().unwrap().value.id, "A-1");
}

#[test]
fn branches_deeper_than_the_reader_go_to_quarantine() {
    let open = r#"{"category":"product_family","name":"f","branches":["#.repeat(5000);
    let close = "]}".repeat(5000);
    let document =
        format!(r#"{{"document":{{"tracking":{{"id":"X-1"}}}},"product_tree":{{"branches":[{open}{close}]}}}}"#);
    let (_, found) = records(Format::Csaf, document.as_bytes());
    assert!(found[0].as_ref().unwrap_err().contains("recursion limit"));
}

#[test]
fn an_error_page_instead_of_a_document_is_a_fault() {
    for format in ALL {
        for page in ["<!DOCTYPE html><title>503</title>", "", "  ", "[]", "null", "\u{feff}"] {
            let (statement, found) = records(format, page.as_bytes());
            assert!(statement.is_err() && found.is_empty(), "{format:?} {page:?}");
        }
    }
    assert!(epss(b"<!DOCTYPE html>", "epss.csv").is_err());
}

#[test]
fn white_space_around_a_record_is_no_part_of_it() {
    let (_, bare) = records(Format::Osv, br#"{"id":"A-1"}"#);
    let (_, padded) = records(Format::Osv, b"\xEF\xBB\xBF \r\n{\"id\":\"A-1\"}\n");
    let (bare, padded) = (&bare[0].as_ref().unwrap().value, &padded[0].as_ref().unwrap().value);
    assert_eq!(bare.revision, padded.revision);
    assert_eq!((padded.raw.offset, padded.raw.length), (6, 12));
}

#[test]
fn a_flood_of_mistakes_is_counted_and_not_listed() {
    let many = "7,".repeat(5000);
    let (_, found) = records(Format::Osv, format!(r#"{{"id":"A-1","affected":[{many}7]}}"#).as_bytes());
    let warnings = &found[0].as_ref().unwrap().warnings;
    assert_eq!(warnings.len(), 101);
    assert!(warnings[100].reason.contains("4901 more"));
}
