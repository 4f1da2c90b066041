//! A file as bytes in memory: the only place of this crate that needs `unsafe`.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

/// A read-only mapping of a whole file.
pub(super) struct Map(Mmap);

impl Map {
    /// Maps the file at `path`, which must be a file of the knowledge named by a committed generation.
    #[expect(unsafe_code, reason = "mapping is unsafe because others could change the file; ours never change")]
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the bytes behind the mapping must not change or vanish while it lives. Files of the knowledge are
        // created under a number that no earlier generation used, written to their end and synced before the first
        // generation names them, and never opened for writing again: `SectionFile::create` refuses an existing name,
        // and nothing truncates. They are removed only when no generation names them; a removed file stays readable
        // through its mappings on Unix, and cannot be removed while mapped on Windows. The mapping is as long as the
        // file, so a file that was cut short before it was opened is a short slice and not a fault.
        unsafe { Mmap::map(&file) }.map(Self)
    }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
