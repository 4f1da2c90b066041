//! Alpine security database JSON (`secdb`), also published by Wolfi and Chainguard: one element of `packages`.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{Lax, List, Members, Text, objects};

/// One element of `packages`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Entry<'a> {
    /// The package.
    pub pkg: Lax<Package<'a>>,
}

/// A source package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Package<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// Fixed version → names of vulnerabilities; under `0` those that never applied.
    pub secfixes: Members<'a, List<Cow<'a, str>>>,
}

objects!(Package);
