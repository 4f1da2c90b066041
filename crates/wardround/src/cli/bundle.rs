//! `source bundle`: arguments of its verbs.

use std::path::PathBuf;

use app::bundle::After;
use clap::Subcommand;

/// `source bundle`.
#[derive(Debug, Subcommand)]
pub(crate) enum Bundle {
    /// Write fetches with everything they brought into one signed file, to be carried across an air gap.
    Export {
        /// File to write; must not exist. The ending .tar.zst says what it is.
        file: PathBuf,
        /// From this journal entry on; from the beginning if neither this nor --after is given.
        #[arg(long, value_name = "ENTRY", conflicts_with = "after")]
        since: Option<u64>,
        /// What came after the last bundle that was exported (`last`), or after the bundle in this file.
        #[arg(long, value_name = "LAST")]
        after: Option<PathBuf>,
        /// Only this source. May be given several times.
        #[arg(long = "source", value_name = "SOURCE")]
        sources: Vec<String>,
    },
    /// Verify a bundle as a whole, then take it in. The same bundle twice changes nothing. Exits with 1 if a source of it is
    /// not ok afterwards.
    Import {
        /// The bundle.
        file: PathBuf,
        /// File with the other journal's public key (its keys/journal.pub); needed the first time, and remembered.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// Go on although fetches before it are missing; they are recorded as missing.
        #[arg(long, value_name = "REASON")]
        allow_gap: Option<String>,
        /// Who imports it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
}

/// Where an export begins.
pub(crate) fn after(since: Option<u64>, after: Option<PathBuf>) -> After {
    match (since, after) {
        (Some(entry), _) => After::Entry(entry),
        (None, Some(last)) if last.as_os_str() == "last" => After::Last,
        (None, Some(file)) => After::Bundle(file),
        (None, None) => After::Nothing,
    }
}
