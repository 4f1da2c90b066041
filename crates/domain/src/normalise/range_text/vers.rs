//! VERS texts: to the letter first, then tolerantly; what neither reads is left to the texts written for people.
//!
//! CISA writes `vers:all/` before every range and blanks or nothing between comparisons (`vers:all/>=V7.80<V9.40`), which
//! is no VERS at all.

use standards::vers::{Vers, types};
use standards::versions::Scheme;

use super::{Read, bound, branch, is_version, range};

/// Reads a VERS text; `None` if it is none, or holds what is no version.
pub(super) fn read(text: &str, scheme: Scheme) -> Option<Read> {
    let found = Vers::parse(text).ok().or_else(|| Vers::read(text))?;
    let is_plain = |version: &str| is_version(version) && branch(version).is_none();
    if !found.constraints().iter().all(|constraint| is_plain(&constraint.version)) {
        return None;
    }
    let scheme = order(found.kind(), scheme);
    let side = |side: Option<standards::vers::Bound>| side.map(|side| bound(side.version, side.inclusive));
    let intervals = found.intervals().into_iter();
    Some(Read::Rules(intervals.map(|one| range(scheme, side(one.lower), side(one.upper))).collect()))
}

/// Takes off `vers:TYPE/` (CSAF 2.1 also: `vls/`) and gives the order it names.
pub(super) fn without_prefix(text: &str, scheme: Scheme) -> (&str, Scheme) {
    if let Some(rest) = text.strip_prefix("vls/") {
        return (rest.trim(), scheme);
    }
    match text.strip_prefix("vers:").and_then(|rest| rest.split_once('/')) {
        Some((kind, rest)) => (rest.trim(), order(&kind.trim().to_ascii_lowercase(), scheme)),
        None => (text, scheme),
    }
}

/// The type's own order; of types without one, that of the product.
fn order(kind: &str, scheme: Scheme) -> Scheme {
    match types::scheme_of(kind) {
        Scheme::Generic => scheme,
        named => named,
    }
}
