//! `source`: arguments of its verbs.

use std::path::PathBuf;

use app::register::Fields;
use clap::{Args, Subcommand};
use domain::model::register::GapId;
use domain::model::tlp::Tlp;
use jiff::civil::Date;

/// `source`.
#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// Sources: state, age, completeness, what is due and open. Exits with 1 if one is not ok.
    #[command(visible_alias = "list")]
    Status {
        /// As it was at the end of a day (UTC), by the register and the fetches of then.
        #[arg(long, value_name = "DAY")]
        on: Option<Date>,
    },
    /// Day by day: one source with its hours, or all sources side by side.
    Timeline {
        /// The source; all if absent.
        source: Option<String>,
        /// So many days up to today; 90 of one source, 72 of all if absent.
        #[arg(long)]
        days: Option<u32>,
    },
    /// The ledger of gaps: since when, why, closed by which fetch, reviewed by whom.
    Gaps {
        /// Of this source only.
        source: Option<String>,
        /// Only those that are open.
        #[arg(long)]
        open: bool,
    },
    /// Gaps: say what follows from one.
    #[command(subcommand)]
    Gap(Gap),
    /// Suppliers and components that no source speaks about, and sources without fresh data. Exits with 1 if there are any.
    Coverage,
    /// The source register: every source as a controlled record, with its approval and next review.
    Register {
        /// Retired sources, too.
        #[arg(long)]
        retired: bool,
    },
    /// Revisions and approvals of a source's record.
    History {
        /// The source.
        source: String,
    },
    /// Add a source to wardround.toml and to the register.
    Add {
        /// What kind of source; `source kinds` lists them.
        kind: String,
        /// Its name.
        #[arg(long)]
        id: String,
        /// Why it is monitored.
        #[arg(long)]
        why: String,
        /// Who is responsible for it.
        #[arg(long)]
        owner: String,
        /// What else is to be said.
        #[command(flatten)]
        fields: Box<SourceFields>,
        /// Who adds it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Change a source in wardround.toml and in the register; comments in the file stay.
    Change {
        /// The source.
        source: String,
        /// Why it is monitored.
        #[arg(long)]
        why: Option<String>,
        /// Who is responsible for it.
        #[arg(long)]
        owner: Option<String>,
        /// What else changes.
        #[command(flatten)]
        fields: Box<SourceFields>,
        /// Who changes it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Retire a source: it leaves wardround.toml, its record says why. What it brought stays known.
    Retire {
        /// The source.
        source: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Who retires it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Approve the newest revision of a source's record.
    Approve {
        /// The source. Several may be named.
        #[arg(required = true)]
        sources: Vec<String>,
        /// Day on which the record is to be looked at again.
        #[arg(long, value_name = "DAY")]
        next_review: Date,
        /// A remark.
        #[arg(long, default_value = "")]
        remark: String,
        /// Who approves.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Sources for a typical maker: print them, or add those that are not there.
    Preset {
        /// Which.
        #[arg(value_parser = app::register::preset::NAMES)]
        name: String,
        /// Add them to wardround.toml and to the register; needs --as.
        #[arg(long, requires = "user")]
        apply: bool,
        /// Who is responsible for them.
        #[arg(long, default_value = "")]
        owner: String,
        /// Who adds them.
        #[arg(long = "as", value_name = "USER")]
        user: Option<String>,
    },
    /// Kinds of sources, and what holds for each unless it is configured otherwise.
    Kinds,
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
    /// What a source lacks whose last fetch was held back, before that is accepted.
    Held {
        /// The source.
        source: String,
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
    /// Fetches in signed files, across an air gap.
    #[command(subcommand)]
    Bundle(super::bundle::Bundle),
}

/// `source gap`.
#[derive(Debug, Subcommand)]
pub(crate) enum Gap {
    /// Record what you conclude about a gap.
    Review {
        /// GAP-NUMBER.
        #[arg(value_parser = gap_id)]
        gap: GapId,
        /// Whether anything was missed, and what was done.
        #[arg(long)]
        conclusion: String,
        /// Who concludes it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
}

fn gap_id(text: &str) -> Result<GapId, String> {
    let digits = text.trim_start_matches("GAP-").trim_start_matches("gap-");
    digits.parse().map(GapId).map_err(|_| "a number is needed, as in GAP-7".to_owned())
}

/// What can be said about a source; what is absent is as its kind has it.
#[derive(Debug, Args)]
pub(crate) struct SourceFields {
    /// Address.
    #[arg(long)]
    url: Option<String>,
    /// Rhythm, as in "2 hours".
    #[arg(long)]
    every: Option<String>,
    /// Age of the last good fetch from which the data are stale, as in "2 days".
    #[arg(long)]
    fresh: Option<String>,
    /// Age from which the data are stale by the provider's own time stamp, or "off".
    #[arg(long)]
    data_fresh: Option<String>,
    /// OSV ecosystem.
    #[arg(long)]
    ecosystem: Option<String>,
    /// Releases of a distribution.
    #[arg(long, value_delimiter = ',')]
    releases: Vec<String>,
    /// Collection of a TAXII server: identifier or alias.
    #[arg(long)]
    collection: Option<String>,
    /// How completeness is judged, as a sentence.
    #[arg(long)]
    completeness: Option<String>,
    /// Mark of what carries none itself.
    #[arg(long)]
    tlp: Option<Tlp>,
    /// Share of live records, in percent, that may vanish before a person is asked.
    #[arg(long, value_name = "PERCENT")]
    shrink_percent: Option<u32>,
    /// Environment variable with the API key.
    #[arg(long, value_name = "NAME")]
    api_key_env: Option<String>,
    /// Name for Basic authentication.
    #[arg(long)]
    login: Option<String>,
    /// Environment variable with the password.
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,
    /// PEM file with a client certificate and its key.
    #[arg(long, value_name = "FILE")]
    client_certificate: Option<String>,
    /// PEM file with authorities to trust besides the platform's.
    #[arg(long, value_name = "FILE")]
    trust: Option<String>,
}

impl SourceFields {
    /// As the register takes them.
    pub(crate) fn of(
        self: Box<Self>,
        id: String,
        kind: Option<String>,
        why: Option<String>,
        owner: Option<String>,
    ) -> Fields {
        Fields {
            id,
            kind,
            url: self.url,
            ecosystem: self.ecosystem,
            releases: self.releases,
            collection: self.collection,
            why,
            owner,
            every: self.every,
            fresh: self.fresh,
            data_fresh: self.data_fresh,
            completeness: self.completeness,
            tlp: self.tlp.map(|tlp| tlp.label().to_owned()),
            shrink_percent: self.shrink_percent,
            api_key_env: self.api_key_env,
            user: self.login,
            password_env: self.password_env,
            client_certificate: self.client_certificate,
            trust: self.trust,
        }
    }
}
