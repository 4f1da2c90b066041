//! `watch`: arguments of its verbs.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::model::watch::WatchId;
use jiff::civil::Date;

/// `watch`.
#[derive(Debug, Subcommand)]
pub(crate) enum Watch {
    /// Watch a supplier by hand: what to look at, who looks, how often.
    Add {
        /// The supplier, as SBOMs name it, or the component's name.
        supplier: String,
        /// A component it covers besides all of the supplier's. May be given several times.
        #[arg(long = "component", value_name = "NAME")]
        components: Vec<String>,
        /// What to look at: an address, a mailing list, a telephone number.
        #[arg(long)]
        page: String,
        /// Who looks; the one who sets it up if absent.
        #[arg(long, value_name = "USER")]
        person: Option<String>,
        /// Rhythm: a number and days, weeks, months or years.
        #[arg(long, value_name = "RHYTHM", default_value = "1 month")]
        every: String,
        /// First day on which a look is due; today if absent. The rhythm counts from it.
        #[arg(long, value_name = "DAY")]
        first_due: Option<Date>,
        /// Why by hand.
        #[arg(long)]
        why: String,
        /// Who sets it up.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Change a watch. Days that passed without a look stay missed.
    Change(Change),
    /// Watches, overdue ones first. Exits with 1 if one is overdue.
    List {
        /// Those that have ended, too.
        #[arg(long)]
        all: bool,
    },
    /// Record that you looked.
    Look {
        /// WATCH-NUMBER.
        watch: WatchId,
        /// Something new was found; needs --note.
        #[arg(long, requires = "note")]
        found: bool,
        /// What was seen.
        #[arg(long)]
        note: Option<String>,
        /// A copy of what was seen, to be archived.
        #[arg(long, value_name = "FILE")]
        copy: Option<PathBuf>,
        /// Who looked.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// End a watch, as when the supplier has a feed now.
    End {
        /// WATCH-NUMBER.
        watch: WatchId,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Who ends it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
}

/// `watch change`.
#[derive(Debug, Args)]
pub(crate) struct Change {
    /// WATCH-NUMBER.
    pub(crate) watch: WatchId,
    /// The supplier.
    #[arg(long)]
    pub(crate) supplier: Option<String>,
    /// The components it covers besides all of the supplier's, in place of those before. May be given several times.
    #[arg(long = "component", value_name = "NAME")]
    pub(crate) components: Vec<String>,
    /// What to look at.
    #[arg(long)]
    pub(crate) page: Option<String>,
    /// Who looks.
    #[arg(long, value_name = "USER")]
    pub(crate) person: Option<String>,
    /// Rhythm. Without --first-due the next look stays due when it was, or one new rhythm from today if that is sooner.
    #[arg(long, value_name = "RHYTHM")]
    pub(crate) every: Option<String>,
    /// First day of a new count.
    #[arg(long, value_name = "DAY")]
    pub(crate) first_due: Option<Date>,
    /// Why by hand.
    #[arg(long)]
    pub(crate) why: Option<String>,
    /// Who changes it.
    #[arg(long = "as", value_name = "USER")]
    pub(crate) user: String,
}
