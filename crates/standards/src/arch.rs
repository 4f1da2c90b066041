//! Arch Linux' security tracker (`security.archlinux.org/all.json`): one group, that is one fault or several in packages
//! that are built together.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{List, Text};

/// A group (AVG).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Group<'a> {
    /// `AVG-2781`.
    pub name: Text<'a>,
    /// Names of packages.
    pub packages: List<Cow<'a, str>>,
    /// `Fixed`, `Vulnerable`, `Testing`, `Not affected`, `Unknown`.
    pub status: Text<'a>,
    /// `Critical`, `High`, `Medium`, `Low`, `Unknown`.
    pub severity: Text<'a>,
    /// The kind of fault, as `arbitrary code execution`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// A version that has the fault: the one in the repositories when it became known.
    pub affected: Text<'a>,
    /// The version without it, if there is one.
    pub fixed: Text<'a>,
    /// Number of the bug.
    pub ticket: Text<'a>,
    /// CVEs.
    pub issues: List<Cow<'a, str>>,
    /// Published advisories (ASA).
    pub advisories: List<Cow<'a, str>>,
}
