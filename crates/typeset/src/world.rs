//! The typesetter's whole world: one template, one data file, the embedded fonts, a fixed date.

use std::fmt::Write as _;
use std::sync::OnceLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// Template, data and date; fonts are shared by all.
pub(crate) struct OfflineWorld {
    library: LazyHash<Library>,
    main: FileId,
    template: Source,
    data_id: FileId,
    data: Bytes,
    today: Datetime,
}

impl OfflineWorld {
    pub(crate) fn new(template: &str, data: &str, today: Datetime) -> Self {
        let main = file("/main.typ");
        Self {
            library: LazyHash::new(Library::default()),
            main,
            template: Source::new(main, template.to_owned()),
            data_id: file("/data.json"),
            data: Bytes::from_string(covered(data)),
            today,
        }
    }
}

fn file(path: &'static str) -> FileId {
    let path = VirtualPath::new(path).expect("a constant absolute path is a virtual path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// The embedded fonts, read once per process.
fn fonts() -> &'static (LazyHash<FontBook>, Vec<Font>) {
    static FONTS: OnceLock<(LazyHash<FontBook>, Vec<Font>)> = OnceLock::new();
    FONTS.get_or_init(|| {
        let fonts: Vec<Font> = typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data))).collect();
        (LazyHash::new(FontBook::from_fonts(&fonts)), fonts)
    })
}

/// Replaces what no embedded font can show. JSON's own syntax is ASCII, so the text stays JSON.
fn covered(data: &str) -> String {
    let (book, all) = fonts();
    let shows = |c: char| {
        let covers = |index| book.info(index).is_some_and(|info| info.coverage.contains(u32::from(c)));
        (0..all.len()).any(covers)
    };
    let mut text = String::with_capacity(data.len());
    for c in data.chars() {
        if c.is_ascii() || shows(c) {
            text.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "[U+{:04X}]", u32::from(c));
        }
    }
    text
}

impl World for OfflineWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts().0
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().1.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}
