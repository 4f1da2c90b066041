//! Sources: the network and files. Documents in, bytes on; what an advisory says is nobody's business here.
//!
//! | module | what it does |
//! |---|---|
//! | [`config`] | what a source is: kind, address, key, limits |
//! | [`delivery`] | the border to the archive: [`Sink`], [`Received`], [`End`] |
//! | [`http`] | conditional requests, retries, pacing, resumption, redirects |
//! | [`unpack`] | archives and compressed documents, within limits |
//! | [`kind`] | the kinds of source, and the facts about each |
//! | `cve_list`, `nvd`, `osv`, `csaf`, `taxii` … | one provider's protocol each; `whole_file` where it is one document, `whole_files` where it is one for each release |
//! | [`files`] | the same documents from a file or folder, without any network |
//!
//! # What every source keeps
//! * It moves its cursor only past what the sink has taken in. Asking again is always safe.
//! * It never believes a 200: the sink reads the whole document, and what is unusable is asked for again, then named.
//! * It waits as the provider asks (`Retry-After`, published rates) and goes to no other host without TLS.
//! * It ends with an [`End`], whatever happens: a failure is a sentence in [`End::owed`].
//!
//! # To add a source
//! 1. A variant of [`Kind`] and its row of [`kind::Facts`]; the compiler lists the places.
//! 2. Its protocol: one file is `whole_file` and no code at all; else a module with
//!    `fn run(session: &mut Session, cursor: Cursor)` and an arm in [`fetch`].
//! 3. A test against a server that misbehaves, in `tests/it`.

mod alma;
mod alpine;
mod amazon;
pub mod config;
mod csaf;
mod cve_list;
pub mod delivery;
mod epss;
mod euvd;
pub mod files;
pub mod http;
pub mod kind;
mod mail;
mod misp;
mod msrc;
mod news_feed;
mod nvd;
mod nvd_feeds;
mod openpgp;
mod osv;
mod packed;
mod photon;
mod red_hat;
mod rocky;
mod session;
mod taxii;
mod ubuntu;
pub mod unpack;
mod whole_file;
mod whole_files;

use domain::clock::Clock;

pub use config::{FetchLimits, Login, Secret, SourceConfig, Tls};
pub use csaf::CSAF_PROVIDERS;
pub use delivery::{ArchiveKind, Content, Earlier, End, Page, Received, Sink, Taken, Unusable, Usable};
pub use files::fetch_files;
pub use http::Http;
pub use kind::{Facts, Kind};

use session::Session;

/// Fetches what is new at a source and hands it to `sink`.
///
/// `cursor` is the one that the last fetch ended with; without one, everything is fetched. An unreadable cursor counts as none.
pub fn fetch(config: &SourceConfig, cursor: Option<&str>, http: &Http, clock: &dyn Clock, sink: &mut dyn Sink) -> End {
    if config.kind == Kind::Mail {
        return mail::run(config, cursor, clock, sink);
    }
    let session = Session::new(config, cursor, http, clock, sink);
    match &config.kind {
        Kind::CveList => cve_list::run(session),
        Kind::Nvd => nvd::run(session),
        Kind::NvdFeeds => nvd_feeds::run(session),
        Kind::Csaf => csaf::run(session),
        Kind::RedHat => red_hat::run(session),
        Kind::Osv { ecosystem } => osv::run(session, ecosystem.as_deref()),
        Kind::Euvd => euvd::run(session),
        Kind::Epss => epss::run(session),
        Kind::Alpine { releases } => alpine::run(session, releases),
        Kind::Ubuntu => ubuntu::run(session),
        Kind::AmazonLinux => amazon::run(session),
        Kind::AlmaLinux { releases } => alma::run(session, releases),
        Kind::RockyLinux => rocky::run(session),
        Kind::Photon { releases } => photon::run(session, releases),
        Kind::Msrc => msrc::run(session),
        Kind::Taxii { collection } => taxii::run(session, collection),
        Kind::Misp => misp::run(session),
        Kind::NewsFeed => news_feed::run(session),
        // Answered above: a folder needs no session.
        Kind::Mail => session.end_with("Mails come from a folder.".to_owned()),
        Kind::CisaKev
        | Kind::EuKev
        | Kind::Gcve
        | Kind::Debian
        | Kind::Secdb
        | Kind::OracleLinux
        | Kind::Arch
        | Kind::YoctoCveCheck => whole_file::run(session),
    }
}
