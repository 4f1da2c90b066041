//! Alpine security database JSON (`secdb`), also published by Wolfi and Chainguard: `packages[].pkg.secfixes`.

use std::borrow::Cow;

use crate::lenient::{List, Members};

/// Fixed version → names of vulnerabilities; under `0` those that never applied.
pub type Fixes<'a> = Members<'a, List<Cow<'a, str>>>;
