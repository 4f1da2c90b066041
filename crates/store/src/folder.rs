//! Folders on disk: the one thing files need so that a rename survives a power failure.

use std::fs::File;
use std::io;
use std::path::Path;

/// Makes the names in `folder` durable: created and renamed files are found again after a power failure.
///
/// Only Unix lets a folder be opened and synchronised; elsewhere the file system's own journal has to do.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
