//! Sources: the network and files. Documents in, bytes on; what an advisory says is nobody's business here.
//!
//! | module | what it does |
//! |---|---|
//! | [`config`] | what a source is: kind, address, key, limits |
//! | [`delivery`] | the border to the archive: [`Sink`], [`Received`], [`End`] |
//! | [`http`] | conditional requests, retries, pacing, resumption, redirects |
//! | [`unpack`] | archives and compressed documents, within limits |
//! | `cve_list`, `nvd`, `osv`, `csaf`, `alpine`, `whole_file` | one provider's protocol each |
//! | [`files`] | the same documents from a file or folder, without any network |
//!
//! # What every source keeps
//! * It moves its cursor only past what the sink has taken in. Asking again is always safe.
//! * It never believes a 200: the sink reads the whole document, and what is unusable is asked for again, then named.
//! * It waits as the provider asks (`Retry-After`, published rates) and goes to no other host without TLS.
//! * It ends with an [`End`], whatever happens: a failure is a sentence in [`End::owed`].
//!
//! # To add a source
//! 1. A variant of [`Kind`]: its name, family, format, address, rhythm; the compiler lists the places.
//! 2. A line in [`ALL`].
//! 3. Its protocol: one file is `whole_file` and no code at all; else a module with
//!    `fn run(session: &mut Session, cursor: Cursor)` and an arm in [`fetch`].
//! 4. A test against a server that misbehaves, in `tests/it`.
//!
//! # Not checked yet
//! OpenPGP signatures of CSAF documents (CSAF 2.0, 7.1.19): their digests are, their signatures are not.

mod alpine;
pub mod config;
mod csaf;
mod cve_list;
pub mod delivery;
pub mod files;
pub mod http;
mod nvd;
mod osv;
mod session;
pub mod unpack;
mod whole_file;

use domain::clock::Clock;

pub use config::{FetchLimits, Kind, Secret, SourceConfig};
pub use delivery::{ArchiveKind, Content, End, Page, Received, Sink, Taken, Unusable};
pub use files::fetch_files;
pub use http::Http;

use session::Session;

/// A kind of source, as it is offered to a person.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// Name in configuration, as [`Kind::name`].
    pub name: &'static str,
    /// What it brings, as a fragment.
    pub about: &'static str,
    /// The kind, with example parameters where it has some.
    pub kind: fn() -> Kind,
}

/// Every kind of source, one line each.
pub const ALL: [Preset; 8] = [
    Preset { name: "cve-list", about: "CVE records with CISA's enrichment", kind: || Kind::CveList },
    Preset { name: "nvd", about: "NIST's applicability statements and scores", kind: || Kind::Nvd },
    Preset { name: "cisa-kev", about: "vulnerabilities known to be exploited", kind: || Kind::CisaKev },
    Preset { name: "csaf", about: "CSAF advisories; CISA's ICS and ICS-Medical by default", kind: || Kind::Csaf },
    Preset {
        name: "osv",
        about: "advisories for packages, by ecosystem",
        kind: || Kind::Osv { ecosystem: "npm".to_owned() },
    },
    Preset { name: "epss", about: "daily exploit prediction scores", kind: || Kind::Epss },
    Preset { name: "debian", about: "Debian's security tracker", kind: || Kind::Debian },
    Preset {
        name: "alpine",
        about: "Alpine's fixed versions, by release",
        kind: || Kind::Alpine { releases: vec!["v3.22".to_owned()] },
    },
];

/// Fetches what is new at a source and hands it to `sink`.
///
/// `cursor` is the one that the last fetch ended with; without one, everything is fetched. An unreadable cursor counts as none.
pub fn fetch(config: &SourceConfig, cursor: Option<&str>, http: &Http, clock: &dyn Clock, sink: &mut dyn Sink) -> End {
    let session = Session::new(config, cursor, http, clock, sink);
    match &config.kind {
        Kind::CveList => cve_list::run(session),
        Kind::Nvd => nvd::run(session),
        Kind::Csaf => csaf::run(session),
        Kind::Osv { ecosystem } => osv::run(session, ecosystem),
        Kind::Alpine { releases } => alpine::run(session, releases),
        Kind::CisaKev | Kind::Epss | Kind::Debian => whole_file::run(session),
    }
}
