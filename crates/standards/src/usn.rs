//! Ubuntu security notices: an element of `notices` of `ubuntu.com/security/notices.json`, and a value of the notices
//! database (`usn-db/database-all.json`).
//!
//! Both name releases by code name. The first lists packages in one list for each release, the second source and binary
//! packages apart.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{Lax, List, Members, Text, objects};

/// A notice in either form.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Notice<'a> {
    /// `USN-6342-1`, `LSN-0099-1`; without `USN-` in the database.
    pub id: Text<'a>,
    /// One line: what is wrong in which package.
    pub title: Text<'a>,
    /// The package, or a sentence.
    pub summary: Text<'a>,
    /// What is wrong.
    pub description: Text<'a>,
    /// Date and time without offset (UTC).
    pub published: Text<'a>,
    /// As `published`, where a notice has been changed.
    pub updated: Text<'a>,
    /// Seconds since 1970, of the database.
    pub timestamp: Lax<Seconds>,
    /// Whether the notice is kept out of lists.
    pub is_hidden: Lax<bool>,
    /// Identifiers of CVEs.
    pub cves_ids: List<Cow<'a, str>>,
    /// CVEs, as objects or as texts; the database has links to bugs among them.
    pub cves: List<Cve<'a>>,
    /// Links.
    pub references: List<Cow<'a, str>>,
    /// Notices about the same.
    pub related_notices: List<Cow<'a, str>>,
    /// Release by code name → packages that the update brings.
    pub release_packages: Members<'a, List<Package<'a>>>,
    /// Release by code name → packages, of the database. A list of releases in the other form.
    pub releases: Members<'a, Lax<Release<'a>>>,
}

/// A CVE of a notice.
#[derive(Debug)]
pub struct Cve<'a> {
    /// Its identifier, or the link that stands in its place.
    pub id: Text<'a>,
}

impl<'de: 'a, 'a> crate::lenient::Shape<'de> for Cve<'a> {
    fn from_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self { id: Lax::Value(text) })
    }

    fn from_object<A: serde::de::MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default, bound(deserialize = "'de: 'a"))]
        struct Object<'a> {
            id: Text<'a>,
        }
        let object = Object::deserialize(serde::de::value::MapAccessDeserializer::new(object))?;
        Ok(Some(Self { id: object.id }))
    }
}

/// Seconds since 1970, with or without a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(pub i64);

impl crate::lenient::Shape<'_> for Seconds {
    fn from_whole(number: u64) -> Option<Self> {
        i64::try_from(number).ok().map(Self)
    }

    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and parts of a second are of no use")]
    fn from_fraction(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self(number as i64))
    }
}

/// A package that an update brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Package<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// The version that has the fix; empty in early notices.
    pub version: Text<'a>,
    /// Whether it is the source package.
    pub is_source: Lax<bool>,
    /// Where it is published: `security`, `esm-infra`, `esm-apps`.
    pub pocket: Text<'a>,
    /// Address of the source package, of a binary package: `https://launchpad.net/ubuntu/+source/openssl`.
    pub source_link: Text<'a>,
    /// Address of the source package's version: `…/+source/openssl/1.1.1f-1ubuntu2.20`.
    pub version_link: Text<'a>,
}

/// Packages of one release, in the database.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Release<'a> {
    /// Source packages by name.
    pub sources: Members<'a, Lax<Built<'a>>>,
    /// Binary packages by name.
    pub binaries: Members<'a, Lax<Built<'a>>>,
    /// Binary packages by name, with all that people do not install by hand.
    pub allbinaries: Members<'a, Lax<Built<'a>>>,
}

/// A source or binary package of the database.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Built<'a> {
    /// The version that has the fix.
    pub version: Text<'a>,
    /// Name of the source package, of a binary one.
    pub source: Text<'a>,
    /// Where it is published: `security`, `esm-infra`.
    pub pocket: Text<'a>,
}

objects!(Package, Release, Built);
