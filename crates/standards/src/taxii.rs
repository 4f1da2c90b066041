//! TAXII 2.1 (OASIS, 10 June 2021): the resources a client reads, borrowed, all tolerated. The objects themselves are
//! [`crate::stix`].

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{Lax, List, Text, objects};

/// Media type of every resource (section 1.6.8.1).
pub const MEDIA_TYPE: &str = "application/taxii+json;version=2.1";

/// Header with the date on which the last object of a page was added to the collection (section 3.4).
pub const DATE_ADDED_LAST: &str = "x-taxii-date-added-last";

/// Header with the date on which the first object of a page was added to the collection (section 3.4).
pub const DATE_ADDED_FIRST: &str = "x-taxii-date-added-first";

/// The discovery resource (section 4.1.1), or an API root (section 4.2.1), which has no `api_roots`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Discovery<'a> {
    /// The API root that the server recommends.
    pub default: Text<'a>,
    /// All API roots.
    pub api_roots: List<Cow<'a, str>>,
}

/// The collections of an API root (section 5.1.1).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Collections<'a> {
    /// Each of them.
    pub collections: List<Collection<'a>>,
}

/// A collection (section 5.2.1).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Collection<'a> {
    /// Identifier.
    pub id: Text<'a>,
    /// Name that is easier to type.
    pub alias: Text<'a>,
    /// Title.
    pub title: Text<'a>,
    /// Whether this account may read it.
    pub can_read: Lax<bool>,
}

/// A page of a manifest (section 5.3.1) or of objects (section 3.7): what they have in common.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Page<'a> {
    /// Whether there is more.
    pub more: Lax<bool>,
    /// By what to ask for it.
    pub next: Text<'a>,
    /// Objects, or records of the manifest.
    pub objects: List<Listed<'a>>,
}

/// What a page says about one version of an object.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Listed<'a> {
    /// Identifier of the object.
    pub id: Text<'a>,
    /// Of a record of the manifest: when the version was added to the collection.
    pub date_added: Text<'a>,
    /// Of a record of the manifest: the version.
    pub version: Text<'a>,
    /// Of an object: its version.
    pub modified: Text<'a>,
    /// Of an object without `modified`: its version.
    pub created: Text<'a>,
}

objects!(Collection, Listed);

impl Listed<'_> {
    /// The version as it stands: `version`, `modified`, `created`, the first that there is.
    pub fn version(&self) -> &str {
        let stated = [&self.version, &self.modified, &self.created].into_iter().map(Text::as_str);
        stated.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }
}
