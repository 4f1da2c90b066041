//! MISP core format and MISP feeds (misp-standard.org): the fields we use, borrowed, all tolerated.
//!
//! Shape: `{"Event": {…}}` is one [`Document`]. Numbers and instants are often text.

use serde::Deserialize;

use crate::lenient::{Lax, List, Text, objects};

/// A file of a feed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Document<'a> {
    /// The event.
    #[serde(rename = "Event")]
    pub event: Lax<Event<'a>>,
}

/// An event (core format, section 2.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Event<'a> {
    /// Identifier.
    pub uuid: Text<'a>,
    /// Title.
    pub info: Text<'a>,
    /// Day of the event, `2024-10-09`.
    pub date: Text<'a>,
    /// When it was last changed: seconds since 1970.
    pub timestamp: Text<'a>,
    /// When it was last published: seconds since 1970.
    pub publish_timestamp: Text<'a>,
    /// The organisation that made it.
    #[serde(rename = "Orgc")]
    pub creator: Lax<Organisation<'a>>,
    /// Tags: marks among them.
    #[serde(rename = "Tag")]
    pub tags: List<Tag<'a>>,
    /// Attributes.
    #[serde(rename = "Attribute")]
    pub attributes: List<Attribute<'a>>,
    /// Groups of attributes.
    #[serde(rename = "Object")]
    pub groups: List<Group<'a>>,
    /// Reports in Markdown.
    #[serde(rename = "EventReport")]
    pub reports: List<Report<'a>>,
}

/// An organisation.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Organisation<'a> {
    /// Name.
    pub name: Text<'a>,
}

/// A tag, `tlp:amber`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Tag<'a> {
    /// Name.
    pub name: Text<'a>,
}

/// An attribute (core format, section 2.4).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Attribute<'a> {
    /// Type: `vulnerability`, `cpe`, `link`, `text` and a hundred others.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// Value.
    pub value: Text<'a>,
    /// Remark.
    pub comment: Text<'a>,
    /// What it is in its group: `vendor`, `product`.
    pub object_relation: Text<'a>,
    /// Whether it was taken back.
    pub deleted: Lax<bool>,
    /// Tags of this attribute alone.
    #[serde(rename = "Tag")]
    pub tags: List<Tag<'a>>,
}

/// A group of attributes, which the format calls an object (section 2.5).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Group<'a> {
    /// Its template: `vulnerability`, `file`.
    pub name: Text<'a>,
    /// Attributes.
    #[serde(rename = "Attribute")]
    pub attributes: List<Attribute<'a>>,
}

/// A report that belongs to an event.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Report<'a> {
    /// Title.
    pub name: Text<'a>,
    /// Markdown.
    pub content: Text<'a>,
}

objects!(Event, Organisation, Tag, Attribute, Group, Report);
