//! Which families were fresh enough in a run for their silence to mean something.

use std::collections::BTreeSet;

use domain::model::run::SourceStatus;
use domain::model::source::{Family, SourceState};
use sources::Kind;

use crate::config::Config;

/// What is fresh.
pub(crate) struct Freshness {
    /// Families all of whose sources are fresh, and that have one.
    families: BTreeSet<Family>,
    /// Ecosystems with a fresh source: `npm`, `Debian`, `Alpine:v3.18`.
    ecosystems: BTreeSet<String>,
}

impl Freshness {
    pub(crate) fn of(config: &Config, statuses: &[SourceStatus]) -> Self {
        let fresh = |state: SourceState| state == SourceState::Fresh;
        let mut families: BTreeSet<Family> = statuses.iter().map(|status| status.family).collect();
        for status in statuses.iter().filter(|status| !fresh(status.state)) {
            families.remove(&status.family);
        }
        let mut ecosystems = BTreeSet::new();
        for source in &config.sources {
            if !statuses.iter().any(|status| status.source == source.fetch.id && fresh(status.state)) {
                continue;
            }
            match &source.fetch.kind {
                Kind::Osv { ecosystem: Some(ecosystem) } => {
                    ecosystems.insert(ecosystem.clone());
                }
                Kind::Debian => {
                    ecosystems.insert("Debian".to_owned());
                }
                Kind::Alpine { releases } => {
                    ecosystems.extend(releases.iter().map(|release| format!("Alpine:{release}")));
                }
                _ => {}
            }
        }
        Self { families, ecosystems }
    }

    /// Whether a family's silence about a component of these ecosystems means that nothing applies.
    pub(crate) fn allows(&self, family: Family, ecosystems: &[String]) -> bool {
        match family {
            Family::Osv | Family::OsVendor => ecosystems.iter().any(|ecosystem| {
                self.ecosystems.contains(ecosystem)
                    || self.ecosystems.contains(ecosystem.split(':').next().unwrap_or(ecosystem))
            }),
            other => self.families.contains(&other),
        }
    }
}
