//! Debian security tracker JSON (`/tracker/data/json`): what is known of one vulnerability in one source package.

use serde::Deserialize;

use crate::lenient::{Lax, Members, Text, objects};

/// The value under package and name.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Entry<'a> {
    /// One line, often cut off.
    pub description: Text<'a>,
    /// `remote` or `local`.
    pub scope: Text<'a>,
    /// State in each release, by code name.
    pub releases: Members<'a, Lax<Release<'a>>>,
}

/// State of the package in one release.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Release<'a> {
    /// `resolved`, `open` or `undetermined`.
    pub status: Text<'a>,
    /// First version without the fault; `0` means that it never had it.
    pub fixed_version: Text<'a>,
    /// `low`, `not yet assigned`, `unimportant`, `end-of-life` and others.
    pub urgency: Text<'a>,
    /// Why there is no security advisory.
    pub nodsa: Text<'a>,
    /// `ignored`, `postponed` or empty.
    pub nodsa_reason: Text<'a>,
}

objects!(Release);
