//! Files and folders instead of the network: what a maker without network, or with a mirror, imports.
//!
//! Accepted is what the providers publish, however it is packed: one document, a compressed one, an archive, or a folder of
//! any of these. A folder's loose documents are handed over together, as one tar with names relative to the folder, so that
//! forty thousand records are one archived object. Symbolic links are not followed.

mod walk;

use std::fs::File;
use std::io;
use std::path::Path;

use domain::clock::Clock;
use domain::model::source::{Exchange, FetchOutcome};
use domain::normalise::Format;

use crate::config::SourceConfig;
use crate::delivery::{ArchiveKind, Content, End, Received, Sink};
use crate::kind::Kind;
use crate::unpack;
use walk::Found;

/// Hands the documents at `path` to `sink`, oldest state first: snapshots before deltas, then by name.
///
/// For an OSV source, `path` may be a copy of the whole bucket: its ecosystem's folder is taken. The cursor is none: the next
/// fetch from the network begins at the beginning.
pub fn fetch_files(config: &SourceConfig, path: &Path, clock: &dyn Clock, sink: &mut dyn Sink) -> End {
    let path = match &config.kind {
        Kind::Osv { ecosystem: Some(ecosystem) } if path.join(ecosystem).is_dir() => path.join(ecosystem),
        _ => path.to_owned(),
    };
    let mut import =
        Import { format: config.kind.format(), clock, sink, owed: Vec::new(), records: 0, timestamp: None };
    let found = match walk::find(&path, import.format) {
        Ok(found) => found,
        Err(error) => {
            import.owed.push(format!("{} could not be read: {error}.", path.display()));
            return import.end(false);
        }
    };
    import.owed.extend(found.unread.iter().map(|(place, reason)| format!("{place} was not read: {reason}.")));
    let full_set = is_full_set(&config.kind, &found);
    for packed in &found.packed {
        import.packed(packed);
    }
    match found.loose.as_slice() {
        [] => {}
        [single] => import.single(single),
        _ => import.folder(&path, &found),
    }
    if found.packed.is_empty() && found.loose.is_empty() {
        import.owed.push(format!("{} holds no documents of {}.", path.display(), config.kind.name()));
    }
    import.end(full_set)
}

/// Whether what was found is all there is, by what the providers publish under these names.
fn is_full_set(kind: &Kind, found: &Found) -> bool {
    let single = found.packed.len() + found.loose.len() == 1;
    match kind {
        Kind::CisaKev
        | Kind::EuKev
        | Kind::Epss
        | Kind::Debian
        | Kind::Secdb
        | Kind::AmazonLinux
        | Kind::OracleLinux
        | Kind::Arch
        | Kind::YoctoCveCheck => single,
        Kind::Osv { .. } => {
            single && found.packed.iter().any(|path| path.file_name().is_some_and(|name| name == "all.zip"))
        }
        _ => false,
    }
}

struct Import<'a> {
    format: Format,
    clock: &'a dyn Clock,
    sink: &'a mut dyn Sink,
    owed: Vec<String>,
    records: u64,
    timestamp: Option<jiff::Timestamp>,
}

impl Import<'_> {
    /// An archive or compressed document.
    fn packed(&mut self, path: &Path) {
        match ArchiveKind::recognise(path) {
            Ok(Some(kind)) => self.take(path, path, Content::Archive(self.format, kind)),
            Ok(None) => self.single(path),
            Err(error) => self.owed.push(format!("{} could not be read: {error}.", path.display())),
        }
    }

    fn single(&mut self, path: &Path) {
        self.take(path, path, Content::Document(self.format));
    }

    /// Loose documents, as one tar.
    fn folder(&mut self, root: &Path, found: &Found) {
        match tar_of(root, found) {
            Ok(tar) => self.take(root, tar.path(), Content::Archive(self.format, ArchiveKind::Tar)),
            Err(error) => self.owed.push(format!("{} could not be packed: {error}.", root.display())),
        }
    }

    fn take(&mut self, from: &Path, body: &Path, content: Content) {
        let bytes = body.metadata().map_or(0, |metadata| metadata.len());
        let exchange = Exchange {
            from: from.display().to_string(),
            at: self.clock.now(),
            status: 0,
            etag: None,
            last_modified: None,
            bytes,
            object: None,
            carried: None,
            tlp: None,
        };
        match self.sink.take(Received { exchange, body, content }) {
            Ok(taken) => {
                self.records += taken.records;
                self.timestamp = self.timestamp.max(taken.data_timestamp);
                if taken.quarantined > 0 {
                    self.owed.push(format!(
                        "{} records of {} could not be read and set aside.",
                        taken.quarantined,
                        from.display()
                    ));
                }
            }
            Err(reason) => self.owed.push(format!("{} {reason}.", from.display())),
        }
    }

    fn end(self, full_set: bool) -> End {
        let outcome = match (self.owed.is_empty(), self.records) {
            (true, _) => FetchOutcome::Ok,
            (false, 0) => FetchOutcome::Failed,
            (false, _) => FetchOutcome::Incomplete,
        };
        let full_set = full_set && outcome == FetchOutcome::Ok;
        End {
            outcome,
            owed: self.owed,
            cursor: None,
            stated: None,
            data_timestamp: self.timestamp,
            full_set,
            checks: Vec::new(),
        }
    }
}

/// The same folder always makes the same bytes: names in order, no times, no owners.
fn tar_of(root: &Path, found: &Found) -> io::Result<tempfile::NamedTempFile> {
    let file = tempfile::Builder::new().prefix("wardround-spool-").tempfile()?;
    let mut builder = tar::Builder::new(io::BufWriter::new(file.as_file()));
    for path in &found.loose {
        let name = path.strip_prefix(root).unwrap_or(path);
        let document = File::open(path)?;
        let mut header = tar::Header::new_ustar();
        header.set_size(document.metadata()?.len());
        header.set_mode(0o644);
        builder.append_data(&mut header, name, document)?;
    }
    builder.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file)
}

/// Whether a name is that of a packed file.
fn is_packed(name: &str) -> bool {
    [".zip", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".tar"].iter().any(|ending| name.ends_with(ending))
}

/// Whether a file could hold documents of `format`, by its name.
fn is_wanted(format: Format, path: &str) -> bool {
    is_packed(path) || unpack::is_document(format, path)
}
