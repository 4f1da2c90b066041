//! What the fuzz targets share: one document of foreign bytes, read as the product reads it.
//!
//! Run one with `cargo fuzz run TARGET` (with `-s none` on a stable toolchain). A crash or a hang is a bug: it becomes a
//! test in the crate that holds the parser, then a fix.

use std::io::Write as _;
use std::ops::ControlFlow;

use domain::model::raw::Digest;
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{self, Context, Format};
use sources::unpack::{self, ArchiveKind, Limits};

/// Cuts a document into records and translates each.
pub fn document(format: Format, bytes: &[u8]) {
    let source = SourceId("fuzz".to_owned());
    let context = Context {
        source: &source,
        family: Family::Csaf,
        object: Digest([0; 32]),
        entry: "",
        from: "https://example.org/feed-9.json",
        document: bytes,
        tlp: Tlp::Clear,
    };
    if format == Format::EpssCsv {
        let _ = normalise::epss(bytes, "epss_scores-2024-10-09.csv");
        return;
    }
    let mut visited = 0_u64;
    let end = normalise::split_named(format, context.from, bytes, &mut |record| {
        visited += 1;
        let start = usize::try_from(record.offset).expect("an offset in memory");
        assert!(start + record.bytes.len() <= bytes.len(), "a record lies in its document");
        if let Ok(translated) = normalise::translate(format, &record, &context) {
            assert_eq!(translated.value.revision, Digest::of(record.bytes));
        }
    });
    match end {
        Ok(statement) => assert_eq!(statement.records, visited, "the count is that of the records"),
        Err(fault) => assert!(visited == 0, "nothing of a broken document is taken in: {fault}"),
    }
}

/// Opens an archive within small limits.
pub fn archive(kind: ArchiveKind, bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("the bytes are written");
    let limits = Limits {
        total_bytes: 4 << 20,
        entry_bytes: 1 << 20,
        document_bytes: 1 << 20,
        entries: 1_000,
        ..Limits::default()
    };
    let mut total = 0_usize;
    let _ = unpack::each_document(file.path(), kind, &limits, &mut |name, content| {
        assert!(!name.split(['/', '\\']).any(|part| part == ".."), "{name:?} climbs");
        total += content.len();
        assert!(total <= 4 << 20, "the limit holds");
        ControlFlow::Continue(())
    });
}

/// Reads an SBOM, whatever its format.
pub fn sbom(bytes: &[u8]) {
    let _ = normalise::sbom::read(bytes, "supplier.json");
}
