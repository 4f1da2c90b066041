//! Which families had data in a run whose silence means something.

use std::collections::BTreeSet;

use domain::model::run::SourceStatus;
use domain::model::source::{Family, SourceState};
use domain::monitor::coverage::Served;

use crate::config::Config;

/// What may be believed.
pub(crate) struct Freshness {
    /// Families all of whose sources may be, and that have one.
    families: BTreeSet<Family>,
    /// What the sources of packages that may be believed speak about.
    served: Vec<Served>,
}

impl Freshness {
    /// A source may be believed while it is ok, and while a failed attempt follows data that are still within their limits.
    pub(crate) fn of(config: &Config, statuses: &[SourceStatus]) -> Self {
        let believed = |status: &SourceStatus| status.state == SourceState::Ok || status.usable;
        let mut families: BTreeSet<Family> = statuses.iter().map(|status| status.family).collect();
        for status in statuses.iter().filter(|status| !believed(status)) {
            families.remove(&status.family);
        }
        let is_believed = |id| statuses.iter().any(|status| status.source == id && believed(status));
        let sources = config.sources.iter().filter(|source| is_believed(source.fetch.id.clone()));
        let served =
            sources.map(|source| Served::of(source.fetch.kind.name(), &source.part(), &source.fetch.url)).collect();
        Self { families, served }
    }

    /// Whether a family's silence about a component of these ecosystems means that nothing applies.
    pub(crate) fn allows(&self, family: Family, ecosystems: &[String]) -> bool {
        match family {
            Family::Osv | Family::OsVendor => {
                ecosystems.iter().any(|ecosystem| self.served.iter().any(|served| served.brings(ecosystem)))
            }
            other => self.families.contains(&other),
        }
    }
}
