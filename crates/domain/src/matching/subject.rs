//! The component as matching sees it: its keys, its CPE names and its package URL, read once.

use standards::cpe::Cpe;
use standards::purl::Purl;
use standards::versions::composite;

use crate::index::package_key::{ComponentKey, KeyKind, keys_of_component};
use crate::model::sbom::Component;

/// A component with everything that matching asks of it.
pub(super) struct Subject {
    /// Where it is looked up.
    pub(super) keys: Vec<Key>,
    /// Its package URL, if it has a readable one.
    pub(super) purl: Option<Purl>,
}

/// One key, and the CPE name it comes from.
pub(super) struct Key {
    /// As the index states it.
    pub(super) stated: ComponentKey,
    /// The component's own CPE name, for a key of that kind.
    pub(super) cpe: Option<Cpe>,
    /// The version to compare, with the update of a CPE put into it (R16).
    pub(super) version: Option<String>,
}

impl Subject {
    pub(super) fn of(component: &Component) -> Self {
        let purl = component.purl.as_deref().and_then(|text| Purl::parse(text).ok());
        Self { keys: keys_of_component(component).into_iter().map(Key::of).collect(), purl }
    }

    /// What the component states for a purl qualifier (`arch`).
    pub(super) fn qualifier(&self, name: &str) -> Option<&str> {
        self.purl.as_ref().and_then(|purl| purl.qualifier(name))
    }
}

impl Key {
    fn of(stated: ComponentKey) -> Self {
        let cpe = (stated.family_hint == KeyKind::Cpe).then(|| Cpe::repair(&stated.identity).ok()).flatten();
        let own = cpe.as_ref().and_then(|(cpe, _)| {
            cpe.version.plain().map(|version| composite(version, cpe.update.plain().unwrap_or_default()))
        });
        let version = own.or_else(|| stated.version.clone());
        Self { stated: ComponentKey { ..stated }, cpe: cpe.map(|(cpe, _)| cpe), version }
    }
}
