//! `source`: arguments of its verbs.

use std::path::PathBuf;

use clap::Subcommand;

/// `source`.
#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// Sources, how fresh and complete each is. Exits with 1 if one is not.
    List,
    /// Ask sources for what is new.
    Sync {
        /// Which; those that are due if none is named.
        sources: Vec<String>,
        /// Ask all, due or not.
        #[arg(long, conflicts_with = "sources")]
        all: bool,
        /// Take documents from a file or folder instead of the network; needs exactly one source.
        #[arg(long, value_name = "PATH")]
        from: Option<PathBuf>,
    },
    /// Fetches, the last ones first.
    Log {
        /// Of this source only.
        source: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 20)]
        limit: u64,
    },
    /// One fetch with its exchanges and quarantined records.
    Show {
        /// Journal entry of the fetch, as `source log` lists it.
        entry: u64,
    },
    /// Accept that a source shrank; its next fetch is taken in as it comes.
    Accept {
        /// The source.
        source: String,
        /// Why that is right.
        #[arg(long)]
        reason: String,
        /// Who accepts it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
}
